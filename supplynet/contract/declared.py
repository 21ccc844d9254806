"""What a kind of result tells, declared once: its figures and tables, column by column.

From a :class:`Layout` come the frames, the records, the JSON schema and the reference page of a
result. The rows of a table are a dataclass: names and kinds of its columns are those of its fields,
and what each means stands in its docstring, in numpydoc's form.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from supplynet.contract.docstring import entries
from supplynet.contract.headline import ITS_UNIT, Lead

__all__ = [
    "ITS_UNIT",
    "Column",
    "Kind",
    "Layout",
    "Table",
    "count",
    "flag",
    "number",
    "share",
    "text",
    "texts",
]

Kind = Literal[
    "text", "texts", "number", "numbers", "count", "counts", "share", "flag", "figures", "pairs"
]
#: what these columns mean in every table that says no more of them
COMMON = {
    "after": "In the later edition.",
    "before": "In the earlier edition.",
    "burden": "Name of the burden.",
    "capacity": "What the row can bear per year, in its unit.",
    "case": "Name of the scenario, or of several that hold at once.",
    "confidence": "Of the least sure row behind it: sourced, derived, summary or estimated.",
    "country": "ISO 3166 alpha-3 code.",
    "coverage": "Share of the need that is served.",
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
    "standing": "Standing of the link: observed, contracted, planned, memorandum or plausible.",
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
_KINDS: dict[Any, Kind] = {
    str: "text",
    float: "number",
    int: "count",
    bool: "flag",
    tuple[str, ...]: "texts",
    tuple[float, ...]: "numbers",
    tuple[int, ...]: "counts",
    tuple[tuple[str, float], ...]: "pairs",
    dict[str, float]: "figures",
    Mapping[str, float]: "figures",
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

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ").capitalize()

    def of(self, row: Any) -> Any:
        """Return its value in a row or result."""
        value = row
        for part in (self.path or self.name).split("."):
            value = None if value is None else getattr(value, part)
        return value


def text(name: str, meaning: str, *, optional: bool = False, path: str = "") -> Column:
    """Return a figure that is a word or sentence."""
    return Column(name, "text", "", meaning, optional, path)


def texts(name: str, meaning: str, *, path: str = "") -> Column:
    """Return a figure that is several words."""
    return Column(name, "texts", "", meaning, False, path)


def number(name: str, unit: str, meaning: str, *, optional: bool = False, path: str = "") -> Column:
    """Return a figure with a unit."""
    return Column(name, "number", unit, meaning, optional, path)


def share(name: str, meaning: str, *, optional: bool = False, path: str = "") -> Column:
    """Return a figure that is a part of a whole."""
    return Column(name, "share", "share, 0 to 1", meaning, optional, path)


def count(name: str, meaning: str, *, optional: bool = False, path: str = "") -> Column:
    """Return a figure that counts."""
    return Column(name, "count", "", meaning, optional, path)


def flag(name: str, meaning: str, *, optional: bool = False, path: str = "") -> Column:
    """Return a figure that is yes or no."""
    return Column(name, "flag", "", meaning, optional, path)


@dataclass(frozen=True)
class Table:
    """A table of a result: the rows of one dataclass."""

    name: str  #: key in JSON, and in :meth:`Result.tables`
    title: str
    row: type  #: dataclass of its rows
    #: unit of each column that is a number; shares may be left out: they are those whose name
    #: begins with ``coverage`` or ends in ``share``
    units: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()  #: properties of a row that are told as columns behind its fields
    path: str = ""  #: attribute of the result that holds the rows; default: the name
    without: tuple[str, ...] = ()  #: fields that are not told
    in_json: bool = True  #: whether JSON holds it; False for rows that JSON tells in another form

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in order."""
        if hasattr(self.row, "COLUMNS"):
            return tuple(one for one in self.row.COLUMNS if one.name not in self.without)
        meanings: dict[str, str] = {}
        for kind in reversed(self.row.__mro__):  # a row may add to another kind of row
            meanings |= documented(kind)
        hints = get_type_hints(self.row)
        told = [
            self._column(field.name, hints[field.name], meanings.get(field.name, ""))
            for field in fields(self.row)
            if field.name not in self.without
        ]
        for name in self.also:
            function = inspect.getattr_static(self.row, name).fget
            first = (inspect.getdoc(function) or "").partition("\n")[0]
            told.append(self._column(name, get_type_hints(function)["return"], first))
        return tuple(told)

    def _column(self, name: str, hint: Any, meaning: str) -> Column:
        """Return the column of a field."""
        kind, is_optional = kind_of(hint)
        unit = self.units.get(name, "")
        is_share = name.startswith("coverage") or name.endswith("share")
        if kind == "number" and not unit and is_share:
            kind, unit = "share", "share, 0 to 1"
        return Column(name, kind, unit, meaning or COMMON.get(name, ""), is_optional)

    def rows_of(self, result: Any) -> Iterable[Any]:
        """Return its rows in a result."""
        rows: Iterable[Any] = getattr(result, self.path or self.name)
        return rows

    def records(self, result: Any) -> list[dict[str, Any]]:
        """Return its rows in a result as plain records."""
        return [
            {column.name: column.of(row) for column in self.columns} for row in self.rows_of(result)
        ]


@dataclass(frozen=True)
class Layout:
    """What a kind of result tells."""

    name: str  #: as its JSON calls it, such as ``"flow"``
    title: str  #: the question in a few words
    #: the figure with which it begins; of several the first that is known
    headline: tuple[Lead, ...]
    figures: tuple[Column, ...] = ()  #: one value each
    tables: tuple[Table, ...] = ()  #: the first is the one that :meth:`Result.to_frame` returns
    #: what is neither figure nor table, by key: its JSON schema
    nested: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    has_conditions: bool = False  #: whether its headline is told under other conditions, too
    version: int = 1  #: raised when a key changes its meaning or goes
    #: Dotted name of the function that puts a result of this kind into a document; it is imported
    #: when the first is reported. Empty for a kind that is not.
    document: str = ""

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


def kind_of(hint: Any) -> tuple[Kind, bool]:
    """Return the kind of a field's type, and whether it may be None; a TypeError for other types.

    Examples
    --------
    >>> kind_of(float | None), kind_of(tuple[str, ...])
    (('number', True), ('texts', False))
    """
    is_optional = False
    if get_origin(hint) in (Union, types.UnionType):
        parts = [part for part in get_args(hint) if part is not type(None)]
        is_optional = len(parts) < len(get_args(hint))
        hint = parts[0] if len(parts) == 1 else float if set(parts) == {int, float} else hint
    if get_origin(hint) is typing.Literal:
        hint = str
    if hint not in _KINDS:
        raise TypeError(f"a column cannot hold {hint}")
    return _KINDS[hint], is_optional


def documented(row: type) -> dict[str, str]:
    """Return what the docstring of a class says of each parameter, by name, in one line.

    Examples
    --------
    >>> documented(Column)["name"]
    'Key in records and JSON, attribute of the row or result.'
    """
    told: dict[str, str] = {}
    for name, entry in entries(inspect.getdoc(row) or "")[1].items():
        head, _, meaning = entry.partition("\n")
        choice = head.partition(" : ")[2]
        if not meaning and choice.startswith("{"):
            meaning = f"One of {choice.strip('{}')}.".replace('"', "")
        told[name] = " ".join(meaning.split())
    return told
