"""Side by side: answers of one kind, and networks."""

from __future__ import annotations

import json
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES
from tests.network.networks import added, changed, node, without

STOP = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ISL:mine"}]}, name="stop")


def test_flows(tutorial: SupplyNetwork) -> None:
    pair = [
        sn.max_flow(tutorial, to="MLT", element="Nd", avoid=one, year=2024, tier="conceivable")
        for one in (None, "ISL")
    ]
    found = sn.compare(*pair)
    assert found.names == ("tutorial 2024", "tutorial 2024 without ISL")
    figures = {row.what: row for row in found.rows}
    row = figures["Nd", "potential"]
    assert row.values == pytest.approx((160, 40))
    assert row.change == pytest.approx(-120)
    assert figures["Nd", "coverage"].values == pytest.approx((1, 0.4), rel=1e-5)
    assert figures["Nd", "demand"].change == 0
    assert found.summary() == (
        "4 figures differ; most: Nd, potential, from 160 (tutorial 2024) to 40 t Nd2O3/yr "
        "(tutorial 2024 without ISL)."
    )
    frame = found.to_frame()
    assert list(frame.columns) == ["element", "figure", *found.names, "change", "unit"]


def test_flows_of_different_elements(tutorial: SupplyNetwork) -> None:
    """What one answer does not tell is missing, not zero."""
    pair = [
        sn.max_flow(tutorial, to="MLT", element=one, year=2024, tier="conceivable")
        for one in ("Nd", "Dy")
    ]
    rows = {row.what: row for row in sn.compare(*pair).rows}
    assert rows["Nd", "potential"].values == (pytest.approx(160), None)
    assert rows["Nd", "potential"].change is None
    assert rows["Dy", "potential"].unit == "t Dy2O3/yr"


def test_bypasses(tutorial: SupplyNetwork) -> None:
    pair = [
        sn.bypass(tutorial, to="MLT", avoid="ISL", year=year, tier="conceivable")
        for year in (2024, 2026)
    ]
    found = sn.compare(*pair)
    rows = {row.what: row.values for row in found.rows}
    assert rows["Dy", "building", "without"] == pytest.approx((0, 15))
    assert rows["Nd", "conceivable", "with_all"] == pytest.approx((160, 160))
    assert found.columns == ("element", "tier", "figure")


def test_balances(tutorial: SupplyNetwork) -> None:
    """What each nation gets in each form when all draw at once, never called a potential."""
    pair = [sn.balance(tutorial, scenario=one) for one in (None, STOP)]
    found = sn.compare(*pair, names=["before", "after"])
    assert found.columns == ("nation", "form", "figure")
    rows = {row.what: row for row in found.rows}
    assert {row.what[-1] for row in found.rows} == {"demand", "served when all draw", "coverage"}
    before, after = (
        {(one.name_of(row.nation), row.form): row for row in one.coverage} for one in pair
    )
    assert before.keys() == after.keys() != set()
    for claim in before:
        served = rows[*claim, "served when all draw"]
        assert served.values == (before[claim].served, after[claim].served)
        assert served.unit == "t of product/yr"
        assert rows[*claim, "demand"].change == 0
    assert sum(rows[*claim, "served when all draw"].change or 0.0 for claim in before) < 0
    assert "served when all draw" in found.summary()
    assert next(sn.report(found).document.tables()).rows


def test_chokepoints(tutorial: SupplyNetwork) -> None:
    """A plant that costs nothing in one of them counts as 0 there."""
    base = sn.chokepoints(
        tutorial, to="MLT", element="Nd", tier="conceivable", count="all", year=2024
    )
    ban = sn.chokepoints(
        tutorial,
        to="MLT",
        element="Nd",
        scenario=STOP,
        tier="conceivable",
        count="all",
        year=2024,
    )
    found = sn.compare(base, ban)
    assert found.names == ("tutorial 2024", "tutorial stop 2024")
    rows = {row.what: row.values for row in found.rows}
    assert rows["Nd", "Big Mine"] == (pytest.approx(80), 0.0)
    assert rows["Nd", "Small Mine"][1] > rows["Nd", "Small Mine"][0]


def test_networks(tutorial: SupplyNetwork) -> None:
    other = changed(tutorial, "nodes", lambda row: row.id == "ref-big", capacity=150.0)
    other = without(added(other, "nodes", node("x", "maker", "FRA")), "demand", lambda row: (
        row.nation == "ISL" and row.year == 2026
    ))  # fmt: skip
    found = sn.compare(tutorial, other, names=["before", "after"])
    rows = {row.what: row.values for row in found.rows}
    assert rows == {
        ("nodes", "ref-big", "capacity"): (200, 150),
        ("nodes", "x", ""): ("absent", "present"),
        ("demand", "ISL / Everything / goods / 2026 / final", ""): ("present", "absent"),
    }
    assert found.columns == ("table", "row", "column")
    assert "1 figures differ; most: nodes, ref-big, capacity, from 200 (before) to 150" in (
        found.summary()
    )


def test_equal_networks_and_answers(tutorial: SupplyNetwork) -> None:
    assert sn.compare(tutorial, tutorial).rows == ()
    assert sn.compare(tutorial, tutorial.replace()).summary() == "No figure differs."
    flow = sn.max_flow(tutorial, to="MLT", element="Nd")
    assert sn.compare(flow, flow).summary() == "No figure differs."
    text = changed(tutorial, "nodes", lambda row: row.id == "ref-big", note="other")
    assert sn.compare(tutorial, text).summary() == "1 differences."


def test_the_same_name_twice_is_numbered(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(tutorial, to="MLT", element="Nd", year=2024, tier="conceivable")
    found = sn.compare(flow, flow, flow)
    assert found.names == ("tutorial 2024", "tutorial 2024 #2", "tutorial 2024 #3")
    assert len(found.to_frame().columns) == 7
    assert sn.compare(tutorial, tutorial.with_scenario(STOP)).names == (
        "tutorial",
        "tutorial stop",
    )


def test_more_than_two(tutorial: SupplyNetwork) -> None:
    """The change runs from the first to the last."""
    flows = [
        sn.max_flow(tutorial, to="MLT", element="Nd", links=links)
        for links in ("observed", "contracted", "plausible")
    ]
    rows = {row.what: row for row in sn.compare(*flows, names=["a", "b", "c"]).rows}
    assert rows["Nd", "potential"].values == pytest.approx((120, 150, 160))
    assert rows["Nd", "potential"].change == pytest.approx(40)


def test_json(tutorial: SupplyNetwork) -> None:
    both = [tutorial, changed(tutorial, "nodes", lambda r: r.id == "ref-big", makes=("light",))]
    told: dict[str, Any] = json.loads(json.dumps(sn.compare(*both).to_dict(), allow_nan=False))
    assert told["rows"] == [
        {
            "table": "nodes",
            "row": "ref-big",
            "column": "makes",
            "values": [["light", "heavy"], ["light"]],
            "change": None,
            "unit": "",
        }
    ]


def test_what_cannot_be_compared(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(tutorial, to="MLT", element="Nd")
    with pytest.raises(OptionError, match="at least two"):
        sn.compare(flow)
    with pytest.raises(OptionError, match="of one kind"):
        sn.compare(flow, tutorial)
    with pytest.raises(OptionError, match="cannot compare str"):
        sn.compare("a", "b")
    with pytest.raises(OptionError, match="1 names for 2 answers"):
        sn.compare(flow, flow, names=["one"])


@pytest.mark.parametrize("table", sorted(TABLES))
def test_rows_of_every_table_have_a_key(table: str) -> None:
    """A table whose rows cannot be told apart could not be compared."""
    model = TABLES[table]
    assert model.key
    assert {*model.key, *model.told_once, *model.set_beside} <= set(model.model_fields)


def test_answers_of_any_kind_are_compared_by_their_first_table() -> None:
    """Equal answers differ nowhere; others by what their tables tell."""
    net = sn.load("tutorial")
    both = [sn.potential(net, to="MLT", avoid=avoid, year=2024) for avoid in (None, "ISL")]
    compared = sn.compare(*both, names=["all", "without"])
    (coverage,) = [row for row in compared.rows if row.what[-1] == "Coverage"]
    assert coverage.values == tuple(answer.products[0].coverage for answer in both)
    assert all(not row.change for row in sn.compare(both[0], both[0]).rows)
