"""Results as documents: one function per kind of result.

``supplynet.report``: results of any kind as one document that can be printed or written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from supplynet.contract.answer import DeclaredResult, Result, laid_out
from supplynet.contract.headline import headed
from supplynet.errors import OptionError
from supplynet.present import answers
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Section,
    Table,
    of_result,
    plain_table,
    section,
    table_from,
)
from supplynet.present.words import capitalized, count
from supplynet.text import change, listing, quantity, share, tonnes

if TYPE_CHECKING:
    from rich.console import Console

    from supplynet.analysis.compare import CompareResult, Difference
    from supplynet.analysis.editions import HeadlineChange, Revision, VintageResult

#: what is looked up and not solved declares no table, by the name of its type
_LOOKED_UP = {
    "CheckReport": "supplynet.reports.results_network.of_check",
    "SupplyNetwork": "supplynet.reports.results_network.of_network",
}


def of_compare(result: CompareResult) -> Document:
    """Return the document of a comparison: every figure side by side."""
    is_numbers = all(
        value is None or isinstance(value, (int, float))
        for row in result.rows
        for value in row.values
    )
    # one key per answer: names come from the user and could be those of other columns
    heads = {
        f"what_{n}": Head(capitalized(name), of=partial(_word, n))
        for n, name in enumerate(result.columns)
    } | {
        f"value_{n}": Head(name, "tonnes" if is_numbers else "text", partial(_value, n))
        for n, name in enumerate(result.names)
    }
    blocks: list[Content] = [_compare_summary(result)]
    if result.rows:
        change_head = Head("Change", of=_change, align="right")
        blocks.append(table_from("compare", result.rows, **heads, change=change_head, unit="Unit"))
    title = f"Comparison of {listing(result.names)}"
    return of_result(title, (section("", "compare", *blocks),), result)


def _word(n: int, row: Difference) -> str:
    return {"with_all": "all open"}.get(row.what[n], row.what[n])


def _value(n: int, row: Difference) -> Any:
    return share(row.values[n]) if row.what[-1] == "coverage" else row.values[n]


def _change(row: Difference) -> str | None:
    if row.change is None:
        return None
    return _points(row.change) if row.what[-1] == "coverage" else change(row.change)


def _points(value: float) -> str:
    sign = "+" if value > 0 else ""
    return f"{sign}{share(value)}"


def _compare_summary(result: CompareResult) -> str:
    changed = [row for row in result.rows if row.change]
    if not changed:
        n_other = sum(row.change is None for row in result.rows)
        return f"{count(n_other, 'difference')}." if n_other else "No figure differs."
    top = max(changed, key=lambda row: abs(row.change or 0.0))
    first, last = result.names[0], result.names[-1]
    return (
        f"{count(len(changed), 'figure')} changed; most of all {', '.join(top.what)}: from "
        f"{tonnes(top.values[0])} ({first}) to {tonnes(top.values[-1])} {top.unit} ({last})."
    )


#: changed cells of graphs that are listed; the rest is counted
_LISTED = 60


def of_vintage(result: VintageResult) -> Document:
    """Return the document of a comparison of two editions."""
    first, last = result.names
    is_of_rows = result.kind != "tables" and result.cells
    sections = (
        section("", "answer", vintage_answer(result)),
        section(
            "What it does to the headlines",
            "headlines",
            _headline_table(result) if result.headlines else None,
        ),
        section(
            "Figures revised",
            "revisions",
            _revision_table(result) if result.kind == "tables" and result.changed else None,
        ),
        section("By table", "counts", _count_table(result) if is_of_rows else None),
        section("Rows", "rows", _cell_table(result) if is_of_rows else None),
        section("Before you quote them", "notes", tuple(dict.fromkeys(result.flags))),
    )
    return of_result(f"From {first} to {last}: what changed", sections, result)


def vintage_answer(result: VintageResult) -> str:
    """Return what changed in a sentence or two."""
    if result.kind == "graphs":
        counts = result.counts()
        if not counts:
            return "The rows of both graphs are the same."
        parts = [
            f"{name} ({', '.join(f'{index} {word}' for word, index in contents.items() if index)})"
            for name, contents in counts.items()
        ]
        return f"Rows differ in {count(len(counts), 'table')}: {listing(parts)}."
    if not result.changed:
        return "Every figure of the years that both hold is the same."
    n_same = sum(revision.state == "same" for revision in result.revisions)
    largest = "; ".join(map(_revision_phrase, result.changed[:3]))
    text = (
        f"{count(len(result.changed), 'figure')} differ, {n_same} are the same. The largest "
        f"revisions: {largest}."
    )
    for headline in result.headlines:
        if headline.name == "HHI" and headline.before != headline.after:
            bounds = [quantity(end, headline.unit) for end in (headline.before, headline.after)]
            text += (
                f" The concentration (HHI) of {headline.of} goes from {bounds[0]} to {bounds[1]}."
            )
    return text


def _revision_phrase(revision: Revision) -> str:
    before = "no figure" if revision.before is None else f"{revision.before:,.0f} t"
    after = "no figure" if revision.after is None else f"{revision.after:,.0f} t"
    return f"{revision.name} {revision.year} {revision.statistic} from {before} to {after}"


def _headline_table(result: VintageResult) -> Table:
    no_units, (before, after) = ("1", "0-10,000"), result.names

    def written(headline_change: HeadlineChange, value: float | None) -> str:
        return (
            quantity(value, headline_change.unit)
            if headline_change.unit in no_units
            else tonnes(value)
        )

    return table_from(
        "headlines",
        result.headlines,
        name="Figure",
        of="Of",
        before=Head(before, of=lambda entry: written(entry, entry.before), align="right"),
        after=Head(after, of=lambda member: written(member, member.after), align="right"),
        change=Head("Change", of=_headline_change, align="right"),
        unit=Head(
            "Unit", of=lambda candidate: "" if candidate.unit in no_units else candidate.unit
        ),
    )


def _headline_change(headline_change: HeadlineChange) -> str:
    if headline_change.before is None or headline_change.after is None:
        return "not known"
    difference = headline_change.after - headline_change.before
    if headline_change.unit == "1":
        return f"{difference * 100:+.1f} points"
    if not headline_change.before or abs(difference) > 10.0 * headline_change.before:
        return change(difference)
    return f"{change(difference)} ({difference / headline_change.before:+.1%})"


def _revision_table(result: VintageResult) -> Table:
    def figure(value: float | None) -> str:
        return "no figure" if value is None else f"{value:,.10g}"

    def part(revision: Revision) -> str | None:
        return None if revision.ratio is None else share(revision.ratio)

    before, after = result.names
    return table_from(
        "revisions",
        result.changed,
        "The largest change first",
        name="Country",
        year=Head("Year", "year"),
        statistic="Of",
        before=Head(f"{before}, t", of=lambda entry: figure(entry.before), align="right"),
        after=Head(f"{after}, t", of=lambda member: figure(member.after), align="right"),
        change=Head(
            "Change, t",
            of=lambda candidate: None if candidate.change is None else change(candidate.change),
            align="right",
        ),
        ratio=Head("After / before", of=part, align="right"),
    )


def _count_table(result: VintageResult) -> Table:
    return table_from(
        "counts",
        ({"table": name, **contents} for name, contents in result.counts().items()),
        table="Table",
        added=Head("Added", "int"),
        removed=Head("Removed", "int"),
        changed=Head("Changed", "int"),
    )


def _cell_table(result: VintageResult) -> Table:
    shown, (before, after) = result.cells[:_LISTED], result.names
    left = len(result.cells) - len(shown)
    return table_from(
        "rows",
        shown,
        f"The first {len(shown)}; {left:,} more are in the JSON and CSV output" if left else "",
        table="Table",
        row="Row",
        column=Head("Column", of=lambda entry: entry.column or f"(row {entry.state})"),
        before=Head(before, of=lambda member: _cell(member.before) if member.column else ""),
        after=Head(after, of=lambda candidate: _cell(candidate.after) if candidate.column else ""),
    )


def _cell(value: Any) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, float):
        return tonnes(value) if abs(value) < 1 else f"{value:,.10g}"
    return str(value)


def document_of(result: Any) -> Document:
    """Return the document of any result, by the function that its kind declares."""
    if isinstance(result, DeclaredResult) and not result.LAYOUT.document:
        return answers.document_of(result)
    is_declared = isinstance(result, Result)
    path = result.LAYOUT.document if is_declared else _LOOKED_UP.get(type(result).__name__)
    if path is None:
        from supplynet.reports.results_page import kinds

        raise OptionError(
            f"cannot report a {type(result).__name__}",
            hint=f"pass a network, its check, or a result of kind {', '.join(kinds())}",
        )
    document: Document = laid_out(path, result)
    return document


@dataclass(frozen=True)
class Report:
    """A finished report.

    Parameters
    ----------
    document : Document
    table : Table or None
        What CSV holds: of one result the first table that it declares, else that of the document.
    """

    document: Document
    table: Table | None = None

    @property
    def title(self) -> str:
        """The document's title."""
        return self.document.title

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        from supplynet.reports.data_writers import to_markdown

        return to_markdown(self.document)

    def to_json(self) -> str:
        """Return the numbers of the report, in full, as JSON."""
        from supplynet.reports.data_writers import to_json

        return to_json(self.document)

    def to_csv(self) -> str:
        """Return a table as CSV, every row with every cell."""
        from supplynet.reports.data_writers import to_csv

        return to_csv(self.table or next(self.document.tables()))

    def to_html(self) -> str:
        """Return the report as one HTML page that needs no network."""
        from supplynet.reports.html import to_html

        return to_html(self.document)

    def to_xlsx(self) -> bytes:
        """Return the report as a workbook with a sheet a table (the extra ``excel``)."""
        from supplynet.reports.data_writers import to_xlsx

        return to_xlsx(self.document)

    def print(
        self,
        console: Console | None = None,
        *,
        file: IO[str] | None = None,
        width: int | None = None,
    ) -> None:
        """Write the report to the terminal, or to a text stream."""
        from supplynet.reports.terminal import print_document

        print_document(self.document, console, file, width)

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the report to a file, ``.html``, ``.md``, ``.json``, ``.csv`` or ``.xlsx``.

        The file is whole or not changed at all. Pictures of Markdown are files beside it.

        Raises
        ------
        OptionError
            If the suffix names no kind of report.
        OutputError
            If the file cannot be written.
        """
        from supplynet.files import write_bytes, write_text

        target = Path(path)
        content_of = writer(target)
        if content_of is Report.to_markdown:
            from supplynet.reports.data_writers import write_markdown

            write_markdown(target, self.document)
            return target
        content = content_of(self)
        if isinstance(content, str):
            write_text(target, content)
        else:
            write_bytes(target, content)
        return target

    def _repr_html_(self) -> str:
        """Return the report for a notebook, in a frame of its own."""
        from supplynet.reports.html import to_frame

        return to_frame(self.document)


#: what turns a report into text, by the name of the format
TEXTS: dict[str, Callable[[Report], str]] = {
    "md": Report.to_markdown,
    "json": Report.to_json,
    "html": Report.to_html,
}
_WRITERS: dict[str, Callable[[Report], str | bytes]] = {
    **TEXTS,
    "csv": Report.to_csv,
    "xlsx": Report.to_xlsx,
}


def writer(path: Path) -> Callable[[Report], str | bytes]:
    """Return what turns a report into what a file holds, by the suffix of its name.

    Raises
    ------
    OptionError
        If the suffix names no kind of report.
    """
    suffix = path.suffix.lower()
    name = "html" if suffix == ".htm" else suffix.removeprefix(".")
    if name in _WRITERS:
        return _WRITERS[name]
    text = " or ".join(f".{name}" for name in _WRITERS)
    raise OptionError(
        f"{path}: a report is written as {text}, not as {suffix or 'a file without a suffix'}",
        hint=f"end the name in {text}",
    )


def declared_table(result: Result, name: str | None = None) -> Table:
    """Return a table of a result for machines, by default the first, as it declares it."""
    declared = result.LAYOUT.table(name)
    return plain_table([column.name for column in declared.columns], declared.records(result))


def report(*results: Any, title: str | None = None) -> Report:
    """Put results of any kind into one document.

    Parameters
    ----------
    *results : results of analyses, networks, check reports or documents
        In the order in which they are to be read.
    title : str, optional
        Default: that of the only result, or what the results have in common.

    Returns
    -------
    Report

    Raises
    ------
    OptionError
        If there is no result, or one of a kind that cannot be reported.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> text = sn.report.of(sn.flow(net, to="nation", element="Nd")).to_markdown()
    >>> text.startswith("# ")
    True
    """
    if not results:
        raise OptionError("a report needs at least one result")
    documents = [
        result if isinstance(result, Document) else document_of(result) for result in results
    ]
    if len(documents) == 1:
        only, result = documents[0], results[0]
        has_rows = isinstance(result, Result) and bool(result.LAYOUT.tables)
        table = declared_table(result) if has_rows else None
        return Report(replace(only, title=title or only.title), table)
    sections: list[Section] = []
    for document in documents:
        sections.append(section(document.title, ""))
        sections += document.sections
    heading = title or "Report"

    def content() -> dict[str, Any]:
        results = [document.data for document in documents]
        return headed({"title": heading, "results": results}, "results", 0)

    notes = dict.fromkeys(note for document in documents for note in document.notes)
    return Report(
        Document(
            heading,
            tuple(sections),
            content,
            head={"notes": tuple(notes)},
            headline=documents[0].headline,
        )
    )
