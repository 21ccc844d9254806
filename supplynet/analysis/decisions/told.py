"""A plan in the rows of its result: what is chosen and why, year by year, and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.decisions.offers import plants_of, rule_of
from supplynet.analysis.decisions.rows import Added, Chosen, NotOffered, PlanLimit, PlanYear
from supplynet.analysis.decisions.supply import supplies_of
from supplynet.analysis.flow.names import rule_name
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.losses import weightiest
from supplynet.analysis.potential.losses import carriers_in, rows_in
from supplynet.arrays import Floats
from supplynet.network.schema import Edge
from supplynet.network.selector import holder, select
from supplynet.solve.together import one_by_one, within
from supplynet.terms import ENDS, STANDINGS
from supplynet.text import by_size, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.decisions.case import PlanCase
    from supplynet.analysis.decisions.offers import Offer
    from supplynet.analysis.decisions.planner import Plan
    from supplynet.analysis.decisions.rows import Query
    from supplynet.analysis.decisions.supply import Supply, Value
    from supplynet.analysis.potential.losses import CarrierRow
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate
    from supplynet.terms import LevelName


def carrier_rows(net: SupplyNetwork, supply: Supply) -> Iterator[CarrierRow]:
    """Yield rows as the graph has them: in the program they run as if all options were taken."""
    built = plants_of(supply.offered) | {rule_of(offer.id) for offer in supply.offered}
    rules = {row.id: row for row in net.rule_rows}
    parts: dict[str, list[CarrierRow]] = {}
    for named, standing, row, columns in rows_in(supply.question, supply.model):
        table, ident, _ = named
        if table == "nodes" and ident not in built:
            yield named, net.node(ident).status, row, columns
        elif isinstance(row, Edge):
            bounds = row.source, row.target, row.form
            alike = (
                edge_row
                for edge_row in net.edge_rows
                if (edge_row.source, edge_row.target, edge_row.form) == bounds
            )
            weakest = max((edge.standing for edge in alike), key=STANDINGS.rank, default=standing)
            yield named, weakest, row, columns
        elif table == "rules" and ident not in built:
            # a corridor to what options build is distinguished from the rest of it
            own = ident if ident in rules else ident.rpartition(".")[0]
            rule = rules[own]
            named = table, own, rule_name(net, rule)
            parts.setdefault(own, []).append((named, rule.standing, rule, columns))
    for (first, standing, row, columns), *others in parts.values():
        yield first, standing, row, np.concatenate([columns, *(other[3] for other in others)])


#: part of the largest worth below which a limit does not hold
_HOLDS = 1e-6


class Told:
    """A plan in the rows of its result."""

    def __init__(self, case: PlanCase, plan: Plan) -> None:
        self.question, self.case, self.planner, self.plan = case.question, case, case.planner, plan
        self.horizon, self.choices = case.horizon, case.planner.choices
        self.certificates: list[Certificate] = []
        #: tonnes that the plan brings, by year
        self.tonnes = {
            year: self._brought(supply, year, plan.x)
            for year, supply in self.planner.supplies.items()
        }
        #: need and what is brought at ends of the data, by year and end
        self.ends: dict[str, tuple[float, Value]] = {}
        #: year in which most is lost without an option, by its id
        self.worst: dict[str, int] = {}
        #: what is given of it, by field of a plan
        self.stated: dict[str, Any] = {}

    def tables(self, query: Query) -> dict[str, Any]:
        """Return what is chosen, year by year, and what else is given of it, by field of a plan."""
        with within(0.0, 0.5):
            years = self.years(ranges=query.ranges)
        with within(0.5, 1.0):
            chosens = self.chosen(reasons=query.reasons)
        named = cast("tuple[Option, ...]", self.question.net.rows("options"))
        left = self.case.left
        self.stated = {
            "years": years,
            "chosen": chosens,
            "added": self.added(chosens) if query.steps else (),
            "limits": self.limits(),
            "carried_by": self.carried_by(),
            "others": tuple(
                NotOffered(row.id, row.name, left[row.id]) for row in named if row.id in left
            ),
        }
        return self.stated

    def assumed_share(self) -> float:
        """Return the part of the cost that rests on estimates."""
        costs = self._costs(self.choices.cost)
        rows = {offer.id: offer.row for offer in self.choices.offered}
        sure = sum(cost for name, cost in costs.items() if rows[name].confidence == "sourced")
        total = sum(costs.values())
        return 1.0 - sure / total if total > 0.0 else 0.0

    def _costs(self, cost: Floats) -> dict[str, float]:
        choices = self.choices
        return {
            name: float(cost[choices.column(name, year)])
            for name, year in self.plan.portfolio.starts.items()
        }

    def chosen(self, *, reasons: bool = True) -> tuple[Chosen, ...]:
        """Return what is chosen, the first first; without `reasons` not what each is there for."""
        bounds = [self._costs(cost) for cost in self.choices.cost_ends]
        costs = self._costs(self.choices.cost)
        rows, net = list[Chosen](), self.question.net
        own = {net.node(nation).country for nation in self.question.targets}
        for name, start in self.plan.portfolio.starts.items():
            offer = self.choices.offer(name)
            row, is_bought = offer.row, False
            if row.kind == "contract" and row.form and net.form_by_name[row.form].is_final:
                makers = select(net, row.nodes).surely
                is_bought = any(holder(net, node, "control") not in own for node in makers)
            lost, reason = self._without(offer) if reasons else (None, "")
            rows.append(
                Chosen(
                    option=name,
                    name=row.name,
                    kind=row.kind,
                    decided=start - row.lead,
                    start=start,
                    cost=costs[name],
                    cost_low=min(end[name] for end in bounds),
                    cost_high=max(end[name] for end in bounds),
                    capacity=offer.size * offer.part,
                    unit=row.unit or net.node(offer.last).unit,
                    is_bought=is_bought,
                    lost=lost,
                    reason=reason,
                )
            )
        return tuple(sorted(rows, key=lambda row: (row.decided, row.start, row.option)))

    def added(self, chosens: Sequence[Chosen]) -> tuple[Added, ...]:
        """Return what each option adds in the last year to those that are chosen before it."""
        year, ids = self.horizon.until, list[str]()
        supply = self.planner.supplies[year]

        def coverage() -> float:
            return (
                supply.tonnes(self.choices.by_year[year] @ self.choices.only(self.plan.x, ids))
                / supply.need
            )

        before, rows = coverage(), list[Added]()
        for row in chosens:
            ids.append(row.option)
            covered = coverage()
            rows.append(Added(row.option, row.name, covered, covered - before))
            before = covered
        return tuple(rows)

    def carried_by(self) -> tuple[Carrier, ...]:
        """Return the three rows and options without which the last year falls most."""
        year = self.horizon.until
        supply, of_year = self.planner.supplies[year], self.choices.by_year[year]
        if supply.need <= 0.0:
            return ()
        # the plants, links and corridors of the graph before anything is chosen: not those that an
        # option alone brings
        program = supply.value(np.asarray(of_year @ self.plan.x)).program
        rows = carrier_rows(self.question.net, supply)
        carriers, certificate = carriers_in(program, rows, supply.need)
        self.certificates.append(certificate)
        ids = self.plan.portfolio.ids
        for option in (self.choices.offer(name).row for name in ids):
            left = supply.tonnes(of_year @ self.choices.only(self.plan.x, ids - {option.id}))
            if left < self.tonnes[year] - _HOLDS * supply.need:
                named = "options", option.id, option.name, option.kind
                names = option.confidence, option.source_ids
                carriers.append(Carrier(*named, *names, left, left / supply.need))
        return weightiest(carriers)

    def _without(self, offer: Offer) -> tuple[float, str]:
        """Return what is lost without an option where most is, and a sentence on it."""
        others = self.choices.only(self.plan.x, self.plan.portfolio.ids - {offer.id})
        options = {year: self.choices.by_year[year] @ others for year in self.tonnes}
        supplies = self.planner.supplies
        # most is lost where least is needed, as a rule in the first year: the value that the
        # sentence states of states the tonnes as well
        supplies[self.horizon.by].value(options[self.horizon.by])
        losses = {
            year: (self.tonnes[year] - supply.tonnes(options[year])) / supply.need
            for year, supply in supplies.items()
        }
        year = max(losses, key=lambda index: (round(losses[index], 9), -index))
        self.worst[offer.id] = year
        supply, value = supplies[year], supplies[year].value(options[year])
        missing = self.tonnes[year] - value.tonnes
        if missing <= _HOLDS * supply.need:
            return 0.0, "What else is chosen requires it, or it is asked for."
        text = (
            f"Without it {year} covers {share(value.tonnes / supply.need)} in place of "
            f"{share(self.tonnes[year] / supply.need)}: {tonnes(missing)} t of product less"
        )
        limits = _limits(supply, value)
        down = f"; then {limits[0].name} binds" if limits else ""
        return losses[year], f"{text}{down}."

    def years(self, *, ranges: bool = True) -> tuple[PlanYear, ...]:
        """Return the plan year by year; without `ranges` the ends of the target's first alone."""
        with within(0.0, 0.5):
            supplies = {**self.early, **self.planner.supplies}
        with_ends = list(supplies) if ranges else [self.horizon.by]
        request = [partial(self._covered, end.name, with_ends) for end in ENDS.values()]
        with within(0.5, 1.0):
            bounds = one_by_one(request)
        rows, nothing = list[PlanYear](), np.zeros(self.choices.n)
        for year in self.horizon.years:
            spent = float(self.choices.spent(year) @ self.plan.x)
            supply = supplies.get(year)
            if supply is None or supply.need <= 0.0:
                rows.append(PlanYear(year, spent, 0.0, 0.0, 0.0, None, None, 0.0, 0.0))
                continue
            need, served = supply.need, self._brought(supply, year, self.plan.x)
            before = self._brought(supply, year, nothing) / need
            reached = [served / need, *(end[year] for end in bounds)] if year in with_ends else []
            low, high = min(reached, default=None), max(reached, default=None)
            target = (self.case.part or 0.0) if year >= self.horizon.by else 0.0
            rows.append(
                PlanYear(year, spent, need, served, served / need, low, high, target, before)
            )
        return tuple(rows)

    @cached_property
    def early(self) -> dict[int, Supply]:
        """The programs of the years before the target that the graph speaks of."""
        years = range(
            max(self.horizon.begin, self.question.net.commodity.first_year), self.horizon.by
        )
        return supplies_of(self.case.question, self.choices.offered, self.case.aims, years)

    def _brought(self, supply: Supply, year: int, x: Floats) -> float:
        tonnes, certificate = supply.proved_tonnes(self.choices.by_year[year] @ x)
        self.certificates.append(certificate)
        return tonnes

    def _covered(self, level: LevelName, years: Sequence[int]) -> dict[int, float]:
        """Return the coverage of some years at an end of all figures of the graph."""
        covered = {}
        supplies = supplies_of(
            self.case.question, self.choices.offered, self.case.aims, years, level
        )
        for year, supply in supplies.items():
            value = supply.value(self.choices.by_year[year] @ self.plan.x)
            self.certificates.append(value.certificate)
            self.ends[f"{year} {level}"] = supply.need, value
            covered[year] = value.tonnes / supply.need if supply.need > 0.0 else 0.0
        return covered

    def limits(self) -> tuple[PlanLimit, ...]:
        """Return what holds the plan down in the first year of the target."""
        year = self.horizon.by
        supply = self.planner.supplies[year]
        return _limits(supply, supply.value(self.choices.by_year[year] @ self.plan.x))


def _limits(supply: Supply, value: Value) -> tuple[PlanLimit, ...]:
    """Return the limits with a price, by what all of each is worth."""
    return tuple(limit for limit, _ in limit_rows(supply, value))


def limit_rows(supply: Supply, value: Value) -> list[tuple[PlanLimit, list[int]]]:
    """Return the limits with a price, and the rows of the program that each is, the last first."""
    scope = supply.model.scope
    contracts = {rule_of(offer.id): offer.row.name for offer in supply.offered}
    most = float(value.duals.max(initial=0.0))
    limits: dict[tuple[str, str], tuple[PlanLimit, list[int]]] = {}
    for position, _, label, _ in capacity_rows(supply.model):
        worth = float(value.duals[position])
        if worth <= _HOLDS * most:
            continue
        kind, ident, name, unit, _ = describe(scope, label)
        if ident in contracts:
            kind, name = "option", contracts[ident]
        capacity = float(value.right[position])
        before, rows = limits.get((kind, ident), (None, []))
        worth += before.worth if before else 0.0
        limit = PlanLimit(kind, ident, name, capacity, unit, worth)
        limits[kind, ident] = limit, [position, *rows]
    there = [pair for pair in limits.values() if pair[0].capacity > 0.0]
    # of limits that are worth the same, up to rounding, the first by name comes first
    return sorted(there, key=lambda pair: (by_size(pair[0].worth * pair[0].capacity), pair[0].id))
