"""Bypass: what could still arrive when a jurisdiction is avoided, by which routes, and how sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

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
from supplynet.contract.answer import Answer, bound
from supplynet.contract.backing import has_proofs
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, NUMBER, TEXT, array_of, columns_schema, record
from supplynet.contract.row import answered, col
from supplynet.errors import OptionError
from supplynet.terms import ENDS
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.flow.via import ThroughFlow, ViaFlows
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
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
        from supplynet.analysis.flow.via import via_nodes

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
        from supplynet.analysis.flow.via import through_flows, via_nodes

        sets = [via_nodes(self.question, word) for word in self.via]
        return through_flows(self.flow.solved.graph, [*sets, frozenset().union(*sets)])

    @cached_property
    def via_flows(self) -> dict[str, ViaFlows]:
        """By tier what can come by way of each country of ``via`` and of any."""
        from supplynet.analysis.flow.via import VIA_TIERS, via_flows

        request = self.question, self.element, self.via
        return {tier: via_flows(*request, tier) for tier in VIA_TIERS}

    @cached_property
    def via_tiers(self) -> tuple[ViaTier, ...]:
        """What can come by way of each country of ``via`` and of any, on two tiers."""
        from supplynet.analysis.flow.via import via_tier

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
            from supplynet.analysis.flow.via import VIA_TIERS

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
    "tiers": "element tier",
    "via": "element via",
    "via_tiers": "element tier via",
    "years": "element year",
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
        "elements.via_together": answered("itself", "elements", "element"),
        **{
            f"elements.{table}.*": answered("itself", f"elements.{table}", keys)
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
