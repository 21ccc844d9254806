"""The headline of an answer: the figure with which it begins, the same wherever it is read.

A kind of result declares in its layout which of its figures that is; text, JSON, ``--fail-on``,
assistants and ``verify.py`` take it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from supplynet.terms import ENDS

#: unit of a figure whose row or result has a column ``unit``
ITS_UNIT = "unit"
#: keys and places in lists that lead to a figure in JSON
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Headline:
    """The figure with which an answer begins.

    Parameters
    ----------
    name : str
        What it is, such as coverage.
    of : str
        What it is about, such as a form, element or plant; empty for all.
    value : float or None
        None where it is not known.
    low, high : float or None
        Its range; None where none is worked out.
    unit : str
        Empty for a number of things.
    tier : str or None
        Links and plants that count.
    year : int or None
    read_off : mapping of str to tuple or None
        Where the JSON of the answer holds value, low, high, tier and year: keys and places that
        lead there; None where it holds none.
    """

    name: str
    of: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    tier: str | None
    year: int | None
    read_off: Mapping[str, Path | None]

    def to_dict(self) -> dict[str, Any]:
        """Return the headline for JSON."""
        return asdict(self)


def headed(
    content: Mapping[str, Any], *position: str | int, headline: Headline | None = None
) -> dict[str, Any]:
    """Return a content that begins with a headline of an answer in it, if that has one.

    Parameters
    ----------
    content : mapping
        For JSON.
    *position : str or int
        Keys and places that lead to the answer in it, such as ``"results", 0``.
    headline : Headline, optional
        One of that answer; default: the one that it begins with.
    """
    answer: Any = content
    for step in position:
        answer = answer[step]
    if not isinstance(answer.get("headline"), Mapping):  # what is looked up has none
        return dict(content)
    record = answer["headline"] if headline is None else headline.to_dict()
    contents = {key: path and (*position, *path) for key, path in record["read_off"].items()}
    others = {key: piece for key, piece in content.items() if key != "headline"}
    first = {"headline": {**record, "read_off": contents}}
    if "conditions" in answer:
        first["conditions"] = answer["conditions"]
    return first | others


@dataclass(frozen=True, slots=True)
class Lead:
    """Which figure of a kind of result is its headline.

    Parameters
    ----------
    name : str
        A noun; the row or result that holds it is ``row``, as in ``{row.figure}``.
    of : str or callable
        What it is about, in the same way, or told from result and row where codes have names.
    value : str
        Column of the row, or figure of the result; empty: how many rows the table has.
    low, high : str
        The same of its range; empty where none is worked out.
    table : str
        Table that holds the row; empty for figures of the result itself.
    where : callable or None
        Whether a row is meant, from result and row; of these the first counts.
    year : str
        Column or figure that holds the year, before that of the question.
    place : tuple of str or int
        Where JSON holds the rows, if not in a list with the name of the table.
    is_zero : bool
        Whether it is 0 where the table is empty, and not unknown.
    """

    name: str
    value: str = ""
    low: str = ""
    high: str = ""
    of: str | Callable[[Any, Any], str] = ""
    table: str = ""
    where: Callable[[Any, Any], bool] | None = None
    year: str = "year"
    place: Path = ()
    is_zero: bool = False

    def read(self, result: Any) -> Headline:
        """Return the headline of a result."""
        layout = result.LAYOUT
        own = source = _Source(result, (), layout.figures)
        value: float | None = None
        path: Path | None = None
        if self.table:
            table = layout.table(self.table)
            rows = list(table.rows_of(result))
            is_meant = self.where or (lambda _result, _row: True)
            n = next((n for n, row in enumerate(rows) if is_meant(result, row)), None)
            position = self.place or (self.table,)
            if not self.value or (self.is_zero and not rows):
                value, path = float(len(rows)), position
            elif n is not None:
                source = _Source(rows[n], (*position, n), table.columns)
        if path is None and source.has(self.value):
            value, path = source.read(self.value)
        return self._around(value, path, source, own)

    def _around(
        self, value: float | None, path: Path | None, source: _Source, own: _Source
    ) -> Headline:
        """Return the headline of which the value is known, with what is reported beside it."""
        contents: dict[str, Any] = {"value": value}
        read_off: dict[str, Path | None] = {"value": path}
        for key in ENDS:
            name = getattr(self, key)
            contents[key], read_off[key] = (source if source.has(name) else own).read(name)
        question = getattr(own.row, "question", None)
        for key, name in (("tier", "tier"), ("year", self.year)):
            contents[key], read_off[key] = (source if source.has(name) else own).read(name)
            if read_off[key] is None and question is not None:
                contents[key], read_off[key] = getattr(question, key), ("question", key)
        unit = next(
            (column.unit for column in self._columns(own.row) if column.name == self.value), ""
        )
        if unit == ITS_UNIT:
            unit = getattr(source.row, "unit", "")
        is_of_row = not (self.table and self.value) or source is not own
        name, of = (
            (text.format(row=source.row) if isinstance(text, str) else text(own.row, source.row))
            if is_of_row
            else str(text).partition("{")[0] * isinstance(text, str)
            for text in (self.name, self.of)
        )
        return Headline(name, of, unit=unit, read_off=read_off, **contents)

    def _columns(self, result: Any) -> Iterable[Any]:
        """Return the columns or figures that it is one of, as the layout declares them."""
        layout = result.LAYOUT
        columns: Iterable[Any] = layout.table(self.table).columns if self.table else layout.figures
        return columns


#: coverage with both ends of the data, of a row of forms; who declares it says what it is about
COVERAGE = Lead("coverage", "coverage", "coverage_low", "coverage_high", table="rows")


@dataclass(frozen=True)
class _Source:
    """A row of a result, or the result itself, and where JSON holds it."""

    row: Any
    place: Path
    columns: Iterable[Any]

    def has(self, name: str) -> bool:
        """Whether it has a figure of a name."""
        return any(column.name == name for column in self.columns)

    def read(self, name: str) -> tuple[Any, Path | None]:
        """Return a figure and where JSON holds it; nothing where there is none of the name."""
        for column in self.columns:
            if name == column.name:
                return column.of(self.row), (*self.place, name)
        return None, None
