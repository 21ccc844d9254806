"""Who sends how much of an element to whom in a balance, and where it goes otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.exposure.moves import GONE, Moves
from supplynet.analysis.exposure.study import drawing_nations, followed, used_share
from supplynet.analysis.exposure.trace import ElementFlow, mixed
from supplynet.arrays import Bools, Floats
from supplynet.errors import OptionError
from supplynet.network.units import BASKET, elements_of, flow_unit
from supplynet.sums import added

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solved import SolvedBalance

#: kinds of variables that move something between vertices
_LINKS = ("feed", "element", "product")
#: share of the largest amount below which one is rounding
_NOISE = 1e-9


class Ends(NamedTuple):
    """Between whom something moves."""

    #: tail, head: ids of nodes; while corridors are being dissolved also their pots
    tail: str
    head: str
    rank: int  #: place in ``STANDINGS`` of the weakest link on the way
    is_scrap: bool


@dataclass(frozen=True, repr=False)
class Streams:
    """A balance as one account of tonnes, plant by plant.

    What comes to a plant or out of its ground is what it sends, loses and has left over.
    """

    elements: tuple[str, ...]  #: whose tonnes are added up
    unit: str
    #: tonnes a year as they leave the tail; corridors are dissolved
    sent: Mapping[Ends, float]
    mined: Mapping[str, float]  #: out of the ground, by node
    #: in processing and as scrap that nobody takes, by node
    lost: Mapping[str, float]
    surplus: Mapping[str, float]  #: separated and taken by nobody, by node
    #: served, needed: what nations take for their demand, and what that is, by nation
    served: Mapping[str, float]
    needed: Mapping[str, float]


def streams(
    result: SolvedBalance,
    *,
    element: str | Iterable[str],
    to: str | Iterable[str] | None = None,
) -> Streams:
    """Return a balance as streams of an element between plants and nations.

    Tonnes of several elements are added up, on the graph's basis. With `to` only what ends up in
    the supply of these nations counts, in tonnes that arrive: nothing of it is lost or left over,
    and where routes part, each takes of the mix (proportional mixing). An OptionError if `to` names
    no nation that draws, or the element is the whole basket.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = streams(sn.allocate(sn.load("tutorial")).solved, element="Nd")
    >>> used = sum(found.lost.values()) + sum(found.surplus.values()) + sum(found.served.values())
    >>> abs(sum(found.mined.values()) - used) < 1e-6
    True
    """
    net = result.question.net
    names = elements_of(net, element if isinstance(element, str) else list(element))
    if BASKET in names:
        raise OptionError(
            "a balance is followed by element, not as a basket",
            hint=f"write one or several of {', '.join(result.run.model.scope.elements)}",
        )
    nations = None if to is None else drawing_nations(result, to)
    accounts = [_account(result, name, nations) for name in names]
    unit = flow_unit(net, names[0] if len(names) == 1 else BASKET)
    sums = (
        added(pair for account in accounts for pair in getattr(account, entry.name).items())
        for entry in fields(Streams)[2:]
    )
    return Streams(tuple(names), unit, *sums)


def _account(result: SolvedBalance, element: str, nations: frozenset[str] | None) -> Streams:
    """Read the moves of one element as an account."""
    model = result.run.model
    flow = followed(model, result.x, element)
    moves, leaving, arriving = flow.moves, flow.leaving, flow.arriving
    counted = used_share(model, moves, result.x)
    if nations is not None:
        leaving = arriving = bound_for(flow, nations, counted)
        counted = np.ones_like(counted)
    least = _NOISE * flow.largest
    sent: dict[Ends, float] = defaultdict(float)
    mined, lost, surplus, served = (defaultdict[str, float](float) for _ in range(4))
    for index, at, used in _moved(model, moves, counted, leaving > least):
        tail, head = moves.pots[moves.tail[index]], moves.pots[moves.head[index]]
        total, share = float(leaving[index]), float(arriving[index])
        if head.kind == "supply":
            served[head.label] += share * float(counted[moves.head[index]])
            # what comes by a corridor is left over where it arrives
            surplus[tail.label] += total * (1.0 - used)
        if isinstance(at, Ends):
            sent[at] += total * used
        elif at:
            mined[at] += total * used
        is_surplus = model.columns.keys[moves.column[index]][0] == "surplus"
        label = head.label if isinstance(at, Ends) else tail.label
        (surplus if is_surplus else lost)[label] += (total - share) * used
    needed = {
        row.nation: row.demand
        for row in result.elements
        if row.element == element and (nations is None or row.nation in nations)
    }
    through = _dissolved(sent, model.scope.net.node_by_id)
    _settle(through, served, lost, surplus)
    return Streams(
        (element,), "", through, mined, _clean(lost, least), _clean(surplus, least), served, needed
    )


def _moved(
    model: Model, moves: Moves, counted: Floats, is_busy: Bools
) -> Iterator[tuple[int, Ends | str, float]]:
    """Yield some moves: each with its place, what it is of, and the part of it that counts.

    It is of the ends of a link, where a corridor goes by its pot, or of the node out of whose
    ground it comes; of others the text is empty.
    """
    nodes = model.scope.net.node_by_id
    for index in np.flatnonzero(is_busy).tolist():
        tail, head = moves.pots[moves.tail[index]], moves.pots[moves.head[index]]
        kind, key = model.columns.keys[moves.column[index]]
        at: Ends | str = tail.label if tail.kind == "ground" else ""
        if kind in _LINKS and head != GONE:
            arc = model.scope.frame.arcs[int(str(key[0]))]
            names = [pot.label if pot.label in nodes else repr(pot) for pot in (tail, head)]
            at = Ends(names[0], names[1], arc.rank, arc.is_scrap)
        yield index, at, float(counted[moves.head[index]]) if tail.label in nodes else 1.0


def parts_of(model: Model, element: str, x: Floats) -> dict[Ends | str, dict[int, float]]:
    """Return what each variable of a balance adds to what is sent, and to what is mined.

    `x` is its solution, in which nations take no more than is served.

    Keys are ends, those of corridors among them, or nodes for what comes out of their ground; each
    has the tonnes of the element in a unit of every variable that is a part of it.
    """
    flow = followed(model, x, element)
    moves, counted = flow.moves, used_share(model, flow.moves, x)
    parts: dict[Ends | str, dict[int, float]] = {}
    for index, at, used in _moved(model, moves, counted, flow.leaving > _NOISE * flow.largest):
        if at:
            terms, column = parts.setdefault(at, {}), int(moves.column[index])
            terms[column] = terms.get(column, 0.0) + used * float(flow.leaving[index] / x[column])
    return parts


def _settle(
    sent: Mapping[Ends, float],
    served: Mapping[str, float],
    lost: Mapping[str, float],
    surplus: dict[str, float],
) -> None:
    """Count what a nation gets beyond what it takes, and loses on arrival, as left over."""
    came = added((bounds.head, tonnes) for bounds, tonnes in sent.items())
    for nation, tonnes in served.items():
        surplus[nation] += max(0.0, came.get(nation, 0.0) - lost.get(nation, 0.0) - tonnes)


def _clean(sums: Mapping[str, float], least: float) -> dict[str, float]:
    return {label: tonnes for label, tonnes in sums.items() if tonnes > least}


def _dissolved(sent: Mapping[Ends, float], names: Mapping[str, object]) -> dict[Ends, float]:
    """Join what comes to each corridor with what leaves it, each in the mix of the others."""
    merged = dict(sent)
    hubs = {end for limits in sent for end in limits[:2] if end not in names}
    for hub in sorted(hubs):
        into = {span: merged.pop(span) for span in list(merged) if span.head == hub}
        out = {extremes: merged.pop(extremes) for extremes in list(merged) if extremes.tail == hub}
        total = sum(out.values())
        for ends_in, tonnes in into.items():
            for other, more in out.items():
                rank, is_scrap = max(ends_in.rank, other.rank), ends_in.is_scrap or other.is_scrap
                bounds = Ends(ends_in.tail, other.head, rank, is_scrap)
                merged[bounds] = merged.get(bounds, 0.0) + tonnes * more / total
    return merged


def bound_for(flow: ElementFlow, nations: frozenset[str], counted: Floats) -> Floats:
    """Return the tonnes of each move that some nations are served in the end.

    For each pot p, q(p) being the share of what leaves it that is::

        outflow(p) q(p) = sum_k arriving(k) q(head(k)),  q = counted for the nations' supply
    """
    moves = flow.moves
    fixed = moves.where(lambda pot: pot.kind == "supply" and pot.label in nations)
    shares = flow.arriving / np.where(flow.outflow > 0.0, flow.outflow, 1.0)[moves.tail]
    shares[fixed[moves.tail]] = 0.0
    share = mixed(np.where(fixed, counted, 0.0), shares, moves.tail, moves.head)
    bound: Floats = flow.arriving * share[moves.head]
    return bound
