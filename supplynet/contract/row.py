"""Rows and figures of answers: a column is declared once, at its field.

From the field follow JSON and its schema, CSV, frames, the reference page and the tables that
people read. The annotation says how a cell is shown: :data:`Country` as its name.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, dataclass_transform

from supplynet.contract.declared import COMMON, ITS_UNIT, Column, Kind, Table
from supplynet.text import MILLION_USD

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

    `keys` are columns that tell the rows of a table from each other.

    Examples
    --------
    >>> answered("n_plants", "rows", "id stage")
    "answered('rows', 'n_plants', 'id stage', id, stage)"
    """
    return f"answered({', '.join([repr(table), repr(column), repr(keys), *keys.split()])})"


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
