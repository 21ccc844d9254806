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
            for loss in found.losses
            for losses in (loss.by_place, loss.by_owner, loss.nodes)
        ],
        "estimates": [
            {
                "element": element.element,
                "confidence_shares": element.flow.confidence,
                "assumed_share": assumed_share(element.flow),
                "demand_estimated_share": element.demand.estimated_share,
            }
            for element in result.elements
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
        **({"scenarios": [_case(case) for case in found.cases]} if found.cases else {}),
        **({"worst": [worst.to_dict() for worst in found.worst]} if found.worst else {}),
        **({"contested": found.contest.to_dict()} if found.contest else {}),
    }


def _case(case: Case) -> dict[str, Any]:
    """What could arrive in one case of the scenarios compared, t/yr by element and tier."""
    return {
        "title": case.title,
        "scenarios": list(case.result.question.net.applied),
        "without": {
            element.element: {tier.name: tier.without for tier in element.tiers}
            for element in case.result.elements
        },
    }
