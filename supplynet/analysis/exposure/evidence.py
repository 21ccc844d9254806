"""What an exposure carries so that others can trace it again: every mixture as a program.

Variables are the share of each pot that bears a mark, and the tonnes of the supply that bear it,
which are the objective. A row says that what leaves a pot bears the mean of what came; it is left
open where a mark is put on or taken off. Its entries follow from the balance: what a unit of each
of its variables holds of the element, times its amount, is what comes from one pot to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.tables import TOGETHER
from supplynet.analysis.exposure.trace import last_abroad, last_of, shares, touched
from supplynet.analysis.proofs import Programs, Proof, figure, packed
from supplynet.network.selector import holder
from supplynet.terms import LENSES

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Vector
    from supplynet.analysis.exposure.moves import Mask
    from supplynet.analysis.exposure.study import Asked, Study
    from supplynet.analysis.exposure.trace import Mark

    #: which pots are fixed, at which share, and the shares that all pots come to
    _Marked = tuple[Mask, Vector, Vector]

_OPEN = "what a tonne that moves holds, concentrations, ranges, and which plants are of whom"
#: the solution, but that nations take no more than is served
_TAKEN = "taken"
#: the figures of a stage
_KEYS = ("direct", "direct_possibly", "traced", "traced_possibly")


def trace_proof(run: Run, asked: Asked, studies: Sequence[Study]) -> Proof:
    """Return the mixtures behind every share, and the tonnes that mix."""
    programs = Programs()
    taken = without_excess(run.model, run.x)
    point = taken[: len(run.model.columns)]
    programs.add(_TAKEN, run.model.program(np.zeros(point.size), maximize=True), (), x=point)
    for study in studies:
        if study.supply > 0.0:
            mixture = _Mixture(programs, study, taken)
            for name, marked in _marks(asked, study):
                mixture.add(programs, f"{study.element} {name}", marked)
    return programs.proof(_figures(studies), _OPEN)


class _Mixture:
    """The rows of one element's mixtures; what is marked are limits alone.

    A row for each pot, which is a mean: where all is marked, all of the pot is. And a last one, for
    a last variable: tonnes of the supply that are marked.
    """

    def __init__(self, programs: Programs, study: Study, taken: Vector) -> None:
        flow, moves = study.flow, study.moves
        n = self.n = len(moves.pots)
        busy = np.flatnonzero(flow.arriving > 0.0)
        column, tail, head = moves.column[busy], moves.tail[busy], moves.head[busy]
        content = flow.arriving[busy] / taken[column]
        into = study.pots[head]
        last = np.array([n])
        entries = [  # row, column, value and variable of the balance
            (head, head, content, column),
            (head, tail, -content, column),
            (np.full(into.sum(), n), tail[into], content[into], column[into]),
            (last, last, np.array([-1.0]), np.array([-1])),
        ]
        told = programs.mixture(_TAKEN, *map(np.concatenate, zip(*entries, strict=True)))
        self.told = {**told, "c": packed(np.eye(n + 1)[n])}
        self.marked = np.bincount(tail[into], flow.arriving[busy][into], minlength=n)
        self.names = [f"{pot.kind} {pot.label}" for pot in moves.pots]

    def add(self, programs: Programs, name: str, marked: _Marked) -> None:
        """Add the mixture of a mark: where it is put on, and what it comes to."""
        is_fixed, fixed, share = marked
        open_ones = np.append(np.where(is_fixed, np.inf, 0.0), 0.0)
        programs.add_mixture(
            name,
            self.names,
            self.told,
            np.append(share, share @ self.marked),
            low=-open_ones,
            high=open_ones,
            lower=np.append(fixed, 0.0),
            upper=np.append(np.where(is_fixed, fixed, np.inf), np.inf),
        )


def _marks(asked: Asked, study: Study) -> Iterator[tuple[str, _Marked]]:
    """Yield what is marked for every share, by name."""
    moves = study.moves

    def marked(mark: Mark) -> list[_Marked]:
        values = np.where(mark.is_fixed[:, None], mark.values, 0.0)
        columns = zip(values.T, shares(study.flow, mark).T, strict=True)
        return [(mark.is_fixed, fixed, share) for fixed, share in columns]

    for lens, stage in study.parts:
        exposed = asked.exposed[lens]
        ends = [asked.of_stage(some, stage) for some in (exposed.surely, exposed.possibly)]
        told = marked(last_abroad(moves, asked.foreign(lens), ends))
        told += [marked(touched(moves, some))[0] for some in ends]
        yield from ((f"{lens} {stage} {key}", one) for key, one in zip(_KEYS, told, strict=True))
    for stage, plants in asked.plants.items():
        for lens in LENSES:
            held: dict[str, set[str]] = {}
            for plant in plants:
                held.setdefault(holder(asked.net, plant, lens), set()).add(plant)
            told = marked(last_of(moves, frozenset(plants), list(held.values())))
            yield from (
                (f"{lens} {stage} {name}", one) for name, one in zip(held, told, strict=True)
            )
    for plant, tonnes in study.passed.items():
        yield f"passed {plant}", marked(touched(moves, {plant} if tonnes else set()))[0]


def _figures(studies: Sequence[Study]) -> Iterator[Proof]:
    """Yield the shares by their mixtures: of each element, and of all together."""
    supplies = {study.element: study.supply for study in studies if study.supply > 0.0}
    several: dict[str, Mapping[str, float]] = {name: {name: supplies[name]} for name in supplies}
    if len(studies) > 1 and supplies:
        several[TOGETHER] = supplies
    for name, parts in several.items():
        words = {"where": {"element": name}, "times": 1.0 / sum(parts.values())}
        for key in _KEYS:
            yield figure(
                "stages", key, *(f"{part} {{lens}} {{stage}} {key}" for part in parts), **words
            )
        at = [f"{part} {{lens}} {{stage}} {{country}}" for part in parts]
        yield figure("holders", "share", *at, **words)
        yield figure("plants", "share", *(f"{part} passed {{node}}" for part in parts), **words)
