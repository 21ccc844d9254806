"""A graph as a workbook with a sheet a table, for people who work in a spreadsheet.

Text stays text, numbers keep every digit, heads have notes and choices.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supplynet.errors import TableError, requires_extra
from supplynet.io.document import scenario_to_content
from supplynet.io.graph_schemas import field_schema
from supplynet.io.sheets import letters_of
from supplynet.io.strict import dump_toml
from supplynet.io.tables import LIST_SEPARATOR, format_number
from supplynet.io.workbook_reader import (
    GRAPH,
    GRAPH_COLUMNS,
    LISTS,
    SCENARIO_COLUMNS,
    SCENARIOS,
    head_rows,
)
from supplynet.io.workbook_reader import read_workbook as read_workbook
from supplynet.network.schema import TABLES, Row, columns
from supplynet.network.schema.row import references

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: sheet whose first column offers the names that a column refers to, by what it names
_NAMED_IN = {"stage": "stages", "form": "forms"}


def network_xlsx(net: SupplyNetwork, *, is_whole: bool = False) -> bytes:
    """Return a graph as a workbook that :func:`read_workbook` reads back.

    With `is_whole` tables without a row have their sheet too, to be filled in.
    """
    book = Book(net.metadata.title)
    _add_guide(book, net)
    book.add(GRAPH, GRAPH_COLUMNS, head_rows(net.metadata))
    for name, model in LISTS.items():
        _add_table(book, name, model, getattr(net.commodity, name))
    for name, model in TABLES.items():
        if net.rows(name) or is_whole or name == "nodes":
            _add_table(book, name, model, net.rows(name))
    if net.scenarios or is_whole:
        lines = [
            (scenario.name, line)
            for scenario in net.scenarios.values()
            for line in dump_toml(scenario_to_content(scenario)).rstrip("\n").split("\n")
        ]
        book.add(SCENARIOS, SCENARIO_COLUMNS, lines)
    return book.content()


def _add_guide(book: Book, net: SupplyNetwork) -> None:
    """Add the sheet that tells how the others are filled in; it is not read."""
    lines = [
        f"{net.metadata.title}: a graph of supplynet, a sheet a table. This sheet is not read; nor "
        "is any whose name begins with _.",
        "graph says what flows; stages, forms and units are the words that the other sheets use.",
        "The head of each column has a note: what it means, its unit, and what is allowed.",
        "Cells offer the words that may be chosen. Several names in a cell are parted by ;",
        "Write values, not formulas, and each number plain: its unit stands in the column unit.",
        "confidence says how well a figure is known; cite documents of the sheet sources, or say "
        "in note what an estimate is made from.",
        "supplynet graph check FILE.xlsx names every problem with sheet, row, column and a hint.",
    ]
    book.add(
        "_read me", ["How to fill in this workbook"], [(line,) for line in lines], widths=[100]
    )


def _add_table(book: Book, name: str, model: type[Row], rows: Iterable[Row]) -> None:
    names = columns(model)
    properties = model.model_json_schema()["properties"]
    cells = ([_cell(getattr(row, column)) for column in names] for row in rows)
    notes, choices = {}, dict[str, list[str] | str]()
    named = dict(references(model))
    for column in names:
        field = field_schema(model, column, properties[column])
        notes[column] = _note(field)
        options = [word for word in field["constraints"].get("enum", ()) if word]
        if field["type"] == "boolean":
            choices[column] = ["TRUE", "FALSE"]
        elif options and len(",".join(options)) <= 255:
            choices[column] = options
        elif column in named and properties[column].get("type") != "array":
            source = named[column].table or _NAMED_IN.get(named[column].what, "")
            if source and source != name:
                choices[column] = f"={source}!$A$2:$A${CHOICE_ROWS}"
        elif column == "unit" and name not in LISTS:
            choices[column] = f"=units!$A$2:$A${CHOICE_ROWS}"
    book.add(name, names, cells, notes=notes, choices=choices)


def _note(field: Mapping[str, Any]) -> str:
    """Return what a column means, its unit, and whether it may be left empty."""
    parts = [str(field["description"])]
    if field.get("unit"):
        parts.append(f"Unit: {field['unit']}")
    parts.append("Needed" if field["constraints"]["required"] else "May be empty")
    return "\n".join(filter(None, parts))


def _cell(value: Any) -> Any:
    """Return a value as a cell: a list as text, nothing as an empty cell."""
    if isinstance(value, tuple):
        for part in value:
            if LIST_SEPARATOR in part or not part.strip():
                raise TableError(
                    f"{value!r} cannot be one cell: an item must not be empty or hold a semicolon"
                )
        return LIST_SEPARATOR.join(value)
    return value


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
    """A workbook that is being written, with its title; it needs the extra ``excel``."""

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

        By column are `notes`, shown when the pointer rests on its head, `choices`, words that its
        cells offer or the range of cells that holds them, and `shown`, how its numbers are shown,
        such as ``0.000``; the cells keep every digit. `widths` are in characters, of cells whose
        text is wrapped; by default as wide as their text.
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
        "error_message": "supplynet graph check tells what is wrong with it.",
    }
