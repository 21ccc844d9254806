"""An exact linear program of one element's supply, built straight from the tables.

It shares no code with the package beyond the row models: selectors of rules are resolved by
the caller's network, everything else is worked out here. Flows in unseparated forms are tagged
by the ore they come from and the element groups taken out on the way, so that each basket keeps
its composition; separated forms carry the element alone. Losses are applied where they occur.
Only the one element is asked for: plants may use what they have for it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import corridors
from supplynet.network.selector import select

STANDING = ["observed", "contracted", "planned", "memorandum", "possible"]
# plants under construction count, those that are merely planned do not
OPEN = {"operating": 0, "ramping": 0, "construction": 2}
# t of trade oxide for a t of metal, CIAAW 2021
OXIDE = {"Nd": 336.477 / 288.48, "Dy": 372.997 / 325.0, "Pr": 1021.449 / 845.46}
OXIDE["Tb"] = (635.72 + 7 * 15.999) / 635.72

Feed = tuple[str, frozenset[str]]


class _Rows:
    """Rows of sum of coefficient x variable <= bound."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.bounds: list[float] = []

    def add(self, terms: dict[int, float], bound: float) -> None:
        if not terms:
            return
        row = len(self.bounds)
        self.entries += [(row, column, value) for column, value in terms.items()]
        self.bounds.append(bound)


class _Model:
    def __init__(
        self, net: SupplyNetwork, element: str, year: int, floor: str, closed: frozenset[str]
    ) -> None:
        self.net, self.element, self.year = net, element, year
        self.stages = {stage.name: stage for stage in net.stages}
        self.forms = {form.name: form for form in net.commodity.forms}
        self.units = {unit.name: unit for unit in net.commodity.units}
        self.groups = net.commodity.groups
        self.nodes: dict[str, Any] = {
            node.id: node
            for node in net.node_rows
            if node.id not in closed and node.status in OPEN and self.is_on(node)
        }
        self.steps: dict[str, Any] = {}
        for step in sorted(net.rows("capacities"), key=lambda row: row.year):  # type: ignore[attr-defined]
            if step.year <= year:  # type: ignore[attr-defined]
                self.steps[step.node_id] = step  # type: ignore[attr-defined]
        self.ramp()
        self.recovery_rows = {
            (row.node_id, row.group): row.recovery  # type: ignore[attr-defined]
            for row in net.rows("recoveries")
        }
        self.assay: dict[str, dict[str, float]] = defaultdict(dict)
        for row in net.assay_rows:
            self.assay[row.node_id][row.element] = row.share
        worst = STANDING.index(floor)
        self.links: list[tuple[str, str, str, Any, bool]] = []  # tail, head, form, row, is_rule
        for edge in net.edge_rows:
            if self.is_usable(edge, edge.source, edge.target, worst):
                self.links.append((edge.source, edge.target, edge.form, edge, False))
        for corridor in corridors(net):
            for tail in corridor.sources:
                for head in corridor.targets:
                    if tail != head and self.is_usable(corridor.rule, tail, head, worst):
                        self.links.append((tail, head, corridor.rule.form, corridor.rule, True))

    def ramp(self) -> None:
        """Scale the plants that do not run in full yet and have no dates of their own."""
        own = {step.node_id for step in self.net.rows("capacities")}  # type: ignore[attr-defined]
        rows: list[Any] = list(self.net.rows("ramps"))
        for node in list(self.nodes.values()):
            if node.status == "operating" or node.id in own or node.start_year is None:
                continue
            mine = [row for row in rows if row.stage == node.stage]
            named = [row for row in mine if row.nodes and node.id in self.named(row.nodes)]
            past = [
                row
                for row in named or [row for row in mine if not row.nodes]
                if node.start_year + row.year <= self.year
            ]
            if past and node.capacity is not None:
                share = max(past, key=lambda row: row.year).share
                self.nodes[node.id] = node.model_copy(update={"capacity": node.capacity * share})

    def named(self, text: str) -> frozenset[str]:
        return select(self.net, text).surely

    def is_on(self, row: Any) -> bool:
        return (row.start_year or 0) <= self.year <= (row.end_year or 9999)

    def is_usable(self, row: Any, tail: str, head: str, worst: int) -> bool:
        if tail not in self.nodes or head not in self.nodes or not self.is_on(row):
            return False
        ends = (OPEN[self.nodes[one].status] for one in (tail, head))
        return max(STANDING.index(row.standing), *ends) <= worst

    # -- chemistry ---------------------------------------------------------------------

    def group_of(self, element: str) -> str:
        return next((name for name, members in self.groups.items() if element in members), "")

    def recovery(self, node: str, element: str) -> float:
        for name in (element, self.group_of(element), "all"):
            if (node, name) in self.recovery_rows:
                return float(self.recovery_rows[node, name])
        return 1.0

    def share(self, feed: Feed) -> float:
        """Tonnes of the element that can be had from a tonne of the basket."""
        origin, removed = feed
        assay = self.assay.get(origin) or {self.net.commodity.elements[0]: 1.0}
        kept = {one: value * self.recovery(origin, one) for one, value in assay.items()}
        left = {one: value for one, value in kept.items() if self.group_of(one) not in removed}
        if self.element not in left:
            return 0.0
        return left[self.element] / (sum(left.values()) if removed else 1.0)

    def oxide(self) -> float:
        return OXIDE.get(self.element, 1.0) if self.net.commodity.basis == "oxide" else 1.0

    def per_tonne(self, unit_name: str, product: str | None) -> float:
        """Tonnes of the element in a tonne of a unit that is no basket."""
        unit = self.units[unit_name]
        if unit.measures == "oxide":
            return unit.factor
        if unit.measures == "metal":
            return unit.factor * self.oxide()
        content = sum(
            row.share  # type: ignore[attr-defined]
            for row in self.net.rows("contents")
            if (row.product_id, row.element) == (unit.product or product, self.element)  # type: ignore[attr-defined]
        )
        return unit.factor * content * self.oxide()

    def demand(self, nation: str, form: str) -> float:
        totals: dict[int, float] = defaultdict(float)
        products = {row.id: row.form for row in self.net.rows("products")}  # type: ignore[attr-defined]
        for row in self.net.demand_rows:
            if row.nation == nation and row.role == "final" and products[row.product] == form:
                totals[row.year] += row.quantity * self.per_tonne(row.unit, row.product)
        years = sorted(totals)
        return float(np.interp(self.year, years, [totals[one] for one in years])) if years else 0.0

    def may_leave_separated(self, node: Any) -> bool:
        if not self.group_of(self.element):
            return True
        if not any(one.makes for one in self.net.node_rows if one.stage == node.stage):
            return True
        return self.group_of(self.element) in node.makes

    # -- which tags can occur ----------------------------------------------------------

    def tags(self) -> dict[int, set[Feed]]:
        """Feeds that each unseparated link can carry, by place."""
        leaving: dict[str, set[Feed]] = defaultdict(set)
        for node in self.nodes.values():
            if self.stages[node.stage].is_origin:
                leaving[node.id].add((node.id, frozenset(node.makes)))
        found: dict[int, set[Feed]] = defaultdict(set)
        is_new = True
        while is_new:
            is_new = False
            for place, (tail, head, form, _, _) in enumerate(self.links):
                if self.forms[form].is_separated:
                    continue
                made = frozenset(self.nodes[head].makes)
                for origin, removed in leaving[tail] - found[place]:
                    if self.share((origin, removed)) <= 0.0:
                        continue
                    found[place].add((origin, removed))
                    leaving[head].add((origin, removed | made))
                    is_new = True
        return found


def exact_potential(
    net: SupplyNetwork,
    *,
    to: set[str],
    element: str,
    year: int,
    links: str = "possible",
    closed: frozenset[str] = frozenset(),
) -> float:
    """The most of an element that can arrive at some nations, t/yr."""
    model = _Model(net, element, year, links, closed)
    tags = model.tags()
    variables: list[tuple[int, Feed | None]] = []
    for place, (_, _, form, _, _) in enumerate(model.links):
        if model.forms[form].is_separated:
            variables.append((place, None))
        else:
            variables += [(place, feed) for feed in sorted(tags[place], key=str)]
    into: dict[str, list[int]] = defaultdict(list)
    out: dict[str, list[int]] = defaultdict(list)
    by_row: dict[int, list[int]] = defaultdict(list)
    for column, (place, _) in enumerate(variables):
        tail, head, _, row, _ = model.links[place]
        out[tail].append(column)
        into[head].append(column)
        by_row[id(row)].append(column)
    rows = _Rows()

    def basket(column: int) -> float:
        """Tonnes of basket in which a tonne of the element travels."""
        feed = variables[column][1]
        return 1.0 if feed is None else 1.0 / model.share(feed)

    def limit(columns: list[int], capacity: float, unit: str, product: str | None) -> None:
        if model.units[unit].measures == "basket":
            bound = capacity * model.units[unit].factor
            rows.add({column: basket(column) for column in columns}, bound)
        else:
            bound = capacity * model.per_tonne(unit, product)
            rows.add(dict.fromkeys(columns, 1.0), bound)

    upper = np.full(len(variables), np.inf)
    for node in model.nodes.values():
        stage = model.stages[node.stage]
        row = model.steps.get(node.id, node)
        kept = model.recovery(node.id, element)
        if stage.is_origin:
            if row.capacity is not None:
                scale = 1.0 if model.units[row.unit].measures == "basket" else kept
                limit(out[node.id], row.capacity * scale, row.unit, node.product)
            continue
        # what leaves is at most what came in, less the loss
        rows.add(
            {
                **dict.fromkeys(out[node.id], 1.0),
                **dict.fromkeys(into[node.id], -kept),
            },
            0.0,
        )
        made = frozenset(node.makes)
        leaving: dict[Feed, dict[int, float]] = defaultdict(dict)
        for column in out[node.id]:
            feed = variables[column][1]
            if feed is not None:
                leaving[feed][column] = 1.0
            elif not model.may_leave_separated(node):
                upper[column] = 0.0
        for column in into[node.id]:
            feed = variables[column][1]
            if feed is not None and (feed[0], feed[1] | made) in leaving:
                leaving[feed[0], feed[1] | made][column] = -kept
        for terms in leaving.values():
            rows.add(terms, 0.0)
        if stage.is_nation:
            has_demand = any(one.nation == node.id for one in net.demand_rows)
            for form in model.forms.values():
                if has_demand and not form.is_final:
                    arriving = [
                        column
                        for column in into[node.id]
                        if model.links[variables[column][0]][2] == form.name
                    ]
                    rows.add(dict.fromkeys(arriving, 1.0), model.demand(node.id, form.name))
        elif row.capacity is not None:
            columns = into[node.id] if stage.capacity_at == "input" else out[node.id]
            limit(columns, row.capacity, row.unit, node.product)
    for _, _, _, row, _ in {id(link[3]): link for link in model.links}.values():
        if row.capacity is None:
            continue
        measures = model.units[row.unit].measures
        if measures != "product":
            limit(by_row[id(row)], row.capacity, row.unit, None)
            continue
        # a bound in tonnes of product: each maker's product holds its own share
        terms = {}
        for column in by_row[id(row)]:
            product = model.nodes[model.links[variables[column][0]][0]].product
            held = model.per_tonne(row.unit, product)
            if held:
                terms[column] = 1.0 / held
            else:
                upper[column] = 0.0
        rows.add(terms, row.capacity)
    objective = np.zeros(len(variables))
    for target in to & model.nodes.keys():
        objective[into[target]] = -1.0
    if not objective.any():
        return 0.0
    data = np.array([entry[2] for entry in rows.entries])
    places = ([entry[0] for entry in rows.entries], [entry[1] for entry in rows.entries])
    matrix = coo_array((data, places), shape=(len(rows.bounds), len(variables))).tocsr()
    solved = linprog(
        objective,
        A_ub=matrix,
        b_ub=np.array(rows.bounds),
        bounds=np.column_stack([np.zeros(len(variables)), upper]),
        method="highs",
    )
    assert solved.status == 0, solved.message
    return float(-solved.fun)
