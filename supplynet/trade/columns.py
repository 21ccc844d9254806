"""The names of columns of trade records: what each may hold, and those of known publishers.

``data/publishers.csv`` holds a row for each kind of file, with the publisher's own pages as
source. A file whose columns are those of a row is read as it says; others by the names alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from supplynet.trade.measures import Column

Layout = Literal["baci", "comtrade", "plain"]
LAYOUTS: tuple[Layout, ...] = ("baci", "comtrade", "plain")

_EDITIONS = ("92", "96", "02", "07", "12", "17", "22")
_CODES = [
    f"{stem}{at}{end}" for at in _EDITIONS for stem in ("hs", "producths") for end in ("", "code")
]
#: field -> names of its column, the best first; compared in small letters, without other signs
_SHARED = {
    "year": "t year refyear yr period refperiod time date",
    "period": "period refperiod",
    "month": "refmonth month",
    "code": "k hs6 cmdcode commoditycode cmd hscode productcode hs6code resourcehscode "
    f"hsproductcode producths6 {' '.join(_CODES)} productnc hs8 hs10 cn8 cn10 hts8 hts10 cncode "
    "htscode htsnumber hts hs code product commodity",
    "unit": "qtyunitcode qtyunit qtunit qtcode quantityunit quantitytoken qtytoken qtyunitabbr "
    "unit units",
    "quantity": "qty quantity tradequantity",
    "edition": "classificationcode classification pfcode nomenclature nomencode",
}


def _side(letter: str, role: str, *others: str) -> str:
    """Names of the column of one end of a flow: codes before names."""
    ends = ["iso3", "iso", "code", "m49", "countrycode", "countryiso3", "id"]
    codes = [
        word
        for stem in (letter, role, *others)
        for word in (*(f"{stem}{end}" for end in ends), f"iso3{stem}", f"iso{stem}")
    ]
    plain = [word for stem in (role, *others) for word in (stem, f"{stem}country", f"{stem}name")]
    return " ".join((letter, *codes, *plain))


def _report(role: str, short: str) -> str:
    """Names of the column of the country that reports, or of its partner."""
    return (
        f"{role}code {short}code {role}m49 {role}iso3 {role}iso {short}3iso {role} {role}country "
        f"{role}desc {role}name"
    )


_FIELDS: dict[Layout, dict[str, str]] = {
    "baci": {
        **_SHARED,
        "exporter": _side("i", "exporter", "exporting"),
        "importer": _side("j", "importer", "importing"),
    },
    "plain": {
        **_SHARED,
        "exporter": _side("o", "exporter", "origin", "exporting").partition(" ")[2],
        "importer": _side("d", "importer", "destination", "importing").partition(" ")[2],
    },
    "comtrade": {
        **_SHARED,
        "reporter": f"{_report('reporter', 'rt')} declarant",
        "partner": _report("partner", "pt"),
        "flow": "flowcode rgcode tradeflowcode flow tradeflow tradeflowname flowdesc flowname",
        "customs": "customscode cstcode",
        "mode": "motcode modeoftransportcode",
        "partner2": "partner2code ptcode2 2ndpartnercode partner2iso",
    },
}


def places(names: Sequence[str], layout: Layout) -> dict[str, int]:
    """Return the place of the column of each field that is recognized.

    Examples
    --------
    >>> places(["t", "i", "j", "k", "v", "q"], "baci")
    {'year': 0, 'code': 3, 'exporter': 1, 'importer': 2}
    """
    plain = [bare(name) for name in names]
    columns = {}
    for field, words in _FIELDS[layout].items():
        number = next((plain.index(word) for word in words.split() if word in plain), None)
        if number is not None:
            columns[field] = number
    return columns


def bare(name: str) -> str:
    """Return a name in small letters, without other signs.

    Examples
    --------
    >>> bare("Trade Value (US$)")
    'tradevalueus'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


_COLUMNS = ("exporter", "importer", "reporter", "partner", "flow", "year", "code")
_MULTIPLES = {"": 1.0, "1000": 1e3}


@dataclass(frozen=True, slots=True)
class Publisher:
    """A kind of file."""

    name: str
    layout: Layout
    columns: dict[str, str]  #: name of the column of each field
    #: value, weight: names of the columns of figures; ``weight`` is empty where the names must tell
    value: str
    weight: str
    money: str  #: currency of the value
    dollars: float  #: its multiple: 1000 where the value is in thousands
    tonnes: float  #: tonnes in a unit of the weight
    #: has_code_prefix, has_country_prefix: whether only the last six digits and three letters are
    #: the code
    has_code_prefix: bool
    has_country_prefix: bool
    #: whether countries have numbers that nobody else uses: a country table must name them
    has_own_countries: bool
    is_split: bool  #: whether a flow is parted into rows that add up, without a total among them
    source: str

    def places(self, names: Sequence[str]) -> dict[str, int]:
        """Place of each field among the columns of a file."""
        plain = [bare(name) for name in names]
        return {field: plain.index(bare(name)) for field, name in self.columns.items()}

    def figures(self, names: Sequence[str]) -> tuple[Column, Column | None]:
        """Columns of the value and, where the publisher's unit is known, of the weight."""
        plain = [bare(name) for name in names]
        number = plain.index(bare(self.value))
        value = Column(number, names[number], self.dollars, is_told=True, money=self.money)
        if not self.weight:
            return value, None
        number = plain.index(bare(self.weight))
        return value, Column(number, names[number], self.tonnes, is_told=True)


@lru_cache(maxsize=1)
def known() -> tuple[Publisher, ...]:
    """Every kind of file, those with more columns first."""
    text = resources.files("supplynet.trade").joinpath("data/publishers.csv").read_text("utf-8")
    publishers = []
    for row in csv.DictReader(io.StringIO(text)):
        multiple, _, money = row["money"].rpartition(" ")
        publishers.append(
            Publisher(
                name=row["publisher"],
                layout=row["layout"],  # type: ignore[arg-type]
                columns={field: row[field] for field in _COLUMNS if row[field]},
                value=row["value"],
                weight=row["weight"],
                money=money,
                dollars=_MULTIPLES[multiple],
                tonnes=float(row["tonnes"] or 1.0),
                has_code_prefix=row["code_form"] == "last six",
                has_country_prefix=row["country_form"] == "last three",
                has_own_countries=row["country_form"] == "own numbers",
                is_split=row["splits"] == "added",
                source=row["source"],
            )
        )
    return tuple(sorted(publishers, key=lambda publisher: -len(_wanted(publisher))))


def _wanted(publisher: Publisher) -> set[str]:
    figures = {publisher.value, publisher.weight} - {""}
    return {bare(name) for name in (*publisher.columns.values(), *figures)}


def publisher_of(names: Sequence[str]) -> Publisher | None:
    """Return whose file has some columns; None where it is nobody's that is known.

    Examples
    --------
    >>> publisher_of(["t", "i", "j", "k", "v", "q"]).name
    'CEPII BACI'
    >>> publisher_of(["exporter", "importer", "hs6"]) is None
    True
    """
    given = {bare(name) for name in names}
    return next((publisher for publisher in known() if _wanted(publisher) <= given), None)
