"""Parameters that a user passes are held to the format of a graph's own."""

from __future__ import annotations

import pytest

from supplynet.errors import DataError, TableError
from supplynet.io.parameters import read_list, read_parameters
from supplynet.network.problems import Problem
from supplynet.network.schema import Parameter

HEAD = "indicator,place,value,confidence,note\n"


def test_rows_are_read(tmp_path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(HEAD + "eol_rir,EU,0.1,estimated,guess\n", encoding="utf-8")
    (row,) = read_parameters(path)
    assert (row.indicator, row.place, row.value) == ("eol_rir", "EU", 0.1)


def test_an_indicator_that_no_method_looks_for_is_refused(tmp_path) -> None:
    """A slip of the pen would otherwise be passed over without a word."""
    path = tmp_path / "p.csv"
    path.write_text(HEAD + "eol_rri,EU,0.1,estimated,guess\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"p\.csv, row 2, column indicator") as caught:
        read_parameters(path)
    assert "did you mean 'eol_rir'" in caught.value.message


def test_faults_name_file_row_and_column(tmp_path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(HEAD + "eol_rir,EU,many,estimated,guess\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"p\.csv, row 2, column value"):
        read_parameters(path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_is_read_by_its_own_headings_row_by_row(tmp_path, ending: str) -> None:
    """A slip of a heading and a wrong cell are reported; what nothing is read of is named."""
    path = tmp_path / f"list.{ending}"
    head = ["Index", "Country", "Share", "Certainty", "Contry", "colour", "_own"]
    below = [["eol_rir", "EU", value, "estimated", "", "red", ""] for value in ("0.1", "many")]
    if ending == "csv":
        path.write_text("".join(";".join(row) + "\n" for row in [head, *below]), encoding="utf-8")
    else:
        book = pytest.importorskip("xlsxwriter").Workbook(path)
        book.add_worksheet("_help")
        sheet = book.add_worksheet("list")
        for number, row in enumerate([head, *below]):
            sheet.write_row(number, 0, row)
        book.close()
    headings = {
        "indicator": ["index"], "place": ["country"], "value": ["share", "amount"],
        "confidence": ["certainty"],
    }  # fmt: skip
    problems: list[Problem] = []
    ((number, row),), unread = read_list(path, Parameter, headings, problems)
    assert (number, row.value, unread) == (2, 0.1, ["colour"])
    assert [(one.row, one.value) for one in problems] == [(1, "Contry"), (3, "many")]
    if ending == "xlsx":
        with pytest.importorskip("xlsxwriter").Workbook(path) as book:
            book.add_worksheet("_help")
        with pytest.raises(DataError, match="no sheet to read"):
            read_list(path, Parameter, headings, problems)
