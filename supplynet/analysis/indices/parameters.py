"""Figures that the methods need beside quantities: governance, recycling, substitution."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.indices.result import Figure, Input, figure
from supplynet.errors import UnknownNameError
from supplynet.network.countries import BLOCS, country_codes, is_country
from supplynet.network.problems import did_you_mean
from supplynet.network.schema.money import INDICATORS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Parameter

#: how inputs that state the governance of a country are called
GOVERNANCE = "governance of "
#: bounds of the Worldwide Governance Indicators
WGI_BEST, WGI_WORST = 2.5, -2.5


@dataclass(frozen=True)
class Parameters:
    """Parameter rows, and which of them answers a question."""

    rows: tuple[Parameter, ...] = ()
    blocs: Mapping[str, tuple[str, ...]] | None = None  #: blocs beside those that the package knows
    groups: Mapping[str, tuple[str, ...]] | None = None  #: element groups and their members
    #: codes of areas that ISO 3166 does not know, with names
    areas: Mapping[str, str] | None = None

    @classmethod
    def of(cls, net: SupplyNetwork, more: Iterable[Parameter] = ()) -> Parameters:
        """Return the parameters of a graph; rows that a user gives come first."""
        from typing import cast

        own = cast("tuple[Parameter, ...]", net.rows("parameters"))
        commodity = net.commodity
        return cls((*more, *own), commodity.blocs, commodity.groups, commodity.areas)

    def require_place(self, place: str) -> str:
        """Return the code of a country or bloc, as it is written in tables."""
        blocs = {*BLOCS, *(self.blocs or {})}
        for code in (place, place.upper()):
            if code in blocs or is_country(code, self.areas):
                return code
        known = [*blocs, *country_codes(), *(self.areas or {})]
        raise UnknownNameError(
            f"{place!r} is neither a country (ISO 3166 alpha-3) nor a bloc that is known; blocs "
            f"are {', '.join(sorted(blocs))}",
            hint=did_you_mean(place, known),
        )

    def members(self, place: str) -> frozenset[str]:
        """Return the countries of a bloc, or the country itself."""
        return frozenset((self.blocs or {}).get(place) or BLOCS.get(place) or (place,))

    def find(
        self, indicator: str, *, place: str = "", element: str = "", stage: str = "", year: int = 0
    ) -> Parameter | None:
        """Return the row that answers best: the most specific one, then the nearest year.

        A row of a bloc answers for its members, one of a group for its elements, one without a
        place, group, stage or year for any. None where no row answers.
        """
        best: tuple[tuple[float, ...], Parameter] | None = None
        for row in self.rows:
            if row.indicator != indicator:
                continue
            rank = self._rank(row, place, element, stage, year)
            if rank is not None and (best is None or rank > best[0]):
                best = (rank, row)
        return best[1] if best else None

    def _rank(
        self, row: Parameter, place: str, element: str, stage: str, year: int
    ) -> tuple[float, ...] | None:
        """How well a row fits, None where it does not."""
        in_bloc = place and row.place and place in self.members(row.place)
        fits_place = 2.0 if row.place == place else 1.0 if in_bloc else 0.0
        in_group = element and element in (self.groups or {}).get(row.group or "", ())
        fits_group = 2.0 if (row.group or "") == element else 1.0 if in_group else 0.0
        fits_stage = 2.0 if (row.stage or "") == stage else 0.0
        if (row.place and not fits_place) or (row.group and not fits_group):
            return None
        if row.stage and not fits_stage:
            return None
        apart = abs(row.year - year) if row.year is not None and year else 0
        return (fits_place, fits_group, fits_stage, -float(apart))

    def input(
        self,
        indicator: str,
        *,
        place: str = "",
        element: str = "",
        stage: str = "",
        year: int = 0,
        neutral: float | None = None,
    ) -> Input | None:
        """Return the figure as an input; the neutral value, marked as assumed, where none is known.

        None where none is known and no neutral value is given.
        """
        row = self.find(indicator, place=place, element=element, stage=stage, year=year)
        if row is not None:
            return input_of(row)
        unit = INDICATORS[indicator][0]
        words = "assumed", "no figure is known"
        return None if neutral is None else Input(indicator, neutral, unit, *words)


def input_of(row: Parameter) -> Input:
    """Return a parameter as an input."""
    of = [str(row.year)] if row.year is not None else []
    note = ", ".join([*of, *row.source_ids, *([row.note] if row.note else [])])
    unit = row.unit or INDICATORS[row.indicator][0]
    return Input.of(row.indicator, levels_of(row), unit, known=row.confidence, note=note)


def levels_of(row: Parameter) -> Figure:
    """Return the value of a parameter with its ends."""
    return figure(row.value, row.value_low, row.value_high)


@dataclass(frozen=True, slots=True)
class Risks:
    """Governance risk of each supplier, 0 (best) to 1 (worst)."""

    by_country: Mapping[str, Figure]
    inputs: tuple[Input, ...] = ()


def governance(
    parameters: Parameters, countries: Iterable[str], *, indicator: str, year: int
) -> Risks:
    """Return the risk of some countries by a governance indicator that runs from -2.5 to 2.5.

    Countries without a figure are left out: the methods then give a range.
    """
    scores: dict[str, Figure] = {}
    inputs = []
    for code in countries:
        row = parameters.find(indicator, place=code, year=year)
        if row is not None:
            told = levels_of(row)
            # the higher the figure the less the risk
            scores[code] = np.array([scaled(value) for value in told[::-1].tolist()])
            of = "" if row.year is None else f"{row.year}, "
            note = f"{indicator}, {of}{', '.join(row.source_ids)}"
            name = f"{GOVERNANCE}{code}"
            inputs.append(Input.of(name, told, "", known=row.confidence, note=note))
    return Risks(scores, tuple(inputs))


def scaled(value: float) -> float:
    """Return a governance figure of -2.5 to 2.5 as a risk of 0 (best) to 1 (worst).

    Figures beyond the usual bounds, which the indicators do have, are cut off there.

    Examples
    --------
    >>> scaled(2.5), scaled(0.0), scaled(-2.7)
    (0.0, 0.5, 1.0)
    """
    share = (WGI_BEST - value) / (WGI_BEST - WGI_WORST)
    return min(max(share, 0.0), 1.0) if math.isfinite(share) else 1.0
