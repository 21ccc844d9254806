"""A graph as a workbook: a sheet a table, read with every fault named and written without loss.

Sheets hold the tables under their names. ``graph`` holds the head, a key a row: items of a list
are parted by ``;``, and an entry of a mapping is a row of its own, such as ``groups.heavy``. The
lists of ``stages``, ``forms`` and ``units`` are sheets, and ``scenarios`` holds their TOML, a line
a row. A sheet whose name begins with ``_`` is the author's own and is not read.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from supplynet import limits
from supplynet.errors import TableError
from supplynet.io.document import metadata_from_head, scenario_from_text
from supplynet.io.folder import check_members
from supplynet.io.sheets import Sheet, Value, letters_of, parse_sheets, text_of
from supplynet.io.tables import (
    LIST_SEPARATOR,
    checked_header,
    is_own,
    parted,
    records_of,
    validated,
)
from supplynet.network.explain import show
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, did_you_mean, raise_problems
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
)

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

    Needs the extra ``excel``. A TableError tells every fault at once, with sheet, row, column and
    hint; macros, links and connections to elsewhere are refused.
    """
    return parse_workbook(limits.read_bytes(path), path.name)


def parse_workbook(data: bytes, file: str) -> SupplyNetwork:
    """Return the graph in the bytes of a workbook; see :func:`read_workbook`."""
    problems: list[Problem] = []
    sheets = _known(parse_sheets(data, file), file, problems)
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
    return SupplyNetwork.from_rows(head_of, rows, scenarios=scenarios, numbers=numbers)


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
    for number, cells in lines:
        for at, cell in enumerate(cells[width:], start=width + 1):
            if cell.strip():
                column, hint = letters_of(at), "name the column in row 1, or clear the cell"
                message = f"the column {column} has no name"
                faults.append(
                    Problem("unknown-column", message, sheet.file, number, column, show(cell), hint)
                )
    names = checked_header(header[:width], model, sheet.file, faults)
    return names, [(number, cells[:width]) for number, cells in lines]


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
    return [part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip()]


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
    for number, cells in lines:
        key, value = text_of(cells[0]).strip(), cells[1] if len(cells) > 1 else ""
        if key in seen:
            message = "the key is there twice"
            problems.append(Problem("duplicate-row", message, sheet.file, number, "key", key))
        seen.add(key)
        content = head if key in HEAD else commodity
        fault = _put(content, key, value)
        if fault:
            known = [*HEAD, *(name for name in Commodity.model_fields if name not in LISTS)]
            hint = did_you_mean(key, known) or f"the keys are {', '.join(known)}"
            if key in known:  # the key is right, and its rows are not
                hint = f"one row an entry: {key}.NAME with what belongs to it as its value"
            problems.append(
                Problem("unknown-key", fault, sheet.file, number, "key", show(key), hint)
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
                for end, number in inner.model_dump().items():
                    yield f"{name}.{entry}.{end}", number, meaning
            else:
                yield f"{name}.{entry}", _joined(inner), meaning


def _joined(value: Any) -> Any:
    """Return a list as one cell."""
    if not isinstance(value, tuple):
        return value
    for part in value:
        if LIST_SEPARATOR in part or part != part.strip() or not part:
            raise TableError(f"{part!r} cannot be one of several names in a cell of a workbook")
    return LIST_SEPARATOR.join(value)


def _scenarios(sheet: Sheet | None, problems: list[Problem]) -> dict[str, Scenario]:
    """Read the scenarios: a line of TOML a row, after the name of its scenario."""
    texts: dict[str, list[str]] = {}
    for number, cells in () if sheet is None else sheet.texts():
        name, line = (cells[0].strip(), cells[1] if len(cells) > 1 else "")
        if number == 1 and (name, line.strip()) == SCENARIO_COLUMNS:
            continue
        if not name:
            message = "a line of a scenario needs its name before it"
            file = cast("Sheet", sheet).file
            problems.append(Problem("missing-value", message, file, number, SCENARIO_COLUMNS[0]))
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
