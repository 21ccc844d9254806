"""Rows that repeat or part a flow: one row a flow, each row counted.

Customs give a flow by procedure, transport and second partner, by national codes of more than
six digits, and by month, often beside the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.errors import DataError
from supplynet.network.explain import show
from supplynet.trade.clean import KEY, ROUNDING, Count
from supplynet.trade.sources import Source

if TYPE_CHECKING:
    import pandas as pd

#: a flow by month and national code
_FINE = [*KEY, "month", "detail"]
#: customs procedures, modes of transport and second partners: each may be parted once
_SPLITS = (1, 3, 7)
_MONTHS = 12


def without_repeats(
    rows: pd.DataFrame, paths: Sequence[Source], count: Count, *, has_parts: bool
) -> pd.DataFrame:
    """Return one row a flow: a total without its parts, or the parts added up.

    Records by customs procedure, mode of transport or second partner (``has_parts``) give a total
    and its parts, and some editions leave out the columns that tell them apart. A row that the
    others add up to (once, three or seven times for one, two or three ways of parting it) is the
    total. The same row again counts once. Other repeats are parts without a total and are added.
    National codes and months count where no row of six digits, or of the year, is there. Two files
    that differ on one flow, or several editions of the Harmonized System, are a DataError.
    """
    is_fine = bool(rows["detail"].any() or rows["month"].any())
    if not is_fine and not rows.duplicated(KEY).any():
        return rows
    _require_one_edition(rows, paths)
    if has_parts:
        rows = _without_parts(_totals_by_name(rows, count), count)
    again = rows.duplicated([*_FINE, "value_usd", "tonnes"])
    count("same-row", "The same row again", "merged", rows[again])
    rows = rows[~again]
    if has_parts:
        rows = _without_parts(rows, count)
    rows = _added_up(rows, paths, count)
    return _years(_six_digits(rows, count), count) if is_fine else rows


def _require_one_edition(rows: pd.DataFrame, paths: Sequence[Source]) -> None:
    """Refuse the same flow by two editions of the Harmonized System: they must not be added."""
    groups = rows.groupby(_FINE, sort=False)["edition"]
    wrong = groups.transform("nunique") > 1
    if wrong.any():
        row = rows[wrong].iloc[0]
        editions = [show(str(edition)) for edition in rows.loc[wrong, "edition"].unique()]
        raise DataError(
            f"{paths[row['file']]}, line {row['line']}: the flow is there in several editions of "
            f"the Harmonized System: {', '.join(sorted(editions))}",
            hint="choose one with --where COLUMN=EDITION (where=)",
        )


def _six_digits(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """One row for the six digits: their own, else the sum of the shortest codes beyond them."""
    length = rows["detail"].str.len()
    if not length.any():
        return rows
    key = [*KEY, "month"]
    shortest = rows.assign(length=length).groupby(key, sort=False)["length"].transform("min")
    finer = length > shortest
    title = "Of more than six digits, with a row of a shorter code"
    count("finer-code", title, "merged", rows[finer])
    rows = rows[~finer]
    used = rows["detail"].ne("")
    count("finer-added", "Of more than six digits, added up to six", "kept", rows[used])
    return summed(rows, key)


def _years(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """One row for the year: its own, else the sum of its months."""
    is_month = rows["month"].gt(0)
    if not is_month.any():
        return rows
    has_year = ~rows.groupby(KEY, sort=False)["month"].transform("min").gt(0)
    doubled = is_month & has_year
    count("month-of-year", "Of a month, with a row of the year", "merged", rows[doubled])
    rows = rows[~doubled]
    monthly = rows[rows["month"].gt(0)]
    n_months = monthly.groupby("year")["month"].nunique()
    short = [f"{n} of {year}" for year, n in n_months.items() if n < _MONTHS]
    title = "Months, added up to years"
    if short:
        title += f" that are not whole: there are {', '.join(short)}"
    count("months-added", title, "kept", monthly)
    return summed(rows, KEY)


def _without_parts(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """Leave out rows that add up to the largest row of the same flow."""
    import numpy as np
    import pandas as pd

    rows = rows.sort_values([*_FINE, "value_usd"], ascending=[*[True] * len(_FINE), False])
    groups = rows.groupby(_FINE, sort=False)["value_usd"]
    largest, total = groups.transform("max"), groups.transform("sum")
    rest = total - largest
    near = np.any([abs(rest - n * largest) <= ROUNDING * n * largest for n in _SPLITS], axis=0)
    parts = pd.Series(near, index=rows.index) & rows.duplicated(_FINE)
    count("part-of-total", "Parts of a total that has a row too", "merged", rows[parts])
    return rows[~parts]


def _totals_by_name(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """Leave out rows by procedure, mode or second partner where the flow has its total."""
    has_total = rows.groupby(_FINE, sort=False)["is_total"].transform("any")
    parts = has_total & ~rows["is_total"]
    count(
        "part-by-name",
        "By customs procedure, transport or second partner, with a total",
        "merged",
        rows[parts],
    )
    return rows[~parts]


def _added_up(rows: pd.DataFrame, paths: Sequence[Source], count: Count) -> pd.DataFrame:
    repeated = rows.duplicated(_FINE, keep=False)
    if not repeated.any():
        return rows
    repeats = rows[repeated]
    mixed = repeats.groupby(_FINE, sort=False)["file"].transform("nunique") > 1
    if mixed.any():
        first, other = (
            row for _, row in repeats[mixed].drop_duplicates([*_FINE, "file"]).head(2).iterrows()
        )
        raise DataError(
            f"{paths[first['file']]}, line {first['line']}, and {paths[other['file']]}, line "
            f"{other['line']}: two figures for one flow ({first['value_usd']:,.0f} and "
            f"{other['value_usd']:,.0f} US dollars)",
            hint="give only one edition of each year",
        )
    count("added-up", "Parts of a flow without a total, added up", "kept", repeats)
    return summed(rows, _FINE)


def summed(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Add up rows with one key; a weight is known only if that of every row is."""
    others = {name: "first" for name in rows.columns if name not in key}
    marked = rows.assign(is_unknown=rows["tonnes"].isna())
    how = {**others, "value_usd": "sum", "tonnes": "sum", "is_unknown": "any"}
    result = marked.groupby(list(key), sort=False, as_index=False).agg(how)
    result["tonnes"] = result["tonnes"].mask(result["is_unknown"])
    if rows["value_usd"].isna().all():  # records without values: the sum of none is not nothing
        result["value_usd"] = float("nan")
    return result[list(rows.columns)]
