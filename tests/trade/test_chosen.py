"""Which of several files hold records: each is read, or passed over with a word."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from supplynet.errors import DataError
from supplynet.questions.indices.of_tables import read_flows
from supplynet.trade.layouts import choose
from supplynet.trade.read import read_trade
from tests.trade.test_sources import pack

HEAD = "t,i,j,k,v,q\n"
RECORDS = {
    f"BACI_HS17_Y{year}_V202601.csv": f"{HEAD}{year},9001,410,850511,{year},1\n".encode()
    for year in (2021, 2022)
}
BESIDE = {
    "country_codes_V202601.csv": b"country_code,country_name,country_iso3\n9001,Fiji,FJI\n",
    "product_codes_HS17_V202601.csv": b'code,description\n850511,"Magnets; of metal"\n',
    "Readme.txt": b"BACI\nVersion 202601\n",
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return pack(tmp_path / "BACI_HS17_V202601.zip", {**BESIDE, **RECORDS})


def test_an_archive_of_years_with_its_tables_beside(archive: Path) -> None:
    """As CEPII publishes BACI: its country table names the codes, the other tables are reported."""
    table = read_trade(archive, codes="850511")
    assert table.frame[["exporter", "year", "value_usd"]].values.tolist() == [
        ["FJI", 2021, 2_021_000.0],
        ["FJI", 2022, 2_022_000.0],
    ]
    assert [file.name for file in table.files] == [f"{archive.name}/{name}" for name in RECORDS]
    assert len({file.sha256 for file in table.files}) == 2
    notes = "\n".join(table.notes)
    assert "country_codes_V202601.csv: read as the table of countries" in notes
    assert "product_codes_HS17_V202601.csv: passed over, its columns are code, desc" in notes
    assert "Readme.txt: passed over" in notes


def test_years_that_names_of_files_rule_out_are_not_read(archive: Path) -> None:
    table = read_trade(archive, codes="850511", year=2022)
    assert [file.n_rows for file in table.files] == [1]
    assert any("Y2021_V202601.csv: passed over, its name says 2021" in one for one in table.notes)
    with pytest.raises(DataError, match="none of 5 files holds records that were asked") as error:
        read_trade(archive, codes="850511", year=2019)
    assert "its name says 2021" in error.value.hint


def test_a_country_table_that_is_given_goes_before_that_beside(
    archive: Path, tmp_path: Path
) -> None:
    own = tmp_path / "codes.csv"
    own.write_text("country_code,country_iso3\n9001,MLT\n", encoding="utf-8")
    table = read_trade(archive, codes="850511", countries=own)
    assert set(table.frame["exporter"]) == {"MLT"}


def test_a_file_that_is_named_must_hold_records(tmp_path: Path) -> None:
    path = tmp_path / "product_codes.csv"
    path.write_bytes(BESIDE["product_codes_HS17_V202601.csv"])
    with pytest.raises(DataError, match="of no layout"):
        choose(path)
    with pytest.raises(DataError, match=r"a.zip/p.csv, line 1: the columns are those of no layout"):
        choose(pack(tmp_path / "a.zip", {"p.csv": path.read_bytes()}))


def test_a_table_of_trade_may_be_an_archive(tmp_path: Path) -> None:
    files: Mapping[str, bytes] = {
        "x.csv": b"exporter,importer,hs6,year,value_usd,tonnes\nFJI,MLT,850511,2022,5,1\n"
    }
    found = read_flows(pack(tmp_path / "a.zip", files))
    assert found[["importer", "exporter", "tonnes"]].values.tolist() == [["MLT", "FJI", 1.0]]
