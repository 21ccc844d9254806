"""Plants of one stage in one country as one: a smaller program of a horizon, and its way back.

What plants of a group carry, make and lose of the same thing is one variable y, and each plant's
part of it is that of the year without the shock, in which plants that nothing tells apart do the
same (:mod:`supplynet.solve.lp.alike`)::

    x = D y        D[j, g]: what variable j is of its group g without the shock; equal parts where
                   nothing of it flows then
    R A D y <= R b, R A D y = R b       R adds up the rows that speak of the same group

So limits of plants that run then add up, and recoveries, contents and recipes are the means of what
flows without the shock, which therefore stays possible. That errs both ways: plants of a group
share their limits and what they hold (more is served), and none can take more of a mix than its
part (less is served).
Where the plants of a group are alike, with the shock and without it, it is exact: the mean of a
plan over them is a plan too. An answer of it is no bound (on such bounds: Zipkin, 1980,
doi:10.1287/opre.28.6.1299).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import block_diag, coo_array, diags_array, eye_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.time.states import ROUNDING
from supplynet.solve.lp.alike import alike, evened

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Vector
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.lp.program import LinearProgram

#: kinds of variable whose key begins with a link
_ON_LINKS = frozenset({"feed", "element", "product"})


@dataclass(frozen=True)
class Grouping:
    """What is one in a balance: its variables and rows."""

    #: shape (n_columns, n_groups); csr_array; what each variable is of its group, D
    spread: Any = field(repr=False)
    #: rows_ub, rows_eq: shape (n_groups, n_rows); csr_array; which rows are added up, R
    rows_ub: Any = field(repr=False)
    rows_eq: Any = field(repr=False)


def by_country(net: SupplyNetwork) -> dict[str, str]:
    """Return the group of each plant: its stage and country; nations are no plants.

    Examples
    --------
    >>> import supplynet as sn
    >>> sorted(set(by_country(sn.load("tutorial")).values()))[:2]
    ['maker FJI', 'maker ISL']
    """
    nations = frozenset(net.nation_ids)
    return {
        node.id: f"{node.stage} {node.country}" for node in net.node_rows if node.id not in nations
    }


def grouping_of(model: Model, group_of: Mapping[str, str], usual: tuple[Model, Vector]) -> Grouping:
    """Return the variables and rows of a balance by group.

    `usual` is the balance of the year without the shock, and its variables, t/yr: parts of a group.
    """
    before, shown = usual
    keys = list(_keys(before))
    # Of plants that are alike the year may leave some idle, which they need not be with the shock.
    told = _places([_of_group(key, group_of) for key in keys])
    shown = evened(shown, alike(before.stacked(False), before.stacked(True), told))
    flows = dict(zip(keys, shown.tolist(), strict=True))
    least = ROUNDING * float(shown.max(initial=0.0))
    own = list(_keys(model))
    tonnes = np.array([_told(flows.get(key, 0.0), least) for key in own])
    groups = _places([_of_group(key, group_of) for key in own])
    totals = np.bincount(groups, weights=tonnes)
    parts = np.where(
        totals[groups] > 0.0,
        tonnes / np.where(totals[groups] > 0.0, totals[groups], 1.0),
        1.0 / np.bincount(groups)[groups],
    )
    spread = coo_array((parts, (np.arange(len(own)), groups)), shape=(len(own), totals.size))
    rows = []
    for is_equality in (False, True):
        labels = [_of_group(label, group_of) for label in model.labels(is_equality)]
        places = _places(labels)
        shape = (int(places.max(initial=-1)) + 1, len(labels))
        rows.append(
            coo_array((np.ones(len(labels)), (places, np.arange(len(labels)))), shape=shape)
        )
    return Grouping(spread.tocsr(), rows[0].tocsr(), rows[1].tocsr())


def _told(tonnes: float, least: float) -> float:
    return tonnes if tonnes > least else 0.0


def _keys(model: Model) -> Iterable[tuple[Hashable, ...]]:
    """Yield what each variable is known by in every period: kind, nodes and thing."""
    arcs = model.scope.frame.arcs
    for kind, key in model.columns.keys:
        if kind in _ON_LINKS:
            arc = arcs[key[0]]  # type: ignore[call-overload]
            yield (kind, arc.tail, arc.head, arc.form, arc.contract, *key[1:])
        else:
            yield (kind, *key)


def _of_group(key: Any, group_of: Mapping[str, str]) -> Any:
    """Return a key in which groups stand for their plants."""
    if isinstance(key, str):
        return group_of.get(key, key)
    if isinstance(key, frozenset):
        return frozenset(_of_group(part, group_of) for part in key)
    if isinstance(key, tuple):
        return tuple(_of_group(part, group_of) for part in key)
    return key


def _places(keys: Sequence[Hashable]) -> Any:
    """Return the number of each key among those that differ, in the order in which they come."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def joint(program: LinearProgram, groupings: Sequence[Grouping]) -> Grouping:
    """Return the grouping of a horizon: that of each period, and what joins them as it is.

    In the program rows and variables of the periods come first.
    """

    def whole(matrices: list[Any], size: int, axis: int) -> Any:
        rest = size - sum(matrix.shape[axis] for matrix in matrices)
        return block_diag([*matrices, eye_array(rest)], format="csr")

    return Grouping(
        whole([grouping.spread for grouping in groupings], program.c.size, 0),
        whole([grouping.rows_ub for grouping in groupings], program.b_ub.size, 1),
        whole([grouping.rows_eq for grouping in groupings], program.b_eq.size, 1),
    )


def reduced(program: LinearProgram, grouping: Grouping) -> LinearProgram:
    """Return a program with one variable and one row for each group.

    Bounds stay those of variables that are alone in their group; others have none but 0. Limits of
    what has no part in its group are left out.
    """
    spread = grouping.spread
    used = program.a_ub @ spread
    # A plant that stands still without the shock has no part in its group. Its limit would only let
    # the others do more than they can: a mine of much ore and little metal lends it to a rich one.
    is_idle = (abs(used).sum(axis=1) == 0.0) & (program.b_ub >= 0.0)
    rows_ub = grouping.rows_ub @ diags_array(np.where(is_idle, 0.0, 1.0))
    alone = np.bincount(spread.indices, minlength=spread.shape[1]) == 1
    member = np.zeros(spread.shape[1], dtype=np.int64)
    member[spread.indices] = np.arange(spread.shape[0])  # each variable is of one group
    return replace(
        program,
        c=spread.T @ program.c,
        a_ub=(rows_ub @ used).tocsr(),
        b_ub=rows_ub @ program.b_ub,
        a_eq=(grouping.rows_eq @ program.a_eq @ spread).tocsr(),
        b_eq=grouping.rows_eq @ program.b_eq,
        lower=np.where(alone, program.lower[member], 0.0),
        upper=np.where(alone, program.upper[member], np.inf),
    )
