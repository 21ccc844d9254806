"""What a run and a time to survive carry so that others can check them.

Of a run all that is done, in the rows of the whole horizon, and what each period's year brings
without the shock. Of a time to survive its programs, by form and end of the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.evidence import renamed
from supplynet.analysis.proofs import MOST_CHARACTERS, Programs, Proof, figure, plain
from supplynet.analysis.time.endure import MOST_YEARS
from supplynet.analysis.time.stocks import DAYS_A_YEAR
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.time.horizon import Horizon
    from supplynet.analysis.time.program import HorizonProgram

_TABLES = "whether rows say what the tables do"
_OPEN = "whether rows say what the tables do; that no other plan serves the worst covered better"
# a tenth of a minute in years: below it a time is told to be none
_LEAST = 2e-7


def run_proof(result: Horizon) -> Proof:
    """Return what a run does, and what there is without a shock."""
    programs = Programs()
    figures = list(_run_figures(result, programs))
    return programs.proof(figures, _OPEN, "what holds needs down, and months that are endured")


def _run_figures(result: Horizon, programs: Programs) -> Iterator[Proof]:
    """Yield the figures of the periods; add the programs that they are read off."""
    program = replace(result.plan.program)  # what it remembers is of objects that were copied
    lp = program.program(np.zeros(len(program)))
    programs.add("shown", lp, _names(program), x=result.plan.x)
    at = ["served {period} {nation} {form}"]
    yield figure("months", "served", "shown", sum=at)
    for key, per in (("share", "normal"), ("coverage", "demand")):
        yield figure("months", key, "shown", sum=at, per=per)
    known: dict[tuple[object, ...], str] = {}
    for stretch, normal in zip(program.stretches, result.normals, strict=True):
        label, model, needs = stretch.period.label, normal.run.model, frozenset(stretch.needs)
        same = (id(normal), needs)
        if same not in known:
            known[same] = f"without a shock, {label}"
            products = model.scope.net.product_by_id

            def told(nation: str, product: str, needs: frozenset[object] = needs) -> str:
                form = products[product].form  # noqa: B023  read at once
                return f"{nation} {form}" if (nation, product) in needs else ""

            names = renamed(model, told)
            last, solution = normal.run.programs[next(reversed(normal.run.programs))]
            programs.add(known[same], last, names, solution=solution)
        words = {"where": {"period": label}, "times": stretch.period.length}
        served, unmet = "served {nation} {form}", "unmet {nation} {form}"
        yield figure("months", "normal", known[same], sum=[served], **words)
        yield figure("months", "demand", known[same], sum=[served, unmet], **words)
    for key in ("drawn", "filled", "level"):
        yield figure(
            "stocks", key, "shown", sum=[f"{key} {{stock}} {{held}} {{nation}} {{period}}"]
        )


def _names(program: HorizonProgram) -> list[str]:
    """Return what each variable of a horizon counts, where a figure is read off it."""
    names = [""] * len(program)
    labels = [stretch.period.label for stretch in program.stretches]
    for (period, nation, product), column in program.served.items():
        form = program.stretches[period].model.scope.net.product_by_id[product].form
        names[column] = f"served {labels[period]} {nation} {form}"
    for moves in program.moves:
        line = program.lines[moves.line]
        told = f"{line.stock.id} {line.held} {line.nation} {labels[moves.period]}"
        for key, columns in (("drawn", moves.draw), ("filled", moves.fill)):
            for column in columns:
                names[column] = f"{key} {told}"
        names[moves.level] = f"level {told}"
    return names


def without(form: str, plant: str) -> str:
    """Return what the program of a time without a plant is known as."""
    return f"{form} without {plant}"


def risks_proof(solved: Mapping[str, Any], rows: Sequence[Any]) -> Proof:
    """Return the programs of the times without each plant, as many as a page has room for."""
    programs, figures, n_open = Programs(), list[Proof](), 0
    for row in rows:
        name, where = without(row.form, row.plant), {"form": row.form, "plant": row.plant}
        if programs.size > MOST_CHARACTERS:
            n_open += 1
            figures.append(figure("rows", "survives", where=where))
            continue
        lp, solution = solved[name]
        programs.add(name, lp, ["time"] * lp.c.size, solution=solution)
        words = {"times": DAYS_A_YEAR, "room": _LEAST * DAYS_A_YEAR}
        figures.append(figure("rows", "survives", plain(name), where=where, **words))
    open_ones = "plants that are not told, and how long plants are out"
    return programs.proof(figures, _TABLES, open_ones + "; rows left open" * (n_open > 0))


def replay_proof(done: Horizon) -> Proof:
    """Return what the run carries for the months that are told."""
    proof = run_proof(done)
    return {
        **proof,
        "figures": [one for one in proof["figures"] if one["table"] == "months"],
        "open": [*proof["open"], "what was seen, and how the run scores by it"],
    }


def survive_proof(rows: Sequence[Any], solved: Mapping[str, Any], central: Horizon) -> Proof:
    """Return the programs of times to survive by form, and of the run of all nations."""
    programs = Programs()
    for name, (lp, solution) in solved.items():
        programs.add(name, lp, ["time"] * lp.c.size, solution=solution)
    figures = []
    words = {
        "times": DAYS_A_YEAR,
        "open": MOST_YEARS * DAYS_A_YEAR * (1.0 - 1e-8),
        "room": _LEAST * DAYS_A_YEAR,
    }
    for row in rows:
        where = {"form": row.form}
        n_states = sum(name.startswith(f"{row.form}, central, ") for name in solved)
        levels = [
            level.name for level in LEVELS.values() if f"{row.form}, {level.name}, 0" in solved
        ]

        def named(level: str, form: str = row.form, n: int = n_states) -> list[str]:
            return [f"{form}, {level}, {state}" for state in range(n)]

        every = [name for level in levels for name in named(level)]
        of = {"days": named("central"), "bare_days": named("no stocks"), "days_low": every}
        figures += [
            figure("rows", key, *several, where=where, end="min", **words)
            for key, several in of.items()
        ]
        if n_states == 1:  # else the longest of the shortest
            figures.append(figure("rows", "days_high", *every, where=where, end="max", **words))
    figures += _run_figures(central, programs)
    open_ones = "months that are endured, what each stock adds, and makers"
    return programs.proof([one for one in figures if one["table"] != "stocks"], _OPEN, open_ones)
