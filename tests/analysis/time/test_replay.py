"""A replay scores a run against what was seen, measure by measure."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time.replay import MEASURES
from supplynet.errors import DataError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from supplynet.questions.replay import replay
from supplynet.reports.results import document_of
from tests.analysis.time.networks import with_stock
from tests.network.networks import added
from tests.network.scenarios import scenario

STOP = {"verb": "close", "nodes": "maker"}
#: the chains stand still from February to April; 150 t last for a month and a half
SEEN = {
    "lost_share": (0.5, 1.0),
    "made_good": (0.0, 0.0),
    "survives": (1.0, 1.0),
    "is_short": (1.0, 1.0),
    "not_arrived": (0.6, 0.7),
    "rank": (1.0, 1.0),
    "output": (450.0, 510.0),
}


def happened(**values: Any) -> SupplyNetwork:
    """Two chains with a stock of 150 t, a stop of three months, and what was seen of it."""
    net = with_stock(**values)
    tables = {table: net.rows(table) for table in TABLES}
    stop = {"stop": scenario("stop", STOP)}
    net = SupplyNetwork.from_rows(net.metadata, tables, scenarios=stop)
    shock = {"id": "stop", "name": "A stop", "scenario": "stop", "begin": "2024-02"}
    rows = [
        {
            "id": measure,
            "shock": "stop",
            "title": f"What was seen: {measure}",
            "measure": measure,
            "place": "maker" if measure == "output" else "KOR",
            "form": "goods",
            "begin": "2024-02",
            "end": "2024-06",
            "value": value,
            "value_low": value,
            "value_high": high,
        }
        for measure, (value, high) in SEEN.items()
    ]
    return added(added(net, "shocks", {**shock, "end": "2024-04"}), "replays", *rows)


def modeled(net: SupplyNetwork) -> dict[str, float]:
    return {row.measure: row.modeled for row in replay(net, "stop").rows}


def test_every_measure_is_that_of_the_run() -> None:
    assert set(MEASURES) == set(SEEN)
    assert modeled(happened()) == pytest.approx(
        {
            "lost_share": 150 / 500,
            "made_good": 0.0,
            "survives": 1.0,
            "is_short": 1.0,
            "not_arrived": 300 / 500,
            "rank": 1.0,
            "output": 500.0,
        },
        abs=1e-6,
    )


def test_what_is_put_back_is_made_good() -> None:
    """Of 300 t that did not arrive 150 t were drawn; 30 t come back in each of two months."""
    net = happened(refill=0.2)
    rich = net.replace(
        nodes=[
            row if row.stage == "nation" else row.model_copy(update={"capacity": 9000.0})
            for row in net.node_rows
        ]
    )
    assert modeled(rich)["made_good"] == pytest.approx(60 / 300)


def test_a_row_is_met_within_its_ends() -> None:
    result = replay(happened(), "stop")
    assert {row.measure: row.is_hit for row in result.rows} == {
        "lost_share": False,
        "made_good": True,
        "survives": True,
        "is_short": True,
        "not_arrived": True,
        "rank": True,
        "output": True,
    }
    assert "6 of 7 observations" in result.summary()
    assert result.certificate.ok
    assert result.provenance.graph == "demo"
    assert len(result.to_frame()) == 7
    assert result.to_dict()["n_hits"] == 6
    endless = replay(happened(quantity=900.0), "stop").to_dict()
    assert [row["modeled"] for row in endless["rows"] if row["measure"] == "survives"] == [None]


def test_what_plants_made_may_be_left_out() -> None:
    """It hangs on no shock; where nothing else was seen it is scored all the same."""
    net = happened()
    whole, page = replay(net, "stop"), replay(net, "stop", every=False)
    assert page.left_out == ("What was seen: output",) and whole.left_out == ()
    assert [row.id for row in page.rows] == [name for name in SEEN if name != "output"]
    assert [row.modeled for row in page.rows] == pytest.approx(
        [row.modeled for row in whole.rows if row.measure != "output"]
    )
    text = "1 observation of what plants made without the shock; --full scores it."
    assert text in str(document_of(page).sections)
    assert "Left out" not in str(document_of(whole).sections)
    made = [row for row in net.rows("replays") if row.id == "output"]
    alone = replay(net.replace(replays=made), "stop", every=False)
    assert [row.id for row in alone.rows] == ["output"]


def told(net: SupplyNetwork, **values: Any) -> float:
    """What a row that is added says of the run."""
    row = {"id": "added", "shock": "stop", "title": "Added", "place": "KOR", "form": "goods"}
    row |= {"begin": "2024-02", "end": "2024-04", "value": 1.0, **values}
    (score,) = [
        each for each in replay(added(net, "replays", row), "stop").rows if each.id == "added"
    ]
    return score.modeled


def test_what_was_fitted_to_is_scored_apart() -> None:
    """The stock was set by two of what was seen: one of the six hits is no test, nor a miss."""
    net = happened(fitted_to="survives;lost_share")
    result = replay(net, "stop")
    assert (result.n_hits, result.n_fitted, result.n_fitted_hits) == (6, 2, 1)
    assert {row.id: row.fitted for row in result.rows if row.fitted} == {
        "lost_share": ("stocks reserve",),
        "survives": ("stocks reserve",),
    }
    told = result.to_dict()
    assert (told["n_hits"], told["n_fitted"], told["n_fitted_hits"]) == (6, 2, 1)
    said = "6 of 7 observations are met, of which 1 were fitted to; of the 5 that nothing was"
    assert said in result.summary()
    document = document_of(result)
    (table,) = document.tables()
    assert [row["is_hit"] for row in table.rows][:3] == ["missed, fitted", "met", "met, fitted"]
    assert "fitted by stocks reserve, so that it is no test" in str(document.sections)
    plain = replay(happened(), "stop")
    assert "fitted" not in plain.summary() and plain.n_fitted == 0


def test_what_a_row_was_fitted_to_must_be_there() -> None:
    problems = [
        one
        for one in sn.graph.check(happened(fitted_to="survive")).errors
        if one.column == "fitted_to"
    ]
    assert [(one.file, one.value) for one in problems] == [("stocks.csv", "survive")]
    assert "survives" in problems[0].hint


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"measure": "lost_share", "place": "maker"}, "place: no nation is among it"),
        ({"measure": "output"}, "place: nations are among it"),
        ({"measure": "output", "place": "refiner", "form": "oxide", "element": "Xx"}, "element"),
        ({"measure": "lost_share", "form": "ore"}, "form: nobody of KOR needs it"),
        ({"measure": "lost_share", "begin": "2031-01", "end": "2031-02"}, "begin: lies outside"),
        ({"measure": "lost_share", "begin": "2024-05"}, "end: ends before it begins"),
        ({"measure": "lost_share", "value_high": 0.5}, "value: lies above its high end"),
        ({"measure": "lost_share", "value": -0.5}, "value: lost_share is never below 0"),
        ({"measure": "lost_share", "place": "Nowhere"}, "place: 'Nowhere' is no country"),
    ],
)
def test_a_row_that_cannot_be_scored_is_told_with_its_place(
    values: dict[str, Any], column: str
) -> None:
    with pytest.raises(DataError, match=f"replays.csv, row 9, column {column}"):
        told(happened(), **values)


@pytest.mark.slow
@pytest.mark.parametrize(("shock", "hits"), [("2025-magnets", 4), ("2010-japan", 2)])
def test_the_shocks_of_rare_earths_are_given_back_in_part(
    rare_earths: SupplyNetwork, shock: str, hits: int
) -> None:
    assert replay(rare_earths, shock).n_hits >= hits
