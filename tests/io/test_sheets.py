"""Hostile workbooks are refused before a cell of them is laid out."""

from __future__ import annotations

import builtins
import datetime
import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from supplynet import limits
from supplynet.errors import DataError, LimitError, MissingExtraError, SupplynetError, TableError
from supplynet.io import workbook as workbook_module
from supplynet.io.sheets import letters_of, parse_sheets, text_of


def workbook(formula: str = "") -> bytes:
    stream = io.BytesIO()
    file = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = file.add_worksheet("nodes")
    sheet.write_row(0, 0, ["id", "name"])
    sheet.write_row(1, 0, ["a", 1.5])
    if formula:
        sheet.write_formula(2, 1, formula)
    file.close()
    return stream.getvalue()


PLAIN = workbook()


def repacked(changes: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """The plain workbook with parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in {**parts, **changes}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def sheet_xml(cells: str, before: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = f"<sheetData>{cells}</sheetData>"
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}">{rows}</worksheet>'.encode()


def with_sheet(cells: str, before: str = "") -> bytes:
    return repacked({"xl/worksheets/sheet1.xml": sheet_xml(cells, before)})


def test_a_plain_workbook_is_read() -> None:
    (sheet,) = parse_sheets(repacked({"xl/media/image1.png": b"\x89PNG"}), "x.xlsx")
    assert sheet.name == "nodes"
    assert list(sheet.texts()) == [(1, ["id", "name"]), (2, ["a", "1.5"])]


def test_an_error_in_a_cell_is_read_as_it_is_shown() -> None:
    """Not as an empty cell: an empty capacity is no limit."""
    cells = '<c r="A1" t="e"><v>#N/A</v></c><c r="C1"><v>2</v></c><c t="e"><v>#DIV/0!</v></c>'
    (sheet,) = parse_sheets(with_sheet(f'<row r="1">{cells}</row>'), "x.xlsx")
    assert sheet.rows == ((1, ("#N/A", "", 2.0, "#DIV/0!")),)


@pytest.mark.parametrize(("formula", "value"), [("TRUE()", True), ("FALSE()", False)])
def test_yes_and_no_of_libreoffice_are_no_formulas(formula: str, value: bool) -> None:
    """It writes them so when it saves a workbook of ours."""
    cell = f'<row r="1"><c r="A1" t="b"><f aca="false">{formula}</f><v>{value:d}</v></c></row>'
    (sheet,) = parse_sheets(with_sheet(cell), "x.xlsx")
    assert sheet.rows == ((1, (value,)),)


MANY = "<row>" + "<c/>" * 1_001 + "</row>"
REFUSED: list[tuple[bytes, type[SupplynetError], str]] = [
    (b"PK no zip", DataError, "not a workbook of the kind .xlsx"),
    (PLAIN[: len(PLAIN) // 2], DataError, "not a workbook"),
    (workbook("=1+1"), TableError, "sheet nodes, row 3: the cell B3 holds a formula"),
    (workbook('=HYPERLINK("http://x")'), TableError, "paste them as values"),
    (workbook("=TRUE()+1"), TableError, "the cell B3 holds a formula"),
    (workbook("=FALSE() "), TableError, "the cell B3 holds a formula"),
    (repacked({"xl/vbaProject.bin": b"x"}), DataError, "holds macros"),
    (repacked({"xl/macrosheets/sheet1.xml": b"<a/>"}), DataError, "holds macros"),
    (repacked({"xl/externalLinks/externalLink1.xml": b"<a/>"}), DataError, "links to other work"),
    (repacked({"xl/connections.xml": b"<a/>"}), DataError, "connections to data elsewhere"),
    (repacked({"xl/embeddings/oleObject1.bin": b"x"}), DataError, "embedded objects"),
    (repacked({"../evil.xml": b"<a/>"}), DataError, "evil"),
    (repacked({"xl/theme/bomb.xml": b"<a>" + b" " * 300_000 + b"</a>"}, zipfile.ZIP_DEFLATED),
     LimitError, "packed more than 100 times"),
    (with_sheet("", '<!DOCTYPE a [<!ENTITY b "c">]>'), DataError, "declares a document type"),
    (repacked({"xl/workbook.xml": b'<!DOCTYPE a><workbook/>'}), DataError, "document type"),
    (repacked({"xl/workbook.xml": b"<workbook>"}), DataError, "not sound XML"),
    (with_sheet('<row r="1"><c r="A1"'), DataError, "not sound XML"),
    (repacked({"xl/worksheets/sheet1.xml": b'<?xml version="1.0" encoding="UTFo"?><a/>'}),
     DataError, "unknown encoding"),
    (with_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), LimitError, "more than 1,000 col"),
    (with_sheet('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'), LimitError, "1,000 columns"),
    (with_sheet(MANY), LimitError, "more than 1,000 columns"),
    (with_sheet('<row r="9999999"><c r="A9999999"><v>1</v></c></row>'), LimitError, "000 rows"),
    (with_sheet('<row r="1"><c r="SA1"><v>1</v></c></row><row r="900000"><c><v>1</v></c></row>'),
     LimitError, "spans more than 5,000,000 cells"),
    (with_sheet("<row>" + "<c><f>1</f></c>" * 1 + "</row>" + "<row><c><f>1</f></c></row>" * 1_001),
     TableError, "more"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "error", "words"), REFUSED, ids=[one[2] for one in REFUSED])
def test_a_hostile_workbook_is_refused(
    data: bytes, error: type[SupplynetError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 1_000_000)
    with pytest.raises(error) as caught:
        parse_sheets(data, "x.xlsx")
    assert words in str(caught.value)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DataError, match="not a workbook"):
        parse_sheets(stream.getvalue(), "x.xlsx")


def test_what_the_library_refuses_is_our_error() -> None:
    with pytest.raises(DataError, match="not a sound workbook"):
        parse_sheets(repacked({"xl/_rels/workbook.xml.rels": b"<none/>"}), "x.xlsx")


@example([(0.96875, 0)])  # a name in the list of contents that begins with a NUL byte
@given(st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_damaged_workbooks_raise_only_our_errors(changes: list[tuple[float, int]]) -> None:
    data = bytearray(PLAIN)
    for where, value in changes:
        data[int(where * len(data))] = value
    try:
        parse_sheets(bytes(data), "x.xlsx")
    except SupplynetError as error:
        assert "x.xlsx" in str(error)


def test_without_the_extra_the_hint_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name in ("python_calamine", "xlsxwriter"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"supplynet\[excel\]"):
        parse_sheets(PLAIN, "x.xlsx")
    with pytest.raises(MissingExtraError, match=r"supplynet\[excel\]"):
        workbook_module.Book("t")


def test_cells_as_text() -> None:
    assert text_of(datetime.datetime(2026, 3, 4)) == "2026-03-04"
    assert text_of(datetime.datetime(2026, 3, 4, 5)) == "2026-03-04 05:00:00"
    assert text_of(False) == "false"
    assert letters_of(limits.MAX_COLUMNS) == "ALL"


def test_a_panic_of_the_library_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import python_calamine

    class PanicException(BaseException):
        pass

    class Book:
        @staticmethod
        def from_filelike(file: object) -> None:
            raise PanicException("index out of range")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Book)
    with pytest.raises(DataError, match="not a sound workbook .index out of range"):
        parse_sheets(PLAIN, "x.xlsx")
    monkeypatch.setattr(Book, "from_filelike", lambda file: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(MemoryError):
        parse_sheets(PLAIN, "x.xlsx")
