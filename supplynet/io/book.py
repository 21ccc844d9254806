"""Workbooks written: text stays text, numbers keep every digit, heads have notes and choices."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from supplynet.errors import TableError, requires_extra
from supplynet.io.sheets import letters_of
from supplynet.io.tables import format_number

#: characters that a cell of a workbook has room for
MAX_TEXT = 32_767
#: rows below the head in which cells offer what may be chosen
CHOICE_ROWS = 5_000
_MOST_WIDTH = 48
# the same bytes each time: a workbook tells when it was made
_MADE = datetime.datetime(1980, 1, 1)
# characters that no XML can hold, and whose escape the reader leaves as it is
_UNWRITABLE = re.compile("[\ufffe\uffff\ud800-\udfff]")


class Book:
    """A workbook that is being written.

    Parameters
    ----------
    title : str
        As the properties of the file tell it.

    Raises
    ------
    MissingExtraError
        If the extra ``excel`` is not installed.
    """

    def __init__(self, title: str) -> None:
        with requires_extra("excel", "writing workbooks"):
            import xlsxwriter
        self._stream = io.BytesIO()
        options = dict.fromkeys(
            ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
        )
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True, **options})
        self._book.set_properties({"title": title[:255], "created": _MADE})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._shown: dict[str, Any] = {}
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})

    def add(
        self,
        name: str,
        head: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        notes: Mapping[str, str] | None = None,
        choices: Mapping[str, list[str] | str] | None = None,
        widths: Sequence[int] = (),
        shown: Mapping[str, str] | None = None,
    ) -> None:
        """Add a sheet: a head in the first row, and rows below.

        Parameters
        ----------
        name : str
        head : sequence of str
        rows : iterable of sequence
            Cells: text, number, yes or no, or None for an empty one.
        notes : mapping of str to str, optional
            By column: shown when the pointer rests on its head.
        choices : mapping of str to (list of str or str), optional
            By column: words that its cells offer, or the range of cells that holds them.
        widths : sequence of int, optional
            In characters, of cells whose text is wrapped; by default as wide as their text.
        shown : mapping of str to str, optional
            By column: how its numbers are shown, such as ``0.000``; the cells keep every digit.

        Raises
        ------
        TableError
            If a text cannot be a cell.
        """
        sheet = self._book.add_worksheet(name)
        longest = [len(text) + 2 for text in head]
        styles = [self._style(shown.get(text, "") if shown else "", widths) for text in head]
        for at, text in enumerate(head):
            self._write(sheet, name, 0, at, text, self._head)
            if notes and notes.get(text):
                sheet.write_comment(0, at, notes[text][:2000], {"x_scale": 2.5, "y_scale": 1.5})
            if choices and choices.get(text):
                sheet.data_validation(1, at, CHOICE_ROWS, at, _offer(choices[text]))
        for number, cells in enumerate(rows, start=1):
            for at, value in enumerate(cells):
                self._write(sheet, name, number, at, value, styles[at])
                if isinstance(value, str):
                    longest[at] = max(longest[at], len(value) + 1)
                elif isinstance(value, (int, float)):  # too narrow a column shows ### of a number
                    longest[at] = max(longest[at], len(f"{value:,.0f}") + 3)
        for at, width in enumerate(widths or longest):
            sheet.set_column(at, at, min(width, 100 if widths else _MOST_WIDTH))
        sheet.freeze_panes(1, 0)
        # on paper: all columns on a page, its head on each
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _style(self, shown: str, widths: Sequence[int]) -> Any:
        """Return how a column's cells look; the same style is made once."""
        if widths:
            return self._wrapped
        if shown and shown not in self._shown:
            self._shown[shown] = self._book.add_format({"num_format": shown})
        return self._shown.get(shown)

    def _write(self, sheet: Any, name: str, number: int, at: int, value: Any, style: Any) -> None:
        """Write a cell; what a number of a workbook would round stands as text."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(number, at, value, style)
        elif isinstance(value, (int, float)) and float(f"{value:.16G}") == value:
            sheet.write_number(number, at, value, style)
        else:
            text = value if isinstance(value, str) else format_number(float(value))
            cell = f"sheet {name}, cell {letters_of(at + 1)}{number + 1}"
            if len(text) > MAX_TEXT:
                raise TableError(f"{cell}: a cell of a workbook has room for {MAX_TEXT:,} letters")
            if "\0" in text or _UNWRITABLE.search(text):
                raise TableError(f"{cell}: holds a character that no workbook can hold")
            sheet.write_string(number, at, text, style)

    def content(self) -> bytes:
        """Return the bytes of the file."""
        self._book.close()
        return self._stream.getvalue()


def _offer(choice: list[str] | str) -> dict[str, Any]:
    """Return what lets a cell offer words: a list, or the cells that hold them."""
    return {
        "validate": "list",
        "source": choice,
        "ignore_blank": True,
        "error_type": "warning",
        "error_title": "Not among the names",
        "error_message": "supplynet check tells what is wrong with it.",
    }
