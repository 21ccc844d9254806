"""GeoPolRisk: how far political trouble among suppliers can reach an importer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.indices.concentration import spread
from supplynet.analysis.indices.imports import Imports, imports_of
from supplynet.analysis.indices.parameters import Parameters, governance
from supplynet.analysis.indices.result import Index, Input, Method
from supplynet.analysis.indices.supply import supply_of
from supplynet.network.countries import country_name

if TYPE_CHECKING:
    import pandas as pd

GEOPOLRISK = Method(
    "geopolrisk",
    "GeoPolRisk score",
    "score = HHI x import risk; HHI = sum (p_i / sum p)^2 of world production; import risk = "
    "sum (imports_i x risk_i) / (imports + domestic production); risk_i = (2.5 - political "
    "stability) / 5",
    "0 to 1: the chance-like weight that a political disturbance among the suppliers reaches the "
    "importer. For ranking, not a probability.",
    "Gemechu et al., Journal of Industrial Ecology 20 (2016), doi 10.1111/jiec.12279; "
    "Koyamparambath et al., geopolrisk-py, Journal of Open Source Software (2025), doi "
    "10.21105/joss.09600",
)

GOVERNANCE = "wgi_political_stability"


def geopolrisk(
    production: pd.DataFrame,
    trade: pd.DataFrame,
    *,
    importer: str,
    hs: Iterable[str],
    year: int,
    parameters: Parameters | None = None,
    subject: str = "",
) -> Index:
    """Return the GeoPolRisk score of an importer, 0 to 1.

    The tables are those of :func:`supplynet.analysis.indices.supply.supply_of` and
    :func:`supplynet.analysis.indices.imports.imports_of`; a column ``governance_risk`` is used as
    it stands, and parameters ``wgi_political_stability`` are for suppliers of which it tells no
    risk. Trade inside a bloc is left out, codes are added up. Inputs are ``HHI`` and ``import
    risk``; the range is that of governance, whether its figures have one or it is not known.

    Notes
    -----
    Gemechu et al. (2016), with domestic production as in geopolrisk-py (2025).
    """
    codes = tuple(hs)
    known = parameters or Parameters()
    importer = known.require_place(importer)
    members = known.members(importer)
    name = country_name(importer)
    supply = supply_of(production, year=year)
    bought = imports_of(trade, members, year=year, hs=codes, name=name)
    asked = governance(known, bought.tonnes, indicator=GOVERNANCE, year=year)
    risks = {**asked.by_country, **bought.risks}
    domestic = supply.of(members)
    ends = {**asked.ends, **{code: (risk, risk) for code, risk in bought.risks.items()}}
    central, low, high, unknown = _import_risk(bought, risks, ends, domestic)
    hhi = spread(supply)
    inputs = (
        Input("HHI", hhi[0], "0-1", note="of world production", low=hhi[1], high=hhi[2]),
        Input("import risk", central, "0-1", low=low, high=high),
        replace(supply.as_input(), name="world production"),
        Input("imports", bought.total, "t", note=", ".join(codes)),
        Input("domestic production", domestic, "t"),
        *(entry for entry in asked.inputs if entry.name.split()[-1] not in bought.risks),
    )
    flags = [
        *_unknown_flags(unknown, is_all=not set(bought.tonnes) & set(risks)),
        *_zero_flags(bought),
        *bought.flags,
        *supply.flags,
    ]
    if bought.total + domestic == 0.0:
        flags.append(
            f"{name} neither buys nor makes any by these tables: an import risk of nothing counts "
            "as 0, which says nothing about a risk."
        )
    if not members & set(supply.known):
        flags.append(f"The production table lists nothing of {name}: counted as 0.")
    if supply.other:
        flags.append("The row of other countries counts as one producer; the low end as very many.")
    return Index(
        GEOPOLRISK,
        subject or f"HS {', '.join(codes)}",
        year,
        hhi[0] * central,
        hhi[1] * low,
        hhi[2] * high,
        "0-1",
        place=importer,
        inputs=inputs,
        flags=tuple(flags),
    )


def _import_risk(
    bought: Imports,
    risks: Mapping[str, float],
    ends: Mapping[str, tuple[float, float]],
    domestic: float,
) -> tuple[float, float, float, dict[str, float]]:
    """Central value and range, and the tonnes of suppliers whose governance is not known.

    Central: they are like the mean of the others, by weight. A risk of exactly 0 counts as it
    stands in the centre; no state has it, so that the high end takes it as not known.
    """
    supplied = bought.total + domestic
    if supplied == 0.0:
        return 0.0, 0.0, 0.0, {}
    told = {code: tonnes for code, tonnes in bought.tonnes.items() if code in risks}
    unknown = {code: tonnes for code, tonnes in bought.tonnes.items() if code not in risks}
    known = _added_up(tonnes * risks[code] for code, tonnes in told.items())
    weight, missing = math.fsum(told.values()), math.fsum(unknown.values())
    mean = known / weight if weight else 0.5
    low = _added_up(tonnes * ends[code][0] for code, tonnes in told.items())
    high = _added_up(
        tonnes * (ends[code][1] if risks[code] else 1.0) for code, tonnes in told.items()
    )
    return (
        (known + missing * mean) / supplied if missing else known / supplied,
        low / supplied,
        (high + missing) / supplied,
        unknown,
    )


def _added_up(parts: Iterable[float]) -> float:
    """The plain sum in the order of the table: it has the published digits to the last one."""
    total = 0.0
    for part in parts:  # ``sum`` rounds in another way from Python 3.12 on
        total += part
    return total


def _unknown_flags(unknown: Mapping[str, float], *, is_all: bool) -> list[str]:
    if not unknown:
        return []
    taken = "0.5, as none is known" if is_all else "the mean of the others"
    listed = ", ".join(f"{code} ({tonnes:,.3g} t)" for code, tonnes in unknown.items())
    return [
        f"No governance figure for {listed}: taken as {taken}; the range runs from the best to "
        "the worst."
    ]


def _zero_flags(bought: Imports) -> list[str]:
    zero = [code for code, risk in bought.risks.items() if risk == 0.0]
    if not zero:
        return []
    return [
        f"The table gives {', '.join(zero)} a risk of exactly 0, which no state has: it may stand "
        "for a missing figure. The high end takes it as the worst."
    ]
