"""Customs records: every layout gives the same flows, and no row goes without being counted."""

from __future__ import annotations

import gzip
import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import DataError, LimitError, OptionError, SupplynetError, TableError
from supplynet.trade import read
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable
from tests.trade.test_sources import pack

EXTRACTS = Path(__file__).parent / "extracts"
PLAIN = "exporter,importer,hs6,year,value_usd,tonnes\n"
PLAIN_HEAD = "exporter,importer,hs6,year,value_usd,tonnes\n"
COMTRADE = "year,reporter,partner,cmd,flow,value,netwgt\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def flows(table: TradeTable) -> dict[tuple[str, str, str], float]:
    rows = table.frame
    keys = zip(rows["exporter"], rows["importer"], rows["hs6"], strict=True)
    return dict(zip(keys, rows["value_usd"], strict=True))


def ledger(table: TradeTable) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in table.ledger:
        found[row.reason] += row.n_rows
    return dict(found)


# -- layouts ------------------------------------------------------------------------------


def test_baci_is_in_thousand_dollars_and_tonnes() -> None:
    table = read_trade(EXTRACTS / "baci.csv", codes="850511", year=2022)
    assert flows(table)["CHN", "KOR", "850511"] == 100_500.0
    assert flows(table)["TWN", "KOR", "850511"] == 1500.0
    row = table.frame[table.frame["importer"].eq("KOR") & table.frame["exporter"].eq("CHN")]
    assert row["tonnes"].tolist() == [2.5]
    assert ledger(table) == {
        "other-code": 4,
        "other-year": 1,
        "renamed": 1,
        "estimated-weight": 1,
        "flow": 6,
    }
    assert table.options["reconcile"] == "records reconciled before"


def test_comtrade_by_names_of_the_new_interface() -> None:
    """The total counts once, its parts by transport not at all, the re-export is in the export."""
    table = read_trade(EXTRACTS / "comtrade_new.csv", codes="850511", year=2022)
    assert flows(table) == {
        ("CHN", "JPN", "850511"): 210_000.0,
        ("CHN", "KOR", "850511"): 100_000.0,
        ("PHL", "KOR", "850511"): 19_000.0,
    }
    assert ledger(table) == {
        "other-flow": 1,
        "part-by-name": 2,
        "world-total": 1,
        "nes": 1,
        "estimated-weight": 1,
        "flow": 5,
    }
    assert table.options["world_gaps"] == {"value": 0.0, "weight": 0.0}
    assert len(table.gaps) == 2
    assert len(table.reports) == 5


@pytest.mark.parametrize(("how", "value"), [("importer", 100_000.0), ("exporter", 90_000.0)])
def test_comtrade_by_names_of_the_old_interface(how: str, value: float) -> None:
    """Without the columns that distinguish them, the row that others add up to is the total."""
    table = read_trade(EXTRACTS / "comtrade_old.csv", codes="850511", reconcile=how)  # type: ignore[arg-type]
    assert flows(table) == {("CHN", "KOR", "850511"): value}
    assert ledger(table)["part-of-total"] == 2


def test_further_columns_choose_rows(tmp_path: Path) -> None:
    text = "basis,exporter,importer,hs6,year,value_usd\nfob,FJI,MLT,850511,2022,5\n"
    path = write(tmp_path / "a.csv", text + "cif,FJI,MLT,850511,2022,6\n")
    found = read_trade(path, codes="850511", where={"basis": "cif"})
    assert flows(found) == {("FJI", "MLT", "850511"): 6.0}
    assert ledger(found)["other-rows"] == 1
    with pytest.raises(OptionError, match="no column 'base'"):
        read_trade(path, codes="850511", where={"base": "cif"})
    with pytest.raises(DataError, match="none of 2 rows") as error:
        read_trade(path, codes="850511", where={"basis": "x"})
    assert "further columns" in error.value.hint


# -- repeats ------------------------------------------------------------------------------


def repeated(tmp_path: Path, *values: float, weights: tuple[float, ...] = ()) -> TradeTable:
    """Reports of one flow of imports from Fiji, and one of another so that there is a base."""
    lines = [
        f"2022,470,242,850511,M,{value},{weight}"
        for value, weight in zip(values, weights or range(1, 1 + len(values)), strict=True)
    ]
    path = write(tmp_path / "a.csv", COMTRADE + "\n".join(lines) + "\n2022,470,36,850511,M,7,7\n")
    return read_trade(path, codes="850511")


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ((100, 60, 40), 100),  # one split
        ((100, 60, 40, 100, 70, 30), 100),  # two columns of totals, one of each split
        ((100, 60, 40, 70, 30, 50, 20, 20, 10), 100),  # two ways of parting, and both at once
        ((100, 60, 41), 201),  # parts without a total
        ((50, 30), 80),
        ((0, 0), 0),
    ],
)
def test_repeats_are_a_total_with_its_parts_or_parts(
    tmp_path: Path, values: tuple[float, ...], total: float
) -> None:
    table = repeated(tmp_path, *values)
    found = flows(table).get(("FJI", "MLT", "850511"), 0.0)
    assert found == total
    assert sum(ledger(table).get(name, 0) for name in ("part-of-total", "added-up", "flow")) >= 2


def test_the_same_row_again_counts_once(tmp_path: Path) -> None:
    table = repeated(tmp_path, 100, 100, 100, weights=(5, 5, 5))
    assert flows(table)["FJI", "MLT", "850511"] == 100
    assert ledger(table)["same-row"] == 2


def test_added_parts_have_a_weight_only_if_all_have(tmp_path: Path) -> None:
    one = repeated(tmp_path, 60, 30, weights=(6, 3))
    other = repeated(tmp_path, 60, 30, weights=(6, math.nan))
    for table, how in ((one, "reported"), (other, "estimated")):
        row = table.frame[table.frame["exporter"] == "FJI"].iloc[0]
        assert row["tonnes_how"] == how


def test_two_files_may_not_disagree(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", f"{PLAIN}FJI,MLT,850511,2022,100,1\n")
    other = write(tmp_path / "b.csv", f"{PLAIN}FJI,MLT,850511,2022,99,1\n")
    with pytest.raises(DataError, match=r"a.csv, line 2, and .*b.csv, line 2: two figures"):
        read_trade([one, other], codes="850511")
    with pytest.raises(OptionError, match=r"holds the same as a.csv"):
        read_trade([one, one], codes="850511")
    third = write(tmp_path / "c.csv", "t,i,j,k,v,q\n2022,FJI,MLT,850511,5,1\n")
    with pytest.raises(OptionError, match="in the layout baci"):
        read_trade([one, third], codes="850511")


# -- what is left out ---------------------------------------------------------------------


def test_what_is_left_out_is_counted_and_bounded(tmp_path: Path) -> None:
    rows = [
        "FJI,MLT,850511,2022,970,97",
        "MLT,MLT,850511,2022,10,1",
        "899,MLT,850511,2022,12,1",
        "XQQ,MLT,850511,2022,8,1",
        "FJI,ISL,850511,2022,0,0",
        "FJI,NZL,850511,2022,0,3",
        "FJI,MLT,85051110,2022,5,1",
    ]
    path = write(tmp_path / "a.csv", PLAIN + "\n".join(rows))
    with pytest.raises(DataError, match=r"3.00% of the value would be left out, 2.00% may be"):
        read_trade(path, codes="850511", max_unmapped=0.02)
    table = read_trade(path, codes="850511", max_unmapped=0.03)
    assert table.lost_share == pytest.approx(0.03)
    assert ledger(table) == {
        "finer-code": 1,
        "unmapped": 1,
        "nes": 1,
        "self-trade": 1,
        "zero": 1,
        "zero-value": 1,
        "flow": 2,
    }


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        ("FJI,MLT,850511,2021,10,1\n", "the files speak of 2021"),
        ("FJI,MLT,111111,2022,10,1\n", ""),
    ],
)
def test_files_without_what_was_asked_say_what_they_have(
    tmp_path: Path, rows: str, hint: str
) -> None:
    path = write(tmp_path / "a.csv", PLAIN + rows)
    with pytest.raises(DataError, match="none of 1 rows is about 850511 in 2022") as error:
        read_trade(path, codes="850511", year=2022)
    assert hint in error.value.hint


# -- malformed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("FJI,MLT,850511,2022,10", "row 3: has 5 cells where the header has 6"),
        ("FJI,MLT,850511,20x2,10,1", "row 3, column year: must be a year of four digits"),
        ("FJI,MLT,850511,1022,10,1", "must be from 1900 to 2200"),
        ("FJI,MLT,850511,2022,ten,1", "row 3, column value_usd: must be a number"),
        ("FJI,MLT,850511,2022,-10,1", "must be a number that is not negative"),
        ("FJI,MLT,850511,2022,1_0,1", "must be a number"),
        ("FJI,MLT,850511,2022,10,inf", "row 3, column tonnes: must be a number"),
        ('FJI,"MLT,850511,2022,10,1', "has 1 cells"),
    ],
)
def test_malformed_rows_are_named_with_file_and_line(
    tmp_path: Path, row: str, message: str
) -> None:
    path = write(tmp_path / "a.csv", f"{PLAIN}FJI,MLT,850511,2022,10,1\n{row}\n")
    with pytest.raises(TableError, match=r"1 of 2 rows asked for are malformed") as error:
        read_trade(path, codes="850511")
    assert message in str(error.value)
    assert "a.csv" in str(error.value)
    table = read_trade(path, codes="850511", max_malformed=0.5)
    assert ledger(table)["malformed"] == 1


# -- options ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"codes": "85"}, "six digits"),
        ({"codes": []}, "no code is given"),
        ({"layout": "bacci"}, "layout must be one of baci, comtrade, plain"),
        ({"reconcile": "both"}, "reconcile must be one of"),
        ({"max_unmapped": 1.5}, "max_unmapped is a share"),
        ({"max_malformed": -1.0}, "max_malformed is a share"),
        ({"unit_values": {"280530": 5.0, "850511": 0.0}}, "above 0 US dollars"),
        ({"unit_values": {"850511": 5.0}}, "no such file"),
    ],
)
def test_options_are_checked_before_anything_is_read(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(SupplynetError, match=message):
        read_trade("none.csv", **options)  # type: ignore[arg-type]


# -- laws ---------------------------------------------------------------------------------

CELLS = st.sampled_from(["410", "156", "KOR", "0", "899", "490", "", "x", "-1", "2022", "850511"])
TEXT = st.text(st.sampled_from("0123456789,;\t\"'\r\nMXtijkvq.-eE\x00é"), max_size=200)


@given(
    data=st.one_of(st.binary(max_size=300), TEXT.map(str.encode)),
    header=st.sampled_from(
        [
            "t,i,j,k,v,q",
            "year,reporter,partner,cmd,flow,value,netwgt",
            PLAIN.strip(),
            "exporter,importer,hs6,value_usd_2021,tonnes_2022",
            "Year,Exporter Country ID,Importer Country ID,HS6 ID,Trade Value",
            "REPORTER,PARTNER,FLOW,PERIOD,PRODUCT_NC,VALUE_EUR,QUANTITY_KG",
            "",
        ]
    ),
    is_packed=st.booleans(),
)
def test_whatever_a_file_holds_only_our_errors_come(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, header: str, is_packed: bool
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    content = header.encode() + b"\n" + data
    if is_packed:
        pack(path, {"a.csv": content, "b.csv": data})
    else:
        path.write_bytes(content)
    asked = {"year": 2022, "max_unmapped": 1.0, "max_malformed": 1.0, "rates": {"EUR": 1.0}}
    for codes in ("850511", None):
        try:
            table = read_trade(path, codes=codes, **asked)  # type: ignore[arg-type]
        except SupplynetError:
            continue
        assert not table.frame["value_usd"].lt(0).any()


@given(st.lists(st.tuples(*[CELLS] * 4), max_size=12, unique_by=lambda row: row[:2]))
def test_every_row_is_in_the_ledger(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Rows read = rows left out, merged or counted as flows: none is lost without a word."""
    path = tmp_path_factory.mktemp("law") / "a.csv"
    lines = "".join(",".join((*row[:2], "850511", "2022", *row[2:])) + "\n" for row in rows)
    path.write_text(PLAIN + lines, encoding="utf-8")
    try:
        table = read_trade(path, codes="850511", max_unmapped=1, max_malformed=1)
    except DataError as error:
        assert "none of" in error.message  # only where no row can be read at all
        return
    counted = ledger(table)
    gone = ("malformed", "world-total", "unmapped", "nes", "self-trade", "zero", "flow")
    assert sum(counted.get(name, 0) for name in gone) == len(rows)


@pytest.mark.parametrize("is_packed", [False, True], ids=["file", "archive"])
def test_the_module_reads_nothing_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_packed: bool
) -> None:
    """A file of many blocks never has more than a block and a line in memory."""
    sizes: list[int] = []
    original = read.lines._lines_with

    def watched(wanted, block, line):  # type: ignore[no-untyped-def]
        sizes.append(len(block))
        return original(wanted, block, line)

    monkeypatch.setattr(read.lines, "BLOCK", 1000)
    monkeypatch.setattr(read.lines, "_lines_with", watched)
    rows = "".join(f"FJI,MLT,11{place:04d},2022,10,1\n" for place in range(2000))
    path = write(tmp_path / "a.csv", f"{PLAIN}{rows}FJI,MLT,850511,2022,10,1\n")
    if is_packed:
        path = pack(tmp_path / "a.zip", {"a.csv": path.read_bytes()})
    assert len(read_trade(path, codes="850511").frame) == 1
    assert len(sizes) > 9


@pytest.mark.parametrize("cells", ["1e308,5", "5,1e308", "1000000000000000000000,1"])
def test_a_flow_beyond_the_world_s_trade_is_malformed(tmp_path: Path, cells: str) -> None:
    path = write(tmp_path / "big.csv", PLAIN_HEAD + f"156,392,850511,2022,{cells}\n")
    with pytest.raises(TableError, match="more than any flow of trade can be"):
        read_trade(path, codes="850511")


def test_a_gzip_that_unpacks_to_far_more_than_it_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read.lines, "_FREE", 1_000_000)
    monkeypatch.setattr(read.lines, "BLOCK", 500_000)
    path = tmp_path / "bomb.csv.gz"
    rows = PLAIN + "FJI,MLT,850511,2022,5,1\n" * 200_000
    path.write_bytes(gzip.compress(rows.encode()))
    assert len(rows) > 100 * path.stat().st_size
    with pytest.raises(LimitError, match="is packed more than 100 times"):
        read_trade(path, codes="850511")
