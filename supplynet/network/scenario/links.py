"""What the verbs of a scenario do to links: to those with a row of their own, and those of rules.

A change that holds in some years only splits a row in time. A change to some of the links that a
rule stands for splits the rule, over its nodes: at most into the pairs that are meant and two
rules with the others. A rule with one bound for all of its links can be changed as a whole only,
for nobody knows what part of the bound is whose. Of a toll either leg can be meant: what is closed
on one of them is gone from the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.errors import OptionError
from supplynet.network.schema import Edge, Rule

if TYPE_CHECKING:
    from supplynet.network.rules import Corridor

_L = TypeVar("_L", Edge, Rule)
#: what is multiplied along with the limit of a link
_TONNAGES = ("capacity", "capacity_low", "capacity_high", "minimum")
LIMITS = ("capacity", "capacity_low", "capacity_high")
_FIRST, _NEVER = 0, 9999  # before and after every year of the format
#: first and last year, None where it is open
Span = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the links of a rule, in some of its years."""

    rule: Rule  #: with the years of the part; its selectors count no more where the nodes differ
    #: ids of the nodes at both ends, of a toll its plants between them; in the order of the table
    nodes: tuple[tuple[str, ...], ...]

    @property
    def has_links(self) -> bool:
        """Whether any link is left; a node is never linked to itself."""
        return all(self.nodes) and not any(
            len(senders) == len(receivers) == 1 and senders == receivers
            for senders, receivers in zip(self.nodes, self.nodes[1:], strict=False)
        )

    def only(self, position: int, nodes: Iterable[str]) -> Part:
        """Return the part with some nodes in place of those at an end."""
        return replace(
            self, nodes=(*self.nodes[:position], tuple(nodes), *self.nodes[position + 1 :])
        )


def whole_of(corridor: Corridor) -> Part:
    """Return a rule with all of its links as a part."""
    first, *more = corridor.legs
    return Part(corridor.rule, (first.senders, first.receivers, *(leg.receivers for leg in more)))


#: what a change makes of a row in its period: the row changed, or None where it is closed
Effect = Callable[[Any], Any]


def in_period(row: _L, first: int | None, last: int | None, effect: Effect) -> list[_L]:
    """Return a link or rule with a change in a period, as at most three rows in order of years."""
    before, inside, after = _slices(row, first, last)
    changed = None if inside is None else effect(inside)
    return [span for span in (before, changed, after) if span is not None]


def _slices(row: _L, first: int | None, last: int | None) -> tuple[_L | None, _L | None, _L | None]:
    """A row before, in and after a period, each None where it does not hold then."""
    start, end = row.start_year, row.end_year
    begin = max((year for year in (start, first) if year is not None), default=None)
    stop = min((year for year in (end, last) if year is not None), default=None)
    if begin is not None and stop is not None and begin > stop:
        return row, None, None
    before = first is not None and (start is None or start < first)
    after = last is not None and (end is None or end > last)
    return (
        row.model_copy(update={"end_year": begin - 1}) if before and begin else None,
        row.model_copy(update={"start_year": begin, "end_year": stop}) if before or after else row,
        row.model_copy(update={"start_year": stop + 1}) if after and stop else None,
    )


def scale(row: _L, factor: float) -> _L:
    """Return a link or rule with its tonnages multiplied, or bounded by a part of what went.

    An OptionError if it has no limit and nothing was observed on it.
    """
    # A link without a bound that carried a known tonnage: half of it is half of what went, the only
    # figure there is.
    if row.capacity is None and row.observed is not None:
        row = row.model_copy(
            update={"capacity": row.observed, "capacity_low": None, "capacity_high": None}
        )
    if row.capacity is None:
        raise OptionError(
            f"{title_of(row)} has no bound, so it cannot be scaled",
            hint="use verb set with a capacity and a unit, or give what was observed on it; "
            "links = {..., named = true} leaves rules out",
        )
    return row.multiplied(factor, _TONNAGES)


def title_of(row: Edge | Rule) -> str:
    """Return what a link or rule is called in messages."""
    return f"rule {row.id}" if isinstance(row, Rule) else f"link {row.source} -> {row.target}"


def redated(
    spans: Sequence[Span], start: int | None, end: int | None, title: str
) -> list[Span | None]:
    """Return the years of the slices of a link with another first or last year of them all.

    An open first or last year is None, and None leaves them as they are; a slice that the new years
    leave out is None. An OptionError, with `title`, if it would end before it begins.

    Examples
    --------
    >>> redated([(None, 2025), (2026, None)], None, 2025, "link a -> b")
    [(None, 2025), None]
    """
    if not spans:
        return []
    firsts = [_FIRST if span[0] is None else span[0] for span in spans]
    lasts = [_NEVER if span[1] is None else span[1] for span in spans]
    begin, stop = min(firsts) if start is None else start, max(lasts) if end is None else end
    if begin > stop:
        raise OptionError(
            f"{title} would end in {stop}, before it begins in {begin}",
            hint="give start_year and end_year",
        )
    slices: list[Span | None] = []
    for first, last in zip(firsts, lasts, strict=True):
        begins = begin if first == min(firsts) else max(first, begin)
        extremes = stop if last == max(lasts) else min(last, stop)
        years = (None if begins == _FIRST else begins, None if extremes == _NEVER else extremes)
        slices.append(years if begins <= extremes else None)
    if not any(slices):  # all slices lay on one side of the new years
        return [(begin, stop), *[None] * (len(spans) - 1)]
    return slices


def redated_edges(rows: Sequence[Edge], start: int | None, end: int | None) -> list[Edge]:
    """Return the slices of a named link with another first or last year; see :func:`redated`."""
    years = [(row.start_year, row.end_year) for row in rows]
    spans = redated(years, start, end, title_of(rows[0]) if rows else "")
    return [
        row.model_copy(update={"start_year": span[0], "end_year": span[1]})
        for row, span in zip(rows, spans, strict=True)
        if span is not None
    ]


def split(
    part: Part, sources: frozenset[str], targets: frozenset[str], leg: int = 0
) -> tuple[Part | None, list[Part]]:
    """Return the links of a part that are meant, None for none, and the others as parts.

    Meant are those from any of the sources to any of the targets, on a leg of the rule.
    """
    senders, receivers = part.nodes[leg : leg + 2]
    among = part.only(leg, [source for source in senders if source in sources])
    inner = among.only(leg + 1, [target for target in receivers if target in targets])
    if not inner.has_links:
        return None, [part]
    # What is left of a rectangle when a smaller one is cut out of it: all links of other senders,
    # and those of the same senders to other receivers.
    outside = part.only(leg, [source for source in senders if source not in sources])
    beyond = among.only(leg + 1, [target for target in receivers if target not in targets])
    rests = [part for part in (outside, beyond) if part.has_links]
    if not rests:
        return part, []
    # what was observed on the whole is not known of a part of it
    return _unobserved(inner), list(map(_unobserved, rests))


def _unobserved(part: Part) -> Part:
    return replace(part, rule=part.rule.model_copy(update={"observed": None}))


def changed(
    part: Part,
    sources: frozenset[str],
    targets: frozenset[str],
    period: tuple[int | None, int | None],
    effect: Effect,
    verb: str,
    leg: int = 0,
) -> list[Part]:
    """Return a part of a rule with a change to the links that are meant, in a period.

    An OptionError if the rule has one bound for links that the change distinguishes.
    """
    before, inside, after = _slices(part.rule, *period)
    if inside is None:
        return [part]
    meant, left = split(replace(part, rule=inside), sources, targets, leg)
    if meant is None:
        return [part]
    row = effect(meant.rule)
    new = [*([] if row is None else [replace(meant, rule=row)]), *left]
    require_one_bound(part.rule, new, verb)
    return [
        *([] if before is None else [replace(part, rule=before)]),
        *new,
        *([] if after is None else [replace(part, rule=after)]),
    ]


def require_one_bound(rule: Rule, parts: Sequence[Part], verb: str) -> None:
    """Refuse to share out the bound of a rule among parts that hold at the same time."""
    if rule.capacity is None or len({part.nodes for part in parts}) < 2:
        return
    word = {"close": "closed", "scale": "scaled", "redate": "redated"}.get(verb, verb)
    raise OptionError(
        f"rule {rule.id} has one bound for all of its links, so no part of it can be {word}",
        hint=f'{verb} it whole with rules = "{rule.id}", or {verb} nodes; '
        "links = {..., named = true} leaves rules out",
    )


def rules_of(total: Part, parts: Sequence[Part]) -> list[Rule]:
    """Return the parts of a rule as rules, each with its own id and nodes."""
    rules: list[Rule] = []
    for index, part in enumerate(parts, start=1):
        update: dict[str, Any] = {}
        if len(parts) > 1:
            update["id"] = f"{total.rule.id}.{index}"
        if part.nodes != total.nodes:
            columns = ("source", "via", "target") if len(part.nodes) == 3 else ("source", "target")
            update |= {
                column: ",".join(f"node:{node}" for node in nodes)
                for column, nodes in zip(columns, part.nodes, strict=True)
            }
        rules.append(part.rule.model_copy(update=update) if update else part.rule)
    return rules


def redated_parts(
    parts: Sequence[Part],
    sources: frozenset[str],
    targets: frozenset[str],
    start: int | None,
    end: int | None,
    leg: int = 0,
) -> list[Part]:
    """Return the parts of a rule with other years of the links that are meant."""
    inner: list[Part] = []
    rests: list[Part] = []
    for part in parts:
        meant, left = split(part, sources, targets, leg)
        if meant is not None:
            require_one_bound(part.rule, [meant, *left], "redate")
            inner.append(meant)
        rests += left
    spans = redated(
        [(part.rule.start_year, part.rule.end_year) for part in inner],
        start,
        end,
        f"rule {parts[0].rule.id}" if parts else "",
    )
    moved = [
        replace(
            part,
            rule=part.rule.model_copy(update={"start_year": span[0], "end_year": span[1]}),
        )
        for part, span in zip(inner, spans, strict=True)
        if span is not None
    ]
    return [*moved, *rests]
