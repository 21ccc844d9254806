"""What holds in each period: the balance of its year under the shocks that are in force.

Plants that fill or run down do so within a year, the mean of each year kept: a capacity goes
straight, by the slope s of the three means around it, limited so that no month lies beyond the
means of the years before and after::

    s = min(|c[y+1] - c[y-1]| / 2, 2 |c[y+1] - c[y]|, 2 |c[y] - c[y-1]|), with their sign, or 0
    c(month m of y) = c[y] + s ((m - 1/2) / 12 - 1/2)

It is the monotonized central slope of van Leer (1977), which keeps means and makes no new highs. A
plant that grows fast starts from nothing; one that is the same in the year before or after is
steady.

A seasonal profile states which part w(m) of a year goes over a border in each month. In a period of
months M, limits of the links that it holds for, least tonnages and what was observed, all per year,
are multiplied by ``12 mean(w(m) for m in M)``; by the length of the period that is ``sum(w(m) for m
in M)`` of the year, and over twelve months the year. A restriction that withholds a part of what
was observed withholds that part of the month.

Goods on the way: what leaves in one period and arrives whole periods later.

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
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.policy import serve_firm
from supplynet.analysis.balance.programs import Run, Words, out_of_play, run_of
from supplynet.analysis.balance.scope import scope
from supplynet.analysis.question import Question, ask, target_nodes
from supplynet.analysis.time.periods import in_force
from supplynet.arrays import Floats
from supplynet.errors import OptionError
from supplynet.network.cache import cache_of
from supplynet.network.scenario.scenario import Scenario, scenario_list
from supplynet.network.scenario.years import default_year
from supplynet.network.schema import Edge, Rule
from supplynet.network.selector import select
from supplynet.network.timeline import capacities_in_force, lead_days, runs
from supplynet.network.units import tonnage
from supplynet.terms import PERIODS

if TYPE_CHECKING:
    from supplynet.analysis.arrays.feeds import Feed
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.balance.rows import Label
    from supplynet.analysis.time.options import Solved, Ways
    from supplynet.analysis.time.periods import Part, Period
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.network.schema import Node, Season
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.engine import Starts
    from supplynet.terms import LevelName


_L = TypeVar("_L", Edge, Rule)
#: part of a figure below which it is rounding of the programs that it comes from
ROUNDING = 1e-9
#: part of a year's mean, or of a twelfth of it, by which a period must differ to count
_LEAST = 1e-9
#: columns of links that count per year
_PER_YEAR = ("capacity", "capacity_low", "capacity_high", "minimum", "observed")


@dataclass(frozen=True)
class Asked:
    """The words of a question about a horizon, but for its shocks."""

    net: SupplyNetwork = field(repr=False)
    #: links, plants, tier: what counts, as in every question
    links: str | None = None
    plants: str | None = None
    tier: str | None = None
    lens: str = "location"
    scenario: tuple[ScenarioLike, ...] = ()  #: scenarios that hold throughout
    level: LevelName = "central"  #: end of all figures
    need: LevelName | None = None  #: end of what is asked for, if not the other one
    time_limit: float | None = None  #: seconds for each program

    @property
    def default_year(self) -> int:
        """The year that is meant where none is asked for: with scenarios one in which they act."""
        return default_year(self.net.with_scenario(*self.scenario))

    def question(self, year: int, parts: Iterable[Part] = (), *, to: str | None = None) -> Question:
        """Return the question of a year with some parts of shocks in force, by default of all."""
        nations = [f"stage:{stage.name}" for stage in self.net.stages if stage.is_nation]
        if not nations:
            raise OptionError(f"{self.net.name} has no stage of nations, so that nobody draws")
        avoid = [interval.avoid for interval in parts if interval.avoid]
        scenarios = [*self.scenario, *in_force(self.net, parts)]
        return ask(
            self.net,
            to=nations if to is None else to,
            avoid=avoid or None,
            year=year,
            links=self.links,
            plants=self.plants,
            tier=self.tier,
            lens=self.lens,
            scenario=scenarios or None,
            counts="balance",
        )


def asked_of(net: SupplyNetwork, query: Solved, level: LevelName = "central") -> Asked:
    """Return the words of a question about a horizon as they were given."""
    return Asked(
        net,
        query.links,
        query.plants,
        query.tier,
        query.lens,
        tuple(scenario_list(query.scenario)),
        level,
        time_limit=query.time_limit,
    )


@dataclass(frozen=True)
class Normal:
    """What a year brings without a shock: the balance of all nations, the worst covered first."""

    question: Question = field(repr=False)
    run: Run = field(repr=False)
    served: Mapping[Claim, float]  #: by nation and product, t of product per year

    @property
    def demand(self) -> Mapping[Claim, float]:
        """What is asked for, t of product per year."""
        return self.run.model.scope.demand


def normal_of(query: Asked, year: int, starts: Starts | None = None) -> Normal:
    """Return what a year brings without a shock, from the cache.

    `starts` is where the programs of much the same years ended.
    """
    question = query.question(year)
    key = ("normal", year, question.links, question.plants, question.shut, query.level, query.need)
    cache = cache_of(question.net)
    if key not in cache:
        cache[key] = _normal(question, query, starts)
    normal: Normal = cache[key]
    return normal


def _normal(question: Question, query: Asked, starts: Starts | None) -> Normal:
    year = question.year
    texts = Words(
        objective="fair",
        elements=question.net.commodity.elements,
        basis="capacity",
        priority=(),
        exposed_to="",
        weights={},
        time_limit=query.time_limit,
    )
    run, reached = run_of(question, texts, query.level, need=query.need, starts=starts)
    demand = run.model.scope.demand
    if not demand:
        raise OptionError(
            f"{question.net.name} knows no demand of {year}, so that nothing can run short",
            hint="add a table of demand",
        )
    served = {
        claim: reached.levels[claim] * tonnes if reached.levels[claim] > ROUNDING else 0.0
        for claim, tonnes in demand.items()
    }
    return Normal(question, run, served)


class Target:
    """A nation or bloc that is asked about, at each end of the figures.

    An OptionError if it is none.
    """

    def __init__(self, to: str, asked: Mapping[LevelName, Asked]) -> None:
        self._to, self._asked, self._net = to, asked, asked["central"].net
        self.certificates: list[Certificate] = []
        self.targets = target_nodes(self._net, to)
        if not self.targets <= frozenset(self._net.nation_ids):
            raise OptionError(
                f"{to!r} is no nation, and only nations need something",
                hint=f"there are {', '.join(self._net.nation_ids)}",
            )

    def own(self, served: Mapping[Claim, float]) -> dict[Claim, float]:
        """Return what of all that is served is its, by nation and product."""
        return {
            claim: tonnes
            for claim, tonnes in served.items()
            if claim[0] in self.targets and tonnes > 0.0
        }


def by_form(net: SupplyNetwork, claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Return nations and products by the form of the product."""
    forms: dict[str, list[Claim]] = {}
    for claim in claims:
        forms.setdefault(net.product_by_id[claim[1]].form, []).append(claim)
    return forms


@dataclass(frozen=True)
class State:
    """What holds in the periods of a year under the same shocks."""

    question: Question = field(repr=False)
    model: Model = field(repr=False)  #: firm deliveries among its rows
    silent: frozenset[str] = frozenset()  #: nations that are avoided and do not draw
    #: of the programs that served firm deliveries
    certificates: Mapping[str, Certificate] = field(default_factory=dict, repr=False)


def state_of(
    query: Asked,
    year: int,
    parts: tuple[Part, ...],
    stored: Mapping[str, frozenset[str]],
    *,
    firm: bool = True,
    coming: frozenset[tuple[str, Feed]] = frozenset(),
) -> State:
    """Return what holds in a year under some parts of shocks.

    `stored` are elements of stocks that a node may draw on, `coming` feeds on the way to one. With
    `firm` links with a firm tonnage must carry it: a contract ends with a plant that is lost.
    """
    if firm and not parts and not any(stored.values()):
        usual = normal_of(query, year)  # nothing is shut, and no stock widens what can happen
        return State(usual.question, usual.run.model, certificates=usual.run.certificates)
    question = query.question(year, parts)
    # Nations that are shut neither draw nor count as short.
    silent = out_of_play(question)
    shut = question.closed(query.level)
    options = scope(
        question.net,
        year=year,
        links=question.links,
        plants=question.plants,
        closed=shut | silent,
        elements=question.net.commodity.elements,
        basis="capacity",
        level=query.level,
        stored=stored,
        coming=coming,
    )
    run = Run(model(options), query.time_limit)
    if firm:
        run = serve_firm(run)
    return State(question, run.model, silent, run.certificates)


def words_by_period(query: Asked, cut: Iterable[Period], routes: Ways) -> tuple[Asked, ...]:
    """Return the words of each period: with the capacities and the part of a year that are its."""
    filled = ((gradually(query, period) if routes.gradual else query, period) for period in cut)
    return tuple(in_season(own, period) if routes.seasonal else own for own, period in filled)


def gradually(query: Asked, period: Period) -> Asked:
    """Return the words of a question with the capacities of a period in place of its year's.

    Scenarios that hold throughout are applied first: what they set fills too. A whole year, or one
    in which no plant changes, keeps the words as they are.
    """
    question = query.question(period.year)
    net = question.net
    factors = factors_of(net, period, question.plants, query.level)
    if not factors:
        return query
    changes = [
        {"verb": "scale", "nodes": f"node:{plant}", "factor": factor}
        for plant, factor in factors.items()
    ]
    filled = Scenario.from_dict({"change": changes}, name=f"capacities of {period.label}")
    return replace(query, net=net.with_scenario(filled), scenario=())


def factors_of(
    net: SupplyNetwork, period: Period, plants: str, level: LevelName = "central"
) -> dict[str, float]:
    """Return what the capacity of a plant is in a period, as a part of its year's.

    Plants that are steady in the year are left out; expansions count as far as `plants` do.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.time.periods import Period
    >>> from supplynet.network.timeline import Month
    >>> factors_of(sn.load("tutorial"), Period(Month(2024, 1), 12), "operating")
    {}
    """
    first = period.begin.month
    middle = (first - 1 + period.n_months / 2.0) / 12.0 - 0.5
    factors = {}
    for node in net.node_rows:
        means = [_mean(net, node, period.year + step, plants, level) for step in (-1, 0, 1)]
        if None in means or not means[1]:
            continue
        before, mean, after = (float(value or 0.0) for value in means)
        change = slope(before, mean, after) * middle
        if abs(change) > _LEAST * mean:
            factors[node.id] = 1.0 + change / mean
    return factors


def slope(before: float, mean: float, after: float) -> float:
    """Return by how much a capacity grows within a year, of the means of three years.

    Examples
    --------
    >>> slope(0.0, 10.0, 50.0), slope(20.0, 30.0, 40.0), slope(0.0, 10.0, 10.0)
    (20.0, 10.0, 0.0)
    """
    back, forth = mean - before, after - mean
    if back * forth <= 0.0:
        return 0.0
    least = min(abs(after - before) / 2.0, 2.0 * abs(forth), 2.0 * abs(back))
    return float(np.copysign(least, back))


def _mean(net: SupplyNetwork, node: Node, year: int, plants: str, level: LevelName) -> float | None:
    """Return the capacity of a plant in a year, 0 where it does not run; None for no limit."""
    if not runs(node, year):
        return 0.0
    step = capacities_in_force(net, year, plants).get(node.id)
    return tonnage(net, node if step is None else step, "capacity", level)


def in_season(query: Asked, period: Period) -> Asked:
    """Return the words of a question with the tonnages of a period in place of its year's.

    A whole year, or one in which no profile holds, keeps the words as they are.
    """
    months = tuple(range(period.begin.month, period.end.month + 1))
    cache, key = cache_of(query.net), ("season", months)
    if key not in cache:
        cache[key] = _seasoned(query.net, months)
    net: SupplyNetwork = cache[key]
    return query if net is query.net else replace(query, net=net)


def factor_of(net: SupplyNetwork, link: Edge | Rule, months: tuple[int, ...]) -> float:
    """Return what the tonnages of a link are in some months, as a part of those of the year.

    The first profile that holds for all that a link or rule stands for counts; else it is 1.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> factor_of(net, net.edge_rows[0], (2,))
    1.0
    """
    senders, receivers = _ends(net, link)
    for (source, target, form), shares in _profiles(net).items():
        is_meant = senders <= select(net, source).surely and receivers <= select(net, target).surely
        if form == link.form and senders and receivers and is_meant:
            return 12.0 * sum(shares[month] for month in months) / len(months)
    return 1.0


def _ends(net: SupplyNetwork, link: Edge | Rule) -> tuple[frozenset[str], frozenset[str]]:
    """Return who may send and receive on a link."""
    if isinstance(link, Edge):
        return frozenset({link.source}), frozenset({link.target})
    return select(net, link.source).surely, select(net, link.via or link.target).surely


def _profiles(net: SupplyNetwork) -> dict[tuple[str, str, str], dict[int, float]]:
    """Return the part of a year by month, by who sends, who receives, and form."""
    rows = cast("tuple[Season, ...]", net.rows("seasons"))
    profiles: dict[tuple[str, str, str], dict[int, float]] = {}
    for row in rows:
        profiles.setdefault((row.source, row.target, row.form), {})[row.month] = row.share
    for shares in profiles.values():
        total = sum(shares.values())  # published shares are rounded
        shares |= {month: share / total for month, share in shares.items()}
    return profiles


def _seasoned(net: SupplyNetwork, months: tuple[int, ...]) -> SupplyNetwork:
    edges = [_scaled(row, factor_of(net, row, months)) for row in net.edge_rows]
    rules = [_scaled(row, factor_of(net, row, months)) for row in net.rule_rows]
    is_same = edges == list(net.edge_rows) and rules == list(net.rule_rows)
    return net if is_same else net.replace(edges=edges, rules=rules)


def _scaled(row: _L, factor: float) -> _L:
    """Return a link with its tonnages of a year multiplied."""
    if abs(factor - 1.0) <= _LEAST:
        return row
    return row.multiplied(factor, _PER_YEAR)


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
    for balance in {id(balance): balance for balance in models}.values():
        days = _days_by_link(balance, level)
        passages = [passage for passage, _ in _passages(balance) if passage not in routes]
        long = {
            passage: n_periods
            for passage in passages
            if (n_periods := int(days[passage[1:4]] / days_a_period + 0.5))
        }
        heads = heads_of(balance, long)
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
