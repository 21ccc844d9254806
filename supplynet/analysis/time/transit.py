"""Goods on the way: what leaves in one period and arrives whole periods later.

A way is what one link carries of one thing, d periods long. Its column of the balance is what
leaves; what arrives has a variable of its own, and so has what has come but is not
taken in yet, ore at a plant or goods that find nobody there::

    wait[w, t] = wait[w, t-1] + x[w, t-d] - arrive[w, t]

The rows of who receives take arrive in place of x, those of who sends, and limits of links and
borders, keep x. Where t < d stands what left before the horizon. Nothing comes round from its end
to its beginning: what leaves too late to arrive is on the way when it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.analysis.time.states import ROUNDING
from supplynet.arrays import Floats
from supplynet.network.months import lead_days
from supplynet.network.schema import Rule
from supplynet.terms import PERIODS

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label
    from supplynet.analysis.time.periods import Period
    from supplynet.analysis.time.states import Normal
    from supplynet.terms import LevelName

_DAYS_A_MONTH = 365.0 / 12.0
#: periods that are looked ahead at most
MOST_AHEAD = 6
#: kinds of variable on links
_KINDS = ("feed", "element", "product")
#: families with rows of who receives; those of links and borders count what leaves
# The rows in which a flow counts at its head, and thus later. All others count it at its tail:
# capacities of links and borders are used when it leaves.
_RECEIVING = frozenset(
    {
        "feed_balance",
        "element_balance",
        "toll_balance",
        "product_balance",
        "node_capacity",
        "intake",
        "delivery",
        "host_intake",
        "host_delivery",
    }
)
#: of these, what a receiver may lack: it has no such limit
OPTIONAL = frozenset({"node_capacity"})
#: families that can leave no room for all that comes
LIMITED = frozenset({"node_capacity", "feed_balance", "toll_balance"})


class Passage(NamedTuple):
    """What a way is known by in every period: kind of variable, link and thing."""

    kind: str
    tail: str
    head: str
    form: str
    #: contract, or rule of a corridor: several links may have the same ends
    link: str
    thing: Any


#: a term of a row of who receives: whether it is an equation, family and label, and weight
Term = tuple[bool, str, "Label", float]


@dataclass(frozen=True)
class Way:
    """What a link carries of one thing, and how long."""

    passage: Passage
    n_periods: int  #: whole periods from leaving to arriving, at least 1
    #: tuple of float, length n_periods; tonnes that left before the horizon, by the period in which
    #: they arrive
    coming: tuple[float, ...]
    #: where what arrives enters the balance of a period
    terms: tuple[Term, ...] = field(default=(), repr=False)
    waiting: float = 0.0  #: tonnes that have come before the horizon and wait


def heads_of(
    model: Model, passages: Iterable[Passage]
) -> dict[Passage, tuple[int, tuple[Term, ...]]]:
    """Return the columns of some ways in a model, and where what arrives enters its rows.

    Those that the model does not know are left out.
    """
    wanted = frozenset(passages)
    columns = {passage: column for passage, column in _passages(model) if passage in wanted}
    of_column = {column: passage for passage, column in columns.items()}
    terms: dict[Passage, list[Term]] = {passage: [] for passage in columns}
    for is_equality in (False, True):
        matrix = model.stacked(is_equality)[0].tocoo()
        labels = model.labels(is_equality)
        selection = np.isin(matrix.col, list(of_column))
        picked = (each[selection].tolist() for each in (matrix.row, matrix.col, matrix.data))
        for row, column, weight in zip(*picked, strict=True):
            family, label = labels[row]
            passage = of_column[column]
            # A family may hold both ends of a link (what a plant gets and what it sends); the label
            # says whose row it is.
            if family in _RECEIVING and label[1] == passage.head:
                terms[passage].append((is_equality, family, label, weight))
    return {passage: (column, tuple(terms[passage])) for passage, column in columns.items()}


def _passages(model: Model) -> Iterable[tuple[Passage, int]]:
    """Yield every way of a model with its column; ways into the hub of a corridor are none."""
    frame = model.scope.frame
    for kind in _KINDS:
        for column, (index, entry) in model.columns.of(kind):
            arc = frame.arcs[index]  # type: ignore[call-overload]
            if arc.head not in frame.hubs:
                yield _passage(kind, arc, entry), column


def _passage(kind: str, arc: Arc, entry: Any) -> Passage:
    link = arc.link.id if isinstance(arc.link, Rule) else arc.contract
    return Passage(kind, arc.tail, arc.head, arc.form, link, entry)


def ways_of(
    models: Iterable[Model], before: tuple[Model, Floats], period: Period, by: str, level: LevelName
) -> tuple[Way, ...]:
    """Return the ways that are at least a period long, with what is on them at first.

    A corridor is as long as from the furthest of those who send into it. The models are those of
    the periods without a shock; `before` is the balance of the year before anything happens, with
    its variables, t/yr. As much as the first period holds went in each before it.
    """
    days_a_period = _DAYS_A_MONTH * PERIODS[by].n_months
    at_first, x = dict(_passages(before[0])), before[1]
    routes: dict[Passage, Way] = {}
    for model in {id(model): model for model in models}.values():
        days = _days_by_link(model, level)
        passages = [passage for passage, _ in _passages(model) if passage not in routes]
        long = {
            passage: n_periods
            for passage in passages
            if (n_periods := int(days[passage[1:4]] / days_a_period + 0.5))
        }
        heads = heads_of(model, long)
        for passage, n_periods in long.items():
            column = at_first.get(passage)
            went = 0.0 if column is None else max(0.0, float(x[column])) * period.length
            routes[passage] = Way(passage, n_periods, (went,) * n_periods, heads[passage][1])
    return tuple(routes.values())


def _days_by_link(model: Model, level: LevelName) -> dict[tuple[str, str, str], float]:
    """Return the days that each link takes, by tail, head and form."""
    frame, net = model.scope.frame, model.scope.net
    days = {}
    for arc in frame.arcs:
        tails = [arc.tail]
        if arc.tail in frame.hubs:
            tails = [frame.arcs[index].tail for index in frame.arcs_in.get(arc.tail, ())]
        each = [lead_days(net, tail, arc.head, arc.form, level) for tail in tails]
        days[arc.tail, arc.head, arc.form] = max(each, default=0.0)
    return days


def as_it_arrives(
    normals: Sequence[Normal], moved: Sequence[Floats], routes: Iterable[Way]
) -> tuple[Normal, ...]:
    """Return what periods bring without a shock, where goods are on the way.

    A year begins at once everywhere, and what leaves in its first period has not arrived: nothing
    above what was served counts as needed as long as the longest chain to a nation takes::

        served[t] = min(served[s] for s from t - chain to t)

    `moved` is what moves in each period.
    """
    n_periods = {route.passage: route.n_periods for route in routes}
    if not n_periods:
        return tuple(normals)
    chains: dict[int, Mapping[str, int]] = {}
    arrived = []
    for index, (normal, x) in enumerate(zip(normals, moved, strict=True)):
        if id(normal) not in chains:
            chains[id(normal)] = _chains(normal.run.model, x, n_periods)
        chain = chains[id(normal)]
        served = {
            claim: min(
                each.served.get(claim, 0.0)
                for each in normals[max(0, index - chain.get(claim[0], 0)) : index + 1]
            )
            for claim in normal.served
        }
        is_same = served == normal.served
        arrived.append(normal if is_same else replace(normal, served=served))
    return tuple(arrived)


def _chains(model: Model, x: Floats, n_periods: Mapping[Passage, int]) -> Mapping[str, int]:
    """Return the most periods from a source to each node, along links that move something.

    Scrap that comes round counts for nothing, and no more periods than are looked ahead.
    """
    arcs, least = model.scope.frame.arcs, ROUNDING * float(x.max(initial=0.0))
    links: dict[tuple[str, str], int] = {}
    for kind in _KINDS:
        for column, (index, entry) in model.columns.of(kind):
            arc = arcs[index]  # type: ignore[call-overload]
            if x[column] > least and not arc.is_scrap:
                bounds, long = (arc.tail, arc.head), n_periods.get(_passage(kind, arc, entry), 0)
                links[bounds] = max(long, links.get(bounds, 0))
    chains: dict[str, int] = dict.fromkeys((end for link in links for end in link), 0)
    is_longer = True
    while is_longer:
        is_longer = False
        for (tail, head), long in links.items():
            chain = min(MOST_AHEAD, chains[tail] + long)
            if chain > chains[head]:
                chains[head], is_longer = chain, True
    return chains


def later(route: Way, sent: float, arrived: float) -> Way:
    """Return a way a period later, by the tonnes that left and that were taken in, in the period.

    Examples
    --------
    >>> way = Way(Passage("element", "a", "b", "oxide", "", "Nd"), 2, (3.0, 4.0))
    >>> later(way, 5.0, 2.0).coming, later(way, 5.0, 2.0).waiting
    ((4.0, 5.0), 1.0)
    """
    come, *others = (*route.coming, max(0.0, sent))
    return replace(route, coming=tuple(others), waiting=max(0.0, route.waiting + come - arrived))


def longest(routes: Iterable[Way]) -> int:
    """Return the most periods that a thing is on its way, if it passes each form once.

    Examples
    --------
    >>> longest(())
    0
    """
    by_form: dict[str, int] = {}
    for route in routes:
        form = route.passage.form
        by_form[form] = max(route.n_periods, by_form.get(form, 0))
    return sum(by_form.values())
