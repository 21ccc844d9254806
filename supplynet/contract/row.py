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

from supplynet.contract.declared import ITS_UNIT, Column, Kind, Table

__all__ = ["Country", "ElementId", "NodeId", "Row", "Share", "StageId", "Tonnes", "col", "rows"]

Tonnes: TypeAlias = float
Share: TypeAlias = float
NodeId: TypeAlias = str
StageId: TypeAlias = str
Country: TypeAlias = str
ElementId: TypeAlias = str

#: kind of a column, and how people read it, by the annotation of its field
_KINDS: dict[str, tuple[Kind, str]] = {
    "str": ("text", ""),
    "NodeId": ("text", ""),
    "ElementId": ("text", ""),
    "StageId": ("text", "stage"),
    "Country": ("text", "country"),
    "float": ("number", "tonnes"),
    "Tonnes": ("number", "tonnes"),
    "Share": ("share", "share"),
    "int": ("count", "int"),
    "bool": ("flag", ""),
    "tuple[str, ...]": ("texts", ""),
    "tuple[float, ...]": ("numbers", ""),
    "dict[str, float]": ("figures", ""),
}
_SHARE = "share, 0 to 1"
#: keys of what a field says of itself
_COLUMN, _TABLE = "column", "table"


def col(
    meaning: str, unit: str = "", *, head: str = "", none: str = "", default: Any = MISSING
) -> Any:
    """Declare a field as a column or figure; its kind and how it is shown follow its annotation.

    Parameters
    ----------
    meaning : str
        In a sentence.
    unit : str
        Of a number; :data:`ITS_UNIT` where a column of that name beside it says it.
    head : str
        Head of the column where people read it; empty where they do not.
    none : str
        What they read where there is no value.
    default : object, optional
        Of the field.
    """
    column = Column("", "text", unit, meaning, head=head, none=none)
    return field(default=default, metadata={_COLUMN: column})


def rows(title: str, *, without: tuple[str, ...] = ()) -> Any:
    """Declare a field as a table: a tuple of rows, of which some columns may be left out."""
    return field(metadata={_TABLE: Table("", title, object, without=without)})


@dataclass_transform(frozen_default=True, field_specifiers=(col, field))
class Row:
    """A row of a table: a frozen dataclass whose fields are its columns, each by :func:`col`.

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

    def __init_subclass__(cls, *, also: tuple[str, ...] = ()) -> None:
        """Make a dataclass of every kind of row; `also` are properties that are columns, too."""
        dataclass(frozen=True)(cls)
        cls.COLUMNS = (*columns_of(cls), *(of_property(cls, name) for name in also))


def columns_of(kind: type) -> tuple[Column, ...]:
    """Return the columns that the fields of a kind of row or answer declare, in order."""
    return tuple(
        _annotated(one.metadata[_COLUMN], one.name, str(one.type))
        for one in fields(kind)
        if _COLUMN in one.metadata
    )


def tables_of(kind: type) -> Iterator[Table]:
    """Yield the tables that the fields of a kind of answer declare, in order."""
    homes = {
        name: vars(base) for base in kind.__mro__ for name in vars(base).get("__annotations__", ())
    }
    for one in fields(kind):
        if _TABLE in one.metadata:
            names = vars(sys.modules[homes[one.name]["__module__"]])
            yield replace(one.metadata[_TABLE], name=one.name, row=names[_member(str(one.type))])


def of_property(kind: type, name: str) -> Any:
    """Return the figure or table that a property is; its docstring begins with what it means.

    `name` is that of the property, or ``name=property`` where the figure has another.
    """
    name, _, place = name.partition("=")
    found = inspect.getattr_static(kind, place or name)
    function = getattr(found, "fget", None) or found.func  # of a cached property
    meaning = (function.__doc__ or "").partition("\n")[0]
    annotation: str = function.__annotations__["return"]
    row = function.__globals__.get(_member(annotation))
    if row is not None and annotation.startswith("tuple["):
        return Table(name, meaning.removesuffix("."), row)
    return _annotated(Column("", "text", ITS_UNIT, meaning, path=place), name, annotation)


def _member(annotation: str) -> str:
    """Return the name of the rows of a table by its annotation."""
    return annotation.removeprefix("tuple[").removesuffix(", ...]")


def _annotated(column: Column, name: str, annotation: str) -> Column:
    """Return a column with what the annotation of its field says, as it is written."""
    text = annotation.removesuffix(" | None")
    kind, shown = _KINDS[text]
    unit = {"number": column.unit, "numbers": column.unit, "share": _SHARE, "figures": _SHARE}
    return replace(
        column,
        name=name,
        kind=kind,
        unit=unit.get(kind, ""),
        is_optional=text != annotation,
        shown=shown,
    )
