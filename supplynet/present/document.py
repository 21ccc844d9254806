"""The document tree: what a reader is reported, apart from how it is written down.

Results become a :class:`Document`; the writers turn one into text for the terminal, Markdown,
JSON or CSV. Texts in the tree are raw: each writer makes them harmless in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from supplynet.contract.backing import Backing, backing, has_proofs, without_proofs
from supplynet.contract.headline import headed
from supplynet.errors import SupplynetError
from supplynet.text import NONE, integer, one_line, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.contract.headline import Headline
    from supplynet.draw.svg import Drawn
    from supplynet.reports.live import Live

_Row = TypeVar("_Row")
_Key = TypeVar("_Key")
Align = Literal["", "left", "right"]
Kind = Literal["text", "tonnes", "share", "int", "year", "cites"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str  #: where the cell stands in a row
    title: str  #: head of the column
    align: Align = ""  #: empty: numbers to the right, text to the left
    #: How a cell is written. A pair of numbers is a range; None is not known. Of cites it holds the
    #: numbers of sources in the document's list.
    kind: Kind = "text"
    unit: str = ""  #: of every number in the column

    @property
    def is_right(self) -> bool:
        """Whether cells stand to the right."""
        if self.align:
            return self.align == "right"
        return self.kind in ("tonnes", "share", "int")


@dataclass(frozen=True)
class Table:
    """Rows under columns."""

    columns: tuple[Column, ...]
    #: cells by column key; a key that is missing is an empty cell
    rows: tuple[dict[str, Any], ...]
    caption: str = ""  #: what the table shows, in a sentence
    name: str = ""  #: stable name, for machine-readable output


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    is_note: bool = False  #: whether it states how to read the answer above it
    is_answer: bool = False  #: whether it is of the answer, though it stands behind a table


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]
    first: int | None = None  #: number of the first text, where each has one by which cells cite it

    @property
    def leads(self) -> tuple[str, ...]:
        """What stands before each text: its number, or nothing."""
        if self.first is None:
            return ("",) * len(self.items)
        return tuple(f"[{self.first + position}] " for position in range(len(self.items)))


@dataclass(frozen=True, slots=True)
class FigureSlot:
    """Where a writer that can show pictures puts one."""

    name: str  #: which picture
    caption: str  #: what it shows
    scene: Callable[[], Drawn] | None = None  #: lays the picture out, when a writer asks for it
    #: lays it out for a narrow screen, where it would else have to be scrolled
    narrow: Callable[[], Drawn] | None = None


@dataclass(frozen=True, slots=True)
class LiveSlot:
    """Where a page shows what other choices would give; other writers leave it out."""

    title: str
    lead: str  #: what its figures are
    live: Callable[[], Live]  #: works all choices out, when a page asks for it


@dataclass(frozen=True, slots=True)
class SolverSlot:
    """Where a page carries networks that its own script solves; other writers leave it out."""

    title: str
    lead: str  #: what its figures are
    #: works out the arrays of each network, when a page asks for them
    networks: Callable[[], list[dict[str, Any]]]


Block = Paragraph | Bullets | Table | FigureSlot | LiveSlot | SolverSlot
#: what a section is made of
Content = Block | str | tuple[str, ...] | None


@dataclass(frozen=True)
class Section:
    """A titled part of a document."""

    title: str  #: empty for a part without a heading
    blocks: tuple[Block, ...]
    name: str = ""  #: stable name, such as ``"answer"``


def section(title: str, name: str, *content: Content) -> Section:
    """Return a section: a text is a paragraph of it, several are a list, and nothing is left out.

    Examples
    --------
    >>> section("", "answer", "None arrives.", ("So it is.",), None).blocks[1]
    Bullets(items=('So it is.',), first=None)
    """
    return Section(title, tuple(_block(piece) for piece in content if piece), name)


def _block(content: Block | str | tuple[str, ...]) -> Block:
    if isinstance(content, str):
        return Paragraph(content)
    return Bullets(content) if isinstance(content, tuple) else content


def plain_table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Table:
    """Return a table for machines: every row with every cell, columns named as their keys."""
    return Table(tuple(Column(name, name) for name in columns), tuple(map(dict, rows)))


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, and how its cells are made and written."""

    title: str
    kind: Kind = "text"
    of: Callable[[Any], Any] | None = None  #: makes a cell of a row; default: what has its key
    unit: str = ""
    align: Align = ""


def table_from(name: str, rows: Iterable[Any], caption: str = "", /, **heads: Head | str) -> Table:
    """Return a table of rows of any kind: a column a keyword, with its head.

    Examples
    --------
    >>> table_from("sums", [3 + 4j], real="Real", both=Head("Sum", "int", lambda z: 7)).rows
    ({'real': 3.0, 'both': 7},)
    """
    values = {key: head if isinstance(head, Head) else Head(head) for key, head in heads.items()}
    columns = (
        Column(key, entry.title, entry.align, entry.kind, entry.unit)
        for key, entry in values.items()
    )
    makers = {key: member.of or partial(_member, key) for key, member in values.items()}
    cells = ({key: make(row) for key, make in makers.items()} for row in rows)
    return Table(tuple(columns), tuple(cells), caption, name)


def grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key]) -> dict[_Key, list[_Row]]:
    """Return rows by what they have in common, in the order of the first of each.

    Examples
    --------
    >>> grouped([1, 2, 3], lambda number: number % 2)
    {1: [1, 3], 0: [2]}
    """
    groups: dict[_Key, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _member(key: str, row: Any) -> Any:
    """Return what a row has under a key; nothing where a mapping has it not."""
    return row.get(key, "") if isinstance(row, Mapping) else getattr(row, key)


def why_not(error: Exception) -> str:
    """Return why a part of a report is missing, in words."""
    if isinstance(error, SupplynetError):
        return one_line(error.message)
    return one_line(f"internal error: {type(error).__name__}: {error}")


def not_worked_out(title: str, error: Exception) -> Section:
    """Return a section in place of one that failed: it must not keep the rest from its reader."""
    text = f"This part was not worked out: {why_not(error)}."
    return Section(title, (Paragraph(text, is_note=True),), "not-worked-out")


@dataclass(frozen=True)
class Document:
    """A whole document."""

    title: str
    sections: tuple[Section, ...]
    #: The content for machines: numbers in full, for the JSON writer. A callable works it out when
    #: a writer asks for it: text for people needs none of it.
    content: dict[str, Any] | Callable[[], dict[str, Any]] = field(default_factory=dict)
    #: what of a content that is worked out later holds notes: its question, or nothing
    head: Mapping[str, Any] | None = None
    #: works out the sections with the numbers of their sources and a list of these, for a page
    #: that can fold the list; None where the sections have them, or rest on none
    cited: Callable[[], tuple[Section, ...]] | None = None
    headline: Headline | None = None  #: the figure with which the answer begins

    @property
    def data(self) -> dict[str, Any]:
        """The content for machines."""
        # what is stated to count figures is not kept: it lacks the proofs
        return self._data if has_proofs() or "_data" in vars(self) else self._stated()

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self._stated()

    def _stated(self) -> dict[str, Any]:
        return self.content() if callable(self.content) else self.content

    @cached_property
    def backing(self) -> Backing:
        """How many figures of its answers have a proof."""
        with without_proofs():
            return backing(self.data)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must be told with the answer, such as a scenario that does nothing.

        Found under the key ``notes`` of the data, and of what was asked; of several documents in
        one, of each of them.
        """
        top = self.data if self.head is None else self.head
        parts = [top, *top.get("results", ())]
        members = [
            holder
            for piece in parts
            if isinstance(piece, Mapping)
            for holder in (piece, piece.get("question"))
        ]
        notes = [
            note
            for holder in members
            if isinstance(holder, dict)
            for note in holder.get("notes", ())
        ]
        return tuple(dict.fromkeys(notes))

    def plus(self, section: Section) -> Document:
        """Return the document with a section more."""
        cited = self.cited
        return replace(
            self,
            sections=(*self.sections, section),
            cited=None if cited is None else lambda: (*cited(), section),
        )

    def tables(self) -> Iterator[Table]:
        """Every table, in the order of the document."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block

    def live_slots(self) -> Iterator[LiveSlot]:
        """Every live part, in the order of the document."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, LiveSlot):
                    yield block

    def section(self, name: str) -> Section:
        """Return a section by its stable name; a KeyError for none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)


def notes_of(result: Any) -> tuple[str, ...]:
    """Return what a reader must be told with a result, such as a scenario that does nothing.

    Notes stand in what was asked, and in a figure of that name.
    """
    question, layout = (getattr(result, name, None) for name in ("question", "LAYOUT"))
    has_notes = layout is not None and any(figure.name == "notes" for figure in layout.figures)
    record = () if question is None else question.notes
    return tuple(dict.fromkeys([*record, *(result.notes if has_notes else ())]))


def of_result(
    title: str,
    sections: Iterable[Section | None],
    *results: Any,
    content: Callable[[], dict[str, Any]] | None = None,
) -> Document:
    """Return the document of a result, or of several of a kind, which JSON lists.

    Sections that hold nothing are left out.

    Its content, by default what the result states, is worked out when a writer asks for it: it
    carries the proof of every program that was solved, which text for people needs not.
    """

    def listed() -> dict[str, Any]:
        return headed({"results": [result.to_dict() for result in results]}, "results", 0)

    return Document(
        title,
        tuple(portion for portion in sections if portion and portion.blocks),
        content or (results[0].to_dict if len(results) == 1 else listed),
        head={"notes": [note for result in results for note in notes_of(result)]},
        headline=results[0].headline,
    )


def cell(column: Column, value: Any) -> str:
    """Return a table's cell as text."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)) and column.kind in ("tonnes", "share", "int"):
        parts = [cell(column, piece) for piece in value]
        if len(set(parts)) == 1:
            return parts[0]
        if len(value) == 3 and column.kind == "share":  # a figure before its range
            return f"{parts[0]} ({share_range(*value[1:], missing=NONE)})"
        return " to ".join(parts)
    if isinstance(value, str):
        return value
    if column.kind == "cites":
        return " ".join(f"[{index}]" for index in value)
    if column.kind == "tonnes":
        return tonnes(float(value), missing=NONE)
    if column.kind == "share":
        return share(float(value), missing=NONE)
    if column.kind == "int":
        return integer(float(value), missing=NONE)
    if isinstance(value, float):
        return tonnes(value, missing=NONE) if column.kind == "text" else str(int(value))
    if isinstance(value, (tuple, list)):
        return ", ".join(str(portion) for portion in value)
    return str(value)
