"""How risky a supply is by governance of its suppliers, and the benchmarks of the EU."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from supplynet.analysis.indices.concentration import spread, squared
from supplynet.analysis.indices.rows import GOVERNANCE, LARGEST, METHODS, OWN, Input, figure
from supplynet.analysis.indices.supply import Imports, Supply
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.countries import BLOCS, country_codes, country_name, is_country
from supplynet.network.schema.money import INDICATORS
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.indices.rows import Figure, Index
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Parameter

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
        own = cast("tuple[Parameter, ...]", net.rows("parameters"))
        commodity = net.commodity
        return cls((*more, *own), commodity.blocs, commodity.groups, commodity.areas)

    def require_place(self, country: str) -> str:
        """Return the code of a country or bloc, as it is written in tables."""
        if "," in country:
            raise OptionError(f"to {country}: the indices are about one country or bloc at a time")
        blocs = {*BLOCS, *(self.blocs or {})}
        for code in (country, country.upper()):
            if code in blocs or is_country(code, self.areas):
                return code
        names = [*blocs, *country_codes(), *(self.areas or {})]
        raise UnknownNameError(
            f"{country!r} is neither a country (ISO 3166 alpha-3) nor a bloc that is known; blocs "
            f"are {', '.join(sorted(blocs))}",
            hint=did_you_mean(country, names),
        )

    def members(self, country: str) -> frozenset[str]:
        """Return the countries of a bloc, or the country itself."""
        return frozenset((self.blocs or {}).get(country) or BLOCS.get(country) or (country,))

    def find(
        self, indicator: str, *, place: str = "", element: str = "", stage: str = "", year: int = 0
    ) -> Parameter | None:
        """Return the row that answers best: the most specific one, then the nearest year.

        A row of a bloc answers for its members, one of a group for its elements, one without a
        place, group, stage or year for any. None where no row answers.
        """
        ranked = [
            (rank, row)
            for row in self.rows
            if row.indicator == indicator
            and (rank := self._rank(row, place, element, stage, year)) is not None
        ]
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _rank(
        self, row: Parameter, country: str, element: str, stage: str, year: int
    ) -> tuple[float, ...] | None:
        """How well a row fits, None where it does not."""
        ranks = []
        for own, name, wider in (
            (row.place, country, self.members(row.place)),
            (row.group or "", element, (self.groups or {}).get(row.group or "", ())),
            (row.stage or "", stage, ()),
        ):
            if own and own != name and not (name and name in wider):
                return None
            ranks.append(2.0 if own == name else 1.0 if own else 0.0)
        apart = abs(row.year - year) if row.year is not None and year else 0
        return (*ranks, -float(apart))

    def input(self, indicator: str, *, neutral: float | None = None, **where: Any) -> Input | None:
        """Return what :meth:`find` does as an input.

        Where none is known it is the neutral value, marked as assumed, or None without one.
        """
        row = self.find(indicator, **where)
        if row is not None:
            return input_of(row)
        stated = INDICATORS[indicator][0], "assumed", "no figure is known"
        return None if neutral is None else Input(indicator, neutral, *stated)


def input_of(row: Parameter) -> Input:
    """Return a parameter as an input."""
    of = [str(row.year)] if row.year is not None else []
    note = ", ".join([*of, *row.source_ids, *([row.note] if row.note else [])])
    unit = row.unit or INDICATORS[row.indicator][0]
    return Input.of(row.indicator, levels_of(row), unit, known=row.confidence, note=note)


def levels_of(row: Parameter) -> Figure:
    """Return the value of a parameter with its ends."""
    return figure(row.value, row.value_low, row.value_high)


def governance(
    parameters: Parameters, countries: Iterable[str], indicator: str, year: int
) -> tuple[dict[str, Figure], list[Input]]:
    """Return the risk of some countries, 0 (best) to 1 (worst), and the inputs that state it.

    By a governance indicator that runs from -2.5 to 2.5. Countries without a figure are left out:
    the methods then give a range.
    """
    risks: dict[str, Figure] = {}
    inputs = []
    for code in countries:
        row = parameters.find(indicator, place=code, year=year)
        if row is not None:
            stated = levels_of(row)
            # the higher the figure the less the risk
            risks[code] = np.array([scaled(value) for value in stated[::-1].tolist()])
            of = "" if row.year is None else f"{row.year}, "
            note = f"{indicator}, {of}{', '.join(row.source_ids)}"
            name = f"{GOVERNANCE}{code}"
            inputs.append(Input.of(name, stated, "", known=row.confidence, note=note))
    return risks, inputs


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


#: governance that the EU's supply risk weighs by, and GeoPolRisk
MEAN, STABILITY = "wgi_mean6", "wgi_political_stability"
#: the EU's method scales governance to 0 (best) .. 10 (worst)
SCALE = 10.0
#: its neutral trade parameter: neither export restrictions nor an agreement
NEUTRAL = 1.0


def supply_risk(
    supply: Supply,
    known: Parameters,
    *,
    place: str = "EU",
    bought: Imports | None = None,
    subject: str = "Production",
    element: str = "",
    stage: str = "",
) -> Index:
    """Return the supply risk of a raw material at one stage.

    Parameters are ``wgi_mean6`` and ``trade_factor`` of the suppliers, ``import_reliance``,
    ``eol_rir`` and ``si_sr`` of the place. Imports tell who supplies the place, and the import
    reliance where no parameter does; without, the world supply stands for both, as the method has
    it where data of imports are poor. Inputs are ``GS``, ``IR``, ``EoL_RIR``, ``SI_SR`` and, with
    imports, ``S``; the range is that of all of them, and of suppliers whose governance is not
    known: risk 0 to 10. A parameter outside 0 to 1 is an OptionError.

    Notes
    -----
    European Commission (2017), guidelines, section 3; the higher of the stages counts.
    """
    members = known.members(place)
    ask = partial(known.input, place=place, element=element, stage=stage, year=supply.year)
    reliance = ask("import_reliance") or _reliance(supply.of(members), bought)
    shares = {
        "IR": reliance,
        "EoL_RIR": ask("eol_rir", neutral=0.0),
        "SI_SR": ask("si_sr", neutral=1.0),
    }
    values = [_share(name, share) for name, share in shares.items() if share is not None]
    recycled, replaced = (record.figure for record in values[-2:])
    world = _weighted(supply, known)
    bounds, flags = world.ends, [*supply.flags, *world.flags]
    inputs = [Input.of("GS", bounds, "0-10", note="world supply"), *values, supply.as_input()]
    inputs += world.inputs
    if bought is None or reliance is None:
        flags.append(
            "Who supplies the place is not known: the world supply stands for it, as the method "
            "has it where data of imports are poor."
        )
    else:
        own = {code: supply.known[code] for code in members & set(supply.known)}
        origins = {code: figure(tonnes) for code, tonnes in bought.tonnes.items()}
        local = _weighted(Supply(supply.year, {**origins, **own}), known)
        halves = reliance.figure[:, None] / 2.0
        mixed = world.ends * halves + local.ends * (1.0 - halves)  # a row for each reliance
        bounds = np.array([mixed[:, 0].min(), mixed[1, 1], mixed[:, 2].max()])
        flags += [*bought.flags, *local.flags]
        told_names = {entry.name for entry in inputs}
        note = f"supply to {country_name(place)}"
        inputs.insert(1, Input.of("S", local.ends, "0-10", note=note))
        inputs += [entry for entry in local.inputs if entry.name not in told_names]
    return METHODS["eu-supply-risk"].index(
        subject,
        supply.year,
        (bounds * ((1.0 - recycled[::-1]) * replaced)).tolist(),
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
    risks, inputs = governance(parameters, supply.known, MEAN, supply.year)
    factors = {
        code: parameters.find("trade_factor", place=code, year=supply.year) for code in supply.known
    }
    missing = [code for code, tonnes in supply.tonnes.items() if tonnes and code not in risks]
    flags = []
    if not any(factors.values()):
        stated = "assumed", "the same for every country"
        inputs.append(Input("trade parameter", NEUTRAL, "1", *stated))
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
    members = [
        (
            supply.known[code],
            risks.get(code, figure(0.5, 0.0, 1.0))
            * SCALE
            * (figure(NEUTRAL) if row is None else levels_of(row)),
        )
        for code, row in factors.items()
    ]
    members += [
        (array, figure(0.0, 0.0, SCALE)) for array in (figure(supply.other), *supply.unknown)
    ]
    return _Weighted(squared(members), flags, inputs)


def _reliance(domestic: float, bought: Imports | None) -> Input | None:
    """Import reliance by trade and production; None without trade."""
    if bought is None:
        return None
    net = bought.total - bought.exported
    used = domestic + net
    value = min(max(net / used, 0.0), 1.0) if used > 0.0 else 0.0
    return Input("import_reliance", value, "1", "table", "from trade and production")


def _share(name: str, entry: Input) -> Input:
    """Return a share, which must lie between 0 and 1, under its name in the formula."""
    if not 0.0 <= entry.value <= 1.0:
        raise OptionError(
            f"the parameter {entry.name} lies between 0 and 1 (found {entry.value:g})",
            hint="write shares of 1, not percent",
        )
    return replace(entry, name=name)


def geopolrisk(
    supply: Supply,
    bought: Imports,
    parameters: Parameters,
    *,
    importer: str,
    subject: str = "Production",
) -> Index:
    """Return the GeoPolRisk score of an importer, 0 to 1.

    Risks of suppliers are those that the table of imports states, else by parameters
    ``wgi_political_stability``. Inputs are ``HHI`` and ``import risk``; the range is that of
    governance, whether its figures have one or it is not known.

    Notes
    -----
    Gemechu et al. (2016), with domestic production as in geopolrisk-py (2025).
    """
    year, members, name = supply.year, parameters.members(importer), country_name(importer)
    options, inputs = governance(parameters, bought.tonnes, STABILITY, year)
    risks = {**options, **{code: figure(risk) for code, risk in bought.risks.items()}}
    domestic = supply.of(members)
    is_any = bought.total + domestic > 0.0
    unknown = {
        code: tonnes for code, tonnes in bought.tonnes.items() if is_any and code not in risks
    }
    risk, hhi = _import_risk(bought, risks, domestic), spread(supply)
    flags = [
        *_risk_flags(bought, unknown, is_all=not set(bought.tonnes) & set(risks)),
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
    return METHODS["geopolrisk"].index(
        subject,
        year,
        (hhi * risk).tolist(),
        place=importer,
        inputs=(
            Input.of("HHI", hhi, "0-1", note="of world production"),
            Input.of("import risk", risk, "0-1"),
            replace(supply.as_input(), name="world production"),
            Input("imports", bought.total, "t", note=", ".join(bought.codes)),
            Input("domestic production", domestic, "t"),
            *(entry for entry in inputs if entry.name.split()[-1] not in bought.risks),
        ),
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
    record = {code: tonnes for code, tonnes in bought.tonnes.items() if code in risks}
    weight = math.fsum(record.values())
    missing = math.fsum(tonnes for code, tonnes in bought.tonnes.items() if code not in record)
    low, central, high = (
        _added_up(tonnes * float(risks[code][at]) for code, tonnes in record.items())
        for at in range(3)
    )
    high += _added_up(
        tonnes * (1.0 - float(risks[code][2]))
        for code, tonnes in record.items()
        if not risks[code][1]
    )
    if missing:
        central += missing * (central / weight if weight else 0.5)
    return figure(central, low, high + missing) / supplied


def _added_up(parts: Iterable[float]) -> float:
    """The plain sum in the order of the table: it has the published digits to the last one."""
    total = 0.0
    for share in parts:  # ``sum`` rounds in another way from Python 3.12 on
        total += share
    return total


def _risk_flags(bought: Imports, unknown: Mapping[str, float], *, is_all: bool) -> Iterable[str]:
    """Yield what is taken of suppliers whose governance is not known, or is reported as 0."""
    if unknown:
        taken = "0.5, as none is known" if is_all else "the mean of the others"
        listed = ", ".join(f"{code} ({tonnes:,.3g} t)" for code, tonnes in unknown.items())
        yield (
            f"No governance figure for {listed}: taken as {taken}; the range runs from the best "
            "to the worst."
        )
    if zero := [code for code, risk in bought.risks.items() if risk == 0.0]:
        yield (
            f"The table gives {', '.join(zero)} a risk of exactly 0, which no state has: it may "
            "stand for a missing figure. The high end takes it as the worst."
        )


def own_capacity(
    kind: str,
    *,
    consumption: Input | None,
    own: Input | None,
    subject: str = "",
    flags: Iterable[str] = (),
    **common: Any,
) -> Index:
    """Judge what an area can do itself at one stage, a word of :data:`OWN`.

    Consumption and what is its own are tonnes a year of the same thing, None where it is not known.
    The value is own over consumption, ``shortfall`` in t/yr. Further words are year, place and
    element of the index.

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
    texts, figures = list(flags), {}
    if consumption is None:
        texts.append("The consumption is not known.")
    elif own is None:
        texts.append("The own capacity is not known.")
    elif consumption.value == 0.0:
        texts.append("Nothing is used: there is nothing to judge.")
    else:
        figures = _over(own, consumption)
        lacking = max(OWN[kind] * consumption.value - own.value, 0.0)
        figures |= {"shortfall": lacking, "passes": lacking == 0.0}
    inputs = tuple(figure for figure in (consumption, own) if figure is not None)
    title = f"{kind.capitalize()}, own capacity"
    return _judged(title, subject, OWN[kind], inputs, texts, **figures, **common)


def largest_outside(
    place: str,
    *,
    bought: Imports | None = None,
    consumption: Input | None = None,
    share: Input | None = None,
    domestic: float = 0.0,
    **common: Any,
) -> Index:
    """Judge how much of an area's use comes from its largest outside supplier.

    `bought` is what it buys, by origin, `domestic` the tonnes that it makes at this stage;
    consumption is by default imports less exports, plus these. Where no trade is given, `share` is
    the largest share itself, and ``shortfall``, tonnes that would have to come from somebody else,
    is None. Further words are year and element of the index.

    Notes
    -----
    Regulation (EU) 2024/1252, article 5 (1) (b).
    """
    flags: list[str] = []
    inputs: tuple[Input, ...] = ()
    figures: dict[str, Any] = {}
    if bought is not None:
        flags += bought.flags
        code = max(bought.tonnes, key=lambda supplier: bought.tonnes[supplier])
        top = Input("largest supplier", bought.tonnes[code], "t", note=country_name(code))
        net = bought.total - bought.exported + domestic
        used = consumption or Input("consumption", net, "t", "table", "apparent, from trade")
        inputs = used, top
        if used.value > 0.0:
            figures = _over(top, used)
            figures["shortfall"] = max(top.value - LARGEST * used.value, 0.0)
        if used.value < top.value:
            flags.append(
                f"{country_name(place)} buys more from {country_name(code)} than it uses: it sells "
                "on, or keeps stock."
            )
    elif share is not None:
        inputs = (share,)
        figures = {"ends": (share.least, share.value, share.most)}
    else:
        flags.append("Who supplies the place is not known.")
    if figures:
        figures["passes"] = figures["ends"][1] <= LARGEST
    common["place"] = place
    return _judged("Largest outside supplier", "", LARGEST, inputs, flags, **figures, **common)


def _over(portion: Input, total: Input) -> dict[str, Any]:
    """Return what a part is of a whole, with its ends."""
    high = portion.most / total.least if total.least else None
    return {"ends": (portion.least / total.most, portion.value / total.value, high)}


def _judged(
    title: str,
    subject: str,
    target: float,
    inputs: tuple[Input, ...],
    flags: Iterable[str],
    **more: Any,
) -> Index:
    about = f"{title}: {subject}" if subject else title
    more |= {"target": target, "inputs": inputs, "flags": tuple(flags)}
    return METHODS["crma"].index(about, **more)
