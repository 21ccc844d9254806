"""Production tables in the layouts that offices publish; a misread one would still give an HHI."""

from __future__ import annotations

import time
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplynet.errors import DataError, OptionError, TableError, UnknownNameError, UsageError
from supplynet.io.production import COLUMNS, production_of, read_production, statistic_of

# Rows by hand in the three layouts: years as columns with a prefix, long, years as bare columns.
WIDE = """\
SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,RESERVES_2024
MCS,Ore,Peru,Mine production,metric tons,"1,000",1200,,5,>10
MCS,Ore,Burma,Mine production,metric tons,,300,,,NA
MCS,Ore,Other Countries,Mine production,metric tons,50,60,,,
MCS,Ore,World total (rounded),Mine production,metric tons,1100,1600,,,
"""
LONG = """\
country,statistic,year,value,notes
Peru,Production,2024,"1,300",Estimated.
Burma,Production,2024,\x97,Reported.
World total,Production,2024,"1,300",
Peru,Reserves,2024,"10,000",
"""
BARE = """\
Country,Country_Code,Country_ISO,2021,2022,unit,data_source
Peru,604,PER,10,20,metr. t,r
Kosovo,697,R20,1,2,metr. t,e
Total,DELETE,DELETE,11,22,metr. t,nan
"""


def read(tmp_path: Path, text: str, **options: dict[str, str]) -> pd.DataFrame:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_production(path, **options)


def of(frame: pd.DataFrame, country: str, year: int, statistic: str = "production") -> dict:
    found = frame[
        (frame["country"] == country) & (frame["year"] == year) & (frame["statistic"] == statistic)
    ]
    assert len(found) == 1
    return found.iloc[0].to_dict()


def test_years_as_columns_with_a_prefix(tmp_path) -> None:
    frame = read(tmp_path, WIDE)
    assert list(frame.columns) == list(COLUMNS)
    pd.testing.assert_frame_equal(frame, production_of(pd.read_csv(StringIO(WIDE), dtype=str)))
    peru = of(frame, "PER", 2023)
    assert (peru["tonnes"], peru["is_estimated"], peru["row"]) == (1000.0, False, 2)
    assert of(frame, "PER", 2024)["is_estimated"]
    assert of(frame, "PER", 2023, "capacity")["tonnes"] == 5.0
    assert pd.isna(of(frame, "PER", 2024, "reserves")["tonnes"])
    assert pd.isna(of(frame, "MMR", 2023)["tonnes"])
    assert of(frame, "Other Countries", 2024)["kind"] == "other"
    total = of(frame, "World total (rounded)", 2024)
    assert (total["kind"], total["is_rounded"]) == ("total", True)
    assert not frame["is_unit_assumed"].any()


def test_a_row_for_each_country_and_year(tmp_path) -> None:
    frame = read(tmp_path, LONG)
    assert of(frame, "PER", 2024)["tonnes"] == 1300.0
    assert of(frame, "PER", 2024)["is_estimated"]
    assert of(frame, "MMR", 2024)["tonnes"] == 0.0
    assert not of(frame, "MMR", 2024)["is_estimated"]
    assert of(frame, "PER", 2024, "reserves")["tonnes"] == 10_000.0
    assert frame["is_unit_assumed"].all()


def test_years_as_bare_columns_and_codes(tmp_path) -> None:
    frame = read(tmp_path, BARE)
    assert of(frame, "PER", 2022)["tonnes"] == 20.0
    kosovo = of(frame, "XKX", 2022)
    assert (kosovo["tonnes"], kosovo["is_estimated"]) == (2.0, True)
    assert of(frame, "Total", 2021)["kind"] == "total"


def test_a_code_wins_over_a_name_that_is_not_known(tmp_path) -> None:
    frame = read(tmp_path, "Country,ISO3,2020\nPérou,PER,4\n")
    assert list(frame["country"]) == ["PER"]
    assert list(read(tmp_path, "ISO3,2020\nPER,4\n")["country"]) == ["PER"]
    assert list(read(tmp_path, "Country,2020\nAtlantis,4\n")["country"]) == ["Atlantis"]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("metric tons", 1.0),
        ("metric tons, contained", 1.0),
        ("t", 1.0),
        ("thousand metric tons", 1000.0),
        ("kilograms", 0.001),
        ("kt", 1000.0),
        ("million tonnes", 1e6),
        ("carats", 2e-7),
        ("short tons", 0.90718474),
    ],
)
def test_units_become_tonnes(tmp_path, unit: str, factor: float) -> None:
    frame = read(tmp_path, f'country,unit,2020\nPeru,"{unit}",5\n')
    assert frame["tonnes"][0] == pytest.approx(5 * factor)


def test_printed_tables_have_no_name_for_the_countries(tmp_path) -> None:
    text = (
        '"","Mine production 2023","Mine production 2024e","Reserves"\n"Congo (Kinshasa)",5,6,9\n'
    )
    frame = read(tmp_path, text)
    assert list(frame["country"]) == ["COD", "COD"]
    assert list(frame["is_estimated"]) == [False, True]


def test_a_unit_that_is_not_known_is_refused(tmp_path) -> None:
    with pytest.raises(TableError, match=r"table\.csv, row 2, column unit: not a unit .*'bushels'"):
        read(tmp_path, "country,unit,2020\nPeru,bushels,5\n")


def test_columns_can_be_named(tmp_path) -> None:
    text = "Land;Jahr;Menge\nPeru;2020;5\n"
    frame = read(tmp_path, text, columns={"country": "Land", "year": "Jahr", "value": "Menge"})
    assert of(frame, "PER", 2020)["tonnes"] == 5.0
    wide = read(tmp_path, "Land,Output 2020,Output 2021\nPeru,5,6\n", columns={"country": "Land"})
    assert list(wide["tonnes"]) == [5.0, 6.0]
    one = {"country": "Land", "value": "Output 2021"}
    assert list(
        read(tmp_path, "Land,Output 2020,Output 2021\nPeru,5,6\n", columns=one)["year"]
    ) == [2021]
    with pytest.raises(OptionError, match="no part 'land'"):
        read(tmp_path, text, columns={"land": "Land"})
    with pytest.raises(TableError, match="none of the first"):
        read(tmp_path, text, columns={"country": "Country"})
    with pytest.raises(TableError, match="names no country, or no figures"):
        read(tmp_path, text, columns={"country": "Land"})


def test_several_things_in_one_table_are_not_added(tmp_path) -> None:
    text = "country,commodity,2020\nPeru,Tin,1\nPeru,Zinc,2\n"
    with pytest.raises(TableError, match=r"several things, 'Tin', 'Zinc'") as caught:
        read(tmp_path, text)
    assert "commodity=Tin" in caught.value.hint
    assert list(read(tmp_path, text, where={"commodity": "Zinc"})["tonnes"]) == [2.0]
    with pytest.raises(UnknownNameError):
        read(tmp_path, text, where={"commodity": "Lead"})
    kinds = "country,type,2020\nPeru,Mine production,1\nChile,Smelter production,2\n"
    with pytest.raises(TableError, match="'Smelter production'"):
        read(tmp_path, kinds)


def test_a_country_that_stands_twice_is_refused(tmp_path) -> None:
    with pytest.raises(TableError, match="row 3: production of Burma in 2020 stands in row 2"):
        read(tmp_path, "country,2020\nMyanmar,1\nBurma,2\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("country,2020\nPeru,five\n", r"row 2, column 2020: not a number \(found 'five'\)"),
        ("country,2020\nPeru,-5\n", r"row 2, column 2020: .* negative \(found '-5'\)"),
        ("country,year,value\nPeru,20,5\n", r"row 2, column year: not a year \(found '20'\)"),
        ("country,2020\n", "no rows"),
        ("a,b\n1,2\n", "none of the first 40 rows"),
    ],
)
def test_faults_are_named_with_row_column_and_value(tmp_path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, text)


def test_rows_without_a_country_and_other_columns_are_passed_over(tmp_path) -> None:
    frame = read(tmp_path, "country,2020,Price 2020,Rank 2020\nPeru,5,9,1\n,7,,\n")
    assert list(frame["tonnes"]) == [5.0]


def test_other_statistics_and_lines_of_text_are_passed_over(tmp_path) -> None:
    """Notes below the table are no suppliers; a withheld figure is one."""
    text = (
        "country,statistics,year,value\nPeru,Production,2020,5\nPeru,Price,2020,about $5\n"
        "Atlantis,Production,2020,W\nSource: a note,,,\n"
    )
    frame = read(tmp_path, text)
    assert list(frame["name"]) == ["Peru", "Atlantis"]
    wide = read(tmp_path, "country,2020\nPeru,5\nChile,\n(1) A footnote\n")
    assert list(wide["name"]) == ["Peru", "Chile"]


def test_labels_of_statistics() -> None:
    assert statistic_of("Mine production, content") == "production"
    assert statistic_of("thousand metric tons") == "production"
    assert statistic_of("CAP") == "capacity"
    assert statistic_of("Reserves") == "reserves"
    assert statistic_of("Imports") == ""
    assert statistic_of("Gizmos") == ""


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["country", "year", "value", "2020", "Peru", "5", "Total", "unit", "t", ","]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, max_size=5), max_size=5), st.sampled_from([",", ";", "\n"]))
def test_any_table_is_read_or_refused_by_our_errors(tmp_path, cells, delimiter: str) -> None:
    path = tmp_path / "any.csv"
    text = "\n".join(delimiter.join(row) for row in cells)
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        frame = read_production(path)
    except (DataError, UsageError):
        return
    assert list(frame.columns) == list(COLUMNS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused_by_our_errors(tmp_path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"country,year,value,unit,type,notes\nPeru,2020," + data)
    try:
        read_production(path)
    except DataError:
        return


@pytest.mark.parametrize(
    ("header", "tonnes"),
    [
        ("Country,Prod_t_2021", 150.0),
        ("Country,Prod_kt_2021", 150_000.0),
        ("Country,Prod_kt_est_2021", 150_000.0),
        ('Country,"Mine production, 2021 (thousand metric tons)"', 150_000.0),
        ("Country,2021 (kg)", 0.15),
        ("Country,Y2021", 150.0),
    ],
)
def test_the_name_of_a_column_may_say_the_unit(header: str, tonnes: float, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{header}\nAustralia,150\n")
    found = read_production(path)
    assert found["tonnes"].tolist() == [tonnes]
    assert found["is_unit_assumed"].tolist() == ["Y2021" in header]


def test_the_unit_of_the_values_of_a_long_table(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Country,Year,Production (kt)\nAustralia,2021,150\n")
    assert read_production(path)["tonnes"].tolist() == [150_000.0]


def test_two_units_of_one_figure_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Country,unit,Prod_kt_2021\nAustralia,thousand metric tons,150\n")
    assert read_production(path)["tonnes"].tolist() == [150_000.0]
    path.write_text("Country,unit,Prod_kt_2021\nAustralia,metric tons,150\n")
    with pytest.raises(TableError, match="another unit than column Prod_kt_2021 says"):
        read_production(path)


@pytest.mark.parametrize(
    "text",
    [
        "Country,2024\nChina,5" + "*" * 130_000 + "x\n",
        "Country,2024\nChina,5" + "(1" * 60_000 + "\n",
        "Country," + "a b " * 30_000 + "\nChina,5\n",
        "Country," + "19 " * 40_000 + "\nChina,5\n",
    ],
    ids=["marks", "brackets", "words", "numbers"],
)
def test_a_cell_of_any_length_takes_no_time(tmp_path: Path, text: str) -> None:
    path = tmp_path / "long.csv"
    path.write_text(text, encoding="utf-8")
    start = time.perf_counter()
    with pytest.raises(DataError):
        read_production(path)
    assert time.perf_counter() - start < 10.0


@pytest.mark.parametrize("mark", ["*", "(1)", " [2]", "†", "³", "*†"])
def test_marks_of_footnotes_are_no_part_of_a_figure(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(f"Country,2024\nChina,1200{mark}\n", encoding="utf-8")
    assert read_production(path)["tonnes"].tolist() == [1200.0]
