"""What a choice brings in a year: a linear program, and the cut that its dual proves of all.

The balance of the year in which who plans draws alone, with every option taken, as ``a x <= b``.
Only right sides depend on the choice: with r the things that options give and m(r) the part of
each that counts in the year::

    b = b0 + sum_r g(r) m(r),     V(m) = most tonnes of the target's products

By duality ``V(m) <= b0 y + sum_r (g(r) y) m(r)`` for every dual solution y of any m: the program
of the plan knows V by such cuts alone (Benders, 1962, doi:10.1007/BF01386316). Several targets
are reached together: what is raised is the part l of all of them at once.

What is drawn in a year beside what plants make: stocks, recycling, and what is done without.

Each thing that is drawn has a column for each who draws, in the rows where its tonnes count, and a
row that holds all of them to what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import (
    coo_array,  # type: ignore[import-untyped, unused-ignore]
    csr_array,  # type: ignore[import-untyped, unused-ignore]
    hstack,  # type: ignore[import-untyped, unused-ignore]
    vstack,  # type: ignore[import-untyped, unused-ignore]
)

from supplynet.analysis.decisions.offers import SOONER, is_of_plants, rule_of, things_of, widened
from supplynet.analysis.potential.programs import model_of
from supplynet.analysis.time.stocks import Access, RowPlaces, accesses
from supplynet.arrays import Floats
from supplynet.network.cache import Same, cache_of
from supplynet.network.selector import select
from supplynet.network.units import basis_per_metal, find_unit
from supplynet.solve.check import require
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import proved_again
from supplynet.solve.together import in_turn

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.decisions.offers import Given, Offer
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import LinearSolution
    from supplynet.terms import LevelName


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn once or each year and does not come out of a plant of the model."""

    held: str
    nation: str
    plants: frozenset[str]


def drawn_by(
    question: Question, model: Model, inputs: Sequence[Given], offered: tuple[Offer, ...]
) -> list[tuple[int, float, tuple[Access, ...]]]:
    """Return thing, tonnes and who draws, of stocks, recycling and what is done without."""
    places, drawn = RowPlaces(model), list[tuple[int, float, tuple[Access, ...]]]()
    for index, entry in enumerate(inputs):
        row = offered[entry.offer].row
        if row.kind not in ("stock", "recycle", "substitute") or is_of_plants(row):
            continue
        unit, net = find_unit(model.scope.net, row.unit), model.scope.net
        # of product, or of an element on the basis
        tonnes = (row.capacity or 0.0) * unit.factor
        if row.element is not None and unit.measures == "metal":
            tonnes *= basis_per_metal(net, row.element)
        access = tuple(
            pair
            for holding in held_of(question, row)
            for pair in accesses(model, places, holding, row.instead)
            if pair.ub or pair.eq
        )
        if access and tonnes > 0.0:
            drawn.append((index, tonnes, access))
    return drawn


def with_draws(
    a_ub: Any, a_eq: Any, drawn: Sequence[tuple[int, float, tuple[Access, ...]]]
) -> tuple[Any, Any, list[tuple[int, int, float]]]:
    """Return the matrices with a column for each who draws and one more for what is raised.

    Also the rows, one a thing, that hold what is drawn of it, and what each gives.
    """
    own = [(line, pair) for line, (_, _, access) in enumerate(drawn) for pair in access]

    def block(entries: list[tuple[int, int, float]], n_rows: int) -> Any:
        rows, columns, values = np.array(entries, dtype=float).reshape(-1, 3).T
        at = rows.astype(int), columns.astype(int)
        return coo_array((values, at), shape=(n_rows, len(own) + 1)).tocsr()

    def entries(side: str) -> list[tuple[int, int, float]]:
        of = [getattr(entry, side) for _, entry in own]
        return [(row, column, weight) for column, group in enumerate(of) for row, weight in group]

    members = [(line, column, 1.0) for column, (line, _) in enumerate(own)]
    first = hstack([a_ub, block(entries("ub"), a_ub.shape[0])])
    last = hstack([csr_array((len(drawn), a_ub.shape[1])), block(members, len(drawn))])
    wide_eq = hstack([a_eq, block(entries("eq"), a_eq.shape[0])], format="csr")
    limits = [(line, index, tonnes) for line, (index, tonnes, _) in enumerate(drawn)]
    return vstack([first, last], format="csr"), wide_eq, limits


def held_of(question: Question, row: Option) -> tuple[Drawn, ...]:
    """Return who draws what of an option: an element by plants, a product by nations."""
    net = question.net
    named = select(net, row.target if row.kind == "substitute" else row.nodes).surely
    nations = frozenset(net.nation_ids)
    if row.element is not None:
        plants = named - nations
        return (Drawn(row.element, "", plants),) if plants else ()
    return tuple(
        Drawn(str(row.product), nation, frozenset())
        for nation in sorted(named & nations & question.targets)
    )


def stored_by(question: Question, offered: tuple[Offer, ...]) -> Mapping[str, frozenset[str]]:
    """Return, by plant, the elements that it may draw on."""
    stored: dict[str, frozenset[str]] = {}
    for row in (offer.row for offer in offered if offer.row.element is not None):
        for holding in held_of(question, row):
            for plant in holding.plants:
                stored[plant] = stored.get(plant, frozenset()) | {holding.held}
    return stored


#: families of rows that hold the capacity of a plant
_PLANT_FAMILIES = ("node_capacity", "origin_capacity", "circuit_capacity")


# part of the largest coefficient of a cut below which one is rounding
_DUST = 1e-9
# by how little a part may miss what a known plan needs of a thing: rounding
_SLACK = 1e-9


class Aim(NamedTuple):
    """A target: of what a nation needs of a form or product, at least a part."""

    nation: str
    products: frozenset[str]
    part: float  #: of demand, 0 to 1


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What the dual of a year proves of every choice: tonnes <= base + worth @ m."""

    base: float  #: t a year
    worth: Floats  #: shape (n_given,); t a year for all of what each thing gives; at least 0

    def at(self, amounts: Floats) -> float:
        """Return the bound for a choice."""
        return float(self.base + self.worth @ amounts)


@dataclass(frozen=True, repr=False, eq=False)
class Value:
    """What a choice brings in a year."""

    #: of the target's products; with several targets, the part that is reached of all, times the
    #: needs
    tonnes: float
    #: what moves: the columns of the model, then those of what is drawn
    x: Floats
    cut: Cut
    duals: Floats  #: of the inequalities of the model, tonnes per unit of each
    right: Floats  #: their right sides
    certificate: Certificate
    program: LinearProgram
    solution: LinearSolution


class Supply:
    """The program of a year, kept warm.

    The question is on the widened network; `by_itself` holds, by family and label of a row, its
    right side where no plant is sped up. Where the program of the year `before` differs in its
    right sides alone, the two share what holds it and what is proved by their duals.
    """

    def __init__(
        self,
        question: Question,
        offered: tuple[Offer, ...],
        aims: tuple[Aim, ...],
        level: LevelName = "central",
        by_itself: Mapping[tuple[str, tuple[str, ...]], float] | None = None,
        before: Supply | None = None,
    ) -> None:
        self._by_itself = by_itself or {}
        self.question, self.offered, self.aims, self.level = question, offered, aims, level
        self.given = things_of(offered)
        self.model = model_of(
            question,
            level=level,
            closed=_closed(question, offered),
            stored=stored_by(question, offered),
        )
        self.needs = [
            sum(
                tonnes
                for (nation, product), tonnes in self.model.scope.claims.items()
                if nation == aim.nation and product in aim.products
            )
            for aim in aims
        ]
        self.need = sum(self.needs)
        self._lp, self._base, self._gives = self._built()
        entries = self._gives.tocoo()
        self._entries = entries.row, entries.col, entries.data
        self._engine: LinearEngine
        #: programs and solutions of all years alike, and the cuts that their duals make here
        self._solutions: list[tuple[LinearProgram, LinearSolution]]
        self._cuts: list[Cut] = []
        if before is not None and _are_alike(before._lp, self._lp):
            self._engine, self._solutions = before._engine, before._solutions
        else:
            self._engine, self._solutions = LinearEngine(self._lp), []
        self._known: dict[bytes, Value] = {}
        self._fits: list[tuple[float, Floats]] = []
        self._reached: dict[bytes, tuple[float, Certificate]] = {}
        self.n_solved = 0

    @property
    def wanted(self) -> float:
        """Tonnes at which the targets are reached."""
        return self.need * max(aim.part for aim in self.aims)

    def value(self, amounts: Floats) -> Value:
        """Return what a choice brings, proved, by the part of each thing that counts in it."""
        amounts = np.maximum(amounts, 0.0)  # parts of a linear program may be less by rounding
        key = amounts.tobytes()
        if key not in self._known:
            solution, certificate, right = self._solved(amounts)
            self._solutions.append((self._engine.lp, solution))
            n_model = self.model.stacked(False)[1].size
            self._known[key] = Value(
                solution.objective,
                solution.x,
                self._cut(self._engine.lp, solution),
                np.maximum(solution.dual_ub, 0.0)[:n_model],
                right[:n_model],
                certificate,
                self._engine.lp,
                solution,
            )
        return self._known[key]

    def known_cut(self, amounts: Floats) -> Cut | None:
        """Return the cut that is lowest at a choice, of all that duals of years alike make here."""
        self._cuts += [self._cut(*pair) for pair in self._solutions[len(self._cuts) :]]
        return min(self._cuts, key=lambda cut: cut.at(amounts), default=None)

    def _cut(self, lp: LinearProgram, solution: LinearSolution) -> Cut:
        """Return the plane above what all choices bring, by the duals of one in a year alike.

        The optimum is concave in the right sides, which are linear in what is chosen: duals at any
        of them give a plane above it for all others (Benders, 1962).
        """
        duals = np.maximum(solution.dual_ub, 0.0)
        moved = float((self._base - lp.b_ub) @ duals)
        moved += float((self._lp.b_eq - lp.b_eq) @ solution.dual_eq)
        return _without_dust(solution.objective + moved, np.maximum(self._gives.T @ duals, 0.0))

    def fits(self, amounts: Floats, tonnes: float) -> bool:
        """Return whether some solution that is known brings as much with what a choice gives.

        A solution that was proved goes on to hold as long as each thing gives what it uses of it.
        """
        return any(
            brought >= tonnes and bool((amounts >= uses - _SLACK).all())
            for brought, uses in self._fits
        )

    def reaches(self, amounts: Floats, tonnes: float) -> bool:
        """Return whether a choice brings as much, by what is known if that is enough."""
        return self.fits(amounts, tonnes) or self.tonnes(amounts) >= tonnes

    def tonnes(self, amounts: Floats) -> float:
        """Return the tonnes that a choice brings, without a solution: those of several are alike.

        The program goes on from where it ended last, which is sooner.
        """
        return self.proved_tonnes(amounts)[0]

    def proved_tonnes(self, amounts: Floats) -> tuple[float, Certificate]:
        """Return the tonnes that a choice brings, and what proves them."""
        amounts = np.maximum(amounts, 0.0)
        key = amounts.tobytes()
        if key in self._known:
            return self._known[key].tonnes, self._known[key].certificate
        if key not in self._reached:
            self._engine.go_on(once=True)
            solution, certificate, _ = self._solved(amounts)
            self._reached[key] = solution.objective, certificate
        return self._reached[key]

    def _solved(self, amounts: Floats) -> tuple[LinearSolution, Certificate, Floats]:
        """Return the proved solution of a choice and the right sides that it has."""
        right = self._base + self._gives @ amounts
        self._engine.right_side(b_ub=right, b_eq=self._lp.b_eq)
        solution, certificate = proved_again(self._engine)
        require(certificate)
        self.n_solved += 1
        self._fits.append((solution.objective, self._used(solution.x, amounts)))
        return solution, certificate, right

    def _used(self, x: Floats, amounts: Floats) -> Floats:
        """Return the least parts of what a choice gives with which a solution still holds."""
        rows, things, each = self._entries
        # Where a thing alone widens a row, what that lacks without it is what the solution uses of
        # it; else all that is given counts as used.
        over = (self._lp.a_ub @ x - self._base)[rows] / each
        is_alone = np.bincount(rows, minlength=self._base.size)[rows] == 1
        uses = np.zeros(amounts.size)
        np.maximum.at(uses, things, np.where(is_alone, np.maximum(over, 0.0), amounts[things]))
        return np.minimum(uses, amounts)

    # -- the program -----------------------------------------------------------------------

    def _built(self) -> tuple[LinearProgram, Floats, Any]:
        """Return the program, its right sides with no option, and what each thing adds to them."""
        model = self.model
        a_ub, b_ub = model.stacked(False)
        a_eq, b_eq = model.stacked(True)
        base = np.array(b_ub)
        places: list[tuple[int, int, float]] = []
        for row, value, amount, without in self._on_rows():
            base[row] = without
            if amount > 0.0:  # a plant that is sped up lacks nothing once it runs in full
                places.append((row, value, amount))
        drawn = drawn_by(self.question, self.model, self.given, self.offered)
        wide_ub, wide_eq, limits = with_draws(a_ub, a_eq, drawn)
        matrix = vstack([wide_ub, self._aims(wide_ub.shape[1] - 1)], format="csr")
        n_rows, n_columns = matrix.shape
        places += [(b_ub.size + row, inputs, amount) for row, inputs, amount in limits]
        rows, columns, amounts = ([position[index] for position in places] for index in range(3))
        gives = coo_array((amounts, (rows, columns)), shape=(n_rows, len(self.given))).tocsr()
        right = np.concatenate([base, np.zeros(n_rows - b_ub.size)])
        objective = np.append(np.zeros(n_columns - 1), 1.0)
        lower, upper = np.zeros(n_columns), np.full(n_columns, np.inf)
        lp = LinearProgram(objective, matrix, right, wide_eq, b_eq, lower, upper, True)
        return lp, right, gives

    def _on_rows(self) -> Iterator[tuple[int, int, float, float]]:
        """Yield rows, things, what all of a thing adds, and the right side without any."""
        right = self.model.stacked(False)[1].tolist()
        at: dict[str, list[int]] = {}
        for count, inputs in enumerate(self.given):
            row = self.offered[inputs.offer].row
            if row.kind == "contract":
                at.setdefault(rule_of(row.id), []).append(count)
            elif row.kind in ("expand", SOONER) or is_of_plants(row):
                at.setdefault(inputs.plant, []).append(count)
        for index, (family, label) in enumerate(self.model.labels(False)):
            is_rule = family == "link_capacity" and label[0] == "rule"
            limit = right[index]
            if not (family in _PLANT_FAMILIES or is_rule) or limit <= 0.0:
                continue
            things = {
                number_: self.offered[self.given[number_].offer] for number_ in at.get(label[1], ())
            }
            if family == "circuit_capacity":  # what is enlarged is the plant's own capacity
                things = {entry: it for entry, it in things.items() if it.row.kind != "expand"}
            kinds = {offer.row.kind for offer in things.values()}
            # A limit that an option alone brings is 0 without it.
            without = limit if kinds <= {"expand"} else 0.0
            if SOONER in kinds:
                without = self._by_itself.get((family, label), 0.0)
            for position, offer in things.items():
                added = offer.row.capacity or 0.0 if offer.row.kind == "expand" else limit
                if offer.row.kind == SOONER:
                    # All of it is what the plant lacks of its full capacity in this year.
                    by_itself = offer.own[self.given[position].plant].get(self.question.year, 0.0)
                    added = (limit - without) / (1.0 - by_itself) if by_itself < 1.0 else 0.0
                yield index, position, added, without

    def _aims(self, n_columns: int) -> Any:
        """Return the rows ``need part l / most <= served``, l in a last column of its own."""
        most = max(aim.part for aim in self.aims)
        rows = []
        for aim, need in zip(self.aims, self.needs, strict=True):
            row = np.zeros(n_columns + 1)
            for position, (nation, product) in self.model.columns.of("served"):
                if nation == aim.nation and product in aim.products:
                    row[position] = -1.0
            # what is raised is counted in tonnes of all demands together
            row[-1] = (need / self.need) * (aim.part / most) if self.need else 1.0
            rows.append(row)
        return csr_array(np.array(rows))


def _are_alike(first: LinearProgram, second: LinearProgram) -> bool:
    """Tell whether two programs differ in their right sides alone."""
    pairs = ((first.a_ub, second.a_ub), (first.a_eq, second.a_eq))
    return all(
        entry.shape == other.shape and (entry != other).nnz == 0 for entry, other in pairs
    ) and np.array_equal(first.c, second.c)


def _without_dust(base: float, worth: Floats) -> Cut:
    """Return a cut without coefficients that are rounding; the base makes up for them."""
    is_dust = worth < _DUST * max(1.0, float(worth.max(initial=0.0)))
    # No part exceeds 1, so that the sum of what is dropped bounds what it could have added: the cut
    # stays true.
    return Cut(base + float(worth[is_dust].sum()), np.where(is_dust, 0.0, worth))


def supplies_of(
    question: Question,
    offered: tuple[Offer, ...],
    aims: tuple[Aim, ...],
    years: Iterable[int],
    level: LevelName = "central",
) -> dict[int, Supply]:
    """Return the programs of years on the network in which every option is taken.

    They are built once; what is not chosen is held at 0 by bounds. A network for each choice would
    be built anew for every proposal. The question is that before anything is chosen.
    """
    wide = _with_all(question, offered)
    others = tuple(offer for offer in offered if offer.row.kind != SOONER)
    plain = None
    if len(others) < len(offered):
        # What a plant does by itself is read off the program in which nothing is sped up: to the
        # last digit, circuits and ends of the data among it.
        plain = _with_all(question, others)

    def by_itself(year: int) -> dict[tuple[str, tuple[str, ...]], float]:
        if plain is None:
            return {}
        of_year = replace(plain, year=year)
        model = model_of(
            of_year,
            level=level,
            closed=_closed(of_year, others),
            stored=stored_by(of_year, others),
        )
        return dict(zip(model.labels(False), model.stacked(False)[1].tolist(), strict=True))

    supplies: dict[int, Supply] = {}
    before: Supply | None = None
    for year in in_turn(list(years), lambda year: f"{year} with every option, {level} figures"):
        before = Supply(replace(wide, year=year), offered, aims, level, by_itself(year), before)
        supplies[year] = before
    return supplies


def _with_all(question: Question, offered: tuple[Offer, ...]) -> Question:
    """Return a question on the network with some options: the same one for all ends of the data.

    What programs at one end look up in it, those at the others find there.
    """
    cache = cache_of(question.net)
    key = ("with all", question.links, *(Same(offer.row) for offer in offered))
    if key not in cache:
        cache[key] = widened(question.net, offered, question.links)
    return replace(question, net=cache[key])


def _closed(question: Question, offered: tuple[Offer, ...]) -> frozenset[str] | None:
    """Return what is shut: not the plants that an option protects."""
    guarded = frozenset(
        plant for offer in offered if offer.row.kind == "protect" for plant in offer.plants
    )
    return question.shut.possibly - guarded if guarded else None
