"""A painter for every kind of picture, of any network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import supplynet as sn
from supplynet.draw.mpl import Picture
from tests.analysis.decisions.networks import MAKER, OXIDE_LINK, REFINERY, THRIFT
from tests.analysis.uncertainty.networks import CAUSE, PROJECT, STOPS, with_ranges
from tests.network.networks import added

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

Draw = Callable[..., Picture]

#: a study of ranks, of the small network alone
STABILITY = "sure_stability"
#: what a network is asked: nation, avoided, element, shock, and what is other for its plan
Asked = dict[str, Any]
TUTORIAL: Asked = {
    "to": "MLT",
    "avoid": "FJI",
    "element": "Nd",
    "plan": {"avoid": "ISL", "by": 2026, "target": 0.35},
}
SHIPPED: dict[str, Asked] = {
    "rare-earths": {"to": "KOR", "avoid": "CHN", "element": "Nd", "shock": "2025-magnets"},
    "cobalt": {
        "to": "KOR",
        "avoid": "CHN",
        "element": "Co",
        "shock": "cod-2025",
        "plan": {"avoid": "CHN,COD", "tier": "operating", "target": 0.9},
    },
    "gallium-germanium": {
        "to": "USA",
        "avoid": "CHN",
        "element": "Ga",
        "shock": "ban-usa",
        "plan": {"tier": "operating", "target": 0.9},  # what is being built needs no option
    },
}


def kinds(net: SupplyNetwork, asked: Asked) -> dict[str, Draw]:
    """Return a painter a kind of picture; each solves once."""
    to, avoid, element = asked["to"], asked["avoid"], asked["element"]
    asks: dict[str, Any] = {"to": to, "avoid": avoid}
    last = min(2030, net.commodity.last_year)
    wide: dict[str, Any] = {"year": last, "tier": "possible"}  # many ways
    alone = sn.coverage(net, **asks, **wide)
    before, bypass = sn.allocate(net, **wide), sn.bypass(net, **asks, **wide)
    after = sn.allocate(net, avoid=avoid, near=before, **wide)
    both = [
        sn.chokepoints(net, element=element, by="country", lens=lens, **asks)  # type: ignore[arg-type]
        for lens in ("location", "control")
    ]
    exposed = sn.trace(net, to=to, exposed_to=avoid)
    worst = sn.chokepoints.interdict(net, to=to, element=element, k=2)
    outlook = sn.coverage.outlook(net, to=to, avoid=avoid, year=last)
    indices = sn.indices(net, element=element)
    compared = sn.compare(net, "base", to=to, element=element)
    draw = sn.draw
    return {
        **_flows(net, element, alone, after, before),
        "map": lambda **look: draw.world_map(net, alone, element=element, **look),
        "years": lambda **look: draw.years(bypass, **look),
        "losses": lambda **look: draw.losses(both[0], beside=both[1], **look),
        "ranges": lambda **look: draw.losses(both[0], has_ranges=True, **look),
        "worst": lambda **look: draw.worst(worst, **look),
        "dependence": lambda **look: draw.dependence(exposed, **look),
        "concentration": lambda **look: draw.concentration(indices, **look),
        "outlook": lambda **look: draw.outlook(outlook, **look),
        "scenarios": lambda **look: draw.scenarios(compared, **look),
        **_in_time(net, asked, last),
    }


def _flows(
    net: SupplyNetwork, element: str, alone: Any, after: Any, before: Any
) -> dict[str, Draw]:
    """Return the painters of flows."""
    draw = sn.draw
    return {
        "layers": lambda **look: draw.layers(net, alone, element=element, **look),
        "plants": lambda **look: draw.layers(
            net, alone, element=element, level="facility", top=6, **look
        ),
        "sankey": lambda **look: draw.sankey(after, element=element, **look),
        "sankey_pair": lambda **look: draw.sankey(after, against=before, element=element, **look),
        "potential": lambda **look: draw.sankey(alone, element=element, **look),
    }


def _in_time(net: SupplyNetwork, asked: Asked, last: int) -> dict[str, Draw]:
    """Return the painters of months, ramps, plans and draws."""
    asks = {"to": asked["to"], "avoid": asked["avoid"]}
    shock = {"shock": asked["shock"]} if "shock" in asked else {"avoid": "ISL", **MONTHS}
    run = sn.shock(net, **shock)
    ends = {**asks, "by": last, "until": last, "target": 0.5, "tier": "committed"}
    ends |= asked.get("plan", {})
    chosen = sn.plan(net, **{**ends, "until": ends["by"]}, curve=0.1, alternatives=12)
    firm = {**asks, "tier": "operating", "draws": 256}
    study = sn.uncertainty(net, year=[net.commodity.base_year, last], **firm)
    single = sn.uncertainty(net, year=net.commodity.base_year, **firm)
    draw = sn.draw

    def plan(what: str) -> Draw:
        return lambda **look: draw.plan(chosen, what=what, **look)

    def sure(what: str) -> Draw:
        shown = study if what == "fan" else single  # the others show one year
        return lambda **look: draw.sure(shown, what=what, **look)

    return {
        "months": lambda **look: draw.months(run, **look),
        "ramps": lambda **look: draw.ramps(net, **look),
        **{f"plan_{what}": plan(what) for what in PLANS},
        **{f"sure_{what}": sure(what) for what in SURES},
    }


#: months of the small network in which a country is shut
MONTHS = {"during": "2024-02..2024-03", "begin": "2024-01", "end": "2024-04"}
PLANS = ("gantt", "curve", "matrix", "waterfall")
#: a study holds either figures or ranks: those of ranks are of another
SURES = ("fan", "exceedance", "tornado")
KINDS = (
    "layers",
    "plants",
    "sankey",
    "sankey_pair",
    "potential",
    "map",
    "years",
    "losses",
    "ranges",
    "worst",
    "dependence",
    "concentration",
    "outlook",
    "scenarios",
    "months",
    "ramps",
    *(f"plan_{what}" for what in PLANS),
    *(f"sure_{what}" for what in SURES),
)


def small() -> SupplyNetwork:
    """The tutorial with options, ranges and a late project."""
    return added(with_ranges(CAUSE, STOPS, PROJECT), "options", REFINERY, MAKER, OXIDE_LINK, THRIFT)
