"""Maximum flow, potential and what a nation gets contested: each bounds the next, everywhere.

A slow run takes a sample of the networks and questions at random; all 2 000 networks and all 100
questions of the shipped graph are run by ``SUPPLYNET_MANY=1 python -m pytest -m slow`` and the
name of this file.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.content import element_deliveries
from supplynet.analysis.balance.programs import Words, run_of
from supplynet.analysis.balance.tables import deliveries
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.potential.programs import Plan, model_of
from supplynet.analysis.question import ask
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.tiers import TIERS
from supplynet.terms import LEVEL_NAMES, LEVELS, LevelName
from tests.analysis.balance.test_ask import shared
from tests.analysis.potential.drawn import NATIONS, drawn
from tests.network.networks import added, changed
from tests.sweeps import sweep

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.terms import LevelName

_ROUNDING = 1e-6


def breaks(
    net: SupplyNetwork, to: str, level: LevelName, elements: tuple[str, ...], **words: object
) -> list[str]:
    """What does not hold of the chain for one nation at one end of the figures, in words."""
    question = ask(net, to=to, **words)  # type: ignore[arg-type]
    shut = question.shut.surely if level == "high" else question.shut.possibly
    plan = Plan(model_of(question, level=level))
    plan.solve()
    contested = ask(net, to="stage:nation", **words)  # type: ignore[arg-type]
    asked = Words("fair", tuple(net.commodity.elements), "capacity", (), "", {}, None)
    run, _ = run_of(contested, asked, level)
    rows = [row for row in deliveries(run.model, run.last.x) if row.nation == to]
    found: list[str] = []

    def check(what: str, more: float, less: float) -> None:
        if less > more + _ROUNDING * max(1.0, more):
            found.append(f"{to} {level} {what}: {more} < {less} ({words})")

    check("products", plan.served_most, sum(row.served for row in rows))
    for form in {row.form for row in rows}:
        got = sum(row.served for row in rows if row.form == form)
        most = plan.most(f"form {form}", plan.served(form=form))
        check(form, most, got)
        ours = sum(
            float(plan.x[place])
            for place, (nation, product) in plan.model.columns.of("served")
            if nation == to and net.product_by_id[str(product)].form == form
        )
        check(f"{form} in the plan", most, ours)
    arrived = {
        row.element: row.served
        for row in element_deliveries(run.model, run.last.x, deliveries(run.model, run.last.x))
        if row.nation == to
    }
    for element in elements:
        free = plan.most_beyond(element)
        need = LEVELS[level].opposite
        flow = solve_question(question, element, level=level, need=need, closed=shut).value
        check(f"flow of {element}", flow, free)
        check(f"flow of {element} contested", flow, arrived.get(element, 0.0))
        within = plan.most_of(element)
        check(f"{element} beyond demand", free, within)
        check(f"{element} contested", within, arrived.get(element, 0.0))
    return found


def of_seed(seed: int, *, has_borders: bool = False) -> list[str]:
    """What does not hold on the network of a seed, for one nation, floor and avoided country."""
    net, pick = drawn(seed, has_borders=has_borders), random.Random(seed)
    asking = [one for one in NATIONS if any(row.nation == one for row in net.demand_rows)]
    words = {
        "avoid": pick.choice([None, "CHN", "AUS:refiner"]),
        "lens": pick.choice(["location", "control"]),
        "tier": pick.choice(list(TIERS)),
    }
    try:
        ask(net, to=asking, **words)  # type: ignore[arg-type]
    except UnknownNameError:  # nothing of the country was drawn
        words["avoid"] = None
    level = pick.choice(LEVEL_NAMES)
    return breaks(net, pick.choice(asking), level, ("Nd", "Dy"), **words)


def test_scrap_of_what_others_buy_counts_in_a_potential() -> None:
    """Only goods that JPN buys leave scrap that comes to KOR."""
    net, words = drawn(166), {"tier": "announced"}
    asks_alone = net.replace(demand=[row for row in net.demand_rows if row.nation == "KOR"])
    both, alone = (
        model_of(ask(one, to="KOR", **words), level="high")  # type: ignore[arg-type]
        for one in (net, asks_alone)
    )
    assert {nation for nation, _ in both.scope.demand} == {"KOR", "JPN"}
    assert {nation for nation, _ in both.scope.claims} == {"KOR"}
    assert Plan(alone).solve() == 0.0
    assert Plan(both).solve() == pytest.approx(0.374312, rel=1e-5)
    assert breaks(net, "KOR", "high", ("Nd", "Dy"), **words) == []


def test_a_maker_that_stands_still_passes_on_what_others_make() -> None:
    assert breaks(drawn(0), "JPN", "central", ("Nd", "Dy"), tier="announced") == []


def test_nations_of_which_no_scrap_comes_are_left_out() -> None:
    net = drawn(166)
    bare = net.replace(edges=[row for row in net.edge_rows if row.form != "scrap"])
    given = model_of(ask(bare, to="KOR", tier="announced"), level="high").scope
    assert {nation for nation, _ in given.demand} == {"KOR"}


def test_who_shares_a_tonnage_that_may_pass_stays_open() -> None:
    """Half of the 180 t that went may pass to both, by a corridor to either of them.

    Without Japan the corridor and the link of Korea would be held to half of 150 t.
    """
    net = shared([1000.0], {"KOR": 500.0, "JPN": 500.0}, {(0, "KOR"): None, (0, "JPN"): None})
    for nation, tonnes in (("KOR", 50.0), ("JPN", 30.0)):
        net = changed(
            net, "edges", lambda row, one=nation: row.target == one, observed=tonnes, unit="t"
        )
    corridor = {"id": "open", "source": "pit", "target": "nation", "form": "material"}
    corridor |= {"standing": "observed", "observed": 100.0, "unit": "t", "reason": "made up"}
    ban = {"id": "ban", "source": "AUS", "target": "nation", "withheld": 0.5}
    ban |= {"relative_to": "observed", "reason": "made up"}
    net = added(added(net, "rules", corridor), "restrictions", ban)
    assert sn.coverage(net, to="KOR").served == pytest.approx(90.0)
    first = balance(net, objective="priority", priority="KOR", basis="capacity")
    assert {row.nation: row.served for row in first.deliveries} == pytest.approx(
        {"KOR": 90.0, "JPN": 0.0}
    )
    assert sn.flow(net, to="KOR").value == pytest.approx(90.0)


@pytest.mark.parametrize("start", sweep(range(0, 60, 10), [0, 10]))
def test_law_each_bounds_the_next_on_networks_at_random(start: int) -> None:
    assert [one for seed in range(start, start + 10) for one in of_seed(seed)] == []


def test_law_each_bounds_the_next_where_borders_hold_back() -> None:
    """Where the graph does not state what a restriction is a part of, it is refused."""
    found, n_asked = [], 0
    for seed in range(60):
        try:
            found += of_seed(seed, has_borders=True)
        except OptionError:
            continue
        n_asked += 1
    assert found == []
    assert n_asked >= 20


@pytest.mark.parametrize("kind", ["layered", "cyclic"])
def test_law_each_bounds_the_next_on_generated_networks(kind: str) -> None:
    """Of one commodity without losses and without a demand: all three are one figure."""
    for seed in range(5):
        net = sn.graph.generate(kind, edges=200, seed=seed, countries=4)
        (nation, *_) = net.nation_ids
        flow = sn.flow(net, to=nation)
        found = sn.coverage(net, to=nation)
        assert found.served == pytest.approx(flow.value, rel=1e-6)
        alone = balance(net, objective="priority", priority=nation, basis="capacity")
        got = sum(row.served for row in alone.deliveries if row.nation == nation)
        assert got == pytest.approx(found.served, rel=1e-6)


_CASES = [
    ("KOR", 2024, "operating", None, "location", "central"),
    ("JPN", 2026, "committed", "CHN", "location", "low"),
    ("USA", 2028, "announced", "CHN", "control", "high"),
    ("IND", 2030, "possible", "CHN:refiner", "location", "central"),
    ("DEU", 2032, "committed", None, "control", "low"),
    ("VNM", 2029, "possible", "CHN", "location", "high"),
]


@pytest.mark.parametrize(
    ("to", "year", "tier", "avoid", "lens", "level"), sweep(_CASES, _CASES[1:4])
)
def test_law_each_bounds_the_next_on_the_shipped_graph(
    rare_earths: SupplyNetwork,
    to: str,
    year: int,
    tier: str,
    avoid: str | None,
    lens: str,
    level: LevelName,
) -> None:
    words = {"year": year, "tier": tier, "avoid": avoid, "lens": lens}
    assert breaks(rare_earths, to, level, rare_earths.commodity.headline, **words) == []


@pytest.mark.parametrize("level", LEVEL_NAMES)
@pytest.mark.parametrize("tier", list(TIERS))
def test_law_each_bounds_the_next_on_the_tutorial(
    tutorial: SupplyNetwork, tier: str, level: LevelName
) -> None:
    for year in (2024, 2026):
        assert breaks(tutorial, "MLT", level, ("Nd", "Dy"), year=year, tier=tier) == []


@pytest.mark.slow
@pytest.mark.parametrize("graph", sweep(["cobalt", "gallium-germanium"], ["gallium-germanium"]))
def test_law_each_bounds_the_next_on_every_shipped_graph(graph: str) -> None:
    """Nations, years, tiers and ends in turn, with and without China."""
    net = sn.load(graph)
    elements = net.commodity.headline
    years = (2024, 2026, 2030)
    for place, to in enumerate(net.nation_ids):
        words: dict[str, object] = {
            "year": years[place % len(years)],
            "tier": list(TIERS)[place % len(TIERS)],
        }
        level = LEVEL_NAMES[place % len(LEVEL_NAMES)]
        assert breaks(net, to, level, elements, **words) == []
        if to != "CHN":
            assert breaks(net, to, level, elements, avoid="CHN", **words) == []


def test_what_goes_round_with_no_entry_holds_nothing() -> None:
    """A circle of products through hubs that no maker feeds has no contents to work out."""
    assert of_seed(648) == []
