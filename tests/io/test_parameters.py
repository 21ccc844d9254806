"""Parameters that a user passes are held to the format of a graph's own."""

from __future__ import annotations

import pytest

from supplynet.errors import TableError
from supplynet.io.parameters import read_parameters

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
