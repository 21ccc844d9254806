"""Rows of customs records into flows: repeats, weights, totals and areas, each row counted.

Who a customs code stands for: countries by number or letters, and areas that are none.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supplynet import limits
from supplynet.errors import DataError
from supplynet.network import countries
from supplynet.network.countries import BLOCS, is_country
from supplynet.network.explain import show
from supplynet.trade.lines import Member, Source, read_source
from supplynet.trade.table import Effect, LedgerRow

if TYPE_CHECKING:
    import pandas as pd

#: columns of a country table, in small letters
_CODES = ("country_code", "code", "m49")
_LETTERS = ("country_iso3", "iso_3digit_alpha", "iso3")

#: before numbers that are neither those of ISO 3166 nor of UN Comtrade
OWN_CODE = "number of the publisher "

Kind = Literal["country", "renamed", "area", "world", "group", "nes", "unmapped"]


@dataclass(frozen=True, slots=True)
class Area:
    """What a code stands for."""

    #: ``country``; ``renamed``, an area that is read as a country; ``area``, one that ISO 3166 does
    #: not know; ``world``, a total; ``group``, a bloc or continent; ``nes``, not elsewhere
    #: specified; ``unmapped``
    kind: Kind
    iso3: str = ""  #: three letters of a country or area, the name of a bloc; empty for others
    name: str = ""  #: where the list of areas gives one


class AreaTable:
    """The codes of a data set and what they stand for.

    Parameters
    ----------
    further : mapping of str to str, optional
        ISO 3166 alpha-3 by further code, such as from the country table of a data set. It comes
        before the numbers of ISO 3166, not before areas such as "not elsewhere specified".

    Examples
    --------
    >>> table = AreaTable()
    >>> table["842"].iso3, table["490"].iso3, table["899"].kind, table["XQQ"].kind
    ('USA', 'TWN', 'nes', 'unmapped')
    """

    def __init__(self, further: Mapping[str, str] | None = None) -> None:
        self._further = dict(further or {})
        self._found: dict[str, Area] = {}

    def __getitem__(self, code: str) -> Area:
        area = self._found.get(code)
        if area is None:
            area = self._found[code] = self._look_up(code)
        return area

    def _look_up(self, code: str) -> Area:
        if code.startswith(OWN_CODE):
            letters = self._further.get(code.removeprefix(OWN_CODE).lstrip("0"), "")
            return Area("country", letters) if is_country(letters) else Area("unmapped")
        key = re.sub(r"^(\d+)\.0$", r"\1", code.strip().upper())
        key = key.lstrip("0") or "0" if key.isascii() and key.isdigit() else key
        special = shipped_areas()
        if key in special:
            return special[key]
        letters = self._further.get(key) or _iso_words().get(key) or key
        if letters in special:
            return special[letters]
        return Area("country", letters) if is_country(letters) else _by_name(key)


_NES = re.compile(r"\b(NES|N\.E\.S\.?|NOT ELSEWHERE SPECIFIED)$")
_KINDS: dict[str, Kind] = {"total": "world", "other": "nes", "group": "group"}


def _by_name(name: str) -> Area:
    """What a name in words stands for, as statistics spell countries and sums of them."""
    area = countries.area(name)
    if area.code:
        special = shipped_areas()
        return special.get(area.code) or Area("country", area.code)
    if _NES.search(name):
        return Area("nes")
    return Area(_KINDS.get(area.kind, "unmapped"))


def shipped(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table that ships with the package, by its name in ``data``."""
    text = resources.files("supplynet.trade").joinpath(f"data/{name}.csv").read_text("utf-8")
    yield from csv.DictReader(io.StringIO(text))


@lru_cache(maxsize=1)
def shipped_areas() -> dict[str, Area]:
    """Areas by code that ISO 3166 does not know or that mean something else in customs."""
    areas = {}
    for row in shipped("areas"):
        area = Area(row["kind"], row["iso3"], row["name"])  # type: ignore[arg-type]
        areas[row["code"]] = area
        if area.kind in ("area", "group", "nes", "world"):
            areas[row["name"].partition(" (")[0].upper()] = area
    return areas


@lru_cache(maxsize=1)
def _iso_words() -> dict[str, str]:
    """Three letters of each country by its number, two letters and English names, in capitals."""
    import pycountry  # loaded on first use: reading its database takes a while

    codes: dict[str, str] = {}
    for country in pycountry.countries:
        names = (country.name, getattr(country, "common_name", country.name))
        for word in (country.numeric.lstrip("0"), country.alpha_2, *names):
            codes[word.upper()] = country.alpha_3
    return codes


def has_country_codes(names: Iterable[str]) -> bool:
    """Whether some columns are those of a country table.

    Examples
    --------
    >>> has_country_codes(["country_code", "country_name", "country_iso3"])
    True
    """
    plain = {name.strip().lower() for name in names}
    return not plain.isdisjoint(_CODES) and not plain.isdisjoint(_LETTERS)


def read_country_table(path: str | os.PathLike[str] | Member) -> dict[str, str]:
    """Read the country table of a data set: a code, three letters and perhaps a name a row.

    Returned is ISO 3166 alpha-3 by code, without leading zeros, and by name in capitals.
    """
    source = path if isinstance(path, Member) else Path(path)
    text = limits.decode(read_source(source), str(source))
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = {name.strip().lower(): name for name in reader.fieldnames or ()}
        rows = list(reader)
    except csv.Error as error:
        raise DataError(f"{source}, line {reader.line_num}: not CSV ({error})") from error
    code = next((names[name] for name in _CODES if name in names), None)
    iso = next((names[name] for name in _LETTERS if name in names), None)
    if code is None or iso is None:
        raise DataError(
            f"{source}: a country table has the columns country_code and country_iso3",
            hint=f"found are {', '.join(names) or 'none'}"[:200],
        )
    letters_of: dict[str, str] = {}
    for row in rows:
        letters = (row[iso] or "").strip().upper()
        for column in (names.get("country_name"), code):
            if column is not None:
                letters_of[(row[column] or "").strip().lstrip("0").upper()] = letters
    return letters_of


#: a flow, as one side reports it
KEY = ["year", "hs6", "first", "second", "flow"]
_SIDES = ["first", "second"]
#: what totals are checked by, and the column of each
MEASURES = {"value": "value_usd", "weight": "tonnes"}
#: what the parts of a total may miss it by: figures are rounded
ROUNDING = 1e-4


class Ledger:
    """Collects what happened to rows.

    ``base`` is the size of every flow that was asked for, in US dollars, or in tonnes where no
    row has a value.
    """

    def __init__(self, measure: str = "value_usd") -> None:
        self._rows: list[tuple[str, str, Effect, int, float | None]] = []
        self.measure = measure
        self.base = 0.0

    def size(self, rows: pd.DataFrame) -> float:
        """How much some rows are together."""
        return float(rows[self.measure].sum())

    def count(
        self,
        reason: str,
        title: str,
        effect: Effect,
        rows: pd.DataFrame,
        counted: pd.Series[bool] | None = None,
    ) -> pd.DataFrame:
        """Count rows whose size is known, or those `counted` of them; return the others."""
        chosen = rows if counted is None else rows[counted]
        if len(chosen):
            self._rows.append((reason, title, effect, len(chosen), self.size(chosen)))
        return rows[:0] if counted is None else rows[~counted]

    def count_unread(self, reason: str, title: str, effect: Effect, n_rows: int) -> None:
        """Count rows that were not looked into."""
        if n_rows:
            self._rows.append((reason, title, effect, n_rows, None))

    def rows(self) -> tuple[LedgerRow, ...]:
        """Every reason, with its share of what was asked for."""
        is_value = self.measure == "value_usd"
        return tuple(
            LedgerRow(reason, title, effect, n_rows, size if is_value else None, self._share(size))
            for reason, title, effect, n_rows, size in self._rows
        )

    def _share(self, size: float | None) -> float | None:
        return None if size is None or not self.base else size / self.base


#: kinds of areas whose rows are counted by themselves: what stands first counts first
_COUNTED = ("world", "unmapped", "nes", "group", "renamed")


def with_areas(
    rows: pd.DataFrame, areas: AreaTable, ledger: Ledger
) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    """Return rows between countries only, by three letters, and what was asked for.

    Names are of codes that ISO 3166 does not know; codes that stand for nothing known come with
    those of most trade first.
    """
    codes = dict.fromkeys(code for side in _SIDES for code in rows[side].unique())
    kind_of = {code: areas[code].kind for code in codes}
    kinds = rows[_SIDES].apply(lambda side: side.map(kind_of))
    left = rows.assign(kind="")
    for kind in reversed(_COUNTED):
        left["kind"] = left["kind"].mask(kinds.eq(kind).any(axis=1), kind)
    is_world = left["kind"].eq("world")
    left = ledger.count("world-total", "Totals over all partners", "merged", left, is_world)
    # Shares in the ledger are of what partners traded: totals over all of them would count it
    # twice.
    ledger.base += ledger.size(left)
    unmapped = left[left["kind"].eq("unmapped")]
    for kind, title in (
        ("unmapped", "A code that stands for no country known"),
        ("nes", "Areas not elsewhere specified"),
    ):
        left = ledger.count(kind, title, "left out", left, left["kind"].eq(kind))
    left = _without_groups(left, areas, ledger)
    renamed = left[left["kind"].eq("renamed")]
    ledger.count("renamed", _renamed_title(renamed, areas), "kept", renamed)
    letters = {code: areas[code].iso3 for code in codes}
    left = left.assign(**{side: left[side].map(letters) for side in _SIDES})
    # Returned goods, and shipments between territories that are read as one country.
    own = left["first"] == left["second"]
    left = ledger.count("self-trade", "A country's trade with itself", "left out", left, own)
    used = {*left["first"], *left["second"]}
    named = (areas[code] for code in codes)
    names = {area.iso3: area.name for area in named if area.kind == "area" and area.iso3 in used}
    return left, names, _unmapped_codes(unmapped, areas, ledger.measure)


def _without_groups(rows: pd.DataFrame, areas: AreaTable, ledger: Ledger) -> pd.DataFrame:
    """Leave out reports of and trade with groups of countries whose members are there too."""
    import pandas as pd

    is_group = rows["kind"].eq("group")
    groups = rows[is_group]
    is_twice = pd.Series(False, groups.index)
    # Only where members report as well: a group that stands alone is all there is of its trade, and
    # is reported as such.
    for side in _SIDES:
        used = {code: areas[code] for code in rows[side].unique()}
        there = {area.iso3 for area in used.values()}
        blocs = {code: BLOCS.get(of.iso3, ()) for code, of in used.items() if of.kind == "group"}
        is_twice |= groups[side].isin([code for code in blocs if there & set(blocs[code])])
    title = "Of a group of countries that are listed too"
    alone = ledger.count("group", title, "merged", groups, is_twice)
    ledger.base -= ledger.size(groups[is_twice])
    ledger.count("group-alone", "Of a group of countries", "left out", alone)
    return rows[~is_group]


def _unmapped_codes(rows: pd.DataFrame, areas: AreaTable, measure: str) -> list[str]:
    values: dict[str, float] = {}
    for side in _SIDES:
        for code, value in rows.groupby(side)[measure].sum().items():
            if areas[str(code)].kind == "unmapped":
                values[str(code)] = values.get(str(code), 0.0) + float(value)
    return sorted(values, key=lambda code: (-values[code], code))


def _renamed_title(rows: pd.DataFrame, areas: AreaTable) -> str:
    used = (areas[code] for side in _SIDES for code in rows[side].unique())
    titles = {f"{area.name} as {area.iso3}" for area in used if area.kind == "renamed"}
    return f"Read as a country: {'; '.join(sorted(titles))}"


@dataclass(frozen=True)
class Totals:
    """Totals over all partners against the partners."""

    #: Share by which the totals miss the sum of the partners, by measure (``value``, ``weight``):
    #: rows are missing or counted twice. Empty where there are no totals.
    gaps: dict[str, float]
    #: imports that no partner is named for: importer, hs6, year, value_usd, tonnes
    unlisted: pd.DataFrame


def totals(rows: pd.DataFrame, areas: AreaTable, ledger: Ledger) -> Totals:
    """Compare the totals over all partners with the partners, and count what is not listed.

    By value and by weight, each where the total and every partner have a figure. A table without
    a direction of trade may have totals of importers and of exporters.
    """
    import pandas as pd

    names = ["importer", "hs6", "year", "value_usd", "tonnes"]
    missed = {measure: [0.0, 0.0] for measure in MEASURES}
    unlisted = [pd.DataFrame(columns=names)]
    for side, partner in (("first", "second"), ("second", "first")):
        is_world = rows[partner].map(lambda code: areas[code].kind == "world").astype(bool)
        if partner == "first":
            is_world &= rows["flow"].eq("T")
        if not is_world.any():
            continue
        # What a total holds beyond its partners is trade with somebody who is not listed: it is
        # told, and never spread over the others.
        others, world = _beyond(rows, is_world, ["year", "hs6", side, "flow"])
        is_beyond = pd.Series(False, index=world.index)
        for measure, column in MEASURES.items():
            missed[measure][0] += float(others[column].abs().sum())
            missed[measure][1] += float(world[column].where(others[column].notna()).sum())
            is_beyond |= others[column] > ROUNDING * world[column]
        beyond = others[is_beyond].clip(lower=0.0).reset_index()
        if partner == "second":  # exports of a report are those of another's imports, mostly
            beyond = beyond[beyond["flow"].isin(["M", "T"])]
        ledger.base += ledger.size(beyond)
        title = "Part of a total for which no partner is listed"
        ledger.count("unlisted", title, "left out", beyond)
        unlisted_flows = beyond[beyond["flow"].eq("M")] if partner == "second" else beyond
        unlisted.append(
            unlisted_flows.assign(importer=[areas[code].iso3 for code in unlisted_flows[side]])[
                names
            ]
        )
    gaps = {measure: gap / total for measure, (gap, total) in missed.items() if total}
    frames = [frame for frame in unlisted if len(frame)] or unlisted
    return Totals(gaps, pd.concat(frames, ignore_index=True))


def _beyond(
    rows: pd.DataFrame, is_world: pd.Series[bool], key: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Totals less the sum of their partners, missing where a partner has no figure; and totals."""
    columns = list(MEASURES.values())
    world = rows[is_world].groupby(key)[columns].sum(min_count=1)
    listed = rows[~is_world]
    parts = listed.groupby(key)[columns].sum().reindex(world.index, fill_value=0.0)
    frame = world - parts
    # A partner with a value and no weight makes the sum of weights too small: the gap would look
    # like an unlisted partner.
    is_unweighed = listed["tonnes"].isna() | (listed["tonnes"].eq(0) & listed["value_usd"].gt(0))
    unknown = listed.assign(tonnes=is_unweighed).groupby(key)["tonnes"].any()
    frame["tonnes"] = frame["tonnes"].mask(unknown.reindex(world.index, fill_value=False).eq(True))
    return frame, world


#: rows with a weight from which an exporter has a price of its own
MIN_ROWS = 3


def with_weights(rows: pd.DataFrame, unit_values: Mapping[str, float]) -> pd.DataFrame:
    """Return rows with a weight each where one can be had, and how it was got.

    A missing weight (or one of 0 for goods that cost something) is the value over a price: that of
    the same exporter, code and year if at least three of its rows have a weight, else that of all
    rows of the code and year, else the one given, else the shipped one of the nearest year
    (``data/prices.csv``). Prices are sums of values over sums of weights, so that small shipments
    of dear goods do not set them. `unit_values` are US dollars a tonne by code, for codes without
    any weight; the column ``tonnes_how`` is ``reported``, ``estimated`` or ``missing``.
    """
    import pandas as pd

    names = rows["tonnes"].gt(0) | (rows["tonnes"].eq(0) & rows["value_usd"].eq(0))
    priced = rows[rows["tonnes"].gt(0) & rows["value_usd"].gt(0)]
    own = _prices(rows, priced, ["year", "hs6", "exporter"], MIN_ROWS)
    world = _prices(rows, priced, ["year", "hs6"], 1)
    pairs = list(zip(rows["hs6"], rows["year"], strict=True))
    last = {pair: unit_values.get(pair[0], shipped_price(*pair)) for pair in set(pairs)}
    options = pd.Series([last[pair] for pair in pairs], index=rows.index, dtype=float)
    price = own.fillna(world).fillna(options)
    tonnes = rows["tonnes"].where(names, rows["value_usd"] / price)
    how = names.map({True: "reported", False: "estimated"}).where(tonnes.notna(), "missing")
    return rows.assign(tonnes=tonnes, tonnes_how=how)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[int, float]]:
    by_code: dict[str, dict[int, float]] = {}
    for row in shipped("prices"):
        by_code.setdefault(row["code"], {})[int(row["year"])] = float(row["usd_per_t"])
    return by_code


def shipped_price(code: str, year: int) -> float | None:
    """Return the shipped price of the nearest year, in US dollars a tonne; None for none.

    Examples
    --------
    >>> shipped_price("999999", 2022) is None
    True
    """
    prices = _shipped().get(code)
    return prices[min(prices, key=lambda priced: (abs(priced - year), priced))] if prices else None


def _prices(
    rows: pd.DataFrame, priced: pd.DataFrame, key: list[str], least: int
) -> pd.Series[float]:
    """US dollars a tonne for each row by its key; NaN where too few rows have a weight."""
    groups = priced.groupby(key)
    sums = groups[["value_usd", "tonnes"]].sum()
    price = (sums["value_usd"] / sums["tonnes"])[groups.size() >= least]
    named = rows[key].merge(price.rename("price").reset_index(), on=key, how="left")
    prices = named["price"].astype(float)
    prices.index = rows.index
    return prices


#: a flow by month and national code
_FINE = [*KEY, "month", "detail"]
#: customs procedures, modes of transport and second partners: each may be parted once
_SPLITS = (1, 3, 7)
_MONTHS = 12


def without_repeats(
    rows: pd.DataFrame, paths: Sequence[Source], ledger: Ledger, *, has_parts: bool
) -> pd.DataFrame:
    """Return one row a flow: a total without its parts, or the parts added up.

    Records by customs procedure, mode of transport or second partner (``has_parts``) give a total
    and its parts, and some editions leave out the columns that distinguish them. A row that the
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
        has_total = rows.groupby(_FINE, sort=False)["is_total"].transform("any")
        title = "By customs procedure, transport or second partner, with a total"
        is_part = has_total & ~rows["is_total"]
        rows = _without_parts(ledger.count("part-by-name", title, "merged", rows, is_part), ledger)
    again = rows.duplicated([*_FINE, "value_usd", "tonnes"])
    rows = ledger.count("same-row", "The same row again", "merged", rows, again)
    if has_parts:
        rows = _without_parts(rows, ledger)
    rows = _added_up(rows, paths, ledger)
    return _years(_six_digits(rows, ledger), ledger) if is_fine else rows


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


def _six_digits(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """One row for the six digits: their own, else the sum of the shortest codes beyond them."""
    length = rows["detail"].str.len()
    if not length.any():
        return rows
    key = [*KEY, "month"]
    shortest = rows.assign(length=length).groupby(key, sort=False)["length"].transform("min")
    title = "Of more than six digits, with a row of a shorter code"
    rows = ledger.count("finer-code", title, "merged", rows, length > shortest)
    title = "Of more than six digits, added up to six"
    ledger.count("finer-added", title, "kept", rows, rows["detail"].ne(""))
    return summed(rows, key)


def _years(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """One row for the year: its own, else the sum of its months."""
    is_month = rows["month"].gt(0)
    if not is_month.any():
        return rows
    has_year = ~rows.groupby(KEY, sort=False)["month"].transform("min").gt(0)
    title = "Of a month, with a row of the year"
    rows = ledger.count("month-of-year", title, "merged", rows, is_month & has_year)
    monthly = rows[rows["month"].gt(0)]
    n_months = monthly.groupby("year")["month"].nunique()
    short = [f"{n} of {year}" for year, n in n_months.items() if n < _MONTHS]
    title = "Months, added up to years"
    if short:
        title += f" that are not whole: there are {', '.join(short)}"
    ledger.count("months-added", title, "kept", monthly)
    return summed(rows, KEY)


def _without_parts(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Leave out rows that add up to the largest row of the same flow."""
    import numpy as np
    import pandas as pd

    rows = rows.sort_values([*_FINE, "value_usd"], ascending=[*[True] * len(_FINE), False])
    groups = rows.groupby(_FINE, sort=False)["value_usd"]
    largest, total = groups.transform("max"), groups.transform("sum")
    others = total - largest
    near = np.any([abs(others - n * largest) <= ROUNDING * n * largest for n in _SPLITS], axis=0)
    parts = pd.Series(near, index=rows.index) & rows.duplicated(_FINE)
    title = "Parts of a total that has a row too"
    return ledger.count("part-of-total", title, "merged", rows, parts)


def _added_up(rows: pd.DataFrame, paths: Sequence[Source], ledger: Ledger) -> pd.DataFrame:
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
    ledger.count("added-up", "Parts of a flow without a total, added up", "kept", repeats)
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
