"""How concentrated a supply is, and what it is without the largest supplier."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.indices.result import Index, Input, Method
from supplynet.analysis.indices.supply import Supply, supply_of
from supplynet.errors import OptionError, TableError
from supplynet.terms import one_of
from supplynet.text import share
from supplynet.text import tonnes as tonnes_text

if TYPE_CHECKING:
    import pandas as pd

HHI = Method(
    "hhi",
    "Concentration (HHI)",
    "HHI = 10,000 x sum over suppliers of (q_i / sum q)^2",
    "0 for very many small suppliers, 10,000 for one alone; above 2,500 is called highly "
    "concentrated, 1,500 to 2,500 moderately.",
    "Hirschman, The paternity of an index, American Economic Review 54 (1964); classes: US "
    "Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines (2010)",
)
N_MINUS_1 = Method(
    "n-1",
    "Supply without the largest supplier (N-1)",
    "cover = (supply - supply of the largest) / (demand - demand of the largest); of a later "
    "stage at most what the others bring up; of a graph all in tonnes that arrive at the end",
    "What would be left for all others if the largest supplier served only itself. At 100% "
    "the others could do without it.",
    "International Energy Agency, Global Critical Minerals Outlook 2025, N-1 analysis",
)

#: published(largest supplier): what others say of the same
Published = Callable[[str], Input | None]
#: the scale of the index in competition law and mineral statistics
FULL = 10_000.0
#: what shares are parts of
DENOMINATORS = ("sum", "stated")


def herfindahl(quantities: Iterable[float]) -> float:
    """Return the Herfindahl-Hirschman index of some quantities, 0 to 1.

    One quantity a supplier, in any one unit; a TableError if one is negative or they add up to 0.

    Examples
    --------
    >>> herfindahl([50, 25, 25])
    0.375
    """
    given = list(quantities)
    if not all(0.0 <= figure < math.inf for figure in given):
        raise TableError("a quantity must be 0 or more, and finite")
    largest = max(given, default=0.0)
    if largest == 0.0:
        raise TableError("there is no supply to tell the concentration of")
    # parts of the largest: squares of very small or large numbers would be lost
    parts = [figure / largest for figure in given] if not 1e-100 < largest < 1e100 else given
    return math.fsum(part * part for part in parts) / math.fsum(parts) ** 2


def spread(supply: Supply) -> tuple[float, float, float]:
    """Return the index and its range, 0 to 1: central, low, high.

    Central: the row of all other countries counts as one supplier, as in published figures, and
    every plant of unknown holder as a supplier of its own. Low: the other countries are so many
    that none counts. High: all plants of unknown holder belong to the largest supplier.
    """
    known = list(supply.known.values()) or [0.0]
    central = herfindahl([*known, supply.other, *supply.unknown])
    low = max(central - (supply.other / supply.total) ** 2, 0.0)
    known[known.index(max(known))] += math.fsum(supply.unknown)
    return central, low, herfindahl([*known, supply.other])


def concentration(
    production: pd.DataFrame | Supply,
    *,
    year: int | None = None,
    subject: str = "Production",
    element: str = "",
    denominator: str = "sum",
) -> Index:
    """Return the HHI of a production table, 0 to 10,000.

    The last year with a figure is the default. The denominator is the sum of the rows or the world
    total that the table states, refused where it is rounded. A range is given where the table has a
    row of other countries, or plants of unknown owners.

    Notes
    -----
    Hirschman (1964). Shares on a rounded total do not add up to 1, and the index then moves with
    the rounding; mineral statistics round the world total to two or three digits.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"country": ["AUS", "CHL"], "year": 2024, "tonnes": [75.0, 25.0]})
    >>> concentration(table).value
    6250.0
    """
    supply = production if isinstance(production, Supply) else supply_of(production, year=year)
    central, low, high = spread(supply)
    total = supply.total
    if one_of(denominator, DENOMINATORS, "denominator") == "stated":
        total = _stated(supply)
    scale = FULL * (supply.total / total) ** 2
    inputs = [supply.as_input()]
    if supply.largest:
        share = supply.known[supply.largest] / total
        inputs.append(Input("largest share", share, "1", note=supply.name_of(supply.largest)))
    if supply.other:
        inputs.append(Input("other countries", supply.other, "t", note="one row for many"))
    if supply.unknown:
        inputs.append(Input("unknown owners", math.fsum(supply.unknown), "t"))
    return Index(
        HHI,
        subject,
        supply.year,
        central * scale,
        low * scale,
        high * scale,
        "0-10,000",
        element=element,
        inputs=tuple(inputs),
        flags=(*_flags(supply), *supply.flags),
    )


def _stated(supply: Supply) -> float:
    if supply.stated_total is None:
        raise OptionError("the table states no total", hint="use the sum of its rows")
    if supply.is_total_rounded:
        raise OptionError(
            f"the stated total of {supply.stated_total:,.0f} t is rounded or leaves rows out (the "
            f"rows add up to {supply.total:,.0f} t): an index on it would move with the rounding",
            hint="use the sum of the rows",
        )
    return supply.stated_total


def _flags(supply: Supply) -> list[str]:
    flags = []
    if supply.unpublished:
        flags.append(f"No figure is published for {', '.join(supply.unpublished)}: counted as 0.")
    if supply.other:
        flags.append(
            "The row of other countries counts as one supplier; the low end takes it as very many."
        )
    if supply.unknown:
        part = math.fsum(supply.unknown) / supply.total
        flags.append(
            f"{part:.1%} of the tonnes have no known owner: each plant counts by itself; at the "
            "high end all belong to the largest."
        )
    return flags


def without_largest(
    supply: Supply,
    demand: Mapping[str, float] | None,
    *,
    subject: str = "Production",
    element: str = "",
    demand_note: str = "",
    ore: Supply | None = None,
    published: Published | None = None,
    flags: Iterable[str] = (),
) -> Index:
    """Return what is left for the others when the largest supplier and its demand are taken out.

    Demand is in tonnes by country in the supply's unit; where it is None, the index is the share of
    the supply that is left. `ore` is what is mined, in the same tonnes, which bounds what is left
    of a later stage for the others. `published` returns what others published of the same, by the
    largest supplier. The value is 0 or more, 1 where the others could serve themselves.

    Notes
    -----
    International Energy Agency (2025), N-1.
    """
    largest = supply.largest
    top = supply.known.get(largest, 0.0)
    left = max(supply.total - top, 0.0)
    name = supply.name_of(largest) or "a supplier"
    ore_left = None if ore is None else max(ore.total - ore.known.get(largest, 0.0), 0.0)
    inputs = [
        supply.as_input(),
        Input("supply of the largest", top, "t", note=name),
    ]
    told = [*supply.flags, *flags]
    if ore_left is not None:
        inputs.append(Input("brought up by all others", ore_left, "t"))
        if ore_left < left:
            told.append(
                f"Plants outside {name} could handle {tonnes_text(left)} t, but only "
                f"{tonnes_text(ore_left)} t are brought up there: that counts."
            )
            left = ore_left
    if demand is None:
        told.append("No demand is known: the figure is the share of the supply that is left.")
        subject = f"Share of the supply ({subject.lower()})"
        value: float | None = left / supply.total
    else:
        needed = math.fsum(demand.values())
        outside = math.fsum(tonnes for code, tonnes in demand.items() if code != largest)
        inputs += [
            Input("demand", needed, "t", "estimated", demand_note),
            Input("demand of the largest", demand.get(largest, 0.0), "t", "estimated", demand_note),
        ]
        value = left / outside if outside > 0.0 else None
        if value is None:
            told.append(f"All demand is that of {name}: there is nobody left to serve.")
        stated = None if published is None else published(largest)
        if stated is not None:
            inputs.append(replace(stated, name="published"))
            told.append(
                f"Published by others: {share(stated.value)} ({stated.note}). Here the others "
                f"have {tonnes_text(left)} t for {tonnes_text(outside)} t that they ask for."
            )
    return Index(
        N_MINUS_1,
        f"{subject}, without {name}",
        supply.year,
        value,
        value,
        value,
        "1",
        element=element,
        inputs=tuple(inputs),
        flags=tuple(told),
    )
