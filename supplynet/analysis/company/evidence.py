"""What the parts of a company carry so that others can follow them back: mixtures of streams.

What goes from whom to whom is a sum of the variables of a balance. Variables of a mixture are the
share of what each plant and corridor sends that bears a mark, and that of each part. A row says
that what is sent is the mean of what came; it is left open where a mark is put on or taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.evidence import balance_proof
from supplynet.analysis.company.mixture import STREAMS, Mark, Mixture, came_of
from supplynet.analysis.composed import Composed
from supplynet.analysis.exposure.streams import parts_of
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.proofs import Programs, Proof, figure, plain
from supplynet.analysis.read_off import Sum, with_sums
from supplynet.network.selector import holder

if TYPE_CHECKING:
    from supplynet.analysis.company.study import Behind, Studied

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
        self.programs.know(lp)  # as the balance tells them
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
        """Yield the shares that passed plants, and countries by the plants that are told there."""
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
            if mixture.is_so:  # of a country those plants count that are told of the part
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
