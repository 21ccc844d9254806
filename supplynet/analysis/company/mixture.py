"""The mixture of an element as rows that others can check, by what came to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from supplynet.analysis.company.upstream import ASSUMED, TOLERANCE
from supplynet.analysis.exposure.streams import Ends
from supplynet.analysis.proofs import packed

if TYPE_CHECKING:
    from supplynet.analysis.company.upstream import Upstream
    from supplynet.analysis.proofs import Programs, Proof

_Vector = npt.NDArray[np.float64]
#: the program whose point holds the streams
STREAMS = "streams"
#: pots from which what is mined comes, and what came on links that nobody saw
_GROUND, _UNSEEN = "ground:", "unseen:"


class Came(NamedTuple):
    """A stream that comes to a plant or corridor."""

    tail: str
    place: int  #: variable that holds its tonnes
    tonnes: float
    is_assumed: bool  #: whether nobody saw the link
    by: float = 1.0  #: of a corridor: what comes out of it as it went in, by what leaves it


@dataclass(frozen=True, eq=False)
class Mark:
    """Where a mark is put on what is sent, and what it comes to."""

    share: _Vector  #: of what each node sends
    plants: frozenset[str] = frozenset()  #: that put it on all that they send
    others: frozenset[str] = frozenset()  #: that take it off
    unknown: float = 0.0  #: on what is sent by nodes to which nothing is known to come
    nothing: float = 0.0  #: on parts whose maker is not known
    stops_at_assumed: bool = False  #: whether links that nobody saw put it on


def came_of(
    parts: Mapping[Ends | str, Mapping[int, float]], point: _Vector, first: int
) -> dict[str, list[Came]]:
    """Return what comes to each node and corridor; `first` is the variable of the first stream."""
    came: dict[str, list[Came]] = {}
    for place, (at, terms) in enumerate(parts.items(), first):
        tonnes = float(sum(weight * point[column] for column, weight in terms.items()))
        if isinstance(at, str):
            came.setdefault(at, []).append(Came(_GROUND, place, tonnes, False))
        else:
            came.setdefault(at.head, []).append(Came(at.tail, place, tonnes, at.rank >= ASSUMED))
    return came


class Mixture:
    """The rows of one element: a share for each node, each corridor and each part.

    `rows` are the parts of which it is asked, with the nodes that stand for their makers; `also`
    are further nodes of which it is asked. Nodes from which nothing comes to these are left out.
    """

    def __init__(
        self,
        upstream: Upstream,
        came: Mapping[str, list[Came]],
        rows: Mapping[str, Mapping[str, float]],
        also: Iterable[str] = (),
    ) -> None:
        self.upstream, self._rows = upstream, rows
        known = set(upstream.nodes)
        ends = sorted({one.tail for some in came.values() for one in some} | came.keys())
        self._hubs = [end for end in ends if end not in known and end != _GROUND]
        self.came = _even(came, self._hubs)  #: what comes to whom
        asked = [*also, *(node for starts in rows.values() for node in starts)]
        self._behind = _behind(self.came, asked)
        nodes = [node for node in upstream.nodes if node in self._behind]
        hubs = [hub for hub in self._hubs if hub in self._behind]
        self._labels = [*nodes, *hubs, *(f"part {row}" for row in rows), _UNSEEN, _GROUND]
        self._unknown = [
            node
            for node, is_unknown in zip(upstream.nodes, upstream.unknown.tolist(), strict=True)
            if is_unknown and node in self._behind
        ]
        self._at = {label: place for place, label in enumerate(self._labels)}
        # by whether links that nobody saw put a mark on
        self._told: dict[bool, Proof] = {}
        self._through: dict[bool, _Vector] = {}
        self.is_so = self._is_so()

    def _is_so(self) -> bool:
        """Whether shares that are followed from plant to plant are those of these rows."""
        nodes = self.upstream.from_nowhere
        share = dict(zip(self.upstream.nodes, nodes.tolist(), strict=True))
        share |= dict(zip(self._hubs, self._of_hubs(nodes).tolist(), strict=True))
        share[_GROUND] = 0.0
        off = [
            abs(sum(one.by * one.tonnes * (share[label] - share[one.tail]) for one in some))
            / sum(one.by * one.tonnes for one in some)
            for label, some in self.came.items()
        ]
        return max(off, default=0.0) <= TOLERANCE

    def _of_hubs(self, share: _Vector, *, stops_at_assumed: bool = False) -> _Vector:
        """Return the shares of corridors, by those of nodes."""
        if stops_at_assumed not in self._through:
            hubs = {hub: place for place, hub in enumerate(self._hubs)}
            nodes = {node: place for place, node in enumerate(self.upstream.nodes)}
            # of hubs, of nodes, and of what came on links that nobody saw
            of_hubs = np.zeros((len(hubs), len(hubs)))
            rest = np.zeros((len(hubs), len(nodes) + 1))
            for hub, row in hubs.items():
                some = self.came.get(hub, [])
                total = sum(one.by * one.tonnes for one in some)
                for one in some:
                    part = one.by * one.tonnes / total
                    if stops_at_assumed and one.is_assumed:
                        rest[row, -1] += part
                    elif one.tail in hubs:
                        of_hubs[row, hubs[one.tail]] += part
                    elif one.tail in nodes:
                        rest[row, nodes[one.tail]] += part
            if of_hubs.any():  # corridors lead to corridors
                rest = np.asarray(np.linalg.solve(np.eye(len(hubs)) - of_hubs, rest), np.float64)
            self._through[stops_at_assumed] = rest
        marked: _Vector = self._through[stops_at_assumed] @ np.append(share, 1.0)
        return marked

    def _block(self, programs: Programs, *, stops_at_assumed: bool) -> Proof:
        """Return the rows: those where assumed links put on a mark have another tail for them."""
        if stops_at_assumed not in self._told:
            entries: list[tuple[int, int, float, int]] = []
            for label in (label for label in self.came if label in self._behind):
                row, some = self._at[label], self.came[label]
                for one in some:
                    tail = _UNSEEN if stops_at_assumed and one.is_assumed else one.tail
                    entries.append((row, row, one.by, one.place))
                    entries.append((row, self._at[tail], -one.by, one.place))
            for number, starts in self._rows.items():
                row = self._at[f"part {number}"]
                if starts:
                    entries.append((row, row, 1.0, -1))
                entries += [(row, self._at[node], -part, -1) for node, part in starts.items()]
            last = self._at[_GROUND]  # a row of nothing, so that there are as many as variables
            entries += [(last, last, 1.0, -1), (last, last, -1.0, -1)]
            row_of, column, value, place = map(np.array, zip(*entries, strict=True))
            told: dict[str, Any] = programs.mixture(STREAMS, row_of, column, value, place)
            self._told[stops_at_assumed] = {**told, "c": packed(np.zeros(len(self._labels)))}
        return self._told[stops_at_assumed]

    def add(
        self, programs: Programs, name: str, mark: Mark, rows: frozenset[str] | None = None
    ) -> None:
        """Add the mixture of a mark; `rows` are the parts of which it is told, None for all."""
        back = self.upstream
        of_hubs = self._of_hubs(mark.share, stops_at_assumed=mark.stops_at_assumed)
        share = dict(zip(back.nodes, mark.share.tolist(), strict=True))
        share |= dict(zip(self._hubs, of_hubs.tolist(), strict=True))
        share |= {_GROUND: 0.0, _UNSEEN: 1.0}
        fixed = dict.fromkeys(self._unknown, mark.unknown)
        fixed |= dict.fromkeys(mark.others & self._behind, 0.0)
        fixed |= dict.fromkeys(mark.plants & self._behind, 1.0)
        fixed |= {_GROUND: 0.0, _UNSEEN: 1.0}
        for number, starts in self._rows.items():
            share[f"part {number}"] = back.mix(mark.share, starts) if starts else mark.nothing
            if not starts:
                fixed[f"part {number}"] = mark.nothing
        n = len(self._labels)
        lower, upper, is_open = np.zeros(n), np.full(n, np.inf), np.zeros(n)
        for label, value in fixed.items():
            place = self._at[label]
            lower[place] = upper[place] = value
            is_open[place] = np.inf
        programs.add_mixture(
            name,
            self._names(rows),
            self._block(programs, stops_at_assumed=mark.stops_at_assumed),
            np.array([share[label] for label in self._labels]),
            low=-is_open,
            high=is_open,
            lower=lower,
            upper=upper,
        )

    def _names(self, rows: frozenset[str] | None) -> list[str]:
        """Return the names of variables: parts by their row and, with all parts, nodes by id."""
        first = self._at[_UNSEEN] - len(self._rows)
        nodes = [f"at {label}" if rows is None else "" for label in self._labels[:first]]
        return [*nodes, *(row if rows is None or row in rows else "" for row in self._rows), "", ""]


def _behind(came: Mapping[str, list[Came]], nodes: Iterable[str]) -> frozenset[str]:
    """Return the nodes and corridors from which something comes to some nodes, and those."""
    seen, left = set[str](), list(nodes)
    while left:
        label = left.pop()
        if label not in seen and label != _GROUND:
            seen.add(label)
            left += [one.tail for one in came.get(label, ())]
    return frozenset(seen)


def _even(came: Mapping[str, list[Came]], hubs: list[str]) -> dict[str, list[Came]]:
    """Return streams that leave corridors as large, all together, as what comes to them."""
    even = {label: list(some) for label, some in came.items()}
    for _ in range(len(hubs) + 1):
        left = dict.fromkeys(hubs, 0.0)
        for some in even.values():
            for one in some:
                if one.tail in left:
                    left[one.tail] += one.tonnes
        into = {hub: sum(one.by * one.tonnes for one in even.get(hub, ())) for hub in hubs}
        before = even
        even = {
            label: [
                one._replace(by=into[one.tail] / left[one.tail]) if one.tail in left else one
                for one in some
            ]
            for label, some in even.items()
        }
        if even == before:
            break
    kept = {label: [one for one in some if one.by > 0.0] for label, some in even.items()}
    return {label: some for label, some in kept.items() if some}
