"""A graph as a folder of Parquet is the graph of its CSV, and faults have their file and place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplynet as sn
from fuzz import parsers
from supplynet import limits
from supplynet.errors import LimitError, MissingExtraError, TableError
from supplynet.io.package import package_files, read_package
from supplynet.io.parquet import read_parquet, write_parquet
from supplynet.network.schema import TABLES, Columns, Node, Source

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
NET = sn.load("tutorial")


def frame() -> dict[str, list[Any]]:
    """Return the nodes of the tutorial by columns."""
    return pq.read_table(io.BytesIO(write_parquet(NET.node_rows, Node))).to_pydict()


def fault(columns: Any) -> str:
    """Return what is said about a table of nodes."""
    problems, sink = [], io.BytesIO()
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), sink)
    assert read_parquet(sink.getvalue(), Node, "nodes.parquet", problems) == []
    return str(problems[0])


@pytest.mark.parametrize("name", ["tutorial", "rare-earths"])
@pytest.mark.parametrize("large", [0, 2**20])
def test_a_folder_of_parquet_is_that_of_csv(name, large, tmp_path, monkeypatch):
    net = sn.load(name)
    monkeypatch.setattr("supplynet.io.parquet.LARGE", large)
    sn.save(net, tmp_path / "a.parquet")
    assert not list((tmp_path / "a.parquet").glob("*.csv"))
    same = sn.load(tmp_path / "a.parquet")
    assert same.digest == net.digest
    assert any(isinstance(same.rows(table), Columns) for table in TABLES) == (not large)
    assert package_files(same) == package_files(net)
    assert package_files(same, ".parquet") == package_files(net, ".parquet")
    # written as CSV into the same folder under a name without an ending, the old tables go
    (tmp_path / "a.parquet").rename(tmp_path / "a")
    sn.save(same, tmp_path / "a", overwrite=True)
    assert not list((tmp_path / "a").glob("*.parquet"))
    assert sn.load(tmp_path / "a") == net


def test_answers_are_those_of_csv(tmp_path):
    sn.save(NET, tmp_path / "tutorial")
    sn.save(NET, tmp_path / "tutorial.parquet")
    a, b = (sn.load(tmp_path / name) for name in ("tutorial", "tutorial.parquet"))
    for question in (sn.flow, sn.coverage, sn.chokepoints):
        assert question(a, to="MLT").to_dict() == question(b, to="MLT").to_dict()


FAULTS = {
    "type": ({"capacity": ["a"]}, "capacity: the column holds string - it may hold numbers"),
    "number": ({"name": [3]}, "name: the column holds int64 - it may hold text"),
    "null": ({"country": None}, "row 2, column country"),
    "value": ({"status": "running"}, "row 2, column status"),
    "nan": ({"capacity": float("nan")}, "row 2, column capacity"),
    "unknown": ({"colour": [""]}, "there is no column 'colour'"),
}


@pytest.mark.parametrize(("change", "expected"), FAULTS.values(), ids=FAULTS)
def test_faults_have_their_place(change, expected):
    (name, value), table = next(iter(change.items())), frame()
    n_rows = len(table["id"])
    table[name] = value * n_rows if isinstance(value, list) else [value, *table[name][1:]]
    assert expected in fault(table)


def test_columns_that_are_missing_or_twice():
    table = pa.table(frame())
    assert "nodes.parquet, row 1, column stage: the column is missing" in fault(
        table.drop_columns(["stage"])
    )
    assert "the column is there twice" in fault(table.append_column("id", table["id"]))


def test_types_of_other_writers_and_own_columns_are_read():
    table = frame() | {"_mine": [[1]] * len(NET.node_rows)}
    other = pa.table(table)
    for name, kind in (("id", pa.large_string()), ("stage", pa.dictionary(pa.int8(), pa.string()))):
        place = other.column_names.index(name)
        other = other.set_column(place, name, other[name].cast(kind))
    sink = io.BytesIO()
    pq.write_table(other, sink)
    rows = read_parquet(sink.getvalue(), Node, "nodes.parquet", [])
    assert [row for _, row in rows] == list(NET.node_rows)


def test_damaged_and_too_large_files_are_refused(tmp_path, monkeypatch):
    content = write_parquet(NET.node_rows, Node)
    for damaged in (content[:-40], b"PAR1", content[:60] + b"\xff\xff" + content[62:]):
        problems = []
        assert read_parquet(damaged, Node, "nodes.parquet", problems) == []
        assert "nodes.parquet: not a sound Parquet file" in str(problems[0])
    monkeypatch.setattr(limits, "MAX_ZIP_BYTES", 10)
    with pytest.raises(LimitError, match="unpacks to more than"):
        read_parquet(content, Node, "nodes.parquet", [])
    monkeypatch.setattr(limits, "MAX_ROWS", 2)
    with pytest.raises(LimitError, match="more than 2 rows"):
        read_parquet(content, Node, "nodes.parquet", [])


def test_a_check_names_the_files_of_the_folder(tmp_path):
    rows = [row.with_cells(source_ids=("nobody",)) for row in NET.node_rows]
    sn.save(NET.replace(nodes=rows), tmp_path / "a.parquet")
    (problem, *_) = read_package(tmp_path / "a.parquet").check().errors
    assert problem.place == "nodes.parquet, row 2, column source_ids"


def test_without_pyarrow_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtraError) as error:
        write_parquet((), Source)
    assert "supplynet[large]" in error.value.hint


def test_what_cannot_be_written_is_refused(tmp_path):
    rows = [row.with_cells(source_ids=("a;b",)) for row in NET.node_rows]
    with pytest.raises(TableError, match="row 2, column source_ids"):
        sn.save(NET.replace(nodes=rows), Path(tmp_path) / "a.parquet")
    assert not (tmp_path / "a.parquet").exists()


#: columns that no table has, as they come from other writers or from a mistake
ODD = [
    pa.array([None, float("nan"), 1e300]),
    pa.array([None, -(2**63), 2**63 - 1]),
    pa.array([2**64 - 1, 0, 1], pa.uint64()),
    pa.array([None, "", "a;b\0é"]),
    pa.array(["1_000", " 1", "nan"], pa.large_string()),
    pa.array(["a", None, "a"]).dictionary_encode(),
    pa.array([1.0, None, 1.0]).dictionary_encode(),
    pa.array([b"\xff", b"", None]),
    pa.array([True, None, False]),
    pa.nulls(3),
    pa.array([[1], None, []]),
    pa.array([{"a": 1}, None, {}]),
    pa.array([None, 1, 2], pa.timestamp("s")),
    pa.array([None, 1, 10**30], pa.decimal256(50, 2)),
]


@given(
    name=st.sampled_from([name for name in TABLES if NET.rows(name)]),
    changes=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([None, "", "_x", "id", *ODD])), max_size=3
    ),
    n_rows=st.integers(1, 9),
    large=st.sampled_from([1, 2**20]),
)
def test_any_columns_are_rows_or_faults_with_their_file(name, changes, n_rows, large):
    model, sink = TABLES[name], io.BytesIO()
    table = pq.read_table(io.BytesIO(write_parquet(NET.rows(name), model))).slice(0, n_rows)
    for at, change in changes:
        place = at % table.num_columns
        if change is None and table.num_columns > 1:
            table = table.remove_column(place)
        elif isinstance(change, str):
            names = [*table.column_names]
            names[place] = change
            table = table.rename_columns(names)
        elif change is not None:
            column = change.take(pa.array([row % 3 for row in range(table.num_rows)]))
            table = table.set_column(place, table.column_names[place], column)
    pq.write_table(table, sink)
    problems = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("supplynet.io.parquet.LARGE", large)
        try:
            rows = read_parquet(sink.getvalue(), model, "x.parquet", problems)
        except LimitError as error:
            assert "x.parquet" in str(error)
            return
    assert len(rows) == (0 if problems else table.num_rows)
    assert all(str(problem).startswith("x.parquet") for problem in problems)


def test_codes_of_a_damaged_page_beyond_its_texts_are_refused():
    content = (parsers.SEEDS / "parquet" / "code-beyond-texts.parquet").read_bytes()
    model = TABLES[sorted(TABLES)[content[0]]]
    problems = []
    assert read_parquet(content[1:], model, "x.parquet", problems) == []
    assert "x.parquet: not a sound Parquet file" in str(problems[0])
