"""A document on the terminal: plain columns, wrapped to the width that is there."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

from supplynet.present.document import Block, Bullets, Column, Document, Paragraph, Table, cell
from supplynet.reports.first_words import sections_as_read
from supplynet.text import one_line

if TYPE_CHECKING:
    from rich.console import Console

# blanks between two columns
_GAP = 2
_MIN_WIDTH = 20
# lines of a cell from which on its text stands below its row, and what stands before it there
_MOST_LINES, _LEAD = 4, "    "
#: style of the heads of a table
_HEAD = "bold underline"
#: colors that mean something, by what a cell says: nothing is there, or it is not sure
_MEANINGS = {
    "0%": "red",
    "none": "red",
    "nothing": "red",
    "estimated": "yellow",
    "possible": "yellow",
    "not decided": "yellow",
}


def print_document(
    document: Document,
    console: Console | None = None,
    file: IO[str] | None = None,
    width: int | None = None,
) -> None:
    """Write a document to a terminal or a text stream, by default standard output."""
    printer = _Printer(console or _console(file, width))
    printer.heading(document.title, "bold underline")
    for section in sections_as_read(document):
        if section.title:
            printer.gap()
            printer.heading(section.title, "bold")
        for block in section.blocks:
            printer.block(block)
    printer.finish()


def _console(file: IO[str] | None, width: int | None) -> Console:
    from rich.console import Console

    stream = file if file is not None else sys.stdout
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


class _Printer:
    """Puts blocks on lines, with a blank line between them, and prints all lines at once.

    Lines are plain text with one style each. Only what is wider than its place goes through
    rich's wrapping; the console counts the width of letters and knows the colors.
    """

    def __init__(self, console: Console) -> None:
        from rich.cells import cell_len
        from rich.text import Text

        self.console = console
        self.width = max(_MIN_WIDTH, console.width)
        self.encoding = console.encoding or "utf-8"
        self._lines = Text(end="")
        self._text = Text
        self._cell_len = cell_len
        self._is_first = True
        self._line: list[tuple[str, str]] = []

    def finish(self) -> None:
        """Print what was put on lines."""
        self.console.print(self._lines, end="", soft_wrap=True)

    def clean(self, raw: str) -> str:
        """Return text without controls, in letters that the stream can write."""
        text = one_line(raw)
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            text = text.encode(self.encoding, "backslashreplace").decode(self.encoding)
        return text

    def cells(self, text: str) -> int:
        """Columns of the terminal that a text takes."""
        return len(text) if text.isascii() else self._cell_len(text)

    def wrapped(self, text: str, width: int) -> list[str]:
        """Text as lines of at most some columns."""
        if self.cells(text) <= width:
            return [text]
        lines = self._text(text).wrap(self.console, width)
        return [line.plain.rstrip() for line in lines]

    def show(self, line: str, style: str = "") -> None:
        self._lines.append(line, style or None).append("\n")

    def put(self, text: str, style: str) -> None:
        """Add a part of a line."""
        self._line.append((text, style))

    def end_line(self) -> None:
        """Show the parts that were put, without blanks at the end."""
        while self._line and not self._line[-1][0].strip():
            self._line.pop()
        for index, (text, style) in enumerate(self._line):
            is_last = index == len(self._line) - 1
            self._lines.append(text.rstrip() if is_last else text, style or None)
        self._lines.append("\n")
        self._line = []

    def gap(self) -> None:
        if not self._is_first:
            self.show("")
        self._is_first = False

    def heading(self, title: str, style: str) -> None:
        self._is_first = False
        for line in self.wrapped(self.clean(title), self.width):
            self.show(line, style)

    def block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self.gap()
            self.hanging("", block.text)
        elif isinstance(block, Bullets):
            self.gap()
            self.bullets(block)
        elif isinstance(block, Table):
            self.gap()
            self.table(block)

    def bullets(self, block: Bullets) -> None:
        for lead, name in zip(block.leads, block.items, strict=True):
            self.hanging(lead or "- ", name)

    def hanging(self, lead: str, name: str, style: str = "") -> None:
        """Lines that keep clear of the lead."""
        lines = self.wrapped(self.clean(name), max(1, self.width - len(lead)))
        for index, line in enumerate(lines):
            self.show((lead if index == 0 else " " * len(lead)) + line, style)

    # -- tables --------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        if table.caption:
            self.hanging("", table.caption, "italic")
        cells = [
            [self.clean(cell(column, row.get(column.key))) for column in table.columns]
            for row in table.rows
        ]
        if not cells:
            self.show("(none)")
        else:
            widths = self._widths(table.columns, cells)
            lifted = (
                self._liftable(table.columns, cells)
                if widths is None
                else self._tallest(table.columns, cells, widths)
            )
            if lifted is not None:
                self._two_lines(table.columns, cells, lifted)
            elif widths is not None:
                self._grid(table.columns, cells, widths)
            else:
                self._records(table.columns, cells)

    def _tallest(
        self, columns: tuple[Column, ...], cells: list[list[str]], widths: list[int]
    ) -> int | None:
        """The column of text, such as a route, that makes rows too tall to be read across."""
        heights = {
            index: max(len(self.wrapped(line[index], widths[index])) for line in cells)
            for index, column in enumerate(columns)
            if not column.is_right and index > 0
        }
        tallest = max(heights, key=heights.__getitem__, default=None)
        return None if tallest is None or heights[tallest] <= _MOST_LINES else tallest

    def _liftable(self, columns: tuple[Column, ...], cells: list[list[str]]) -> int | None:
        """The longest column of text without which the rest fits; None if there is none."""
        longest = {
            index: max(self.cells(line[index]) for line in cells)
            for index, column in enumerate(columns)
            if not column.is_right and index > 0
        }
        for index in sorted(longest, key=longest.__getitem__, reverse=True):
            selection = tuple(column for count, column in enumerate(columns) if count != index)
            others = [[*line[:index], *line[index + 1 :]] for line in cells]
            if self._widths(selection, others) is not None:
                return index
        return None

    def _two_lines(self, columns: tuple[Column, ...], cells: list[list[str]], lifted: int) -> None:
        """Rows whose longest text stands on lines of its own, below all the rest."""
        selection = tuple(column for index, column in enumerate(columns) if index != lifted)
        others = [[*line[:lifted], *line[lifted + 1 :]] for line in cells]
        widths = self._widths(selection, others)
        if widths is None:  # as before the text was lifted
            self._records(columns, cells)
            return
        self._grid(selection, others[:0], widths)
        self.hanging(_LEAD, self._head(columns[lifted]), _HEAD)
        for line, other in zip(cells, others, strict=True):
            self._rows(selection, [other], widths)
            self.hanging(_LEAD, line[lifted])

    def _widths(self, columns: tuple[Column, ...], cells: list[list[str]]) -> list[int] | None:
        """Width of each column; None if the terminal is too narrow to keep every word whole.

        Columns of text give way first to the widest of them, heads wrap before cells do, and
        figures of several words only where a table would else be none: it keeps its layout.
        """
        return self._fitted(columns, cells) or self._fitted(columns, cells, has_split_figures=True)

    def _fitted(
        self,
        columns: tuple[Column, ...],
        cells: list[list[str]],
        *,
        has_split_figures: bool = False,
    ) -> list[int] | None:
        wanted, needed, heads = [], [], []
        for index, column in enumerate(columns):
            texts = {line[index] for line in cells}
            total = max(map(self.cells, texts))
            head = self._longest(self._head(column))
            wanted.append(max(total, head, 1))
            is_whole = column.is_right and not has_split_figures
            word = total if is_whole else max(map(self._longest, texts))
            needed.append(max(word, head, 1))
            heads.append(self.cells(self._head(column)))
        room = self.width - _GAP * (len(columns) - 1)
        if sum(needed) > room:
            return None
        widths = list(wanted)
        while sum(widths) > room:
            widest = max(
                (index for index, width in enumerate(widths) if width > needed[index]),
                key=widths.__getitem__,
            )
            widths[widest] -= 1
        while sum(widths) < room:  # what is left keeps heads on fewer lines
            index = max(range(len(heads)), key=lambda number_: heads[number_] / widths[number_])
            if heads[index] <= widths[index]:
                break
            widths[index] += 1
        return widths

    def _longest(self, text: str) -> int:
        """Length of the longest word, in columns of the terminal."""
        return max(map(self.cells, text.split(" ")))

    def _head(self, column: Column) -> str:
        return self.clean(column.title + (f" ({column.unit})" if column.unit else ""))

    def _grid(self, columns: tuple[Column, ...], cells: list[list[str]], widths: list[int]) -> None:
        head = [self._head(column) for column in columns]
        self._rows(columns, [head], widths, is_head=True)
        self._rows(columns, cells, widths)

    def _rows(
        self,
        columns: tuple[Column, ...],
        cells: list[list[str]],
        widths: list[int],
        *,
        is_head: bool = False,
    ) -> None:
        for line in cells:
            wrapped = list(map(self.wrapped, line, widths))
            height = max(len(lines) for lines in wrapped)
            for position in range(height):
                for index, (column, lines, width) in enumerate(
                    zip(columns, wrapped, widths, strict=True)
                ):
                    # heads stand on the line above the cells
                    at = position - (height - len(lines)) if is_head else position
                    piece = lines[at] if 0 <= at < len(lines) else ""
                    blanks = " " * (width - self.cells(piece))
                    text = blanks + piece if column.is_right else piece + blanks
                    # the head has a rule under it where styles are shown: on a terminal
                    style = _HEAD if is_head else _MEANINGS.get(piece.strip(), "")
                    self.put(" " * _GAP * (index > 0) + text, style)
                self.end_line()

    def _records(self, columns: tuple[Column, ...], cells: list[list[str]]) -> None:
        """One line a cell, for terminals that are too narrow for columns."""
        for index, line in enumerate(cells):
            if index:
                self.show("")
            for column, text in zip(columns, line, strict=True):
                if text:
                    self.hanging("  " if column is not columns[0] else "", _record(column, text))


def _record(column: Column, text: str) -> str:
    unit = f" {column.unit}" if column.unit else ""
    return f"{column.title}: {text}{unit}"
