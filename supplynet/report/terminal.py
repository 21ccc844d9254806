"""A document on the terminal: plain columns, wrapped to the width that is there."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any

from supplynet.report.cells import cell
from supplynet.report.document import Block, Bullets, Column, Document, Paragraph, Table
from supplynet.report.text import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# blanks between two columns
_GAP = 2
_MIN_WIDTH = 20


def print_document(
    document: Document,
    console: Console | None = None,
    file: IO[str] | None = None,
    width: int | None = None,
) -> None:
    """Write a document to a terminal or a text stream.

    Parameters
    ----------
    document : Document
    console : rich.console.Console, optional
        Where to write; default: a new one on ``file``.
    file : text stream, optional
        Default: standard output. Colors are used on a terminal only.
    width : int, optional
        Columns; default: what the terminal has.
    """
    printer = _Printer(console or _console(file, width))
    printer.heading(document.title, "bold underline")
    for section in document.sections:
        if section.title:
            printer.gap()
            printer.heading(section.title, "bold")
        for block in section.blocks:
            printer.block(block)


def _console(file: IO[str] | None, width: int | None) -> Console:
    from rich.console import Console

    stream = file if file is not None else sys.stdout
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


class _Printer:
    """Writes blocks with a blank line between them."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(_MIN_WIDTH, console.width)
        self._is_first = True

    def text(self, raw: str, style: str = "") -> Text:
        """Text without markup, controls made visible, in letters that the stream can write."""
        from rich.text import Text

        clean = one_line(raw)
        encoding = self.console.encoding or "utf-8"
        try:
            clean.encode(encoding)
        except UnicodeEncodeError:
            clean = clean.encode(encoding, "backslashreplace").decode(encoding)
        return Text(clean, style=style)

    def show(self, what: Any) -> None:
        self.console.print(what, markup=False, highlight=False, emoji=False, soft_wrap=False)

    def gap(self) -> None:
        if not self._is_first:
            self.console.print()
        self._is_first = False

    def heading(self, title: str, style: str) -> None:
        self._is_first = False
        self.show(self.text(title, style))

    def block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self.gap()
            self.hanging("", block.text)
        elif isinstance(block, Bullets):
            self.gap()
            self.bullets(block.items)
        elif isinstance(block, Table):
            self.gap()
            self.table(block)

    def bullets(self, items: tuple[str, ...]) -> None:
        for item in items:
            self.hanging("- ", item)

    def hanging(self, lead: str, item: str, style: str = "") -> None:
        """Lines that keep clear of the lead."""
        lines = self.text(item, style).wrap(self.console, max(1, self.width - len(lead)))
        for place, line in enumerate(lines):
            line.rstrip()
            self.show(self.text("").append(lead if place == 0 else " " * len(lead)).append(line))

    # -- tables --------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        if table.caption:
            self.hanging("", table.caption, "italic")
        cells = [
            [self.text(cell(column, row.get(column.key))) for column in table.columns]
            for row in table.rows
        ]
        if not cells:
            self.show(self.text("(none)"))
        else:
            widths = self._widths(table.columns, cells)
            if widths is None:
                self._records(table.columns, cells)
            else:
                self._grid(table.columns, cells, widths)

    def _widths(self, columns: tuple[Column, ...], cells: list[list[Text]]) -> list[int] | None:
        """Width of each column; None if the terminal is too narrow to keep every word whole.

        Columns of text give way first to the widest of them, heads wrap before cells do.
        """
        wanted, needed, heads = [], [], []
        for place, column in enumerate(columns):
            texts = [line[place] for line in cells]
            whole = max(text.cell_len for text in texts)
            word = max(_longest(text) for text in texts)
            head = _longest(self._head(column))
            wanted.append(max(whole, head, 1))
            needed.append(max(whole if column.is_right else word, head, 1))
            heads.append(self._head(column).cell_len)
        room = self.width - _GAP * (len(columns) - 1)
        if sum(needed) > room:
            return None
        widths = list(wanted)
        while sum(widths) > room:
            widest = max(
                (place for place, width in enumerate(widths) if width > needed[place]),
                key=widths.__getitem__,
            )
            widths[widest] -= 1
        while sum(widths) < room:  # what is left keeps heads on fewer lines
            place = max(range(len(heads)), key=lambda one: heads[one] / widths[one])
            if heads[place] <= widths[place]:
                break
            widths[place] += 1
        return widths

    def _head(self, column: Column) -> Text:
        unit = f" ({column.unit})" if column.unit else ""
        return self.text(column.title + unit, "bold")

    def _grid(
        self, columns: tuple[Column, ...], cells: list[list[Text]], widths: list[int]
    ) -> None:
        for line in ([self._head(column) for column in columns], *cells):
            wrapped = [
                text.wrap(self.console, width) for text, width in zip(line, widths, strict=True)
            ]
            height = max(len(lines) for lines in wrapped)
            is_head = line[0].style == "bold"
            for place in range(height):
                row = self.text("")
                for column, lines, width in zip(columns, wrapped, widths, strict=True):
                    # heads stand on the line above the cells
                    at = place - (height - len(lines)) if is_head else place
                    part = lines[at] if 0 <= at < len(lines) else self.text("")
                    part.rstrip()
                    blanks = " " * max(0, width - part.cell_len)
                    if column is not columns[0]:
                        row.append(" " * _GAP)
                    row = (
                        row.append(blanks).append(part)
                        if column.is_right
                        else row.append(part).append(blanks)
                    )
                row.rstrip()
                self.show(row)

    def _records(self, columns: tuple[Column, ...], cells: list[list[Text]]) -> None:
        """One line a cell, for terminals that are too narrow for columns."""
        for place, line in enumerate(cells):
            if place:
                self.console.print()
            for column, text in zip(columns, line, strict=True):
                if text.plain:
                    self.hanging("  " if column is not columns[0] else "", _record(column, text))


def _record(column: Column, text: Text) -> str:
    unit = f" {column.unit}" if column.unit else ""
    return f"{column.title}: {text.plain}{unit}"


def _longest(text: Text) -> int:
    """Length of the longest word, in columns of the terminal."""
    return max((word.cell_len for word in text.split(" ")), default=0)
