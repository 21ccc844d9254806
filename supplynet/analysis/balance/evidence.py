"""What a balance carries so that others can check it: its programs, ranges and worst losses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from supplynet.analysis.balance.figures import Figure
from supplynet.analysis.balance.programs import supply
from supplynet.analysis.balance.ranges import rounding_of
from supplynet.analysis.balance.readings import SHOWN, Sums, prices, step_figures, summed, worths
from supplynet.analysis.balance.spread import IN_ALL
from supplynet.analysis.balance.tables import rounding_in
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
from supplynet.arrays import Floats
from supplynet.solve.interdiction.program import CLOSE
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import widened
from supplynet.solve.lp.solve import proved, proved_again
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.outcome import CoverageRange, Range
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.solve.interdiction.program import ProgramAttack, ProgramAttackSolution
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

    # low end, figure shown and high end
    _Span = tuple[float, float, float]

#: so many of the largest losses are proved: programs of hundreds would make a page of megabytes
PROVED_LOSSES = 50
# how far the scaled programs of losses may be off, as where they were found
_TOLERANCE = 1e-9
_ROWS = "whether rows say what the tables do"
#: programs count money in thousands
_THOUSAND = 1000.0


def balance_proof(
    result: SolvedBalance,
    *,
    has_figures: bool = True,
    spans: Iterable[CoverageRange] = (),
    answer: Any = None,
) -> Proof:
    """Return the programs of a balance.

    Its tables are reported with `has_figures`, ranges that are shown as `spans`; with the `answer`
    that is read off it, an AllocateResult, its ends of the data, steps and ranges, too.
    """
    run, model, programs = result.run, result.run.model, Programs()
    names, sums = column_names(model), Sums(model, result.x)
    by_form = renamed(model, lambda nation, product: f"{nation} {_form(model, product)}")
    ranged = () if answer is None else answer.further_ranges
    further = list(summed(result, sums, ranged)) if has_figures else []
    add_shown(programs, SHOWN, model, names, result.x, sums)
    add_shown(programs, "shown by form", model, by_form, result.x)
    duals: dict[str, Floats | None] = {}
    for name in result.certificates:
        if name in run.programs:
            lp, solution = run.programs[name]
            duals[name] = programs.add(name, lp, (), solution=solution)
    if not has_figures:
        return programs.proof((), _ROWS)
    figures = [
        *shown_figures(),
        *further,
        *worths(result.binding, run, duals),
        *prices(result, None if result.money is None else duals.get(result.money.program)),
        *(_at_ends(result, programs, answer) if answer else ()),
        *_served(result),
        *_range_figures(result, programs, answer.ranges if answer else spans, ranged),
        *(step_figures(result, programs, duals, answer.steps) if answer else ()),
    ]
    figures += _limits(result)
    if result.money is not None:
        best = result.money.program
        bounds = {level: f"{best}, {level} figures" for level in ENDS} | {"central": best}
        for level, name in bounds.items():
            if name in result.certificates:
                figures.append(figure("money.optimum", level, name, times=_THOUSAND))
    return programs.proof(figures, _ROWS, "firm deliveries, worth by table, and dead ends")


def _served(result: SolvedBalance) -> Iterator[Proof]:
    """Yield what each nation, and all of them, ask for and get of each form and product."""
    for key, record in covered("{nation} {form}").items():
        yield figure("coverage", key, "shown by form", **record)
    yield from _form_figures(result)
    for nation, product in result.run.model.scope.demand:
        at = {"nation": nation, "product": product}
        for key, options in covered(f"{nation} {product}").items():
            yield figure("deliveries", key, SHOWN, where=at, **options)


def _limits(result: SolvedBalance) -> Iterator[Proof]:
    """Yield how much of every capacity is used, and what it is."""
    from supplynet.analysis.balance.tables import used_rows

    model, room = result.run.model, rounding_in(result.x)
    lines = packed(np.array([row for _, row in used_rows(model, result.x)], dtype=np.int64))
    yield figure("utilization", "used", SHOWN, lines=lines, room=room)
    yield figure("utilization", "capacity", SHOWN, lines=lines, is_limit=True)


def shortage_proof(
    result: SolvedBalance,
    claims: Sequence[tuple[str, str]],
    lifted: Mapping[str, tuple[str, Sequence[str]]],
) -> Proof:
    """Return the programs of a balance, and what some needs of nation and product lack in it.

    `lifted` has by table the program of the least amounts by which some limits must be lifted, and
    what its last variables lift.
    """
    unmet = [f"unmet {nation} {product}" for nation, product in claims]
    proof, programs = balance_proof(result, has_figures=False), Programs()
    programs.take(proof, "")
    figures = [figure("", "shortage", SHOWN, sum=unmet)]
    for table, (name, names) in lifted.items():
        lp, solution = result.run.programs[name]
        texts = [*[""] * (lp.c.size - len(names)), *names]
        programs.add(name, lp, texts, solution=solution)
        figures.append(figure(table, "more", name, sum=["{kind} {id}"]))
    return programs.proof(figures, _ROWS, "that no fewer limits do")


def supply_proof(
    model: Model,
    x: Floats,
    served: Sequence[int],
    add_mixture: Callable[[Programs, str], Iterator[Proof]],
) -> Proof:
    """Return what moves in a balance, what some of its variables serve, and what mixes on the way.

    `add_mixture` adds a program whose rows rest on the one that has the name, and returns
    the figures that are read off it.
    """
    programs, names = Programs(), column_names(model)
    add_shown(programs, SHOWN, model, names, x)
    texts = [names[column] for column in served]
    figures = [figure("", "served", SHOWN, sum=texts), *add_mixture(programs, SHOWN)]
    open_ones = "that no other flows are as good, and what plants bring for a tonne"
    return programs.proof(figures, _ROWS, open_ones)


def add_shown(
    programs: Programs,
    name: str,
    model: Model,
    names: Sequence[str],
    x: Floats,
    sums: Sums | None = None,
) -> None:
    """Add a solution that is shown as a point of the rows of the model, and of sums behind them.

    Only what moves has a name, and what is served or not: nothing else is read off it.
    """
    lp = model.program(np.zeros(len(model.columns)), maximize=True)
    if sums:
        programs.know(lp)
        lp = widened(lp, a_ub=sums.matrix(), b_ub=np.finfo(np.float64).max)
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


def _form_figures(result: SolvedBalance) -> Iterator[Proof]:
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


def _range_figures(
    result: SolvedBalance,
    programs: Programs,
    spans: Iterable[CoverageRange],
    further: Iterable[Range],
) -> Iterator[Proof]:
    """Yield ends of ranges by their programs; an end without one is the figure that is shown."""
    ends = _Ends(programs, result.run, result.x)

    def ends_of(
        table: str,
        where: Mapping[str, object],
        name: str,
        told_by: Figure,
        span: _Span,
        *served: str,
    ) -> Iterator[Proof]:
        for key, which in (("low", "least"), ("high", "most")):
            if f"{which} {name}" not in result.run.further and served:  # what the figure adds up
                yield figure(table, key, "shown by form", where=where, sum=served)
                continue
            kind = str(where.get("kind"))
            of, read = ends.read(f"{which} {name}", f"{table} ", told_by, span, kind)
            yield figure(table, key, *of, where=where, **read)

    for row in (rows := list(spans)):
        key, where = (row.nation, row.form), {"nation": row.nation, "form": row.form}
        told_by = result.spans.figures.of("coverage", *key)
        name, bounds = " ".join(key), (row.low, row.served, row.high)
        yield from ends_of("ranges", where, name, told_by, bounds, f"served {name}")
    if rows:
        yield figure("ranges", "served", "shown by form", sum=["served {nation} {form}"])
    for span in further:
        told_by = result.spans.figures.of(span.kind, *span.key)
        at, name = {"kind": span.kind, "key": list(span.key)}, " ".join((span.kind, *span.key))
        bounds = span.low, span.shown, span.high
        yield from ends_of("further_ranges", at, name, told_by, bounds)


class _Ends:
    """Ends of figures over the optimal solutions of a run, by programs that a proof gets."""

    def __init__(self, programs: Programs, run: Run, x: Floats) -> None:
        self._programs, self._run, self._x = programs, run, x[: len(run.model.columns)]

    def read(
        self, program: str, prefix: str, told_by: Figure, span: _Span, kind: str = ""
    ) -> tuple[list[str], Proof]:
        """Return the programs of the least or the most of a figure, and how it is read off them.

        An end without one is the figure that is shown.
        """
        is_most, of, is_inside = program.startswith("most "), list[str](), False
        weight = float(np.abs(told_by.objective).max(initial=0.0)) or 1.0
        times = weight if is_most else -weight
        room = rounding_of(kind, told_by, *span, float(np.abs(self._run.x).max(initial=0.0)))
        room = max(room, told_by.rounding(self._x))
        if program in self._run.further:
            lp, solution = self._run.further[program]
            lp = _with_constant(lp, told_by.constant / times)
            of.append(prefix + program)
            shown_by = replace(solution, x=_with_ones(solution.x, lp))
            self._programs.add(of[0], lp, (), solution=shown_by)
            # a pin keeps what was reached but for rounding, which may move what is shown more
            end = told_by.constant + times * solution.objective
            is_inside = span[1] <= end + room if is_most else end - room <= span[1]
        if not is_inside and told_by.mixes is None:
            of.append(f"{prefix}{program} as shown")
            lp = self._run.model.program(told_by.objective / times, maximize=True)
            lp = _with_constant(lp, told_by.constant / times)
            self._programs.add(of[-1], lp, (), x=_with_ones(self._x, lp))
        return of, {"end": "max" if is_most else "min", "times": times, "room": room}


def _at_ends(result: SolvedBalance, programs: Programs, answer: Any) -> Iterator[Proof]:
    """Yield what is served with all figures at one end, or under conditions, by programs there."""
    model = result.run.model
    for name, run in result.known_designs.items() if answer.designs else ():
        form, record = answer.headline.of, covered(answer.headline.of)["coverage"]
        if form in _add_run(programs, run, name):
            yield figure(f"conditions.{name}", "value", f"{name} by form", **record)
    spread = answer.spread
    for level, spans in spread.spans.items() if spread is not None else ():
        run, title, other = spans.run, f"{level} figures", "low" if level == "high" else "high"
        forms = _add_run(programs, run, title)
        asked, served = ([f"{kind} {form}" for form in forms] for kind in ("unmet", "served"))
        if forms:
            yield figure("spread", f"demand_{other}", f"{title} by form", sum=[*asked, *served])
        if spread.levels:
            yield figure("spread", level, f"{title} by form", sum=served)
            options = covered("{nation} {form}")["coverage"]
            names = renamed(run.model, lambda nation, product: f"{nation} {_form(model, product)}")
            add_shown(programs, f"{title} by nation and form", run.model, names, run.x)
            claims = {(nation, _form(model, what)) for nation, what in run.model.scope.demand}
            for nation, form in spread.levels:
                of = [f"{title} by nation and form"] * ((nation, form) in claims)
                at = {"nation": nation, "form": form}
                yield figure("spread.levels", level, *of, where=at, **options)
        if spread.levels:
            for form in spread.forms:
                of, options = [f"{title} by form"] * (form in forms), covered("{form}")["coverage"]
                yield figure("forms", level, *of, where={"form": form}, **options)
            continue
        ends, which = _Ends(programs, run, run.x), "least" if level == "low" else "most"
        total, end = supply(run.model), getattr(spread, level)
        span = (end, float(total @ spans.figures.x), end)
        of, read = ends.read(f"{which} {IN_ALL}", f"{title}, ", Figure(total, ""), span)
        yield figure("spread", level, *of, **read)
        for form in spread.forms:
            range_ = spans.known["form", form]
            told_by, name = spans.figures.of("form", form), f"{which} form {form}"
            span = (range_.low, range_.shown, range_.high)
            of, read = ends.read(name, f"{title}, ", told_by, span)
            read |= {key: read[key] / told_by.ceiling for key in ("times", "room")}
            yield figure("forms", level, *of, where={"form": form}, **read)


def _add_run(programs: Programs, run: Run, title: str) -> list[str]:
    """Add the programs of a rule, and where they end by form; return the forms."""
    model = run.model
    for name in run.certificates:
        if name in run.programs:
            lp, solution = run.programs[name]
            programs.add(f"{title}, {name}", lp, (), solution=solution)
    forms = renamed(model, lambda _, product: _form(model, product))
    add_shown(programs, f"{title} by form", model, forms, run.x)
    return list(dict.fromkeys(_form(model, product) for _, product in model.scope.demand))


def _with_constant(lp: LinearProgram, constant: float) -> LinearProgram:
    """Return a program whose objective has a constant: a variable more, that stands at 1."""
    if not constant:
        return lp
    return widened(lp, 1, c=np.append(lp.c, constant), lower=1.0, upper=1.0)


def _with_ones(x: Floats, lp: LinearProgram) -> Floats:
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
            figures.append(figure("rows", "served", where=where))
            continue
        places = np.asarray(columns[row.id, row.stage], dtype=np.int32)
        lower, upper = np.array(lp.lower), np.array(lp.upper)
        lower[places] = upper[places] = 0.0
        engine.bound(places, 0.0, 0.0)
        solution, _ = proved_again(engine, time_limit=time_limit)
        engine.restore()
        programs.add(name, replace(lp, lower=lower, upper=upper), (), solution=solution)
        # solved anew, nothing may be a little more or less than it was
        room = GAP_TOLERANCE * served
        figures.append(figure("rows", "served", name, where=where, room=room))
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
    used: Sequence[frozenset[int]], cost: Floats, route: dict[int, bool], left: float
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
