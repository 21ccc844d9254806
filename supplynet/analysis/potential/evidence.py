"""What a potential carries so that others can check it: programs, both ends of the data among them.

The names of the programs begin with an end of the data; the last of each end is the one whose
deliveries are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.evidence import add_shown, covered, renamed, shown_figures
from supplynet.analysis.balance.readings import SHOWN, Read, Sums, by_rows, of_elements, worths
from supplynet.analysis.flow.evidence import FlowProgram
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.potential.losses import rows_in
from supplynet.analysis.proofs import (
    MOST_CHARACTERS,
    Composed,
    Programs,
    Proof,
    Reading,
    column_names,
    figure,
    plain,
)
from supplynet.solve.lp.solve import proved
from supplynet.terms import ENDS, LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.potential.programs import Plan
    from supplynet.analysis.potential.solved import Beside, SolvedPotential


_OPEN = "whether rows say what the tables do; limits and their worth, surplus, maximum flows"
#: part of a demand within which what is left of it is rounding
ROUNDING = 1e-7
#: each end of a figure, and which of the programs of low, central and high it is
_ENDS = dict(zip((end.name for end in ENDS.values()), ("min", "max"), strict=True))


def add_beside(
    programs: Programs, solved: SolvedPotential, form: str, beside: Beside
) -> Iterator[Proof]:
    """Add what carries a form, and its coverage under conditions; yield what is read off them.

    `beside` is the answer that states both.
    """
    lp = solved.plan.model.program(solved.plan.served(form=form), maximize=True)
    columns = {row[0][:2]: row[3] for row in rows_in(solved.question, solved.plan.model)}
    for row in beside.carried_by:
        name, where = f"without {row.table} {row.id}", {"table": row.table, "id": row.id}
        upper = lp.upper.copy()
        upper[columns[row.table, row.id]] = 0.0
        left = replace(lp, upper=upper)
        programs.add(name, left, (), solution=proved(left)[0])
        room = ROUNDING * solved.form_figures[form][0]
        yield figure("carried_by", "tonnes", plain(name), where=where, room=room)
    for name in beside.conditions:
        other = solved.under(name)
        if other is None:
            continue
        add_cell(programs, name, other, is_whole=False)
        several = [f"{name} {end}" for end in ("shown", *(end.name for end in ENDS.values()))]
        options = covered(plain(form))["coverage"]
        yield figure(f"conditions.{name}", "value", several[0], **options)
        for key, fold in _ENDS.items():
            yield figure(f"conditions.{name}", key, *several, **options, end=fold)


def potential_proof(result: Any, *, has_elements: bool, beside: Beside | None = None) -> Proof:
    """Return the programs of a potential that were solved up to now.

    `beside` is an answer that states what carries the first form, and conditions.
    """
    programs, plans = Programs(), result.plans
    model, sums = result.plan.model, Sums(result.plan.model, result.x)
    forms = [row.form for row in result.forms if result.need]  # solved before elements
    held = list(_held(result, sums)) if has_elements else []
    add_shown(programs, SHOWN, model, column_names(model), result.x, sums)
    options = covered("{nation} {product}")["demand"]
    figures = [*shown_figures(), *held, figure("", "served", f"central {_first(result.plan)}")]
    if result.need:
        figures.append(figure("deliveries", "demand", SHOWN, **options))
        for of, table in (("product", "products"), ("form", "forms")):
            render = _told_by(model, of)
            add_shown(programs, f"shown by {of}", model, renamed(model, render), result.x)
            for level, plan in plans.items():
                lp, solution = plan.run.programs[next(reversed(plan.run.programs))]
                name = f"{level} by {of}"
                programs.add(name, lp, renamed(plan.model, render), solution=solution)
            figures += _rows(table, f"shown by {of}", f"{{level}} by {of}", f"{{{of}}}", plans)
    figures += [
        figure("forms", "alone", f"central form {form}", where={"form": form})
        if f"form {form}" in result.plan.run.further
        else figure("forms", "alone", "shown by form", where={"form": form}, sum=[f"served {form}"])
        for form in forms
    ]
    figures += _elements(result, plans) if has_elements else ()
    if beside is not None and result.form_figures:
        figures += add_beside(programs, result, next(iter(result.form_figures)), beside)
    used = {name for record in figures for name in record["of"]}
    for row in result.elements if has_elements else ():
        solved, name = solve_question(result.question, row.element), f"flow of {row.element}"
        FlowProgram(solved.graph.labels, solved.problem).add(programs, name, solved.solution)
        figures.append(figure("elements", "bound", name, where={"element": row.element}))
    duals = dict[str, Any]()
    for level, plan in plans.items():
        own = plan.run.programs
        for name, (lp, solution) in {**own, **plan.run.further}.items():
            if name in own or f"{level} {name}" in used:
                vector = programs.add(f"{level} {name}", lp, (), solution=solution)
                duals |= {name: vector} if level == "central" and name in own else {}
    return programs.proof(
        [*figures, *worths(result.binding, result.plan.run, duals, "central {}")], _OPEN
    )


def _held(result: SolvedPotential, sums: Sums) -> Iterator[Proof]:
    """Yield how much of each element is in what those that draw need and get."""
    model = result.plan.model
    drawing, held = model.scope.drawing, of_elements(model)
    for key, name in (("demand", "need"), ("served", "served")):
        read = list[Read]()
        for row in result.elements:
            terms: dict[int, float] = {}
            for (figure_, nation, element), more in held.items():
                is_meant = (figure_, element) == (key, row.element)
                terms |= more if is_meant and (not drawing or nation in drawing) else {}
            figure_of, lines = getattr(row, name), None
            if terms and figure_of is not None:
                lines = sums.add([*terms], [*terms.values()], figure_of)
            read.append(({"element": row.element}, lines))
        yield from by_rows("elements", name, SHOWN, read, room=sums.room)


def add_cell(
    programs: Programs, cell: str, answer: Any, *, is_whole: bool = True, has_ends: bool = True
) -> None:
    """Add what is shown of a potential by form, and its programs at each end of the data.

    Without `is_whole` the first, which is what comes in all, and the last.
    """
    model, render = answer.plan.model, _told_by(answer.plan.model, "form")
    add_shown(programs, f"{cell} shown", model, renamed(model, render), answer.x)
    for level, plan in answer.plans.items() if has_ends else [("central", answer.plan)]:
        names = renamed(plan.model, render)  # of all programs of a plan
        for name, (lp, solution) in plan.run.programs.items():
            is_last = name == next(reversed(plan.run.programs))
            if not (is_whole or is_last or name == _first(plan)):
                continue
            program = f"{cell} {level}" if is_last else f"{cell} {level} {name}"
            programs.add(program, lp, names, solution=solution)


def _first(plan: Plan) -> str:
    return next(iter(plan.run.programs))


def _told_by(model: Model, of: str) -> Callable[[str, str], str | None]:
    """Return what variables of demand are reported by: a product or form of those that draw."""
    drawing, products = model.scope.drawing, model.scope.net.product_by_id

    def told(nation: str, product: str) -> str | None:
        if drawing and nation not in drawing:
            return None
        return product if of == "product" else str(products[product].form)

    return told


def _rows(
    table: str, shown: str, span: str, of: str, levels: Sequence[str] | Mapping[str, object]
) -> list[Proof]:
    """Return need, served and coverage of a table, with their ends."""
    served, unmet = f"served {of}", f"unmet {of}"
    figures = [
        figure(table, "need", shown, **covered(of)["demand"]),
        figure(table, "served", shown, sum=[served]),
        figure(table, "coverage", shown, **covered(of)["coverage"]),
    ]
    several = [shown, *(span.replace("{level}", level) for level in levels if level != "central")]
    for end, fold in _ENDS.items():
        figures += [
            figure(table, end, *several, sum=[served], end=fold),
            figure(
                table, f"coverage_{end}", *several, sum=[served], over=[served, unmet], end=fold
            ),
        ]
    return figures


def _elements(result: Any, plans: Mapping[str, Plan]) -> list[Proof]:
    """Return the most of each element and of baskets, as far as they were asked for."""
    stated = [("elements", "element", row.element) for row in result.elements]
    stated += [("baskets", "members", row.members) for row in result.baskets]
    figures = []
    for table, key, name in stated:
        program = f"element {name.replace(', ', ' and ')}"
        options = {"where": {key: name}, "most": "need"}
        several = [f"{level} {program}" for level in plans]
        figures.append(figure(table, "within", f"central {program}", **options))
        beyond = f"{program} beyond demand"
        if beyond in result.plan.run.further:
            words_beyond = {"where": {key: name}, "less": "within"}
            figures.append(figure(table, "beyond", f"central {beyond}", **words_beyond))
        figures += [figure(table, key, *several, **options, end=end) for key, end in _ENDS.items()]
    return figures


def bypass_proof(answers: Mapping[str, tuple[Any, Any]], text: Any) -> Proof:
    """Return what could come by tier, without what is avoided and with everything open.

    `answers` are potentials by tier; the answer is not named as a type: it needs this module.
    """
    composed, programs = Composed(is_sparing=True), Programs()
    form = next(iter(text.answer.form_figures), "")
    beside = list(add_beside(programs, text.answer, form, text)) if form else []
    composed.add("beside", [programs.proof(beside)])
    for record in beside:
        composed.tell(
            record["table"], record["key"], record | {"of": [f"beside: {n}" for n in record["of"]]}
        )
    for tier, (without, is_open) in answers.items():
        composed.add(f"{tier} without", without.proof())
        composed.add(f"{tier} open", is_open.proof())
    for row in text.rows:
        own = "served" if row.kind == "form" else "within"

        def read(part: str, key: str, row: Any = row) -> Reading | None:
            own, at = answers[row.tier][part == "open"], {row.kind: row.what}
            names = [element.element for element in own.elements if row.kind == "element"]
            number = names.index(row.what) if names else None
            facts = composed.read(f"{row.tier} {part}", f"{row.kind}s", key, at, number)
            # of an element no more counts than what is needed
            return facts and {**facts, **({"most": "demand"} if "most" in facts else {})}

        where = {"tier": row.tier, "kind": row.kind, "what": row.what}
        shut, every = read("without", own), read("open", own)
        composed.tell("rows", "without", shut, where=where)
        if shut and every:  # what is shut is a way to do it with everything open, too
            most = {**shut, "of": [*shut["of"], *every["of"]], "end": "max"}
            composed.tell("rows", "with_all", most, where=where)
        for key in _ENDS:
            composed.tell("rows", key, read("without", key), where=where)
            if row.kind == "form":
                end = f"coverage_{key}"
                composed.tell("rows", end, read("without", end), where=where)
        if row.demand is not None:
            composed.tell("rows", "demand", read("without", "need"), where=where)
            composed.tell("rows", "coverage", shut and {**shut, "per": "demand"}, where=where)
    return composed.proof(_OPEN, "needs of elements")


def outlook_proof(result: Any) -> Proof:
    """Return the programs of every cell of an outlook at the middle and both ends of the data.

    What other cells than the first cover under conditions has no room: it is asked again.
    """
    programs, figures = Programs(), list[Proof]()
    for answer, tier in result.answers:
        query = answer.question
        add_cell(programs, f"{query.to} {query.year} {tier}", answer)
    if result.answers and result.rows:
        first = result.rows[0]
        solved = result.answer(first.year, first.tier)
        levels = [level.name for level in LEVELS.values()]
        cell = "{to} {year} {tier}"
        figures += _rows("rows", f"{cell} shown", f"{cell} {{level}}", "{form}", levels)
        figures += add_beside(programs, solved, first.form, result)
    return programs.proof(figures, _OPEN)


def headline_proof(result: Any, year: int, tier: str) -> Proof:
    """Return the programs of one cell of an outlook: what a page has room for."""
    programs, answer = Programs(), result.answer(year, tier)
    cell = f"{answer.question.to} {year} {tier}"
    add_cell(programs, cell, answer, is_whole=False)
    of, levels = plain(cell), [level.name for level in LEVELS.values()]
    figures = _rows("rows", f"{of} shown", f"{of} {{level}}", "{form}", levels)
    where = {"to": answer.question.to, "year": year, "tier": tier}
    others = [figure("rows", key) for key in dict.fromkeys(record["key"] for record in figures)]
    return programs.proof([*others, *(record | {"where": where} for record in figures)], _OPEN)


#: by how late plants come, tier and year: the answer, and the one without scenarios
Answers = Mapping[tuple[int, str, int], tuple["SolvedPotential", "SolvedPotential"]]

#: figures of a row that are proved
_KEYS = ("need", "served", "before", "dependence", "dependence_low", "dependence_high")
_OPEN_BY_YEAR = (
    "whether rows say what the tables do, whether what comes is shared out as evenly as can be, "
    "months between the years, and the binding constraint"
)


def progress_proof(answers: Answers) -> Proof:
    """Return the programs of every year, late plants and tier, with both ends of the data.

    Rows of which the programs would make the proof too large are left open.
    """
    programs, figures = Programs(), list[Proof]()
    for (slip, tier, year), (answer, bare) in answers.items():
        where = {"slip": slip, "tier": tier, "year": year}
        if programs.size > MOST_CHARACTERS:
            figures += [figure("rows", key, where=where) for key in _KEYS]
            continue
        cell = f"{slip} {tier} {year}"
        add_cell(programs, cell, answer, is_whole=False)
        before = f"{cell} shown"
        if bare is not answer:
            add_cell(programs, f"{cell} before", bare, is_whole=False, has_ends=False)
            before = f"{cell} before shown"
        figures += (
            figure("rows", key, *of, **options, where=where)
            for key, (of, options) in zip(_KEYS, _figures(cell, before), strict=True)
        )
    is_whole = programs.size <= MOST_CHARACTERS
    return programs.proof(
        figures, _OPEN_BY_YEAR, *([] if is_whole else ["rows that are left open"])
    )


def _figures(cell: str, before: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield how each figure of a row is read off the programs of its cell."""
    record, shown = covered("{form}"), f"{cell} shown"
    both = [shown, *(f"{cell} {end.name}" for end in ENDS.values())]
    lacks = {"sum": record["unmet"]["sum"], "over": record["demand"]["sum"]}
    yield [shown], record["demand"]
    yield [shown], record["served"]
    yield [before], record["served"]
    yield [shown], lacks
    yield both, {**lacks, "end": "min"}
    yield both, {**lacks, "end": "max"}
