"""Where a result or picture goes: files or standard output, page by page where it is long."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli.console import Progress, say
from supplynet.cli.failing import EXIT_CODE, Condition, Facts, judge
from supplynet.cli.words import FIGURES

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.cli.asked import Asked
    from supplynet.contract.headline import Headline
    from supplynet.draw.mpl import Picture
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document, Table


FORMATS = ("table", "md", "json", "csv", "html")
_ENDINGS = {
    ".txt": "table",
    ".md": "md",
    ".markdown": "md",
    ".json": "json",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
}
#: how a list of results begins in JSON
_LIST = {"schema_version": 1}
#: columns of a table that goes into a file
_FILE_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Output:
    """Where a result goes and what is said of it."""

    format: str  #: one of :data:`FORMATS`, or ``"xlsx"`` for a file
    path: Path | None  #: file; None for standard output
    conditions: tuple[Condition, ...] = ()  #: of ``--fail-on``
    is_quiet: bool = False  #: only errors go to standard error
    is_full: bool = True  #: whether all is printed, and not one page of it
    also: tuple[Output, ...] = ()  #: further files of the same answer, which is worked out once

    @property
    def everywhere(self) -> tuple[Output, ...]:
        """Where the answer goes: here, and into the further files."""
        return (self, *self.also)

    @property
    def wants_all(self) -> bool:
        """Whether more is wanted than the first page on a terminal, such as a file or a condition.

        What takes long and can be left out of that page is worked out only then.
        """
        is_page = self.format == "table" and self.path is None
        return self.is_full or bool(self.conditions) or not is_page

    def fitted(self, document: Document) -> tuple[Output, Document]:
        """Return what is printed of a document, and how: its first page, where no more is wanted.

        What that page needs is then worked out while progress is shown.
        """
        if self.wants_all:
            return self, document
        return replace(self, is_full=True), _first_page(document)

    def progress(self, label: str) -> Progress:
        """Return the progress of some work, for a ``with`` statement."""
        return Progress(label, is_quiet=self.is_quiet)

    def write(
        self, document: Document, table: Table | None = None, *, has_pictures: bool = False
    ) -> None:
        """Write a document to where it goes.

        CSV shows `table`, by default the document's first. A file that cannot be written is an
        OutputError and stays as it was.
        """
        self._tell_notes(document)
        for where in self.everywhere:
            where._write(document, table, has_pictures=has_pictures)

    def _write(self, document: Document, table: Table | None, *, has_pictures: bool) -> None:
        """Write a document to one place."""
        # A Markdown file cannot hold pictures: they are written beside it and named in it.
        if self.path is not None and self.format == "md" and has_pictures:
            from supplynet.reports.data_writers import write_markdown

            for written in write_markdown(self.path, document):
                self.tell_written(written, self._how() if written == self.path else "")
        elif self.path is not None and self.format == "xlsx":
            from supplynet.files import write_bytes
            from supplynet.reports.data_writers import to_xlsx

            write_bytes(self.path, to_xlsx(document, _sources()))
            self.tell_written(self.path)
        elif self.path is not None:
            from supplynet.files import write_text

            write_text(self.path, self._text(document, table))
            self.tell_written(self.path, self._how())
        elif self.format == "table":
            _require_stdout()
            try:
                show(document, is_full=self.is_full)
            except SystemExit as end:  # how rich ends a program whose reader went away
                raise BrokenPipeError from end
        else:
            # Bytes: a text stream of some systems would change the line ends.
            _require_stdout()
            click.echo(self._text(document, table).encode("utf-8"), nl=False)

    def _tell_notes(self, document: Document) -> None:
        """Say what a reader must know where the text that is shown does not hold it."""
        # twice in one terminal or log it would be read as two things
        is_read = any(
            where.path is None and where.format not in ("json", "csv") for where in self.everywhere
        )
        if not self.is_quiet and not is_read:
            for note in document.notes:
                say(f"Note: {note}")

    def _how(self) -> str:
        """What the name of the file does not state: that it holds another format."""
        text = self.path and _ENDINGS.get(self.path.suffix.lower())
        return "" if text in (None, self.format) else f"as {self.format}, by --format"

    def _text(self, document: Document, table: Table | None) -> str:
        if self.format == "csv":
            from supplynet.reports.data_writers import to_csv

            if not (shown := table or next(document.tables(), None)):
                raise click.UsageError("the answer has no table: write it as text or JSON")
            return to_csv(shown)
        if self.format == "table":
            return _as_table(document)
        from supplynet.reports.build import TEXTS, Report

        return TEXTS[self.format](Report(document))

    def tell_written(self, path: Path, how: str = "") -> None:
        """Say that a file or folder was written, and how where its name does not state."""
        if not self.is_quiet:
            say(f"Written: {os.fspath(path)}" + (f" ({how})" if how else ""))

    def judge(self, headline: Headline | None, facts: Sequence[Facts]) -> None:
        """End the command with exit code 7 if a condition of ``--fail-on`` is true.

        What is judged is the headline of the answer and the facts of its parts.
        """
        reasons = judge(self.conditions, headline, facts)
        if reasons and not self.is_quiet:
            say("\n".join(reasons))
        if reasons:
            raise click.exceptions.Exit(EXIT_CODE)


def joined(documents: Sequence[Document], title: str) -> Document:
    """Return several documents as one; the title is used only where there are several."""
    from supplynet.reports.build import report

    return as_list(report(*documents, title=title if len(documents) > 1 else None).document)


def as_list(document: Document) -> Document:
    """Return a document whose data are a list of results, one too, so that JSON has one shape."""
    from supplynet.contract.headline import headed

    def content() -> dict[str, Any]:
        results = document.data.get("results", [document.data])
        return headed({**_LIST, "title": document.title, "results": results}, "results", 0)

    return replace(document, content=content, head={"notes": document.notes})


@dataclass(frozen=True, slots=True)
class ByYear(Output):
    """An output that gathers what a command writes of each year, to be written as one."""

    year: int = 0  #: that is being answered
    #: documents, tables, facts: what was written and is to be judged
    documents: list[Document] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)

    def write(
        self, document: Document, table: Table | None = None, *, has_pictures: bool = False
    ) -> None:
        """Keep a document, and its table with the year in front."""
        from supplynet.present.document import Column

        record = document.data
        if record.get("result") in ("graph", "node"):
            document = replace(document, content={**record, "year": self.year})
        if str(self.year) not in document.title:
            document = replace(
                document, title=f"{document.title}, {self.year}", content=document.data
            )
        rows = table or next(document.tables())
        columns = [column for column in rows.columns if column.key != "year"]
        self.documents.append(document)
        self.tables.append(
            replace(
                rows,
                columns=(Column("year", "year"), *columns),
                rows=tuple({**row, "year": self.year} for row in rows.rows),
            )
        )

    def whole(self, years: Sequence[int]) -> tuple[Document, Table]:
        """Return all that was kept as one."""
        from supplynet.reports.build import report
        from supplynet.text import listing

        first = self.documents[0].title.replace(f", {years[0]}", "")
        title = f"{first}, {listing(map(str, years))}"
        shown = report(*_answers_first(self.documents), title=title).document
        every = (document.data for document in self.documents)
        results = list(chain(*(data.get("results", [data]) for data in every)))
        table = replace(self.tables[0], rows=tuple(chain(*(part.rows for part in self.tables))))
        return as_list(replace(shown, content={"results": results})), table

    def judge(self, headline: Headline | None, facts: Sequence[Facts]) -> None:
        """Keep what is to be judged, with its year."""
        record = (f"{fact.of}, {self.year}" if fact.of else str(self.year) for fact in facts)
        self.facts.extend(replace(fact, of=of) for fact, of in zip(facts, record, strict=True))


def each_year(output: Output, years: Sequence[int], answer: Callable[[int, Output], None]) -> None:
    """Answer a question year by year, and write all answers as one."""
    if output.format == "figure":
        raise click.UsageError("a figure shows one year: give --year one")
    by_year = ByYear(output.format, output.path, is_quiet=output.is_quiet)
    for year in years:
        answer(year, replace(by_year, year=year))
    output.write(*by_year.whole(years))
    output.judge(by_year.documents[0].headline, by_year.facts)


def _answers_first(documents: Sequence[Document]) -> list[Document]:
    """Return the answers of several documents, and then what each rests on."""
    if any(document.sections[0].title for document in documents):
        return list(documents)  # they begin with no answer, but with an element
    answers = [replace(document, sections=document.sections[:1]) for document in documents]
    return answers + [
        replace(document, sections=document.sections[1:])
        for document in documents
        if len(document.sections) > 1
    ]


def format_of(name: str | None, path: Path | None) -> str:
    """Return the format by name, or else by the ending of the file, which must tell one."""
    if name is not None:
        return name
    if path is None or os.fspath(path) == "-":
        return "table"
    ending = _ENDINGS.get(path.suffix.lower())
    if ending is None and path.suffix.lower() in FIGURES:
        raise click.UsageError(
            f"-o {os.fspath(path)!r}: this command writes no picture; supplynet draw --help lists "
            "those that there are"
        )
    if ending is None:
        raise click.UsageError(
            f"-o {os.fspath(path)!r}: the ending names no format; use one of "
            f"{', '.join(_ENDINGS)}, or give --format"
        )
    return ending


def _sources() -> list[dict[str, Any]]:
    """Return the table of sources of the graph that the running command is about."""
    context = click.get_current_context(silent=True)
    graph = None if context is None else context.params.get("graph")
    if not isinstance(graph, str):
        return []
    from supplynet.io.load import load

    return [row.model_dump() for row in load(graph).rows("sources")]


def _require_stdout() -> None:
    if sys.stdout is None:
        from supplynet.errors import OutputError

        raise OutputError("standard output is closed", hint="give a file with -o")


def _as_table(document: Document) -> str:
    from supplynet.reports.terminal import print_document

    stream = io.StringIO()
    print_document(document, file=stream, width=_FILE_WIDTH)
    # columns are filled up with blanks for a terminal; a file needs none
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


#: lines up to which nothing is paged, however low the terminal is
_MOST_LINES = 100


def show(document: Document, *, is_full: bool = True) -> None:
    """Print a document; on a terminal what is long goes through the reader's pager.

    Colors stay in the pager. ``PAGER`` names another, and ``PAGER=cat`` none.
    """
    from rich.console import Console

    from supplynet.reports.terminal import print_document

    console = Console(markup=False, emoji=False, highlight=False)
    if not is_full:
        document = _first_page(document)
    if not _is_terminal():
        print_document(document)
        return
    with console.capture() as shown:
        print_document(document, console)
    text = shown.get()
    if text.count("\n") > max(_MOST_LINES, console.height):
        os.environ.setdefault("LESS", "-FRX")  # colors as they are, and the text stays on screen
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)


def _first_page(document: Document) -> Document:
    """Return what of a document fits one page of the terminal."""
    from rich.console import Console

    from supplynet.reports.one_page import one_page

    return one_page(document, Console(markup=False, emoji=False, highlight=False).width)


def _is_terminal() -> bool:
    """Whether somebody reads at a terminal."""
    return sys.stdout.isatty()


@dataclass(frozen=True, slots=True)
class PictureFile:
    """Files to draw to."""

    paths: tuple[Path, ...]  #: their endings say the formats
    size: str
    theme: str
    is_quiet: bool
    #: width, height: lengths such as ``89mm``, in place of a named size
    width: str | None = None
    height: str | None = None
    is_bare: bool = False  #: whether title, subtitle and source line are left out
    font: str | None = None  #: family of the letters
    dpi: int = 150  #: pixels an inch of a PNG
    data: Path | None = None  #: where what is drawn goes as a table

    def looks(self) -> dict[str, Any]:
        """Return the keywords that every figure takes; a height without a width is refused."""
        from supplynet.draw.style import find_size, print_size
        from supplynet.errors import OptionError

        if self.width is None:
            if self.height is not None:
                raise OptionError("--height goes with --width", hint="such as --width 183mm")
            size = replace(find_size(self.size), is_bare=self.is_bare)
        else:
            size = print_size(self.width, self.height, base=self.size, is_bare=self.is_bare)
        return {"size": replace(size, font=self.font), "theme": self.theme}

    def write(self, figure: Picture, hint: str = "", *, of: object | None = None) -> None:
        """Write a figure and, where asked for, its data; say where, with `hint` in brackets.

        What a reader of the result `of` must know, such as a scenario without effect, is said too:
        a picture has no room for it.
        """
        from supplynet.draw import save

        if self.font is not None and hasattr(figure, "scene"):
            from supplynet.draw.mpl import figure_of

            figure = figure_of(figure.scene, self.theme, self.font)
        for path in self.paths:
            save(figure, path, dpi=self.dpi)
        if self.data is not None:
            from supplynet.draw.figure import COLUMNS, drawn_rows
            from supplynet.files import write_bytes
            from supplynet.present.document import Column, Table
            from supplynet.reports.data_writers import to_csv

            columns = tuple(
                Column(name, name, kind="tonnes" if name.startswith("tonnes") else "text")
                for name in COLUMNS
            )
            table = Table(columns, tuple(drawn_rows(figure)))
            write_bytes(self.data, to_csv(table).encode("utf-8"))
        if not self.is_quiet:
            for path in self.paths:
                say(f"Written: {os.fspath(path)}{f' ({hint})' if hint else ''}")
            if self.data is not None:
                say(f"Written: {os.fspath(self.data)}")
            if of is not None:
                from supplynet.present.document import notes_of

                for note in notes_of(of):
                    say(f"Note: {note}")


def named_after(sentences: Iterable[object]) -> Path:
    """Return the name of a picture that was given none: what was asked, word by word.

    Examples
    --------
    >>> str(named_after(["rare-earths", ("KOR",), None, ("Nd",), 2030, "layers"]))
    'rare-earths-kor-nd-2030-layers.svg'
    """
    texts = [
        ",".join(map(str, word)) if isinstance(word, tuple) else str(word)
        for word in sentences
        if word not in (None, (), "")
    ]
    slugs = (re.sub(r"[^a-z0-9]+", "-", Path(text).stem.lower()).strip("-") for text in texts)
    return Path("-".join(slug for slug in slugs if slug) + ".svg")


def could_arrive(
    net: SupplyNetwork, query: Asked, element: str, model: str
) -> SolvedPotential | FlowResult:
    """Return the potential of a nation by the balance, or the maximum flow of an element.

    An OptionError where the balance is asked for what is no nation, or asks for nothing.
    """
    if model == "flow":
        from supplynet.questions.flow import flow

        return flow(net, element=element, **query.words())
    from supplynet.analysis.potential.ask import potential_of
    from supplynet.analysis.question import ask

    return potential_of(ask(net, **query.words()), element=element)
