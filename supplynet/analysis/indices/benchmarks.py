"""How much of its own use an area could extract, process and recycle, against set benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supplynet.analysis.indices.imports import Imports
from supplynet.analysis.indices.result import Index, Input, Method
from supplynet.errors import OptionError
from supplynet.network.countries import country_name

CRMA = Method(
    "crma",
    "EU 2030 benchmark",
    "own capacity / yearly consumption >= 10 % (extraction), 40 % (processing), 25 % (recycling); "
    "largest outside supplier / yearly consumption <= 65 % at each stage; of a graph own capacity "
    "is what it becomes at the end",
    "The share of a year's consumption that the area could extract, process and recycle itself.",
    "Regulation (EU) 2024/1252 (Critical Raw Materials Act), article 5",
)


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """Shares of a year's consumption, 0 to 1; by default those of Regulation (EU) 2024/1252."""

    #: extraction, processing, recycling: the least that the area should be able to do itself
    extraction: float = 0.10
    processing: float = 0.40
    recycling: float = 0.25
    largest: float = 0.65  #: the most that may come from one country outside, at each stage


def own_capacity(
    kind: str,
    *,
    place: str,
    consumption: Input | None,
    own: Input | None,
    year: int,
    subject: str = "",
    element: str = "",
    benchmarks: Benchmarks | None = None,
    flags: Iterable[str] = (),
) -> Index:
    """Judge what an area can do itself at one stage.

    Consumption and what is its own are tonnes a year of the same thing, None where it is not known.
    The value is own over consumption, ``shortfall`` in t/yr.

    Notes
    -----
    Regulation (EU) 2024/1252, article 5 (1) (a).

    Examples
    --------
    >>> used, mined = Input("consumption", 200.0, "t"), Input("own extraction", 5.0, "t")
    >>> one = own_capacity("extraction", place="EU", consumption=used, own=mined, year=2024)
    >>> one.value, one.passes, one.shortfall
    (0.025, False, 15.0)
    """
    limits = benchmarks or Benchmarks()
    targets: Mapping[str, float] = {
        "extraction": limits.extraction,
        "processing": limits.processing,
        "recycling": limits.recycling,
    }
    if kind not in targets:
        raise OptionError(f"there is no benchmark for {kind!r}; there are {', '.join(targets)}")
    target = targets[kind]
    said = list(flags)
    value = passes = shortfall = low = high = None
    if consumption is None:
        said.append("The consumption is not known.")
    elif own is None:
        said.append("The own capacity is not known.")
    elif consumption.value == 0.0:
        said.append("Nothing is used: there is nothing to judge.")
    else:
        value = own.value / consumption.value
        low = own.least / consumption.most
        high = own.most / consumption.least if consumption.least else None
        shortfall = max(target * consumption.value - own.value, 0.0)
        passes = shortfall == 0.0
    title = f"{kind.capitalize()}, own capacity"
    return Index(
        CRMA,
        f"{title}: {subject}" if subject else title,
        year,
        value,
        low,
        high,
        "share of consumption",
        place=place,
        element=element,
        target=target,
        passes=passes,
        shortfall=shortfall,
        inputs=tuple(figure for figure in (consumption, own) if figure is not None),
        flags=tuple(said),
    )


def largest_outside(
    place: str,
    *,
    year: int,
    bought: Imports | None = None,
    consumption: Input | None = None,
    share: Input | None = None,
    domestic: float = 0.0,
    subject: str = "",
    element: str = "",
    benchmarks: Benchmarks | None = None,
) -> Index:
    """Judge how much of an area's use comes from its largest outside supplier at one stage.

    `bought` is what it buys, by origin, `domestic` the tonnes that it makes at this stage;
    consumption is by default imports less exports, plus these. Where no trade is given, `share` is
    the largest share itself, and ``shortfall``, tonnes that would have to come from somebody else,
    is None.

    Notes
    -----
    Regulation (EU) 2024/1252, article 5 (1) (b).
    """
    target = (benchmarks or Benchmarks()).largest
    flags: list[str] = []
    inputs: list[Input] = []
    value = shortfall = low = high = None
    if bought is not None:
        flags += bought.flags
        code = max(bought.tonnes, key=lambda supplier: bought.tonnes[supplier])
        top = bought.tonnes[code]
        net = bought.total - bought.exported + domestic
        used = consumption or Input("consumption", net, "t", "table", "apparent, from trade")
        inputs = [used, Input("largest supplier", top, "t", note=country_name(code))]
        if used.value > 0.0:
            value = top / used.value
            low, high = top / used.most, top / used.least if used.least else None
            shortfall = max(top - target * used.value, 0.0)
        if used.value < top:
            flags.append(
                f"{country_name(place)} buys more from {country_name(code)} than it uses: it sells "
                "on, or keeps stock."
            )
    elif share is not None:
        value, low, high, inputs = share.value, share.least, share.most, [share]
    else:
        flags.append("Who supplies the place is not known.")
    return Index(
        CRMA,
        f"Largest outside supplier: {subject}" if subject else "Largest outside supplier",
        year,
        value,
        low,
        high,
        "share of consumption",
        place=place,
        element=element,
        target=target,
        passes=None if value is None else value <= target,
        shortfall=shortfall,
        inputs=tuple(inputs),
        flags=tuple(flags),
    )
