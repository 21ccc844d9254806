"""Side by side: answers of one kind, and networks."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES

STOP = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ISL:mine"}]}, name="stop")


def test_flows(tutorial: SupplyNetwork) -> None:
    pair = [
        sn.flow(tutorial, to="MLT", element="Nd", avoid=one, year=2024, tier="possible")
        for one in (None, "ISL")
    ]
    found = sn.compare.answers(*pair)
    assert found.names == ("tutorial 2024", "tutorial 2024 without ISL")
    figures = {row.what: row for row in found.rows}
    row = figures["Nd", "potential"]
    assert row.values == pytest.approx((160, 40))
    assert row.change == pytest.approx(-120)
    assert figures["Nd", "coverage"].values == pytest.approx((1, 0.4), rel=1e-5)
    assert figures["Nd", "demand"].change == 0
    assert found.summary() == (
        "4 figures changed; most of all Nd, potential: from 160 (tutorial 2024) to 40 t Nd2O3/yr "
        "(tutorial 2024 without ISL)."
    )
    frame = found.to_frame()
    assert list(frame.columns) == ["element", "figure", *found.names, "change", "unit"]


def test_balances(tutorial: SupplyNetwork) -> None:
    """What each nation gets in each form when all buy at once, never called a potential."""
    pair = [sn.allocate(tutorial, scenario=one) for one in (None, STOP)]
    found = sn.compare.answers(*pair, names=["before", "after"])
    assert found.columns == ("nation", "form", "figure")
    rows = {row.what: row for row in found.rows}
    assert {row.what[-1] for row in found.rows} == {
        "demand",
        "served when all buy at once",
        "coverage",
    }
    before, after = (
        {(one.name_of(row.nation), row.form): row for row in one.coverage} for one in pair
    )
    assert before.keys() == after.keys() != set()
    for claim in before:
        served = rows[*claim, "served when all buy at once"]
        assert served.values == (before[claim].served, after[claim].served)
        assert served.unit == "t of product/yr"
        assert rows[*claim, "demand"].change == 0
    assert sum(rows[*claim, "served when all buy at once"].change or 0.0 for claim in before) < 0
    assert "served when all buy at once" in found.summary()
    assert next(sn.report.of(found).document.tables()).rows


def test_what_cannot_be_compared(tutorial: SupplyNetwork) -> None:
    flow = sn.flow(tutorial, to="MLT", element="Nd")
    with pytest.raises(OptionError, match="at least two"):
        sn.compare.answers(flow)
    with pytest.raises(OptionError, match="of one kind"):
        sn.compare.answers(flow, tutorial)
    with pytest.raises(OptionError, match="cannot compare str"):
        sn.compare.answers("a", "b")
    with pytest.raises(OptionError, match="1 names for 2 answers"):
        sn.compare.answers(flow, flow, names=["one"])


@pytest.mark.parametrize("table", sorted(TABLES))
def test_rows_of_every_table_have_a_key(table: str) -> None:
    """A table whose rows cannot be distinguished could not be compared."""
    model = TABLES[table]
    assert model.key
    assert {*model.key, *model.told_once, *model.set_beside} <= set(model.model_fields)


def test_answers_of_any_kind_are_compared_by_their_first_table() -> None:
    """Equal answers differ nowhere; others by what their tables tell."""
    net = sn.load("tutorial")
    both = [sn.coverage(net, to="MLT", avoid=avoid, year=2024) for avoid in (None, "ISL")]
    compared = sn.compare.answers(*both, names=["all", "without"])
    (coverage,) = [row for row in compared.rows if row.what[-1] == "Coverage"]
    assert coverage.values == tuple(answer.products[0].coverage for answer in both)
    assert all(not row.change for row in sn.compare.answers(both[0], both[0]).rows)
