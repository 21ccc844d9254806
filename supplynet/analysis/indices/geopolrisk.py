"""GeoPolRisk: how far political trouble among suppliers can reach an importer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.indices.concentration import spread
from supplynet.analysis.indices.parameters import Parameters, governance
from supplynet.analysis.indices.result import Figure, Index, Input, Method, figure
from supplynet.analysis.indices.supply import Imports, imports_of, supply_of
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
    :func:`supplynet.analysis.indices.supply.imports_of`; a column ``governance_risk`` is used as
    it stands, and parameters ``wgi_political_stability`` are for suppliers of which it states no
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
    own = {code: figure(risk) for code, risk in bought.risks.items()}
    risks = {**asked.by_country, **own}
    domestic = supply.of(members)
    is_any = bought.total + domestic > 0.0
    unknown = {
        code: tonnes for code, tonnes in bought.tonnes.items() if is_any and code not in risks
    }
    risk, hhi = _import_risk(bought, risks, domestic), figure(*spread(supply))
    low, value, high = (hhi * risk).tolist()
    inputs = (
        Input.of("HHI", hhi, "0-1", note="of world production"),
        Input.of("import risk", risk, "0-1"),
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
    if not is_any:
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
        value,
        low,
        high,
        "0-1",
        place=importer,
        inputs=inputs,
        flags=tuple(flags),
    )


def _import_risk(bought: Imports, risks: Mapping[str, Figure], domestic: float) -> Figure:
    """Return the import risk with its range.

    Central: suppliers whose governance is not known are like the mean of the others, by weight. A
    risk of exactly 0 counts as it stands in the centre; no state has it, so that the high end takes
    it as not known.
    """
    supplied = bought.total + domestic
    if supplied == 0.0:
        return figure(0.0)
    told = {code: tonnes for code, tonnes in bought.tonnes.items() if code in risks}
    weight = math.fsum(told.values())
    missing = math.fsum(tonnes for code, tonnes in bought.tonnes.items() if code not in told)
    low, known, high = (
        _added_up(tonnes * float(risks[code][at]) for code, tonnes in told.items())
        for at in range(3)
    )
    high += _added_up(
        tonnes * (1.0 - float(risks[code][2]))
        for code, tonnes in told.items()
        if not risks[code][1]
    )
    mean = known / weight if weight else 0.5
    central = known + missing * mean if missing else known
    return figure(central, low, high + missing) / supplied


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
