"""One linear program under many draws: right sides and coefficients change, nothing is rebuilt.

Limits of plants, links and corridors stand on the right side of rows of their own, needs on that
of the demand. Recoveries and scrap are in coefficients: what each of them does to which entries
is found out once, by building the program with one of them changed at a time. Each batch is held
against a program built anew from the graph of one of its draws; where the two differ, or where
restrictions make right sides depend on several figures, every draw is built anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.arrays.catalog import link_label
from supplynet.analysis.arrays.feeds import scrap_ratios
from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.skeleton import with_rows
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.scope import demanded
from supplynet.analysis.uncertainty.touches import COEFFICIENTS, SAME, Touch, touches_of
from supplynet.network.cache import cache_of
from supplynet.network.timeline import keep_steps
from supplynet.network.uncertain import FIELDS, lasting, rows_in
from supplynet.solve.lp.figures import Figures, entries_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.analysis.uncertainty.draws import Draws
    from supplynet.analysis.uncertainty.inputs import Inputs
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.lp.program import LinearProgram

#: families whose right side is the limit of a plant, link or corridor in its own unit
_LIMITS = ("origin_capacity", "node_capacity", "link_capacity")
#: families whose rows need figures that no right side shows
_COMPOUND = ("restriction", "restriction_on_tonnage", "burden_cap")


@dataclass(frozen=True, eq=False)
class DrawnProgram:
    """The program of a model under draws."""

    model: Model = field(repr=False)  #: with the central figures
    inputs: Inputs = field(repr=False)

    @cached_property
    def lp(self) -> LinearProgram:
        """The program with the central figures, without an objective."""
        return self._program(self.model)

    def _program(self, given: Model) -> LinearProgram:
        return given.program(np.zeros(len(given.columns)), maximize=True)

    @cached_property
    def is_compound(self) -> bool:
        """Whether right sides depend on several figures at once."""
        return any(block.family in _COMPOUND for block in self.model.blocks)

    def figures(self, draws: Draws) -> Figures | None:
        """Return the figures of the program in each draw; None where it must be built anew."""
        # One draw of each batch is built anew and compared, entry by entry: where the quick way is
        # not the same program, none of it is used.
        if not draws.is_central and not self.is_compound and not self._holds(draws, draws.n // 2):
            return None
        return self.quick(draws)

    def quick(self, draws: Draws) -> Figures | None:
        """Return the figures without that check; None where it must be built anew."""
        return None if self.is_compound else self._figures(draws)

    def _figures(self, draws: Draws) -> Figures:
        sides_eq, asked = (
            np.repeat(self.lp.b_eq[None, :], draws.n, axis=0),
            needs(self.model, draws),
        )
        for row, (family, label) in enumerate(self.model.labels(True)):
            if family == "demand":
                sides_eq[:, row] = asked[label[1], label[2]]
        return Figures(self._sides_ub(draws), sides_eq, self._entries(draws), self._touched)

    def built(self, draws: Draws, draw: int) -> LinearProgram:
        """Return the program of a draw, built anew from its graph."""
        return self._program(refigured(self.model, draws.network(draw)))

    def _holds(self, draws: Draws, draw: int) -> bool:
        """Whether the program of a draw is the one that is built anew from its graph."""
        alone = draws.only(draw)
        quick, anew = self._figures(alone).program(self.lp, 0), self.built(alone, 0)
        return all(
            _are_close(getattr(quick, side), getattr(anew, side)) for side in ("b_ub", "b_eq")
        ) and all(
            np.array_equal(getattr(quick, part).indices, getattr(anew, part).indices)
            and _are_close(getattr(quick, part).data, getattr(anew, part).data)
            for part in ("a_ub", "a_eq")
        )

    # -- right sides -----------------------------------------------------------------------

    @cached_property
    def _bound_by(self) -> list[tuple[int, tuple[int | str, int | str]]]:
        """Rows of inequalities whose right side is drawn, and of what: year and plant, or row."""
        given, net = self.model.scope, self.model.scope.net
        edges = {id(row): place for place, row in enumerate(net.edge_rows)}
        rules = {row.id: place for place, row in enumerate(net.rule_rows)}
        arcs = [arc for arc in given.frame.arcs if id(arc.link) in edges]
        links = {link_label(arc): edges[id(arc.link)] for arc in arcs}
        bound: list[tuple[int, tuple[int | str, int | str]]] = []
        for row, (family, label) in enumerate(self.model.labels(False)):
            if family not in _LIMITS or label[-1] == "not held by the unit":
                continue
            if label[0] == "node":
                bound.append((row, (given.year, label[1])))
            elif label[0] == "rule":
                bound.append((row, ("rules", rules[label[1]])))
            else:
                bound.append((row, ("edges", links[label[:5]])))
        return bound

    def _sides_ub(self, draws: Draws) -> Vector:
        """Return the right sides of the inequalities, shape (n_draws, n_rows)."""
        sides, year = np.repeat(self.lp.b_ub[None, :], draws.n, axis=0), self.model.scope.year
        # Limits in the unit of their table are the figures themselves: a draw is a write into the
        # right side.
        drawn: dict[Any, Vector] = {**draws.capacity, **draws.figures}
        for row, key in self._bound_by:
            if key in drawn:
                sides[:, row] = drawn[key]
        for row, (family, label) in enumerate(self.model.labels(False)):
            if family == "circuit_capacity" and (year, label[1]) in draws.running:
                sides[:, row] *= draws.running[year, label[1]]
        return sides

    # -- coefficients ----------------------------------------------------------------------

    @cached_property
    def touches(self) -> tuple[Touch, ...]:
        """What each recovery and scrap ratio does to the entries of the program."""
        net = self.model.scope.net

        def entries(values: Mapping[tuple[str, int], float]) -> Vector:
            tables: dict[str, list[Any]] = {}
            for (table, row), value in values.items():
                rows = tables.setdefault(table, list(net.rows(table)))
                rows[row] = rows[row].model_copy(update={FIELDS[table]: value})
            changed = net.replace(**cast("Any", tables))
            cache_of(changed).update(lasting(net))
            keep_steps(changed, net, ())
            return entries_of(self._program(refigured(self.model, changed)))

        cells = [cell for cell in self.inputs.cells if cell.table in COEFFICIENTS]
        return touches_of(entries, cells, entries_of(self.lp))

    @cached_property
    def _touched(self) -> NDArray[np.int64]:
        """Places of the entries that are drawn, among all, ascending."""
        return np.unique(
            np.concatenate([np.zeros(0, np.int64), *(t.entries for t in self.touches)])
        )

    def _entries(self, draws: Draws) -> Vector | None:
        """Return the entries that are drawn, shape (n_draws, n_touched); None where none is."""
        if not self.touches:
            return None
        entries = np.repeat(entries_of(self.lp)[None, self._touched], draws.n, axis=0)
        for touch in self.touches:
            # Recoveries multiply the entries that they stand in, so that their effects combine by
            # multiplying.
            at = np.searchsorted(self._touched, touch.entries)
            entries[:, at] *= touch.factor(draws.figures[touch.key])
        return entries


def needs(given: Model, draws: Draws) -> dict[tuple[str, str], Vector]:
    """Return what is asked for in each draw, by nation and product, t of product per year.

    Needs are sums of rows of the table demand, in part of two years: what each row adds is found
    out from the graph with that row doubled.
    """
    found = given.scope
    held = (found.net, found.frame, found.year, found.elements)
    asked = demanded(*held)
    sums = {claim: np.full(draws.n, need) for claim, need in found.demand.items()}
    rows = list(found.net.rows("demand"))
    for cell in draws.inputs.cells:
        if cell.table != "demand" or not cell.central:
            continue
        key = ("adds", cell.row, found.year)
        if key not in cache_of(found.net):
            more = list(rows)
            # Needs are linear in each row of demand: doubled once, the difference is what a row
            # adds, and every draw is a sum.
            more[cell.row] = rows[cell.row].model_copy(update={"quantity": 2.0 * cell.central})
            doubled = demanded(found.net.replace(demand=more), *held[1:])
            added = {one: doubled[one] - asked[one] for one in asked if doubled[one] != asked[one]}
            cache_of(found.net)[key] = added
        for claim, tonnes in cache_of(found.net)[key].items():
            if claim in sums:
                factor = draws.figures["demand", cell.row] / cell.central - 1.0
                sums[claim] = sums[claim] + tonnes * factor
    return sums


def refigured(given: Model, net: SupplyNetwork) -> Model:
    """Return a model with the figures of another graph of the same plants and links.

    Parameters
    ----------
    net : SupplyNetwork
        Rows in the order of the model's graph.
    """
    old = given.scope
    frame = with_rows(old.frame, old.net, net)
    limits = {one: Limits(net, frame, one, old.year, old.level) for one in old.limits}
    asked = demanded(net, frame, old.year, old.elements)
    ratios = scrap_ratios(net)
    return model(
        replace(
            old,
            net=net,
            frame=frame,
            limits=limits,
            demand={claim: asked.get(claim, 0.0) for claim in old.demand},
            scrap={label: ratios.get(label, 0.0) for label in old.scrap},
        )
    )


def figures_of(given: Model) -> tuple[list[str], list[int], list[int]]:
    """Return plants and nations, rows of links and rows of corridors that a model counts.

    A nation that draws nothing counts only where something passes on through it, which its need
    does not change: its need is not drawn.
    """
    frame, net = given.scope.frame, given.scope.net
    drawing = {nation for nation, _ in given.scope.claims}
    nodes = [
        label
        for label, node in frame.nodes.items()
        if label in drawing or not net.stage_by_name[node.stage].is_nation
    ]
    return nodes, *rows_in(net, (arc.link for arc in frame.arcs))


def _are_close(first: Vector, second: Vector) -> bool:
    return first.shape == second.shape and bool(
        (np.abs(first - second) <= SAME * np.maximum(np.abs(first), np.abs(second))).all()
    )
