"""``supplynet indices`` and ``supplynet compare diff``: tables in, the library's answers out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

PRODUCTION = "country,2022,2023\nAustralia,60,50\nChile,30,30\nUSA,10,20\nWorld total,99,99\n"
TRADE = (
    "importer,exporter,hs6,year,tonnes,governance_risk\n"
    "USA,AUS,260400,2022,30,0.2\nUSA,CHL,260400,2022,10,0.6\n"
)
TABLES = ("--production", "production.csv", "--trade", "trade.csv", "--to", "USA", "--hs", "260400")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "production.csv").write_text(PRODUCTION, encoding="utf-8")
    (tmp_path / "newer.csv").write_text(
        "Land;Jahr;Menge\nPeru;2022;5\nAustralia;2022;70\n", encoding="utf-8"
    )
    (tmp_path / "trade.csv").write_text(TRADE, encoding="utf-8")
    (tmp_path / "p.csv").write_text(
        "indicator,place,value,confidence,note\nwgi_mean6,AUS,1.5,estimated,guess\n",
        encoding="utf-8",
    )
    return tmp_path


def test_tables(invoke, files) -> None:
    ran = invoke("indices", *TABLES, "--year", "2022", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    found = json.loads(ran.out)["indices"]
    score = next(one for one in found if one["index"] == "geopolrisk")
    hhi = (3600 + 900 + 100) / 100**2
    assert score["value"] == pytest.approx(hhi * (30 * 0.2 + 10 * 0.6) / 50)
    text = invoke("indices", *TABLES, "--year", "2022", "--inputs")
    assert "Inputs" in text.out
    assert "import risk" in text.out


def test_conditions_judge_the_worst_figure(invoke, files) -> None:
    args = ("indices", "--production", "production.csv", "--year", "2022")
    assert invoke(*args, "--fail-on", "hhi>4599").code == 7
    assert invoke(*args, "--fail-on", "hhi>4601").code == 0
    assert invoke(*args, "--fail-on", "n_minus_1<50%").code == 7
    unknown = invoke(*args, "--fail-on", "geopolrisk>0")
    assert unknown.code == 2
    assert "not known" in unknown.err


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ((), 2, "name a GRAPH"),
        (("--trade", "trade.csv", "tutorial"), 2, "--trade needs --production"),
        ((*TABLES, "--element", "Dy"), 2, "--element is about a graph"),
        ((*TABLES, "--scenario", "x"), 2, "--scenario is about a graph"),
        (("--production", "production.csv", "--columns", "land"), 2, "'land' is no pair"),
        (("tutorial", "--to", "MLT,ISL"), 2, "one country or bloc at a time"),
        (("--production", " "), 2, "must not be empty"),
        (("--production", "none.csv"), 3, "there is no such file"),
        (("--production", "production.csv", "--year", "1999"), 2, "it holds 2022, 2023"),
        (("--production", "production.csv", "--where", "x=y"), 2, "there is no column 'x'"),
        (("--production", "trade.csv"), 3, "names the columns"),
        ((*TABLES[:-1], "2604"), 3, "six digits"),
        (TABLES[:4], 2, "needs an importer and HS codes"),
        (("--parameters", "trade.csv", "tutorial"), 3, "there is no column 'importer'"),
    ],
)
def test_wrong_questions_and_files(invoke, files, args, code: int, message: str) -> None:
    ran = invoke("indices", *args)
    assert ran.code == code
    assert message in " ".join(ran.err.split())
    assert "Traceback" not in ran.err


def test_a_fault_in_a_table_names_file_row_column_and_value(invoke, tmp_path) -> None:
    (tmp_path / "p.csv").write_text("country,2022\nPeru,five\n", encoding="utf-8")
    ran = invoke("indices", "--production", "p.csv")
    assert ran.code == 3
    assert "p.csv, row 2, column 2022: not a number (found 'five')" in " ".join(ran.err.split())
    assert "Hint" in ran.err


def test_editions_of_a_table(invoke, files) -> None:
    other = files / "old.csv"
    other.write_text("country,2022\nAustralia,13\nChile,30\n", encoding="utf-8")
    ran = invoke("compare diff", "old.csv", "production.csv", "--format", "json")
    found = json.loads(ran.out)
    assert found["names"] == ["old.csv", "production.csv"]
    assert found["counts"]["production"] == {"added": 2, "removed": 0, "changed": 1}
    args = ("compare diff", "old.csv", "production.csv")
    assert invoke(*args, "--fail-on", "changed>2").code == 7
    assert invoke(*args, "--fail-on", "hhi_change>1").code == 7
    assert invoke(*args, "--year", "2023").code == 2
    same = invoke("compare diff", "newer.csv", "newer.csv", *NAMED, "--where", "Land=Peru")
    assert "is the same" in same.out


NAMED = ("--columns", "country=Land", "--columns", "year=Jahr", "--columns", "value=Menge")


def test_graphs(invoke, files) -> None:
    ran = invoke("compare diff", "tutorial", "rare-earths", "--format", "csv")
    states = {row["state"] for row in csv.DictReader(io.StringIO(ran.out))}
    assert states >= {"added", "removed"}
    unknown = invoke("compare diff", "tutorial", "tutorial", "--fail-on", "hhi_change>1")
    assert unknown.code == 2
    mixed = invoke("compare diff", "tutorial", "newer.csv")
    assert mixed.code == 2
    assert "one is a table, the other a graph" in mixed.err
    assert invoke("compare diff", "tutorial", "tutorial", "--where", "a=b").code == 2


def test_customs_records_serve_as_the_trade_table(invoke, tmp_path: Path) -> None:
    (tmp_path / "made.csv").write_text("PRODUCER,OUTPUT,YEAR\nAustralia,50,2022\nChile,50,2022\n")
    (tmp_path / "sold.csv").write_text(
        "refYear,reporterISO,flowCode,partnerISO,cmdCode,netWgt,primaryValue\n"
        "2022,KOR,M,AUS,260400,5000,90\n2022,KOR,M,_X,260400,5000,90\n"
    )
    (tmp_path / "parameters.csv").write_text(
        "indicator,place,year,value,unit,confidence,source_ids\n"
        "wgi_political_stability,AUS,2022,1.0,-2.5 to 2.5,sourced,x\n"
    )
    asked = ("indices", "--production", "made.csv", "--trade", "sold.csv", "--to", "KOR")
    asked = (*asked, "--hs", "260400", "--parameters", "parameters.csv")
    asked = (*asked, "--columns", "country=PRODUCER,value=OUTPUT,year=YEAR", "--format", "json")
    ran = invoke(*asked)
    assert (ran.code, "50.00% of the value would be left out" in ran.err) == (3, True)
    ran = invoke(*asked, "--max-unmapped", "50%")
    found = {one["index"]: one for one in json.loads(ran.out)["indices"]}
    assert found["geopolrisk"]["value"] == pytest.approx(0.5 * 0.3)
