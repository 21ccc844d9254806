"""Parquet files give the rows that the same CSV file gives."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supplynet.errors import DataError, MissingExtraError
from supplynet.trade import parquet
from supplynet.trade.lines import read_batches, read_header
from supplynet.trade.read import read_trade

EXTRACTS = Path(__file__).parent / "extracts"


@pytest.fixture
def baci(tmp_path: Path) -> Path:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (the extra trade)")
    path = tmp_path / "baci.parquet"
    with duckdb.connect() as base:
        base.execute(
            "COPY (SELECT t::INT t, i::INT i, j::INT j, k::INT k, v::DOUBLE v, "
            "TRY_CAST(trim(q) AS DOUBLE) q "
            f"FROM read_csv('{EXTRACTS / 'baci.csv'}', all_varchar = true)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    return path


def test_the_same_records_as_parquet_and_as_csv(baci: Path) -> None:
    for codes in ("850511,280530,010121", None):
        one = read_trade(baci, codes=codes, year=2022, max_unmapped=1)
        other = read_trade(EXTRACTS / "baci.csv", codes=codes, year=2022, max_unmapped=1)
        assert one.frame.equals(other.frame)
        assert one.ledger == other.ledger


def test_batches_are_small_and_told(baci: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 2)
    told: list[tuple[int, int]] = []
    head = read_header(baci)
    found = list(
        read_batches(baci, ["850511"], head, "k", lambda done, total: told.append((done, total)))
    )
    assert [len(batch.rows) for batch in found] == [2, 2, 2, 1, 0]
    assert sum(batch.n_read for batch in found) == 11
    assert told[-1] == (11, 11)
    assert found[0].lines == [2, 3]
    assert sum(len(batch.rows) for batch in read_batches(baci, ["850511"], head, "k")) == 7


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed (the extra trade)")
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DataError, match="Parquet file cannot be read"):
        read_header(path)


def test_without_duckdb_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(MissingExtraError, match="needs duckdb") as error:
        read_header(path)
    assert "supplynet[trade]" in error.value.hint


def test_a_name_is_a_file_and_never_a_pattern(tmp_path: Path) -> None:
    """Beside files that the name would fit as a pattern."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (the extra trade)")
    named = {"data[2022].parquet": 1, "data2.parquet": 2, "a*b.parquet": 3, "axxb.parquet": 4}
    with duckdb.connect() as base:
        for name, value in named.items():
            base.execute(
                f"COPY (SELECT 2022 t, 156 i, 392 j, 850511 k, {value} v, {value} q) "
                f"TO '{tmp_path / name}' (FORMAT parquet)"
            )
    for name, value in named.items():
        found = read_trade(tmp_path / name, codes="850511")
        assert found.frame["tonnes"].tolist() == [value]
