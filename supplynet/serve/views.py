"""What the page shows of a state: sentence, figures, pictures, limits, proof, and how to ask again.

The packed form is that of the report's live pages, so that one script draws both. A view comes in
two parts: first the central figures with the picture, then all of it with data ranges.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import Field

from supplynet.analysis.balance.result import BalanceResult
from supplynet.analysis.time.months import SHORT, MonthRow, added_up
from supplynet.analysis.time.result import RunResult
from supplynet.errors import UsageError
from supplynet.report.json_writer import jsonable
from supplynet.report.pack import Packer
from supplynet.report.results_potential import potential_answer
from supplynet.report.text import one_line
from supplynet.serve.operations import OPERATIONS, Through, command_of
from supplynet.serve.state import State, scenario_text
from supplynet.terms import TierName
from supplynet.text import share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.result import PotentialResult
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

    Shown = PotentialResult | BalanceResult | RunResult

__all__ = ["PICTURES", "Viewed", "picture_of", "view"]

#: limits and plants that a view lists
_MOST_ROWS = 12
#: share of the most that a plant carries below which one is left out
_LEAST_SHARE = 1e-6
#: boxes of a column that stand alone: so many can be told apart while they move
_TOP = 6

PictureName = Literal["sankey", "layers", "map", "years", "losses"]
#: title of each picture, the quickest first
PICTURES: dict[PictureName, str] = {
    "sankey": "Tonnes by country and stage",
    "layers": "From the ground to the nation, with what stops more",
    "map": "The same on the map",
    "years": "Coverage by year and tier",
    "losses": "Whose loss costs most, each proved",
}


class Viewed(Through):
    """A state with what the page shows of it."""

    tier: Annotated[TierName, Field(description="Which links and plants count.")] = "building"
    question: Annotated[
        Literal["potential", "contested", "run"],
        Field(description="What could be had alone, what all get at once, or that by month."),
    ] = "potential"
    month: Annotated[
        str,
        Field(
            pattern=r"^(\d{4}-\d{2})?$",
            description="Month that is told; empty for that in which the least is served.",
        ),
    ] = ""
    picture: Annotated[PictureName, Field(description="What is drawn.")] = "sankey"
    is_quick: Annotated[
        bool, Field(description="Central figures only: no data range, and its sentence later.")
    ] = False


@dataclass(frozen=True, slots=True)
class _Fact:
    """A figure beside the pictures."""

    name: str
    title: str
    number: float | None
    text: str


def view(
    net: SupplyNetwork, graph: str, asked: Viewed, kept: MutableMapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the page shows of a state.

    Parameters
    ----------
    net : SupplyNetwork
    graph : str
        What the command line calls the network.
    asked : Viewed
    kept : mutable mapping, optional
        Results by state: the second part of a view goes on from the first.

    Raises
    ------
    SupplynetError
        As the functions that answer.
    """
    result = solved(net, asked, kept)
    packer = Packer()
    scene = picture_of(net, asked, result)
    month, months = "", list[str]()
    if isinstance(result, RunResult):
        month, months = _month(result, asked), [period.label for period in result.cut]
        facts, summary = _month_facts(result, asked, month), result.summary()
    elif isinstance(result, BalanceResult):
        facts = _contested_facts(result, asked)
        summary = "" if asked.is_quick else result.summary()
    else:
        facts = _potential_facts(result, is_quick=asked.is_quick)
        summary = "" if asked.is_quick else potential_answer(result)
    certificate = (
        result.certificate
        if isinstance(result, BalanceResult | RunResult)
        else result.certificate_so_far
    )
    operation = OPERATIONS[asked.question]
    told: dict[str, Any] = jsonable(
        {
            "figures": {
                "axes": [],
                "start": [],
                "facts": [fact.name for fact in facts],
                "states": [
                    {
                        "summary": one_line(summary),
                        "numbers": [fact.number for fact in facts],
                        "texts": [one_line(fact.text) for fact in facts],
                    }
                ],
            },
            "titles": [one_line(fact.title) for fact in facts],
            "pictures": {
                "views": ["picture"],
                "states": [[packer.scene(scene)]],
                **packer.to_dict(),
            },
            "boxes": [{"title": box.title, "members": list(box.members)} for box in scene.boxes],
            "limits": [] if isinstance(result, RunResult) else _limits(result),
            "plants": _plants(result)
            if not (asked.is_quick or isinstance(result, RunResult))
            else [],
            "month": month,
            "months": months,
            "notes": [one_line(note) for note in result.question.notes],
            "certificate": {
                "ok": certificate.ok,
                "gap": certificate.gap,
                "checks": len(certificate.checks),
            },
            "year": result.question.year,
            "command": command_of(operation, graph, asked, net),
            "scenario": scenario_text(asked),
            "digest": result.provenance.digest,
            "is_whole": not asked.is_quick,
        }
    )
    return told


def solved(
    net: SupplyNetwork, asked: Viewed, kept: MutableMapping[str, Any] | None = None
) -> Shown:
    """Return the result of a state, that of before where it was asked already."""
    key = asked.model_dump_json(exclude={"picture", "is_quick", "month"})
    found = None if kept is None else kept.get(key)
    if found is None:
        found = OPERATIONS[asked.question].solve(net, asked)
        if kept is not None:
            kept[key] = found
    return cast("Shown", found)


def _potential_facts(result: PotentialResult, *, is_quick: bool) -> list[_Fact]:
    if is_quick:
        part = result.coverage
        return [
            _Fact("all", "Could be covered in all", part, share(part)),
            _Fact("need", "Needed, t of product/yr", result.need, tonnes(result.need)),
            _Fact("served", "Could come, t of product/yr", result.served, tonnes(result.served)),
        ]
    facts = []
    for row in result.forms:
        title = f"{row.title}: covered, with data range"
        text = f"{share(row.coverage)} ({share_range(row.coverage_low, row.coverage_high)})"
        facts.append(_Fact(f"form-{row.form}", title, row.coverage, text))
        amount = f"{tonnes(row.served)} of {tonnes(row.need)}"
        facts.append(_Fact(f"served-{row.form}", f"{row.title}, t/yr", row.served, amount))
    if not facts:
        facts.append(_Fact("served", "Could come, t/yr", result.served, tonnes(result.served)))
    return facts


def _contested_facts(result: BalanceResult, asked: State) -> list[_Fact]:
    """What the nation that is asked for gets when all draw at once, form by form."""
    from supplynet.analysis.question import target_nodes

    net = result.question.net
    nations = target_nodes(net, asked.to)
    sums: dict[str, tuple[float, float]] = {}
    for row in result.deliveries:
        if row.nation in nations and row.coverage is not None:
            need, served = sums.get(row.form, (0.0, 0.0))
            sums[row.form] = need + row.demand, served + row.served
    facts = []
    for form, (need, served) in sums.items():
        title = net.form_by_name[form].title
        part = served / need if need else None
        facts.append(_Fact(f"form-{form}", f"{title}: gets of its need", part, share(part)))
        text = f"{tonnes(served)} of {tonnes(need)}"
        facts.append(_Fact(f"served-{form}", f"{title}, t/yr", served, text))
    return facts


def _served_in(result: RunResult, asked: State) -> tuple[MonthRow, ...]:
    """What the nation that is asked for needs and is served, by month and form."""
    from supplynet.analysis.question import target_nodes

    nations = target_nodes(result.question.net, asked.to)
    rows = [row for row in result.months if row.nation in nations]
    forms = dict.fromkeys(row.form for row in rows)
    return tuple(
        whole for form in forms for whole in added_up(row for row in rows if row.form == form)
    )


def _month(result: RunResult, asked: Viewed) -> str:
    """Return the month that is told: the one asked for, else the first of the least served.

    Raises
    ------
    UsageError
        If it is none of the run.
    """
    months = [period.label for period in result.cut]
    if not asked.month:
        least = min(_served_in(result, asked), key=lambda row: row.share, default=None)
        return months[0] if least is None else least.period
    if asked.month not in months:
        raise UsageError(
            f"{asked.month} is no month of this run", hint=f"it has {months[0]} to {months[-1]}"
        )
    return asked.month


def _month_facts(result: RunResult, asked: State, month: str) -> list[_Fact]:
    """What the nation that is asked for is served in a month, form by form, and how long it holds.

    A part is one of what it is served without the shock.
    """
    from supplynet.analysis.question import target_nodes

    net = result.question.net
    nations = target_nodes(net, asked.to)
    facts = [_Fact("month", "Month", None, month)]
    for row in _served_in(result, asked):
        if row.period != month:
            continue
        title = net.form_by_name[row.form].title
        text = f"{share(row.share)} of usual, {share(row.coverage)} of the need"
        facts.append(_Fact(f"form-{row.form}", f"{title}: is served", row.share, text))
        amount = f"{tonnes(row.served)} of {tonnes(row.normal)}"
        facts.append(_Fact(f"served-{row.form}", f"{title}, t/month", row.served, amount))
        held = result.endured(nations, row.form).survives
        text = f"never below {share(SHORT)}" if held is None else f"{held} months"
        title = f"{title}: months until it is short"
        facts.append(_Fact(f"survives-{row.form}", title, held, text))
    return facts


def _limits(result: PotentialResult | BalanceResult) -> list[dict[str, Any]]:
    """What holds the answer down, the weightiest first."""
    return [
        {
            "kind": row.kind,
            "id": row.id,
            "name": one_line(row.name),
            "capacity": row.capacity,
            "unit": one_line(row.unit),
            "worth": row.worth,
            "worth_unit": one_line(row.worth_unit),
        }
        for row in result.binding[:_MOST_ROWS]
    ]


def _plants(result: PotentialResult | BalanceResult) -> list[dict[str, Any]]:
    """Plants that are used, the fullest first."""
    rows = [row for row in result.utilization if row.kind == "node"]
    least = _LEAST_SHARE * max((row.used for row in rows), default=0.0)
    rows = [row for row in rows if row.used > least]
    rows.sort(key=lambda row: (-row.share, -row.used, row.id))
    return [
        {
            "id": row.id,
            "name": one_line(row.name),
            "used": row.used,
            "capacity": row.capacity,
            "unit": one_line(row.unit),
            "share": row.share,
        }
        for row in rows
    ]


# -- pictures --------------------------------------------------------------------------------


def picture_of(net: SupplyNetwork, asked: Viewed, result: Shown) -> Scene:
    """Return the picture of a state; of a run it is always that of its months.

    Raises
    ------
    UsageError
        If there is none of it.
    """
    if isinstance(result, RunResult):
        from supplynet.draw.charts.months import months_scene

        return months_scene(result, to=asked.to)
    draw: dict[str, Callable[[SupplyNetwork, Viewed, Any], Scene]] = {
        "sankey": _sankey,
        "layers": _layers,
        "map": _map,
        "years": _years,
        "losses": _losses,
    }
    return draw[asked.picture](net, asked, result)


def _element(asked: Viewed, result: PotentialResult | BalanceResult) -> str:
    """The element that a picture shows: the first that is asked for."""
    from supplynet.network.units import elements_of

    return elements_of(result.question.net, asked.elements())[0]


def _sankey(net: SupplyNetwork, asked: Viewed, result: PotentialResult | BalanceResult) -> Scene:
    from supplynet.draw.streams.scene import sankey_scene

    to = asked.to if isinstance(result, BalanceResult) else None
    return sankey_scene(
        result, element=_element(asked, result), top=_TOP, to=to, is_brief=asked.is_quick
    )


def _layers(net: SupplyNetwork, asked: Viewed, result: PotentialResult | BalanceResult) -> Scene:
    from supplynet.draw.layered import layer_scene

    if isinstance(result, BalanceResult):
        raise UsageError(
            "layers are drawn of what could be had alone", hint="choose sankey or the map"
        )
    net, element = result.question.net, _element(asked, result)
    return layer_scene(net, result, element=element, top=_TOP, is_brief=asked.is_quick)


def _map(net: SupplyNetwork, asked: Viewed, result: PotentialResult | BalanceResult) -> Scene:
    from supplynet.draw.maps.figure import map_scene

    to = asked.to if isinstance(result, BalanceResult) else None
    net, element, is_brief = result.question.net, _element(asked, result), asked.is_quick
    return map_scene(net, result, element=element, is_series=True, to=to, is_brief=is_brief)


def _years(net: SupplyNetwork, asked: Viewed, result: Any) -> Scene:
    from supplynet.analysis.potential.outlook import outlook
    from supplynet.draw.charts.outlook import outlook_scene

    words = asked.words()
    for name in ("year", "tier"):
        del words[name]
    commodity = net.commodity
    years = range(commodity.base_year, commodity.last_year + 1)
    return outlook_scene(outlook(net, year=list(years[:: max(1, len(years) // 4)]), **words))


def _losses(net: SupplyNetwork, asked: Viewed, result: Any) -> Scene:
    from supplynet.analysis.flow.chokepoints import chokepoints
    from supplynet.draw.charts.losses import losses_scene

    element = _element(asked, result)
    return losses_scene(
        chokepoints(net, element=element, by="country-stage", top=_MOST_ROWS, **asked.words())
    )
