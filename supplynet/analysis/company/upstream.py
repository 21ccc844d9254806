"""Tonnes of an element followed back from a plant to the ground, by what went between plants.

Where ways meet, what goes on holds the average of what came (proportional mixing; Bialek 1996,
doi:10.1049/ip-gtd:19960461). A plant to which nothing is known to come is where knowledge ends:
what lies behind it may be anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from supplynet.analysis.exposure.trace import mixed
from supplynet.solve.check import Certificate, Check
from supplynet.sums import added
from supplynet.terms import STANDINGS
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.exposure.streams import Streams

Vector = npt.NDArray[np.float64]
#: largest violation of the mixing equations that is accepted
TOLERANCE = 1e-8
#: links that nobody has seen: planned and possible ones
ASSUMED = STANDINGS.rank("planned")


@dataclass(frozen=True, eq=False)
class Upstream:
    """Where what comes to each plant came from."""

    streams: Streams = field(repr=False)  #: of one element
    # a plant stands behind many parts
    _passed: dict[tuple[frozenset[str], bool], Vector] = field(default_factory=dict, repr=False)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Ids of the nodes that something leaves or comes to."""
        ends = {node for link in self.streams.sent for node in (link.tail, link.head)}
        return tuple(sorted(ends | set(self.streams.mined)))

    @cached_property
    def _index(self) -> dict[str, int]:
        return {node: at for at, node in enumerate(self.nodes)}

    @cached_property
    def inflow(self) -> dict[str, float]:
        """Tonnes that come to each node, out of its own ground too."""
        sent = ((link.head, tonnes) for link, tonnes in self.streams.sent.items())
        return added((*self.streams.mined.items(), *sent))

    @cached_property
    def _comes(self) -> list[tuple[int, int, float, bool]]:
        """Head, tail, share of what comes to the head, and whether nobody saw the link."""
        return [
            (
                self._index[link.head],
                self._index[link.tail],
                tonnes / self.inflow[link.head],
                link.rank >= ASSUMED,
            )
            for link, tonnes in self.streams.sent.items()
        ]

    def knows(self, node: str) -> bool:
        """Whether something is known to come to a node."""
        return self.inflow.get(node, 0.0) > 0.0

    @cached_property
    def unknown(self) -> Vector:
        """1 for nodes to which nothing is known to come."""
        return np.array([0.0 if self.knows(node) else 1.0 for node in self.nodes])

    @cached_property
    def ground(self) -> Vector:
        """Share of what comes to a node out of its own ground."""
        mined = self.streams.mined
        return np.array(
            [mined.get(n, 0.0) / self.inflow[n] if self.knows(n) else 0.0 for n in self.nodes]
        )

    def solved(
        self, given: Vector, fixed: npt.NDArray[np.bool_], *, stops_at_assumed: bool = False
    ) -> Vector:
        """Return the share of what each node sends that bears a mark.

        With w(j, i) the share of what comes to j that i sent, for nodes that are not fixed::

            x(j) = given(j) + sum_i w(j, i) x(i),   x(j) = given(j) where fixed
        """
        table = np.array(self._comes, dtype=np.float64).reshape(-1, 4)
        head, tail = table[:, :2].astype(np.int64).T
        is_end = (table[:, 3] > 0.0) & stops_at_assumed
        part = np.where(fixed[head], 0.0, table[:, 2])
        right = given + np.bincount(head, np.where(is_end, part, 0.0), len(given))
        return np.clip(mixed(right, np.where(is_end, 0.0, part), head, tail), 0.0, 1.0)

    def passed(self, plants: frozenset[str], *, unknown_too: bool = False) -> Vector:
        """Return the share of what each node sends that passed one of some plants.

        With `unknown_too` what comes from nowhere known counts as if it had passed them.
        """
        key = plants, unknown_too
        if key not in self._passed:
            fixed = np.array([node in plants for node in self.nodes])
            given = fixed.astype(np.float64)
            if unknown_too:
                given = np.maximum(given, self.unknown)
            self._passed[key] = self.solved(given, fixed)
        return self._passed[key]

    @cached_property
    def _free(self) -> npt.NDArray[np.bool_]:
        return np.zeros(len(self.nodes), bool)

    @cached_property
    def from_nowhere(self) -> Vector:
        """Share of what each node sends whose way back ends where nothing is known."""
        return self.solved(self.unknown, self._free)

    @cached_property
    def from_ground(self) -> Vector:
        """Share of what each node sends that is traced to a mine."""
        return self.solved(self.ground, self._free)

    @cached_property
    def assumed(self) -> Vector:
        """Share of what each node sends that came on a link that nobody saw."""
        return self.solved(np.zeros(len(self.nodes)), self._free, stops_at_assumed=True)

    def mix(self, shares: Vector, starts: Mapping[str, float]) -> float:
        """Return a share of nodes as that of a mix of them."""
        mixed = sum(weight * shares[self._index[node]] for node, weight in starts.items())
        return float(min(1.0, max(0.0, mixed)))

    def ranked(
        self, sets: Mapping[str, Collection[str]], starts: Mapping[str, float]
    ) -> list[tuple[str, float]]:
        """Return which share of a mix passed each of some sets of plants, the largest first."""
        shares = [
            (name, self.mix(self.passed(frozenset(plants)), starts))
            for name, plants in sets.items()
        ]
        return sorted(shares, key=lambda pair: (by_size(pair[1]), pair[0]))

    def behind(self, starts: Mapping[str, float]) -> frozenset[str]:
        """Return the nodes from which something comes to some nodes, those themselves too."""
        senders: dict[int, list[int]] = {}
        for head, tail, share, _ in self._comes:
            if share > 0.0:
                senders.setdefault(head, []).append(tail)
        left = [self._index[node] for node in starts]
        seen = set(left)
        while left:
            for tail in senders.get(left.pop(), []):
                if tail not in seen:
                    seen.add(tail)
                    left.append(tail)
        return frozenset(self.nodes[at] for at in seen)

    def certificate(self, plants: frozenset[str]) -> Certificate:
        """Check the shares by the streams themselves, with nothing but additions."""
        marked = dict(zip(self.nodes, self.passed(plants).tolist(), strict=True))
        came = dict.fromkeys(self.nodes, 0.0)
        for link, tonnes in self.streams.sent.items():
            came[link.head] += tonnes * marked[link.tail]
        off = [
            abs((1.0 if node in plants else came[node] / self.inflow[node]) - marked[node])
            for node in self.nodes
            if node in plants or self.knows(node)
        ]
        whole = np.abs(self.from_ground + self.from_nowhere - 1.0)
        checks = []
        for name, residual in (
            ("what is sent holds the mix of what came", max(off, default=0.0)),
            ("all comes from the ground or from nowhere known", float(whole.max(initial=0.0))),
        ):
            checks.append(Check(name, residual <= TOLERANCE, residual, TOLERANCE))
        return Certificate(tuple(checks))
