"""The document tree: what a reader is told, apart from how it is written down.

Results become a :class:`Document`; the writers turn one into text for the terminal, Markdown,
JSON or CSV. Texts in the tree are raw: each writer makes them harmless in its own way.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from supplynet.analysis.headline import headed
from supplynet.errors import SupplynetError
from supplynet.text import NONE, integer, one_line, quantity, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.headline import Headline
    from supplynet.draw.scene import Scene
    from supplynet.reports.live import Live

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


class LateRows(Sequence[dict[str, Any]]):
    """Rows of which some cells are worked out when a row is read.

    How many there are and what is `known` of them takes no work, so that a page can count those
    that it leaves out.

    Examples
    --------
    >>> rows = LateRows([{"n": 2}, {"n": 3}], [lambda: {"square": 4}, lambda: {"square": 9}])
    >>> len(rows), rows[1], rows[:1].known
    (2, {'n': 3, 'square': 9}, ({'n': 2},))
    """

    def __init__(
        self, known: Sequence[dict[str, Any]], late: Sequence[Callable[[], dict[str, Any]]]
    ) -> None:
        self.known = tuple(known)
        self._late = tuple(late)

    def __len__(self) -> int:
        return len(self.known)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> LateRows: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | LateRows:
        if isinstance(place, slice):
            return LateRows(self.known[place], self._late[place])
        return {**self.known[place], **self._late[place]()}


@dataclass(frozen=True)
class Table:
    """Rows under columns."""

    columns: tuple[Column, ...]
    #: cells by column key; a key that is missing is an empty cell
    rows: tuple[dict[str, Any], ...] | LateRows
    caption: str = ""  #: what the table shows, in a sentence
    name: str = ""  #: stable name, for machine-readable output


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    is_note: bool = False  #: whether it tells how to read the answer above it
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
        return tuple(f"[{self.first + place}] " for place in range(len(self.items)))


@dataclass(frozen=True, slots=True)
class FigureSlot:
    """Where a writer that can show pictures puts one."""

    name: str  #: which picture
    caption: str  #: what it shows
    scene: Callable[[], Scene] | None = None  #: lays the picture out, when a writer asks for it
    #: lays it out for a narrow screen, where it would else have to be scrolled
    narrow: Callable[[], Scene] | None = None


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


#: words of running text before the first table of an answer, at most
MOST_WORDS = 60
#: letters from which on a capitalized word before a point is taken for the end of a sentence
_LONG_NAME = 5
_CITES = re.compile(r"\[\d+\]")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")

Block = Paragraph | Bullets | Table | FigureSlot | LiveSlot | SolverSlot


@dataclass(frozen=True)
class Section:
    """A titled part of a document."""

    title: str  #: empty for a part without a heading
    blocks: tuple[Block, ...]
    name: str = ""  #: stable name, such as ``"answer"``


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

    @cached_property
    def data(self) -> dict[str, Any]:
        """The content for machines."""
        return self.content() if callable(self.content) else self.content

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must be told with the answer, such as a scenario that does nothing.

        Found under the key ``notes`` of the data, and of what was asked; of several documents in
        one, of each of them.
        """
        top = self.data if self.head is None else self.head
        parts = [top, *top.get("results", ())]
        held = [
            holder
            for part in parts
            if isinstance(part, Mapping)
            for holder in (part, part.get("question"))
        ]
        notes = [
            note for holder in held if isinstance(holder, dict) for note in holder.get("notes", ())
        ]
        return tuple(dict.fromkeys(notes))

    @property
    def told(self) -> tuple[Section, ...]:
        """The sections as they are read: headline, sentences of the answer, notes.

        Before the first table stand at most :data:`MOST_WORDS`, and at least one sentence; what
        else is said of the answer follows it.
        """
        notes = tuple(Paragraph(f"Note: {note}", is_note=True) for note in self.notes)
        if self.headline is None and not notes:
            return self.sections
        place = next(
            (
                number
                for number, section in enumerate(self.sections)
                if section.blocks and section.name not in ("question", "page")
            ),
            None,
        )
        if place is None:  # nothing is answered
            head = () if self.headline is None else (_headed(self.headline),)
            return (Section("", (*head, *notes), "notes"), *self.sections)
        return (*self.sections[:place], *self._led(self.sections[place:], notes))

    def _led(
        self, sections: tuple[Section, ...], notes: tuple[Paragraph, ...]
    ) -> tuple[Section, ...]:
        """Return sections that begin with the headline, the first sentences and the notes."""
        answer, *others = sections
        lead = tuple(
            itertools.takewhile(
                lambda block: isinstance(block, (Paragraph, Bullets)), answer.blocks
            )
        )
        said, rest = (lead, notes), answer.blocks[len(lead) :]
        if _has_table(answer):
            head, kept, moved = self._begun(said, MOST_WORDS)
            return (replace(answer, blocks=(*head, *kept, *_behind_table(rest, moved))), *others)
        between = list(itertools.takewhile(lambda section: not _has_table(section), others))
        if len(between) == len(others) or not all(section.blocks for section in between):
            head, kept, _ = self._begun(said, n_words((*lead, *notes)) + MOST_WORDS)  # no table
            return (replace(answer, blocks=(*head, *kept, *rest)), *others)
        room = MOST_WORDS - sum(n_words(section.blocks) for section in between)
        head, kept, moved = self._begun(said, room)
        room = 0 if moved else room - n_words((*head, *kept))
        after = others[len(between)]
        at = next(at for at, block in enumerate(after.blocks) if isinstance(block, Table))
        before, late = _first_words(after.blocks[:at], room, n_least=0)
        blocks = (*before, *_behind_table(after.blocks[at:], (*late, *moved)))
        return (
            replace(answer, blocks=(*head, *kept, *rest)),
            *between,
            replace(after, blocks=blocks),
            *others[len(between) + 1 :],
        )

    def _begun(
        self, said: tuple[tuple[Block, ...], tuple[Paragraph, ...]], room: int
    ) -> tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]:
        """Return the headline, what fits so many words behind it, and what does not.

        A figure that the sentences tell is left to them: two of the same would be read as two.
        Notes follow the sentences, and where not all fit, the first block of them.
        """
        lead, notes = said
        least = 0 if self.headline is None else n_words([_headed(self.headline)])
        is_whole = least + n_words((*lead, *notes)) <= room
        blocks = (*lead, *notes) if is_whole else (*lead[:1], *notes, *lead[1:])
        if self.headline is None:
            return ((), *_first_words(blocks, room))
        head = Paragraph(headline_words(self.headline, has_figure=False))
        kept, moved = _first_words(blocks, room - n_words((head,)))
        if not _is_told(self.headline, kept[:1]):
            head = _headed(self.headline)
            kept, moved = _first_words(blocks, room - n_words((head,)))
        return (head,), kept, moved

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
    question = getattr(result, "question", None)
    has_notes = any(figure.name == "notes" for figure in type(result).LAYOUT.figures)
    told = () if question is None else question.notes
    return tuple(dict.fromkeys([*told, *(result.notes if has_notes else ())]))


def of_result(
    title: str,
    sections: tuple[Section, ...],
    *results: Any,
    content: Callable[[], dict[str, Any]] | None = None,
) -> Document:
    """Return the document of a result, or of several of a kind, which JSON lists.

    Its content, by default what the result tells, is worked out when a writer asks for it: it
    carries the proof of every program that was solved, which text for people needs not.
    """

    def listed() -> dict[str, Any]:
        return headed({"results": [result.to_dict() for result in results]}, "results", 0)

    return Document(
        title,
        sections,
        content or (results[0].to_dict if len(results) == 1 else listed),
        head={"notes": [note for result in results for note in notes_of(result)]},
        headline=results[0].headline,
    )


def headline_words(headline: Headline, *, has_figure: bool = True) -> str:
    """Return a headline as it is read: what it is, its range, tier and year."""
    text = f"{headline.name.replace('_', ' ')}{', ' * bool(headline.of)}{headline.of}"
    if has_figure:
        low, *high = _ends(headline) or [""]
        ends = headline.low, headline.high
        text += f": {quantity(headline.value, headline.unit, ends=ends)}"
        if high:
            text += f" ({low} to {high[0]})"
    if headline.tier is not None:
        text += f", tier {headline.tier}"
    if headline.year is not None:
        text += f", {headline.year}"
    return f"{text[:1].upper()}{text[1:]}."


def _headed(headline: Headline) -> Paragraph:
    """Return a headline with its figure as a line."""
    return Paragraph(headline_words(headline))


def _ends(headline: Headline) -> list[str]:
    """Return the range of a headline as it is written, one end where both are alike."""
    ends = headline.low, headline.high
    known = [end for end in ends if end is not None]
    return list(
        dict.fromkeys(quantity(end, headline.unit, has_unit=False, ends=ends) for end in known)
    )


def _is_told(headline: Headline, blocks: Iterable[Block]) -> bool:
    """Whether sentences tell the figure of a headline with its range, and it has more to say."""
    if headline.tier is None and headline.year is None:
        return False
    both = headline.low, headline.high
    written = [quantity(headline.value, headline.unit, has_unit=False, ends=both)]
    ends = _ends(headline)
    written += ends if len(ends) > 1 else []
    texts = [text for block in blocks for text in _texts(block)]
    told = [figure.rstrip("%") for text in texts for figure in _FIGURE.findall(text)]
    # a number of things may be that of others anywhere but at the beginning
    if not headline.unit and (not texts or texts[0].split(" ")[0] != written[0]):
        return False
    return all(figure.strip("<> %") in told for figure in written)


def _texts(block: Block) -> tuple[str, ...]:
    """Return the running text of a block."""
    if isinstance(block, Paragraph):
        return (block.text,)
    return block.items if isinstance(block, Bullets) else ()


def n_words(blocks: Iterable[Block]) -> int:
    """Return the words of running text, without the numbers of sources.

    Examples
    --------
    >>> n_words([Paragraph("Two words [3]"), Bullets(("one", "two"))])
    4
    """
    return sum(len(_CITES.sub("", text).split()) for block in blocks for text in _texts(block))


def _has_table(section: Section) -> bool:
    return any(isinstance(block, Table) for block in section.blocks)


def _behind_table(blocks: tuple[Block, ...], moved: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks with others behind their first table."""
    at = next(at for at, block in enumerate(blocks) if isinstance(block, Table))
    said = (
        replace(block, is_answer=True) if isinstance(block, Paragraph) else block for block in moved
    )
    return (*blocks[: at + 1], *said, *blocks[at + 1 :])


def _first_words(
    blocks: tuple[Block, ...], room: int, *, n_least: int = 1
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return what of some blocks has at most so many words, and the rest.

    Of the first block at least so many sentences are kept.
    """
    for place, block in enumerate(blocks):
        if n_words((block,)) <= room:
            room -= n_words((block,))
            continue
        parts = list(_parts(block))
        n_kept = 0 if place else n_least
        while n_words((_joined(block, parts[: n_kept + 1]),)) <= room:
            n_kept += 1
        kept = (_joined(block, parts[:n_kept]),) if n_kept else ()
        rest = (_joined(block, parts[n_kept:]),) if n_kept < len(parts) else ()
        return (*blocks[:place], *kept), (*rest, *blocks[place + 1 :])
    return blocks, ()


def _joined(block: Block, parts: Sequence[str]) -> Block:
    """Return a block of text with some of its parts."""
    if isinstance(block, Bullets):
        return replace(block, items=tuple(parts))
    return replace(block, text=" ".join(parts)) if isinstance(block, Paragraph) else block


def _parts(block: Block) -> Iterator[str]:
    """Yield what a block can be parted into: sentences, or the texts of a list; notes stay whole.

    Examples
    --------
    >>> list(_parts(Paragraph("Of Nd 2%. By Rio Tinto Ltd. Perth none, e.g. Australia. So it is.")))
    ['Of Nd 2%.', 'By Rio Tinto Ltd. Perth none, e.g. Australia.', 'So it is.']
    """
    if not isinstance(block, Paragraph) or block.is_note:
        yield from _texts(block)
        return
    sentence: list[str] = []
    words = block.text.split(" ")
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        sentence.append(word)
        bare = word.rstrip(').?!"')
        is_end = word.rstrip(')"').endswith((".", "?", "!")) and "." not in bare.strip(
            "0123456789%."
        )
        # the point of a short name such as Ltd. ends no sentence
        is_end = is_end and (not bare[:1].isupper() or len(bare) >= _LONG_NAME)
        if is_end and (behind[:1].isupper() or behind[:1].isdigit()):
            yield " ".join(sentence)
            sentence = []
    if sentence:
        yield " ".join(sentence)


def cell(column: Column, value: Any) -> str:
    """Return a table's cell as text."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)) and column.kind in ("tonnes", "share", "int"):
        parts = [cell(column, part) for part in value]
        return parts[0] if len(set(parts)) == 1 else " to ".join(parts)
    if isinstance(value, str):
        return value
    if column.kind == "cites":
        return " ".join(f"[{number}]" for number in value)
    if column.kind == "tonnes":
        return tonnes(float(value), missing=NONE)
    if column.kind == "share":
        return share(float(value), missing=NONE)
    if column.kind == "int":
        return integer(float(value), missing=NONE)
    if isinstance(value, float):
        return tonnes(value, missing=NONE) if column.kind == "text" else str(int(value))
    if isinstance(value, (tuple, list)):
        return ", ".join(str(part) for part in value)
    return str(value)
