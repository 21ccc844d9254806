"""One answer of many: of all that are as good, the one nearest to what was observed.

A linear program has many optima. Which of them a solver returns hangs on the order of rows, on
its method and on its rounding, so that none of them is a finding. The one that is shown is chosen
by a rule: what moves on every link lies as near as can be to a reference, tonne by tonne. The
tonnes of every link weigh a little differently, by its name, so that one answer is left whatever
the order of rows, the solver or the number of threads.

How it is used: solve the programs of an objective on a run, each pinned; then

>>> import supplynet as sn
>>> from supplynet.analysis.balance.nearest import reference_of, reference_to, settle
>>> run = sn.allocate(sn.load("tutorial")).solved.run
>>> shown = settle(run, reference_of(run.model))

For an answer that is to be compared with another, ``reference_to`` takes the other's flows, so
that what differs is an effect and not a tie; where nothing was ever shipped, as for a nation that
draws alone, `NOTHING` leaves the answer that moves the least.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.firm import part_of, seen_links
from supplynet.analysis.balance.programs import MOVING, Pin, pin_rows
from supplynet.analysis.balance.scope import demanded
from supplynet.arrays import Floats, Ints
from supplynet.errors import InterruptedSolveError, SolverError
from supplynet.solve.lp.program import LinearProgram, widened
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.balance.columns import Columns
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.scope import Scope
    from supplynet.network.schema import Baseline

#: what moves by name: tail, head, form and thing; a corridor is ``rule:<id>``, and the thing an
#: element, a product, or the origin of a basket
FlowName = tuple[str, str, str, str]

#: name of the program that chooses the answer that is shown
NEAREST = "nearest to the reference"

# by how much the tonnes of one thing may weigh more than those of another: no tie is left
_TIE = 2.0**-6
# what a tonne weighs that reaches a nation and is not used there
_UNUSED = 8.0
# parts of what a sum reached that may be given up: more than rounds of fair shares gave up, and
# than two ways that cost the same differ by in the rounding of their costs; the next, of single
# tonnages too, where a program has no inside
_ROOMS = (3e-10, 3e-9, 3e-8, 3e-7)
# flows below this share of the largest are rounding of the solver
_LEAST = 1e-9


class Seen(NamedTuple):
    """Tonnes that something is to come near to."""

    name: str
    terms: Mapping[int, float]  #: columns, and what a tonne of each counts
    tonnes: float


@dataclass(frozen=True, slots=True)
class Reference:
    """What an answer is to lie near to."""

    what: str  #: in words
    seen: tuple[Seen, ...] = field(repr=False)  #: what is not among it is to be as little as can be


#: for an answer that is to move the least
NOTHING = Reference("the least that can be moved", ())


def settle(run: Run, reference: Reference) -> Floats:
    """Return the answer nearest to a reference of all that keep what the programs reached.

    With the tonnes S(l) on each link l, those of the reference R(l), weights w(l) that differ by
    the name of the link by at most a 64th, and small weights v(j) of what plants do::

        minimize  sum_l w(l) |S(l) - R(l)| + sum_j v(j) x(j) + 8 (what arrives and is not used)

    New scrap on its way back counts as nothing, so that it is returned before more is mined. The
    run has the pins of the programs that were solved.

    References
    ----------
    Mangasarian (1979), "Uniqueness of solution in linear programming",
    doi:10.1016/0024-3795(79)90004-4: an optimum that stays one however little the objective is
    changed is the only one.
    """
    # Pins of earlier programs leave an optimal face that is flat to the last digits, and the solver
    # may see it as empty. The least room that gives an answer is taken, so that no more than
    # rounding is given up of what was reached.
    for room in _ROOMS[:-1]:
        try:
            return _settled(run, reference, room, is_quick=True)
        except InterruptedSolveError:
            raise
        except SolverError:
            continue  # rounding of what was reached left nothing to choose from, or no way to it
    return _settled(run, reference, _ROOMS[-1])


def _settled(run: Run, reference: Reference, room: float, *, is_quick: bool = False) -> Floats:
    """Return the nearest answer, where a part of what was reached may be given up."""
    model = run.model
    lower, sums = _kept(run, room)
    # The whole answer is one more linear program: all pins kept, what is far from the reference or
    # moves without need weighs, and names break ties, so that the same question gives the same
    # flows on every machine and in every order of the rows.
    lp = model.program(
        _weights(model), maximize=False, more=pin_rows(sums), lower=lower, upper=None
    )
    solution = run.exact(NEAREST, _near(lp, reference), is_quick=is_quick)
    return solution.x[: len(model.columns)]


def reference_of(model: Model) -> Reference:
    """Return what was observed: calibrated flows, or else the tonnages of observed links.

    Flows are those of the latest calibrated year that is not after the one asked for, times what
    the nations that draw ask for now over what they asked for then.
    """
    scope = model.scope
    rows = cast("tuple[Baseline, ...]", scope.net.rows("baseline"))
    years = sorted({row.year for row in rows if row.what == "flow"})
    if not years:
        then = scope.net.commodity.base_year
        growth = _growth(scope, then)
        seen = tuple(
            Seen("|".join(link.label), link.terms, growth * link.tonnage)
            for link in seen_links(model)
        )
        return Reference("the tonnages of observed links", seen) if seen else NOTHING
    # The last calibrated year that is not in the future of the answer, or the first where all are.
    then = max([year for year in years if year <= scope.year], default=years[0])
    growth = _growth(scope, then)
    flows: dict[FlowName, float] = {}
    for row in rows:
        if row.year == then and row.what == "flow":
            name = _row_name(row)
            flows[name] = flows.get(name, 0.0) + growth * row.flow
    grown = "" if abs(growth - 1.0) < 5e-3 else f", times {growth:.2f}"
    return replace(reference_to(model, flows), what=f"the calibrated flows of {then}{grown}")


def reference_to(model: Model, flows: Mapping[FlowName, float]) -> Reference:
    """Return the flows of another answer, such as those of `link_flows`, as a reference."""
    rules = {end for name in flows for end in name[:2]}
    seen = []
    for name, places in _columns_by_name(model, frozenset(rules)).items():
        tonnes = flows.get(name, 0.0)
        if tonnes > 0.0:
            seen.append(Seen("|".join(name), dict.fromkeys(places, 1.0), tonnes))
    return Reference("the other answer", tuple(seen))


def link_flows(model: Model, x: Floats) -> dict[FlowName, float]:
    """Return what moves on each link by name; parallel links and mixed baskets add up."""
    least = _LEAST * float(np.max(x, initial=0.0))
    flows = {
        name: float(sum(max(0.0, x[column]) for column in places))
        for name, places in _columns_by_name(model, frozenset()).items()
    }
    return {name: tonnes for name, tonnes in flows.items() if tonnes > least}


def moved(model: Model) -> Floats:
    """Return the objective that counts the tonnes that are mined, moved or wasted.

    Scrap that is lost counts, scrap on its way back does not.
    """
    objective, names = model.vector({}), model.columns
    for kind in MOVING:
        objective[getattr(names, kind).place] = 1.0
    objective[_goes_back(names)] = 0.0
    return objective


def _goes_back(names: Columns) -> Ints:
    """Return the columns of new scrap on its way back."""
    places: Ints = names.element.place[names.codes.is_scrap[names.element.arc]]
    return places


# -- the program -------------------------------------------------------------------------------


def _kept(run: Run, room: float) -> tuple[Floats, list[Pin]]:
    """Return what pins say of one variable as lower bounds, and those of sums with some room."""
    lower, sums = np.zeros(len(run.model.columns)), []
    names = run.model.columns
    served = {*names.served.place.tolist(), *names.taken.place.tolist()}
    for pin in run.pins:
        places = np.flatnonzero(pin.objective)
        # A pin of one variable is a bound: as a row it would be one more constraint, with a scale
        # of its own, through the same vertex.
        if places.size == 1 and pin.objective[places[0]] > 0.0:
            least = pin.value / float(pin.objective[places[0]])
            least *= 1.0 if room == _ROOMS[0] else 1.0 - room
            lower[places] = np.maximum(lower[places], least)
        else:
            # tonnes add up to the last digit: only sums with weights need room from the start
            is_plain = room == _ROOMS[0] and served.issuperset(places.tolist())
            value = 0.0 if is_plain else room * pin.size
            sums.append(pin._replace(value=pin.value - value))
    return lower, sums


def _weights(model: Model) -> Floats:
    """Return what a tonne of each variable weighs, a little differently by its name."""
    names = model.columns
    # Weights differ by a number between 0 and 1 made of the name, so that ties are broken by what a
    # thing is called and never by its place in a file.
    shares = np.array([part_of(name) for name in model.names])
    weights = _TIE * (1.0 + shares) / 2.0
    for group in (names.feed, names.element, names.product, names.wasted):
        weights[group.place] = 1.0 + _TIE * shares[group.place]
    scrap = _goes_back(names)
    weights[scrap] = _TIE * (1.0 + shares[scrap]) / 2.0
    for block in model.blocks:
        # What arrives and is not served would cost nothing more than what is: served is pinned and
        # the rest piles up where it came from. The rows of deliveries say both, so that their
        # columns tell what arrives.
        if block.family == "delivery":  # served - arrived <= 0
            weights -= _UNUSED * np.asarray(block.matrix.sum(axis=0)).ravel()
    return weights


def _near(lp: LinearProgram, reference: Reference) -> LinearProgram:
    """Return the program with what is missing of each tonnage as a further variable.

    ``|S - R| = S - R + 2 b`` with ``b >= R - S`` and ``b >= 0``: a tonne that moves has its weight
    already, and b weighs twice as much.
    """
    n, n_more = lp.c.size, len(reference.seen)
    c, below = np.array(lp.c), np.zeros(n_more)
    rows, columns, values = [], [], []
    for index, seen in enumerate(reference.seen):
        # The distance to a tonnage is |flow - tonnage|. Above it a tonne costs weight, below it is
        # short by a further variable; with costs already 1 for each tonne moved, the slopes are
        # shifted so that both sides weigh the same and no absolute value is needed.
        weight = 1.0 + _TIE * part_of(seen.name)
        below[index] = 2.0 * weight
        for column, counts in seen.terms.items():
            c[column] += weight * counts - 1.0
            rows.append(index)
            columns.append(column)
            values.append(-counts)
    short = coo_array((values, (rows, columns)), shape=(n_more, n))
    eye = csr_array((-np.ones(n_more), (range(n_more), range(n_more))), shape=(n_more, n_more))
    missing = [-seen.tonnes for seen in reference.seen]
    c = np.concatenate([c, below])
    return widened(lp, n_more, c=c, a_ub=hstack([short, eye]), b_ub=missing)


# -- names -------------------------------------------------------------------------------------


def _columns_by_name(model: Model, names: frozenset[str]) -> dict[FlowName, list[int]]:
    """Return the columns of what moves by name; a part of a known corridor goes by its name."""
    frame, by_name = model.scope.frame, cast("dict[FlowName, list[int]]", {})
    for kind in ("feed", "element", "product"):
        for column, key in model.columns.of(kind):
            arc, carried = frame.arcs[cast("int", key[0])], key[1]
            what = str(carried[0]) if isinstance(carried, tuple) else str(carried)
            bounds = _whole(arc.tail, names), _whole(arc.head, names)
            by_name.setdefault((*bounds, arc.form, what), []).append(column)
    return by_name


def _whole(label: str, names: frozenset[str]) -> str:
    """Return the corridor that a corridor is a part of, where it is known by that name."""
    # Restrictions part a corridor into `rule:id.1`, `rule:id.2`; a reference from before them knows
    # only the whole.
    total = label.rpartition(".")[0]
    return total if label not in names and total in names else label


def _row_name(row: Baseline) -> FlowName:
    """Return the name of what a row of the baseline says."""
    hub = f"rule:{row.rule}"
    bounds = row.source or hub, row.target or hub
    return (*bounds, str(row.form), str(row.item))


# -- what was observed -------------------------------------------------------------------------


def _growth(scope: Scope, then: int) -> float:
    """Return what the nations that draw ask for over what they asked for in another year."""
    need = LEVELS[scope.level].opposite
    before = sum(demanded(scope.net, scope.frame, then, scope.elements, need).values())
    now = sum(scope.demand.values())
    return now / before if now and before else 1.0
