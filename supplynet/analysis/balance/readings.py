"""Figures of a balance that are sums over its variables, or duals of its programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.bill import bill
from supplynet.analysis.balance.content import is_mixed
from supplynet.analysis.balance.objectives.fair import ROUND
from supplynet.analysis.balance.policy import firm_terms
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.spread import program_name, size_of
from supplynet.analysis.balance.tables import ROUNDING, leading_program, rounding_in
from supplynet.analysis.proofs import Programs, Proof, figure, packed, plain
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.outcome import Range, Step
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.flow.rows import Binding
    from supplynet.arrays import Floats

#: the point that is shown
SHOWN = "shown"
# part of a figure by which what is read off a program may differ from it
_READ = 1e-7
# part of a price by which the change of a value that a step is read off may be off
_CLOSE = 2e-4
#: programs count money in thousands
_THOUSAND = 1000.0


class Sums:
    """Sums over variables as rows without a limit, behind the inequalities of a model."""

    def __init__(self, model: Model, x: Floats) -> None:
        self._n, self._first = len(model.columns), model.stacked(False)[1].size
        self._x, self._terms, self.room = x, list[tuple[Any, Any]](), rounding_in(x)

    def add(self, columns: Any, weights: Any, figure: float) -> list[int] | None:
        """Add the sum that a figure is; return the number of its row, None where it is another."""
        columns, weights = np.atleast_1d(columns), np.broadcast_to(weights, np.shape(columns))
        off = abs(float(weights @ self._x[columns]) - figure)
        if not off <= _READ * abs(figure) + self.room:
            return None
        self._terms.append((columns, weights))
        return [self._first + len(self._terms) - 1]

    def matrix(self) -> Any:
        """Return the sums as rows over the variables of the model."""
        rows = np.repeat(np.arange(len(self._terms)), [part.size for part, _ in self._terms])
        columns, weights = (np.concatenate(parts) for parts in zip(*self._terms, strict=True))
        return coo_array((weights, (rows, columns)), shape=(len(self._terms), self._n)).tocsr()

    def __len__(self) -> int:
        return len(self._terms)


#: what names a row of a table, and the rows of a program by which it is read; none: it is open
Read = tuple[dict[str, Any], list[int] | None]


def by_rows(table: str, key: str, of: str, read: Iterable[Read], **options: Any) -> list[Proof]:
    """Return how the rows of a table are read off rows of a program; none of it is no figure."""
    read = list(read)
    lines = [several[0] for _, several in read if several and len(several) == 1]
    if len(lines) == len(read) > 0:
        return [figure(table, key, of, lines=packed(np.array(lines)), **options)]
    return [
        figure(table, key, of, where=where, line=several, **options)
        if several
        else figure(table, key, where=where)
        for where, several in read
        if any(several for _, several in read)
    ]


def summed(result: SolvedBalance, sums: Sums, further: Iterable[Range]) -> Iterator[Proof]:
    """Yield figures that are sums over variables: elements in products, charges, ranges shown."""
    held, room = of_elements(result.run.model), sums.room
    for key in ("demand", "served", "unmet"):
        read = list[Read]()
        for row in result.elements:
            at = {"nation": row.nation, "element": row.element}
            terms = held.get((key, row.nation, row.element))
            lines = sums.add([*terms], [*terms.values()], getattr(row, key)) if terms else None
            read.append((at, lines))
        yield from by_rows("elements", key, SHOWN, read, room=room)
    firm, read = firm_terms(result.run.model) if result.firm else {}, []
    for link in result.firm:
        terms = firm[link.id]
        read.append(({"id": link.id}, sums.add([*terms], [*terms.values()], link.carried)))
    yield from by_rows("firm", "carried", SHOWN, read, room=room)
    if result.money is not None:
        parts = {
            (line.charge.id, where): (line, np.array(line.where) == where)
            for line in bill(result.run.model).lines
            for where in dict.fromkeys(line.where)
        }
        for number, level in enumerate(LEVEL_NAMES):
            read = []
            for cost in result.money.costs:
                line, own = parts[cost.charge, cost.where]
                lines = sums.add(line.places[own], line.dollars[number, own], getattr(cost, level))
                read.append(({"charge": cost.charge, "where": cost.where}, lines))
            yield from by_rows("money.costs", level, SHOWN, read)
    yield from _of_scrap(result, sums)
    read = []
    for span in further:
        told_by = result.spans.figures.of(span.kind, *span.key)
        columns = np.flatnonzero(told_by.objective)
        is_sum = told_by.mixes is None and not told_by.constant
        lines = sums.add(columns, told_by.objective[columns], span.shown) if is_sum else None
        read.append(({"kind": span.kind, "key": list(span.key)}, lines))
    yield from by_rows("further_ranges", "shown", SHOWN, read, room=room)


def _of_scrap(result: SolvedBalance, sums: Sums) -> Iterator[Proof]:
    """Yield what scrap arises at plants, and what of it they take, by element."""
    names, codes = result.run.model.columns, result.run.model.columns.codes
    moved, wasted = names.element, names.wasted
    goes = codes.is_scrap[moved.arc]
    for table, rows, keys in (
        ("scrap", result.scrap, ("returned", "lost", "arisen")),
        ("recycled", result.recycled, ("taken", "recovered")),
    ):
        for key in keys:
            read = list[Read]()
            for row in rows:
                vertex, element = codes.vertex_of[row.node], codes.element_of[row.element]
                end = moved.tail if table == "scrap" else moved.head
                at = moved.place[goes & (end == vertex) & (moved.thing == element)]
                own = wasted.place[(wasted.vertex == vertex) & (wasted.thing == element)]
                at = {"lost": own, "arisen": np.append(at, own)}.get(key, at)
                weight = codes.recovery[vertex, element] if key == "recovered" else 1.0
                lines = sums.add(at, weight, getattr(row, key))
                read.append(({"node": row.node, "element": row.element}, lines))
            yield from by_rows(table, key, SHOWN, read, room=sums.room)


def of_elements(model: Model) -> dict[tuple[str, str, str], dict[int, float]]:
    """Return which sums elements in products are, by figure, nation and element.

    Of what is served in products that makers may mix there is none: what arrives is the average of
    what they sent.
    """
    sums, scope = dict[tuple[str, str, str], dict[int, float]](), model.scope
    table, products = contents_of(scope.net), {product for _, product in scope.demand}
    mixed = {pair for pair in table if pair[0] in products and is_mixed(model, *pair)}
    for nation, product in scope.demand:
        served, unmet = (model.columns.at(kind, nation, product) for kind in ("served", "unmet"))
        for element in scope.elements:
            share = table.get((product, element), 0.0)
            parts = {"demand": (served, unmet), "served": (served,), "unmet": (unmet,)}
            for key, columns in parts.items() if share else ():
                sums.setdefault((key, nation, element), {}).update(dict.fromkeys(columns, share))
    for nation, product in scope.demand:
        for element in (element for what, element in mixed if what == product):
            sums.pop(("served", nation, element), None)
    return sums


def worths(
    binding: Iterable[Binding], run: Run, known: Mapping[str, Floats | None], of: str = "{}"
) -> Iterator[Proof]:
    """Yield what one more of the limits that bind is worth, and what they are.

    `known` are the duals of programs by name, which a proof calls as `of` says.
    """
    rounds = [name for name in known if name.startswith(f"{ROUND} ")]
    leading = leading_program(run)
    names = rounds or ([leading] if leading is not None and leading in known else [])
    for row in binding:
        at, lines = {"kind": row.kind, "id": row.id}, list(row.rows)
        for name, vector in ((name, known[name]) for name in names):
            if vector is not None and abs(vector[lines].sum() - row.worth) <= _READ * row.worth:
                spec = {"where": at, "line": lines, "is_dual": True}
                yield figure("binding", "worth", plain(of.format(name)), **spec)
                break
        else:
            yield figure("binding", "worth", where=at)
    first = [row.rows[0] for row in binding]
    yield figure("binding", "capacity", SHOWN, lines=packed(np.array(first, int)), is_limit=True)


def prices(result: SolvedBalance, vector: Floats | None) -> Iterator[Proof]:
    """Yield what a tonne more of what is scarce in money is worth, by the duals of its program."""
    money, model = result.money, result.run.model
    if money is None or vector is None:
        return
    n_more = vector.size - sum(block.rhs.size for block in model.blocks)
    places = dict[tuple[str, ...], tuple[int, float]]()
    for number, (family, label) in enumerate(model.labels(False)):
        if family in ("delivery", "intake"):
            places[label[1], label[2], *label[3:]] = number, _THOUSAND
    first = model.stacked(False)[1].size + n_more
    for number, (family, label) in enumerate(model.labels(True), first):
        if family == "element_balance":
            places[label[1], "", label[-1]] = number, -_THOUSAND
    # where nothing is served a tonne is worth what it counts for among all that is served
    pin = [(first - 1, _THOUSAND)] * bool(n_more)
    rows: list[tuple[str, Any]] = [("scarcity", row) for row in money.scarcity]
    rows += [("element_scarcity", row) for row in money.elements]
    room = ROUNDING * max((row.price for _, row in rows), default=0.0)
    for table, row in rows:
        at = {key: value for key, value in asdict(row).items() if key != "price"}
        for number, times in (places[tuple(at.values())], *pin):
            if abs(times * vector[number] - row.price) <= _READ * row.price + room:
                options = {"where": at, "line": [number], "is_dual": True, "times": times}
                yield figure(f"money.{table}", "price", money.program, room=room, **options)
                break
        else:
            yield figure(f"money.{table}", "price", where=at)


def step_figures(
    result: SolvedBalance,
    programs: Programs,
    known: Mapping[str, Floats | None],
    steps: Iterable[Step],
) -> Iterator[Proof]:
    """Yield what steps of limits change, by the programs behind them.

    The best value is concave in a limit: where its price, by the duals that are `known` before the
    step, is the same behind the step, that is what the step changes. Else it is the difference of
    two values, if that is close enough.
    """
    leading = leading_program(result.run)
    base = known.get(str(leading))
    for limit, step in zip(result.binding, steps, strict=False):
        at, lines, size = {"kind": step.kind, "id": step.id}, list(limit.rows), size_of(limit)
        for key, sign in (("more", 1.0), ("less", -1.0)):
            value, name = getattr(step, key), program_name(limit, sign * size)
            if value is None or base is None or name not in result.run.further:
                yield figure("steps", key, where=at)
                continue
            lp, solution = result.run.further[name]
            prices, near = programs.add(name, lp, (), solution=solution), _READ * value
            ends = [float(vector[lines].sum()) for vector in (base, prices) if vector is not None]
            if all(abs(end - value) <= near for end in ends):
                yield figure("steps", key, name, where=at, line=lines, is_dual=True)
                continue
            room = _READ * float(np.abs(lp.c) @ np.abs(solution.x)) / size
            of = [str(leading), name][:: int(sign)] * (room <= _CLOSE * step.worth)
            yield figure("steps", key, *of, where=at, end="change", times=1.0 / size, most="worth")
