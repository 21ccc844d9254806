"""The part of a network that one nation or bloc can use, as the model of a balance.

Only the target draws. The others buy only where it helps the target: what they buy leaves new scrap
that may come to it, and so each of their plans is one that a potential may choose too. Nations of
which no scrap can come are shut, and so is every plant from which nothing can come to those that
are left, not even by way of scrap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.feeds import scrap_ratios
from supplynet.analysis.arrays.restrict import held_tonnages
from supplynet.analysis.arrays.skeleton import Skeleton, skeleton
from supplynet.analysis.balance.columns import KINDS
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.programs import avoided_nations
from supplynet.analysis.balance.scope import NOTHING_STORED, scope
from supplynet.analysis.potential.programs import Plan
from supplynet.network.cache import cache_of
from supplynet.network.selector import Selection
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.question import Question


#: programs of one nation, year and end of the data that are looked through for the same one
_MOST_LIKE = 15


def model_of(
    question: Question,
    *,
    level: LevelName = "central",
    closed: frozenset[str] | None = None,
    stored: Mapping[str, frozenset[str]] = NOTHING_STORED,
) -> Model:
    """Return the balance in which the target of a question draws alone, from the cache.

    Shut are by default the nodes that the question avoids, those of unknown owners too but for the
    high end. `stored` are elements that a node has whatever arrives, those of a stock.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> found = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> sorted({nation for nation, _ in found.scope.claims})
    ['MLT']
    """
    net, targets = question.net, question.targets
    shut = question.closed(level)
    shut = shut if closed is None else closed
    # Nations that are avoided draw nothing, but for the target itself, whose plants may be avoided
    # while its demand stands.
    shut |= avoided_nations(question) - targets
    year, links, plants = question.year, question.links, question.plants
    members = frozenset(stored.items())
    key = ("potential", targets, year, links, plants, shut, level, members)
    if key not in cache_of(net):
        frame = skeleton(net, year=year, links=links, plants=plants, closed=shut)
        ratios = scrap_ratios(net, LEVELS[level].opposite)
        bound = [tonnage.receivers for tonnage in held_tonnages(net, frame, year, level)]
        # Everything from which nothing can come to the target is cut away before the program is
        # built: it is a fraction of the whole, and its optimum is the same.
        open_ends = _open_ends(frame, targets, frozenset(net.nation_ids), ratios, bound)
        others = frozenset(net.nation_ids) - targets
        # Others stay where what they buy leaves scrap that comes to the target, or where they
        # share a tonnage with what reaches it.
        closed = shut | (others - open_ends) | (frame.nodes.keys() - _useful(frame, open_ends))
        left = skeleton(net, year=year, links=links, plants=plants, closed=closed)
        # what is left states the program: further tiers and stages often leave the same
        like = ("potentials", targets, year, level, members)
        models: list[Model] = cache_of(net).get(like, [])
        same = next((each for each in models if _are_same(each.scope.frame, left)), None)
        if same is None:
            options = scope(
                net,
                year=year,
                links=links,
                plants=plants,
                closed=closed,
                elements=net.commodity.elements,
                basis="capacity",
                level=level,
                drawing=targets if others else frozenset(),
                stored=stored,
            )
            same = model(options)
            cache_of(net)[like] = [*models[-_MOST_LIKE:], same]
        cache_of(net)[key] = same
    built: Model = cache_of(net)[key]
    return built


def without(built: Model, closed: frozenset[str]) -> Model:
    """Return a model with plants shut: all that happens at them and on their arcs is held at 0.

    The same program as one that is built without them, quicker to solve after that with them.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> built = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> plants = frozenset(built.scope.frame.nodes) - {"MLT"}
    >>> bool(without(built, plants).upper[built.columns.served.place].any())
    True
    """
    names = built.columns
    is_shut = np.isin(names.codes.vertices, list(closed))
    upper = np.full(len(names), np.inf)
    for kind in KINDS:
        variables = getattr(names, kind)
        for end in ("vertex", "tail", "head"):
            if end in variables._fields:
                upper[variables.place[is_shut[getattr(variables, end)]]] = 0.0
    return replace(built, upper=upper)


def _are_same(first: Skeleton, second: Skeleton) -> bool:
    """Tell whether two skeletons of one year have the same plants, corridors and arcs."""
    return (
        first.nodes.keys() == second.nodes.keys()
        and first.hubs.keys() == second.hubs.keys()
        and first.arcs == second.arcs
    )


def _open_ends(
    frame: Skeleton,
    targets: frozenset[str],
    nations: frozenset[str],
    ratios: Mapping[str, float],
    bound: Iterable[Iterable[str]],
) -> frozenset[str]:
    """Return the targets, and the others that must stay open for the sake of what reaches them.

    Those are the nations that buy what leaves scrap of use, and whoever shares with them the
    tonnage that a restriction lets pass.
    """
    bounds = targets & frame.nodes.keys()
    groups = [frozenset(receivers) for receivers in bound]
    # Keeping a nation open makes further plants useful, whose scrap may need further nations:
    # repeated until nothing is added.
    while True:
        useful = _useful(frame, bounds)
        is_scrap = frame.arcs.column("is_scrap")
        cutting = {
            frame.arcs[index].tail
            for index in np.flatnonzero(is_scrap).tolist()
            if frame.arcs[index].head in useful
        }
        buyers = nations & _reached(frame, cutting & ratios.keys())
        sharing = frozenset().union(*(group for group in groups if group & useful))
        if buyers | sharing <= bounds:
            return bounds
        bounds |= buyers | sharing


def _useful(frame: Skeleton, bounds: frozenset[str]) -> frozenset[str]:
    """Return the vertices from which something can come to some ends."""
    labels = set(bounds & frame.nodes.keys())
    waiting = list(labels)
    names, tails = frame.arcs.whole.labels, frame.arcs.column("tail").tolist()
    while waiting:
        for index in frame.arcs_in.get(waiting.pop(), ()):
            tail = names[tails[index]]
            if tail not in labels:
                labels.add(tail)
                waiting.append(tail)
    return frozenset(labels)


def _reached(frame: Skeleton, tails: Iterable[str]) -> frozenset[str]:
    """Return the vertices that something other than scrap can come to from some."""
    reached, waiting = set[str](), list(tails)
    while waiting:
        for index in frame.arcs_out.get(waiting.pop(), ()):
            arc = frame.arcs[index]
            if not arc.is_scrap and arc.head not in reached:
                reached.add(arc.head)
                waiting.append(arc.head)
    return frozenset(reached)


@dataclass(frozen=True, slots=True)
class Rung:
    """What could still be covered when the avoided jurisdiction is shut at some stages."""

    stages: tuple[str, ...]  #: stages at which it is shut; empty for none
    #: share of demand in the first form, on the links and plants of the question
    coverage: float


def ladder(question: Question, last: Plan | None = None) -> tuple[Rung, ...]:
    """Return what is covered with the jurisdiction shut at more and more stages.

    Parameters
    ----------
    question : Question
        What it avoids is shut stage by stage: what processes first, mines last.
    last : Plan, optional
        Of the same question with all of it shut, where it was solved already.

    Returns
    -------
    tuple of Rung
        From nothing shut to all; empty where the jurisdiction holds a single stage.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> for rung in ladder(ask(sn.load("tutorial"), to="MLT", avoid="ISL"))[:2]:
    ...     print(rung.stages, round(rung.coverage, 2))
    () 0.91
    ('refiner',) 0.0
    """
    net = question.net
    shut = {
        stage.name: frozenset(
            node_id for node_id in question.shut.possibly if net.node(node_id).stage == stage.name
        )
        for stage in net.stages
        if not stage.is_nation
    }
    # processing first: who has it shut may still dig
    order = sorted(
        (stage for stage in net.stages if not stage.is_nation), key=lambda stage: stage.is_origin
    )
    stages = [stage.name for stage in order if shut[stage.name]]
    if len(stages) < 2:
        return ()
    plan = _by_form(model_of(replace(question, shut=Selection(frozenset(), frozenset()))))
    opened = plan.model
    rungs = [Rung((), _first_form(plan))]
    for length in range(1, len(stages) + 1):
        closed = frozenset().union(*(shut[name] for name in stages[:length]))
        model = without(opened, closed)
        is_all = length == len(stages)
        alone = replace(question, shut=Selection(closed, closed))
        if is_all and last is not None and model_of(alone) is last.model:
            plan = last
        # what the plan before did not use can be shut without another solve
        elif plan.x[model.upper == 0.0].any():
            plan = _by_form(model)
        rungs.append(Rung(tuple(stages[:length]), _first_form(plan)))
    return tuple(rungs)


def _by_form(model: Model) -> Plan:
    """Return a plan of which what is served of each form is reported."""
    plan = Plan(model)
    plan.solve(is_by_form=True)
    return plan


def _first_form(plan: Plan) -> float:
    """Return the coverage of the first form that is asked for."""
    products = plan.model.scope.net.product_by_id
    form = products[next(product for _, product in plan.claims)].form
    need = sum(
        tonnes for (_, product), tonnes in plan.claims.items() if products[product].form == form
    )
    return float(plan.served(form=form) @ plan.x) / need
