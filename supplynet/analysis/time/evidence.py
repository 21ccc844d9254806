"""What answers through time carry so that others can check them.

Of a run all that is done, in the rows of the whole horizon, and what each period's year brings
without the shock. Of a time to survive its programs, by form and end of the data. Of a stock
adviser what is missing: variables are what each product of a nation misses in each period, between
nothing and all of its demand; days, tonnes, costs and what is lost are sums of them. Of each
product what a stock cannot make good is what it misses less what is held, and never less than
nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.evidence import renamed
from supplynet.analysis.proofs import (
    MOST_CHARACTERS,
    Programs,
    Proof,
    Sum,
    figure,
    plain,
    with_sums,
)
from supplynet.analysis.time.endure import MOST_YEARS
from supplynet.analysis.time.rows import ALL_SHOCKS
from supplynet.analysis.time.stocks import DAYS_A_YEAR
from supplynet.arrays import Floats
from supplynet.solve.lp.program import LinearProgram
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.time.advice import AskedShock, Gaps
    from supplynet.analysis.time.horizon import Horizon
    from supplynet.analysis.time.program import HorizonProgram

_TABLES = "whether rows say what the tables do"
_OPEN = "whether rows say what the tables do; that no other plan serves the worst covered better"
# a tenth of a minute in years: below it a time is reported to be none
_LEAST = 2e-7
# a share of a demand that is as good as none, and days that distinguish two covers
_NO_SHARE, _NO_DAYS = 1e-6, 0.01
#: the program of a shock with the central figures
_CENTRAL = "{shock}, end 0"
_UNPROVED = (
    "that so much is missing, whose programs of every month would be too many; what is held today, "
    "worst periods and days of a curve"
)


def run_proof(result: Horizon) -> Proof:
    """Return what a run does, and what there is without a shock."""
    programs = Programs()
    figures = list(_run_figures(result, programs))
    return programs.proof(
        figures, _OPEN, "what holds demands down, and months that can be survived"
    )


def _run_figures(result: Horizon, programs: Programs) -> Iterator[Proof]:
    """Yield the figures of the periods; add the programs that they are read off."""
    program = replace(result.plan.program)  # what it remembers is of objects that were copied
    lp = program.program(np.zeros(len(program)))
    programs.add("shown", lp, _names(program), x=result.plan.x)
    at = ["served {period} {nation} {form}"]
    yield figure("months", "served", "shown", sum=at)
    for key, per in (("share", "normal"), ("coverage", "demand")):
        yield figure("months", key, "shown", sum=at, per=per)
    values: dict[tuple[object, ...], str] = {}
    for stretch, normal in zip(program.stretches, result.normals, strict=True):
        label, model, needs = stretch.period.label, normal.run.model, frozenset(stretch.needs)
        same = (id(normal), needs)
        if same not in values:
            values[same] = f"without a shock, {label}"
            products = model.scope.net.product_by_id

            def told(nation: str, product: str, needs: frozenset[object] = needs) -> str:
                form = products[product].form  # noqa: B023  read at once
                return f"{nation} {form}" if (nation, product) in needs else ""

            names = renamed(model, told)
            last, solution = normal.run.programs[next(reversed(normal.run.programs))]
            programs.add(values[same], last, names, solution=solution)
        options = {"where": {"period": label}, "times": stretch.period.length}
        served, unmet = "served {nation} {form}", "unmet {nation} {form}"
        yield figure("months", "normal", values[same], sum=[served], **options)
        yield figure("months", "demand", values[same], sum=[served, unmet], **options)
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
        text = f"{line.stock.id} {line.held} {line.nation} {labels[moves.period]}"
        for key, columns in (("drawn", moves.draw), ("filled", moves.fill)):
            for column in columns:
                names[column] = f"{key} {text}"
        names[moves.level] = f"level {text}"
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
        options = {"times": DAYS_A_YEAR, "room": _LEAST * DAYS_A_YEAR}
        figures.append(figure("rows", "survives", plain(name), where=where, **options))
    open_ones = "plants that are not reported, and how long plants are out"
    return programs.proof(figures, _TABLES, open_ones + "; rows left open" * (n_open > 0))


def replay_proof(done: Horizon) -> Proof:
    """Return what the run carries for the months that are reported."""
    proof = run_proof(done)
    return {
        **proof,
        "figures": [entry for entry in proof["figures"] if entry["table"] == "months"],
        "open": [*proof["open"], "what was seen, and how the run scores by it"],
    }


def survive_proof(rows: Sequence[Any], solved: Mapping[str, Any], central: Horizon) -> Proof:
    """Return the programs of times to survive by form, and of the run of all nations."""
    programs = Programs()
    for name, (lp, solution) in solved.items():
        programs.add(name, lp, ["time"] * lp.c.size, solution=solution)
    figures = []
    options = {
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
            figure("rows", key, *several, where=where, end="min", **options)
            for key, several in of.items()
        ]
        if n_states == 1:  # else the longest of the shortest
            figures.append(figure("rows", "days_high", *every, where=where, end="max", **options))
    figures += _run_figures(central, programs)
    open_ones = "months that can be survived, what each stock adds, and makers"
    return programs.proof(
        [record for record in figures if record["table"] != "stocks"], _OPEN, open_ones
    )


class Solved(NamedTuple):
    """What shocks take from the target, each by its place."""

    shocks: Sequence[AskedShock]
    #: by form: nations and products
    forms: Mapping[str, frozenset[Claim]]
    ends: Sequence[Mapping[int, Gaps]]  #: the central figures first
    alone: Mapping[int, Gaps] | None  #: if the target had exclusive access
    #: what a tonne of each claim holds of an element
    content: Callable[[Gaps, str], Floats]
    #: by place of a shock and form: US dollars for a tonne of each claim
    prices: Mapping[tuple[int, str], Floats]
    rate: float


def stockpile_proof(solved: Solved, covers: Any, rules: Any, curve: Any) -> Proof:
    """Return what is missing in each shock, and the figures that follow from it."""
    programs = Programs()
    elements = list(dict.fromkeys(row.element for row in covers))
    central = {solved.shocks[location].name: location for location in solved.ends[0]}
    for shock, position in central.items():
        for index, end in enumerate(solved.ends):
            missing = _Missing(end[position], solved, elements)
            for form in solved.forms if not index else ():
                missing.add_bridges(form, solved.prices.get((position, form)))
                own = {row.days for row in rules if (row.shock, row.form) == (shock, form)}
                at_once = {
                    row.days
                    for row in curve
                    if row.shock in (shock, ALL_SHOCKS) and row.form == form
                }
                missing.add_lost(form, sorted(at_once | own), "at once", 1.0)
                missing.add_lost(form, sorted(own), "by half", 0.5)
            missing.tell(programs, f"{shock}, end {index}")
        if solved.alone is not None:
            _Missing(solved.alone[position], solved, elements).tell(programs, f"{shock}, alone")
    figures = [
        *_of_covers(solved, covers),
        *_of_holdings(solved, central),
        *_of_rules(solved, rules),
        *_of_curve(central, curve),
    ]
    return programs.proof(figures, _UNPROVED)


class _Missing:
    """What is missing in a shock, as the point of a program, and sums of it."""

    def __init__(self, gaps: Gaps, solved: Solved, elements: Sequence[str]) -> None:
        self._gaps, self._solved = gaps, solved
        self._sums: list[tuple[str, Sum]] = []
        total = gaps.need.sum(axis=1)
        for form in solved.forms:
            rows = self._rows(form)
            self._sums.append((f"missing {form}", self._of(dict.fromkeys(rows, 1.0))))
            self._sums.append((f"needed {form}", Sum({}, float(total[rows].sum()))))
            for element in elements:
                weights = solved.content(gaps, element)
                weighed = {row: float(weights[row]) for row in rows if weights[row]}
                a_day = Sum({}, float(weights[rows] @ total[rows]) / gaps.days)
                self._sums.append((f"missing {form} {element}", self._of(weighed)))
                self._sums.append((f"a day {form} {element}", a_day))

    def _rows(self, form: str) -> list[int]:
        claims = self._solved.forms[form]
        return [row for row, claim in enumerate(self._gaps.claims) if claim in claims]

    def _of(self, weights: Mapping[int, float], less: float = 0.0) -> Sum:
        """Return what claims miss in all periods, each weighed."""
        first = self._gaps.missing.size  # behind what is missing in each period
        return Sum({first + row: weight for row, weight in weights.items()}, -less)

    def add_bridges(self, form: str, prices: Floats | None) -> None:
        """Add the days that bridge each claim, and what they are worth together."""
        gaps, rows = self._gaps, self._rows(form)
        needed = gaps.need.sum(axis=1)
        for row in (row for row in rows if needed[row] > 0.0):
            bridge = self._of({row: gaps.days / float(needed[row])})
            self._sums.append((f"bridge {' '.join(gaps.claims[row])}", bridge))
        if prices is not None and prices.any():
            worth = (prices / prices.max()).tolist()
            self._sums.append((f"worth {form}", self._of(dict(zip(rows, worth, strict=True)))))

    def add_lost(self, form: str, members: Sequence[float], how: str, share: float) -> None:
        """Add what stocks of some days cannot make good that give out a part of what is missing."""
        gaps = self._gaps
        needed = gaps.need.sum(axis=1)
        for days in members:
            for row in self._rows(form):
                stock = days / gaps.days * float(needed[row])
                self._sums.append((f"{how} {form} {days}", self._of({row: share}, stock)))
            if share < 1.0:
                others = dict.fromkeys(self._rows(form), 1.0 - share)
                self._sums.append((f"{how} {form} {days}", self._of(others)))

    def tell(self, programs: Programs, name: str) -> None:
        """Add the program."""
        need, missing = self._gaps.need, self._gaps.missing.ravel()
        n_claims, n_periods = need.shape
        none, rows = np.zeros(need.size), csr_array((0, need.size))
        empty = np.zeros(0)
        lp = LinearProgram(none, rows, empty, rows, empty, none, need.ravel())
        totals = [
            Sum(dict.fromkeys(range(row * n_periods, (row + 1) * n_periods), 1.0))
            for row in range(n_claims)
        ]
        wider, x = with_sums(*with_sums(lp, missing, totals), [pair for _, pair in self._sums])
        names = [*[""] * (need.size + n_claims), *(text for text, _ in self._sums)]
        programs.add(name, wider, names, x=x)


def _of_covers(solved: Solved, covers: Sequence[Any]) -> Iterator[Proof]:
    """Yield what is to be held of each element: days are what is missing over a day of use."""
    bounds = [f"{{shock}}, end {index}" for index in range(len(solved.ends))]
    days = {"sum": ["missing {form} {element}"], "over": ["a day {form} {element}"]}
    yield figure("covers", "days", _CENTRAL, **days)
    yield figure("covers", "days_low", *bounds, end="min", **days)
    yield figure("covers", "days_high", *bounds, end="max", **days)
    if solved.alone is not None:
        yield figure("covers", "alone_days", "{shock}, alone", _CENTRAL, end="min", **days)
    yield figure("covers", "tonnes", _CENTRAL, sum=["missing {form} {element}"])
    for row in covers:  # left open, but each row must be there
        where = {"shock": row.shock, "form": row.form, "element": row.element}
        yield figure("covers", "held_days", where=where)


def _of_holdings(solved: Solved, central: Mapping[str, int]) -> Iterator[Proof]:
    """Yield what it costs to hold what is missing."""
    for shock, position in central.items():
        for form in solved.forms:
            where = {"shock": shock, "form": form}
            yield figure("holdings", "tonnes", _CENTRAL, where=where, sum=["missing {form}"])
            prices = solved.prices.get((position, form))
            if prices is None:
                continue
            most = float(prices.max(initial=0.0))
            worth = {"where": where, "sum": ["worth {form}"]}
            yield figure("holdings", "value", _CENTRAL, times=most, **worth)
            yield figure("holdings", "cost", _CENTRAL, times=most * solved.rate, **worth)


def _of_rules(solved: Solved, rules: Sequence[Any]) -> Iterator[Proof]:
    """Yield what rules lose: one that knows the end loses as much as one that gives at once."""
    for rule in dict.fromkeys(row.rule for row in rules):
        how = "by half" if rule == "by half" else "at once"
        lost = {"sum": [f"{how} {{form}} {{days}}"], "over": ["needed {form}"], "room": _NO_SHARE}
        yield figure("rules", "lost_share", _CENTRAL, where={"rule": rule}, **lost)
    for form in dict.fromkeys(row.form for row in rules):
        bridges = [plain(f"bridge {' '.join(claim)}") for claim in sorted(solved.forms[form])]
        options = {"is_each": True, "end": "max", "times": 0.5, "room": _NO_DAYS}
        yield figure("rules", "days", _CENTRAL, where={"form": form}, sum=bridges, **options)
    for row in rules:  # left open, but each row must be there
        where = {"shock": row.shock, "form": row.form, "rule": row.rule}
        yield figure("rules", "worst", where=where)


def _of_curve(central: Mapping[str, int], curve: Sequence[Any]) -> Iterator[Proof]:
    """Yield what is lost with stocks of some days, of each shock and of all of them."""
    for (shock, form), n_rows in Counter((row.shock, row.form) for row in curve).items():
        of = [plain(f"{entry}, end 0") for entry in (central if shock == ALL_SHOCKS else (shock,))]
        where = {"shock": shock, "form": form}
        lost = {"sum": ["at once {form} {days}"], "over": ["needed {form}"], "room": _NO_SHARE}
        yield figure("curve", "lost_share", *of, where=where, n=n_rows, end="mean", **lost)
