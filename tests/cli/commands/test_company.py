"""A bill of materials from a file to a dossier, without a private word in it."""

from __future__ import annotations

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


def test_a_dossier_in_every_format(invoke: Invoke, bill: Path) -> None:
    for ending in (".html", ".md", ".xlsx", ".json", ".csv"):
        ran = invoke("company", bill, "--avoid", "ISL", "--graphs", "tutorial", "-o", f"d{ending}")
        assert ran.code == 0, ran.err
        content = Path(f"d{ending}").read_bytes()
        assert b"Secret" not in content
        assert b"Hidden" not in content
        assert b"Drive" not in content
    names = [sheet.name for sheet in read_sheets(Path("d.xlsx"))]
    assert {"parts", "places", "countries", "materials", "questions"} <= set(names)
    cells = [cell for sheet in read_sheets(Path("d.xlsx")) for _, row in sheet.rows for cell in row]
    assert not any("Secret" in str(cell) or "Drive" in str(cell) for cell in cells)
    assert "row 4" in cells


def test_names_and_conditions(invoke: Invoke, bill: Path) -> None:
    asked = ("company", bill, "--avoid", "ISL", "--graphs", "tutorial")
    ran = invoke(*asked, "--names")
    assert ran.code == 0
    assert "Secret & Co" in ran.out
    assert invoke(*asked, "--fail-on", "unknown>0.5").code == 7
    assert invoke(*asked, "--fail-on", "traced>1").code == 0


def test_a_workbook_of_parts(invoke: Invoke, tmp_path: Path) -> None:
    book = Book("parts")
    book.add("_notes", ["mine"], [["nothing"]])
    book.add("parts", ["part", "product", "stock_days"], [["Drive", "goods", 12.5]])
    path = tmp_path / "parts.xlsx"
    path.write_bytes(book.content())
    ran = invoke("company", path, "--avoid", "ISL", "--graphs", "tutorial", "-o", "d.csv")
    assert ran.code == 0
    assert "row 2" in Path("d.csv").read_text()
    empty = Book("parts")
    empty.add("_notes", ["mine"], [])
    path.write_bytes(empty.content())
    ran = invoke("company", path, "--avoid", "ISL")
    assert (ran.code, "no sheet to read" in ran.err) == (3, True)


def test_the_shipped_graphs_that_rest_on_documents_are_looked_through(
    invoke: Invoke, tmp_path: Path
) -> None:
    path = tmp_path / "parts.csv"
    path.write_text("part,element,country\nChip,Ga,JPN\n", encoding="utf-8")
    ran = invoke("company", path, "--avoid", "CHN", "--format", "json")
    assert ran.code == 0
    assert '"graph": "gallium-germanium"' in ran.out


def test_faults_have_their_row_and_column(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    path.write_text("part,product,contry\na,goods,ISL\n", encoding="utf-8")
    ran = invoke("company", path, "--avoid", "ISL")
    assert ran.code == 3
    assert "did you mean 'country'" in ran.err
    path.write_text("part,product,country\na,goods,Iceland\n", encoding="utf-8")
    assert "row 2, column country" in invoke("company", path, "--avoid", "ISL").err


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Drive;;;;;", ["a part needs a product or an element"]),
        ("Drive;good;;;;", ["column product", "did you mean 'goods'"]),
        ("Drive;goods;;Home Make;;", ["column plant", "did you mean 'Home Maker'"]),
        ("Drive;goods;;;tutoral;", ["column graph", "did you mean 'tutorial'"]),
        ("Drive;goods;;;;soon", ["column stock_days", "must be a number"]),
    ],
)
def test_a_fault_has_file_and_row(
    invoke: Invoke, tmp_path: Path, row: str, words: list[str]
) -> None:
    """A blank row above it counts, as it does in a spreadsheet."""
    path = tmp_path / "mine.csv"
    path.write_text(f"part;product;element;plant;graph;stock_days\n\n{row}\n", encoding="utf-8")
    ran = invoke("company", path, "--avoid", "ISL", "--graphs", "tutorial")
    assert ran.code in (2, 3)  # a name that is not known, a table that breaks the format
    assert "mine.csv, row 3" in ran.err
    assert all(word in ran.err for word in words), ran.err


def test_what_is_not_known_of_a_part_is_not_judged_as_nothing(invoke: Invoke, bill: Path) -> None:
    """A part without a stock is not short in 0 days."""
    asked = ("company", bill, "--avoid", "ISL", "--graphs", "tutorial")
    for condition in ("survives<10", "direct>0.5"):
        ran = invoke(*asked, "--fail-on", condition)
        assert (ran.code, "of row 4 is not known" in ran.err) == (2, True), condition


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("Lamp,goods,,JAP", "row 2, column country: no country has the code 'JAP'"),
        ("Lamp,goods,,JAP", "did you mean 'JPN'"),
        (
            "Lamp,goods,,Japan",
            "capital letters (ISO 3166 alpha-3) (found 'Japan') - write JPN",
        ),
        ("Lamp,,Neodymium,", "Hint: write Nd"),
    ],
)
def test_a_name_in_place_of_a_code_is_told(
    invoke: Invoke, tmp_path: Path, row: str, text: str
) -> None:
    path = tmp_path / "parts.csv"
    path.write_text(f"part,product,element,country\n{row}\n", encoding="utf-8")
    ran = invoke("company", path, "--avoid", "ISL", "--graphs", "tutorial")
    assert ran.code in (2, 3)
    assert text in ran.err
