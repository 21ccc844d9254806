"""All indices of production and trade tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from supplynet.errors import OptionError, UnknownNameError
from supplynet.questions.indices.of_tables import table_indices
from tests.analysis.indices.tables import parameter, parameters, production, trade

WORLD = production(AUS=60, CHL=30, USA=10)
BOUGHT = trade(("USA", "AUS", 30), ("USA", "CHL", 10))


def test_tables_alone_and_with_trade() -> None:
    assert [one.method.id for one in table_indices(WORLD).indices] == ["hhi", "n-1"]
    frame = BOUGHT.assign(governance_risk=0.5)
    found = table_indices(WORLD, trade=frame, to="USA", hs=["260400"], year=2022, tables=["a.csv"])
    assert [one.id for one in found.methods] == ["hhi", "n-1", "geopolrisk", "crma"]
    own, recycled, largest = found.of("crma")
    assert own.value == pytest.approx(10 / 50)
    assert recycled.value is None
    assert largest.value == pytest.approx(30 / 50)
    assert found.provenance.inputs["tables"] == ("a.csv",)
    assert "GeoPolRisk" in found.summary()


def test_tables_with_parameters() -> None:
    known = parameters(
        parameter("wgi_mean6", 1.0, place="AUS"),
        parameter("consumption", 80.0, place="AUS"),
        parameter("consumption", 20.0, place="USA"),
        parameter("consumption", 999.0, place="EU"),
        parameter("main_supplier_share", 0.5, place="USA"),
    )
    found = table_indices(WORLD, to="USA", parameters=known, kind="processing")
    assert found.of("n-1")[0].value == pytest.approx(40 / 20)
    assert found.of("eu-supply-risk")
    own, _, largest = found.of("crma")
    assert (own.target, own.value) == (0.4, 0.5)
    assert largest.value == 0.5


def test_tables_that_do_not_tell_enough() -> None:
    with pytest.raises(OptionError, match="needs an importer and HS codes"):
        table_indices(WORLD, trade=BOUGHT)
    with pytest.raises(OptionError, match="must be one of extraction, processing"):
        table_indices(WORLD, kind="mining")
    with pytest.raises(UnknownNameError):
        table_indices(WORLD, to="Nowhere")


def test_it_takes_a_file_and_rows_as_they_are_published(tmp_path: Path) -> None:
    """The function reads what the command reads: titles, units and names of statistics offices."""
    path = tmp_path / "world.csv"
    rows = ["Country,Type,Unit,2023,2024", "Peru,Mine production,kt,1,3"]
    path.write_text("\n".join([*rows, "Chile,Mine production,kt,2,1", ""]))
    read = table_indices(path)
    assert read.of("hhi")[0].value == pytest.approx(1e4 * (0.75**2 + 0.25**2))
    assert table_indices(pd.read_csv(path)).indices == read.indices
    alone = table_indices(str(path), year=2023, where={"Country": "Peru"})
    assert alone.of("hhi")[0].value == 1e4
