"""Which part of a network a nation can use, and which programs answer its potential.

Only the target draws. The others buy only where it helps the target: what they buy leaves new scrap
that may come to it, and so each of their plans is one that a potential may choose too. Nations of
which no scrap can come are shut, and so is every plant from which nothing can come to those that
are left, not even by way of scrap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import block_diag, csr_array, hstack, vstack

from supplynet.analysis.arrays.feeds import scrap_ratios
from supplynet.analysis.arrays.restrict import held_tonnages
from supplynet.analysis.arrays.skeleton import Skeleton, skeleton
from supplynet.analysis.balance.columns import KINDS, Asked, OnArcs
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.objectives.fair import evenly
from supplynet.analysis.balance.programs import Run, avoided_nations, supply
from supplynet.analysis.balance.ranges import NOTHING, settle
from supplynet.analysis.balance.rows import Sum, upper_limits
from supplynet.analysis.balance.scope import NOTHING_STORED, scope
from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import UnboundedError
from supplynet.network.cache import cache_of
from supplynet.network.selector import Selection
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine, Starts
from supplynet.solve.lp.program import inner, widened
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.codes import Codes
    from supplynet.analysis.balance.rows import Rows
    from supplynet.analysis.question import Question
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


@dataclass(frozen=True, repr=False)
class Contents:
    """The program that counts an element in what is served to the nations that draw."""

    model: Model
    #: csr_array; of the limits above, each at most 0, over the variables of the model and further
    #: ones
    rows: Any
    #: shape (n,); what counts the element in all that is served
    objective: Floats

    def program(self) -> LinearProgram:
        """Return the program of the most of the element."""
        more = self.objective.size - len(self.model.columns)
        lp = self.model.program(np.zeros(len(self.model.columns)), maximize=True)
        return widened(lp, more, c=self.objective, a_ub=self.rows)


def contents_in(model: Model, element: str) -> Contents:
    """Return the program that counts an element in what the nations that draw are served.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.potential.programs import model_of
    >>> from supplynet.analysis.question import ask
    >>> counted = contents_in(model_of(ask(sn.load("tutorial"), to="MLT")), "Nd")
    >>> int((counted.objective > 0.0).sum()) > 0
    True
    """
    names, codes = model.columns, model.columns.codes
    index = codes.element_of[element]
    draws, content = _draws(model), codes.content[:, index]
    low, high = _ends(codes, index)
    is_mixed = np.zeros(len(codes.products), dtype=bool)
    # Only products whose makers can choose need variables for what they hold; for all others the
    # content is a number. What the grade holds and no maker puts in is not in it.
    is_mixed[codes.grades.product[codes.grades.is_mixed]] = True
    is_mixed &= (high > 0.0) | (content > 0.0)
    product, served = names.product, names.served
    # And only on arcs that lead to a nation that draws.
    followed = is_mixed[product.thing] & _leads(model)[product.head, product.thing]
    on_arc = OnArcs(*(shares[followed] for shares in product))
    mixed = is_mixed[served.product] & draws[served.vertex]
    claim = Asked(*(block[mixed] for block in served))
    start = len(names) + on_arc.place.size
    tonnes, mask = np.arange(len(names), start), np.arange(start, start + claim.place.size)
    route = _Way(index, content, low, high, is_mixed, followed, on_arc, tonnes, claim, mask)
    objective = np.zeros(start + claim.place.size)
    objective[mask] = 1.0
    totals = ~is_mixed[served.product] & draws[served.vertex]
    objective[served.place[totals]] = content[served.product[totals]]
    taken = (names.taken.thing == index) & draws[names.taken.vertex]
    objective[names.taken.place[taken]] = 1.0
    # Inequalities are enough where the most is sought: nothing is gained by counting less than
    # there is.
    limits = _passing(model, route), _between(codes, route), _arriving(model, route, draws)
    blocks = [rows.matrix(objective.size) for rows in limits]
    return Contents(model, vstack(blocks, format="csr"), objective)


def together(counted: Iterable[Contents]) -> Contents:
    """Return the program that counts several elements of one model in what is served, as one.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.potential.programs import model_of
    >>> from supplynet.analysis.question import ask
    >>> model = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> parts = [contents_in(model, element) for element in ("Nd", "Dy")]
    >>> whole = together(parts)
    >>> float(whole.objective.sum()) == sum(float(part.objective.sum()) for part in parts)
    True
    """
    parts = list(counted)
    shared = len(parts[0].model.columns)
    # the variables of the model are common to all; each element brings further ones of its own
    own = block_diag([contents.rows[:, shared:] for contents in parts], format="csr")
    common = vstack([portion.rows[:, :shared] for portion in parts], format="csr")
    first = sum((share.objective[:shared] for share in parts), np.zeros(shared))
    objective = np.concatenate([first, *(part.objective[shared:] for part in parts)])
    return Contents(parts[0].model, csr_array(hstack([common, own])), objective)


class _Way(NamedTuple):
    """An element on its way in the products that are mixed, and what it is counted by."""

    number: int  #: of the element
    #: content, low, high: shape (n_products,); tonnes of the element in a tonne: central, and the
    #: least and the most of any maker
    content: Floats
    low: Floats
    high: Floats
    is_mixed: Bools  #: shape (n_products,); whether makers choose what a product holds
    followed: Bools  #: of the columns of products on arcs, those that lead to the nations that draw
    #: on_arc, tonnes: those columns, and for each the column of the element in it, h in the head of
    #: this file
    on_arc: OnArcs
    tonnes: Ints
    #: claim, held: what is served of mixed products, and for each the column of the element in it
    claim: Asked
    held: Ints

    def kept(self, codes: Codes) -> Floats:
        """Return what is kept of each tonne on its arc."""
        return codes.kept(self.on_arc.head, self.on_arc.thing)


def _passing(model: Model, route: _Way) -> Rows:
    """No more of the element leaves a vertex than comes to it or is put in there."""
    names, codes = model.columns, model.columns.codes
    product, made, mix, on_arc = names.product, names.made, names.mix, route.on_arc
    is_fixed = ~codes.grades.is_mixed & route.is_mixed[made.thing]
    return upper_limits(
        Sum(route.tonnes, 1.0, at=(on_arc.tail, on_arc.thing)),
        # what goes elsewhere takes the least with it that it can
        Sum(
            product.place,
            route.low[product.thing],
            at=(product.tail, product.thing),
            where=route.is_mixed[product.thing] & ~route.followed,
            opens=False,
        ),
        Sum(
            mix.place,
            -1.0,
            at=(mix.vertex, made.thing[mix.grade]),
            where=mix.element == route.number,
            opens=False,
        ),
        Sum(
            made.place,
            -route.content[made.thing],
            at=(made.vertex, made.thing),
            where=is_fixed,
            opens=False,
        ),
        Sum(route.tonnes, -route.kept(codes), at=(on_arc.head, on_arc.thing), opens=False),
        by=(codes.vertex_words, codes.product_words),
    )


def _between(codes: Codes, route: _Way) -> Rows:
    """A tonne on an arc holds no less and no more than makers put in."""
    line, on_arc = np.arange(route.tonnes.size), route.on_arc
    texts = [codes.product_words[code] for code in on_arc.thing.tolist()]
    return upper_limits(
        Sum(route.tonnes, -1.0, at=(line, 0)),
        Sum(on_arc.place, route.low[on_arc.thing], at=(line, 0)),
        Sum(route.tonnes, 1.0, at=(line, 1)),
        Sum(on_arc.place, -route.high[on_arc.thing], at=(line, 1)),
        by=(texts, [("low",), ("high",)]),
    )


def _arriving(model: Model, route: _Way, draws: Bools) -> Rows:
    """What is served holds no more than came, and no more than a tonne of it can."""
    codes, bundle = model.columns.codes, model.columns.bundle
    on_arc, claim = route.on_arc, route.claim
    # Elements that arrive separately make up the central content, which may lie above what any
    # maker puts in.
    most = np.maximum(route.high, route.content)
    return upper_limits(
        Sum(route.held, 1.0, at=(claim.row, 0)),
        Sum(bundle.place, -route.content[bundle.product], at=(bundle.row, 0), opens=False),
        Sum(
            route.tonnes,
            -route.kept(codes),
            at=(codes.demand_of[on_arc.head, on_arc.thing], 0),
            where=draws[on_arc.head],
            opens=False,
        ),
        Sum(route.held, 1.0, at=(claim.row, 1)),
        Sum(claim.place, -most[claim.product], at=(claim.row, 1)),
        by=(codes.demand_words, [("come",), ("served",)]),
    )


def _draws(model: Model) -> Bools:
    """Return whether each vertex is a nation that draws."""
    codes, drawing = model.columns.codes, model.scope.drawing
    if not drawing:
        return codes.is_nation
    return np.array([vertex in drawing for vertex in codes.vertices], dtype=bool)


def _ends(codes: Codes, element: int) -> tuple[Floats, Floats]:
    """Return the least and the most of an element that any maker puts into each product.

    A maker that has no use for the element puts none of it in; one whose grade is fixed puts in
    the central content. What nobody makes holds nothing.
    """
    grades = codes.grades
    of_grade = np.zeros((2, grades.vertex.size))
    piece = grades.element == element
    of_grade[:, grades.of[piece]] = grades.low[piece], grades.high[piece]
    fixed = ~grades.is_mixed
    # A grade of fixed composition has its content for both ends.
    of_grade[:, fixed] = codes.content[grades.product[fixed], element]
    low, high = np.full(len(codes.products), np.inf), np.zeros(len(codes.products))
    np.minimum.at(low, grades.product, of_grade[0])
    np.maximum.at(high, grades.product, of_grade[1])
    return np.where(np.isfinite(low), low, 0.0), high


def _leads(model: Model) -> Bools:
    """Return whether a product can come from a vertex to a nation that draws: [vertex, product]."""
    codes, product = model.columns.codes, model.columns.product
    leads = np.zeros((len(codes.vertices), len(codes.products)), dtype=bool)
    leads[_draws(model)] = True
    while True:
        before = int(leads.sum())
        np.logical_or.at(leads, (product.tail, product.thing), leads[product.head, product.thing])
        if int(leads.sum()) == before:
            return leads


#: name of the program whose duals say what one more tonne of a limit is worth
MOST = "max_supply"
# a dual above this marks a product that cannot be served better
_HELD = 1e-7
# share by which forms may be better by themselves than together: rounding
_APART = 1e-9


@dataclass
class Plan:
    """The programs of one nation or bloc that draws alone, solved one after the other.

    `served_most` is what is served in all.
    """

    model: Model = field(repr=False)
    time_limit: float | None = None  #: seconds after which to give up each program
    #: where the same programs ended in other figures, and those of the question themselves
    starts: Starts = field(default_factory=Starts, repr=False)
    run: Run = field(init=False, repr=False)
    served_most: float = field(init=False, default=0.0)
    _engine: LinearEngine | None = field(init=False, default=None, repr=False)
    _most: dict[str, float] = field(init=False, default_factory=dict, repr=False)
    _engines: dict[str, LinearEngine] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.run = Run(self.model, self.time_limit, self.starts)

    def solve(self, *, is_by_form: bool = False) -> float:
        """Serve the most tonnes of product in all, then evenly; return the tonnes.

        With `is_by_form` what is served of each form is enough: where forms do not compete, it is
        the same however products share it, and nothing is shared out.
        """
        run, objective = self.run, supply(self.model)
        solution = run.maximize(MOST, objective)
        self.served_most = solution.objective
        run.pin(objective, solution.objective)
        # Where everything is served in full, or there is one product, the most is served as evenly
        # as can be already.
        is_short = solution.objective < sum(self.claims.values()) * (1.0 - _HELD)
        if len(self.claims) > 1 and is_short and not (is_by_form and self._is_apart(solution)):
            evenly(run, name="evenly")
            del run.pins[0]  # what each is served says more than what they are together
        return solution.objective

    def _is_apart(self, solution: LinearSolution) -> bool:
        """Whether forms do not compete: the most of each by itself adds up to the most of all."""
        products = self.model.scope.net.product_by_id
        forms = list(dict.fromkeys(products[product].form for _, product in self.claims))
        if len(forms) < 2:
            return True
        engine = self.run.going_on(MOST)
        objectives = {f"{MOST} of {form}": self.served(form=form) for form in forms}
        *first, (last, others) = objectives.items()
        most, duals = 0.0, solution
        for name, objective in first:
            engine.objective(objective)
            linear_solution = self.run.again(name, engine)
            most, duals = most + linear_solution.objective, _without(duals, linear_solution)
        if most > solution.objective * (1.0 + _APART):
            return False
        # What forms are worth adds up, and so do duals: where forms do not compete, those that are
        # left prove the last one without a solve.
        duals = replace(duals, objective=inner(others, solution.x))
        certificate = certify_linear(replace(engine.lp, c=others), duals)
        if certificate.ok:
            self.run.certificates[last] = certificate
            most += duals.objective
        else:
            engine.objective(others)
            most += self.run.again(last, engine).objective
        return most <= solution.objective * (1.0 + _APART)

    @property
    def x(self) -> Floats:
        """The solution of the last program."""
        return self.run.x

    @property
    def claims(self) -> Mapping[tuple[str, str], float]:
        """What is asked for by nation and product, t of product per year."""
        return self.model.scope.claims

    def shown(self) -> Floats:
        """Return the solution that is shown of all that serve as much, as evenly."""
        return settle(self.run, NOTHING)

    def served(self, product: str | None = None, *, form: str | None = None) -> Floats:
        """Return the objective that counts tonnes of a product, or of products of a form."""
        net = self.model.scope.net
        return self.model.vector(
            {
                column: 1.0
                for column, claim in self.model.columns.of("served")
                if claim in self.claims
                and product in (None, claim[1])
                and form in (None, net.product_by_id[str(claim[1])].form)
            }
        )

    def most(self, name: str, objective: Floats) -> float:
        """Return the most of a named objective when nothing else matters."""
        if self._engine is None:
            # One engine for all single figures: only the objective differs, so that each solve goes
            # on from the basis of the last.
            lp = self.model.program(np.zeros(len(self.model.columns)), maximize=True)
            self._engine = LinearEngine(lp, time_limit=self.time_limit)
        self._engine.objective(objective)
        return self._kept(name, self._engine)

    def most_of(self, element: str) -> float:
        """Return the most of an element in what is served, no more than is asked for."""
        if element not in self._most:
            self._most[element] = self._counting(element, "", self._counted(element))
        return self._most[element]

    def most_together(self, elements: Iterable[str]) -> float:
        """Return the most of several elements as one in what is served, within demand."""
        names = tuple(elements)
        program = together(contents_in(self.model, element) for element in names).program()
        engine = LinearEngine(program, time_limit=self.time_limit)
        return self._counting(" and ".join(names), "", engine)

    def most_beyond(self, element: str) -> float:
        """Return the most of an element where products in a final form are taken without end.

        Other forms are never taken beyond demand. Infinite where nothing limits it.
        """
        engine, final = self._counted(element), _final(self.model)
        # With unmet demand free to fall below zero, served may exceed what is asked for: the
        # equation of demand stays, and with it the rows and their labels.
        engine.bound(final, -np.inf, np.inf)
        try:
            return self._counting(element, " beyond demand", engine)
        except UnboundedError:
            return float("inf")
        finally:
            engine.bound(final, 0.0, np.inf)

    def _counted(self, element: str) -> LinearEngine:
        """Return the program that counts an element, kept for further solves."""
        if element not in self._engines:
            lp = contents_in(self.model, element).program()
            self._engines[element] = LinearEngine(lp, time_limit=self.time_limit)
        return self._engines[element]

    def _counting(self, element: str, more: str, engine: LinearEngine) -> float:
        return self._kept(f"element {element}{more}", engine)

    def _kept(self, name: str, engine: LinearEngine) -> float:
        """Solve the program of an engine and keep it for those who check."""
        solution = self.run.again(name, engine)
        self.run.further[name] = engine.lp, solution
        return solution.objective


def _without(linear_solution: LinearSolution, solution: LinearSolution) -> LinearSolution:
    """Return a solution with the duals of one of a part of its objective taken off its own."""
    return replace(
        linear_solution,
        dual_ub=linear_solution.dual_ub - solution.dual_ub,
        dual_eq=linear_solution.dual_eq - solution.dual_eq,
        reduced_costs=linear_solution.reduced_costs - solution.reduced_costs,
    )


def uncapped(counted: Contents) -> LinearProgram:
    """Return the program of the most of an element, final products taken without end."""
    lp = counted.program()
    lower = np.array(lp.lower)
    lower[_final(counted.model)] = -np.inf
    return replace(lp, lower=lower)


def _final(model: Model) -> list[int]:
    """Return the places of what is unmet, where nations draw, of products in a final form."""
    net, claims = model.scope.net, model.scope.claims
    return [
        column
        for column, claim in model.columns.of("unmet")
        if claim in claims and net.form_by_name[net.product_by_id[str(claim[1])].form].is_final
    ]


#: programs of one nation, year and end of the data that are looked through for the same one
_MOST_LIKE = 15


def model_of(
    question: Question,
    *,
    level: LevelName = "central",
    closed: frozenset[str] | None = None,
    stored: Mapping[str, frozenset[str]] = NOTHING_STORED,
) -> Model:
    """Return the balance in which the target of a question draws alone, from the cache.

    Shut are by default the nodes that the question avoids, those of unknown owners too but for the
    high end. `stored` are elements that a node has whatever arrives, those of a stock.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> found = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> sorted({nation for nation, _ in found.scope.claims})
    ['MLT']
    """
    net, targets = question.net, question.targets
    shut = question.closed(level)
    shut = shut if closed is None else closed
    # Nations that are avoided draw nothing, but for the target itself, whose plants may be avoided
    # while its demand stands.
    shut |= avoided_nations(question) - targets
    year, links, plants = question.year, question.links, question.plants
    members = frozenset(stored.items())
    key = ("potential", targets, year, links, plants, shut, level, members)
    if key not in cache_of(net):
        frame = skeleton(net, year=year, links=links, plants=plants, closed=shut)
        ratios = scrap_ratios(net, LEVELS[level].opposite)
        bound = [tonnage.receivers for tonnage in held_tonnages(net, frame, year, level)]
        # Everything from which nothing can come to the target is cut away before the program is
        # built: it is a fraction of the whole, and its optimum is the same.
        open_ends = _open_ends(frame, targets, frozenset(net.nation_ids), ratios, bound)
        others = frozenset(net.nation_ids) - targets
        # Others stay where what they buy leaves scrap that comes to the target, or where they
        # share a tonnage with what reaches it.
        closed = shut | (others - open_ends) | (frame.nodes.keys() - _useful(frame, open_ends))
        left = skeleton(net, year=year, links=links, plants=plants, closed=closed)
        # what is left states the program: further tiers and stages often leave the same
        like = ("potentials", targets, year, level, members)
        models: list[Model] = cache_of(net).get(like, [])
        same = next((each for each in models if _are_same(each.scope.frame, left)), None)
        if same is None:
            options = scope(
                net,
                year=year,
                links=links,
                plants=plants,
                closed=closed,
                elements=net.commodity.elements,
                basis="capacity",
                level=level,
                drawing=targets if others else frozenset(),
                stored=stored,
            )
            same = model(options)
            cache_of(net)[like] = [*models[-_MOST_LIKE:], same]
        cache_of(net)[key] = same
    built: Model = cache_of(net)[key]
    return built


def without(built: Model, closed: frozenset[str]) -> Model:
    """Return a model with plants shut: all that happens at them and on their arcs is held at 0.

    The same program as one that is built without them, quicker to solve after that with them.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> built = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> plants = frozenset(built.scope.frame.nodes) - {"MLT"}
    >>> bool(without(built, plants).upper[built.columns.served.place].any())
    True
    """
    names = built.columns
    is_shut = np.isin(names.codes.vertices, list(closed))
    upper = np.full(len(names), np.inf)
    for kind in KINDS:
        variables = getattr(names, kind)
        for end in ("vertex", "tail", "head"):
            if end in variables._fields:
                upper[variables.place[is_shut[getattr(variables, end)]]] = 0.0
    return replace(built, upper=upper)


def _are_same(first: Skeleton, second: Skeleton) -> bool:
    """Tell whether two skeletons of one year have the same plants, corridors and arcs."""
    return (
        first.nodes.keys() == second.nodes.keys()
        and first.hubs.keys() == second.hubs.keys()
        and first.arcs == second.arcs
    )


def _open_ends(
    frame: Skeleton,
    targets: frozenset[str],
    nations: frozenset[str],
    ratios: Mapping[str, float],
    bound: Iterable[Iterable[str]],
) -> frozenset[str]:
    """Return the targets, and the others that must stay open for the sake of what reaches them.

    Those are the nations that buy what leaves scrap of use, and whoever shares with them the
    tonnage that a restriction lets pass.
    """
    bounds = targets & frame.nodes.keys()
    groups = [frozenset(receivers) for receivers in bound]
    # Keeping a nation open makes further plants useful, whose scrap may need further nations:
    # repeated until nothing is added.
    while True:
        useful = _useful(frame, bounds)
        is_scrap = frame.arcs.column("is_scrap")
        cutting = {
            frame.arcs[index].tail
            for index in np.flatnonzero(is_scrap).tolist()
            if frame.arcs[index].head in useful
        }
        buyers = nations & _reached(frame, cutting & ratios.keys())
        sharing = frozenset().union(*(group for group in groups if group & useful))
        if buyers | sharing <= bounds:
            return bounds
        bounds |= buyers | sharing


def _useful(frame: Skeleton, bounds: frozenset[str]) -> frozenset[str]:
    """Return the vertices from which something can come to some ends."""
    labels = set(bounds & frame.nodes.keys())
    waiting = list(labels)
    names, tails = frame.arcs.whole.labels, frame.arcs.column("tail").tolist()
    while waiting:
        for index in frame.arcs_in.get(waiting.pop(), ()):
            tail = names[tails[index]]
            if tail not in labels:
                labels.add(tail)
                waiting.append(tail)
    return frozenset(labels)


def _reached(frame: Skeleton, tails: Iterable[str]) -> frozenset[str]:
    """Return the vertices that something other than scrap can come to from some."""
    reached, waiting = set[str](), list(tails)
    while waiting:
        for index in frame.arcs_out.get(waiting.pop(), ()):
            arc = frame.arcs[index]
            if not arc.is_scrap and arc.head not in reached:
                reached.add(arc.head)
                waiting.append(arc.head)
    return frozenset(reached)


@dataclass(frozen=True, slots=True)
class Rung:
    """What could still be covered when the avoided jurisdiction is shut at some stages."""

    stages: tuple[str, ...]  #: stages at which it is shut; empty for none
    #: share of demand in the first form, on the links and plants of the question
    coverage: float


def ladder(question: Question, last: Plan | None = None) -> tuple[Rung, ...]:
    """Return what is covered with the jurisdiction shut at more and more stages.

    Parameters
    ----------
    question : Question
        What it avoids is shut stage by stage: what processes first, mines last.
    last : Plan, optional
        Of the same question with all of it shut, where it was solved already.

    Returns
    -------
    tuple of Rung
        From nothing shut to all; empty where the jurisdiction holds a single stage.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> for rung in ladder(ask(sn.load("tutorial"), to="MLT", avoid="ISL"))[:2]:
    ...     print(rung.stages, round(rung.coverage, 2))
    () 0.91
    ('refiner',) 0.0
    """
    net = question.net
    shut = {
        stage.name: frozenset(
            node_id for node_id in question.shut.possibly if net.node(node_id).stage == stage.name
        )
        for stage in net.stages
        if not stage.is_nation
    }
    # processing first: who has it shut may still dig
    order = sorted(
        (stage for stage in net.stages if not stage.is_nation), key=lambda stage: stage.is_origin
    )
    stages = [stage.name for stage in order if shut[stage.name]]
    if len(stages) < 2:
        return ()
    plan = _by_form(model_of(replace(question, shut=Selection(frozenset(), frozenset()))))
    opened = plan.model
    rungs = [Rung((), _first_form(plan))]
    for length in range(1, len(stages) + 1):
        closed = frozenset().union(*(shut[name] for name in stages[:length]))
        model = without(opened, closed)
        is_all = length == len(stages)
        alone = replace(question, shut=Selection(closed, closed))
        if is_all and last is not None and model_of(alone) is last.model:
            plan = last
        # what the plan before did not use can be shut without another solve
        elif plan.x[model.upper == 0.0].any():
            plan = _by_form(model)
        rungs.append(Rung(tuple(stages[:length]), _first_form(plan)))
    return tuple(rungs)


def _by_form(model: Model) -> Plan:
    """Return a plan of which what is served of each form is reported."""
    plan = Plan(model)
    plan.solve(is_by_form=True)
    return plan


def _first_form(plan: Plan) -> float:
    """Return the coverage of the first form that is asked for."""
    products = plan.model.scope.net.product_by_id
    form = products[next(product for _, product in plan.claims)].form
    need = sum(
        tonnes for (_, product), tonnes in plan.claims.items() if products[product].form == form
    )
    return float(plan.served(form=form) @ plan.x) / need
