"""A document as one page of a terminal: what comes first, and how much was left out."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from supplynet.present.document import Block, Document, Paragraph, Section, Table
from supplynet.present.words import capitalized, count
from supplynet.reports.first_words import LAST, sections_as_read
from supplynet.reports.terminal import print_document
from supplynet.text import listing

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
