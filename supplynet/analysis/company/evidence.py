"""What the parts of a company carry so that others can follow them back: mixtures of streams.

What goes from whom to whom is a sum of the variables of a balance. Variables of a mixture are the
share of what each plant and corridor sends that bears a mark, and that of each part. A row says
that what is sent is the mean of what came; it is left open where a mark is put on or taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from supplynet.analysis.balance.evidence import balance_proof
from supplynet.analysis.company.upstream import ASSUMED, TOLERANCE
from supplynet.analysis.composed import Composed, Sum, with_sums
from supplynet.analysis.exposure.streams import Ends, parts_of
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.proofs import Programs, Proof, figure, packed, plain
from supplynet.network.selector import holder

if TYPE_CHECKING:
    from supplynet.analysis.company.study import Behind, Studied
    from supplynet.analysis.company.upstream import Upstream


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
    for index, (at, terms) in enumerate(parts.items(), first):
        tonnes = float(sum(weight * point[column] for column, weight in terms.items()))
        if isinstance(at, str):
            came.setdefault(at, []).append(Came(_GROUND, index, tonnes, False))
        else:
            came.setdefault(at.head, []).append(Came(at.tail, index, tonnes, at.rank >= ASSUMED))
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
        self._at = {label: index for index, label in enumerate(self._labels)}
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
            hubs = {hub: index for index, hub in enumerate(self._hubs)}
            nodes = {node: index for index, node in enumerate(self.upstream.nodes)}
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
        """Add the mixture of a mark; `rows` are the parts of which it is reported, None for all."""
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


#: figures of an element in a part, each by the mark whose share it is
_SHARES = "traced", "traced_possibly", "unknown", "assumed"
_OPEN = "what a tonne that moves holds, and which plants stand for a maker or are of whom"


def company_proof(behind: Mapping[str, Behind], studied: Sequence[Studied]) -> Proof:
    """Return the balance of each graph, and how parts are followed back in it."""
    whole = Composed()
    told: dict[str, Proof] = {}
    for name, base in behind.items():
        trace = _Trace(base, [one for one in studied if one.row.graph == name])
        for spec in trace.figures():
            of = [f"{plain(name)}: {program}" for program in spec.pop("of")]
            # an element in parts of several graphs has a mixture in each, which hold other parts
            told.setdefault(repr(spec), {**spec, "of": []})["of"] += of
        whole.add(name, [balance_proof(base.balance, has_figures=False), trace.programs.proof(())])
    for spec in told.values():
        table, key = spec.pop("table"), spec.pop("key")
        whole.tell(table, key, spec)
    return whole.proof("whether rows say what the tables do", _OPEN)


class _Trace:
    """The streams of one graph, and the mixtures of its parts."""

    def __init__(self, base: Behind, parts: Sequence[Studied]) -> None:
        self.programs = Programs()
        self._base, self._parts = base, parts
        self._surely, self._possibly = base.exposed.surely, base.exposed.possibly
        #: by element
        self._mixtures: dict[str, Mixture] = {}
        model = base.balance.run.model
        taken = without_excess(model, base.balance.x)
        point = taken[: len(model.columns)]
        streams: list[Sum] = []
        passed: dict[str, Sum] = {}
        for element, upstream in base.followed.items():
            of_element = parts_of(model, element, taken)
            came = came_of(of_element, point, point.size + len(streams))
            rows = {str(one.row.row): one.starts[element] for one in parts if element in one.starts}
            ways = [way.node for one in parts for way in one.ways if one.row.weakest == element]
            self._mixtures[element] = Mixture(upstream, came, rows, ways)
            streams += [Sum(terms) for terms in of_element.values()]
            passed |= self._through(element)
        lp = model.program(np.zeros(point.size), maximize=True)
        wider, x = with_sums(*with_sums(lp, point, streams), list(passed.values()))
        names = [*[""] * (x.size - len(passed)), *passed]
        self.programs.know(lp)  # as the balance states them
        self.programs.add(STREAMS, wider, names, x=x)
        self._passed = dict(zip(passed, x[x.size - len(passed) :].tolist(), strict=True))

    def _through(self, element: str) -> dict[str, Sum]:
        """Return what passes plants of each stage and country, as sums of streams."""
        net = self._base.net
        stages = {stage.name for stage in net.stages if not stage.is_nation}
        terms: dict[str, dict[int, float]] = {}
        for label, several in self._mixtures[element].came.items():
            if label in net.node_by_id and net.node(label).stage in stages:
                country = holder(net, label, self._base.lens)
                own = terms.setdefault(f"{element} {net.node(label).stage} {country}", {})
                own.update({one.place: one.by for one in several})
        return {at: Sum(own) for at, own in terms.items()}

    def figures(self) -> Iterator[Proof]:
        """Yield the figures of the parts of the graph; add the mixtures that they are read off."""
        for element, mixture in self._mixtures.items():
            yield from self._factors(element)
            if mixture.is_so:
                self._add_marks(element, mixture)
            yield from self._materials(element, is_open=not mixture.is_so)
            yield from self._places(element, mixture)
        for one in self._parts:
            yield from self._row(one)

    def _add_marks(self, element: str, mixture: Mixture) -> None:
        """Add what passed the jurisdiction, and what is not known or assumed."""
        back = mixture.upstream
        surely, possibly = self._surely, self._possibly
        marks = (
            Mark(back.passed(surely), surely),
            Mark(back.passed(possibly, unknown_too=True), possibly, unknown=1.0, nothing=1.0),
            Mark(back.from_nowhere, unknown=1.0, nothing=1.0),
            Mark(back.assumed, stops_at_assumed=True),
        )
        for key, mark in zip(_SHARES, marks, strict=True):
            mixture.add(self.programs, f"{element} {key}", mark)
        is_there = np.array([float(node in surely) for node in back.nodes])
        own = Mark(is_there, surely, others=frozenset(back.nodes) - surely)
        mixture.add(self.programs, f"{element} direct", own)

    def _materials(self, element: str, *, is_open: bool) -> Iterator[Proof]:
        """Yield the shares of an element in every part."""
        for one in self._parts:
            for row in (row for row in one.materials if row.element == element):
                where = {"row": row.row, "element": element}
                for key in _SHARES:
                    if getattr(row, key) is not None:
                        of = [] if is_open else [f"{plain(element)} {key}"]
                        yield figure("materials", key, *of, where=where, sum=["{row}"])

    def _factors(self, element: str) -> Iterator[Proof]:
        """Yield how concentrated an element is at each stage, by what passes each country."""
        stages: dict[str, list[str]] = {}
        start = f"{element} "
        for name in (name for name in self._passed if name.startswith(start)):
            stages.setdefault(name.removeprefix(start).rpartition(" ")[0], []).append(name)
        for stage, several in stages.items():
            total = sum(self._passed[name] for name in several)
            if total <= 0.0:
                continue
            at = {"graph": self._base.net.name, "element": element, "stage": stage}
            words: dict[str, Any] = {"where": at, "sum": [plain(name) for name in several]}
            words |= {"is_each": True, "times": 1.0 / total}
            for key, fold in (("share", "max"), ("hhi", "squares"), ("countries", "count")):
                yield figure("factors", key, STREAMS, end=fold, **words)

    def _places(self, element: str, mixture: Mixture) -> Iterator[Proof]:
        """Yield the shares that passed plants, and countries by the plants that are given there."""
        at = {"graph": self._base.net.name, "element": element}
        places = [row for one in self._parts for row in one.places if row.element == element]
        if not places:
            return
        back, lens = mixture.upstream, self._base.lens
        of = [f"{plain(element)} passed {{node}}"] if mixture.is_so else []
        yield figure("places", "share", *of, where=at, n=len(places), sum=["{row}"])
        plants: dict[tuple[int, str], set[str]] = {}
        for row in places:
            owner = holder(self._base.net, row.node, lens)
            plants.setdefault((row.row, owner), set()).add(row.node)
        by_set: dict[tuple[str, frozenset[str]], list[int]] = {}
        for (number, country), nodes in plants.items():
            by_set.setdefault((country, frozenset(nodes)), []).append(number)
        if mixture.is_so:
            for node in dict.fromkeys(row.node for row in places):
                some = frozenset({node})
                mixture.add(
                    self.programs, f"{element} passed {node}", Mark(back.passed(some), some)
                )
        programs, n_rows = dict[str, list[str]](), Counter[str]()
        for (country, some), numbers in by_set.items():
            several = programs.setdefault(country, [])
            n_rows[country] += len(numbers)
            if mixture.is_so:  # of a country those plants count that are reported of the part
                several.append(f"{element} in {country} {len(several) + 1}")
                rows = frozenset(map(str, numbers))
                mixture.add(self.programs, several[-1], Mark(back.passed(some), some), rows)
        for country, several in programs.items():
            of = [plain(name) for name in several]
            words = {"where": {"element": element, "country": country}, "n": n_rows[country]}
            yield figure("countries", "share", *of, sum=["{row}"], **words)

    def _row(self, one: Studied) -> Iterator[Proof]:
        """Yield the figures of a part, which are those of its weakest element."""
        row = one.row
        where = {"row": row.row, "graph": row.graph, "weakest": row.weakest}

        def of(key: str, element: str = row.weakest, *, is_known: bool = True) -> list[str]:
            return [f"{plain(element)} {key}"] if self._mixtures[element].is_so and is_known else []

        for key in _SHARES:
            if getattr(row, key) is not None:
                yield figure("rows", key, *of(key), where=where, sum=["{row}"])
        if row.direct is not None:
            is_known = bool(one.starts[row.weakest])
            yield figure(
                "rows", "direct", *of("direct", is_known=is_known), where=where, sum=["{row}"]
            )
        for key in ("survives", "survives_possibly"):
            if getattr(row, key) not in (None, float("inf")):
                yield figure("rows", key, where=where)
        for way in one.ways:
            at = {"row": row.row, "graph": way.graph, "node": way.node}
            by = of("traced_possibly", way.weakest)
            yield figure("ways", "traced_possibly", *by, where=at, sum=["at {node}"])
