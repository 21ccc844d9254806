"""One linear program under many draws: right sides and coefficients change, nothing is rebuilt.

Limits of plants, links and corridors stand on the right side of rows of their own, needs on that
of the demand. Recoveries and scrap are in coefficients: what each of them does to which entries
is found out once, by building the program with one of them changed at a time. Each batch is held
against a program built anew from the graph of one of its draws; where the two differ, or where
restrictions make right sides depend on several figures, every draw is built anew.

Which entries of a program a figure touches, found out by building it with other figures.

An entry is nearly always a product: a recovery, or that of a mine times that of a plant. All
recoveries are changed at once, each by a factor of its own, and twice over: from the two factors of
an entry it can be read which recovery, or which two, stand in it. What cannot be read so is found
out one figure at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from supplynet.analysis.arrays.feeds import scrap_ratios
from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.skeleton import link_label, with_rows
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.programs import out_of_play, supply
from supplynet.analysis.balance.scope import demanded, scope
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.potential.programs import model_of
from supplynet.analysis.uncertainty.draws import drawn
from supplynet.analysis.uncertainty.shapes import points
from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverError
from supplynet.limits import uncollected
from supplynet.network.cache import cache_of
from supplynet.network.timeline import keep_steps
from supplynet.network.uncertain import FIELDS, lasting, rows_in
from supplynet.solve.check import require, worst
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.narrow import Lean, Narrow, lean, narrowed
from supplynet.solve.lp.program import Figures, are_alike, entries_of
from supplynet.solve.lp.solve import proved, proved_again
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.draws import Draws
    from supplynet.analysis.uncertainty.inputs import Inputs
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.uncertain import Cell
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearProgram, LinearSolution
    from supplynet.terms import LevelName

#: tables whose figures are coefficients
COEFFICIENTS = ("recoveries", "scrap")
#: how far an entry may be from that of a program built anew, of its size
SAME = 1e-9
# two irrational steps by which factors are spread over an interval, and the interval
_STEPS = (0.6180339887498949, 0.41421356237309515)
_NEAREST, _FURTHEST = 0.999, 0.7
# how far the logarithms of two factors of the same figures may be apart
_READ = 1e-10

#: the entries of the program with some figures, by table and row, put in place of the central ones
Built = Callable[[Mapping[tuple[str, int], float]], "Floats"]


class Touch(NamedTuple):
    """What a figure does to entries of a program."""

    key: tuple[str, int]  #: table and row of the figure
    central: float
    entries: Ints  #: places among all entries, those of inequalities first
    #: entries go with this power of the figure; where it is NaN they go in a straight line
    power: Floats
    #: share of the entry by which it grows for 1 more of the figure, for straight lines
    slope: Floats

    def factor(self, values: Floats) -> Floats:
        """Return what its entries are multiplied by, shape (n_draws, n_entries)."""
        ratio = (values / self.central)[:, None]
        line = 1.0 + self.slope * (values - self.central)[:, None]
        factors: Floats = np.where(np.isnan(self.power), line, ratio ** np.nan_to_num(self.power))
        return factors


def touches_of(built: Built, cells: Sequence[Cell], base: Floats) -> tuple[Touch, ...]:
    """Return what each figure does to the entries of a program.

    `built` builds the entries anew, `cells` are figures in coefficients, `base` the entries with
    the central figures. Whether they give back a program built anew is for the caller to check.
    """
    rows = [cell for cell in cells if cell.central > 0.0]
    recoveries = [cell for cell in rows if cell.table == "recoveries"]
    read = _together(built, recoveries, base)
    alone = rows if read is None else [cell for cell in rows if cell.table != "recoveries"]
    return (*(read or ()), *_one_by_one(built, alone, base))


def _together(built: Built, cells: Sequence[Cell], base: Floats) -> tuple[Touch, ...] | None:
    """Return what recoveries do, read from two builds; None where an entry cannot be read."""
    if not cells:
        return ()
    index = np.arange(1, len(cells) + 1)
    factors = [_NEAREST - (_NEAREST - _FURTHEST) * (index * step % 1.0) for step in _STEPS]
    keys = [(cell.table, cell.row) for cell in cells]
    ratios = []
    for subset in factors:
        values = (
            factor * cell.central for factor, cell in zip(subset.tolist(), cells, strict=True)
        )
        content = built(dict(zip(keys, values, strict=True)))
        if content.size != base.size:
            return None
        ratios.append(np.log(content / base))
    touched = np.flatnonzero(np.max(np.abs(ratios), axis=0) > SAME)
    seen, which = np.unique(np.stack(ratios)[:, touched].round(12), axis=1, return_inverse=True)
    logs = [np.log(group) for group in factors]
    places: list[list[int]] = [[] for _ in cells]
    powers: list[list[float]] = [[] for _ in cells]
    for number_seen, members in _by_group(which.ravel()):
        parts = _read(seen[:, number_seen], logs)
        if parts is None:
            return None
        for figure, power in parts:
            places[figure] += touched[members].tolist()
            powers[figure] += [power] * members.size
    return tuple(
        Touch(key, cell.central, np.array(at), np.array(power), np.zeros(len(at)))
        for key, cell, at, power in zip(keys, cells, places, powers, strict=True)
        if at
    )


def _by_group(which: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each number with the places where it stands."""
    order = np.argsort(which, kind="stable")
    starts = np.flatnonzero(np.diff(which[order], prepend=-1))
    for members in np.split(order, starts[1:]) if which.size else ():
        yield int(which[members[0]]), members


def _read(ratio: Floats, logs: Sequence[Floats]) -> list[tuple[int, float]] | None:
    """Return which figures a factor is made of, with their powers; None where it is none."""
    for power in (1.0, -1.0):
        fits = [np.abs(piece - power * log) < _READ for piece, log in zip(ratio, logs, strict=True)]
        alone = np.flatnonzero(fits[0] & fits[1])
        if alone.size == 1:
            return [(int(alone[0]), power)]
    for sign in (1.0, -1.0):
        fits = [
            np.abs(portion - (array[:, None] + sign * array[None, :])) < _READ
            for portion, array in zip(ratio, logs, strict=True)
        ]
        pairs = np.argwhere(fits[0] & fits[1])
        if pairs.size:
            first, second = (int(pair) for pair in pairs[0])
            return [(first, 1.0), (second, sign)]
    return None


def _one_by_one(built: Built, cells: Sequence[Cell], base: Floats) -> Iterator[Touch]:
    """Yield what each figure does, the program built with it alone changed."""
    for cell in cells:
        value = cell.high if cell.high > cell.central else cell.low
        values = built({(cell.table, cell.row): value})
        if values.size != base.size:
            continue
        entries = np.flatnonzero(np.abs(values - base) > SAME * np.abs(base))
        if entries.size:
            ratio = values[entries] / base[entries]
            with np.errstate(divide="ignore", invalid="ignore"):
                power = np.log(ratio) / np.log(value / cell.central)
            total = np.round(power)
            power = np.where(np.abs(power - total) < SAME, total, np.nan)
            slope = (ratio - 1.0) / (value - cell.central)
            yield Touch((cell.table, cell.row), cell.central, entries, power, slope)


#: families whose right side is the limit of a plant, link or corridor in its own unit
_LIMITS = ("origin_capacity", "node_capacity", "link_capacity")
#: families whose rows need figures that no right side shows
_COMPOUND = ("restriction", "restriction_on_tonnage", "burden_cap")


@dataclass(frozen=True, eq=False)
class DrawnProgram:
    """The program of a model under draws."""

    model: Model = field(repr=False)  #: with the central figures
    inputs: Inputs = field(repr=False)

    @cached_property
    def lp(self) -> LinearProgram:
        """The program with the central figures, without an objective."""
        return self._program(self.model)

    def _program(self, options: Model) -> LinearProgram:
        return options.program(np.zeros(len(options.columns)), maximize=True)

    @cached_property
    def is_compound(self) -> bool:
        """Whether right sides depend on several figures at once."""
        return any(block.family in _COMPOUND for block in self.model.blocks)

    def figures(self, draws: Draws) -> Figures | None:
        """Return the figures of the program in each draw; None where it must be built anew."""
        # One draw of each batch is built anew and compared, entry by entry: where the quick way is
        # not the same program, none of it is used.
        if not draws.is_central and not self.is_compound and not self._holds(draws, draws.n // 2):
            return None
        return self.quick(draws)

    def quick(self, draws: Draws) -> Figures | None:
        """Return the figures without that check; None where it must be built anew."""
        return None if self.is_compound else self._figures(draws)

    def _figures(self, draws: Draws) -> Figures:
        sides_eq, options = (
            np.repeat(self.lp.b_eq[None, :], draws.n, axis=0),
            needs(self.model, draws),
        )
        for row, (family, label) in enumerate(self.model.labels(True)):
            if family == "demand":
                sides_eq[:, row] = options[label[1], label[2]]
        return Figures(self._sides_ub(draws), sides_eq, self._entries(draws), self._touched)

    def built(self, draws: Draws, draw: int) -> LinearProgram:
        """Return the program of a draw, built anew from its graph."""
        return self._program(refigured(self.model, draws.network(draw)))

    def _holds(self, draws: Draws, draw: int) -> bool:
        """Whether the program of a draw is the one that is built anew from its graph."""
        alone = draws.only(draw)
        quick, anew = self._figures(alone).program(self.lp, 0), self.built(alone, 0)
        return all(
            _are_close(getattr(quick, side), getattr(anew, side)) for side in ("b_ub", "b_eq")
        ) and all(
            np.array_equal(getattr(quick, piece).indices, getattr(anew, piece).indices)
            and _are_close(getattr(quick, piece).data, getattr(anew, piece).data)
            for piece in ("a_ub", "a_eq")
        )

    # -- right sides -----------------------------------------------------------------------

    @cached_property
    def _bound_by(self) -> list[tuple[int, tuple[int | str, int | str]]]:
        """Rows of inequalities whose right side is drawn, and of what: year and plant, or row."""
        options, net = self.model.scope, self.model.scope.net
        edges = {id(row): index for index, row in enumerate(net.edge_rows)}
        rules = {row.id: index for index, row in enumerate(net.rule_rows)}
        arcs = [arc for arc in options.frame.arcs if id(arc.link) in edges]
        links = {link_label(arc): edges[id(arc.link)] for arc in arcs}
        bound: list[tuple[int, tuple[int | str, int | str]]] = []
        for row, (family, label) in enumerate(self.model.labels(False)):
            if family not in _LIMITS or label[-1] == "not held by the unit":
                continue
            if label[0] == "node":
                bound.append((row, (options.year, label[1])))
            elif label[0] == "rule":
                bound.append((row, ("rules", rules[label[1]])))
            else:
                bound.append((row, ("edges", links[label[:5]])))
        return bound

    def _sides_ub(self, draws: Draws) -> Floats:
        """Return the right sides of the inequalities, shape (n_draws, n_rows)."""
        sides, year = np.repeat(self.lp.b_ub[None, :], draws.n, axis=0), self.model.scope.year
        # Limits in the unit of their table are the figures themselves: a draw is a write into the
        # right side.
        drawn: dict[Any, Floats] = {**draws.capacity, **draws.figures}
        for row, key in self._bound_by:
            if key in drawn:
                sides[:, row] = drawn[key]
        for row, (family, label) in enumerate(self.model.labels(False)):
            if family == "circuit_capacity" and (year, label[1]) in draws.running:
                sides[:, row] *= draws.running[year, label[1]]
        return sides

    # -- coefficients ----------------------------------------------------------------------

    @cached_property
    def touches(self) -> tuple[Touch, ...]:
        """What each recovery and scrap ratio does to the entries of the program."""
        net = self.model.scope.net

        def entries(values: Mapping[tuple[str, int], float]) -> Floats:
            tables: dict[str, list[Any]] = {}
            for (table, row), value in values.items():
                rows = tables.setdefault(table, list(net.rows(table)))
                rows[row] = rows[row].model_copy(update={FIELDS[table]: value})
            changed = net.replace(**cast("Any", tables))
            cache_of(changed).update(lasting(net))
            keep_steps(changed, net, ())
            return entries_of(self._program(refigured(self.model, changed)))

        cells = [cell for cell in self.inputs.cells if cell.table in COEFFICIENTS]
        return touches_of(entries, cells, entries_of(self.lp))

    @cached_property
    def _touched(self) -> Ints:
        """Places of the entries that are drawn, among all, ascending."""
        return np.unique(
            np.concatenate([np.zeros(0, np.int64), *(t.entries for t in self.touches)])
        )

    def _entries(self, draws: Draws) -> Floats | None:
        """Return the entries that are drawn, shape (n_draws, n_touched); None where none is."""
        if not self.touches:
            return None
        entries = np.repeat(entries_of(self.lp)[None, self._touched], draws.n, axis=0)
        for touch in self.touches:
            # Recoveries multiply the entries that they stand in, so that their effects combine by
            # multiplying.
            at = np.searchsorted(self._touched, touch.entries)
            entries[:, at] *= touch.factor(draws.figures[touch.key])
        return entries


def needs(inputs: Model, draws: Draws) -> dict[tuple[str, str], Floats]:
    """Return what is asked for in each draw, by nation and product, t of product per year.

    Needs are sums of rows of the table demand, in part of two years: what each row adds is found
    out from the graph with that row doubled.
    """
    result = inputs.scope
    members = (result.net, result.frame, result.year, result.elements)
    options = demanded(*members)
    sums = {claim: np.full(draws.n, need) for claim, need in result.demand.items()}
    rows = list(result.net.rows("demand"))
    for cell in draws.inputs.cells:
        if cell.table != "demand" or not cell.central:
            continue
        key = ("adds", cell.row, result.year)
        if key not in cache_of(result.net):
            more = list(rows)
            # Needs are linear in each row of demand: doubled once, the difference is what a row
            # adds, and every draw is a sum.
            more[cell.row] = rows[cell.row].model_copy(update={"quantity": 2.0 * cell.central})
            doubled = demanded(result.net.replace(demand=more), *members[1:])
            added = {
                row: doubled[row] - options[row] for row in options if doubled[row] != options[row]
            }
            cache_of(result.net)[key] = added
        for claim, tonnes in cache_of(result.net)[key].items():
            if claim in sums:
                factor = draws.figures["demand", cell.row] / cell.central - 1.0
                sums[claim] = sums[claim] + tonnes * factor
    return sums


def refigured(inputs: Model, net: SupplyNetwork) -> Model:
    """Return a model with the figures of another graph of the same plants and links.

    Parameters
    ----------
    net : SupplyNetwork
        Rows in the order of the model's graph.
    """
    old = inputs.scope
    frame = with_rows(old.frame, old.net, net)
    limits = {limit: Limits(net, frame, limit, old.year, old.level) for limit in old.limits}
    options = demanded(net, frame, old.year, old.elements)
    ratios = scrap_ratios(net)
    return model(
        replace(
            old,
            net=net,
            frame=frame,
            limits=limits,
            demand={claim: options.get(claim, 0.0) for claim in old.demand},
            scrap={label: ratios.get(label, 0.0) for label in old.scrap},
        )
    )


def figures_of(options: Model) -> tuple[list[str], list[int], list[int]]:
    """Return plants and nations, rows of links and rows of corridors that a model counts.

    A nation that draws nothing counts only where something passes on through it, which its demand
    does not change: its demand is not drawn.
    """
    frame, net = options.scope.frame, options.scope.net
    drawing = {nation for nation, _ in options.scope.claims}
    nodes = [
        label
        for label, node in frame.nodes.items()
        if label in drawing or not net.stage_by_name[node.stage].is_nation
    ]
    return nodes, *rows_in(net, (arc.link for arc in frame.arcs))


def _are_close(first: Floats, second: Floats) -> bool:
    return first.shape == second.shape and bool(
        (np.abs(first - second) <= SAME * np.maximum(np.abs(first), np.abs(second))).all()
    )


#: draws that the program is narrowed by, and the batch that they are from
_PILOTS, _PILOT_BATCH = 32, 2**31 - 1
# columns from which on no part is looked for that proves itself: it would need nearly all; and the
# pilots from whose mean it is begun then
_WIDE, _LEAN = 4000, 32


class Answered(NamedTuple):
    """What is said of some draws, or of a batch of them."""

    values: Floats  #: shape (n_draws, n_outputs)
    certificate: Certificate  #: every check at its worst
    n_programs: int
    number: int = -1  #: of the batch


@dataclass(eq=False)
class Solved:
    """The most of some objectives, draw by draw, each certified.

    Every draw starts from the bases of the central figures, so that what comes of it does not
    depend on the draws before it. What is learned of the program comes from draws of its own, the
    same in every process.
    """

    drawn: DrawnProgram
    objectives: list[Floats]  #: shape (n_columns,)

    def most(self, draws: Draws) -> Answered:
        """Return the most of each objective in some draws."""
        figures = self.drawn.figures(draws)
        columns, certificates = [], []
        with uncollected():
            for index, c in enumerate(self.objectives):
                column = []
                for solution, certificate in self._solutions(index, c, draws, figures):
                    require(certificate)
                    certificates.append(certificate)
                    column.append(solution.objective)
                columns.append(column)
        n_programs = draws.n * len(self.objectives)
        return Answered(np.array(columns).T, worst(certificates), n_programs)

    def _solutions(
        self, position: int, c: Floats, draws: Draws, figures: Figures | None
    ) -> Iterator[tuple[LinearSolution, Certificate]]:
        """Yield the optimum of each draw: of the part if it proves it, else of the whole."""
        if figures is None:
            for draw in range(draws.n):
                yield self._whole(position, replace(self.drawn.built(draws, draw), c=c))
            return
        piece = self._parts[position]
        names = piece.solve(figures) if piece else [None] * draws.n
        for draw, pair in enumerate(names):
            is_looked_at = isinstance(piece, Narrow) and draw == draws.n // 2
            if pair is None or is_looked_at:
                program = replace(figures.program(self.drawn.lp, draw), c=c)
                if pair is None:
                    pair = self._whole(position, program)
                elif isinstance(piece, Narrow):
                    # one draw of each batch is checked against the whole program, too
                    solution = piece.expanded(program, pair[0])
                    pair = solution, worst([pair[1], certify_linear(program, solution)])
            yield pair

    def _whole(self, position: int, program: LinearProgram) -> tuple[LinearSolution, Certificate]:
        """Return the optimum of the whole program of a draw."""
        if not are_alike(program, self.drawn.lp):
            return proved(program)
        engine = self._engines[position]
        engine.figures(program)
        return proved_again(engine)

    @cached_property
    def _learned(self) -> Figures | None:
        """Figures of some draws that no study has, to learn from."""
        inputs = self.drawn.inputs
        at = points(_PILOT_BATCH, len(inputs.rows), seed=0, n=_PILOTS)
        # unchecked: whatever they teach, each draw is proved
        return self.drawn.quick(drawn(inputs, at)) if inputs.rows else None

    @cached_property
    def _parts(self) -> list[Narrow | Lean | None]:
        """What of the program each objective needs; None where it needs nearly all."""
        return [self._part(c) for c in self.objectives]

    def _part(self, c: Floats) -> Narrow | Lean | None:
        """Return the part that proves itself; a wide program is begun on few columns."""
        if self._learned is None:
            return None
        lp = replace(self.drawn.lp, c=c)
        try:
            if c.size > _WIDE:
                return lean(lp, self._learned.some(0, _LEAN))
            numbers = range(min(_PILOTS, self._learned.b_ub.shape[0]))
            return narrowed(lp, [self._learned.program(lp, index) for index in numbers])
        except SolverError:  # what one way fails on is solved in others, see `proved_again`
            return None

    @cached_property
    def _engines(self) -> list[LinearEngine]:
        """The program with each objective, solved at the central figures."""
        engines = [LinearEngine(replace(self.drawn.lp, c=c)) for c in self.objectives]
        for engine in engines:
            engine.solve()
        return engines


class Output(NamedTuple):
    """A figure that every draw has."""

    figure: str  #: what it is: coverage, served or flow
    #: nation, product, element: of what; empty where all are meant
    nation: str
    product: str
    element: str
    subject: str  #: plant, country or index that it is about; empty for none
    year: int
    unit: str


@dataclass(frozen=True, eq=False)
class Served:
    """How much of each form a nation or bloc could cover with exclusive access, or all if all do.

    Each form is counted by itself: the most that could come in it, as ``alone`` of
    :class:`supplynet.analysis.potential.elements.FormPotential`. Of all nations it is the most in
    all, as a balance with ``objective="max_supply"`` and ``firm=False``: who gets how much of it is
    not decided by it, and not reported.
    """

    question: Question
    is_of_all: bool = False  #: whether all nations draw: whom the question asks for does not count
    level: LevelName = "central"  #: end of all figures of the graph

    @cached_property
    def model(self) -> Model:
        """The balance in which the target draws alone, or all do."""
        question = self.question
        if not self.is_of_all:
            require_drawing(question)
            return model_of(question, level=self.level)
        shut = question.shut.surely if self.level == "high" else question.shut.possibly
        return model(
            scope(
                question.net,
                year=question.year,
                links=question.links,
                plants=question.plants,
                closed=shut | out_of_play(question),
                elements=question.net.commodity.elements,
                basis="capacity",
                level=self.level,
            )
        )

    @cached_property
    def forms(self) -> dict[str, list[tuple[str, str]]]:
        """The claims by form; all under an empty name of all nations, or where none is known."""
        values: dict[str, list[tuple[str, str]]] = {}
        for claim in self.model.scope.claims:
            form = "" if self.is_of_all else self.question.net.product_by_id[claim[1]].form
            values.setdefault(form, []).append(claim)
        return values or {"": []}

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Coverage and tonnes of each form."""
        to, year = "" if self.is_of_all else self.question.to, self.question.year
        figures = (("coverage", "share"), ("served", "t of product/yr"))
        return tuple(
            Output(kind, to, form, "", "", year, unit)
            for form, claims in self.forms.items()
            for kind, unit in (figures if claims else figures[1:])
        )

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count."""
        return figures_of(self.model)

    def of(self, draws: Draws) -> Answered:
        """Return coverage and tonnes of each form in some draws."""
        objectives = [self._objective(claims) for claims in self.forms.values()]
        solved = Solved(DrawnProgram(self.model, draws.inputs), objectives)
        answer: Answered = vars(self).setdefault("_solved", solved).most(draws)
        options = needs(self.model, draws)
        columns: list[Floats] = []
        for claims, served in zip(self.forms.values(), answer.values.T, strict=True):
            if claims:
                need = np.sum([options[claim] for claim in claims], axis=0)
                columns.append(np.divide(served, need, out=np.ones_like(need), where=need > 0.0))
            columns.append(served)
        return answer._replace(values=np.stack(columns, axis=1))

    def _objective(self, claims: list[tuple[str, str]]) -> Floats:
        if self.is_of_all or not claims:
            return supply(self.model)
        at = self.model.columns.at
        return self.model.vector({at("served", *claim): 1.0 for claim in claims})

    @cached_property
    def solved(self) -> dict[str, tuple[LinearProgram, LinearSolution]]:
        """The most of each form without any draw."""
        programs = {}
        for form, claims in self.forms.items():
            program = self.model.program(self._objective(claims), maximize=True)
            solution, certificate = proved(program)
            require(certificate)
            programs[form] = program, solution
        return programs

    @cached_property
    def by_level(self) -> dict[LevelName, Served]:
        """The same with all figures at each end, and as it is."""
        others = {level: replace(self, level=level) for level in LEVEL_NAMES}
        return others | {self.level: self}

    def figures(self) -> dict[Output, float]:
        """Return coverage and tonnes of each form without any draw."""
        values: list[float] = []
        for form, claims in self.forms.items():
            _, solution = self.solved[form]
            if claims:
                need = sum(self.model.scope.claims[claim] for claim in claims)
                values.append(solution.objective / need)
            values.append(solution.objective)
        return dict(zip(self.outputs, values, strict=True))

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return the least and the most of each figure at the low, central and high figures."""
        stated = [measure.figures() for measure in self.by_level.values()]
        # a form that is not asked for at an end has no figure there
        values = {
            output: [figures[output] for figures in stated if output in figures]
            for output in self.outputs
        }
        return {output: (min(value), max(value)) for output, value in values.items()}
