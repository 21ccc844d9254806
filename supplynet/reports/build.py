"""``supplynet.report``: results of any kind as one document that can be printed or written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from supplynet.contract.answer import Result
from supplynet.contract.headline import headed
from supplynet.errors import OptionError
from supplynet.present.document import Document, Section, Table, plain_table, section

if TYPE_CHECKING:
    from rich.console import Console


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
    from supplynet.reports.results import document_of

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
