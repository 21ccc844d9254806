"""The layouts of trade records: which column of a file holds what, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from supplynet.errors import DataError
from supplynet.io.explain import show
from supplynet.model.problems import did_you_mean

Layout = Literal["baci", "comtrade", "plain"]
LAYOUTS: tuple[Layout, ...] = ("baci", "comtrade", "plain")

_KILO, _TONNES_PER_KG = 1000.0, 0.001

#: field -> names of its column, the best first; compared in small letters, without other signs
_SHARED: dict[str, tuple[str, ...]] = {
    "year": ("t", "year", "refyear", "period", "yr"),
    "code": ("k", "hs6", "cmdcode", "commoditycode", "cmd", "hscode", "code", "productcode"),
    "value": (
        "primaryvalue",
        "tradevalueus",
        "tradevalue",
        "tradevalueusd",
        "valueusd",
        "v",
        "value",
        "tradevaluein1000usd",
        "cifvalue",
        "fobvalue",
    ),
    "weight": (
        "tonnes",
        "q",
        "quantityt",
        "weightt",
        "netwgt",
        "netweightkg",
        "netweight",
        "netwgtkg",
        "weightkg",
    ),
}
_FIELDS: dict[Layout, dict[str, tuple[str, ...]]] = {
    "baci": {
        **_SHARED,
        "exporter": ("i", "iiso3", "exporter", "exporteriso3", "iso3i"),
        "importer": ("j", "jiso3", "importer", "importeriso3", "iso3j"),
    },
    "plain": {
        **_SHARED,
        "exporter": ("exporter", "exporteriso3", "origin"),
        "importer": ("importer", "importeriso3", "destination"),
    },
    "comtrade": {
        **_SHARED,
        "reporter": ("reportercode", "rtcode", "reporteriso", "rt3iso", "reporter"),
        "partner": ("partnercode", "ptcode", "partneriso", "pt3iso", "partner"),
        "flow": ("flowcode", "rgcode", "tradeflowcode", "flow", "tradeflow", "flowdesc"),
        "customs": ("customscode", "cstcode"),
        "mode": ("motcode", "modeoftransportcode"),
        "partner2": ("partner2code", "ptcode2", "2ndpartnercode", "partner2iso"),
    },
}
_NEEDED: dict[Layout, tuple[str, ...]] = {
    "baci": ("exporter", "importer", "code", "value"),
    "plain": ("exporter", "importer", "code", "value"),
    "comtrade": ("reporter", "partner", "flow", "code", "value"),
}
_DOLLARS = {"v": _KILO, "tradevaluein1000usd": _KILO}
_IN_TONNES = ("tonnes", "q", "quantityt", "weightt")
_TITLES = {
    "baci": "BACI has t, i, j, k, v and q",
    "comtrade": "UN Comtrade has reporterCode, partnerCode, flowCode, cmdCode and primaryValue",
    "plain": "plain records have exporter, importer, hs6, year, value_usd and tonnes",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read.

    Parameters
    ----------
    layout : {"baci", "comtrade", "plain"}
    names : tuple of str
        Columns of the file.
    places : dict of str to int
        Place of the column of each field.
    dollars : float
        US dollars in a unit of the value.
    tonnes : float
        Tonnes in a unit of the weight.
    """

    layout: Layout
    names: tuple[str, ...]
    places: dict[str, int]
    dollars: float
    tonnes: float

    def name(self, field: str) -> str:
        """Name of the column that holds a field."""
        return self.names[self.places[field]]


def reading_of(names: Sequence[str], layout: Layout | None, path: Path) -> Reading:
    """Return how to read a file with some columns.

    Parameters
    ----------
    names : sequence of str
    layout : {"baci", "comtrade", "plain"} or None
        None: the one whose columns are there.
    path : pathlib.Path
        For messages.

    Raises
    ------
    DataError
        If a column that the layout needs is missing, or no layout fits.

    Examples
    --------
    >>> reading_of(["t", "i", "j", "k", "v", "q"], None, Path("x.csv")).layout
    'baci'
    """
    plain = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in names]
    if layout is None:
        layout = _detect(plain, path, names)
    places = {}
    for field, words in _FIELDS[layout].items():
        place = next((plain.index(word) for word in words if word in plain), None)
        if place is not None:
            places[field] = place
    missing = [field for field in _NEEDED[layout] if field not in places]
    if missing:
        hint = did_you_mean(missing[0], names) or f"the columns are {show(', '.join(names))}"
        raise DataError(
            f"{path}, line 1: no column holds the {' and the '.join(missing)}; {_TITLES[layout]}",
            hint=hint,
        )
    value = plain[places["value"]]
    weight = plain[places["weight"]] if "weight" in places else ""
    return Reading(
        layout,
        tuple(names),
        places,
        _DOLLARS.get(value, 1.0),
        1.0 if weight in _IN_TONNES else _TONNES_PER_KG,
    )


def _detect(plain: Sequence[str], path: Path, names: Sequence[str]) -> Layout:
    for layout in ("comtrade", "plain", "baci"):
        fields = _FIELDS[layout]
        if all(any(word in plain for word in fields[field]) for field in _NEEDED[layout]):
            return layout
    raise DataError(
        f"{path}, line 1: the columns are those of no layout; {'; '.join(_TITLES.values())}",
        hint=f"the columns are {show(', '.join(names))}",
    )
