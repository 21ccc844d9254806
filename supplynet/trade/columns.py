"""The names of columns of trade records: which may hold the year, the code, a country ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Layout = Literal["baci", "comtrade", "plain"]
LAYOUTS: tuple[Layout, ...] = ("baci", "comtrade", "plain")

#: field -> names of its column, the best first; compared in small letters, without other signs
_SHARED: dict[str, tuple[str, ...]] = {
    "year": ("t", "year", "refyear", "yr", "period", "refperiod", "time", "date"),
    "period": ("period", "refperiod"),
    "month": ("refmonth", "month"),
    "code": (
        "k",
        "hs6",
        "cmdcode",
        "commoditycode",
        "cmd",
        "hscode",
        "productcode",
        "hs6code",
        "resourcehscode",
        "hsproductcode",
        "producths6",
        *(
            f"{stem}{year}{end}"
            for year in ("92", "96", "02", "07", "12", "17", "22")
            for stem in ("hs", "producths")
            for end in ("", "code")
        ),
        "productnc",
        *(f"{stem}{digits}" for stem in ("hs", "cn", "hts") for digits in ("8", "10")),
        "cncode",
        "htscode",
        "htsnumber",
        "hts",
        "hs",
        "code",
        "product",
        "commodity",
    ),
    "unit": (
        "qtyunitcode",
        "qtyunit",
        "qtunit",
        "qtcode",
        "quantityunit",
        "quantitytoken",
        "qtytoken",
        "qtyunitabbr",
        "unit",
        "units",
    ),
    "quantity": ("qty", "quantity", "tradequantity"),
    "edition": ("classificationcode", "classification", "pfcode", "nomenclature", "nomencode"),
}


def _side(letter: str, role: str, *others: str) -> tuple[str, ...]:
    """Names of the column of one end of a flow: codes before names."""
    words = []
    for stem in (letter, role, *others):
        ends = ("iso3", "iso", "code", "m49", "countrycode", "countryiso3", "id")
        words += [f"{stem}{end}" for end in ends]
        words += [f"{begin}{stem}" for begin in ("iso3", "iso")]
    plain = [word for stem in (role, *others) for word in (stem, f"{stem}country", f"{stem}name")]
    return (letter, *words, *plain)


def _report(role: str, short: str) -> tuple[str, ...]:
    """Names of the column of the country that reports, or of its partner."""
    codes = (f"{role}code", f"{short}code", f"{role}m49", f"{role}iso3", f"{role}iso")
    return (*codes, f"{short}3iso", role, f"{role}country", f"{role}desc", f"{role}name")


_FIELDS: dict[Layout, dict[str, tuple[str, ...]]] = {
    "baci": {
        **_SHARED,
        "exporter": _side("i", "exporter", "exporting"),
        "importer": _side("j", "importer", "importing"),
    },
    "plain": {
        **_SHARED,
        "exporter": _side("o", "exporter", "origin", "exporting")[1:],
        "importer": _side("d", "importer", "destination", "importing")[1:],
    },
    "comtrade": {
        **_SHARED,
        "reporter": (*_report("reporter", "rt"), "declarant"),
        "partner": _report("partner", "pt"),
        "flow": (
            "flowcode",
            "rgcode",
            "tradeflowcode",
            "flow",
            "tradeflow",
            "tradeflowname",
            "flowdesc",
            "flowname",
        ),
        "customs": ("customscode", "cstcode"),
        "mode": ("motcode", "modeoftransportcode"),
        "partner2": ("partner2code", "ptcode2", "2ndpartnercode", "partner2iso"),
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
        number = next((plain.index(word) for word in words if word in plain), None)
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
