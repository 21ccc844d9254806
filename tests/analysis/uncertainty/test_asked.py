"""Any analysis over draws, and how firmly what it ranks holds its rank."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time import horizon
from supplynet.analysis.uncertainty import shapes
from supplynet.analysis.uncertainty.asked import KINDS, Contested, OfGraph
from supplynet.analysis.uncertainty.plan import Plan, Prepared
from supplynet.solve.check import Certificate
from tests.analysis.uncertainty.networks import CAUSE, STOPS, with_ranges, with_recoveries

ASKS: dict[str, Any] = {"to": "MLT", "draws": 1, "until": None, "year": 2024}
WORDS: dict[str, dict[str, Any]] = {
    "flow": {"options": {"element": "Nd"}},
    "bypass": {"avoid": "ISL", "options": {"element": "Nd"}},
    "chokepoints": {"options": {"element": "Nd"}},
    "interdict": {"options": {"element": "Nd", "k": 1}},
    "contested": {},
    "survive": {"avoid": "ISL", "options": {"during": "2024-01..2024-02"}},
    "indices": {},
}


#: what the sentence of each kind says that its first figure is
SAYS = {
    "flow": "Malta, Nd, 2024, tier operating: ",
    "bypass": "Malta, Nd, 2024, tier operating: ",
    "chokepoints": ", lost, 2024, tier operating: ",
    "interdict": "Malta, Nd, left after the worst loss, 2024, tier operating: ",
    "contested": ", as the central figures do.",
    "survive": ", share of demand that is lost, 2024, tier operating: ",
    "indices": " on the scale 0-10,000 in 8 of 10 ",
}


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of 8 draws: what each is asked takes long."""
    monkeypatch.setattr(shapes, "BATCH", 8)
    assert shapes.BATCH == 8


@pytest.mark.parametrize("kind", ["flow", *KINDS])
def test_the_centre_of_any_analysis_is_its_answer_and_the_draws_lie_around_it(kind: str) -> None:
    net = with_ranges(CAUSE, STOPS)
    found = sn.uncertainty(net, of=kind, **ASKS, **WORDS[kind])
    assert found.n_draws == 8
    assert found.measure == kind
    row = found.first
    assert row.p5 <= row.p50 <= row.p95
    assert found.certificate is None if kind == "indices" else found.certificate.ok
    sentence = found.summary()
    assert SAYS[kind] in sentence
    assert sentence in str(sn.report.of(found)), "the page begins with it"
    assert (" of them reach " in sentence) is (row.figure == "coverage")
    assert sn.draw.sure(found)._repr_svg_()
    if kind == "flow":
        firm = sn.flow(net, to="MLT", element="Nd", tier="operating", year=2024)
        assert found.figures[1].central == firm.value
        assert "in the cut" in {one.figure for one in found.figures}
    if kind == "contested":
        assert row.central == pytest.approx(
            sn.allocate(net, year=2024, tier="possible").deliveries[0].coverage
        )


def of_itself(kind: str, net: sn.SupplyNetwork) -> tuple[float, float]:
    """Return the data range of the first figure as the analysis states it, asked directly."""
    words: dict[str, Any] = {"to": "MLT", "year": 2024, "tier": "operating"}
    if kind == "chokepoints":
        found = sn.chokepoints(net, element="Nd", **words)
        return found.ranges()[found.rows[0].id]
    if kind == "contested":
        del words["to"]
        spread = sn.allocate(net, **words).spread
        assert spread is not None
        return spread.levels["MLT", "goods"]
    if kind == "survive":
        during = WORDS[kind]["options"]["during"]
        words = {"to": "MLT", "avoid": "ISL", "begin": "2024-01", "tier": "operating"}
        row = sn.shock.survive(net, during=during, **words).rows[0]
        return row.lost_share_low, row.lost_share_high
    # without a demand what is left of half of everything is half of it
    left = sn.chokepoints.interdict(net, element="Nd", k=1, count="all", **words).value
    assert left > 0.0
    return 0.5 * left, 1.5 * left


@pytest.mark.parametrize("kind", ["chokepoints", "interdict", "contested", "survive"])
def test_the_data_range_is_that_of_the_analysis_asked_directly(kind: str) -> None:
    """One question has one range, whether its figures are drawn or not."""
    net, asked = with_ranges(CAUSE, STOPS), dict(WORDS[kind])
    if kind == "interdict":
        asked["options"] = {**asked["options"], "count": "all"}
    found = sn.uncertainty(net, of=kind, **ASKS, **asked)
    data = found.data_range(found.first)
    assert data == pytest.approx(of_itself(kind, net))
    assert data[0] <= found.first.central <= data[1]
    assert (found.data_low, found.data_high) == data
    assert "data range " in found.summary()


def test_every_draw_of_a_flow_is_the_flow_of_its_graph() -> None:
    net = with_recoveries(with_ranges(CAUSE, STOPS))
    words = {"to": "MLT", "tier": "operating"}
    asked = {"element": "Nd"}
    plan = Plan(net, "flow", words, (2026,), (("base", ()),), 0, "lhs", False, asked, 8)
    prepared = Prepared(plan)
    values, draws = prepared.batch(0).values, prepared.draws(0)["base"]
    names = [output.figure for output in prepared.strands[0].outputs]
    members = [output.subject for output in prepared.strands[0].outputs[2:]]
    assert names == ["coverage", "flow", *["in the cut"] * len(members)]
    for draw in range(3):
        alone = sn.flow(draws.network(draw), element="Nd", year=2026, **words)
        # solved side by side in whole units of their own: the last digit may differ
        assert values[draw, :2] == pytest.approx([alone.coverage, alone.value], rel=1e-12)
        cut = {member.id for member in alone.cut}
        assert values[draw, 2:].tolist() == [float(name in cut) for name in members]


@pytest.mark.parametrize("is_unlike", [False, True])
def test_every_draw_of_a_contested_coverage_is_that_of_its_graph(
    is_unlike: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the levels alone; where one draw of a batch differs from its graph, graph by graph."""
    net, options = with_recoveries(with_ranges(CAUSE, STOPS)), {"basis": "capacity"}
    words = {"to": "MLT", "tier": "committed"}
    plan = Plan(net, "contested", words, (2026,), (("base", ()),), 0, "lhs", False, options, 8)
    prepared = Prepared(plan)
    measure: Any = prepared.strands[0].measures[0]
    told: list[int] = []
    whole = OfGraph._told

    def noted(self: OfGraph, net: sn.SupplyNetwork) -> Any:
        told.append(1)
        return whole(self, net)

    monkeypatch.setattr(OfGraph, "_told", noted)
    if is_unlike:
        monkeypatch.setattr(Contested, "_levels", lambda self, net: ([], Certificate(())))
    batch, draws = prepared.batch(0), prepared.draws(0)["base"]
    assert measure._is_refigured
    assert len(told) == (9 if is_unlike else 1)
    assert batch.certificate.ok
    for draw in range(2):
        alone = sn.allocate(draws.network(draw), year=2026, tier="committed", basis="capacity")
        covered = [row.coverage for row in alone.deliveries if row.nation == "MLT"]
        assert batch.values[draw] == pytest.approx(covered, rel=1e-6)


def test_draws_of_a_survival_work_out_no_ends_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is reported of a draw is what its graph is reported with them."""
    words: dict[str, Any] = {"avoid": "ISL", "tier": "operating"}
    during = {"during": "2024-01..2024-02"}
    net = with_ranges(CAUSE, STOPS)
    plan = Plan(
        net, "survive", {"to": "MLT", **words}, (2024,), (("base", ()),), 0, "lhs", False, during, 8
    )
    prepared = Prepared(plan)
    graph = prepared.draws(0)["base"].network(3)
    alone = sn.shock.survive(graph, to="MLT", begin="2024-01", **words, **during)
    levels: list[str] = []
    once = horizon.horizon

    def noted(asked: Any, *words: Any) -> Any:
        levels.append(asked.level)
        return once(asked, *words)

    monkeypatch.setattr(horizon, "horizon", noted)
    values = prepared.batch(0).values
    assert set(levels) == {"central"}
    told = [figure for row in alone.rows for figure in (row.lost_share, row.days)]
    assert values[3] == pytest.approx(told)


def test_a_contested_coverage_that_levels_do_not_decide_is_asked_of_each_graph() -> None:
    words = {"options": {"objective": "max_supply"}, "year": 2026, "tier": "committed"}
    found = sn.uncertainty(with_ranges(STOPS), of="contested", **{**ASKS, **words})
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.first.p10 <= found.first.p90


def test_ranks_of_chokepoints_come_with_their_interval() -> None:
    found = sn.uncertainty(with_ranges(STOPS), of="chokepoints", **ASKS, options={"element": "Nd"})
    ranks = found.stability
    assert [row.rank for row in ranks] == sorted(row.rank for row in ranks)
    first = ranks[0]
    assert first.subject == sn.chokepoints(with_ranges(STOPS), to="MLT", element="Nd").rows[0].id
    assert 1 <= first.rank_low <= first.rank_high
    assert 0.0 <= first.top_share <= first.top_three_share <= 1.0
    assert sum(row.top_share for row in ranks) >= 1.0


def test_differences_are_those_of_each_draw() -> None:
    shut = sn.Scenario.from_dict(
        {"change": [{"verb": "close", "nodes": "maker-free"}]}, name="shut"
    )
    found = sn.uncertainty(
        with_ranges(STOPS),
        **{**ASKS, "year": 2026},
        tier="committed",
        scenario={"base": None, "shut": shut},
    )
    change = found.differences[1]
    assert (change.figure, change.scenario, change.against) == ("served", "shut", "base")
    assert change.mean == pytest.approx(found.figures[3].mean - found.figures[1].mean)
    assert change.higher_share == 0.0
    assert change.lower_share > 0.5


def test_scenarios_are_set_side_by_side_in_a_year_in_which_each_is_in_force() -> None:
    later = sn.Scenario.from_dict(
        {"change": [{"verb": "close", "nodes": "maker-free", "from_year": 2026}]}, name="later"
    )
    asks = {**ASKS, "year": None}
    found = sn.uncertainty(
        with_ranges(), **asks, tier="committed", scenario={"base": None, "later": later}
    )
    assert {row.year for row in found.figures} == {row.year for row in found.differences} == {2026}


def test_it_says_what_drives_the_headline_and_what_is_worth_looking_up() -> None:
    shapes.BATCH = 64
    only = {"id": "only", "kind": "range", "shape": "pert", "nodes": "node:ref-new"}
    net = with_ranges(only, shape="")
    net = net.replace(
        nodes=[
            row.model_copy(update={"capacity": 1.0}) if row.id == "ref-new" else row
            for row in net.node_rows
        ]
    )
    asks = {**ASKS, "avoid": "ISL", "year": 2026, "tier": "committed", "draws": 512}
    found = sn.uncertainty(net, **asks)
    (driver,), (work,) = found.drivers, found.worth
    assert (driver.name, driver.table, driver.row) == ("New Heavy Circuit, capacity", "nodes", 6)
    assert driver.first_share > 0.8
    assert driver.low < driver.high
    assert (work.row, work.confidence) == (6, "estimated")
    assert work.narrows_share > 0.4
