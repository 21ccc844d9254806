"""Finding the rows of a few codes in a large file: the same as reading every row, in blocks."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import DataError, LimitError, MissingExtraError
from supplynet.trade import lines
from supplynet.trade.lines import read_batches, read_header
from supplynet.trade.read import read_trade


def rows(path: Path, codes: list[str]) -> list[tuple[int, list[str]]]:
    return [
        (line, cells)
        for batch in read_batches(path, codes, read_header(path), "k")
        for line, cells in zip(batch.lines, batch.rows, strict=True)
    ]


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_lost_leading_zero_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "i,k\nA,10121\n")
    assert rows(path, ["010121"]) == [(2, ["A", "10121"])]


def test_quoted_cells_may_hold_the_separator(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'i;k\n"A;B";850511\n"A;850511\n')
    assert rows(path, ["850511"]) == [(2, ["A;B", "850511"]), (3, ['"A;850511'])]


def test_gzip_a_byte_order_mark_and_another_encoding_are_read(tmp_path: Path) -> None:
    text = "\ufeffi,k\n".encode() + "Côte,850511\n".encode("latin-1")
    path = write(tmp_path / "a.csv.gz", gzip.compress(text))
    assert read_header(path).names == ["i", "k"]
    assert rows(path, ["850511"]) == [(2, ["Côte", "850511"])]


def test_titles_may_stand_above_the_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Trade; in magnets\n\nsep=|\ni|k\nA|850511\n")
    head = read_header(path, lambda names: "k" in names)
    assert (head.names, head.line, head.delimiter) == (["i", "k"], 4, "|")
    found = list(read_batches(path, ["850511"], head, "k"))
    assert [(batch.lines, batch.rows) for batch in found] == [([5], [["A", "850511"]])]


def test_the_first_line_is_shown_where_none_is_a_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 99)
    tried: list[list[str]] = []
    head = read_header(path, lambda names: bool(tried.append(names)))
    assert (head.names, head.line) == (["a", "b"], 1)
    assert len(tried) == lines.MAX_TITLES + 1


@pytest.mark.parametrize(
    "text", ["8505.11", "8505.11.00", "'850511", "HS850511", "8505 11", "85 05 11"]
)
def test_codes_as_they_are_printed_are_found(text: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"i,k\nA,{text}\nB,280530\n")
    assert rows(path, ["850511"]) == [(2, ["A", text])]


def test_progress_ends_at_the_size_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "i,k\nA,850511\n")
    told: list[tuple[int, int]] = []
    head = read_header(path)
    list(read_batches(path, [], head, "k", lambda done, total: told.append((done, total))))
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


@given(
    cells=st.lists(st.sampled_from(["850511", "280530", "x", "", "85051"]), max_size=30),
    block=st.integers(1, 40),
    is_ended=st.booleans(),
)
def test_blocks_of_any_size_give_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], block: int, is_ended: bool
) -> None:
    """A code or a line that falls onto the end of a block must not be lost or doubled."""
    path = tmp_path_factory.mktemp("lines") / "a.csv"
    body = "\n".join(f"a,{cell}" for cell in cells) + ("\n" if is_ended else "")
    write(path, "i,k\n" + body)
    before = lines.BLOCK
    lines.BLOCK = block
    try:
        found = rows(path, ["850511"])
        n_read = sum(
            batch.n_read for batch in read_batches(path, ["850511"], read_header(path), "k")
        )
    finally:
        lines.BLOCK = before
    wanted = [(place, ["a", cell]) for place, cell in enumerate(cells, start=2) if "850511" in cell]
    assert found == wanted
    assert n_read == (len(cells) or int(is_ended))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must name the columns"),
        (b"  \n\n", "must name the columns"),
        (b"a\0b\n", "not text"),
        ("i,k\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 and more\n", "not text"),
        (gzip.compress(b"i,k\n" * 9, mtime=0)[:-12], "gzip file is damaged"),
        (b"\x1f\x8bnonsense", "gzip file is damaged"),
    ],
    ids=["empty", "blank", "nul", "utf-16", "zip", "cut", "nonsense"],
)
def test_files_that_are_no_tables_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(DataError, match=message):
        read_header(path)
        rows(path, ["850511"])


def test_lines_without_an_end_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 10)
    monkeypatch.setattr(lines, "BLOCK", 16)
    with pytest.raises(LimitError, match="longer than 10 bytes"):
        read_header(write(tmp_path / "a.csv", "x" * 30))
    with pytest.raises(LimitError, match="longer than 10 bytes"):
        rows(write(tmp_path / "b.csv", "i,k\n" + "x" * 30), ["850511"])


def test_what_the_system_says_becomes_our_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_header(tmp_path / "none.csv")
    with pytest.raises(DataError, match="cannot be read"):
        read_header(tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        read_header(Path("a\0b"))


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


@pytest.mark.parametrize(
    ("code", "kind"), [("850511", "INT"), ("850511", "VARCHAR"), ("85051110", "INT")]
)
def test_a_folder_parted_by_year_holds_every_year(tmp_path: Path, code: str, kind: str) -> None:
    """Codes that are numbers of six digits are compared as such, all others as text."""
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (the extra trade)")
    with duckdb.connect() as base:
        base.execute(
            f"COPY (SELECT year AS t, 156 i, 392 j, code::{kind} k, 1.0 v, tonnes q "
            f"FROM (VALUES (2021, '{code}', 1.0), (2022, '{code}', 2.0), (2022, '10121', 4.0)) "
            f"AS row(year, code, tonnes)) TO '{tmp_path / 'world'}' "
            "(FORMAT parquet, PARTITION_BY t)"
        )
    every = read_trade(tmp_path / "world", codes="850511")
    assert every.frame[["year", "tonnes"]].values.tolist() == [[2021, 1.0], [2022, 2.0]]
    one = read_trade(tmp_path / "world", codes="850511,010121", year=2022)
    assert sorted(one.frame["tonnes"]) == [2.0, 4.0]
    assert len(one.files) == 1 and any("2021" in note for note in one.notes)


def test_batches_are_small_and_told(baci: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ROWS", 2)
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
