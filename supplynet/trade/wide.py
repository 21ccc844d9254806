"""Tables with a column for each year: which years, and what their cells hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from supplynet.errors import DataError
from supplynet.io.explain import show
from supplynet.trade.measures import Column, value_columns, weight_columns, words_in
from supplynet.trade.sources import Source

#: what a user names as the column of a part whose figures stand under bare years
YEARS = "years"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: words beside a year that say nothing of what the cells hold
_BARE = frozenset({"y", "yr", "year", "x", "f", "0"})


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A column that holds figures of one year.

    Parameters
    ----------
    year : int
    field : {"value", "weight", ""}
        Empty where the name is the bare year.
    column : Column
        Its money is that of its name.
    """

    year: int
    field: str
    column: Column


def year_columns(names: Sequence[str]) -> list[YearColumn]:
    """Return the columns whose name is a year, or a year with what its figures are.

    Examples
    --------
    >>> [(one.year, one.field, one.column.factor)
    ...  for one in year_columns(["hs2017", "2021", "tonnes_2021", "Value 2022 (1000 USD)"])]
    [(2021, '', 1.0), (2021, 'weight', 1.0), (2022, 'value', 1000.0)]
    """
    return [column for number, name in enumerate(names) if (column := _year_column(number, name))]


def _year_column(place: int, name: str) -> YearColumn | None:
    years = set(_YEAR.findall(name))
    if len(years) != 1:
        return None
    rest = " ".join(_YEAR.sub(" ", name).split()).strip("_- ")
    if set(words_in(rest)) <= _BARE:
        return YearColumn(int(years.pop()), "", Column(place, name, 1.0, is_told=False))
    for field, find in (("value", value_columns), ("weight", weight_columns)):
        for reading in find([rest]):
            column = replace(reading, place=place, name=name)
            return YearColumn(int(years.pop()), field, column)
    return None


def figures_by_year(
    names: Sequence[str], told: Mapping[str, float], path: Source, notes: list[str]
) -> dict[int, dict[str, Column]]:
    """Return the columns of value and weight of each year.

    Parameters
    ----------
    names : sequence of str
        Columns of the file.
    told : mapping of str to float
        ``value`` or ``weight`` and its factor, where a user says what bare years hold.
    path : pathlib.Path or Member
        For messages.
    notes : list of str
        Gets how the columns were read.

    Raises
    ------
    DataError
        If it is not told what the cells hold, or two columns may be meant.
    """
    by_year = year_columns(names)
    bare = [dated for dated in by_year if not dated.field]
    if len(told) > 1:
        raise DataError(
            f"{path}: the cells of the years cannot hold both values and weights",
            hint=f"name one part with --columns, for example value_usd={YEARS}",
        )
    if bare and not told:
        raise DataError(
            f"{path}: the columns {_listed(bare)} do not say what their cells hold",
            hint=f"say it with --columns: value_usd={YEARS}, value_1000usd={YEARS}, "
            f"tonnes={YEARS} or kg={YEARS}",
        )
    for field, factor in told.items():
        by_year = [
            YearColumn(
                dated.year, field, Column(dated.column.place, dated.column.name, factor, True)
            )
            for dated in bare
        ]
    years: dict[int, dict[str, Column]] = {}
    for dated in sorted(by_year, key=lambda dated: dated.year):
        columns = years.setdefault(dated.year, {})
        if dated.field in columns:
            raise DataError(
                f"{path}: several columns may hold the {dated.field} of {dated.year}: "
                f"{show(columns[dated.field].name)}, {show(dated.column.name)}",
                hint="leave one of them out of the file",
            )
        columns[dated.field] = dated.column
    _require_values(years, path)
    notes.append(
        f"Years are columns ({_listed(by_year)}): each year of a line counts as a row of its own."
    )
    if any(dated.field == "value" and not dated.column.is_told for dated in by_year):
        notes.append("The columns of years name no unit of value: read as US dollars.")
    return years


def _require_values(years: Mapping[int, Mapping[str, Column]], path: Source) -> None:
    """Values of all years or of none: a year without would count as worth nothing."""
    without = [year for year, columns in years.items() if "value" not in columns]
    if without and len(without) < len(years):
        raise DataError(
            f"{path}: {without[0]} has a column of weights and none of values, other years have "
            "both",
            hint="read the years with values by themselves",
        )


def _listed(columns: Sequence[YearColumn]) -> str:
    names = [show(dated.column.name) for dated in columns]
    return ", ".join(names if len(names) <= 4 else [*names[:2], "...", names[-1]])
