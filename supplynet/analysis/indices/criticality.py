"""Supply risk as the European Commission reckons it for its list of critical raw materials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from supplynet.analysis.indices.imports import Imports, imports_of
from supplynet.analysis.indices.parameters import Parameters, governance, levels_of
from supplynet.analysis.indices.result import Index, Input, Method
from supplynet.analysis.indices.squares import Part, least, most, squares
from supplynet.analysis.indices.supply import Supply, supply_of
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
    ``eol_rir`` and ``si_sr`` of the place. Trade tells who supplies the place, and the import
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
    given = [_share(name, figure) for name, figure in shares.items() if figure is not None]
    recycled, replaced = given[-2:]
    factors = (
        (1.0 - recycled.value) * replaced.value,
        (1.0 - recycled.ends[1]) * replaced.ends[0],
        (1.0 - recycled.ends[0]) * replaced.ends[1],
    )
    world = _weighted(supply, parameters)
    ends, flags = world.ends, [*supply.flags, *world.flags]
    world_input = Input("GS", ends[0], "0-10", note="world supply", low=ends[1], high=ends[2])
    inputs = [world_input, *given, supply.as_input()]
    inputs += world.inputs
    if bought is None or reliance is None:
        flags.append(
            "Who supplies the place is not known: the world supply stands for it, as the method "
            "has it where data of imports are poor."
        )
    else:
        own = {code: supply.known[code] for code in members & set(supply.known)}
        ends_of_own = {code: supply.between(code) for code in own}
        both = Supply(supply.year, {**bought.tonnes, **own}, ends=ends_of_own)
        local = _weighted(both, parameters)
        halves = [figure / 2.0 for figure in (reliance.value, *reliance.ends)]
        mixed = [_mixed(world.ends, local.ends, half) for half in halves]
        ends = (mixed[0][0], min(one[1] for one in mixed), max(one[2] for one in mixed))
        flags += [*bought.flags, *local.flags]
        told = {entry.name for entry in inputs}
        value, low, high = local.ends
        note = f"supply to {name}"
        inputs.insert(1, Input("S", value, "0-10", note=note, low=low, high=high))
        inputs += [entry for entry in local.inputs if entry.name not in told]
    return Index(
        EU_SUPPLY_RISK,
        subject,
        supply.year,
        ends[0] * factors[0],
        ends[1] * factors[1],
        ends[2] * factors[2],
        "score",
        place=place,
        element=element,
        inputs=tuple(inputs),
        flags=tuple(dict.fromkeys(flags)),
    )


Ends = tuple[float, float, float]


def _mixed(world: Ends, local: Ends, half: float) -> Ends:
    """Mean of two supplies, weighted by the import reliance."""
    first, second, third = (
        at_world * half + other * (1.0 - half) for at_world, other in zip(world, local, strict=True)
    )
    return first, second, third


class _Weighted(NamedTuple):
    """Sum of squared shares x governance x trade parameter: central, low and high; 0 to 10."""

    ends: Ends
    flags: list[str]
    inputs: list[Input]


def _weighted(supply: Supply, parameters: Parameters) -> _Weighted:
    risks = governance(parameters, supply.known, indicator=GOVERNANCE, year=supply.year)
    weights: list[Ends] = []
    inputs = list(risks.inputs)
    missing, is_neutral = [], True
    for code, tonnes in supply.known.items():
        row = parameters.find("trade_factor", place=code, year=supply.year)
        is_neutral = is_neutral and row is None
        factor = (NEUTRAL,) * 3 if row is None else levels_of(row)
        missing += [code] if tonnes and code not in risks.by_country else []
        at = (risks.by_country.get(code, 0.5), *risks.ends.get(code, (0.0, 1.0)))
        central, low, high = (risk * SCALE * of for risk, of in zip(at, factor, strict=True))
        weights.append((central, low, high))
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
    if supply.other or any(supply.unknown):
        flags.append(
            "Other countries and plants of unknown owners have no governance figure: they count "
            "at the high end only."
        )
    rest = [(supply.other, supply.other), *supply.unknown_between]
    weights += [(0.0, 0.0, SCALE)] * len(rest)
    between = [*(supply.between(code) for code in supply.known), *rest]
    quantities = [*supply.known.values(), supply.other, *supply.unknown]
    value = squares(quantities, [weight for weight, _, _ in weights])
    held = list(zip(between, weights, strict=True))
    lowest = least([Part(*pair, weight) for pair, (_, weight, _) in held])
    highest = most([Part(*pair, weight) for pair, (_, _, weight) in held])
    return _Weighted((value, min(lowest, value), max(highest, value)), flags, inputs)


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
