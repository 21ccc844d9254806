"""Ranges of a share, each end solved with the marks that make it smallest or largest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supplynet.analysis.exposure.ranges import Marked, ShareEnds
from supplynet.analysis.exposure.trace import last_abroad, touched
from supplynet.errors import SolverError
from supplynet.solve.check import Certificate, require
from supplynet.solve.check import within as is_within

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.exposure.moves import Moves
    from supplynet.analysis.exposure.study import Asked, Study
    from supplynet.analysis.exposure.trace import Mark

#: by how much a proportional share may lie outside its range: rounding of two programs
TOLERANCE = 1e-6
#: part of all that moves below which a solver that rounds by the largest amount sees no supply
_APART = 1e-9


@dataclass(frozen=True)
class Span:
    """The least and the greatest share over all optimal balances.

    Parameters
    ----------
    least, greatest : float or None
        0 to 1; None without a supply.
    certificates : tuple of Certificate
        Of the two programs, and that the proportional share lies between.
    """

    least: float | None
    greatest: float | None
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

    Parameters
    ----------
    run : Run
        The solved balance.
    asked : Asked
    studies : sequence of Study
        Of the elements whose tonnes are added up.
    lens, stage : str
    is_direct : bool
    within : float
        Part of what was reached that may be given up.
    point : tuple of (float or None, float or None)
        Proportional shares, sure and possible: the range must hold them.
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
                mark = _mark(asked, study.moves, chosen, lens, is_direct)
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
            "part of it came from where cannot be told apart",
            hint="ask without ranges (--ranges none), or leave the element out",
        )
    holds = Certificate((is_within("range holds the proportional share", outside, TOLERANCE),))
    require(holds)
    least, greatest = min(ends[0], point[0]), max(ends[1], point[1])
    return Span(max(0.0, least), min(1.0, greatest), (*proofs, holds))


def _mark(asked: Asked, moves: Moves, plants: frozenset[str], lens: str, is_direct: bool) -> Mark:
    if is_direct:
        return last_abroad(moves, asked.foreign(lens), [plants])
    return touched(moves, plants)
