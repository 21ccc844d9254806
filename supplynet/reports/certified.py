"""The last line of what is read: how many figures are certified; heads of open ones are marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from supplynet.contract.backing import Backing
from supplynet.present.document import Block, Paragraph, Section, Table, section
from supplynet.terms import CONFIDENCES
from supplynet.text import listing

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
