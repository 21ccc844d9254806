"""Laws of the balance on random networks and on the shipped graphs."""

from __future__ import annotations

import copy
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.network.network import SupplyNetwork
from supplynet.network.units import basis_per_metal
from supplynet.questions.explain import explanation_of
from tests.analysis.balance.rules import flows_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.exact_lp import exact_potential
from tests.analysis.test_oracle import plain_networks
from tests.network.networks import added, changed, node, small_networks


@st.composite
def contested_networks(draw: st.DrawFn, *, is_ranged: bool = True) -> SupplyNetwork:
    """Small networks whose makers make goods of Nd and Dy, for two nations that want them."""
    net = draw(small_networks())
    if "JPN" not in net.nation_ids:
        net = added(net, "nodes", node("JPN", "nation", "JPN"))
    net = changed(net, "nodes", lambda row: row.stage == "maker", product="goods")
    net = added(net, "products", {"id": "goods", "name": "Goods", "form": "goods"})
    nd, dy = draw(st.sampled_from([(0.2, 0.05), (0.3, 0.01), (0.25, 0.0)]))
    ends = {"share_low": 0.0, "share_high": 2 * dy} if is_ranged and draw(st.booleans()) else {}
    net = added(
        net,
        "contents",
        {
            "product_id": "goods",
            "element": "Nd",
            "share": nd,
            **({"share_high": 0.4} if ends else {}),
        },
        {"product_id": "goods", "element": "Dy", "share": dy, **ends},
    )
    records = [
        {
            "nation": nation,
            "use": "any",
            "product": "goods",
            "year": 2024,
            "quantity": draw(st.integers(1, 150)),
            "unit": "t goods",
        }
        for nation in ("KOR", "JPN")
    ]
    return added(net, "demand", *records)


def others_as_good(net: SupplyNetwork, result: SolvedBalance) -> Iterator[SolvedBalance]:
    """Yield what other rules give where it is as much in all as a result serves."""
    total = sum(row.served for row in result.deliveries)
    rules: list[dict[str, Any]] = [
        {"objective": "priority", "priority": "KOR"},
        {"objective": "priority", "priority": "JPN"},
        {"objective": "fair"},
    ]
    for words in rules:
        other = balance(net, **words)
        if abs(sum(row.served for row in other.deliveries) - total) <= 1e-9 * max(1.0, total):
            yield other


def supply(net: SupplyNetwork, **words: Any) -> float:
    return sum(row.served for row in balance(net, **words).deliveries)


def close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))


@given(plain_networks())
@settings(max_examples=25)
def test_law_one_commodity_without_losses_is_maximum_flow(net: SupplyNetwork) -> None:
    """One element, yields of 1, and one nation that takes whatever comes."""
    flow = sn.flow(net, to="KOR", element="graphite", year=2024, tier="possible").value
    assert supply(net) == pytest.approx(flow, rel=1e-9, abs=1e-9)
    need = {"nation": "KOR", "use": "any", "product": "all", "year": 2024, "quantity": 1e4}
    endless = added(net, "products", {"id": "all", "name": "All", "form": "material"})
    endless = added(endless, "demand", {**need, "unit": "t"})
    assert supply(endless) == pytest.approx(flow, rel=1e-9, abs=1e-9)


@given(small_networks(), st.sampled_from(["Nd", "Dy"]))
@settings(max_examples=25)
def test_law_one_element_alone_for_one_nation_is_the_exact_program(
    net: SupplyNetwork, element: str
) -> None:
    """Followed alone and without a rival, the balance is a program that another hand wrote."""
    rivals = [one for one in net.nation_ids if one != "KOR"]
    found = supply(net, element=element, avoid=rivals or None)
    exact = exact_potential(net, to={"KOR"}, element=element, year=2024, closed=frozenset(rivals))
    assert close(found, exact)


@given(contested_networks())
@settings(max_examples=15)
def test_law_first_in_line_gets_what_it_could_have_alone(net: SupplyNetwork) -> None:
    first = balance(net, objective="priority", priority="KOR")
    alone = net.replace(demand=[row for row in net.demand_rows if row.nation == "KOR"])
    got = sum(row.served for row in first.deliveries if row.nation == "KOR")
    assert close(got, supply(alone))
    assert all(low <= high + 1e-6 for low, high in _ends(first))
    total = supply(net)
    for objective in ("fair", "max_supply"):
        assert supply(net, objective=objective) <= total + 1e-6 * max(1.0, total)


def _ends(result: SolvedBalance) -> list[tuple[float, float]]:
    return [(row.low, row.high) for row in result.ranges]


@given(contested_networks())
@settings(max_examples=4)
def test_law_no_fewer_limits_end_a_shortage_than_are_named(net: SupplyNetwork) -> None:
    """Every smaller set of capacities is taken out of the tables, and the balance solved anew."""
    net = net.replace(demand=[row for row in net.demand_rows if row.nation == "KOR"])
    result = balance(net)
    why = explanation_of(result, None)
    within = sum(row.served for row in result.deliveries) + why.shortage - sum(why.beyond.values())
    assert why.least == len(why.lifts) and all(row.more > 0.0 for row in why.lifts)
    limits = {
        _named(table, row): (table, row)
        for table in ("nodes", "edges", "rules")
        for row in _bound(net, table)
    }

    def reaches(names: Iterable[tuple[str, str]]) -> bool:
        without = _without(net, tuple(limits[name] for name in names))
        return supply(without) >= within * (1.0 - 1e-6)

    # more capacity never hurts, so that the sets that are one smaller speak for all smaller ones
    fewer = itertools.combinations(limits, len(why.lifts) - 1) if why.lifts else ()
    assert not any(map(reaches, fewer))
    lifts, instead = ({(row.kind, row.id) for row in some} for some in (why.lifts, why.instead))
    assert reaches(lifts)
    if instead:
        assert lifts != instead
        assert len(instead) == len(lifts)
        assert reaches(instead)
    else:  # then no other set as small does
        others = itertools.combinations(limits, len(lifts))
        assert not any(reaches(some) for some in others if set(some) != lifts)


def _bound(net: SupplyNetwork, table: str) -> list[Any]:
    return [row for row in net.rows(table) if row.capacity is not None]  # type: ignore[attr-defined]


def _named(table: str, row: Any) -> tuple[str, str]:
    if table == "edges":
        return "link", f"{row.source} -> {row.target} ({row.form})"
    return {"nodes": "node", "rules": "rule"}[table], row.id


def _without(net: SupplyNetwork, some: tuple[tuple[str, Any], ...]) -> SupplyNetwork:
    for table, gone in some:
        net = changed(net, table, lambda row, gone=gone: row == gone, capacity=None)  # type: ignore[misc]
    return net


# -- mass, by sums that know nothing of the program ------------------------------------------


def imbalance(result: SolvedBalance) -> float:
    """The largest gap between what a vertex gets and what becomes of it, over the largest flow.

    Hubs and nations thing by thing; plants by the metal of all elements that a maker uses, as
    elements may replace each other there; other plants by element. Left out is only what may
    part a basket or pass it on, as nothing outside the program says which it did.
    """
    net = result.question.net
    recovery = {
        (row.node_id, row.group): row.recovery  # type: ignore[attr-defined]
        for row in net.rows("recoveries")
    }
    groups = {one: name for name, all_ in net.commodity.groups.items() for one in all_}

    def kept(label: str, element: str) -> float:
        for name in (element, groups.get(element), "all"):
            if (label, name) in recovery:
                return float(recovery[label, name])
        return 1.0

    fed = {row.head for row in flows_of(result).itertuples() if row.kind == "feed"}
    making = {one.stage for one in net.node_rows if one.makes}
    passing = {row.tail for row in flows_of(result).itertuples() if row.kind == "feed"}

    def parts_at(label: str) -> tuple[str, ...]:
        """Groups that a node parts: all, where no plant of its stage says which."""
        plant = net.node(label)
        return plant.makes if plant.stage in making else tuple(net.commodity.groups)

    plants = passing & fed & set(net.node_by_id)
    both_ways = {one for one in plants if net.node(one).stage not in making}
    content: dict[str, float] = defaultdict(float)
    for row in net.rows("contents"):
        content[row.product_id] += row.share  # type: ignore[attr-defined]
    assay: dict[str, dict[str, float]] = defaultdict(dict)
    for row in net.assay_rows:
        assay[row.node_id][row.element] = row.share * kept(row.node_id, row.element)
    things: dict[tuple[str, str], float] = defaultdict(float)
    metal: dict[str, float] = defaultdict(float)
    separated: dict[tuple[str, str], float] = defaultdict(float)
    got: dict[tuple[str, str], float] = defaultdict(float)
    for row in flows_of(result).itertuples():
        if row.tail.startswith("rule:"):
            things[row.tail, row.what] -= row.tonnes
        if row.head.startswith("rule:"):
            things[row.head, row.what] += row.tonnes
        if row.kind == "element":
            share = 1.0 / basis_per_metal(net, row.what)
            metal[row.head] += row.tonnes * share * kept(row.head, row.what)
            metal[row.tail] -= row.tonnes * share
            separated[row.tail, row.what] -= row.tonnes
            separated[row.head, row.what] += row.tonnes * kept(row.head, row.what)
        elif row.kind == "product":
            metal[row.tail] -= row.tonnes * content[row.what]
            if row.head in net.nation_ids:
                got[row.head, row.what] += row.tonnes
        elif row.head in net.node_by_id:
            origin, _, gone = row.what.partition(" without ")
            removed = gone.split(" and ") if gone else []
            left = {e: s for e, s in assay[origin].items() if groups.get(e) not in removed}
            scale = sum(left.values()) if removed else 1.0
            for element, share in left.items():
                if groups.get(element) in parts_at(row.head):
                    amount = row.tonnes * share / scale * kept(row.head, element)
                    separated[row.head, element] += amount
    for row in result.surplus:
        share = 1.0 / basis_per_metal(net, row.element)
        metal[row.node] -= row.tonnes * share
        separated[row.node, row.element] -= row.tonnes
    for lost in result.scrap:
        share = 1.0 / basis_per_metal(net, lost.element)
        metal[lost.node] -= lost.lost * share
        separated[lost.node, lost.element] -= lost.lost
    gaps = [abs(value) for value in things.values()]
    gaps += [
        abs(got[row.nation, row.product] - row.served)
        for row in result.deliveries
        if (row.nation, row.product) in got
    ]
    nations = set(net.nation_ids)
    makers = {row.tail for row in flows_of(result).itertuples() if row.kind == "product"}
    gaps += [
        abs(value)
        for label, value in metal.items()
        if label in net.node_by_id and label not in nations | fed
    ]
    gaps += [
        abs(value)
        for (label, _), value in separated.items()
        if label in net.node_by_id and label not in nations | makers | both_ways
    ]
    return max(gaps, default=0.0) / max(1.0, float(flows_of(result)["tonnes"].max()))


@given(contested_networks(is_ranged=False))
@settings(max_examples=20)
def test_law_mass_is_conserved_on_small_networks(net: SupplyNetwork) -> None:
    result = balance(net)
    if len(flows_of(result)):
        assert imbalance(result) <= 1e-8


@pytest.mark.parametrize(
    "words",
    [{"year": 2024}, {"year": 2030, "avoid": "CHN"}],
    ids=str,
)
def test_law_mass_is_conserved_on_the_shipped_graph(
    rare_earths: SupplyNetwork, words: dict[str, Any]
) -> None:
    result = balance(rare_earths, **words)
    assert result.certificate.ok
    assert len(flows_of(result)) > 100
    assert imbalance(result) <= 1e-8


def test_the_measure_of_imbalance_sees_a_gap(rare_earths: SupplyNetwork) -> None:
    result = balance(rare_earths, year=2030, avoid="CHN")
    largest = float(flows_of(result)["tonnes"].max())
    for kind in ("element", "product", "feed"):
        spoiled = copy.deepcopy(result)  # other tests read the frames of the one that is shared
        flows = flows_of(spoiled)
        place = flows.index[flows["kind"] == kind][0]
        flows.loc[place, "tonnes"] += 1e-6 * largest
        assert imbalance(spoiled) > 1e-8


# -- what the objectives promise, asked of each claim alone -----------------------------------
