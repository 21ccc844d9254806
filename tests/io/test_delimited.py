"""Tables of strangers: what is recognized, and that nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet import limits
from supplynet.errors import DataError, LimitError, OptionError, TableError, UnknownNameError
from supplynet.io import delimited
from supplynet.io.delimited import (
    Delimited,
    chosen_columns,
    figure,
    mended,
    parse_delimited,
    read_delimited,
    require_rows,
)


def is_header(names: object) -> bool:
    return "country" in names  # type: ignore[operator]


def parse(text: str) -> Delimited:
    return parse_delimited(text, "t.csv", is_header)


def table(delimiter: str = ",") -> Delimited:
    return Delimited("t.csv", ("country", "value"), (), delimiter)


def number(cell: str, delimiter: str = ",") -> float | None:
    return figure(table(delimiter), 7, "value", cell).value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_titles_above_the_header(delimiter: str) -> None:
    lines = ["A title", "", delimiter.join(["Country", "2020"]), delimiter.join(["Peru", "5"])]
    found = parse("\n".join(lines))
    assert found.header == ("Country", "2020")
    assert found.rows == ((4, ("Peru", "5")),)
    assert found.delimiter == delimiter


def test_short_rows_are_filled_up_and_blank_ones_left_out() -> None:
    assert parse("country,a,b\nPeru\n,,\n").rows == ((2, ("Peru", "", "")),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("country,a\nPeru,1,2\n", r"t\.csv, row 2: has 3 cells where the header has 2"),
        ("nothing\nhere\n", r"none of the first 40 rows names the columns .*'nothing'"),
        ("", "none of the first 40 rows"),
        ("\n" * 60 + "country,a\n", "none of the first 40 rows"),
        ("country\nPe\0ru\n", r"row 2: a NUL byte"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        parse(text)


def test_a_cell_beyond_the_limit_of_csv_is_refused() -> None:
    with pytest.raises(TableError, match="row 2: cannot be read as CSV"):
        parse('country\n"' + "x" * 200_000 + '"\n')


def test_more_rows_than_a_table_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 1)
    with pytest.raises(LimitError, match="more than 1 rows"):
        parse("country\nPeru\nChile\n")


def test_other_character_sets(tmp_path) -> None:
    """Files of older spreadsheets, and those whose characters were damaged before."""
    path = tmp_path / "old.csv"
    path.write_bytes("country,2020\nTürkiye,–\n".encode("cp1252"))  # noqa: RUF001
    assert read_delimited(path, is_header).rows == ((2, ("Türkiye", "–")),)  # noqa: RUF001
    path.write_bytes("\ufeff".encode() + "country\nT\u00c3\u00bcrkiye\n\u0097\n".encode())
    assert [cells[0] for _, cells in read_delimited(path, is_header).rows] == ["Türkiye", "—"]
    path.write_bytes("ï»¿country\nPeru\n".encode())
    assert read_delimited(path, is_header).header == ("country",)
    assert mended("Ä Öl é à ÿ") == "Ä Öl é à ÿ"
    assert mended("ÃÃ") == "ÃÃ"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12500", 12500.0),
        ("12,500", 12500.0),
        ("1,234,567.5", 1234567.5),
        ("12 500", 12500.0),
        ("12\u202f500", 12500.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("\u22125", -5.0),
        ("e 29,000", 29000.0),
        ("29,000e", 29000.0),
        ("29,000 (5)", 29000.0),
        ("29,000²", 29000.0),
        ("—", 0.0),
        ("-", 0.0),
        ("NA", None),
        ("W", None),
        ("", None),
        ("(5)", None),
        ("XX", None),
        (">90,000,000", None),
        ("Less than ½ unit", None),
    ],
)
def test_figures_as_offices_write_them(cell: str, value: float | None) -> None:
    assert number(cell) == value


def test_marks_of_a_figure_are_kept() -> None:
    assert figure(table(), 2, "value", "e5").is_estimated
    assert not figure(table(), 2, "value", "5").is_estimated
    assert figure(table(), 2, "value", "<5").is_bound


def test_a_comma_beside_semicolons_parts_decimals_unless_it_may_part_thousands() -> None:
    assert number("12,5", ";") == 12.5
    assert number("1,234,567", ";") == 1234567.0
    assert number("1,234.5", ";") == 1234.5
    with pytest.raises(
        TableError, match=r"t\.csv, row 7, column value: may be thousands"
    ) as caught:
        number("12,500", ";")
    assert "without commas" in caught.value.hint


@pytest.mark.parametrize("cell", ["12,5", "1.2.3", "five", "12,50,000", "1e999", "--5", "e"])
def test_what_is_no_number_is_refused_with_its_place(cell: str) -> None:
    with pytest.raises(TableError, match=r"t\.csv, row 7, column value: not a number"):
        number(cell)


def test_rows_are_chosen_by_cells() -> None:
    found = parse("country,Type\nPeru,Mine\nPeru,Smelter\n")
    assert found.where({"TYPE": "smelter"}).rows == ((3, ("Peru", "Smelter")),)
    assert found.where({}) == found
    with pytest.raises(UnknownNameError, match="no row has 'Smeltr'") as caught:
        found.where({"type": "Smeltr"})
    assert "Smelter" in caught.value.hint
    with pytest.raises(UnknownNameError, match="there is no column 'Typ'"):
        found.where({"Typ": "x"})


def test_parts_that_no_table_has_are_refused() -> None:
    assert chosen_columns({"year": "Y"}, ("year",)) == {"year": "Y"}
    with pytest.raises(OptionError, match="no part 'yaer'") as caught:
        chosen_columns({"yaer": "Y"}, ("year",))
    assert "year" in caught.value.hint


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(DataError, match="no rows"):
        require_rows(parse("country\n"))


@given(st.text(max_size=200))
def test_any_text_parses_or_raises_our_errors(text: str) -> None:
    """The property that matters to a user: never a traceback."""
    try:
        found = delimited.parse_delimited(text, "t.csv", lambda names: len(names) > 1)
    except DataError:
        return
    assert all(len(cells) == len(found.header) for _, cells in found.rows)


@given(st.text(max_size=20), st.sampled_from([",", ";"]))
def test_any_cell_is_a_figure_or_our_error(cell: str, delimiter: str) -> None:
    try:
        found = figure(table(delimiter), 2, "value", cell)
    except DataError:
        return
    assert found.value is None or abs(found.value) < 1e30
