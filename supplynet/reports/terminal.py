"""A document on the terminal: plain columns within the width there is, and its first page."""

from __future__ import annotations

import io
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, NamedTuple

from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    cell,
)
from supplynet.present.words import capitalized, count
from supplynet.reports.first_words import LAST, sections_as_read
from supplynet.text import listing, one_line

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


#: lines of a page
LINES = 60
#: rows of a table where not all of a document fits, and fewer than which are not worth a head
_MOST_ROWS, _FEWEST_ROWS = 16, 3
#: parts that are named when they are left out
_MOST_NAMED = 4
#: a block with its section; a section that is but the head of others has none
_Part = tuple[Section, Block | None]


def one_page(document: Document, width: int) -> Document:
    """Return what of a document fits one page, with a last sentence that states what does not.

    Parts keep their order: sentences whole, tables by their first rows. The sentences that answer
    are never left out, of several documents in one those of each. The width is in columns; a
    document that fits is returned itself.
    """
    if _is_within(document, width):
        return document
    lines_of = _Lines(width)
    parts = [
        (section, block)
        for section in sections_as_read(document)
        for block in section.blocks or (None,)
    ]
    owed = _answers(parts)
    title = _height(Document(document.title, ()), width)
    values: dict[int, Block | None] = {}
    is_over = False
    for index, (_, block) in enumerate(parts):
        if block is None or (is_over and index not in owed):
            continue
        for shown in _tried(block):
            page: dict[int, Block | None] = {**values, index: shown}
            due = page | {answer: parts[answer][1] for answer in owed if answer > index}
            lines = title + sum(_heights(due, parts, lines_of))
            lines += lines_of(Paragraph(_left_out(page, parts)))
            if index in owed or lines <= LINES:
                values = page
                break
        else:
            is_over = True
            if isinstance(block, Table):
                values = _without_lead(values, parts, index, owed)
    return _page(document.title, values, parts)


def _is_within(document: Document, width: int) -> bool:
    """Whether a document fits."""
    if sum(len(table.rows) for table in document.tables()) > LINES:
        return False
    read = Document(document.title, sections_as_read(document))
    return _height(read, width) <= LINES


def _answers(parts: Sequence[_Part]) -> frozenset[int]:
    """Return the places of the sentences that answer.

    Those that a document begins with, and those of its answer that follow the first table.
    """
    places = []
    answer: Section | None = None
    is_over = False
    for index, (section, block) in enumerate(parts):
        if block is None:  # the head of a document in the document
            answer, is_over = None, False
            continue
        answer = answer or section
        is_over = is_over or section is not answer or isinstance(block, Table)
        if isinstance(block, Paragraph) and (block.is_answer or not is_over):
            places.append(index)
    return frozenset(places)


def _tried(block: Block) -> Iterator[Block]:
    """Yield a block, and a table of many rows by fewer and fewer of them."""
    if not isinstance(block, Table):
        yield block
        return
    n_most = min(len(block.rows), _MOST_ROWS)
    for index in range(n_most, min(n_most, _FEWEST_ROWS) - 1, -1):
        yield _first_rows(block, index)


def _first_rows(table: Table, index: int) -> Table:
    """Return a table with its first rows, and a caption that states how many there are."""
    if index == len(table.rows):
        return table
    text = f"the first {index} of {len(table.rows)} rows"
    caption = f"{table.caption} ({text})" if table.caption else capitalized(text)
    return replace(table, rows=table.rows[:index], caption=caption)


def _without_lead(
    values: Mapping[int, Block | None], parts: Sequence[_Part], position: int, owed: Collection[int]
) -> dict[int, Block | None]:
    """Return what is kept without sentences that only lead to a table which does not fit."""
    section = parts[position][0]
    inside = [index for index in values if parts[index][0] is section]
    if any(isinstance(values[amount], Table) or amount in owed for amount in inside):
        return dict(values)
    return {value: block for value, block in values.items() if value not in inside}


def _height(document: Document, width: int) -> int:
    """Return the lines of a document."""
    stream = io.StringIO()
    print_document(document, file=stream, width=width)
    return stream.getvalue().count("\n")


class _Lines:
    """The lines of blocks with the heads of their sections and the gaps before them.

    Each block is laid out once, however often it is tried with others.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        # by place in memory, which no other takes while the block is kept here
        self._laid_out: dict[tuple[int, str], tuple[Block | None, int]] = {}

    def __call__(self, block: Block | None, head: str = "") -> int:
        key = id(block), head
        if key not in self._laid_out:
            section = Section(head, () if block is None else (block,))
            lines = _height(Document("", (section,)), self.width)
            self._laid_out[key] = block, lines - 1  # the line of a title that is empty
        return self._laid_out[key][1]


def _shown(values: Mapping[int, Block | None], parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield the parts that are shown, with the heads of documents that hold any of them."""
    head: _Part | None = None
    for index, (section, block) in enumerate(parts):
        if block is None:
            head = (section, None)
        elif index in values:
            if head is not None:
                yield head
            head = None
            yield section, values[index]


def _heights(
    values: Mapping[int, Block | None], parts: Sequence[_Part], lines_of: _Lines
) -> Iterator[int]:
    """Yield the lines of every part that is shown."""
    before: Section | None = None
    for section, block in _shown(values, parts):
        yield lines_of(block, section.title if section is not before else "")
        before = section


def _page(title: str, values: Mapping[int, Block | None], parts: Sequence[_Part]) -> Document:
    """Return what is kept, section by section, with the sentence of what is not."""
    sections: list[Section] = []
    before: Section | None = None
    for section, block in _shown(values, parts):
        if section is not before:
            sections.append(replace(section, blocks=()))
        before = section
        if block is not None:
            sections[-1] = replace(sections[-1], blocks=(*sections[-1].blocks, block))
    is_counted = bool(sections) and sections[-1].name == LAST  # that line stays the last
    rest = Section("", (Paragraph(_left_out(values, parts)),), "left-out")
    sections.insert(len(sections) - is_counted, rest)
    return Document(title, tuple(sections))


def _left_out(values: Mapping[int, Block | None], parts: Sequence[_Part]) -> str:
    """Return how many rows and which parts are left out, and what shows them."""
    n_rows = sum(len(block.rows) for _, block in parts if isinstance(block, Table))
    n_rows -= sum(len(block.rows) for block in values.values() if isinstance(block, Table))
    heads = {section.title for section, _ in _shown(values, parts)}
    titles = dict.fromkeys(section.title for section, _ in parts)
    names = [name for name in titles if name and name not in heads]
    what = [count(n_rows, "row", "rows") + " of tables"] if n_rows else []
    if names:
        n_more = len(names) - _MOST_NAMED
        more = [count(n_more, "more part")] if n_more > 0 else []
        named = listing([*(f'"{name}"' for name in names[:_MOST_NAMED]), *more])
        what.append(f"the parts {named}" if len(names) > 1 else f"the part {named}")
    return f"Left out: {'; '.join(what) or 'sentences'}. --full shows all."
