"""Which elements a law calls strategic: Annex I of Regulation (EU) 2024/1252.

``data/strategic.csv`` has a row an element, with the material as the annex names it: some count in
one grade only, such as battery grade, which a graph may not tell apart.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

#: where the list stands
REGULATION = "Regulation (EU) 2024/1252, Annex I, Section 1"
REGULATION_URL = "http://data.europa.eu/eli/reg/2024/1252/oj"


@lru_cache(maxsize=1)
def strategic_materials() -> Mapping[str, str]:
    """Return the strategic raw material that each element belongs to.

    Examples
    --------
    >>> len(set(strategic_materials().values()))
    17
    """
    file = resources.files("supplynet.network").joinpath("data", "strategic.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["element"]: row["material"] for row in rows})
