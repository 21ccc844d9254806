"""What a flow, a cut and a bypass carry so that others can check every flow that they state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.attackable import flows_without
from supplynet.analysis.flow.evidence import COVERED, FLOW, NO_WAY, FlowProgram, Flows, flow_proof
from supplynet.analysis.flow.flow import member_arcs, solve_question
from supplynet.analysis.proofs import Programs, Proof
from supplynet.network.demand import demand
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.analysis.flow.rows import Carrier, FlowResult, Tier
    from supplynet.analysis.question import Question

#: a flow at each end of the data
_AT_ENDS: dict[str, Any] = {end: {"level": end} for end in ENDS}


def answer_proof(flow: FlowResult, limits: str = "cut", within: Programs | None = None) -> Proof:
    """Return a flow with its routes and ends, and what they cover, each with its cut.

    `limits` is the table of limits of smallest cuts: each is used in full by a flow that is as
    large as they are. `within` are the programs of the answer that it lies in.
    """
    request, solved, flows = (flow.question, flow.element), flow.solved, Flows(within)
    options = {**_AT_ENDS, "value_if_unknown_open": {"closed": flow.question.shut.surely}}
    flow_proof(solved, has_ways=True, further=flows)
    for key, variant in options.items():
        flows.add(("", key), key, solve_question(*request, **variant))
    _add_covered(flows, "", "", request, flow)
    flows.add_covered(("demand", "value"), COVERED, solved, flow.demand.value)
    if flow.demand.value:
        flows.read(("", "coverage"), COVERED)
    program, members = FlowProgram(solved.graph.labels, solved.problem), getattr(flow, limits)
    for row, arcs in zip(members, member_arcs(solved, members), strict=True):
        names = program.named(arcs)
        where = {"kind": row.kind, "id": row.id}
        flows.read((limits, "capacity"), *[FLOW] * bool(names), sum=names, where=where)
    return flows.proof()


def bypass_proofs(
    elements: Sequence[ElementBypass], carried: Sequence[Carrier]
) -> tuple[Proof, list[Proof]]:
    """Return every flow that the bypass of some elements states, each with its cut.

    Behind it come the proofs of the flow of each element, whose programs it has.
    """
    flows = Flows()
    for element in elements:
        _add_tiers(flows, element)
        _add_via(flows, element)
        place, name = ("elements.demand", "value"), f"{{element}} {COVERED}"
        solved, where = element.flow.solved, {"element": element.element}
        flows.add_covered(place, name, solved, element.demand.value, where=where)
    for row, flow in zip(carried, flows_without(elements[0].flow, carried), strict=True):
        where = {"table": row.table, "id": row.id}
        flows.add(("carried_by", "tonnes"), "without {table} {id}", flow, where=where)
    nested = [answer_proof(element.flow, within=flows.programs) for element in elements]
    return flows.proof(), nested


def _add_covered(
    told: Flows,
    table: str,
    name: str,
    asked: tuple[Question, str],
    row: FlowResult | Tier,
    **options: Any,
) -> None:
    """Add what the ends of a flow cover of the opposite ends of a demand."""
    question, element = asked
    floor = {key: options.pop(key) for key in ("links", "plants") if key in options}
    for end, level in ENDS.items():
        key, need = f"coverage_{end}", level.opposite
        if row.coverage_low is None:
            told.read((table, key), open=0, **options)
            continue
        tonnes = demand(question.net, question.targets, element, question.year, need=need).value
        flow = solve_question(*asked, level=end, need=need, **floor)
        told.add((table, key), f"{name}{key}", flow, times=1.0 / tonnes, cap=1.0, **options)


def _add_tiers(flows: Flows, element: ElementBypass) -> None:
    """Add flows on each tier, with the ends of that which is asked for."""
    request, of = (element.question, element.element), {"element": element.element}
    for tier in element.tiers:
        name, where = "{element} {tier} ", {**of, "tier": tier.tier}
        floor: dict[str, Any] = {"links": tier.links, "plants": tier.plants}
        has_ends = tier.tier == element.question.tier
        for key, variant in {"without": {}, **(_AT_ENDS if has_ends else {})}.items():
            flow = solve_question(*request, **(variant | floor))
            flows.add(("elements.tiers", key), f"{name}{key}", flow, where=where)
        if has_ends:
            _add_covered(flows, "elements.tiers", name, request, tier, where=where, **floor)


def _add_via(record: Flows, element: ElementBypass) -> None:
    """Add flows by way of countries, which are ranked by them."""
    of = {"element": element.element}
    for word, flow in zip(element.via, element.through, strict=False):
        place, at = ("elements.via", "through"), {**of, "via": word}
        record.add(place, "{element} by {via}", flow.solved or NO_WAY, where=at)
