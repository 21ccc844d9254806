"""What stands before the first table of an answer: its verdict, in few words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.contract.backing import Backing
from supplynet.present.document import Block, Bullets, Document, Paragraph, Section, Table, section
from supplynet.terms import CONFIDENCES
from supplynet.text import listing, quantity

if TYPE_CHECKING:
    from supplynet.contract.headline import Headline


#: words of running text before the first table of an answer, at most
MOST_WORDS = 60
#: letters from which on a capitalized word before a point is taken for the end of a sentence
_LONG_NAME = 5
_CITES = re.compile(r"\[\d+\]")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def sections_as_read(document: Document) -> tuple[Section, ...]:
    """Return the sections as they are read: headline, sentences, notes, what is certified at last.

    Before the first table stand at most :data:`MOST_WORDS`, and at least one sentence; what
    else is said of the answer follows it.

    Examples
    --------
    >>> document = Document("Flow", (Section("", (Paragraph("None arrives."),)),), {"notes": ["?"]})
    >>> [block.text for block in sections_as_read(document)[0].blocks]
    ['None arrives.', 'Note: ?']
    """
    return certified(_with_first_words(document), document.backing)


def _with_first_words(document: Document) -> tuple[Section, ...]:
    """Return the sections with headline and notes where they are read."""
    headline, sections = document.headline, document.sections
    notes = tuple(Paragraph(f"Note: {note}", is_note=True) for note in document.notes)
    if headline is None and not notes:
        return sections
    position = next(
        (
            index
            for index, section in enumerate(sections)
            if section.blocks and section.name not in ("question", "page")
        ),
        None,
    )
    if position is None:  # nothing is answered
        head = () if headline is None else (_headed(headline),)
        return (Section("", (*head, *notes), "notes"), *sections)
    return (*sections[:position], *_led(headline, sections[position:], notes))


def _led(
    headline: Headline | None, sections: tuple[Section, ...], notes: tuple[Paragraph, ...]
) -> tuple[Section, ...]:
    """Return sections that begin with the headline, the first sentences and the notes."""
    answer, *others = sections
    lead = tuple(
        itertools.takewhile(lambda block: isinstance(block, (Paragraph, Bullets)), answer.blocks)
    )
    between = list(itertools.takewhile(lambda section: not _has_table(section), sections))
    has_table = len(between) < len(sections) and all(section.blocks for section in between[1:])
    room = n_words((*lead, *notes)) + MOST_WORDS
    if has_table:
        room = MOST_WORDS - sum(n_words(section.blocks) for section in between[1:])
    head, selection, moved = _begun(headline, (lead, notes), room)
    first = replace(answer, blocks=(*head, *selection, *answer.blocks[len(lead) :]))
    parts = [first, *others]
    if has_table:
        # what stands there already, if the first table is of the answer itself
        n_first = 0 if between else len(head) + len(selection)
        room = 0 if moved else room - n_words((*head, *selection))
        blocks = parts[len(between)].blocks
        at = next(at for at, block in enumerate(blocks) if isinstance(block, Table))
        before, late = _first_words(blocks[n_first:at], room, n_least=0)
        blocks = (*blocks[:n_first], *before, *_behind_table(blocks[at:], (*late, *moved)))
        parts[len(between)] = replace(parts[len(between)], blocks=blocks)
    return tuple(parts)


def _begun(
    headline: Headline | None, values: tuple[tuple[Block, ...], tuple[Paragraph, ...]], room: int
) -> tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]:
    """Return the headline, what fits so many words behind it, and what does not.

    A figure that the sentences tell is left to them: two of the same would be read as two.
    Notes follow the sentences, and where not all fit, the first block of them.
    """
    lead, notes = values
    least = 0 if headline is None else n_words([_headed(headline)])
    is_whole = least + n_words((*lead, *notes)) <= room
    blocks = (*lead, *notes) if is_whole else (*lead[:1], *notes, *lead[1:])
    if headline is None:
        return ((), *_first_words(blocks, room))
    head = Paragraph(headline_words(headline, has_figure=False))
    selection, moved = _first_words(blocks, room - n_words((head,)))
    if not _is_told(headline, selection[:1]):
        head = _headed(headline)
        selection, moved = _first_words(blocks, room - n_words((head,)))
    return (head,), selection, moved


def headline_words(headline: Headline, *, has_figure: bool = True) -> str:
    """Return a headline as it is read: what it is, its range, tier and year."""
    text = f"{headline.name.replace('_', ' ')}{', ' * bool(headline.of)}{headline.of}"
    if has_figure:
        low, *high = _ends(headline) or [""]
        bounds = headline.low, headline.high
        text += f": {quantity(headline.value, headline.unit, ends=bounds)}"
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
    bounds = headline.low, headline.high
    names = [end for end in bounds if end is not None]
    return list(
        dict.fromkeys(quantity(end, headline.unit, has_unit=False, ends=bounds) for end in names)
    )


def _is_told(headline: Headline, blocks: Iterable[Block]) -> bool:
    """Whether sentences tell the figure of a headline with its range, and it has more to say."""
    if headline.tier is None and headline.year is None:
        return False
    both = headline.low, headline.high
    written = [quantity(headline.value, headline.unit, has_unit=False, ends=both)]
    bounds = _ends(headline)
    written += bounds if len(bounds) > 1 else []
    texts = [text for block in blocks for text in _texts(block)]
    stated = [figure.rstrip("%") for text in texts for figure in _FIGURE.findall(text)]
    # a number of things may be that of others anywhere but at the beginning
    if not headline.unit and (not texts or texts[0].split(" ")[0] != written[0]):
        return False
    return all(figure.strip("<> %") in stated for figure in written)


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
    for index, block in enumerate(blocks):
        if n_words((block,)) <= room:
            room -= n_words((block,))
            continue
        parts = list(_parts(block))
        n_kept = 0 if index else n_least
        while n_words((_joined(block, parts[: n_kept + 1]),)) <= room:
            n_kept += 1
        selection = (_joined(block, parts[:n_kept]),) if n_kept else ()
        others = (_joined(block, parts[n_kept:]),) if n_kept < len(parts) else ()
        return (*blocks[:index], *selection), (*others, *blocks[index + 1 :])
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
    texts = block.text.split(" ")
    for word, behind in zip(texts, [*texts[1:], ""], strict=True):
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


#: name of the section that holds the line
LAST = "certified"
#: behind the head of a column that is open
MARK = "°"
#: what columns show of which a page names table or column otherwise than its answer does
_OTHERWISE = {
    **{f"confidence.figures-{name}": "figure_shares" for name in CONFIDENCES},
    "contested-elements.served": "contested_parts.served",
    "covers.held": "covers.held_days",
    "holds.missing": "binding.missing",
}
#: so many open columns that no table shows are named
_MOST = 4


def certified(sections: Iterable[Section], known: Backing) -> tuple[Section, ...]:
    """Return sections that end with how many figures are certified, the heads of others marked.

    Examples
    --------
    >>> last = certified((), Backing(5, {"rows.need": 2}))[-1]
    >>> last.blocks[0].text
    'Certified: 3 of 5 figures, which verify checks. Open: need.'
    """
    if not known.n:
        return tuple(sections)
    text = f"Certified: {known.n_certified:,} of {known.n:,} figures"
    columns = known.open if known.n_certified else ()
    marked = set[str]()
    shown = tuple(
        replace(part, blocks=tuple(_marked(block, columns, marked) for block in part.blocks))
        for part in sections
    )
    marked |= {f"{name.removesuffix('_low')}_high" for name in marked}  # a range is one column
    named = [_words(name) for name in columns if name not in marked]
    if len(named) > _MOST:  # by tables
        others = (name.partition(".")[0] for name in columns if name not in marked)
        named = list(dict.fromkeys(map(_words, others)))
    named = [*named[:_MOST], *[f"{len(named) - _MOST} more"] * (len(named) > _MOST)]
    rest = listing([f"columns marked {MARK}"] * bool(marked) + named)
    text += ", which verify checks." if columns is known.open else ": no proof has them."
    text += f" Open: {rest}." * bool(rest)
    return (*shown, section("", LAST, Paragraph(text, is_note=True, is_answer=True)))


def _words(column: str) -> str:
    """Return a column in words, with its table where that has a name."""
    return column.removeprefix("rows.").replace(".", " ").replace("_", " ")


def _marked(block: Block, columns: Collection[str], marked: set[str]) -> Block:
    """Return a table with a mark at the head of each open column, and note these."""
    if not isinstance(block, Table):
        return block
    heads = []
    for column in block.columns:
        name = f"{block.name}.{column.key}"
        own = [one for one in (name, _OTHERWISE.get(name, name)) if one in columns]
        marked |= {*own}
        heads.append(replace(column, title=column.title + MARK) if own else column)
    return replace(block, columns=tuple(heads))
