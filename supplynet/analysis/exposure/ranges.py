"""The least and the greatest share of marked supply over all optimal balances, with its marks.

Every variable that carries an element gets a marked part between nothing and all of what it
holds. What comes marked to a pot leaves it marked, in whatever proportions: the range covers
every balance that is as good, and in each of them every way to tell what came from where out of
a mix. The proportional answer is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from supplynet.analysis.balance.programs import pin_rows
from supplynet.analysis.exposure.moves import Mask, Moves, Vector
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.trace import last_abroad, touched
from supplynet.errors import (
    CertificateError,
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    UnboundedError,
)
from supplynet.solve.check import Certificate, require
from supplynet.solve.check import within as is_within
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import proved, proved_again

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.exposure.study import Asked, Study

#: what an end may be off by where all digits do not suffice, as a part of all supply: a tenth of
#: the last digit ever shown
_LOOSE = 1e-6
#: parts of what was reached that are given up, one after the other, where the solver finds no way
_WIDE = (1e-9, 1e-6)
#: part of what arrives that is rounding of the solver where it is not served
_UNSERVED = 1e-6


@dataclass(frozen=True, eq=False)
class Marked:
    """An element with one mark, and the pots whose supply is asked about."""

    moves: Moves
    is_fixed: Mask  #: shape (n_pots,)
    values: Vector  #: shape (n_pots,); as in `supplynet.analysis.exposure.trace.Mark`, one mark
    supply: Mask  #: shape (n_pots,)


class ShareEnds:
    """The least and the greatest share of marked supply over all optimal balances.

    The share is marked tonnes over all tonnes, elements added up. As both may differ between
    balances, the program is that of a ratio of linear functions (Charnes and Cooper, 1962,
    doi:10.1002/nav.3800090303): all variables and limits are scaled by a further variable, and all
    tonnes are held at `size`. The second end is solved from the first. `size` is the supply in the
    balance at hand, t/yr above 0: the scale of the program; `within` is the part of what was
    reached that may be given up, 0 to 1.
    """

    def __init__(self, run: Run, marked: Sequence[Marked], *, size: float, within: float) -> None:
        self.run, self.size, self.marked, self.within = run, size, marked, within
        self.lp = self._program()
        self.engine = LinearEngine(self.lp, time_limit=run.time_limit)

    def _program(self, room: float = 0.0) -> LinearProgram:
        return _program(self.run, self.marked, size=self.size, within=self.within, room=room)

    def end(self, *, maximize: bool) -> tuple[float, Certificate]:
        """Return the least or the greatest share and its proof."""
        sign = 1.0 if maximize else -1.0
        self.engine.objective(sign * self.lp.c)
        words: dict[str, Any] = {
            "time_limit": self.run.time_limit,
            "tolerance": _LOOSE,
            # duals of a share of nearly nothing are off by parts of all supply, not of that share
            "whole": self.size,
        }
        try:
            self.engine.solve()  # where this fails, other methods fail as well, and take longer
            solution, certificate = proved_again(self.engine, **words)
            if not certificate.ok and len(self.marked) == 1:  # where next to nothing moves
                engine = LinearEngine(self.engine.lp, time_limit=self.run.time_limit)
                solution, certificate = proved_again(engine, **words)
            require(certificate)
        except InterruptedSolveError:
            raise
        except (InfeasibleError, CertificateError):
            # what was reached, held on top of each other, leaves no room
            solution, certificate = self._wider(sign, words, _WIDE)
        except SolverError:  # no share is above 1: the simplex method was misled by its scale
            solution, certificate = self._wider(sign, words, (0.0, *_WIDE))
        require(certificate)
        return sign * solution.objective / self.size, certificate

    def _wider(
        self, sign: float, words: dict[str, Any], rooms: Sequence[float]
    ) -> tuple[LinearSolution, Certificate]:
        """Solve anew, with nothing or a little given up: a range that holds the one asked for."""
        for room in rooms:
            wide = self._program(room)
            try:
                return proved(replace(wide, c=sign * wide.c), **words)
            except (InterruptedSolveError, UnboundedError):
                raise
            except SolverError:
                if room == rooms[-1]:
                    raise
        raise AssertionError("a room was tried")


def _program(
    run: Run, marked: Sequence[Marked], *, size: float, within: float, room: float
) -> LinearProgram:
    """Return the program of the ratio; its last variable is the scale."""
    # The share is a ratio of two linear forms. Scaled so that the whole is a constant, with the
    # scale as one more variable, it is a linear program again (Charnes and Cooper, 1962).
    given = run.model.program(
        np.zeros(len(run.model.columns)), maximize=True, more=_pins(run, within, room)
    )
    blocks = [_Block(marked_block) for marked_block in marked]
    n_given = given.c.size
    offsets = np.cumsum([n_given, *(block.n_more for block in blocks)])
    n = int(offsets[-1])
    just, beyond, unserved = _delivered(run, marked)
    # Bounds are made rows, for they too are multiplied by the scale.
    upper = [_wide(given.a_ub, n), *_bounds(given, n), _wide(beyond, n)]
    rhs = [given.b_ub, given.upper[np.isfinite(given.upper)], -given.lower[given.lower > 0.0]]
    rhs.append(unserved)
    equal = [_wide(given.a_eq, n), _wide(just, n)]
    part, whole = np.zeros(n), np.zeros(n)
    for block, first in zip(blocks, offsets, strict=False):
        most, same = block.rows(n, int(first))
        upper.append(most)
        equal.append(same)
        part += block.supplied(block.marked(n, int(first)))
        whole += block.supplied(block.held(n, int(first)))
    a_ub, a_eq = vstack(upper, format="csr"), vstack(equal, format="csr")
    b_ub, b_eq = (
        np.concatenate([*rows, np.zeros(matrix.shape[0] - sum(map(len, rows)))])
        for rows, matrix in ((rhs, a_ub), ([given.b_eq], a_eq))
    )
    # Every right side moves to the left, times the scale: only the last row, the whole, keeps a
    # number.
    scaled = vstack([hstack([a_eq, -b_eq[:, None]]), csr_array([[*whole, 0.0]])], format="csr")
    return LinearProgram(
        c=np.append(part, 0.0),
        a_ub=hstack([a_ub, -b_ub[:, None]], format="csr"),
        b_ub=np.zeros(len(b_ub)),
        a_eq=scaled,
        b_eq=np.append(np.zeros(len(b_eq)), size),
        lower=np.zeros(n + 1),
        upper=np.full(n + 1, np.inf),
        maximize=True,
    )


def _wide(matrix: Any, n: int) -> Any:
    """Return a matrix with empty columns added up to `n`."""
    return hstack([matrix, csr_array((matrix.shape[0], n - matrix.shape[1]))], format="csr")


def _bounds(given: LinearProgram, n: int) -> list[Any]:
    """Return the bounds of a program other than 0 and none, as rows: they scale too."""
    high, low = np.flatnonzero(np.isfinite(given.upper)), np.flatnonzero(given.lower > 0.0)
    return [
        coo_array((np.full(len(at), sign), (np.arange(len(at)), at)), shape=(len(at), n))
        for at, sign in ((high, 1.0), (low, -1.0))
    ]


def _pins(run: Run, within: float, room: float) -> tuple[Any, Vector] | None:
    """Return the rows that keep what was reached, but for a part of it, and of what it sums up.

    What was reached can be 0, as of gaps to what went; what it sums up is not.
    """
    pins = pin_rows(run.pins, room)
    if pins is None:
        return None
    matrix, rhs = pins
    return matrix, rhs + within * np.abs([pin.value for pin in run.pins])


def _delivered(run: Run, marked: Sequence[Marked]) -> tuple[Any, Any, Vector]:
    """Return rows by which no more comes of what is asked about than is served.

    Where more came than was served, as what went on links can make it, no more comes than that.
    Returned are rows that are 0, further rows, and what these are at most: what came in the balance
    at hand and was not served.
    """
    asked = {
        (pot.label, pot.thing)
        for marked_block in marked
        for pot, is_asked in zip(marked_block.moves.pots, marked_block.supply, strict=True)
        if is_asked
    }
    block = next(block for block in run.model.blocks if block.family == "delivery")
    matrix = block.matrix[[row for row, label in enumerate(block.labels) if label[1:] in asked]]
    # Where more arrives than is served, the rest would be free supply to dilute a share with: what
    # is not served is held where it is.
    x = without_excess(run.model, run.x)  # what is bound and counted by nobody is no arrival
    unserved = -(matrix @ x)
    is_beyond = unserved > _UNSERVED * (abs(matrix) @ x)
    return matrix[~is_beyond], -matrix[is_beyond], unserved[is_beyond]


class _Block:
    """The further variables and rows of one element: what products hold, and marked parts."""

    def __init__(self, marked: Marked) -> None:
        self.marked_by = marked
        self.moves = marked.moves
        self.mixed = np.flatnonzero(self.moves.is_mixed)
        self.free = np.flatnonzero(~marked.is_fixed[self.moves.tail])
        self.n_more = len(self.mixed) + len(self.free)

    def held(self, n: int, first: int) -> Any:
        """Return what each move holds as a linear form, shape (n_moves, n)."""
        moves = self.moves
        known = np.flatnonzero(~moves.is_mixed)
        at = np.concatenate([moves.column[known], first + np.arange(len(self.mixed))])
        values = np.concatenate([moves.content[known], np.ones(len(self.mixed))])
        rows = np.concatenate([known, self.mixed])
        return coo_array((values, (rows, at)), shape=(len(moves.column), n)).tocsr()

    def marked(self, n: int, first: int) -> Any:
        """Return the marked part of each move as a linear form, shape (n_moves, n)."""
        moves, mark = self.moves, self.marked_by
        value = np.where(mark.is_fixed, mark.values, 0.0)[moves.tail]
        # From a pot with a mark put on, the marked part is that mark; from others it is a variable
        # of its own between none and all of what the move holds.
        fixed = self.held(n, first).multiply(value[:, None])
        at = first + len(self.mixed) + np.arange(len(self.free))
        own = coo_array((np.ones(len(at)), (self.free, at)), shape=(len(moves.column), n))
        return csr_array(fixed + own)

    def supplied(self, form: Any) -> Vector:
        """Return the sum of a linear form over what the supply that is asked about gets."""
        into = self.marked_by.supply[self.moves.head] * self.moves.kept
        supply: Vector = form.T @ into
        return supply

    def rows(self, n: int, first: int) -> tuple[Any, Any]:
        """Return rows that are at most 0 and rows that are 0."""
        moves = self.moves
        held, marked = self.held(n, first), self.marked(n, first)
        gain = _gain(moves)
        is_inner = np.isin(moves.kind, ["ground", "supply", "gone"], invert=True)
        is_free = ~self.marked_by.is_fixed
        closed = np.flatnonzero(moves.is_closed & is_free)
        loose = np.flatnonzero(~moves.is_closed & is_inner & is_free)
        products = np.flatnonzero(moves.kind == "product")
        amount = _picked(moves.column[self.mixed], n)
        content = held[self.mixed]
        most = [
            (marked - held)[self.free],
            content - amount.multiply(moves.high[self.mixed][:, None]),
            amount.multiply(moves.low[self.mixed][:, None]) - content,
            -gain[loose] @ marked,
            gain[loose] @ (marked - held),
        ]
        # Marked tonnes are conserved like all tonnes; that every way out of a pot bears the same
        # share is not asked here. The range therefore holds that of proportional mixing.
        same = [gain[closed] @ marked, gain[products] @ held]
        return vstack(most, format="csr"), vstack(same, format="csr")


def _gain(moves: Moves) -> Any:
    """Return what each pot gains from each move, shape (n_pots, n_moves)."""
    at = np.arange(len(moves.column))
    ones = np.ones(len(at))
    shape = len(moves.pots), len(at)
    into = coo_array((moves.kept, (moves.head, at)), shape=shape)
    return csr_array(into - coo_array((ones, (moves.tail, at)), shape=shape))


def _picked(at: Any, n: int) -> Any:
    """Return rows that each pick one variable."""
    return coo_array((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), n)).tocsr()


#: by how much a proportional share may lie outside its range: rounding of two programs
TOLERANCE = 1e-6
#: part of all that moves below which a solver that rounds by the largest amount sees no supply
_APART = 1e-9


@dataclass(frozen=True)
class Span:
    """The least and the greatest share over all optimal balances."""

    #: least, greatest: 0 to 1; None without a supply
    least: float | None
    greatest: float | None
    #: of the two programs, and that the proportional share lies between
    certificates: tuple[Certificate, ...] = field(default=(), repr=False)


def spans(
    run: Run,
    asked: Asked,
    studies: Sequence[Study],
    *,
    lens: str,
    stage: str,
    is_direct: bool,
    within: float,
    point: tuple[float | None, float | None],
) -> Span:
    """Return the least share with sure plants only, and the greatest with possible ones too.

    Tonnes of all `studies` are added up; `within` is the part of what was reached that may be given
    up. The range must hold `point`, the proportional shares, sure and possible.
    """
    size = sum(study.supply for study in studies)
    if point[0] is None or point[1] is None or size <= 0.0:
        return Span(None, None)
    exposed = asked.exposed[lens]
    ends, proofs = [], []
    programs: dict[frozenset[str], ShareEnds] = {}
    for plants, maximize in ((exposed.surely, False), (exposed.possibly, True)):
        chosen = asked.of_stage(plants, stage)
        if not chosen:
            ends.append(0.0)
            continue
        if chosen not in programs:
            marked = []
            for study in studies:
                mark = touched(study.moves, chosen)
                if is_direct:
                    mark = last_abroad(study.moves, asked.foreign(lens), [chosen])
                marked.append(Marked(study.moves, mark.is_fixed, mark.values[:, 0], study.pots))
            programs[chosen] = ShareEnds(run, marked, size=size, within=within)
        end, proof = programs[chosen].end(maximize=maximize)
        ends.append(end)
        proofs.append(proof)
    outside = max(ends[0] - point[0], point[1] - ends[1], 0.0)
    largest = float(run.x.max(initial=0.0))
    if outside > TOLERANCE and size < _APART * largest:
        raise SolverError(
            f"{size:.0e} t of what is asked about stand beside {largest:.0e} t that move: which "
            "part of it came from where cannot be distinguished",
            hint="ask without ranges (--ranges none), or leave the element out",
        )
    holds = Certificate((is_within("range holds the proportional share", outside, TOLERANCE),))
    require(holds)
    least, greatest = min(ends[0], point[0]), max(ends[1], point[1])
    return Span(max(0.0, least), min(1.0, greatest), (*proofs, holds))
