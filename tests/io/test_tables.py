from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet import limits
from supplynet.errors import LimitError, TableError
from supplynet.io.load import graphs_folder
from supplynet.io.package import read_package
from supplynet.io.tables import format_number, read_columns, read_rows, text_columns, write_rows
from supplynet.network.problems import Problem
from supplynet.network.schema import TABLES, Columns, Edge, Node, Row, Source, coded
from tests.io.strategies import rows_of

HEADER = "id,title,is_verified"
NODE_HEADER = "id,name,stage,country,confidence,lat,source_ids,note"


def read(text: str, model: type[Row] = Source) -> tuple[list[Any], list[Problem]]:
    problems: list[Problem] = []
    return read_rows(text, model, "t.csv", problems), problems


def only_problem(text: str, model: type[Row] = Source) -> Problem:
    rows, problems = read(text, model)
    assert rows == []
    assert len(problems) == 1
    assert problems[0].file == "t.csv"
    return problems[0]


def test_reads_rows_and_skips_blank_lines() -> None:
    rows, problems = read(f"\ufeff{HEADER}\r\na,One,yes\r\n\r\n,,\r\nb,Two,no\r\n")
    assert problems == []
    assert [(row.id, row.title, row.is_verified) for row in rows] == [
        ("a", "One", "yes"),
        ("b", "Two", "no"),
    ]


def test_na_is_text_and_empty_is_the_default() -> None:
    (row,), _ = read(f"{HEADER},publisher,edition\na,NA,yes,,NaN\n")
    assert (row.title, row.publisher, row.edition) == ("NA", "", "NaN")


def test_columns_may_stand_in_any_order_and_spaces_around_names_are_ignored() -> None:
    (row,), problems = read("title, is_verified ,id\nOne,yes,a\n")
    assert (row.id, row.title, problems) == ("a", "One", [])


def test_columns_of_the_writer_are_passed_over() -> None:
    (row,), problems = read(f"{HEADER},_seen by\na,One,yes,'1,5 or so'\n".replace("1,5", "1.5"))
    assert (row.id, row.title, problems) == ("a", "One", [])
    (row,), problems = read("id;title;is_verified;_seen by;_x\na;One;yes;1,5,x;\n")
    assert (row.id, row.title, problems) == ("a", "One", [])


def test_lists_and_numbers() -> None:
    (row,), _ = read(f"{NODE_HEADER}\na,A,mine,AUS,sourced,-12.5,s1; s2,\n", Node)
    assert (row.lat, row.source_ids, row.note) == (-12.5, ("s1", "s2"), "")


@pytest.mark.parametrize(
    ("text", "code", "row", "column", "words"),
    [
        ("", "no-header", 1, "", "must name the columns"),
        ("\n", "no-header", 1, "", "must name the columns"),
        ("id,title\n", "missing-column", 1, "is_verified", "missing"),
        (f"{HEADER},titel\n", "unknown-column", 1, "", "did you mean 'title'"),
        (f"{HEADER},zzz\n", "unknown-column", 1, "", "the columns are id, title"),
        (f"{HEADER},zzz\n", "unknown-column", 1, "", "of your own has a name that begins with _"),
        (f"{HEADER},\n", "unknown-column", 1, "", "no column ''"),
        (f"{HEADER},id\n", "duplicate-column", 1, "id", "twice"),
        (f"{HEADER}\na,One\n", "ragged-row", 2, "", "has 2 cells where the header has 3"),
        (f"{HEADER}\n\na,b,yes,c\n", "ragged-row", 3, "", "quotation marks"),
        (f'{HEADER}\na,"One,yes\n', "bad-quotes", 2, "", "quotation marks"),
        (f'{HEADER}\na,"b"c,yes\n', "bad-quotes", 2, "", "quotation marks"),
        (f"{HEADER}\n\na,One,maybe\n", "bad-value", 3, "is_verified", "'yes' or 'no'"),
        (f"{HEADER}\na,,yes\n", "missing-value", 2, "title", "needed"),
        (f"{HEADER}\na,O\0,yes\n", "nul-byte", None, "", "line 2 holds a NUL byte"),
    ],
)
def test_faults_have_a_place(
    text: str, code: str, row: int | None, column: str, words: str
) -> None:
    problem = only_problem(text)
    assert (problem.code, problem.row, problem.column) == (code, row, column)
    assert words in str(problem)


def test_every_fault_is_reported_at_once() -> None:
    _, problems = read(f"{HEADER}\na b,One,yes\nc,Two,x\nd\n")
    assert [(item.row, item.code) for item in problems] == [(4, "ragged-row")]
    _, problems = read(f"{HEADER}\na b,One,yes\nc,Two,x\n")
    assert [(item.row, item.column) for item in problems] == [(2, "id"), (3, "is_verified")]


def test_a_row_is_counted_as_a_spreadsheet_does() -> None:
    problem = only_problem(f'{HEADER}\na,"two\nlines",yes\nb,One,x\n')
    assert problem.row == 3


def test_files_and_streams(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"\ufeff{HEADER}\na,Ä,yes\n".encode())
    problems: list[Problem] = []
    (row,) = read_rows(path, Source, "t.csv", problems)
    with path.open(encoding="utf-8", newline="") as stream:
        assert read_rows(stream, Source, "t.csv", problems) == [row]
    assert problems == []


def test_files_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"{HEADER}\na,caf\xe9,yes\n".encode("latin-1"))
    problems: list[Problem] = []
    assert read_rows(path, Source, "t.csv", problems) == []
    with path.open(encoding="utf-8") as stream:
        assert read_rows(stream, Source, "t.csv", problems) == []
    assert read_rows(tmp_path / "gone.csv", Source, "gone.csv", problems) == []
    assert "line 2: not UTF-8" in problems[0].message
    assert "not UTF-8" in problems[1].message
    assert "gone.csv: there is no such file" in problems[2].message


def test_bounds(monkeypatch: Any) -> None:
    body = "".join(f"s{n},T,yes\n" for n in range(5))
    monkeypatch.setattr(limits, "MAX_ROWS", 5)
    assert len(read(f"{HEADER}\n{body}")[0]) == 5
    monkeypatch.setattr(limits, "MAX_ROWS", 4)
    with pytest.raises(LimitError, match="more than 4 rows"):
        read(f"{HEADER}\n{body}")
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 30)
    with pytest.raises(LimitError, match="larger than 30 bytes"):
        read_rows(io.StringIO(f"{HEADER}\n{body}"), Source, "t.csv", [])


def test_a_cell_of_the_bound_is_read_and_a_longer_one_is_not(monkeypatch: Any) -> None:
    longest = "x" * limits.MAX_CELL_CHARS
    (row,), _ = read(f"{HEADER}\na,{longest},yes\n")
    assert row.title == longest
    with pytest.raises(LimitError, match=r"t\.csv, row 2: a cell has more than 131,072"):
        read(f"{HEADER}\na,{longest}x,yes\n")
    monkeypatch.setattr(limits, "MAX_CELL_CHARS", 10)
    with pytest.raises(LimitError, match="row 2"):
        read(f"{HEADER}\na,{'x' * 11},yes\n")


def test_too_many_columns() -> None:
    with pytest.raises(LimitError, match="more than 1,000 columns"):
        read(f"{HEADER}{',x' * 998}\n")


def test_a_number_with_underscores_is_refused() -> None:
    """Python reads 1_000 as a thousand; a reader of the table would not."""
    problems: list[Problem] = []
    text = "id,name,stage,country,lat,confidence\nm_1,Mine 1_000,mine,AUS,1_0.5,sourced\n"
    assert read_rows(text, Node, "nodes.csv", problems) == []
    assert [(one.row, one.column, one.value) for one in problems] == [(2, "lat", "1_0.5")]
    assert "write 10.5" in problems[0].hint


def test_text_columns() -> None:
    numbers = {"capacity", "capacity_low", "capacity_high", "observed", "minimum"}
    assert text_columns(Edge) == set(Edge.model_fields) - numbers - {"start_year", "end_year"}


@pytest.mark.parametrize("note", ["=1+1", "+x", "-x", "@SUM(A1)", "'=1", "''-", "'quoted'", "a=b"])
def test_formulas_are_text_without_loss(note: str) -> None:
    row = Node(id="a", name="A", stage="m", country="AUS", confidence="sourced", note=note)
    text = write_rows([row], Node)
    cells = dict(zip(*csv.reader(io.StringIO(text, newline="")), strict=True))
    assert cells["note"][0] not in "=+-@\t\r\n"
    assert read(text, Node)[0] == [row]


def test_a_formula_that_was_written_elsewhere_is_read_as_text() -> None:
    (row,), _ = read(f"{HEADER}\na,=1+1,yes\n")
    assert row.title == "=1+1"


def test_negative_numbers_are_numbers() -> None:
    row = Node(id="a", name="A", stage="m", country="AUS", confidence="sourced", lat=-31, lon=-0.25)
    assert ",-31,-0.25," in write_rows([row], Node)


def test_lists_that_start_like_a_formula() -> None:
    row = Node(id="a", name="A", stage="m", country="AUS", confidence="sourced", makes=("-x", "=y"))
    text = write_rows([row], Node)
    assert "'-x;=y" in text
    assert read(text, Node)[0] == [row]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"makes": ("a;b",)}, "column makes: .*semicolon"),
        ({"makes": ("a", " ")}, "column makes"),
        ({"note": "a\0b"}, "row 2, column note: a NUL byte"),
        ({"note": "x" * 131_073}, "room for 131,072 characters"),
        ({"note": "=" + "x" * 131_071}, "room for 131,072 characters"),
    ],
)
def test_what_cannot_be_written_without_loss(changes: dict[str, Any], words: str) -> None:
    row = Node(id="a", name="A", stage="m", country="AUS", confidence="sourced", **changes)
    with pytest.raises(TableError, match=words):
        write_rows([row], Node)


def test_an_empty_text_where_one_is_needed_cannot_be_written() -> None:
    model = TABLES["production"]
    row = model.model_validate(
        {"node_id": "a", "year": 2024, "production": 1, "unit": "", "confidence": "sourced"}
    )
    with pytest.raises(TableError, match="row 2, column unit: a value is needed"):
        write_rows([row], model)


def test_numbers() -> None:
    assert format_number(-0.5) == "-0.5"
    assert format_number(100.0) == "100"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_round_trip(value: float) -> None:
    assert float(format_number(value)) == value


@pytest.mark.parametrize("table", TABLES)
def test_round_trip(table: str) -> None:
    model = TABLES[table]

    @given(rows_of(model))
    @settings(max_examples=settings.default.max_examples // 10)  # of each of three dozen tables
    def check(rows: list[Row]) -> None:
        text = write_rows(rows, model)
        found, problems = read(text, model)
        assert problems == []
        assert found == rows
        assert write_rows(found, model) == text

    check()


def test_the_same_bytes_for_any_hash_seed() -> None:
    program = (
        "import sys; from tests.io.strategies import small; from supplynet.io.package import "
        "network_zip; from supplynet.io.jsonfile import network_graphml; "
        "from supplynet.io.jsonfile import network_json; import hashlib; net = small(); "
        "print(hashlib.sha256(network_zip(net) + network_graphml(net).encode() + "
        "network_json(net).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(digests) == 1


# -- CSV of a spreadsheet where a comma parts decimals is understood, or refused with its place --


HEAD = "id;name;stage;country;confidence;lat;capacity;source_ids"


def as_read(*rows: str, head: str = HEAD) -> tuple[list[Node], list[Problem]]:
    problems: list[Problem] = []
    text = "\r\n".join([head, *rows]) + "\r\n"
    found = read_rows(text, Node, "nodes.csv", problems)
    return [row for row in found if isinstance(row, Node)], problems


@pytest.mark.parametrize(
    ("row", "lat", "capacity"),
    [
        ('a;A, B;mine;AUS;sourced;-12,5;1200;"s1;s2"', -12.5, 1200.0),
        ('a;A, B;mine;AUS;sourced;-12,5;1.200,5;"s1;s2"', -12.5, 1200.5),
        ('a;A, B;mine;AUS;sourced;-12,25;1.200;"s1;s2"', -12.25, 1200.0),
        ('a;A, B;mine;AUS;sourced;-12.5;1.200;"s1;s2"', -12.5, 1.2),
    ],
)
def test_semicolons_and_decimal_commas(row: str, lat: float, capacity: float) -> None:
    (node,), problems = as_read(row)
    assert problems == []
    assert (node.name, node.lat, node.capacity) == ("A, B", lat, capacity)
    assert node.source_ids == ("s1", "s2")


@pytest.mark.parametrize("cell", ["1.200", "1,200"])
def test_a_number_that_could_be_two_is_named(cell: str) -> None:
    rows, (problem,) = as_read(f"a;A;mine;AUS;sourced;;{cell};")
    assert rows == []
    assert (problem.code, problem.row, problem.column) == ("ambiguous-number", 2, "capacity")
    assert problem.value == cell
    assert "without thousands separators" in problem.hint


def test_what_is_no_number_is_told_as_ever() -> None:
    _, (problem,) = as_read("a;A;mine;AUS;sourced;;many;")
    assert (problem.column, problem.message) == ("capacity", "must be a number")
    _, (ragged,) = as_read("a;A;mine")
    assert ragged.code == "ragged-row"


def test_the_separator_may_be_named_first_or_be_a_tab() -> None:
    row = "a;A;mine;AUS;sourced;-12,5;;"
    assert as_read(HEAD, row, head="sep=;")[0][0].lat == -12.5
    tabs = [text.replace(";", "\t") for text in (HEAD, row)]
    assert as_read(tabs[1], head=tabs[0])[0][0].lat == -12.5


GRAPHS = ("tutorial", "rare-earths", "cobalt", "gallium-germanium")
#: faults, and what a table by columns leaves to be read row by row
LEFT = {
    "a quoted cell": ("MLT,", '"MLT",'),
    "a cell too many": ("estimated,", "estimated,,"),
    "a cell in the row before": ("'=x\nmine-small,?", "'=x,\nmine-small?"),
    "a number that is none": ("4000", "4_000"),
    "a column of the writer's": ("id,", "_id,"),
    "a value that is needed": ("mine-big,", ","),
    "a value that is none": ("4000", "plenty"),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_tables_by_columns_are_those_by_rows(name, monkeypatch):
    net = read_package(graphs_folder() / name)
    monkeypatch.setattr("supplynet.io.tables.LARGE", 0)
    monkeypatch.setattr("supplynet.network.network._BATCH", 7)
    same = read_package(graphs_folder() / name)
    by_columns = [table for table in TABLES if isinstance(same.rows(table), Columns)]
    assert by_columns
    assert same.digest == net.digest
    assert same == net and net == same
    assert hash(same.rows(by_columns[0])) == hash(net.rows(by_columns[0]))
    assert same.rows(by_columns[0])[:2] == net.rows(by_columns[0])[:2]
    assert same.rows(by_columns[0]) != net.rows(by_columns[0])[:-1]


TEXT = "id,name,stage,country,capacity,unit,status,confidence,note\n" + "".join(
    f"mine-{size},?,mine,MLT,{capacity},t,operating,estimated,'=x\n"
    for size, capacity in (("big", 4000), ("small", ""))
)


def test_a_large_table_is_read_by_columns(monkeypatch):
    assert read_columns(TEXT, Node, "nodes.csv") is None
    monkeypatch.setattr("supplynet.io.tables.LARGE", 0)
    rows = read_columns(TEXT.rstrip("\n"), Node, "nodes.csv")
    assert list(rows) == read_rows(TEXT, Node, "nodes.csv", [])
    assert [row.id for row in rows.kinds(["country"])] == ["mine-big"]
    assert len(list(rows.kinds(["capacity", "id"]))) == 2
    codes, values = coded(rows, "country")
    assert [values[code] for code in codes.tolist()] == ["MLT", "MLT"]


@pytest.mark.parametrize("change", LEFT.values(), ids=LEFT)
def test_what_must_be_looked_at_is_read_by_rows(change, monkeypatch):
    monkeypatch.setattr("supplynet.io.tables.LARGE", 0)
    assert read_columns(TEXT.replace(*change, 1), Node, "nodes.csv") is None


def test_too_many_rows_by_columns_are_refused_before_any_is_read(monkeypatch):
    monkeypatch.setattr("supplynet.io.tables.LARGE", 0)
    monkeypatch.setattr(limits, "MAX_ROWS", 1)
    with pytest.raises(LimitError, match=r"nodes.csv: more than 1 rows: up to .* GiB of memory"):
        read_columns(TEXT, Node, "nodes.csv")
