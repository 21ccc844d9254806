"""Rows of customs records into flows: repeats, totals, areas and weights, each counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.errors import DataError
from supplynet.io.trade.areas import AreaTable
from supplynet.io.trade.rows import Found
from supplynet.io.trade.table import Effect, LedgerRow

if TYPE_CHECKING:
    import pandas as pd

#: count(reason, title, effect, rows): how the steps tell what they did
Count = Callable[[str, str, Effect, "pd.DataFrame"], None]
#: a flow, as one side reports it
KEY = ["year", "hs6", "first", "second", "flow"]
#: what the parts of a total may miss it by: figures are rounded
_ROUNDING = 1e-4
#: customs procedures, modes of transport and second partners: each may be parted once
_SPLITS = (1, 3, 7)


class Ledger:
    """Collects what happened to rows.

    ``base`` is the value of every flow that was asked for, in US dollars.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, Effect, int, float | None]] = []
        self.base = 0.0

    def count(self, reason: str, title: str, effect: Effect, rows: pd.DataFrame) -> None:
        """Count rows whose value is known."""
        if len(rows):
            entry = (reason, title, effect, len(rows), float(rows["value_usd"].sum()))
            self._rows.append(entry)

    def count_unread(self, reason: str, title: str, effect: Effect, n_rows: int) -> None:
        """Count rows that were not looked into."""
        if n_rows:
            self._rows.append((reason, title, effect, n_rows, None))

    def rows(self) -> tuple[LedgerRow, ...]:
        """Every reason, with its share of the value that was asked for."""
        return tuple(
            LedgerRow(reason, title, effect, n_rows, value, self._share(value))
            for reason, title, effect, n_rows, value in self._rows
        )

    def _share(self, value: float | None) -> float | None:
        return None if value is None or not self.base else value / self.base


def frame_of(found: Found) -> pd.DataFrame:
    """Return the cells of rows as a frame: a row a row, countries as the file writes them."""
    import pandas as pd

    return pd.DataFrame(
        {
            "file": found.files,
            "line": found.lines,
            "year": found.years,
            "hs6": found.codes,
            "first": found.firsts,
            "second": found.seconds,
            "flow": found.flows,
            "value_usd": found.values,
            "tonnes": found.tonnes,
            "is_total": found.is_total,
        }
    )


def without_repeats(
    rows: pd.DataFrame, paths: list[Path], count: Count, *, has_parts: bool
) -> pd.DataFrame:
    """Return one row a flow: a total without its parts, or the parts added up.

    Records by customs procedure, mode of transport or second partner (``has_parts``) give a
    total and its parts, and some editions leave out the columns that tell them apart. A row
    that the others add up to (once, three or seven times for one, two or three ways of parting
    it) is the total. The same row again counts once. Other repeats are parts without a total
    and are added.

    Raises
    ------
    DataError
        If two files give different figures for one flow.
    """
    if not rows.duplicated(KEY).any():
        return rows
    if has_parts:
        rows = _without_parts(_totals_by_name(rows, count), count)
    again = rows.duplicated([*KEY, "value_usd", "tonnes"])
    count("same-row", "The same row again", "merged", rows[again])
    rows = rows[~again]
    if has_parts:
        rows = _without_parts(rows, count)
    return _added_up(rows, paths, count)


def _without_parts(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """Leave out rows that add up to the largest row of the same flow."""
    import numpy as np
    import pandas as pd

    rows = rows.sort_values([*KEY, "value_usd"], ascending=[*[True] * len(KEY), False])
    groups = rows.groupby(KEY, sort=False)["value_usd"]
    largest, total = groups.transform("max"), groups.transform("sum")
    rest = total - largest
    near = np.any([abs(rest - n * largest) <= _ROUNDING * n * largest for n in _SPLITS], axis=0)
    parts = pd.Series(near, index=rows.index) & rows.duplicated(KEY)
    count("part-of-total", "Parts of a total that has a row too", "merged", rows[parts])
    return rows[~parts]


def _totals_by_name(rows: pd.DataFrame, count: Count) -> pd.DataFrame:
    """Leave out rows by procedure, mode or second partner where the flow has its total."""
    has_total = rows.groupby(KEY, sort=False)["is_total"].transform("any")
    parts = has_total & ~rows["is_total"]
    count(
        "part-by-name",
        "By customs procedure, transport or second partner, with a total",
        "merged",
        rows[parts],
    )
    return rows[~parts]


def _added_up(rows: pd.DataFrame, paths: list[Path], count: Count) -> pd.DataFrame:
    repeated = rows.duplicated(KEY, keep=False)
    if not repeated.any():
        return rows
    some = rows[repeated]
    mixed = some.groupby(KEY, sort=False)["file"].transform("nunique") > 1
    if mixed.any():
        one, other = (
            row for _, row in some[mixed].drop_duplicates([*KEY, "file"]).head(2).iterrows()
        )
        raise DataError(
            f"{paths[one['file']]}, line {one['line']}, and {paths[other['file']]}, line "
            f"{other['line']}: two figures for one flow ({one['value_usd']:,.0f} and "
            f"{other['value_usd']:,.0f} US dollars)",
            hint="give only one edition of each year",
        )
    count("added-up", "Parts of a flow without a total, added up", "kept", some)
    return summed(rows, KEY)


def summed(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Add up rows with one key; a weight is known only if that of every row is."""
    others = {name: "first" for name in rows.columns if name not in key}
    groups = rows.groupby(key, sort=False, as_index=False)
    result = groups.agg({**others, "value_usd": "sum"})
    result["tonnes"] = groups["tonnes"].sum(skipna=False)["tonnes"]
    return result[list(rows.columns)]


def with_areas(
    rows: pd.DataFrame, areas: AreaTable, ledger: Ledger
) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    """Return rows between countries only, by three letters, and the value asked for.

    Returns
    -------
    rows : pandas.DataFrame
    names : dict of str to str
        Names of codes that ISO 3166 does not know.
    unmapped : list of str
        Codes that stand for nothing known, those of most value first.
    """
    first = {code: areas[code] for code in rows["first"].unique()}
    second = {code: areas[code] for code in rows["second"].unique()}
    is_kind = {
        kind: rows["first"]
        .map({code: one.kind == kind for code, one in first.items()})
        .astype(bool)
        | rows["second"].map({code: one.kind == kind for code, one in second.items()}).astype(bool)
        for kind in ("world", "unmapped", "nes", "renamed")
    }
    ledger.count("world-total", "Totals over all partners", "merged", rows[is_kind["world"]])
    ledger.base += float(rows.loc[~is_kind["world"], "value_usd"].sum())
    left = rows[~is_kind["world"]]
    unmapped = left[is_kind["unmapped"].loc[left.index]]
    ledger.count("unmapped", "A code that stands for no country known", "left out", unmapped)
    codes = _unmapped_codes(unmapped, first | second)
    left = left.drop(unmapped.index)
    nes = left[is_kind["nes"].loc[left.index]]
    ledger.count("nes", "Areas not elsewhere specified", "left out", nes)
    left = left.drop(nes.index)
    renamed = left[is_kind["renamed"].loc[left.index]]
    ledger.count("renamed", _renamed_title(renamed, first | second), "kept", renamed)
    left = left.assign(
        first=left["first"].map({code: one.iso3 for code, one in first.items()}),
        second=left["second"].map({code: one.iso3 for code, one in second.items()}),
    )
    own = left["first"] == left["second"]
    ledger.count("self-trade", "A country's trade with itself", "left out", left[own])
    left = left[~own]
    used = set(left["first"]) | set(left["second"])
    names = {
        one.iso3: one.name
        for one in (first | second).values()
        if one.kind == "area" and one.iso3 in used
    }
    return left, names, codes


def _unmapped_codes(rows: pd.DataFrame, areas: Mapping[str, object]) -> list[str]:
    values: dict[str, float] = {}
    for side in ("first", "second"):
        for code, value in rows.groupby(side)["value_usd"].sum().items():
            if getattr(areas[str(code)], "kind", "") == "unmapped":
                values[str(code)] = values.get(str(code), 0.0) + float(value)
    return sorted(values, key=lambda code: (-values[code], code))


def _renamed_title(rows: pd.DataFrame, areas: Mapping[str, object]) -> str:
    used = set(rows["first"]) | set(rows["second"])
    found = {
        f"{getattr(one, 'name', '')} as {getattr(one, 'iso3', '')}"
        for code, one in areas.items()
        if code in used and getattr(one, "kind", "") == "renamed"
    }
    return f"Read as a country: {'; '.join(sorted(found))}"


@dataclass(frozen=True)
class Totals:
    """Totals over all partners against the partners.

    Parameters
    ----------
    gap : float or None
        Share by which the totals miss the sum of the partners: rows are missing or counted
        twice. None where there are no totals.
    unlisted : pandas.DataFrame
        Imports that no partner is named for: importer, hs6, year, value_usd, tonnes.
    """

    gap: float | None
    unlisted: pd.DataFrame


def totals(rows: pd.DataFrame, areas: AreaTable, ledger: Ledger) -> Totals:
    """Compare the totals over all partners with the partners, and count what is not listed."""
    import pandas as pd

    names = ["importer", "hs6", "year", "value_usd", "tonnes"]
    is_world = rows["second"].map(lambda code: areas[code].kind == "world").astype(bool)
    if not is_world.any():
        return Totals(None, pd.DataFrame(columns=names))
    key = ["year", "hs6", "first", "flow"]
    world = rows[is_world].groupby(key)[["value_usd", "tonnes"]].sum(min_count=1)
    parts = rows[~is_world].groupby(key)[["value_usd", "tonnes"]].sum()
    rest = world - parts.reindex(world.index, fill_value=0.0)
    total = float(world["value_usd"].sum())
    gap = float(rest["value_usd"].abs().sum()) / total if total else 0.0
    beyond = rest[rest["value_usd"] > _ROUNDING * world["value_usd"]].reset_index()
    beyond = beyond[beyond["flow"] == "M"]
    beyond = beyond.assign(importer=[areas[code].iso3 for code in beyond["first"]])
    beyond["tonnes"] = beyond["tonnes"].clip(lower=0.0)
    ledger.base += float(beyond["value_usd"].sum())
    title = "Part of a total for which no partner is listed"
    ledger.count("unlisted", title, "left out", beyond)
    return Totals(gap, beyond[names].reset_index(drop=True))
