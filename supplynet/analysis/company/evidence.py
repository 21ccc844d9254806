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
from supplynet.analysis.company.study import GROUND, UNSEEN, Mark
from supplynet.analysis.proofs import (
    Composed,
    Programs,
    Proof,
    Sum,
    figure,
    packed,
    plain,
    with_sums,
)
from supplynet.network.selector import holder

if TYPE_CHECKING:
    from supplynet.analysis.company.study import Behind, Studied, Upstream


#: the program whose point holds the streams
STREAMS = "streams"


class Mixture:
    """The rows of one element: a share for each node, each corridor and each part.

    `first` is the variable of the first stream, `rows` are the parts of which it is asked, with the
    nodes that stand for their makers.
    """

    def __init__(
        self, upstream: Upstream, first: int, rows: Mapping[str, Mapping[str, float]]
    ) -> None:
        self._upstream, self._first, self._rows = upstream, first, rows
        #: the place of each node and corridor, behind the parts
        self._at = {label: len(rows) + at for label, at in upstream.at.items()}
        # by whether links that nobody saw put a mark on
        self._told: dict[bool, Proof] = {}

    def _block(self, programs: Programs, *, stops_at_assumed: bool) -> Proof:
        """Return the rows: those where assumed links put on a mark have another tail for them."""
        if stops_at_assumed not in self._told:
            at, entries = self._at, list[tuple[int, int, float, int]]()
            for label, rows in self._upstream.came.items():
                for pair in rows:
                    tail = UNSEEN if stops_at_assumed and pair.is_assumed else pair.tail
                    position = self._first + pair.place
                    entries.append((at[label], at[label], pair.by, position))
                    entries.append((at[label], at[tail], -pair.by, position))
            for row, starts in enumerate(self._rows.values()):
                entries += [(row, row, 1.0, -1)] if starts else []
                entries += [(row, at[node], -start, -1) for node, start in starts.items()]
            last = at[GROUND]  # a row of nothing, so that there are as many as variables
            entries += [(last, last, 1.0, -1), (last, last, -1.0, -1)]
            parts = map(np.array, zip(*entries, strict=True))
            record: dict[str, Any] = programs.mixture(STREAMS, *parts)
            self._told[stops_at_assumed] = {**record, "c": packed(np.zeros(at[GROUND] + 1))}
        return self._told[stops_at_assumed]

    def add(
        self,
        programs: Programs,
        name: str,
        mark: Mark,
        *,
        nothing: float = 0.0,
        rows: frozenset[str] | None = None,
    ) -> None:
        """Add the mixture of a mark.

        `nothing` is the share of parts whose maker is not known, `rows` are the parts of which it
        is reported, None for all, of which nodes are reported, too.
        """
        back = self._upstream
        stated = [back.mix(mark, starts) if starts else nothing for starts in self._rows.values()]
        x = np.append(stated, back.shares(mark))
        is_fixed = [*(not starts for starts in self._rows.values()), *np.zeros(len(back.at), bool)]
        for label in back.fixed(mark):
            is_fixed[self._at[label]] = True
        free = np.where(is_fixed, np.inf, 0.0)
        nodes = [f"at {label}" if rows is None else "" for label in back.at]
        programs.add_mixture(
            name,
            [*(row if rows is None or row in rows else "" for row in self._rows), *nodes],
            self._block(programs, stops_at_assumed=mark.stops_at_assumed),
            x,
            low=-free,
            high=free,
            lower=np.where(is_fixed, x, 0.0),
            upper=np.where(is_fixed, x, np.inf),
        )


_OPEN = "what a tonne that moves holds, and which plants stand for a maker or are of whom"


def company_proof(behind: Mapping[str, Behind], studied: Sequence[Studied]) -> Proof:
    """Return the balance of each graph, and how parts are followed back in it."""
    composed = Composed()
    record: dict[str, Proof] = {}
    for name, base in behind.items():
        trace = _Trace(base, [entry for entry in studied if entry.row.graph == name])
        for spec in trace.figures():
            of = [f"{plain(name)}: {program}" for program in spec.pop("of")]
            # an element in parts of several graphs has a mixture in each, which hold other parts
            record.setdefault(repr(spec), {**spec, "of": []})["of"] += of
        composed.add(
            name, [balance_proof(base.balance, has_figures=False), trace.programs.proof(())]
        )
    for spec in record.values():
        table, key = spec.pop("table"), spec.pop("key")
        composed.tell(table, key, spec)
    return composed.proof("whether rows say what the tables do", _OPEN)


class _Trace:
    """The streams of one graph, and the mixtures of its parts."""

    def __init__(self, base: Behind, parts: Sequence[Studied]) -> None:
        self.programs = Programs()
        self._base, self._parts = base, parts
        #: by element
        self._mixtures: dict[str, Mixture] = {}
        model = base.balance.run.model
        point = base.taken[: len(model.columns)]
        streams: list[Sum] = []
        passed: dict[tuple[str, str, str], Sum] = {}
        for element, upstream in base.followed.items():
            first = point.size + len(streams)
            rows = {
                str(studied.row.row): studied.starts[element]
                for studied in parts
                if element in studied.starts
            }
            self._mixtures[element] = Mixture(upstream, first, rows)
            streams += map(Sum, upstream.terms)
            passed |= self._through(element, first)
        lp = model.program(np.zeros(point.size), maximize=True)
        wider, x = with_sums(*with_sums(lp, point, streams), list(passed.values()))
        names = [*[""] * (x.size - len(passed)), *map(" ".join, passed)]
        self.programs.know(lp)  # as the balance states them
        self.programs.add(STREAMS, wider, names, x=x)
        self._passed = dict(zip(passed, x[x.size - len(passed) :].tolist(), strict=True))

    def _through(self, element: str, first: int) -> dict[tuple[str, str, str], Sum]:
        """Return what passes plants of each stage and country, as sums of streams."""
        net = self._base.net
        terms: dict[tuple[str, str, str], dict[int, float]] = {}
        for label, several in self._base.upstream(element).came.items():
            stage = net.stage_by_name[net.node(label).stage] if label in net.node_by_id else None
            if stage is not None and not stage.is_nation:
                at = element, stage.name, holder(net, label, self._base.lens)
                terms.setdefault(at, {}).update({first + row.place: row.by for row in several})
        return {at: Sum(own) for at, own in terms.items()}

    def figures(self) -> Iterator[Proof]:
        """Yield the figures of the parts of the graph; add the mixtures that they are read off."""
        surely = self._base.exposed.surely
        for element, mixture in self._mixtures.items():
            yield from self._factors(element)
            others = frozenset(self._base.upstream(element).nodes) - surely
            for key, mark in {**self._base.marks, "direct": Mark(surely, others)}.items():
                mixture.add(self.programs, f"{element} {key}", mark, nothing=mark.unknown)
            yield from self._places(element, mixture)
        for studied in self._parts:
            yield from self._row(studied)

    def _factors(self, element: str) -> Iterator[Proof]:
        """Yield how concentrated an element is at each stage, by what passes each country."""
        stages: dict[str, dict[str, float]] = {}
        for (of, stage, country), tonnes in self._passed.items():
            if of == element:
                stages.setdefault(stage, {})[f"{element} {stage} {country}"] = tonnes
        for stage, several in stages.items():
            if total := sum(several.values()):
                at = {"graph": self._base.net.name, "element": element, "stage": stage}
                options: dict[str, Any] = {"where": at, "sum": [plain(name) for name in several]}
                options |= {"is_each": True, "times": 1.0 / total}
                for key, fold in (("share", "max"), ("hhi", "squares"), ("countries", "count")):
                    yield figure("factors", key, STREAMS, end=fold, **options)

    def _places(self, element: str, mixture: Mixture) -> Iterator[Proof]:
        """Yield the shares that passed plants, and countries by the plants that are given there."""
        nodes = [
            row.node for entry in self._parts for row in entry.places if row.element == element
        ]
        if not nodes:
            return
        at = {"graph": self._base.net.name, "element": element}
        of = f"{plain(element)} passed {{node}}"
        yield figure("places", "share", of, where=at, n=len(nodes), sum=["{row}"])
        for node in dict.fromkeys(nodes):
            mark = Mark(frozenset({node}))
            mixture.add(self.programs, f"{element} passed {node}", mark)
        by_set: dict[tuple[str, frozenset[str]], list[str]] = {}
        for studied in self._parts:
            for country, plants in studied.owners.get(element, {}).items():
                by_set.setdefault((country, frozenset(plants)), []).append(str(studied.row.row))
        programs, n_rows = dict[str, list[str]](), Counter[str]()
        for (country, group), rows in by_set.items():
            several = programs.setdefault(country, [])
            n_rows[country] += len(rows)
            # of a country those plants count that are reported of the part
            several.append(f"{element} in {country} {len(several) + 1}")
            mixture.add(self.programs, several[-1], Mark(group), rows=frozenset(rows))
        for country, several in programs.items():
            options = {"where": {"element": element, "country": country}, "n": n_rows[country]}
            yield figure("countries", "share", *map(plain, several), sum=["{row}"], **options)

    def _row(self, one: Studied) -> Iterator[Proof]:
        """Yield the figures of a part: those of its elements, and of the weakest."""
        row, weakest = one.row, one.row.weakest
        where = {"row": row.row, "graph": row.graph, "weakest": weakest}
        members = [
            ("materials", each, each.element, {"row": row.row, "element": each.element})
            for each in one.materials
        ]
        for table, each, element, at in (*members, ("rows", row, weakest, where)):
            for key in self._base.marks:
                if getattr(each, key) is not None:
                    yield figure(table, key, f"{plain(element)} {key}", where=at, sum=["{row}"])
        if row.direct is not None:
            of = [f"{plain(weakest)} direct"] if one.starts[weakest] else []
            yield figure("rows", "direct", *of, where=where, sum=["{row}"])
        for key in ("survives", "survives_possibly"):
            if getattr(row, key) not in (None, float("inf")):
                yield figure("rows", key, where=where)
        for route in one.ways:
            at = {"row": row.row, "graph": route.graph, "node": route.node}
            by = f"{plain(route.weakest)} traced_possibly"
            yield figure("ways", "traced_possibly", by, where=at, sum=["at {node}"])
