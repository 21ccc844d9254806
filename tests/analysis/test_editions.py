"""Editions side by side: every revision is found, and what it does to the headlines."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import supplynet as sn
from supplynet.analysis.editions import diff_graphs, diff_tables
from supplynet.errors import OptionError, TableError


def edition(
    statistic: str = "production", year: int = 2024, **tonnes: float | None
) -> pd.DataFrame:
    names = {"Other": "Other countries", "Total": "World total"}
    return pd.DataFrame(
        [
            {
                "country": names.get(name, name),
                "year": year,
                "tonnes": value,
                "statistic": statistic,
            }
            for name, value in tonnes.items()
        ]
    )


OLD = edition(AUS=13, NGA=13, PER=5, CHL=1, ZMB=2, BOL=0, Other=4, Total=40)
NEW = edition(AUS=29, NGA=1.5, PER=5, FIN=3, ZMB=None, BOL=None, Other=4, Total=40)


def test_every_revision_is_told_with_its_state() -> None:
    found = diff_tables(OLD, NEW, names=("old", "new"))
    states = {one.country: one.state for one in found.revisions}
    assert states == {
        "AUS": "changed",
        "NGA": "changed",
        "PER": "same",
        "CHL": "removed",
        "ZMB": "removed",
        "FIN": "added",
        "BOL": "same",
        "other countries": "same",
        "stated total": "same",
    }
    assert [one.country for one in found.changed][:2] == ["AUS", "NGA"]
    assert found.counts() == {"production": {"added": 1, "removed": 2, "changed": 2}}
    assert found.changed[0].change == 16
    assert found.changed[0].ratio == pytest.approx(29 / 13)


def test_what_it_does_to_the_headlines() -> None:
    found = diff_tables(OLD, NEW)
    by_name = {one.name: one for one in found.headlines}
    assert (by_name["sum of the rows"].before, by_name["sum of the rows"].after) == (38, 42.5)
    old = sum(one**2 for one in (13, 13, 5, 1, 2, 4)) / 38**2
    assert by_name["HHI"].before == pytest.approx(1e4 * old)
    assert by_name["share of Australia"].after == pytest.approx(29 / 42.5)
    assert any(flag.startswith("before, 2024, production: The row") for flag in found.flags)


def test_only_years_and_statistics_that_both_hold_are_compared() -> None:
    before = pd.concat([edition(AUS=1), edition("reserves", AUS=9), edition(year=2023, AUS=2)])
    after = pd.concat([edition(AUS=1), edition("reserves", AUS=8), edition(year=2025, AUS=3)])
    found = diff_tables(before, after)
    assert [(one.statistic, one.year) for one in found.revisions] == [
        ("production", 2024),
        ("reserves", 2024),
    ]
    assert [one.name for one in found.headlines if one.of.startswith("reserves")] == [
        "sum of the rows"
    ]
    assert len(diff_tables(before, after, year=2024).revisions) == 2
    with pytest.raises(OptionError, match="year 2023 is not in both editions; both hold 2024"):
        diff_tables(before, after, year=2023)
    with pytest.raises(OptionError, match="share no year"):
        diff_tables(edition(AUS=1), edition(year=2025, AUS=1))
    with pytest.raises(TableError, match="no column"):
        diff_tables(OLD.drop(columns="tonnes"), NEW)


def test_graphs_row_by_row(tutorial: sn.SupplyNetwork) -> None:
    nodes = list(tutorial.node_rows)
    mine = next(place for place, node in enumerate(nodes) if node.stage == "mine")
    doubled = nodes[mine].model_copy(update={"capacity": (nodes[mine].capacity or 0) * 2})
    nodes[mine] = doubled
    changed = tutorial.replace(nodes=nodes, edges=tutorial.edge_rows[1:])
    found = diff_graphs(tutorial, changed)
    assert found.counts() == {
        "nodes": {"added": 0, "removed": 0, "changed": 1},
        "edges": {"added": 0, "removed": 1, "changed": 0},
    }
    back = diff_graphs(changed, tutorial)
    assert back.counts()["edges"] == {"added": 1, "removed": 0, "changed": 0}
    frame = found.to_frame()
    assert set(frame["state"]) == {"changed", "removed"}
    capacity = {one.of: (one.before, one.after) for one in found.headlines}
    assert (capacity["Mine"][1] or 0) > (capacity["Mine"][0] or 0)
    assert capacity["Refiner"][0] == capacity["Refiner"][1]
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert diff_graphs(tutorial, tutorial).counts() == {}
    with pytest.raises(OptionError, match="year 1999 lies outside"):
        diff_graphs(tutorial, tutorial, year=1999)


def test_graphs_of_other_stages(tutorial: sn.SupplyNetwork, rare_earths: sn.SupplyNetwork) -> None:
    found = diff_graphs(tutorial, rare_earths)
    capacity = {one.of: (one.before, one.after) for one in found.headlines}
    assert capacity["Maker"][1] == 0.0
    assert capacity["Magnet maker"][0] == 0.0
    assert any("declared otherwise" in flag for flag in found.flags)
