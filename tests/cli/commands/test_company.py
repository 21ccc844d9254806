"""A bill of materials as companies keep it, from a file to a dossier that can be read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from supplynet.io.sheets import read_sheets
from supplynet.io.workbook import Book
from tests.cli.conftest import Invoke

BILL = (
    "part;product;element;kg;quantity;supplier;plant;country;stock_days\n"
    "Drive;goods;;0,5;1000;Secret & Co;Home Maker;;30\n"
    "\n"
    "Lamp;;Nd;;;Hidden Ltd;;;\n"
)


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    path = tmp_path / "parts.csv"
    path.write_text(BILL, encoding="utf-8")
    return path


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_dossier_in_every_format(invoke: Invoke, bill: Path, anonymous: bool) -> None:
    asked = ["company", bill, "--avoid", "ISL", "--graphs", "tutorial"]
    asked += ["--anonymous"] * anonymous
    for ending in (".html", ".md", ".xlsx", ".json", ".csv"):
        ran = invoke(*asked, "-o", f"d{ending}")
        assert ran.code == 0, ran.err
        if ending != ".xlsx":
            content = Path(f"d{ending}").read_bytes()
            for word in (b"Secret", b"Hidden", b"Drive"):
                assert (word in content) is not anonymous, (ending, word)
    sheets = {sheet.name: sheet for sheet in read_sheets(Path("d.xlsx"))}
    assert {"article24", "places", "countries", "materials", "questions"} <= set(sheets)
    assert len(sheets["rows"].rows) == 3
    cells = [cell for sheet in sheets.values() for _, row in sheet.rows for cell in row]
    assert any("Secret" in str(cell) or "Drive" in str(cell) for cell in cells) is not anonymous
    assert ("row 4" in cells) is anonymous


def test_headings_of_ordinary_lists_are_known(invoke: Invoke, tmp_path: Path) -> None:
    """Which of several is read, is reported; a column of the company's own is left out."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Part number,PART,Material,Weight (kg),Qty.,Vendor,Manufacturer,Country of Origin,"
        "Stock (days),Price per piece,_mine\n"
        "A-1,Drive,Goods with a magnet in them,0.5,1000,Seller,Home Maker,Malta,30,9.9,x\n",
        encoding="utf-8",
    )
    asked = ("company", path, "--avoid", "ISL", "--graphs", "tutorial", "--format", "json")
    ran = invoke(*asked)
    assert ran.code == 0, ran.err
    assert "Note: list.csv: not read: Part number and Price per piece\n" in ran.err
    (row,) = json.loads(ran.out)["rows"]
    assert (row["part"], row["supplier"], row["known_by"]) == ("Drive", "Seller", "plant")
    assert row["stock_days"] == 30.0
    assert json.loads(ran.out)["materials"][0]["tonnes"] == pytest.approx(0.5 * 0.0857354)
    path.write_text(path.read_text("utf-8").replace("Part number,PART", "Part number,_"), "utf-8")
    (row,) = json.loads(invoke(*asked).out)["rows"]
    assert row["part"] == "A-1"


def test_a_template_is_written_and_can_be_read(invoke: Invoke) -> None:
    assert invoke("company", "--template").err == "Written: parts.csv\n"
    again = invoke("company", "--template")
    assert (again.code, "parts.csv: is there already" in again.err) == (6, True)
    head = Path("parts.csv").read_text("utf-8")
    cells = {"Part": "Drive", "Material": "goods", "Manufacturer": "Home Maker"}
    filled = ",".join(cells.get(name, "") for name in head.strip().split(","))
    Path("parts.csv").write_text(f"{head}{filled}\n", "utf-8")
    ran = invoke("company", "parts.csv", "--avoid", "ISL", "--graphs", "tutorial")
    assert (ran.code, "Drive" in ran.out, "not read" in ran.err) == (0, True, False)
    assert invoke("company", "--template", "parts.xlsx").code == 0
    (sheet,) = read_sheets(Path("parts.xlsx"))
    assert sheet.rows[0][1] == tuple(head.strip().split(","))


#: forty parts of a car with nineteen elements, most of which no shipped graph is about
CAR = """Part,Material,Element,Weight (kg),Qty,Supplier,Manufacturer,Country of origin,Stock (days)
Drive magnets,magnet-traction,,1.8,120000,Bosch,Shin-Etsu,Japan,60
Rear drive magnets,magnet-traction,,1.2,60000,Nidec,,China,45
Steering magnets,magnet-auto-auxiliary,,0.09,180000,Nexteer,TDK,JPN,30
Seat magnets,magnet-auto-auxiliary,,0.04,720000,Brose,,CHN,30
Window magnets,magnet-auto-auxiliary,,0.03,720000,Brose,,CHN,30
Speaker magnets,magnet-electronics,,0.02,1000000,Harman,,VNM,20
Compressor magnets,magnet-compressor,,0.15,90000,Hanon,,KOR,25
Wiper magnets,magnet-auto-auxiliary,,0.03,360000,Valeo,,,25
Brake magnets,magnet-auto-auxiliary,,0.05,180000,Continental,,DEU,25
Sensor magnets,,Nd,0.002,1440000,Bosch,,,40
Praseodymium,,Pr,0.01,180000,,,CHN,15
Dysprosium,,Dy,0.02,120000,,,CHN,15
Terbium,,Tb,0.005,120000,,,CHN,15
Exhaust catalyst,,Ce,0.05,90000,Johnson Matthey,,,30
Cathode 622,cathode-nmc-mid,,40,120000,Elektro,,KOR,60
Cathode 811,cathode-nmc-high,,35,60000,SK On,,KOR,60
Key cell,,Co,0.001,400000,,,JPN,90
Plating,,Nickel,0.4,180000,,,,30
Copper harness,,Cu,23,180000,Leoni,,,3
Busbars,,Copper,4,180000,Aptiv,,,5
Windings,,Cu,8,120000,,,,6
Body sheet,,Fe,320,180000,Salzgitter,,DEU,10
Electrical steel,,Si,30,120000,Voestalpine,,AUT,12
Anode,Graphite,,45,120000,BTR,,CHN,45
Electrolyte,,Li,0.5,120000,,,CHN,45
Cathode lithium,,Lithium,8,120000,,,KOR,45
Castings,,Al,90,180000,Nemak,,,14
Heat sinks,,Al,6,180000,,,,14
Instrument panel,,Mg,4.2,180000,Meridian,,CHN,20
Brake lining,,Sb,0.02,720000,TMD,,CHN,30
Inserts,,W,0.001,10000,Sandvik,,,60
Power module,,Si,0.1,240000,Infineon,,DEU,30
Catalyst platinum,,Pt,0.002,90000,Umicore,,ZAF,30
Catalyst palladium,,Pd,0.003,90000,Umicore,,RUS,30
Radar chip,,Ga,0.0004,50000,NXP,,,20
Headlamp,,Gallium,0.00005,360000,Osram,,DEU,20
Night vision,,Ge,0.03,9000,,,,25
Fibre,,Ge,0.0001,90000,,,JPN,25
Capacitors,,Ta,0.001,900000,Kemet,,,40
Bearings,,Cr,1.1,360000,Schaeffler,,DEU,40
"""


@pytest.mark.slow
def test_the_list_of_a_carmaker_is_answered_in_a_few_pages(invoke: Invoke, tmp_path: Path) -> None:
    """Verdict first, then the table of Article 24; not a copper harness by copper of cobalt mines.

    A dossier has to be read: printed it has eight pages at the most.
    """
    path = tmp_path / "car.csv"
    path.write_text(CAR, "utf-8")
    ran = invoke("company", path, "--avoid", "CHN", "-o", "car.html")
    assert ran.code == 0, ran.err
    page = Path("car.html").read_text("utf-8")
    verdict = page[page.index('id="answer"') :]
    assert "of 21 covered parts rest by half or more on China" in verdict
    assert "The first to be short is Praseodymium: in 15 days at the earliest." in verdict
    sections = re.findall(r'<section[^>]*id="([^"]+)"', page)
    assert sections[:3] == ["answer", "article24", "parts"]
    assert pages(Path("car.html")) <= 8


def pages(page: Path) -> int:
    """The pages of a printed page, by the browser that CI has."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium: install it (Debian: apt-get install chromium)")
    printed = page.with_suffix(".pdf")
    words = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={printed}"]
    subprocess.run([browser, *words, page.resolve().as_uri()], check=True, capture_output=True)
    return len(re.findall(rb"/Type\s*/Page[^s]", printed.read_bytes()))


def test_every_fault_of_a_list_is_told_in_one_run(invoke: Invoke, tmp_path: Path) -> None:
    """A heading, a number, and names of a graph and of countries: not one fault a run."""
    path = tmp_path / "parts.csv"
    path.write_text(
        "part,product,contry,Weight (g),Stock (days)\n"
        "a,goods,ISL,1,soon\nb,good,ISL,1,2\nc,goods,ISL,1,3\n",
        encoding="utf-8",
    )
    ran = invoke("company", path, "--avoid", "ISL", "--graphs", "tutorial")
    assert ran.code == 3
    assert ran.err.splitlines() == [
        "Error: parts.csv: 4 problems",
        "  parts.csv, row 1: there is no such column (found 'contry') - did you mean 'Country'? A "
        "column of your own begins with _ [unknown-column]",
        "  parts.csv, row 1: there is no such column (found 'Weight (g)') - did you mean 'Weight "
        "(kg)'? A column of your own begins with _ [unknown-column]",
        "  parts.csv, row 2, column stock_days: must be a number (found 'soon') - write it plain, "
        "such as 1234.5: no thousands separator, no unit [bad-value]",
        "  parts.csv, row 3, column product: no graph holds it (found 'good') - did you mean "
        "'goods'? [unknown-name]",
    ]
    book = Book("parts")
    book.add("parts", ["Part", "Material", "Weight", "Stock (days)"], [
        ["Drive", "goods", 1.0, "soon"], ["Fan", "good", 1.0, 2.0],
    ])  # fmt: skip
    (tmp_path / "parts.xlsx").write_bytes(book.content())
    ran = invoke("company", "parts.xlsx", "--avoid", "ISL", "--graphs", "tutorial")
    assert (ran.code, "3 problems" in ran.err, "'Weight (kg)'" in ran.err) == (3, True, True)


def test_a_workbook_of_parts(invoke: Invoke, tmp_path: Path) -> None:
    book = Book("parts")
    book.add("_notes", ["mine"], [["nothing"]])
    book.add("parts", ["part", "product", "stock_days"], [["Drive", "goods", 12.5]])
    path = tmp_path / "parts.xlsx"
    path.write_bytes(book.content())
    ran = invoke("company", path, "--avoid", "ISL", "--graphs", "tutorial", "-o", "d.csv")
    assert ran.code == 0
    assert "\n2,Drive," in Path("d.csv").read_text()
    empty = Book("parts")
    empty.add("_notes", ["mine"], [])
    path.write_bytes(empty.content())
    ran = invoke("company", path, "--avoid", "ISL")
    assert (ran.code, "no sheet to read" in ran.err) == (3, True)


def test_what_is_not_known_of_a_part_is_not_judged_as_nothing(invoke: Invoke, bill: Path) -> None:
    """A part without a stock is not short in 0 days."""
    asked = ("company", bill, "--avoid", "ISL", "--graphs", "tutorial")
    for condition in ("survives<10", "direct>0.5"):
        ran = invoke(*asked, "--fail-on", condition)
        assert (ran.code, "of Lamp is not known" in ran.err) == (2, True), condition
