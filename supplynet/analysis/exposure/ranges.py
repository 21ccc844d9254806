"""The least and the greatest share of marked supply over all optimal balances, with its marks.

Every variable that carries an element gets a marked part between nothing and all of what it
holds. What comes marked to a pot leaves it marked, in whatever proportions: the range covers
every balance that is as good, and in each of them every way to tell what came from where out of
a mix. The proportional answer is one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from supplynet.analysis.balance.programs import pin_rows
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.tables import Range
from supplynet.analysis.exposure.trace import Mark, last_abroad, touched
from supplynet.analysis.undecided import is_decided
from supplynet.arrays import Floats
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
    from supplynet.analysis.exposure.tables import StageExposure

#: what an end may be off by where all digits do not suffice, as a part of all supply: a tenth of
#: the last digit ever shown
_LOOSE = 1e-6
#: parts of what was reached that are given up, one after the other, where the solver finds no way
_WIDE = (1e-9, 1e-6)
#: part of what arrives that is rounding of the solver where it is not served
_UNSERVED = 1e-6


class ShareEnds:
    """The least and the greatest share of marked supply over all optimal balances.

    The share is marked tonnes over all tonnes. As both may differ between balances, the program is
    that of a ratio of linear functions (Charnes and Cooper, 1962, doi:10.1002/nav.3800090303): all
    variables and limits are scaled by a further variable, and all tonnes are held at those of the
    trace, above 0: the scale of the program. The second end is solved from the first. `within` is
    the part of what was reached that may be given up, 0 to 1.
    """

    def __init__(self, run: Run, marked: Sequence[tuple[Study, Mark]], within: float) -> None:
        self.run, self.marked, self.within = run, marked, within
        self.supply = sum(study.supply for study, _ in marked)
        self.lp = self._program()
        self.engine = LinearEngine(self.lp, time_limit=run.time_limit)

    def end(self, *, maximize: bool) -> tuple[float, Certificate]:
        """Return the least or the greatest share and its proof."""
        sign, limit = 1.0 if maximize else -1.0, self.run.time_limit
        self.engine.objective(sign * self.lp.c)
        # duals of a share of nearly nothing are off by parts of all supply, not of that share
        size = self.supply
        options: dict[str, Any] = {"time_limit": limit, "tolerance": _LOOSE, "whole": size}
        try:
            self.engine.solve()  # where this fails, other methods fail as well, and take longer
            solution, certificate = proved_again(self.engine, **options)
            if not certificate.ok:  # where next to nothing moves
                engine = LinearEngine(self.engine.lp, time_limit=limit)
                solution, certificate = proved_again(engine, **options)
            require(certificate)
        except InterruptedSolveError:
            raise
        except (InfeasibleError, CertificateError):
            # what was reached, held on top of each other, leaves no room
            solution, certificate = self._wider(sign, options, _WIDE)
        except SolverError:  # no share is above 1: the simplex method was misled by its scale
            solution, certificate = self._wider(sign, options, (0.0, *_WIDE))
        require(certificate)
        return sign * solution.objective / size, certificate

    def _wider(
        self, sign: float, options: dict[str, Any], rooms: Sequence[float]
    ) -> tuple[LinearSolution, Certificate]:
        """Solve anew, with nothing or a little given up: a range that holds the one asked for."""
        for room in rooms:
            wide = self._program(room)
            try:
                return proved(replace(wide, c=sign * wide.c), **options)
            except (InterruptedSolveError, UnboundedError):
                raise
            except SolverError:
                if room == rooms[-1]:
                    raise
        raise AssertionError("a room was tried")

    def _program(self, room: float = 0.0) -> LinearProgram:
        """Return the program of the ratio; its last variable is the scale."""
        # The share is a ratio of two linear forms. Scaled so that the whole is a constant, with the
        # scale as one more variable, it is a linear program again (Charnes and Cooper, 1962).
        model = self.run.model
        more = _pins(self.run, self.within, room)
        program = model.program(np.zeros(len(model.columns)), maximize=True, more=more)
        just, beyond, unserved = _delivered(self.run, [study for study, _ in self.marked])
        n, mixing, sums = program.c.size, list[Any](), list[Any]()
        for study, mark in self.marked:
            holding, marked = _forms(study, mark, n)
            n = holding.shape[1]
            mixing.append(_mixing(study, mark, holding, marked))
            # what arrives of each move where it is asked about
            into = study.pots[study.moves.head] * study.moves.kept
            sums.append((holding.T @ into, marked.T @ into))
        total, piece = (
            np.sum([np.pad(form, (0, n - form.size)) for form in forms], axis=0)
            for forms in zip(*sums, strict=True)
        )
        most, same = ([_wide(rows, n) for rows in each] for each in zip(*mixing, strict=True))
        # Bounds are made rows, for they too are multiplied by the scale.
        upper = [_wide(program.a_ub, n), *_bounds(program, n), _wide(beyond, n), *most]
        lower = program.lower[program.lower > 0.0]
        rhs = [program.b_ub, program.upper[np.isfinite(program.upper)], -lower, unserved]
        a_ub = vstack(upper, format="csr")
        a_eq = vstack([_wide(program.a_eq, n), _wide(just, n), *same], format="csr")
        b_ub, b_eq = (
            np.concatenate([*sides, np.zeros(matrix.shape[0] - sum(map(len, sides)))])
            for sides, matrix in ((rhs, a_ub), ([program.b_eq], a_eq))
        )
        # Every right side moves to the left, times the scale: only the last row, the whole, keeps a
        # number.
        total = csr_array([np.append(total, 0.0)])
        return LinearProgram(
            c=np.append(piece, 0.0),
            a_ub=hstack([a_ub, -b_ub[:, None]], format="csr"),
            b_ub=np.zeros(len(b_ub)),
            a_eq=vstack([hstack([a_eq, -b_eq[:, None]]), total], format="csr"),
            b_eq=np.append(np.zeros(len(b_eq)), self.supply),
            lower=np.zeros(n + 1),
            upper=np.full(n + 1, np.inf),
            maximize=True,
        )


def _wide(matrix: Any, n: int) -> Any:
    """Return a matrix with empty columns added up to `n`."""
    return hstack([matrix, csr_array((matrix.shape[0], n - matrix.shape[1]))], format="csr")


def _bounds(program: LinearProgram, n: int) -> list[Any]:
    """Return the bounds of a program other than 0 and none, as rows: they scale too."""
    high, low = np.flatnonzero(np.isfinite(program.upper)), np.flatnonzero(program.lower > 0.0)
    return [sign * _picked(at, n) for at, sign in ((high, 1.0), (low, -1.0))]


def _pins(run: Run, within: float, room: float) -> tuple[Any, Floats] | None:
    """Return the rows that keep what was reached, but for a part of it, and of what it sums up.

    What was reached can be 0, as of gaps to what went; what it sums up is not.
    """
    pins = pin_rows(run.pins, room)
    if pins is None:
        return None
    matrix, rhs = pins
    return matrix, rhs + within * np.abs([pin.value for pin in run.pins])


def _delivered(run: Run, studies: Iterable[Study]) -> tuple[Any, Any, Floats]:
    """Return rows by which no more comes of what is asked about than is served.

    Where more came than was served, as what went on links can make it, no more comes than that.
    Returned are rows that are 0, further rows, and what these are at most: what came in the balance
    at hand and was not served.
    """
    pots = (study.moves.pots[pot] for study in studies for pot in np.flatnonzero(study.pots))
    request = {(pot.label, pot.thing) for pot in pots}
    block = next(block for block in run.model.blocks if block.family == "delivery")
    matrix = block.matrix[[row for row, label in enumerate(block.labels) if label[1:] in request]]
    # Where more arrives than is served, the rest would be free supply to dilute a share with: what
    # is not served is held where it is.
    x = without_excess(run.model, run.x)  # what is bound and counted by nobody is no arrival
    unserved = -(matrix @ x)
    is_beyond = unserved > _UNSERVED * (abs(matrix) @ x)
    return matrix[~is_beyond], -matrix[is_beyond], unserved[is_beyond]


def _forms(study: Study, mark: Mark, first: int) -> tuple[Any, Any]:
    """Return what each move holds, and its marked part, as linear forms, shape (n_moves, n).

    Behind the `first` variables of the balance stand what each move of a product holds, and the
    marked part of each move that no pot with a mark put on decides.
    """
    moves = study.moves
    mixed, free = np.flatnonzero(moves.is_mixed), np.flatnonzero(~mark.is_fixed[moves.tail])
    names = np.flatnonzero(~moves.is_mixed)
    shape = len(moves.column), first + len(mixed) + len(free)
    at = np.concatenate([moves.column[names], first + np.arange(len(mixed))])
    values = np.concatenate([moves.content[names], np.ones(len(mixed))])
    holding = coo_array((values, (np.concatenate([names, mixed]), at)), shape=shape).tocsr()
    # From a pot with a mark put on, the marked part is that mark; from others it is a variable of
    # its own between none and all of what the move holds.
    value = np.where(mark.is_fixed, mark.values[:, 0], 0.0)[moves.tail]
    at = first + len(mixed) + np.arange(len(free))
    own = coo_array((np.ones(len(free)), (free, at)), shape=shape)
    return holding, csr_array(holding.multiply(value[:, None]) + own)


def _mixing(study: Study, mark: Mark, holding: Any, marked: Any) -> tuple[Any, Any]:
    """Return rows that are at most 0 and rows that are 0."""
    moves, mixed = study.moves, np.flatnonzero(study.moves.is_mixed)
    at, shape = np.arange(len(moves.column)), (len(moves.pots), len(moves.column))
    # what each pot gains from each move
    into = coo_array((moves.kept, (moves.head, at)), shape=shape)
    gain = csr_array(into - coo_array((np.ones(len(at)), (moves.tail, at)), shape=shape))
    is_inner = np.isin(moves.kind, ["ground", "supply", "gone"], invert=True)
    closed = np.flatnonzero(moves.is_closed & ~mark.is_fixed)
    loose = np.flatnonzero(~moves.is_closed & is_inner & ~mark.is_fixed)
    free = np.flatnonzero(~mark.is_fixed[moves.tail])
    amount, content = _picked(moves.column[mixed], holding.shape[1]), holding[mixed]
    most = [
        (marked - holding)[free],
        content - amount.multiply(moves.high[mixed][:, None]),
        amount.multiply(moves.low[mixed][:, None]) - content,
        -gain[loose] @ marked,
        gain[loose] @ (marked - holding),
    ]
    # Marked tonnes are conserved like all tonnes; that every way out of a pot bears the same share
    # is not asked here. The range therefore holds that of proportional mixing.
    same = [gain[closed] @ marked, gain[np.flatnonzero(moves.kind == "product")] @ holding]
    return vstack(most, format="csr"), vstack(same, format="csr")


def _picked(at: Any, n: int) -> Any:
    """Return rows that each pick one variable."""
    return coo_array((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), n)).tocsr()


#: by how much a proportional share may lie outside its range: rounding of two programs
TOLERANCE = 1e-6
#: part of all that moves below which a solver that rounds by the largest amount sees no supply
_APART = 1e-9


def range_of(
    run: Run,
    query: Asked,
    studies: Sequence[Study],
    row: StageExposure,
    *,
    is_direct: bool,
    within: float,
) -> Range:
    """Return the range of a share of what was traced, in all or of those that came last from there.

    It is from the least share with sure plants only to the greatest with possible ones too, of the
    tonnes of all studies. `within` is the part of what was reached that may be given up.
    """
    surely, possibly = row.shares(is_direct=is_direct)
    if surely is None or possibly is None:
        return Range(row.element, row.stage, is_direct, None, None, True)
    exposed, bounds = query.exposed[row.lens], list[float]()
    programs: dict[frozenset[str], ShareEnds] = {}
    for plants in (exposed.surely, exposed.possibly):
        names = query.of_stage(plants, row.stage)
        if names and names not in programs:
            foreign = query.foreign(row.lens)
            marked = [
                (
                    study,
                    last_abroad(study.moves, foreign, [names])
                    if is_direct
                    else touched(study.moves, names),
                )
                for study in studies
            ]
            programs[names] = ShareEnds(run, marked, within)
        bounds.append(programs[names].end(maximize=bool(bounds))[0] if names else 0.0)
    least, greatest = min(bounds[0], surely), max(bounds[1], possibly)
    supply = sum(study.supply for study in studies)
    _require_within(run, supply, max(bounds[0] - least, greatest - bounds[1]))
    least, greatest = max(0.0, least), min(1.0, greatest)
    # what owners that are not known leave open is no matter of the balance
    is_settled = is_decided(least + possibly - surely, greatest)
    return Range(row.element, row.stage, is_direct, least, greatest, is_settled)


def _require_within(run: Run, supply: float, outside: float) -> None:
    """Refuse a range outside of which the proportional shares lie by so much."""
    largest = float(run.x.max(initial=0.0))
    if outside > TOLERANCE and supply < _APART * largest:
        raise SolverError(
            f"{supply:.0e} t of what is asked about stand beside {largest:.0e} t that move: "
            "which part of it came from where cannot be distinguished",
            hint="ask without ranges (--ranges none), or leave the element out",
        )
    holds = is_within("range holds the proportional share", outside, TOLERANCE)
    require(Certificate((holds,)))
