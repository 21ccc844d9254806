"""What the European Union asks: supply risk of critical raw materials, and its benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.indices.concentration import least, most, part_of, squares
from supplynet.analysis.indices.parameters import Parameters, governance, levels_of
from supplynet.analysis.indices.result import Figure, Index, Input, Method, figure
from supplynet.analysis.indices.supply import Imports, Supply, imports_of, supply_of
from supplynet.errors import OptionError
from supplynet.network.countries import country_name

if TYPE_CHECKING:
    import pandas as pd


EU_SUPPLY_RISK = Method(
    "eu-supply-risk",
    "EU supply risk",
    "SR = [GS x IR/2 + S x (1 - IR/2)] x (1 - EoL_RIR) x SI_SR; GS, S = sum (share_c^2 x WGI_c x "
    "t_c) over world supply and over supply to the EU; IR = (imports - exports) / (domestic "
    "production + imports - exports)",
    "WGI runs from 0 to 10, 10 the worst. A raw material counts as critical from 1.0 on, together "
    "with an economic importance of 2.8.",
    "European Commission, Methodology for establishing the EU list of critical raw materials, "
    "guidelines (2017), doi 10.2873/769526; Blengini et al., JRC 106997 (2017), doi 10.2760/73303",
)

GOVERNANCE = "wgi_mean6"
#: the method scales governance to 0 (best) .. 10 (worst)
SCALE = 10.0
#: the neutral trade parameter: neither export restrictions nor an agreement
NEUTRAL = 1.0


def supply_risk(
    production: pd.DataFrame | Supply,
    *,
    parameters: Parameters,
    place: str = "EU",
    trade: pd.DataFrame | None = None,
    hs: Iterable[str] = (),
    subject: str = "Production",
    element: str = "",
    stage: str = "",
) -> Index:
    """Return the supply risk of a raw material at one stage.

    Parameters are ``wgi_mean6`` and ``trade_factor`` of the suppliers, ``import_reliance``,
    ``eol_rir`` and ``si_sr`` of the place. Trade states who supplies the place, and the import
    reliance where no parameter does; without, the world supply stands for both, as the method has
    it where data of imports are poor. Inputs are ``GS``, ``IR``, ``EoL_RIR``, ``SI_SR`` and, with
    trade, ``S``; the range is that of all of them, and of suppliers whose governance is not known:
    risk 0 to 10. Trade without codes is an OptionError, a parameter outside 0 to 1 a TableError.

    Notes
    -----
    European Commission (2017), guidelines, section 3; the higher of the stages counts.
    """
    supply = production if isinstance(production, Supply) else supply_of(production)
    place = parameters.require_place(place)
    members = parameters.members(place)
    name = country_name(place)
    bought: Imports | None = None
    if trade is not None:
        bought = imports_of(trade, members, year=supply.year, hs=hs, name=name)
    ask = partial(parameters.input, place=place, element=element, stage=stage, year=supply.year)
    reliance = ask("import_reliance") or _reliance(supply.of(members), bought)
    shares = {
        "IR": reliance,
        "EoL_RIR": ask("eol_rir", neutral=0.0),
        "SI_SR": ask("si_sr", neutral=1.0),
    }
    given = [_share(name, told) for name, told in shares.items() if told is not None]
    recycled, replaced = (told.figure for told in given[-2:])
    factors = (1.0 - recycled[::-1]) * replaced
    world = _weighted(supply, parameters)
    ends, flags = world.ends, [*supply.flags, *world.flags]
    inputs = [Input.of("GS", ends, "0-10", note="world supply"), *given, supply.as_input()]
    inputs += world.inputs
    if bought is None or reliance is None:
        flags.append(
            "Who supplies the place is not known: the world supply stands for it, as the method "
            "has it where data of imports are poor."
        )
    else:
        own = {code: supply.known[code] for code in members & set(supply.known)}
        origins = {code: figure(tonnes) for code, tonnes in bought.tonnes.items()}
        local = _weighted(Supply(supply.year, {**origins, **own}), parameters)
        halves = reliance.figure[:, None] / 2.0
        mixed = world.ends * halves + local.ends * (1.0 - halves)  # a row for each reliance
        ends = np.array([mixed[:, 0].min(), mixed[1, 1], mixed[:, 2].max()])
        flags += [*bought.flags, *local.flags]
        told_names = {entry.name for entry in inputs}
        inputs.insert(1, Input.of("S", local.ends, "0-10", note=f"supply to {name}"))
        inputs += [entry for entry in local.inputs if entry.name not in told_names]
    low, value, high = (ends * factors).tolist()
    return Index(
        EU_SUPPLY_RISK,
        subject,
        supply.year,
        value,
        low,
        high,
        "score",
        place=place,
        element=element,
        inputs=tuple(inputs),
        flags=tuple(dict.fromkeys(flags)),
    )


class _Weighted(NamedTuple):
    """Sum of squared shares x governance x trade parameter, 0 to 10."""

    ends: Figure
    flags: list[str]
    inputs: list[Input]


def _weighted(supply: Supply, parameters: Parameters) -> _Weighted:
    risks = governance(parameters, supply.known, indicator=GOVERNANCE, year=supply.year)
    weights: list[Figure] = []
    inputs = list(risks.inputs)
    missing, is_neutral = [], True
    for code, tonnes in supply.tonnes.items():
        row = parameters.find("trade_factor", place=code, year=supply.year)
        is_neutral = is_neutral and row is None
        factor = figure(NEUTRAL) if row is None else levels_of(row)
        missing += [code] if tonnes and code not in risks.by_country else []
        weights.append(risks.by_country.get(code, figure(0.5, 0.0, 1.0)) * SCALE * factor)
    flags = []
    if is_neutral:
        inputs.append(
            Input("trade parameter", NEUTRAL, "1", "assumed", "the same for every country")
        )
    if missing:
        flags.append(
            f"No governance figure for {', '.join(missing)}: the centre takes the middle of the "
            "scale, the range its ends."
        )
    if supply.other or any(amount[1] for amount in supply.unknown):
        flags.append(
            "Other countries and plants of unknown owners have no governance figure: they count "
            "at the high end only."
        )
    rest = [figure(supply.other), *supply.unknown]
    weights += [figure(0.0, 0.0, SCALE)] * len(rest)
    held = list(zip([*supply.known.values(), *rest], weights, strict=True))
    value = squares([float(one[1]) for one, _ in held], [float(weight[1]) for _, weight in held])
    lowest = least([part_of(one, float(weight[0])) for one, weight in held])
    highest = most([part_of(one, float(weight[2])) for one, weight in held])
    return _Weighted(figure(value, min(lowest, value), max(highest, value)), flags, inputs)


def _reliance(domestic: float, bought: Imports | None) -> Input | None:
    """Import reliance by trade and production; None without trade."""
    if bought is None:
        return None
    net = bought.total - bought.exported
    used = domestic + net
    value = min(max(net / used, 0.0), 1.0) if used > 0.0 else 0.0
    return Input("import_reliance", value, "1", "table", "from trade and production")


def _share(name: str, one: Input) -> Input:
    """Return a share, which must lie between 0 and 1, under its name in the formula."""
    if not 0.0 <= one.value <= 1.0:
        raise OptionError(
            f"the parameter {one.name} lies between 0 and 1 (found {one.value:g})",
            hint="write shares of 1, not percent",
        )
    return replace(one, name=name)


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
