"""What a kind of result states, declared once: its figures and tables, column by column.

From a :class:`Layout` come the frames, the records, the JSON schema and the reference page of a
result. The rows of a table declare its columns at their fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from supplynet.contract.headline import ITS_UNIT, Lead

__all__ = ["ITS_UNIT", "Column", "Kind", "Layout", "Table"]

Kind = Literal[
    "text", "texts", "number", "numbers", "count", "counts", "share", "flag", "figures", "pairs"
]
#: in place of arithmetic: of a column that names the row, and of one that no proof has
NAMED, OPEN = "names", "open"
#: what these columns mean in every table that says no more of them
COMMON = {
    "after": "In the later edition.",
    "before": "In the earlier edition.",
    "burden": "Name of the burden.",
    "capacity": "What the row can bear per year, in its unit.",
    "case": "Name of the scenario, or of several that hold at once.",
    "confidence": "Of the least sure row behind it: sourced, derived, summary or estimated.",
    "country": "ISO 3166 alpha-3 code.",
    "coverage": "Share of demand that is served.",
    "demand": "What is needed.",
    "exporter": "Country or bloc that sells.",
    "element": "Id of the element.",
    "form": "Form in which it travels.",
    "hs6": "Code of the Harmonized System, six digits.",
    "hub": "Country that may pass on what it buys.",
    "id": "Id of the row of the graph.",
    "importer": "Country or bloc that buys.",
    "measure": "Whether shares are of the value or of the weight.",
    "name": "As a reader knows it.",
    "nation": "Id of the nation.",
    "need": "What is asked for.",
    "node": "Id of the node.",
    "note": "What a reader must know.",
    "product": "Id of the product.",
    "served": "What of it is served.",
    "stage": "Stage of the chain.",
    "standing": "Standing of the link: observed, contracted, planned, memorandum or possible.",
    "tier": "Name of the tier of links and plants.",
    "links": "Weakest standing of the links that count.",
    "plants": "Furthest from running that a plant may be that counts.",
    "statistic": "What the figure counts.",
    "title": "As a reader knows it.",
    "tonnes": "Tonnes per year.",
    "unmet": "What is asked for and not served.",
    "unit": "Unit of the figures beside it.",
    "year": "Calendar year.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a result, or one column of its tables.

    Parameters
    ----------
    name : str
        Key in records and JSON, attribute of the row or result.
    kind : {"text", "texts", "number", "numbers", "count", "counts", "share", "flag", "figures", \
"pairs"}
    unit : str
        Of a number; ``"unit"`` where a column of that name beside it says it.
    meaning : str
        In a sentence.
    is_optional : bool
        Whether it may be None: not known, or not asked.
    path : str
        Attributes that lead to it from the row or result; default: its name.
    head : str
        Head of the column where people read it; empty where they do not.
    shown : {"", "tonnes", "share", "int", "stage", "country"}
        How people read a cell.
    none : str
        What they read where there is no value.
    by : str
        Arithmetic that it follows from, see :mod:`supplynet.verify`, or ``names`` for a number that
        names the row; empty for a figure that is proved by itself, or open.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    is_optional: bool = False
    path: str = ""
    head: str = ""
    shown: str = ""
    none: str = ""
    by: str = ""

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ").capitalize()

    def of(self, row: Any) -> Any:
        """Return its value in a row or result."""
        value = row
        for piece in (self.path or self.name).split("."):
            value = None if value is None else getattr(value, piece)
        return value


@dataclass(frozen=True)
class Table:
    """A table of a result: the rows of one dataclass."""

    name: str  #: key in JSON, and in :meth:`Result.tables`
    title: str
    row: Any  #: kind of its rows
    path: str = ""  #: attribute of the result that holds the rows; default: the name
    without: tuple[str, ...] = ()  #: fields that are not reported
    in_json: bool = True  #: whether JSON holds it; False for rows that JSON states in another form
    #: columns by which its rows are ranked, the least first; ``-`` before one turns it round
    order: str = ""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in order."""
        declared: tuple[Column, ...] = self.row.COLUMNS
        return tuple(column for column in declared if column.name not in self.without)

    def rows_of(self, result: Any) -> Iterable[Any]:
        """Return its rows in a result."""
        rows: Iterable[Any] = getattr(result, self.path or self.name)
        return rows

    def record(self, row: Any) -> dict[str, Any]:
        """Return a row as a plain record."""
        return {column.name: column.of(row) for column in self.columns}

    def records(self, result: Any) -> list[dict[str, Any]]:
        """Return its rows in a result as plain records."""
        return [self.record(row) for row in self.rows_of(result)]


@dataclass(frozen=True)
class Layout:
    """What a kind of result states."""

    name: str  #: as its JSON calls it, such as ``"flow"``
    title: str  #: the question in a few words
    #: the figure with which it begins; of several the first that is known
    headline: tuple[Lead, ...]
    figures: tuple[Column, ...] = ()  #: one value each
    tables: tuple[Table, ...] = ()  #: the first is the one that :meth:`Result.to_frame` returns
    #: what is neither figure nor table, by key: its JSON schema
    nested: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    has_conditions: bool = False  #: whether its headline is reported under other conditions, too
    version: int = 1  #: raised when a key changes its meaning or goes
    #: Dotted name of the function that puts a result of this kind into a document; it is imported
    #: when the first is reported. Empty for a kind that is not.
    document: str = ""
    #: arithmetic of what no field declares, by the tables and the name that lead to it
    by: Mapping[str, str] = field(default_factory=dict)
    #: columns that no proof has, by the tables and the name that lead to them
    open: tuple[str, ...] = ()

    @cached_property
    def arithmetic(self) -> list[list[str]]:
        """What follows from other figures: table, column and arithmetic, or order of the rows.

        Of a column that is open :data:`OPEN` stands there.
        """
        own = [["", figure.name, figure.by] for figure in self.figures if figure.by]
        for table in (entry for entry in self.tables if entry.in_json):
            own += [[table.name, column.name, column.by] for column in table.columns if column.by]
            own += [[table.name, "", table.order]] if table.order else []
        further = [*self.by.items(), *((name, OPEN) for name in self.open)]
        return own + [[*name.rpartition(".")[::2], by] for name, by in further]

    def table(self, name: str | None = None) -> Table:
        """Return a table by name; without one the first."""
        from supplynet.errors import OptionError
        from supplynet.terms import did_you_mean

        names = [table.name for table in self.tables]
        if name is None and self.tables:
            return self.tables[0]
        if name not in names:
            raise OptionError(
                f"a result of kind {self.name} has no table {name!r}; "
                f"it has {', '.join(names) or 'none'}",
                hint=did_you_mean(name or "", names),
            )
        return self.tables[names.index(name)]
