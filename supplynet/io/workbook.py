"""A graph as a workbook with a sheet a table, for people who work in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from supplynet.errors import TableError
from supplynet.io.book import CHOICE_ROWS, Book
from supplynet.io.document import scenario_to_content
from supplynet.io.strict import dump_toml
from supplynet.io.table_schema import field_schema
from supplynet.io.tables import LIST_SEPARATOR
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
from supplynet.network.schema.references import references

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: sheet whose first column offers the names that a column refers to, by what it names
_NAMED_IN = {"stage": "stages", "form": "forms"}


def network_xlsx(net: SupplyNetwork, *, is_whole: bool = False) -> bytes:
    """Return a graph as a workbook that :func:`read_workbook` reads back.

    Parameters
    ----------
    net : SupplyNetwork
    is_whole : bool
        Whether tables without a row have their sheet too, to be filled in.

    Raises
    ------
    TableError
        If a value cannot be a cell of a workbook.
    MissingExtraError
        If the extra ``excel`` is not installed.
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
        "supplynet check FILE.xlsx names every problem with sheet, row, column and a hint.",
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
