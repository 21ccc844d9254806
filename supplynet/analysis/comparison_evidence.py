"""What answers side by side carry so that others can check them: the programs of every answer.

Results and their rows are not named as types: they need this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.composed import Composed, Reading, changed
from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.flow import solve_question
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.proofs import Proof

#: which figure of an answer is told: table, key and row
Source = tuple[str, str, Mapping[str, Any]]

_ROWS = "whether rows and capacities say what the tables do"
#: the ends of the data
_ENDS = [end.name for end in ENDS.values()]


def compare_proof(
    answers: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Any],
    source: Callable[[Any, tuple[str, ...]], Source | Solved | None],
) -> Proof:
    """Return the programs of answers, and which of their figures each row tells.

    `source` says it for an answer and what a row is, or is the flow that it tells; None where
    nothing proves the figure.
    """
    whole = Composed()
    for name, answer in answers.items():
        whole.add(name, answer.proof())
    for row in rows:
        where = dict(zip(columns, row.what, strict=True))
        reads: list[Reading | None] = []
        for place, (name, answer) in enumerate(answers.items()):
            at = source(answer, row.what)
            if row.values[place] is None:
                reads.append(None)
                continue
            if isinstance(at, tuple):
                reads.append(whole.read(name, *at))
            else:
                told = ", ".join((name, *row.what))
                reads.append(None if at is None else _flow(whole, told, at))
            whole.tell("rows", f"values.{place}", reads[-1], where=where)
        if row.change is not None:
            whole.tell("rows", "change", changed(reads[0], reads[-1]), where=where)
    return whole.proof(_ROWS, "figures that are left open: ends of the data, losses, needs")


def _flow(whole: Composed, name: str, solved: Solved) -> Reading | None:
    """Add a flow; return how its value is read off it."""
    whole.add(name, [flow_proof(solved)])
    return whole.read(name, "", "value", {})


def scenarios_proof(result: Any) -> Proof:
    """Return the flows and balances of every case."""
    whole = Composed()
    for case, balance in zip(result.cases, result.balances, strict=True):
        whole.add(case, balance.proof())
    _contested(whole, result)
    has_flows = result.provenance.options["model"] == "flow"
    if has_flows:
        for row in result.potentials:
            _potential(whole, result, row)
    _additions(whole, result, has_flows=has_flows)
    return whole.proof(
        _ROWS,
        "needs of elements, elements in products, arrivals, what is added alone, and that no other "
        "balance is nearer to the first"
        + ("" if has_flows else "; potentials, whose programs are many"),
    )


def _contested(whole: Composed, result: Any) -> None:
    """Tell what nations get."""
    for case, balance in zip(result.cases, result.balances, strict=True):
        for row in (row for row in result.contested if row.case == case):
            told = {"nation": row.nation, "form": row.form}
            for key in ("demand", "served", "coverage"):
                read = whole.read(case, "coverage", key, told)
                whole.tell("contested", key, read, where={"case": case, **told})
            # levels that the rule settles are the same in every answer that is as good
            read = whole.read(case, "coverage", "served", told) if balance.levels else None
            for key in _ENDS:
                whole.tell("contested", key, read, where={"case": case, **told})
        for part in (part for part in result.parts if part.case == case):
            told = {"nation": part.nation, "what": part.what, "kind": part.kind, "case": case}
            product = {"nation": part.nation, "product": part.what}
            for key in ("demand", "served"):
                is_read = part.kind == "product"
                read = whole.read(case, "deliveries", key, product) if is_read else None
                whole.tell("contested_parts", key, read, where=told)


def _potential(whole: Composed, result: Any, row: Any) -> None:
    """Tell what could arrive, by its flow and those at both ends of the data."""
    question = result.sides.questions[result.cases.index(row.case)]
    where = {"case": row.case, "element": row.element, "tier": row.tier}
    floors: dict[str, Any] = {"links": row.links, "plants": row.plants}
    for key in ("value", *_ENDS):
        words = floors if key == "value" else {**floors, "level": key}
        solved = solve_question(question, row.element, **words)
        name = _flow_name(row.case, row.element, row.tier, key)
        read = _flow(whole, name, solved)
        whole.tell("potentials", key, read, where=where)
        if key == "value" and row.coverage is not None:
            all_needed = {"per": "demand", "most": "demand"}
            whole.tell("potentials", "coverage", read and {**read, **all_needed}, where=where)


def _flow_name(case: str, element: str, tier: str, key: str = "value") -> str:
    return f"{case}, {element}, {tier}, {key}"


def _additions(whole: Composed, result: Any, *, has_flows: bool) -> None:
    """Tell what several scenarios add together."""

    def read(case: str, kind: str, what: tuple[str, ...]) -> Reading | None:
        if kind == "potential":
            return whole.read(_flow_name(case, *what), "", "value", {}) if has_flows else None
        told = {"nation": what[0], "form": what[1]}
        return whole.read(case, "coverage", "served", told)

    for row in result.additions:
        base, own = (read(case, row.kind, row.what) for case in ("base", row.case))
        where = {"case": row.case, "kind": row.kind, "what": list(row.what)}
        whole.tell("additions", "base", base, where=where)
        whole.tell("additions", "together", changed(base, own), where=where)
