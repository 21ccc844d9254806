"""The numbers of a study, in full, for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.report.evidence import assumed_share, corridor_loads, used_sources

if TYPE_CHECKING:
    from supplynet.report.study import Findings
    from supplynet.report.study_scenarios import Case


def data_of(found: Findings) -> dict[str, Any]:
    """Return the content of a study for the JSON writer."""
    result = found.result
    shown = [route for routes in found.sure_routes.values() for route in routes]
    return {
        **result.to_dict(),
        "is_certified": result.is_certified,
        "chokepoints": [
            {"lens": losses.question.lens, **losses.to_dict()}
            for one in found.losses
            for losses in (one.by_place, one.by_owner, one.nodes)
        ],
        "estimates": [
            {
                "element": one.element,
                "confidence_shares": one.flow.confidence,
                "assumed_share": assumed_share(one.flow),
                "demand_estimated_share": one.demand.estimated_share,
            }
            for one in result.elements
        ],
        "corridors": [
            {
                **load.rule.model_dump(mode="json"),
                "tonnes": dict(load.tonnes),
                "largest_share": load.share,
            }
            for load in corridor_loads(result)
        ],
        "sources": [source.model_dump(mode="json") for source in used_sources(result, shown)],
        "command": found.command,
        **({"scenarios": [_case(one) for one in found.cases]} if found.cases else {}),
        **({"worst": [one.to_dict() for one in found.worst]} if found.worst else {}),
        **({"contested": found.contest.to_dict()} if found.contest else {}),
    }


def _case(case: Case) -> dict[str, Any]:
    """What could arrive in one case of the scenarios compared, t/yr by element and tier."""
    return {
        "title": case.title,
        "scenarios": list(case.result.question.net.applied),
        "without": {
            one.element: {tier.name: tier.without for tier in one.tiers}
            for one in case.result.elements
        },
    }
