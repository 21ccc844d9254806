"""Bypass: what could arrive when a jurisdiction is avoided, by which routes and countries.

Every vertex stands twice, before and after the first visit; only flow that has visited counts
at the target. Both copies share one capacity. The two-state maximum flow without that sharing
is an upper bound, and exact when its solution respects it; otherwise a linear program decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph
from supplynet.analysis.flow.flow import graph_of
from supplynet.analysis.flow.rows import (
    ASKED_FOR,
    Carrier,
    DeadEnd,
    FlowResult,
    Tier,
    TierRow,
    ViaShare,
    ViaTier,
)
from supplynet.analysis.question import Question
from supplynet.arrays import Bools, Floats, Ints
from supplynet.contract.answer import Answer, bound
from supplynet.contract.backing import has_proofs
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, NUMBER, TEXT, array_of, columns_schema, record
from supplynet.contract.row import col
from supplynet.errors import OptionError
from supplynet.network.demand import demand
from supplynet.network.selector import select
from supplynet.network.tiers import floors
from supplynet.solve.check import Certificate, require
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.terms import DEFAULT_TIER, ENDS, LEVELS
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.proofs import Proof
    from supplynet.network.demand import DemandFigure

#: 2**n coalitions are solved: beyond this many players the table is refused
MAX_PLAYERS = 10


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one player of a coalition adds."""

    alone: float  #: gain when only this player joins
    marginal: float  #: loss when only this player leaves the full coalition
    #: average gain over every order of joining (Shapley, 1953); these add up to the gain of the
    #: full coalition
    shapley: float


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """Return every team that players can form, the empty one and the smallest first."""
    n = len(players)
    if n > MAX_PLAYERS:
        raise OptionError(
            f"contributions of {n} countries would need {2**n} solves; the most is {MAX_PLAYERS}",
            hint="name fewer in via=",
        )
    return [frozenset(team) for size in range(n + 1) for team in combinations(players, size)]


def contributions(
    players: Sequence[str], worth: Callable[[frozenset[str]], float]
) -> dict[str, Contribution]:
    """Return each player's contribution to the worth of coalitions, by enumeration.

    There may be at most ``MAX_PLAYERS``; more are an OptionError.

    Examples
    --------
    >>> glove = lambda team: float(min(len(team & {"left"}), len(team & {"right a", "right b"})))
    >>> shares = contributions(["left", "right a", "right b"], glove)
    >>> [round(share.shapley, 3) for share in shares.values()]
    [0.667, 0.167, 0.167]
    """
    worths = {team: worth(team) for team in coalitions(players)}
    # Differences of flows that differ in the last digit would show as tiny gains of players that
    # add nothing.
    rounding = 1e-12 * max(abs(value) for value in worths.values())

    def gain(player: str, team: frozenset[str]) -> float:
        difference = worths[team | {player}] - worths[team]
        return difference if abs(difference) > rounding else 0.0

    facts: dict[str, dict[str, float]] = {player: {} for player in players}
    for player, key, orders in _orders(players):
        facts[player][key] = sum(order * gain(player, team) for team, order in orders.items())
    return {player: Contribution(**parts) for player, parts in facts.items()}


def _orders(players: Sequence[str]) -> Iterator[tuple[str, str, dict[frozenset[str], float]]]:
    """Yield each player with each of its figures, and how its gains to teams add up to that."""
    n, everyone = len(players), frozenset(players)
    for player in players:
        yield player, "alone", {frozenset(): 1.0}
        yield player, "marginal", {everyone - {player}: 1.0}
        # The Shapley value: the gain averaged over all orders in which the players could join; so
        # many orders have just this team before the player.
        teams = [team for team in coalitions(players) if player not in team]
        parts = [factorial(len(team)) * factorial(n - len(team) - 1) for team in teams]
        shares = [index / factorial(n) for index in parts]
        yield player, "shapley", dict(zip(teams, shares, strict=True))


@dataclass(frozen=True)
class ElementBypass:
    """The bypass of one element."""

    question: Question
    element: str
    unit: str
    demand: DemandFigure
    tiers: tuple[Tier, ...]
    #: the widest tier without the avoided jurisdiction: routes, cut and certificate
    flow: FlowResult
    via: tuple[str, ...] = field(repr=False)  #: selectors of the countries looked at

    @cached_property
    def shut_without(self) -> dict[frozenset[str], frozenset[str]]:
        """Plants that are shut where only some countries of ``via`` join, by these."""
        sets = {word: via_nodes(self.question, word) for word in self.via}
        everyone = frozenset().union(*sets.values())
        return {
            team: everyone.difference(*(sets[member] for member in team))
            for team in coalitions(self.via)
        }

    @cached_property
    def via_shares(self) -> tuple[ViaShare, ...]:
        """What each country of ``via`` can carry and adds, largest first."""
        from supplynet.analysis.arrays.solving import solve_ahead, value_without

        solved, gone = self.flow.solved, self.shut_without
        solve_ahead(
            (solved.graph, shut) for shut in gone.values() if not solved.carries_nothing(shut)
        )
        shares = contributions(self.via, lambda team: value_without(solved, gone[team]))
        shares_via = [
            ViaShare(word, flow.value, **asdict(shares[word]))
            for word, flow in zip(self.via, self.through, strict=False)
        ]
        order = {word: index for index, word in enumerate(self.via)}
        return tuple(
            sorted(shares_via, key=lambda share: (by_size(share.through), order[share.via]))
        )

    @cached_property
    def via_together(self) -> ThroughFlow:
        """Most t/yr that can arrive having passed any of the countries of ``via``."""
        return self.through[-1]

    @cached_property
    def through(self) -> list[ThroughFlow]:
        """What can pass each country of ``via``, and at last any of them."""
        sets = [via_nodes(self.question, word) for word in self.via]
        return through_flows(self.flow.solved.graph, [*sets, frozenset().union(*sets)])

    @cached_property
    def via_flows(self) -> dict[str, ViaFlows]:
        """By tier what can come by way of each country of ``via`` and of any."""
        request = self.question, self.element, self.via
        return {tier: via_flows(*request, tier) for tier in VIA_TIERS}

    @cached_property
    def via_tiers(self) -> tuple[ViaTier, ...]:
        """What can come by way of each country of ``via`` and of any, on two tiers."""
        named = self.question, self.element, self.unit
        return tuple(row for stated in self.via_flows.items() for row in via_tier(*named, *stated))

    @cached_property
    def years(self) -> tuple[dict[str, Any], ...]:
        """Potential without the avoided jurisdiction by year and tier, with the demand, t/yr."""
        from supplynet.analysis.arrays.solving import solve_ahead
        from supplynet.analysis.flow.flow import graph_of, solve_question

        needs = self._needs()
        graphs = (
            graph_of(
                self.question, self.element, links=tier.links, plants=tier.plants, year=row["year"]
            )
            for row in needs
            for tier in self.tiers
        )
        solve_ahead((graph, frozenset()) for graph in graphs)
        for row in needs:
            for tier in self.tiers:
                counted: dict[str, Any] = {"links": tier.links, "plants": tier.plants}
                flow = solve_question(self.question, self.element, year=row["year"], **counted)
                # flows that are solved side by side differ in the last digits by their company
                row[tier.name] = float(f"{flow.value:.12g}")
        return tuple(needs)

    def _needs(self) -> list[dict[str, Any]]:
        """Return the demand by year."""
        from supplynet.network.demand import demand

        net, targets = self.question.net, self.question.targets
        span = range(net.commodity.first_year, net.commodity.last_year + 1)
        needs = ((year, demand(net, targets, self.element, year)) for year in span)
        return [
            {"year": year, "demand": need.value, "demand_how": str(need)} for year, need in needs
        ]

    @cached_property
    def year_ranges(self) -> tuple[dict[str, tuple[float, float]], ...]:
        """Least and most of each tier by year, t/yr: the low and the high end of the data.

        In the order of :attr:`years`. At the high end plants of unknown owners are open.
        """
        from supplynet.analysis.arrays.solving import solve, solve_ahead
        from supplynet.analysis.flow.flow import graph_of

        graphs = [
            graph_of(
                self.question,
                self.element,
                links=tier.links,
                plants=tier.plants,
                year=row["year"],
                level=end.name,
            )
            for row in self.years
            for tier in self.tiers
            for end in ENDS.values()
        ]
        solve_ahead((graph, frozenset()) for graph in graphs)
        values = iter([solve(graph).value for graph in graphs])
        return tuple(
            {tier.name: (next(values), next(values)) for tier in self.tiers} for _ in self.years
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON; where figures are only counted, nothing is solved for that."""
        if has_proofs():
            years, by_way = list(self.years), list(map(vars, self.via_tiers)) if self.via else []
        else:
            zeros = dict.fromkeys((tier.name for tier in self.tiers), 0.0)
            years = [{**row, **zeros} for row in self._needs()]
            keys = ("demand", "year", "through", *_COVERAGES * bool(self.demand.value))
            n_teams = len(self.via) + (len(self.via) > 1)
            by_way = [dict.fromkeys(keys, 0.0) for _ in range(n_teams * len(VIA_TIERS))]
        return {
            "element": self.element,
            "unit": self.unit,
            "demand": {"value": self.demand.value, "how": str(self.demand)},
            "tiers": list(map(vars, self.tiers)),
            "via": list(map(vars, self.via_shares)),
            "via_together": self.via_together.value if self.via else 0.0,
            "via_tiers": by_way,
            "years": years,
            "flow": self.flow.to_dict_unproved(),
        }


_COVERAGES = "coverage", "coverage_low", "coverage_high"
#: tables that are asked again, by what tells their rows from each other
_AGAIN = {
    "tiers.": "'element tier', element, tier",
    "via.": "'element via', element, via",
    "via_tiers.": "'element tier via', element, tier, via",
    "years.": "'element year', element, year",
}
#: the demand for the element of the row
_ITS_DEMAND = "max(elements.demand.value, element)"
#: the row of the headline: the first element on what is counted on in all
_ASKED: dict[str, Any] = {
    "table": "tiers",
    "where": lambda result, row: row.tier == result.question.tier,
    "place": ("elements", 0, "tiers"),
}


class BypassResult(
    Answer,
    name="bypass",
    title="What could reach a target without a jurisdiction, element by element",
    headline=(
        Lead("coverage", "coverage", "coverage_low", "coverage_high", of="{row.element}", **_ASKED),
        Lead("maximum flow", "without", "low", "high", of="{row.element}", **_ASKED),
    ),
    document="supplynet.reports.results_flow.of_bypass",
    frames=("tiers",),
    also=("carried_by", "dead_ends"),
    by={
        "elements.tiers.coverage": "min(1, without / demand.value)",
        "elements.via_tiers.coverage": "min(1, through / demand)",
        "elements.via_tiers.year": "asked.year",
        "elements.demand.value": ASKED_FOR,
        "elements.via_tiers.demand": _ITS_DEMAND,
        "elements.years.year": "names",
        "elements.years.demand": (
            f"{_ITS_DEMAND} if year == asked.year else demand(asked.to, element, year)"
        ),
        "elements.via.": "-through",
        # what has no program in the proof
        "elements.via_together": "answered('elements', itself, 'element', element)",
        **{
            f"elements.{table}*": f"answered('elements.{table[:-1]}', itself, {keys})"
            for table, keys in _AGAIN.items()
        },
        "carried_by.coverage": "tonnes / answer.elements[0].demand.value",
    },
    nested={
        "elements": array_of(
            record(
                {
                    "element": TEXT,
                    "unit": TEXT,
                    "demand": record({"value": NUMBER, "how": TEXT}),
                    "tiers": array_of(columns_schema(Tier.COLUMNS)),
                    "via": array_of(columns_schema(ViaShare.COLUMNS)),
                    "via_together": NUMBER,
                    "via_tiers": array_of(columns_schema(ViaTier.COLUMNS)),
                    "years": array_of(ANYTHING),
                    "flow": ANYTHING,
                }
            )
        )
    },
    # and what a study lays beside it
    open=(
        "conditions",
        "estimates",
        "corridors",
        "scenarios",
        "page",
    ),
):
    """What could reach a target without a jurisdiction, element by element.

    Figures are potentials: what could arrive if the target had exclusive access.
    """

    elements: tuple[ElementBypass, ...]
    via: tuple[str, ...] = col("Selectors of the countries looked at.")
    #: whether the countries on the way were named, so that the answer begins with them
    is_via_asked: bool = False

    def __getitem__(self, element: str) -> ElementBypass:
        for row in self.elements:
            if row.element == element:
                return row
        raise KeyError(element)

    @cached_property
    def carried_by(self) -> tuple[Carrier, ...]:
        """Rows without which the headline falls most, each by itself."""
        from supplynet.analysis.flow.attackable import carriers_of_flow

        return carriers_of_flow(self.elements[0].flow)

    @cached_property
    def dead_ends(self) -> tuple[DeadEnd, ...]:
        """What plants could make and nobody buys, tier by tier."""
        from supplynet.analysis.flow.flow import floors_of
        from supplynet.analysis.flow.names import dead_ends_of

        return tuple(
            row
            for tier_floors in floors_of(self.question).values()
            for row in dead_ends_of(
                replace(self.question, links=tier_floors.links, plants=tier_floors.plants)
            )
        )

    @property
    def tiers(self) -> tuple[TierRow, ...]:
        """With and without what is avoided, by element and tier."""
        return tuple(
            TierRow(
                **vars(tier),
                element=element.element,
                unit=element.unit,
                demand=element.demand.value,
            )
            for element in self.elements
            for tier in element.tiers
        )

    def _nested(self) -> dict[str, Any]:
        return {"elements": [element.to_dict() for element in self.elements]}

    @cached_property
    def _proofs(self) -> tuple[Proof, list[Proof]]:
        from supplynet.analysis.flow.answer_evidence import bypass_proofs

        return bypass_proofs(self.elements, self.carried_by)

    def proof(self) -> list[Proof]:
        """Return every flow of the tiers, years, countries on the way and rows that carry it."""
        return [self._proofs[0]]

    def _as_dict(self, *, is_proved: bool = True) -> dict[str, Any]:
        record = super()._as_dict(is_proved=is_proved)
        if is_proved:
            proofs = self._proofs[1] if has_proofs() else [{}] * len(self.elements)
            for element, proof in zip(record["elements"], proofs, strict=True):
                element["flow"] = bound({**element["flow"], "proof": [proof]})
        return bound(record) if is_proved else record

    @property
    def is_certified(self) -> bool:
        """Whether the independent check accepted every flow behind the result."""
        return all(element.flow.certificate.ok for element in self.elements)

    @property
    def idle_restrictions(self) -> tuple[str, ...]:
        """The restrictions that bind nothing for any element, in words, with the reason."""
        stated = [
            {restriction.id: str(restriction) for restriction in element.flow.idle_restrictions}
            for element in self.elements
        ]
        return tuple(
            text
            for ident, text in stated[0].items()
            if all(ident in element_told for element_told in stated)
        )

    @property
    def routes(self) -> pd.DataFrame:
        """Routes of the widest tier as a DataFrame, all elements."""
        import pandas as pd

        from supplynet.analysis.flow.flow import routes_frame

        frames = []
        for element in self.elements:
            frame = routes_frame(self.question.net, element.flow.routes)
            frame.insert(0, "element", element.element)
            frames.append(frame)
        selection = [frame for frame in frames if len(frame)] or frames[:1]
        return pd.concat(selection, ignore_index=True)


# relative excess over a shared capacity that counts as rounding
_ROUNDING = 1e-12


@dataclass(frozen=True)
class ThroughFlow:
    """The largest flow that visits a set of nodes."""

    value: float  #: t/yr that arrive having passed at least one of the nodes
    #: one of "none", "max-flow", "linear program"; none: no node of the set lies on any way
    method: str
    certificate: Certificate | None  #: of the problem that was solved; None where nothing was
    #: the problem and its solution; None where nothing was solved
    solved: tuple[FlowProblem, FlowSolution] | tuple[LinearProgram, LinearSolution] | None = None


@dataclass(frozen=True)
class _TwoState:
    """Arcs of the two-state network: of which arc each is a copy, and its ends."""

    tail: Ints
    head: Ints
    arc: Ints
    vertex: Ints
    n_vertices: int
    source: int
    sink: int


def through_flows(graph: FlowGraph, sets: Iterable[frozenset[str]]) -> list[ThroughFlow]:
    """Return the largest flow that passes at least one node of each set, all solved in one go."""
    two_states = [_two_state(graph, graph.vertices_of(members)) for members in sets]
    problems = [
        None
        if states is None
        else FlowProblem(
            tail=states.tail,
            head=states.head,
            capacity=graph.capacity[states.arc],
            n_nodes=states.n_vertices,
            source=states.source,
            sink=states.sink,
            node_capacity=graph.node_capacity[states.vertex],
        )
        for states in two_states
    ]
    solutions = iter(max_flow_many([problem for problem in problems if problem is not None]))
    return [
        ThroughFlow(0.0, "none", None)
        if states is None or problem is None
        else _through(graph, states, problem, next(solutions))
        for states, problem in zip(two_states, problems, strict=True)
    ]


def _through(
    graph: FlowGraph, states: _TwoState, problem: FlowProblem, solution: FlowSolution
) -> ThroughFlow:
    """Return the answer, by a linear program where the solution does not share capacities."""
    certificate = certify_flow(problem, solution)
    require(certificate)
    if _shares_capacity(graph, states, solution.flow):
        return ThroughFlow(solution.value, "max-flow", certificate, (problem, solution))
    return _by_linear_program(graph, states)


def _two_state(graph: FlowGraph, visited: list[int]) -> _TwoState | None:
    """Copies of the arcs that lie on a way from the source over a visited node to the sink."""
    if not visited:
        return None
    n = len(graph.labels)
    is_visited = np.zeros(n, dtype=bool)
    is_visited[visited] = True
    # state 0 keeps the vertex number, state 1 adds n; a visited head is only entered in state 1
    before_head = graph.head + np.where(is_visited[graph.head], n, 0)
    tail = np.concatenate([graph.tail, graph.tail + n])
    head = np.concatenate([before_head, graph.head + n])
    arc = np.concatenate([np.arange(graph.tail.size)] * 2)
    source, sink = graph.index[SOURCE], graph.index[SINK] + n
    from_source = _reach(tail, head, source, 2 * n)
    to_sink = _reach(head, tail, sink, 2 * n)
    keep = from_source[tail] & to_sink[head]
    if not keep.any():
        return None
    used, renumbered = np.unique(np.concatenate([tail[keep], head[keep]]), return_inverse=True)
    n_kept = int(keep.sum())
    return _TwoState(
        tail=renumbered[:n_kept],
        head=renumbered[n_kept:],
        arc=arc[keep],
        vertex=used % n,
        n_vertices=used.size,
        source=int(np.searchsorted(used, source)),
        sink=int(np.searchsorted(used, sink)),
    )


def _reach(tail: Ints, head: Ints, start: int, n: int) -> Bools:
    """Which of n vertices can be reached from one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    matrix = csr_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(n, n))
    reached = np.zeros(n, dtype=bool)
    reached[breadth_first_order(matrix, start, return_predecessors=False)] = True
    return reached


def _shares_capacity(graph: FlowGraph, states: _TwoState, flow: Floats) -> bool:
    """Whether the copies of every arc and vertex stay within the one capacity they share."""
    by_arc = np.bincount(states.arc, weights=flow, minlength=graph.capacity.size)
    through = np.bincount(states.vertex[states.head], weights=flow, minlength=len(graph.labels))
    through[graph.index[SOURCE]] = 0.0
    return bool(
        (by_arc <= graph.capacity * (1 + _ROUNDING)).all()
        and (through <= graph.node_capacity * (1 + _ROUNDING)).all()
    )


def _by_linear_program(graph: FlowGraph, states: _TwoState) -> ThroughFlow:
    """Maximize the arrivals in state 1 under the shared capacities."""
    from scipy.sparse import csr_array, vstack

    from supplynet.solve.lp.solve import proved

    n_arcs = states.arc.size
    columns = np.arange(n_arcs)
    ones = np.ones(n_arcs)
    shape = (states.n_vertices, n_arcs)
    incidence = csr_array((ones, (states.head, columns)), shape=shape) - csr_array(
        (ones, (states.tail, columns)), shape=shape
    )
    inner = np.ones(states.n_vertices, dtype=bool)
    inner[[states.source, states.sink]] = False
    entering = states.vertex[states.head]
    finite_vertices = np.flatnonzero(
        np.isfinite(graph.node_capacity) & (np.bincount(entering, minlength=len(graph.labels)) > 0)
    )
    finite_arcs = np.flatnonzero(
        np.isfinite(graph.capacity) & (np.bincount(states.arc, minlength=graph.capacity.size) > 1)
    )
    by_vertex = csr_array((ones, (entering, columns)), shape=(len(graph.labels), n_arcs))
    by_arc = csr_array((ones, (states.arc, columns)), shape=(graph.capacity.size, n_arcs))
    program = LinearProgram(
        c=np.where(states.head == states.sink, 1.0, 0.0),
        a_ub=vstack([by_vertex[finite_vertices], by_arc[finite_arcs]], format="csr"),
        b_ub=np.concatenate([graph.node_capacity[finite_vertices], graph.capacity[finite_arcs]]),
        a_eq=incidence[np.flatnonzero(inner)],
        b_eq=np.zeros(int(inner.sum())),
        lower=np.zeros(n_arcs),
        upper=graph.capacity[states.arc],
        maximize=True,
    )
    solution, certificate = proved(program)
    require(certificate)
    return ThroughFlow(solution.objective, "linear program", certificate, (program, solution))


#: tiers that countries on the way are set side by side on: what exists, and what is on paper
VIA_TIERS = (DEFAULT_TIER, "announced")


def via_nodes(question: Question, via: str) -> frozenset[str]:
    """Nodes of a country on the way, nations left out: to arrive is not to pass through."""
    nations = frozenset(question.net.nation_ids)
    return select(question.net, via, lens=question.lens).surely - nations


#: teams of countries, the demand and its ends, and the flow and its ends by way of each team
ViaFlows = tuple[list[tuple[str, ...]], list[float], list[list[ThroughFlow]]]


def via_flows(question: Question, element: str, via: Sequence[str], tier: str) -> ViaFlows:
    """Return what can come by way of each country, and at last of several together."""
    teams = [(word,) for word in via] + ([tuple(via)] if len(via) > 1 else [])
    members = {word: via_nodes(question, word) for word in via}
    sets = [frozenset().union(*(members[word] for word in team)) for team in teams]
    counted = floors(tier=tier)
    options: dict[str, Any] = {"links": counted.links, "plants": counted.plants}
    central = through_flows(graph_of(question, element, **options), sets)
    needs = [
        demand(question.net, question.targets, element, question.year, need=level.opposite).value
        for level in (LEVELS["central"], *ENDS.values())
    ]
    bounds = [
        through_flows(
            graph_of(question, element, level=end.name, need=end.opposite, **options), sets
        )
        for end in ENDS.values()
    ]
    return teams, needs, [central, *bounds]


def via_tier(
    question: Question, element: str, unit: str, tier: str, solved: ViaFlows
) -> tuple[ViaTier, ...]:
    """Return the rows of what can come by way of some countries on a tier."""
    teams, needs, bounds = solved
    return tuple(
        ViaTier(
            element,
            unit,
            needs[0],
            tier,
            question.year,
            team,
            flows[0].value,
            *(
                min(1.0, flow.value / need) if need else None
                for flow, need in zip(flows, needs, strict=True)
            ),
        )
        for team, *flows in zip(teams, *bounds, strict=True)
    )
