"""import, dependence and merge: the answers of the library, in every format, with exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import supplynet as sn

EXTRACTS = Path(__file__).parents[1] / "trade" / "extracts"
PLAIN = EXTRACTS / "plain.csv"
COMTRADE = EXTRACTS / "comtrade_new.csv"
ASKED = ("--codes", "850511", "--on", "CHN", "--importers", "KOR,JPN")


def test_import_writes_a_graph_that_does_not_claim_to_know_production(
    invoke, tmp_path: Path
) -> None:
    ran = invoke("graph import", "comtrade", COMTRADE, "--codes", "850511:magnet", "-o", "mine")
    assert (ran.code, ran.err.startswith("Written: mine\n")) == (0, True)
    assert "10 rows read" in ran.out
    assert "Import of trade records" in (tmp_path / "mine" / "README.md").read_text("utf-8")
    assert invoke("graph check", "mine", "--strict", "all").code == 0
    assert sn.load(tmp_path / "mine").name == "mine"
    ran = invoke("flow", "mine", "--to", "KOR", "--avoid", "CHN")
    assert (ran.code, ran.out, "import with --production" in ran.err) == (3, "", True)


def test_import_with_production_makes_a_draft(invoke, tmp_path: Path) -> None:
    """Of a table that holds several minerals, in the layout of the Geological Survey."""
    (tmp_path / "usgs.csv").write_text(
        "Country,Commodity,Prod_t_2024\nChina,Graphite,1270\nMozambique,Graphite,80\n"
        "Other countries,Graphite,12\nWorld total (rounded),Graphite,1360\nChina,Gallium,1\n"
    )
    (tmp_path / "trade.csv").write_text(
        "exporter,importer,hs6,year,value_usd,tonnes\nCHN,KOR,250410,2024,100,60\n"
        "MOZ,KOR,250410,2024,100,10\nCHN,KOR,380110,2024,900,30\n"
    )
    asked = ("graph import", "trade.csv", "--codes", "250410:flake,380110:anode")
    words = ("--production-where", "Commodity=Graphite", "--yield", "anode=0.5")
    ran = invoke(*asked, "--production", "usgs.csv", *words, "--grade", "flake=0.9", "-o", "g")
    assert (ran.code, ran.err) == (0, "Written: g\n")
    assert "It is a draft of national totals" in ran.out
    assert "Production, 2024: 1,350 t, China and Mozambique." in ran.out
    ran = invoke("flow", "g", "--to", "KOR", "--avoid", "CHN", "--links", "observed")
    assert ran.code == 0
    assert "by a draft of national totals" in ran.out
    assert "at most 9 t goods/yr" in ran.out
    assert invoke("allocate", "g").code == 0
    ran = invoke(*asked, "--production-of", "flake=usgs.csv", "--production", "usgs.csv", *words)
    assert (ran.code, "production of flake is given twice" in ran.err) == (2, True)
    ran = invoke(*asked, "--yield", "anode=0.5")
    assert (ran.code, "go with --production" in ran.err) == (2, True)
    ran = invoke(*asked, "--production", "usgs.csv")
    assert (ran.code, "the table holds several things" in ran.err) == (3, True)


def test_import_writes_over_a_graph_only_if_told(invoke, tmp_path: Path) -> None:
    asked = ("graph import", PLAIN, "--codes", "850511", "--year", "2023-2024", "-q")
    assert invoke(*asked, "-o", "mine").code == 0
    ran = invoke(*asked, "-o", "mine")
    assert (ran.code, "--force" in ran.err) == (6, True)
    assert invoke(*asked, "-o", "mine", "--force", "--goods", "magnets").code == 0
    assert sn.load(tmp_path / "mine").commodity.elements == ("magnets",)
    assert invoke(*asked, "-o", "none/mine").code == 6
    assert invoke(*asked, "-o", "m.json", "--min-tonnes", "2").code == 0
    assert sn.load(tmp_path / "m.json").name == "m"
    assert invoke(*asked, "-o", "___").code == 0
    assert sn.load(tmp_path / "___").name == "trade"


@pytest.mark.parametrize("name", ["md", "json", "csv"])
def test_import_without_a_graph_only_reports(invoke, tmp_path: Path, name: str) -> None:
    ran = invoke("graph import", "auto", PLAIN, "--codes", "850511", "--format", name)
    assert (ran.code, ran.err) == (0, "")
    assert list(tmp_path.iterdir()) == []
    if name == "csv":
        assert [row["reason"] for row in csv.DictReader(io.StringIO(ran.out))] == ["flow"]
    if name == "json":
        assert json.loads(ran.out)["n_flows"] == 6


def test_what_is_asked_wrong_is_told(invoke, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("exporter,importer,hs6,year,value_usd\nFJI,MLT,850511,2022,x\n")
    for args, code, text in (
        (("baci", "--codes", "850511"), 2, "name the files after the layout"),
        ((PLAIN, "--codes", "999999"), 2, "form of code 999999 is not known"),
        ((PLAIN, "--codes", "850511", "--year", "x"), 2, "names no years"),
        ((PLAIN, "--codes", "850511", "--year", "1999"), 3, "the files speak of 2023, 2024"),
        ((PLAIN, "--codes", "850511", "--where", "x"), 2, "write for example basis=fob"),
        ((PLAIN, "--codes", "850511", "--unit-value", "850511=x"), 2, "with a number above 0"),
        ((PLAIN, "--codes", "850511", "--rate", "EUR=1", "--rate", "EUR=2"), 2, "given twice"),
        ((PLAIN, "--codes", "850511", "--rate", "EUR"), 2, "write for example EUR=1.05"),
        ((PLAIN, "--codes", "850511", "--max-unmapped", "x"), 2, "is no share"),
        (("*.csv.gz", "--codes", "850511"), 2, "no file has a name like this"),
        (("none.csv", "--codes", "850511"), 3, "no such file"),
        ((bad, "--codes", "850511"), 3, "row 2, column value_usd"),
        ((COMTRADE, "--codes", "850511", "--max-unmapped", "0.1%"), 3, "would be left out"),
    ):
        ran = invoke("graph import", *args)
        assert (ran.code, ran.out) == (code, ""), args
        assert text in ran.err
        assert "Traceback" not in ran.err


def test_options_reach_the_reader(invoke) -> None:
    ran = invoke(
        *(
            "graph import",
            COMTRADE,
            "--codes",
            "850511",
            "--reconcile",
            "exporter",
            "--format",
            "json",
        ),
        *("--override", "850511:PHL:KOR:assembly", "--unit-value", "850511=40000"),
        *("--where", "customsCode=C00", "--max-malformed", "1%", "--max-unmapped", "5%"),
    )
    found = json.loads(ran.out)
    assert found["options"]["reconcile"] == "exporter"
    assert found["options"]["where"] == {"customsCode": "C00"}
    assert found["options"]["unit_values"] == {"850511": 40000.0}
    assert [one["form"] for one in found["codes"]] == ["magnet", "assembly"]


def test_dependence_judges_every_row(invoke) -> None:
    ran = invoke(
        "trace dependence", PLAIN, *ASKED, "--year", "2024", "--fail-on", "direct_share>90%"
    )
    assert ran.code == 7
    assert "direct_share of KOR 850511 2024 by value is 1" in ran.err
    assert "JPN" not in ran.err
    ran = invoke("trace dependence", PLAIN, *ASKED, "--hubs", "XX")
    assert (ran.code, "no country" in ran.err) == (2, True)


def test_merge_into_a_graph_with_faults_exits_with_3(invoke, tmp_path: Path) -> None:
    sn.save(sn.load("tutorial"), tmp_path / "mine")
    table = tmp_path / "mine" / "nodes.csv"
    table.write_text(table.read_text().replace(",operating,2010", ",running,2010", 1))
    ran = invoke("graph merge", "mine", PLAIN, "--codes", "850511:goods", "--year", "2024")
    assert (ran.code, ran.out) == (3, "")
    assert "running" in ran.err


def test_records_without_any_figure_are_told_and_make_no_network(invoke, tmp_path: Path) -> None:
    head = "year,exporter,importer,hs6,value_usd,tonnes\n"
    (tmp_path / "na.csv").write_text(head + "2022,156,392,850511,NA,NA\n")
    ran = invoke("graph import", "na.csv", "--codes", "850511:magnet")
    assert (ran.code, ran.err) == (0, "")
    assert "no flow between countries" in ran.out
    assert "No value and no weight" in ran.out
    ran = invoke("graph import", "na.csv", "--codes", "850511:magnet", "-o", "g")
    assert (ran.code, "no flow is left" in ran.err) == (3, True)
    ran = invoke(
        "trace dependence", "na.csv", "--codes", "850511", "--on", "CHN", "--importers", "JPN"
    )
    assert (ran.code, "hold no flow" in ran.err) == (3, True)


def test_exposure_of_such_a_network_tells_both_ends(invoke) -> None:
    asked = ("graph import", PLAIN, "--codes", "850511:magnet", "-o", "mine", "-q")
    assert invoke(*asked).code == 0
    ran = invoke("trace", "mine", "--to", "JPN", "--exposed-to", "CHN", "--year", "2024")
    assert ran.code == 0
    assert "Looked" in ran.out
    assert "makes or mines itself is in no record" in ran.out
    ran = invoke(
        *("trace", "mine", "--to", "JPN", "--exposed-to", "CHN", "--year", "2024"),
        *("--fail-on", "greatest>20%", "-q"),
    )
    assert ran.code == 7
    ran = invoke("trace", "mine", "--to", "JPN", "--exposed-to", "CHN", "--lens", "control")
    assert (ran.code, "know no owners" in ran.err) == (2, True)


def test_dependence_takes_the_name_of_a_mineral(invoke, tmp_path: Path) -> None:
    path = tmp_path / "tin.csv"
    path.write_text(
        "exporter,importer,hs6,year,value_usd,tonnes\nCHN,KOR,800110,2024,60,3\n"
        "IDN,KOR,800110,2024,40,1\nIDN,CHN,800110,2024,60,2\n"
    )
    asked = ("--codes", "tin", "--on", "CHN", "--importers", "KOR")
    ran = invoke("trace dependence", path, *asked)
    assert ran.code == 0
    answer = " ".join(ran.out.split("\n\n")[2].split())
    assert answer == (
        "Of its imports of HS 800110 in 2024, South Korea had 60% by value and 75% by weight "
        "straight from China, and no more looked through."
    )
    ran = invoke("trace dependence", path, *asked[2:], "--codes", "xyz")
    assert (ran.code, "or the name of a mineral: " in ran.err) == (2, True)


def test_no_option_of_records_does_nothing_in_silence(invoke, tmp_path: Path) -> None:
    asked = (PLAIN, "--codes", "850511", "--year", "2024")
    for words, text in (
        (("--override", "850511:CHN:ROK:ball"), "'ROK' is no country of three capital letters"),
        (("--unit-value", "250410=5"), "250410 is none of the codes that are read: 850511"),
        (("--min-tonnes", "5"), "say where it goes with -o"),
    ):
        ran = invoke("graph import", *asked, *words)
        assert (ran.code, ran.out) == (2, ""), words
        assert text in ran.err
    ran = invoke("graph import", *asked, "--rate", "EUR=1.1")
    assert "Values are in USD: no rate of EUR is used." in " ".join(ran.out.split())
    ran = invoke("graph merge", "rare-earths", *asked, "--unit", "magnets=t magnet")
    assert (ran.code, "no form of the trade; there are magnet" in ran.err) == (2, True)
    assert "did you mean 'magnet'?" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("graph import", "none.csv", "--codes", "850511", "-o", "net.txt"),
        ("graph merge", "none", "none.csv", "--codes", "850511", "--into", "net.txt"),
        ("graph convert", "none", "net.txt"),
    ],
)
def test_a_file_that_no_graph_can_be_is_refused_before_anything_is_read(invoke, words) -> None:
    ran = invoke(*words)
    assert (ran.code, "cannot tell what kind of file to write" in ran.err) == (2, True)
