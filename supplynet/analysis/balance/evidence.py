"""What a balance carries so that others can check it: its programs, ranges and worst losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from supplynet.analysis.balance.ranges import rounding_of
from supplynet.analysis.proofs import (
    Programs,
    Proof,
    column_names,
    elements_of,
    figure,
    is_paid,
    packed,
    plain,
    removal_within,
    tree_of,
)
from supplynet.solve.interdiction.program_problem import CLOSE
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import widened
from supplynet.solve.lp.solve import proved, proved_again
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.balance.figures import Figure
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Vector
    from supplynet.solve.interdiction.program_problem import ProgramAttack, ProgramAttackSolution
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

    # low end, figure shown and high end
    _Span = tuple[float, float, float]

#: the point that is shown
SHOWN = "shown"
#: so many of the largest losses are proved: programs of hundreds would make a page of megabytes
PROVED_LOSSES = 50
#: figures of a loss
_LOSS = "served", "loss", "loss_share"
# how far the scaled programs of losses may be off, as where they were found
_TOLERANCE = 1e-9
_ROWS = "whether rows say what the tables do"
#: programs count money in thousands
_THOUSAND = 1000.0


def balance_proof(result: Any, *, has_figures: bool = True, has_ranges: bool = False) -> Proof:
    """Return the programs of a balance.

    `result` is a BalanceResult, not named as a type: it needs this module. Its tables are reported
    with `has_figures`, ranges that were asked for up to now with `has_ranges`.
    """
    run, model, programs = result.run, result.run.model, Programs()
    names = column_names(model)
    by_form = renamed(model, lambda nation, product: f"{nation} {_form(model, product)}")
    add_shown(programs, SHOWN, model, names, result.x)
    add_shown(programs, "shown by form", model, by_form, result.x)
    for name in result.certificates:
        if name in run.programs:
            lp, solution = run.programs[name]
            programs.add(name, lp, (), solution=solution)
    if not has_figures:
        return programs.proof((), _ROWS)
    figures = [
        *shown_figures(),
        *(
            figure("coverage", key, "shown by form", **record)
            for key, record in covered("{nation} {form}").items()
        ),
        *_form_figures(result),
        *(_range_figures(result, programs) if has_ranges else ()),
    ]
    if model.scope.demand:
        figures += [
            figure(
                "deliveries", key, SHOWN, where={"nation": nation, "product": product}, **options
            )
            for nation, product in model.scope.demand
            for key, options in covered(f"{nation} {product}").items()
        ]
    figures += _limits(result)
    if result.money is not None and "cost" in run.programs:
        bounds = {level: f"cost, {level} figures" for level in ENDS} | {"central": "cost"}
        for level, name in bounds.items():
            if name in result.certificates:
                figures.append(figure("money.optimum", level, name, times=_THOUSAND))
    open_ones = (
        "what deliveries hold, scrap, money, worth of limits, steps, ends of the data, conditions"
    )
    return programs.proof(figures, _ROWS, open_ones)


def _limits(result: Any) -> Iterator[Proof]:
    """Yield how much of every capacity is used, and what the limits that bind are."""
    from supplynet.analysis.balance.tables import rounding_in, used_rows

    model, room = result.run.model, rounding_in(result.x)
    lines = packed(np.array([row for _, row in used_rows(model, result.x)], dtype=np.int64))
    yield figure("utilization", "used", SHOWN, lines=lines, room=room)
    yield figure("utilization", "capacity", SHOWN, lines=lines, is_limit=True)
    first = packed(np.array([row.rows[0] for row in result.binding], dtype=np.int64))
    yield figure("binding", "capacity", SHOWN, lines=first, is_limit=True)


def shortage_proof(result: Any, claims: Sequence[tuple[str, str]]) -> Proof:
    """Return the programs of a balance, and what some needs of nation and product lack in it."""
    unmet = [f"unmet {nation} {product}" for nation, product in claims]
    return {
        **balance_proof(result, has_figures=False),
        "figures": [figure("", "shortage", SHOWN, sum=unmet)],
        "open": [_ROWS, "which limits would have to be lifted, by how much, and that no fewer do"],
    }


def supply_proof(model: Model, x: Vector, served: Sequence[int]) -> Proof:
    """Return what moves in a balance, and what some of its variables serve."""
    programs, names = Programs(), column_names(model)
    add_shown(programs, SHOWN, model, names, x)
    texts = [names[column] for column in served]
    open_ones = "that no other flows are as good, and what plants bring for a tonne"
    return programs.proof([figure("", "served", SHOWN, sum=texts)], _ROWS, open_ones)


def add_shown(programs: Programs, name: str, model: Model, names: Sequence[str], x: Vector) -> None:
    """Add a solution that is shown as a point of the rows of the model.

    Only what moves has a name, and what is served or not: nothing else is read off it.
    """
    lp = model.program(np.zeros(len(model.columns)), maximize=True)
    point = x[: lp.c.size]
    is_read = (point > 0.0).tolist()
    texts = [
        text if is_there or text.startswith(("served ", "unmet ")) else ""
        for text, is_there in zip(names, is_read, strict=True)
    ]
    programs.add(name, lp, texts, x=point)


def shown_figures() -> Iterator[Proof]:
    """Yield what moves and what arrives, read off the solution that is shown."""
    yield figure("flows", "tonnes", SHOWN, sum=["{kind} {tail}>{head} {what}"])
    yield figure("deliveries", "served", SHOWN, sum=["served {nation} {product}"])
    yield figure("surplus", "tonnes", SHOWN, sum=["surplus {node} {element}"])


def covered(of: str) -> dict[str, dict[str, list[str]]]:
    """Return how need, served and coverage are read off variables of demand."""
    served, unmet = f"served {of}", f"unmet {of}"
    return {
        "demand": {"sum": [served, unmet]},
        "served": {"sum": [served]},
        "unmet": {"sum": [unmet]},
        "coverage": {"sum": [served], "over": [served, unmet]},
    }


def renamed(model: Model, render: Callable[[str, str], str | None]) -> list[str]:
    """Return names of variables of demand by nation and product; all others have none."""
    changed = [""] * len(model.columns)
    for kind in ("served", "unmet"):
        for column, (nation, product) in model.columns.of(kind):
            belongs = render(str(nation), str(product))
            if belongs is not None:
                changed[column] = f"{kind} {belongs}"
    return changed


def _form_figures(result: Any) -> Iterator[Proof]:
    """Yield what all nations together ask for and get of each form."""
    for form in dict.fromkeys(row.form for row in result.coverage):
        nations = [row.nation for row in result.coverage if row.form == form]
        served, unmet = (
            [plain(f"{kind} {nation} {form}") for nation in nations] for kind in ("served", "unmet")
        )
        options = {"demand": {}, "served": {}, "coverage": {"over": [*served, *unmet]}}
        options["demand"]["sum"] = [*served, *unmet]
        options["served"]["sum"] = options["coverage"]["sum"] = served
        for key, record in options.items():
            yield figure("forms", key, "shown by form", where={"form": form}, **record)


def _form(model: Model, product: str) -> str:
    return str(model.scope.net.product_by_id[product].form)


def _range_figures(result: Any, programs: Programs) -> Iterator[Proof]:
    """Yield ends of ranges by their programs; an end without one is the figure that is shown."""
    names, model = result.run.further, result.run.model
    largest = float(np.abs(result.run.x).max(initial=0.0))

    def as_shown(name: str, told_by: Figure, times: float) -> str:
        """Add the solution shown, with the figure so many times its objective."""
        lp = model.program(told_by.objective / times, maximize=True)
        lp = _with_constant(lp, told_by.constant / times)
        programs.add(name, lp, (), x=_with_ones(result.x[: len(model.columns)], lp))
        return name

    def ends_of(
        table: str,
        where: Mapping[str, object],
        name: str,
        told_by: Figure,
        span: _Span,
        *served: str,
    ) -> Iterator[Proof]:
        weight = float(np.abs(told_by.objective).max(initial=0.0)) or 1.0
        room = rounding_of(str(where.get("kind")), told_by, *span, largest)
        room = max(room, told_by.rounding(result.x))
        for key, which, fold in (("low", "least", "min"), ("high", "most", "max")):
            program, of = f"{which} {name}", list[str]()
            times, is_inside = weight if which == "most" else -weight, False
            if program in names:
                lp, solution = names[program]
                lp = _with_constant(lp, told_by.constant / times)
                of.append(f"{table} {program}")
                programs.add(
                    of[0], lp, (), solution=replace(solution, x=_with_ones(solution.x, lp))
                )
                # a pin keeps what was reached but for rounding, which may move what is shown more
                end = told_by.constant + times * solution.objective
                is_inside = end - room <= span[1] if which == "least" else span[1] <= end + room
            elif served:  # variables that the figure adds up
                yield figure(table, key, "shown by form", where=where, sum=served)
                continue
            if not is_inside and told_by.mixes is None:
                of.append(as_shown(f"{table} {program} as shown", told_by, times))
            yield figure(table, key, *of, where=where, end=fold, times=times, room=room)

    if result.has_ranges:
        for row in result.ranges():
            key, where = (row.nation, row.form), {"nation": row.nation, "form": row.form}
            told_by = result.figure_of("coverage", *key)
            name, bounds = " ".join(key), (row.low, row.served, row.high)
            yield from ends_of("ranges", where, name, told_by, bounds, f"served {name}")
        yield figure("ranges", "served", "shown by form", sum=["served {nation} {form}"])
    for span in result.known_ranges:
        told_by = result.figure_of(span.kind, *span.key)
        at, name = {"kind": span.kind, "key": list(span.key)}, " ".join((span.kind, *span.key))
        bounds = span.low, span.shown, span.high
        yield from ends_of("further_ranges", at, name, told_by, bounds)


def _with_constant(lp: LinearProgram, constant: float) -> LinearProgram:
    """Return a program whose objective has a constant: a variable more, that stands at 1."""
    if not constant:
        return lp
    return widened(lp, 1, c=np.append(lp.c, constant), lower=1.0, upper=1.0)


def _with_ones(x: Vector, lp: LinearProgram) -> Vector:
    return np.append(x, np.ones(lp.c.size - x.size))


def disruptions_proof(
    lp: LinearProgram,
    served: float,
    rows: Sequence[Any],
    columns: Mapping[tuple[str, str], npt.ArrayLike],
    time_limit: float | None,
) -> Proof:
    """Return the program with everything in place, and those without each of the largest losses.

    `columns` are the variables that are lost with each row, by its id and stage. Programs are
    solved anew: most losses were read off the solution of another.
    """
    programs, base, figures = Programs(), "everything in place", list[Proof]()
    engine = LinearEngine(lp, time_limit=time_limit, tolerance=_TOLERANCE)
    programs.add(base, lp, (), solution=proved_again(engine, time_limit=time_limit)[0])
    for index, row in enumerate(rows):
        where, name = {"id": row.id, "stage": row.stage}, f"without loss {index + 1}"
        if index >= PROVED_LOSSES:
            figures += [figure("rows", key, where=where) for key in _LOSS]
            continue
        places = np.asarray(columns[row.id, row.stage], dtype=np.int32)
        lower, upper = np.array(lp.lower), np.array(lp.upper)
        lower[places] = upper[places] = 0.0
        engine.bound(places, 0.0, 0.0)
        solution, _ = proved_again(engine, time_limit=time_limit)
        engine.restore()
        programs.add(name, replace(lp, lower=lower, upper=upper), (), solution=solution)
        less: dict[str, Any] = {"where": where, "end": "change"}
        share = 1.0 / served if served else 0.0
        figures += [
            # solved anew, nothing may be a little more or less than it was
            figure("rows", "served", name, where=where, room=GAP_TOLERANCE * served),
            figure("rows", "loss", name, base, **less),
            figure("rows", "loss_share", name, base, times=share, **less),
        ]
    what = f"losses after the {PROVED_LOSSES} largest" if len(rows) > PROVED_LOSSES else "demand"
    return programs.proof([figure("", "served", base), *figures], _ROWS, what)


def losses_proof(
    model: Model,
    ids: Sequence[str],
    attack: ProgramAttack,
    program_attack_solution: ProgramAttackSolution,
    demand: Sequence[str],
    smaller: Mapping[str, tuple[float, ProgramAttackSolution]],
    ranked: Sequence[int],
) -> Proof:
    """Return the worst losses within a budget, and solutions that do without others.

    `demand` are the variables that add up to what is asked for, `smaller` other budgets and their
    worst by where the answer states them, and `ranked` what ranks highest one by one.
    """
    programs, names, base = Programs(), column_names(model), "everything in place"
    programs.add(base, attack.lp, names, solution=program_attack_solution.unattacked)

    def removal(members: Sequence[int], solution: LinearSolution) -> Proof:
        return programs.removal([ids[n] for n in members], attack.without(members), solution)

    attacks = []
    for country, (size, worst) in {"": (attack.budget, program_attack_solution), **smaller}.items():
        solved = zip(worst.sets, worst.set_solutions, strict=True)
        removed = [removal(*row) for row in solved if is_paid(attack.cost, row[0], size)]
        keys = {key: country + key for key in ("value", "bound", "budget")}
        keys |= {"told": f"{country}sets"}
        if country and worst is program_attack_solution:  # a smaller budget that does as much
            attacks.append(removal_within(removed, **keys))
            continue
        margin = CLOSE * (abs(program_attack_solution.unattacked.objective) or 1.0)
        points = [witness.x for witness in worst.witnesses if witness.value >= worst.bound - margin]
        used = [attack.used(x) for x in points]
        bounds = {
            tuple(route.items()): {"x": packed(points[n]), "price": 0.0}
            for route, n in _parts(used, attack.cost, {}, size * (1 + CLOSE))
        }
        tree = list(tree_of(ids, bounds))
        attacks.append({"safe": [], "step": 0.0, "removed": removed, "tree": tree, **keys})
    attacks[0] |= {"costs": "removed", "n": "n_candidates"}
    if ranked:
        solution, _ = proved(attack.without(ranked))
        attacks.append(removal_within([removal(ranked, solution)]))
    sets = [np.asarray(places, dtype=np.int64) for places in attack.sets]
    request = [figure("", "demand", base, sum=list(demand))] if demand else []
    return programs.proof(
        [figure("", "whole", base), *request],
        _ROWS,
        "whether further sets are as bad",
        elements=elements_of(base, ids, sets, attack.cost),
        attacks=attacks,
    )


def _parts(
    used: Sequence[frozenset[int]], cost: Vector, route: dict[int, bool], left: float
) -> Iterator[tuple[dict[int, bool], int]]:
    """Yield parts of all removals, each with a solution that nothing which may be lost touches."""
    open_ones = [
        (index, {n for n in elements if n not in route and cost[n] <= left})
        for index, elements in enumerate(used)
        if not any(route.get(n) for n in elements)
    ]
    index, others = min(open_ones, key=lambda pair: len(pair[1]))
    if not others:
        yield route, index
        return
    element = min(others)
    yield from _parts(used, cost, {**route, element: True}, left - float(cost[element]))
    yield from _parts(used, cost, {**route, element: False}, left)
