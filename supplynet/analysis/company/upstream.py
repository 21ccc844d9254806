"""Tonnes of an element followed back from a plant to the ground, by what went between plants.

Where routes meet, what goes on holds the average of what came (proportional mixing; Bialek 1996,
doi:10.1049/ip-gtd:19960461). A plant to which nothing is known to come is where knowledge ends:
what lies behind it may be anything. Corridors are followed as plants are.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.exposure.trace import mixed
from supplynet.arrays import Floats, Ints
from supplynet.solve.check import Certificate, Check
from supplynet.sums import added
from supplynet.terms import STANDINGS
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.exposure.streams import Ends

#: largest violation of the mixing equations that is accepted
TOLERANCE = 1e-8
#: links that nobody has seen: planned and possible ones
ASSUMED = STANDINGS.rank("planned")
#: from where what is mined comes, and what came on links that nobody saw
GROUND, UNSEEN = "ground:", "unseen:"


class Came(NamedTuple):
    """A stream that comes to a plant or corridor."""

    tail: str
    place: int  #: of the stream among all
    tonnes: float  #: as they leave the tail
    is_assumed: bool  #: whether nobody saw the link
    by: float = 1.0  #: of a corridor: what comes out of it as it went in, by what leaves it

    @property
    def arriving(self) -> float:
        """Tonnes that come."""
        return self.by * self.tonnes


class Mark(NamedTuple):
    """Where a mark is put on what is sent."""

    plants: frozenset[str] = frozenset()  #: that put it on all that they send
    others: frozenset[str] = frozenset()  #: that take it off
    unknown: float = 0.0  #: on what is sent by nodes to which nothing is known to come
    ground: float = 0.0  #: on what is mined
    stops_at_assumed: bool = False  #: whether links that nobody saw put it on


@dataclass(frozen=True, eq=False)
class Upstream:
    """Where what comes to each plant came from."""

    came: Mapping[str, list[Came]] = field(repr=False)  #: what comes to each plant and corridor
    nodes: tuple[str, ...]  #: that something leaves or comes to
    hubs: tuple[str, ...]  #: corridors
    #: of each stream what every variable of the balance adds to it
    terms: tuple[Mapping[int, float], ...] = field(default=(), repr=False)
    # a plant stands behind many parts
    _shares: dict[Mark, Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        parts: Mapping[Ends | str, Mapping[int, float]],
        x: Floats,
        known: Container[str],
    ) -> Upstream:
        """Return the ways back by what variables add to each stream; ends not known are corridors.

        `parts` are those of :func:`supplynet.analysis.exposure.streams.parts_of`.
        """
        came: dict[str, list[Came]] = {}
        for index, (at, terms) in enumerate(parts.items()):
            tonnes = float(sum(weight * x[column] for column, weight in terms.items()))
            head, tail, is_assumed = at, GROUND, False
            if not isinstance(at, str):
                head, tail, is_assumed = at.head, at.tail, at.rank >= ASSUMED
            came.setdefault(str(head), []).append(Came(tail, index, tonnes, is_assumed))
        tails = {row.tail for rows in came.values() for row in rows}
        bounds = sorted((tails | came.keys()) - {GROUND})
        hubs = tuple(end for end in bounds if end not in known)
        nodes = tuple(end for end in bounds if end in known)
        return cls(even(came, hubs), nodes, hubs, tuple(parts.values()))

    @cached_property
    def at(self) -> dict[str, int]:
        """The place of each node and corridor, and of what is unseen and mined, in shares."""
        return {label: at for at, label in enumerate((*self.nodes, *self.hubs, UNSEEN, GROUND))}

    @cached_property
    def inflow(self) -> dict[str, float]:
        """Tonnes that come to each node and corridor, out of its own ground too."""
        return {label: sum(row.arriving for row in rows) for label, rows in self.came.items()}

    @cached_property
    def outflow(self) -> dict[str, float]:
        """Tonnes that each sends."""
        return added((row.tail, row.tonnes) for rows in self.came.values() for row in rows)

    def knows(self, node: str) -> bool:
        """Whether something is known to come to a node."""
        return self.inflow.get(node, 0.0) > 0.0

    def fixed(self, mark: Mark) -> dict[str, float]:
        """Return the shares that a mark sets, of whatever comes there."""
        record = dict.fromkeys((node for node in self.nodes if not self.knows(node)), mark.unknown)
        record |= dict.fromkeys(mark.others, 0.0) | dict.fromkeys(mark.plants, 1.0)
        record |= {UNSEEN: 1.0, GROUND: mark.ground}
        return {label: value for label, value in record.items() if label in self.at}

    @cached_property
    def _comes(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Heads, tails, share of what comes to the head, and 1 where nobody saw the link."""
        entries = [
            (
                self.at[head],
                self.at[row.tail],
                row.arriving / self.inflow[head],
                float(row.is_assumed),
            )
            for head, rows in self.came.items()
            for row in rows
        ]
        table = np.array(entries, dtype=np.float64).reshape(-1, 4)
        head, tail = table[:, :2].astype(np.int64).T
        return head, tail, table[:, 2], table[:, 3]

    def shares(self, mark: Mark) -> Floats:
        """Return the share of what each node and corridor sends that bears a mark.

        With w(j, i) the share of what comes to j that i sent, for those that are not fixed::

            x(j) = sum_i w(j, i) x(i)
        """
        if mark not in self._shares:
            head, tail, block, is_assumed = self._comes
            inputs, is_free = np.zeros(len(self.at)), np.ones(len(self.at))
            for label, value in self.fixed(mark).items():
                inputs[self.at[label]], is_free[self.at[label]] = value, 0.0
            if mark.stops_at_assumed:
                tail = np.where(is_assumed > 0.0, self.at[UNSEEN], tail)
            share = mixed(inputs, block * is_free[head], head, tail)
            self._shares[mark] = np.clip(share, 0.0, 1.0)
        return self._shares[mark]

    def mix(self, mark: Mark, starts: Mapping[str, float]) -> float:
        """Return the share of a mix of nodes that bears a mark."""
        share = self.shares(mark)
        mixed = sum(weight * share[self.at[node]] for node, weight in starts.items())
        return float(min(1.0, mixed))

    def ranked(
        self, sets: Mapping[str, Iterable[str]], starts: Mapping[str, float]
    ) -> list[tuple[str, float]]:
        """Return which share of a mix passed each of some sets of plants, the largest first."""
        shares = [(name, self.mix(Mark(frozenset(group)), starts)) for name, group in sets.items()]
        return sorted(shares, key=lambda pair: (by_size(pair[1]), pair[0]))

    def behind(self, nodes: Iterable[str]) -> frozenset[str]:
        """Return the nodes and corridors from which something comes to some nodes, and those."""
        seen, left = set[str](), list(nodes)
        while left:
            label = left.pop()
            if label not in seen and label != GROUND:
                seen.add(label)
                left += [row.tail for row in self.came.get(label, ())]
        return frozenset(seen)

    def senders(self, heads: Iterable[str]) -> frozenset[str]:
        """Return the nodes that send something to some others, straight or by corridors."""
        tails, left = set[str](), list(heads)
        while left:
            own = {row.tail for row in self.came.get(left.pop(), ())} - tails
            tails |= own
            left += own.intersection(self.hubs)
        return frozenset(tails.intersection(self.nodes))

    def certificate(self, plants: frozenset[str]) -> Certificate:
        """Check the shares by the streams themselves, with nothing but additions."""
        share, fixed = self.shares(Mark(plants)), self.fixed(Mark(plants))
        off = [abs(share[self.at[label]] - value) for label, value in fixed.items()]
        for label, rows in self.came.items():
            if label not in fixed:
                came = sum(row.arriving * share[self.at[row.tail]] for row in rows)
                off.append(abs(came / self.inflow[label] - share[self.at[label]]))
        both = self.shares(Mark(ground=1.0)) + self.shares(Mark(unknown=1.0))
        totals = np.abs(both[: len(self.nodes)] - 1.0)
        residuals = {
            "what is sent holds the mix of what came": float(max(off)),
            "all comes from the ground or from nowhere known": float(totals.max(initial=0.0)),
        }
        return Certificate(
            tuple(
                Check(name, residual <= TOLERANCE, residual, TOLERANCE)
                for name, residual in residuals.items()
            )
        )


def even(came: Mapping[str, list[Came]], hubs: Collection[str]) -> dict[str, list[Came]]:
    """Return streams that leave corridors as large, all together, as what comes to them."""
    now = {label: list(rows) for label, rows in came.items()}
    left = added((row.tail, row.tonnes) for members in came.values() for row in members)
    for _ in hubs:  # corridors may lead to corridors
        into = {hub: sum(member.arriving for member in now.get(hub, ())) for hub in hubs}
        now = {
            label: [
                entry._replace(by=into[entry.tail] / left[entry.tail])
                if entry.tail in into
                else entry
                for entry in entries
            ]
            for label, entries in now.items()
        }
    values = {label: [pair for pair in group if pair.by > 0.0] for label, group in now.items()}
    return {label: subset for label, subset in values.items() if subset}
