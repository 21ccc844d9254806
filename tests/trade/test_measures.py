"""Which column holds the value and which the weight, and in which unit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.errors import DataError, OptionError
from supplynet.trade.columns import value_columns, weight_columns
from supplynet.trade.layouts import reading_of
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["cifvalue", "fobvalue", "primaryValue"], "primaryValue"),
        (["value_eur", "value_usd"], "value_usd"),
        (["unit_value_usd", "value"], "value"),
        (["TradeValue", "CIFValue", "FOBValue"], "TradeValue"),
        (["Trade Value (US$)", "Flag"], "Trade Value (US$)"),
        (["cif_value_usd", "v"], "v"),
    ],
)
def test_the_best_column_of_the_value(names: list[str], best: str) -> None:
    assert [one.name for one in value_columns(names)] == [best]


@pytest.mark.parametrize(
    ("names", "best", "factor"),
    [
        (["qty", "netWgt", "isNetWgtEstimated", "grossWgt"], "netWgt", 1e-3),
        (["t", "q"], "q", 1.0),
        (["Qty Unit", "Netweight (kg)"], "Netweight (kg)", 1e-3),
        (["quantity_1000_t"], "quantity_1000_t", 1e3),
        (["tonnes", "net_weight_kg"], "net_weight_kg", 1e-3),
        (["weight"], "weight", 1e-3),
    ],
)
def test_the_best_column_of_the_weight(names: list[str], best: str, factor: float) -> None:
    assert [(one.name, one.factor) for one in weight_columns(names)] == [(best, factor)]


PLACES = "exporter,importer,hs6"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def figures(table: TradeTable, column: str = "value_usd") -> list[list[object]]:
    return table.frame[["exporter", "year", column]].values.tolist()  # type: ignore[no-any-return]


def counts(table: TradeTable) -> dict[str, int]:
    return {row.reason: row.n_rows for row in table.ledger}


def test_a_row_for_each_year_with_value_and_weight(tmp_path: Path) -> None:
    head = f"{PLACES},value_1000usd_2021,tonnes_2021,value_1000usd_2022,tonnes_2022\n"
    path = write(tmp_path / "a.csv", head + "FJI,MLT,850511,5,1,7,\nISL,MLT,850511,,,3,0.5\n")
    table = read_trade(path, codes="850511")
    assert figures(table) == [["FJI", 2021, 5000.0], ["FJI", 2022, 7000.0], ["ISL", 2022, 3000.0]]
    assert table.frame["tonnes_how"].tolist() == ["reported", "estimated", "reported"]
    assert counts(table)["empty"] == 1
    assert table.files[0].n_rows == 4
    assert "a.csv: Years are columns (value_1000usd_2021, tonnes_2021, " in table.notes[0]


def test_years_that_are_not_asked_for_are_passed_over(tmp_path: Path) -> None:
    head = f"{PLACES},rank_2021,value_usd_2021,value_usd_2022\n"
    path = write(tmp_path / "a.csv", f"{head}FJI,MLT,850511,1,5,6\n")
    table = read_trade(path, codes="850511", year=2022)
    assert figures(table) == [["FJI", 2022, 6.0]]
    assert counts(table)["other-year"] == 1
    with pytest.raises(DataError, match="none of 2 rows") as error:
        read_trade(path, codes="850511", year=1999)
    assert "the files speak of 2021, 2022" in error.value.hint


@pytest.mark.parametrize("years", ["2021,2022", "X2021,X2022", "y2021,y2022", "2021.0,2022.0"])
def test_what_bare_years_hold_must_be_said(tmp_path: Path, years: str) -> None:
    path = write(tmp_path / "a.csv", f"{PLACES},{years}\nFJI,MLT,850511,5,6\n")
    with pytest.raises(DataError, match="do not say what their cells hold") as error:
        read_trade(path, codes="850511")
    assert "value_1000usd=years" in error.value.hint
    table = read_trade(path, codes="850511", columns={"value_1000usd": "Years"})
    assert figures(table) == [["FJI", 2021, 5000.0], ["FJI", 2022, 6000.0]]


def test_weights_alone_are_read_and_shares_are_by_weight(tmp_path: Path) -> None:
    rows = "FJI,MLT,850511,500,99\nMLT,MLT,850511,,1\nFJI,ISL,850511,0,\nXQQ,MLT,850511,,1\n"
    path = write(tmp_path / "a.csv", f"{PLACES},2021,2022\n{rows}")
    with pytest.raises(DataError, match=r"0\.33% of the weight would be left out") as error:
        read_trade(path, codes="850511", columns={"kg": "years"}, max_unmapped=0)
    assert "XQQ" in error.value.hint
    table = read_trade(path, codes="850511", columns={"kg": "years"})
    assert figures(table, "tonnes") == [["FJI", 2021, 0.5], ["FJI", 2022, 0.099]]
    assert table.frame["value_usd"].isna().all()
    assert (table.measure, table.to_dict()["value_usd"]) == ("weight", None)
    assert "of the weight left out" in table.summary()
    assert all(row.value_usd is None for row in table.ledger)
    assert "No column holds a value: every share is by weight." in table.notes[-1]
    assert counts(table)["zero"] == 1


@pytest.mark.parametrize(
    ("columns", "told", "error", "words"),
    [
        ("value_usd_2021,value_cif_usd_2021", {}, DataError, "several columns may hold the value"),
        ("2021,X2021", {"tonnes": "years"}, DataError, "several columns may hold the weight of"),
        ("value_usd_2021,tonnes_2021,tonnes_2022", {}, DataError, "2022 has a column of weights"),
        ("value_eur_2021", {}, DataError, "not in US dollars but in EUR"),
        ("2021", {"tonnes": "years", "value_usd": "years"}, DataError, "both values and weights"),
        ("2021", {"tonnes": "years", "kg": "years"}, OptionError, "can hold one part only"),
        ("2021,value_usd_2022", {}, DataError, "the columns 2021 do not say"),
    ],
)
def test_what_could_be_meant_in_two_ways_is_refused(
    columns: str, told: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        reading_of(f"{PLACES},{columns}".split(","), None, Path("x.csv"), told)


def test_a_column_of_years_makes_a_table_long(tmp_path: Path) -> None:
    """Names such as value_2015_usd are then prices of a year, not its figures."""
    path = write(tmp_path / "a.csv", f"{PLACES},year,value_2015_usd\nFJI,MLT,850511,2022,5\n")
    assert figures(read_trade(path, codes="850511")) == [["FJI", 2022, 5.0]]
    named = write(tmp_path / "b.csv", f"{PLACES},2021,years\nFJI,MLT,850511,x,5\n")
    table = read_trade(named, codes="850511", year=2022, columns={"value_usd": "years"})
    assert figures(table) == [["FJI", 2022, 5.0]]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (f"{PLACES},Unit,2021", {"value_1000usd": "years"}),
        (f"{PLACES},Unit,value,year", {}),
    ],
    ids=["wide", "long"],
)
def test_figures_of_several_kinds_are_never_added_up(
    tmp_path: Path, head: str, columns: dict[str, str]
) -> None:
    """Values and tonnes in rows of their own would be one senseless sum."""
    rows = "FJI,MLT,850511,1000 USD,5,2021\nFJI,MLT,850511,tonnes,1,2021\n"
    if columns:
        rows = rows.replace(",2021", "")
    path = write(tmp_path / "a.csv", f"{head}\n{rows}")
    with pytest.raises(OptionError, match="'Unit' says row by row") as error:
        read_trade(path, codes="850511", columns=columns)
    assert "--where Unit=" in error.value.hint
    told = columns or {"value_1000usd": "value"}
    table = read_trade(path, codes="850511", columns=told, where={"Unit": "1000 USD"})
    assert figures(table) == [["FJI", 2021, 5000.0]]
    assert counts(table)["other-rows"] == 1


@pytest.mark.parametrize("sign", ["..", ":", "-", "n.a."])
def test_signs_for_no_figure_are_none(tmp_path: Path, sign: str) -> None:
    path = write(tmp_path / "a.csv", f"{PLACES},tonnes_2021,tonnes_2022\nFJI,MLT,850511,{sign},5\n")
    table = read_trade(path, codes="850511")
    assert figures(table, "tonnes") == [["FJI", 2022, 5.0]]
    assert counts(table)["empty"] == 1


@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.integers(0, 99))] * 3), min_size=1, max_size=9
    ).filter(lambda rows: any(cell is not None for row in rows for cell in row))
)
@settings(max_examples=15)
def test_long_and_wide_tables_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int | None, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("wide")
    exporters = ["FJI", "ISL", "NZL", "KOR", "CHL", "USA", "CAN", "BRA", "PER"]
    cells = ["" if cell is None else str(cell) for row in rows for cell in row]
    wide = f"{PLACES},value_usd_2020,value_usd_2021,value_usd_2022\n"
    long = f"{PLACES},year,value_usd\n"
    for place, exporter in enumerate(exporters[: len(rows)]):
        own = cells[3 * place : 3 * place + 3]
        wide += f"{exporter},MLT,850511,{','.join(own)}\n"
        years = enumerate(own, start=2020)
        long += "".join(f"{exporter},MLT,850511,{year},{cell}\n" for year, cell in years if cell)
    one = read_trade(write(folder / "wide.csv", wide), codes="850511")
    other = read_trade(write(folder / "long.csv", long), codes="850511")
    assert one.frame.equals(other.frame)
    assert sum(counts(one).get(name, 0) for name in ("empty", "zero", "flow")) == len(cells)
