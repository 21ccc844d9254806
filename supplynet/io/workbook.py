"""A graph as a workbook with a sheet a table, for people who work in a spreadsheet.

Text stays text, numbers keep every digit, heads have notes and choices.
"""

from __future__ import annotations

import datetime
import io
import re
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from supplynet import limits
from supplynet.errors import TableError, requires_extra
from supplynet.io.folder import check_members
from supplynet.io.graph_schemas import field_schema
from supplynet.io.jsonfile import (
    dump_toml,
    metadata_from_head,
    scenario_from_text,
    scenario_to_content,
)
from supplynet.io.sheets import Sheet, Value, letters_of, parse_sheets, text_of
from supplynet.io.tables import (
    LIST_SEPARATOR,
    checked_header,
    format_number,
    is_own,
    parted,
    records_of,
    validated,
)
from supplynet.network.explain import show
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import (
    MONTH_PATTERN,
    REQUIRED_TABLES,
    TABLES,
    Commodity,
    Form,
    Metadata,
    Row,
    Stage,
    Unit,
    columns,
)
from supplynet.network.schema.row import references
from supplynet.terms import did_you_mean

GRAPH, SCENARIOS = "graph", "scenarios"
#: lists of the head that are sheets of their own
LISTS: dict[str, type[Row]] = {"stages": Stage, "forms": Form, "units": Unit}
SHEETS = (GRAPH, *LISTS, *TABLES, SCENARIOS)
GRAPH_COLUMNS = ("key", "value", "meaning")
SCENARIO_COLUMNS = ("scenario", "line")
#: first day of a month
_DAY_ONE = re.compile(r"\d{4}-\d{2}-01")
#: keys of the head that are not those of the commodity
HEAD = ("name", "title", "description", "version", "licenses", "attribution")


def read_workbook(path: Path) -> SupplyNetwork:
    """Read a graph from a workbook (.xlsx).

    Needs the extra ``excel``. A TableError states every fault at once, with sheet, row, column and
    hint; macros, links and connections to elsewhere are refused.
    """
    return parse_workbook(limits.read_bytes(path), path.name)


def parse_workbook(content: bytes, file: str) -> SupplyNetwork:
    """Return the graph in the bytes of a workbook; see :func:`read_workbook`."""
    problems: list[Problem] = []
    sheets = _known(parse_sheets(content, file), file, problems)
    for name in (GRAPH, *LISTS, *REQUIRED_TABLES):
        if name not in sheets:
            hint = "supplynet graph new NAME --excel writes a workbook with every sheet"
            problems.append(
                Problem("missing-table", f"the sheet {name} must be there", file, hint=hint)
            )
    raise_problems(problems, TableError, what=f"graph {file}")
    numbered = {
        name: sheet_rows(sheet, TABLES[name], problems)
        for name, sheet in sheets.items()
        if name in TABLES
    }
    head = _head(sheets, problems)
    scenarios = _scenarios(sheets.get(SCENARIOS), problems)
    metadata = None
    if not problems:
        metadata = metadata_from_head(head, sheets[GRAPH].file, problems)
    raise_problems(problems, TableError, what=f"graph {file}")
    rows, numbers = parted(numbered)
    head_of = cast("Metadata", metadata)
    files = {"datapackage.json": sheets[GRAPH].file}
    files |= {name: f"{file}, sheet {name}" for name in TABLES}
    files |= {f"scenarios/{name}.toml": f"{file}, sheet scenarios, {name}" for name in scenarios}
    return SupplyNetwork.from_rows(head_of, rows, scenarios=scenarios, numbers=numbers, files=files)


def _known(sheets: Sequence[Sheet], file: str, problems: list[Problem]) -> dict[str, Sheet]:
    """Return the sheets by name, whatever the case of its letters."""
    named: dict[str, Sheet] = {}
    for sheet in sheets:
        name = sheet.name.strip().lower()
        if is_own(name):
            continue
        if name not in SHEETS:
            hint = did_you_mean(name, SHEETS) or f"the sheets are {', '.join(SHEETS)}"
            hint += "; a sheet of your own has a name that begins with _"
            problems.append(
                Problem(
                    "unknown-table", "there is no such table", file, value=sheet.name, hint=hint
                )
            )
        else:
            named[name] = sheet
    return named


def sheet_rows(
    sheet: Sheet, model: type[Row], problems: list[Problem], *, keeps_sound: bool = False
) -> list[tuple[int, Row]]:
    """Read the rows of a sheet, each with its number; none where it has any fault.

    Faults are added to `problems`, each with row and column. With `keeps_sound` the rows without
    one are returned.
    """
    faults: list[Problem] = []
    names, lines = _columns(sheet, model, faults)
    problems += faults
    if not names or faults:
        return []
    places, records = records_of(names, lines, model, sheet.file, problems, is_guarded=False)
    meant = [_meant(record, model) for record in records]
    return validated(places, meant, model, sheet.file, problems, keeps_sound=keeps_sound)


def _columns(
    sheet: Sheet, model: type[Row], faults: list[Problem]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns and the rows below, without empty columns at the end."""
    lines = list(sheet.texts())
    if not lines:
        return [], []
    first, header = lines.pop(0)
    if first != 1:
        message = f"the first row must name the columns: {', '.join(model.model_fields)}"
        faults.append(Problem("no-header", message, sheet.file, 1))
        return [], []
    width = max((at for at, cell in enumerate(header, 1) if cell.strip()), default=0)
    for index, cells in lines:
        for at, cell in enumerate(cells[width:], start=width + 1):
            if cell.strip():
                column, hint = letters_of(at), "name the column in row 1, or clear the cell"
                message = f"the column {column} has no name"
                faults.append(
                    Problem("unknown-column", message, sheet.file, index, column, show(cell), hint)
                )
    names = checked_header(header[:width], model, sheet.file, faults)
    return names, [(count, cells[:width]) for count, cells in lines]


def _meant(record: dict[str, Any], model: type[Row]) -> dict[str, Any]:
    """Return a row with its months as months, and with the lists of the head parted.

    A spreadsheet turns ``2026-01`` into the first day of that month.
    """
    fields = model.model_fields
    meant = dict(record)
    for name, cell in record.items():
        if model in LISTS.values() and typing.get_origin(fields[name].annotation) is tuple:
            meant[name] = _items(cell)
        elif _DAY_ONE.fullmatch(cell) and MONTH_PATTERN in str(fields[name].metadata):
            meant[name] = cell[:7]
    return meant


def _items(cell: str) -> list[str]:
    return [piece.strip() for piece in cell.split(LIST_SEPARATOR) if piece.strip()]


def _head(sheets: Mapping[str, Sheet], problems: list[Problem]) -> dict[str, Any]:
    """Return the head as ``datapackage.json`` holds it."""
    head: dict[str, Any] = {}
    commodity: dict[str, Any] = {
        name: [row.model_dump() for _, row in sheet_rows(sheets[name], model, problems)]
        for name, model in LISTS.items()
    }
    sheet = sheets[GRAPH]
    lines = iter(sheet.rows)
    _, header = next(lines, (1, ()))
    if tuple(text_of(cell).strip() for cell in header[:2]) != GRAPH_COLUMNS[:2]:
        message = "the first row must be key and value"
        problems.append(Problem("no-header", message, sheet.file, 1))
        return head
    seen: set[str] = set()
    for index, cells in lines:
        key, value = text_of(cells[0]).strip(), cells[1] if len(cells) > 1 else ""
        if key in seen:
            message = "the key is there twice"
            problems.append(Problem("duplicate-row", message, sheet.file, index, "key", key))
        seen.add(key)
        content = head if key in HEAD else commodity
        fault = _put(content, key, value)
        if fault:
            names = [*HEAD, *(name for name in Commodity.model_fields if name not in LISTS)]
            hint = did_you_mean(key, names) or f"the keys are {', '.join(names)}"
            if key in names:  # the key is right, and its rows are not
                hint = f"one row an entry: {key}.NAME with what belongs to it as its value"
            problems.append(
                Problem("unknown-key", fault, sheet.file, index, "key", show(key), hint)
            )
    return {**head, "supplynet": commodity}


def _put(content: dict[str, Any], key: str, value: Value) -> str:
    """Put the value of a row of the sheet graph into its place; return what is wrong with it."""
    name, _, entry = key.partition(".")
    fields = Metadata.model_fields if key in HEAD else Commodity.model_fields
    if name not in fields or name in LISTS:
        return "there is no such key"
    kind = fields[name].annotation
    if typing.get_origin(kind) is not dict:
        if entry:
            return "this key has no entries"
        content[name] = _typed(value, kind)
        return ""
    if not entry:
        return "this key has entries, a row each"
    inner = typing.get_args(kind)[1]
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        entry, _, end = entry.partition(".")
        content.setdefault(name, {}).setdefault(entry, {})[end] = value
    else:
        content.setdefault(name, {})[entry] = _typed(value, inner)
    return ""


def _typed(value: Value, kind: Any) -> Any:
    """Return a cell as its key takes it: a list, a number or a text."""
    if typing.get_origin(kind) is tuple:
        return _items(text_of(value))
    return value if isinstance(value, float) and _is_float(kind) else text_of(value)


def _is_float(kind: Any) -> bool:
    return kind is float or any(map(_is_float, typing.get_args(kind)))


def head_rows(metadata: Metadata) -> Iterator[tuple[str, Any, str]]:
    """Yield key, value and meaning of each row of the sheet ``graph``.

    Values are numbers or text; what a list or mapping of the head holds is parted.
    """
    for name, info in Metadata.model_fields.items():
        if name in HEAD:
            yield name, _joined(getattr(metadata, name)), info.description or ""
    for name, info in Commodity.model_fields.items():
        value, meaning = getattr(metadata.commodity, name), info.description or ""
        if name in LISTS:
            continue
        if not isinstance(value, Mapping):
            yield name, _joined(value), meaning
            continue
        for entry, inner in value.items():
            if isinstance(inner, BaseModel):
                for end, index in inner.model_dump().items():
                    yield f"{name}.{entry}.{end}", index, meaning
            else:
                yield f"{name}.{entry}", _joined(inner), meaning


def _joined(value: Any) -> Any:
    """Return a list as one cell."""
    if not isinstance(value, tuple):
        return value
    for piece in value:
        if LIST_SEPARATOR in piece or piece != piece.strip() or not piece:
            raise TableError(f"{piece!r} cannot be one of several names in a cell of a workbook")
    return LIST_SEPARATOR.join(value)


def _scenarios(sheet: Sheet | None, problems: list[Problem]) -> dict[str, Scenario]:
    """Read the scenarios: a line of TOML a row, after the name of its scenario."""
    texts: dict[str, list[str]] = {}
    for index, cells in () if sheet is None else sheet.texts():
        name, line = (cells[0].strip(), cells[1] if len(cells) > 1 else "")
        if index == 1 and (name, line.strip()) == SCENARIO_COLUMNS:
            continue
        if not name:
            message = "a line of a scenario needs its name before it"
            file = cast("Sheet", sheet).file
            problems.append(Problem("missing-value", message, file, index, SCENARIO_COLUMNS[0]))
            continue
        texts.setdefault(name, []).append(line)
    scenarios: dict[str, Scenario] = {}
    check_members(f"{name}.toml" for name in texts)
    for name, lines in texts.items():
        where = f"{cast('Sheet', sheet).file}, scenario {name}"
        scenario = scenario_from_text("\n".join(lines), name, where, problems)
        if scenario is not None:
            scenarios[name] = scenario
    return scenarios


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
    """Add the sheet that states how the others are filled in; it is not read."""
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
    parts.append("Demand" if field["constraints"]["required"] else "May be empty")
    return "\n".join(filter(None, parts))


def _cell(value: Any) -> Any:
    """Return a value as a cell: a list as text, nothing as an empty cell."""
    if isinstance(value, tuple):
        for piece in value:
            if LIST_SEPARATOR in piece or not piece.strip():
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
# the same bytes each time: a workbook states when it was made
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
        for index, cells in enumerate(rows, start=1):
            for at, value in enumerate(cells):
                self._write(sheet, name, index, at, value, styles[at])
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

    def _write(self, sheet: Any, name: str, index: int, at: int, value: Any, style: Any) -> None:
        """Write a cell; what a number of a workbook would round stands as text."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(index, at, value, style)
        elif isinstance(value, (int, float)) and float(f"{value:.16G}") == value:
            sheet.write_number(index, at, value, style)
        else:
            text = value if isinstance(value, str) else format_number(float(value))
            cell = f"sheet {name}, cell {letters_of(at + 1)}{index + 1}"
            if len(text) > MAX_TEXT:
                raise TableError(f"{cell}: a cell of a workbook has room for {MAX_TEXT:,} letters")
            if "\0" in text or _UNWRITABLE.search(text):
                raise TableError(f"{cell}: holds a character that no workbook can hold")
            sheet.write_string(index, at, text, style)

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
        "error_message": "supplynet graph check states what is wrong with it.",
    }
