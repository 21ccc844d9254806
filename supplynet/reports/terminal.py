"""A document on the terminal: plain columns, wrapped to the width that is there."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, NamedTuple

from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Table,
    cell,
)
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
        rows = list(table.rows)
        columns = [
            _Shown(
                column,
                self.clean(column.title + (f" ({column.unit})" if column.unit else "")),
                [self.clean(cell(column, row.get(column.key))) for row in rows],
            )
            for column in table.columns
        ]
        if not rows:
            self.show("(none)")
            return
        widths = self._widths(columns)
        lifted = self._liftable(columns) if widths is None else self._tallest(columns, widths)
        across = [column for column in columns if column is not lifted]
        if lifted is not None:
            widths = self._widths(across)
        if widths is None:
            self._records(columns)
            return
        self._row(across, widths, [column.head for column in across], is_head=True)
        if lifted is not None:
            self.hanging(_LEAD, lifted.head, _HEAD)
        for index in range(len(rows)):
            self._row(across, widths, [column.texts[index] for column in across])
            if lifted is not None:
                self.hanging(_LEAD, lifted.texts[index])

    def _tallest(self, columns: list[_Shown], widths: list[int]) -> _Shown | None:
        """The column of text, such as a route, that makes rows too tall to be read across."""
        heights = {
            index: max(len(self.wrapped(text, widths[index])) for text in columns[index].texts)
            for index in _of_text(columns)
        }
        tallest = max(heights, key=heights.__getitem__, default=0)
        return columns[tallest] if heights.get(tallest, 0) > _MOST_LINES else None

    def _liftable(self, columns: list[_Shown]) -> _Shown | None:
        """The longest column of text without which the rest fits; None if there is none.

        Its text stands on lines of its own then, below all the rest.
        """
        for index in sorted(
            _of_text(columns),
            key=lambda index: max(map(self.cells, columns[index].texts)),
            reverse=True,
        ):
            if self._widths([*columns[:index], *columns[index + 1 :]]) is not None:
                return columns[index]
        return None

    def _widths(self, columns: list[_Shown]) -> list[int] | None:
        """Width of each column; None if the terminal is too narrow to keep every word whole.

        Columns of text give way first to the widest of them, heads wrap before cells do, and
        figures of several words only where a table would else be none: it keeps its layout.
        """
        return self._fitted(columns) or self._fitted(columns, has_split_figures=True)

    def _fitted(
        self, columns: list[_Shown], *, has_split_figures: bool = False
    ) -> list[int] | None:
        widths, needed, heads = [], [], []
        for shown in columns:
            texts = {*shown.texts}
            total, head = max(map(self.cells, texts)), self._longest(shown.head)
            widths.append(max(total, head, 1))
            is_whole = shown.column.is_right and not has_split_figures
            word = total if is_whole else max(map(self._longest, texts))
            needed.append(max(word, head, 1))
            heads.append(self.cells(shown.head))
        room = self.width - _GAP * (len(columns) - 1)
        if sum(needed) > room:
            return None
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

    def _row(
        self, columns: list[_Shown], widths: list[int], texts: list[str], *, is_head: bool = False
    ) -> None:
        wrapped = list(map(self.wrapped, texts, widths))
        height = max(map(len, wrapped))
        for position in range(height):
            parts: list[tuple[str, str]] = []
            for shown, lines, width in zip(columns, wrapped, widths, strict=True):
                # heads stand on the line above the cells
                at = position - (height - len(lines)) if is_head else position
                piece = lines[at] if 0 <= at < len(lines) else ""
                blanks = " " * (width - self.cells(piece))
                text = blanks + piece if shown.column.is_right else piece + blanks
                # the head has a rule under it where styles are shown: on a terminal
                style = _HEAD if is_head else _MEANINGS.get(piece.strip(), "")
                parts.append((" " * _GAP * bool(parts) + text, style))
            while parts and not parts[-1][0].strip():
                parts.pop()
            for text, style in parts[:-1]:
                self._lines.append(text, style or None)
            text, style = parts[-1] if parts else ("", "")
            self.show(text.rstrip(), style)

    def _records(self, columns: list[_Shown]) -> None:
        """One line a cell, for terminals that are too narrow for columns."""
        for index in range(len(columns[0].texts)):
            if index:
                self.show("")
            for column, _, texts in columns:
                if texts[index]:
                    unit = f" {column.unit}" if column.unit else ""
                    lead = "  " if column is not columns[0].column else ""
                    self.hanging(lead, f"{column.title}: {texts[index]}{unit}")


class _Shown(NamedTuple):
    """A column with its head and cells as they are printed."""

    column: Column
    head: str
    texts: list[str]


def _of_text(columns: list[_Shown]) -> list[int]:
    """Return the places of columns of text, but for the first."""
    return [at for at, shown in enumerate(columns) if at and not shown.column.is_right]
