"""The part of a network that one nation or bloc can use, as the model of a balance.

Only the target draws: all other nations are shut, and so is every plant from which nothing can
come to it, not even by way of scrap. What is left is small, so that one program takes a few
hundredths of a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.arrays.skeleton import Skeleton, skeleton
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.scope import scope

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.units import Level


def model_of(
    question: Question, *, level: Level = "central", closed: frozenset[str] | None = None
) -> Model:
    """Return the balance in which the target of a question draws alone, from the cache.

    Parameters
    ----------
    question : Question
    level : {"low", "central", "high"}
        Which end of all figures to use.
    closed : frozenset of str, optional
        Nodes that are shut; default: those that the question avoids, of unknown owners too but
        for the high end.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> found = model_of(ask(sn.load("tutorial"), to="MLT"))
    >>> sorted({nation for nation, _ in found.scope.demand})
    ['MLT']
    """
    net = question.net
    shut = question.shut.surely if level == "high" else question.shut.possibly
    shut = shut if closed is None else closed
    year, links, plants = question.year, question.links, question.plants
    key = ("potential", question.targets, year, links, plants, shut, level)
    if key not in net.cache:
        shut |= frozenset(net.nation_ids) - question.targets
        frame = skeleton(net, year=year, links=links, plants=plants, closed=shut)
        shut |= frame.nodes.keys() - _useful(frame, question.targets)
        given = scope(
            net,
            year=year,
            links=links,
            plants=plants,
            closed=shut,
            elements=net.commodity.elements,
            basis="capacity",
            level=level,
            is_alone=bool(frozenset(net.nation_ids) - question.targets),
        )
        net.cache[key] = model(given)
    found: Model = net.cache[key]
    return found


def _useful(frame: Skeleton, targets: frozenset[str]) -> frozenset[str]:
    """Return the vertices from which something can come to the targets."""
    found = set(targets & frame.nodes.keys())
    waiting = list(found)
    while waiting:
        for place in frame.arcs_in.get(waiting.pop(), ()):
            tail = frame.arcs[place].tail
            if tail not in found:
                found.add(tail)
                waiting.append(tail)
    return frozenset(found)
