"""Rows and figures of answers: a column is declared once, at its field.

From the field follow JSON and its schema, CSV, frames, the reference page and the tables that
people read. The annotation says how a cell is shown: :data:`Country` as its name.

What a kind of result states, declared once: its figures and tables, column by column.

From a :class:`Layout` come the frames, the records, the JSON schema and the reference page of a
result. The rows of a table declare its columns at their fields.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, dataclass_transform

from supplynet.contract.headline import ITS_UNIT, Lead
from supplynet.text import MILLION_USD

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


Tonnes: TypeAlias = float
ProductTonnes: TypeAlias = float
ElementTonnes: TypeAlias = float
BurdenTonnes: TypeAlias = float
BasketTonnes: TypeAlias = float
Share: TypeAlias = float
NodeId: TypeAlias = str
StageId: TypeAlias = str
Country: TypeAlias = str
Days: TypeAlias = float
DaysOfUse: TypeAlias = float
FormId: TypeAlias = str
Tier: TypeAlias = str
Year: TypeAlias = int
MillionUSD: TypeAlias = float
ElementId: TypeAlias = str

_SHARE = "share, 0 to 1"
#: kind of a column, how people read it, and its unit, by the annotation of its field
_KINDS: dict[str, tuple[Kind, str, str]] = {
    "str": ("text", "", ""),
    "NodeId": ("text", "", ""),
    "ElementId": ("text", "", ""),
    "StageId": ("text", "stage", ""),
    "Country": ("text", "country", ""),
    "FormId": ("text", "form", ""),
    "Tier": ("text", "tier", ""),
    "float": ("number", "tonnes", ""),
    "Tonnes": ("number", "tonnes", ""),
    "ProductTonnes": ("number", "tonnes", "t of product/yr"),
    "ElementTonnes": ("number", "tonnes", "t/yr on the graph's basis"),
    "BurdenTonnes": ("number", "tonnes", "t of the burden/yr"),
    "BasketTonnes": ("number", "tonnes", "t/yr of basket"),
    "Days": ("number", "days", "days"),
    "DaysOfUse": ("number", "use", "days of use"),
    "MillionUSD": ("number", "money", MILLION_USD),
    "Share": ("share", "share", _SHARE),
    "int": ("count", "int", ""),
    "Year": ("count", "year", ""),
    "bool": ("flag", "", ""),
    "tuple[str, ...]": ("texts", "texts", ""),
    "tuple[float, ...]": ("numbers", "", ""),
    "tuple[int, ...]": ("counts", "", ""),
    "tuple[tuple[str, float], ...]": ("pairs", "", ""),
    "dict[str, float]": ("figures", "", _SHARE),
    "dict[str, ProductTonnes]": ("figures", "", "t of product/yr"),
}
#: kinds that a field may give a unit
_OF_UNIT = ("number", "numbers", "pairs")
#: what figures beside another mean, by how their names end
_ENDS = {
    "_low": "Low end of {}.",
    "_high": "High end of {}.",
    "_se": "Standard error of {}; null where one batch alone was drawn.",
}
#: a column of which the name says all
_USUAL = Column("", "text", "", "")
#: keys of what a field says of itself
_COLUMN, _TABLE = "column", "table"


def col(
    meaning: str = "",
    unit: str = "",
    *,
    head: str = "",
    none: str = "",
    by: str = "",
    default: Any = MISSING,
) -> Any:
    """Declare a field as a column or figure; its kind and how it is shown follow its annotation.

    Parameters
    ----------
    meaning : str
        In a sentence; empty where a column of that name means the same everywhere.
    unit : str
        Of a number; :data:`ITS_UNIT` where a column of that name beside it says it.
    head : str
        Head of the column where people read it; empty where they do not.
    none : str
        What they read where there is no value.
    by : str
        Arithmetic that it follows from, as in ``served / need``; see :mod:`supplynet.verify`.
    default : object, optional
        Of the field.
    """
    column = Column("", "text", unit, meaning, head=head, none=none, by=by)
    return field(default=default, metadata={_COLUMN: column})


def answered(column: str, table: str = "", keys: str = "") -> str:
    """Return the arithmetic of a figure that no proof has: the question is asked again.

    `keys` are columns that tell the rows of a table from each other; ``itself`` is the column that
    the arithmetic is of.

    Examples
    --------
    >>> answered("n_plants", "rows", "id stage")
    "answered('rows', 'n_plants', 'id stage', id, stage)"
    """
    name = column if column == "itself" else repr(column)
    return f"answered({', '.join([repr(table), name, repr(keys), *keys.split()])})"


def rows(title: str, *, name: str = "", default: Any = MISSING, **further: Any) -> Any:
    """Declare a field as a table, a tuple of rows; further keywords are those of a table."""
    return field(default=default, metadata={_TABLE: Table(name, title, object, **further)})


@dataclass_transform(frozen_default=True, field_specifiers=(col, field))
class Row:
    """A row of a table: a frozen dataclass whose fields are its columns.

    What a column of its name means everywhere need not be said; the rest is, by :func:`col`.

    Examples
    --------
    >>> class Passage(Row):
    ...     through: Tonnes = col("What passes it.", "t/yr", head="Throughput")
    >>> Passage(through=2.0), Passage.COLUMNS[0].unit
    (Passage(through=2.0), 't/yr')
    """

    COLUMNS: ClassVar[tuple[Column, ...]] = ()

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init_subclass__(cls, *, first: tuple[str, ...] = (), also: tuple[str, ...] = ()) -> None:
        """Make a dataclass of every kind of row; properties of these names are columns, too."""
        dataclass(frozen=True)(cls)
        before, behind = ([of_property(cls, name) for name in names] for names in (first, also))
        cls.COLUMNS = (*before, *columns_of(cls), *behind)


def columns_of(kind: type) -> tuple[Column, ...]:
    """Return the columns that the fields of a kind of row or answer declare, in order."""
    return tuple(
        _annotated(entry.metadata.get(_COLUMN, _USUAL), entry.name, str(entry.type))
        for entry in fields(kind)
        if _COLUMN in entry.metadata or (issubclass(kind, Row) and _usual(entry.name))
    )


def tables_of(kind: type) -> Iterator[Table]:
    """Yield the tables that the fields of a kind of answer declare, in order."""
    homes = {
        name: vars(base) for base in kind.__mro__ for name in vars(base).get("__annotations__", ())
    }
    for entry in fields(kind):
        if _TABLE in entry.metadata:
            names = vars(sys.modules[homes[entry.name]["__module__"]])
            record, row = entry.metadata[_TABLE], names[_member(str(entry.type))]
            yield replace(record, name=record.name or entry.name, path=entry.name, row=row)


def of_property(kind: type, name: str) -> Any:
    """Return the figure or table that a property is; its docstring begins with what it means.

    `name` is that of the property, or ``name=property`` where the figure has another.
    """
    name, _, country = name.partition("=")
    result = inspect.getattr_static(kind, country or name)
    function = getattr(result, "fget", None) or result.func  # of a cached property
    meaning = (function.__doc__ or "").partition("\n")[0]
    annotation: str = function.__annotations__["return"]
    row = function.__globals__.get(_member(annotation))
    if row is not None and annotation.startswith(("tuple[", "Sequence[")):
        return Table(name, meaning.removesuffix("."), row, path=country)
    return _annotated(Column("", "text", ITS_UNIT, meaning, path=country), name, annotation)


def _member(annotation: str) -> str:
    """Return the name of the rows of a table by its annotation."""
    return annotation.removesuffix("]").removesuffix(", ...").rpartition("[")[2]


def _annotated(column: Column, name: str, annotation: str) -> Column:
    """Return a column with what the annotation of its field says, as it is written."""
    text = annotation.removesuffix(" | None")
    kind, shown, unit = _KINDS[text]
    return replace(
        column,
        name=name,
        kind=kind,
        unit=column.unit if column.unit and kind in _OF_UNIT else unit,
        meaning=column.meaning or _usual(name),
        is_optional=text != annotation,
        shown=shown,
    )


def _usual(name: str) -> str:
    """Return what columns of a name mean wherever they say no more."""
    bounds = (
        text.format(name.removesuffix(end)) for end, text in _ENDS.items() if name.endswith(end)
    )
    return COMMON.get(name) or next(bounds, "").replace("_", " ")
