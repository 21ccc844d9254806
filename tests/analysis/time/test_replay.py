"""A replay scores a run against what was seen, measure by measure."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time.replay import MEASURES, replay
from supplynet.errors import DataError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from supplynet.report.results import document_of
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
            "place": "KOR",
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
        {"lost_share": 150 / 500, "made_good": 0.0, "survives": 1.0, "is_short": 1.0}, abs=1e-6
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


def test_who_is_never_short_survives_without_end() -> None:
    told = modeled(happened(quantity=900.0))
    assert (told["survives"], told["is_short"], told["lost_share"]) == (
        float("inf"),
        0.0,
        pytest.approx(0.0, abs=1e-6),
    )


def test_a_row_is_met_within_its_ends() -> None:
    result = replay(happened(), "stop")
    assert {row.measure: row.is_hit for row in result.rows} == {
        "lost_share": False,
        "made_good": True,
        "survives": True,
        "is_short": True,
    }
    assert "3 of 4 observations" in result.summary()
    assert result.certificate.ok
    assert result.provenance.graph == "demo"
    assert len(result.to_frame()) == 4
    assert result.to_dict()["n_hits"] == 3
    endless = replay(happened(quantity=900.0), "stop").to_dict()
    assert [row["modeled"] for row in endless["rows"] if row["measure"] == "survives"] == [None]


def test_the_scorecard_says_met_or_missed() -> None:
    document = document_of(replay(happened(), "stop"))
    assert document.title == "Replay: A stop"
    (table,) = document.tables()
    assert [row["verdict"] for row in table.rows] == ["missed", "met", "met", "met"]
    assert [row["seen"] for row in table.rows] == ["50% (50% to 100%)", "0%", "1 month", "short"]
    endless = next(iter(document_of(replay(happened(quantity=900.0), "stop")).tables()))
    assert [row["modeled"] for row in endless.rows][2:] == ["never short", "not short"]


def test_what_was_not_seen_cannot_be_replayed() -> None:
    net = happened()
    with pytest.raises(UnknownNameError, match="has no shock 'flood'"):
        replay(net, "flood")
    with pytest.raises(DataError, match="nothing is told of what was seen"):
        replay(net.replace(replays=[]), "stop")


def test_the_command_counts_hits(tmp_path: Path, run_cli: Any) -> None:
    sn.save(happened(), tmp_path / "demo")
    done = run_cli("replay", str(tmp_path / "demo"), "stop", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [row["is_hit"] for row in csv.DictReader(io.StringIO(done.stdout))].count("yes") == 3
    failed = run_cli("replay", str(tmp_path / "demo"), "stop", "--fail-on", "misses>0")
    assert failed.returncode == 7


@pytest.mark.slow
@pytest.mark.parametrize(("shock", "hits"), [("2025-magnets", 3), ("2010-japan", 2)])
def test_the_shocks_of_rare_earths_are_given_back_in_part(
    rare_earths: SupplyNetwork, shock: str, hits: int
) -> None:
    assert replay(rare_earths, shock).n_hits >= hits
