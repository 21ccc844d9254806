"""Who a customs code stands for: countries by number or letters, and areas that are none."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

from supplynet import limits
from supplynet.errors import DataError
from supplynet.network import countries
from supplynet.network.countries import is_country
from supplynet.trade.lines import Member, read_source

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
