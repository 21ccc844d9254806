"""What can be lost as one, of a flow and of a balance alike: which plants, and its name."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.question import Question, selector_name
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.countries import BLOCS, country_name
from supplynet.network.selector import holder, select_some
from supplynet.terms import CONFIDENCES, LOSSES, did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import Certificate
    from supplynet.solve.flow.problem import FlowProblem

#: rows that are named of what carries a figure
MOST_CARRIERS = 3
# what stands between the ids of two plants
_AND = "+"
MOST_PAIRS = 200_000

Key = tuple[str, str]


class Left(NamedTuple):
    """What still arrives without something."""

    named: tuple[str, str]  #: id of what is lost, and its name as a reader knows it
    stage: str  #: empty where it is of none
    tonnes: float  #: t/yr
    n_nodes: int  #: plants in it that carry flow; 0 for links
    #: makes the network without it; None where the loss is no flow's
    problem: Callable[[], FlowProblem] | None = None


class FlowLosses(NamedTuple):
    """What is left of a flow without each of some things, and what it took to find out."""

    left: list[Left]
    n_candidates: int
    n_evaluations: int
    n_solved: int
    hint: str
    certificates: list[Certificate]


def groups_of(
    net: SupplyNetwork, plants: Sequence[str], by: str, lens: str
) -> dict[Key, frozenset[str]]:
    """Return what can be lost: by code or id, and stage, the plants that are lost together.

    Parameters
    ----------
    plants : sequence of str
        All that can be lost.
    by : str
        A word of :data:`supplynet.terms.LOSSES`, but for links and selections.
    lens : str
        That of the question.
    """
    lens = LOSSES[by].seen_by(lens)
    # A row that gathers several plants cannot be lost by one event; ranked as a plant it would come
    # first by its size alone.
    if LOSSES[by].is_of_plants:
        plants = [label for label in plants if not net.node(label).is_several]
    if by == "pair":
        # Pairs are enumerated, so that their number is checked before any is made.
        n_pairs = len(plants) * (len(plants) - 1) // 2
        if n_pairs > MOST_PAIRS:
            raise OptionError(
                f"{len(plants):,} plants make {n_pairs:,} pairs, more than {MOST_PAIRS:,}",
                hint="interdict with k=2 finds the worst pair without trying all",
            )
        return {(f"{a}{_AND}{b}", ""): frozenset((a, b)) for a, b in combinations(plants, 2)}
    if by == "bloc":
        blocs = {**BLOCS, **net.commodity.blocs}
        members = {
            (name, ""): frozenset(label for label in plants if holder(net, label, lens) in codes)
            for name, codes in blocs.items()
        }
        return {key: nodes for key, nodes in members.items() if nodes}
    groups: dict[Key, set[str]] = defaultdict(set)
    for label in plants:
        stage = net.node(label).stage
        if by == "node":
            groups[label, stage].add(label)
        elif by == "country-stage":
            groups[holder(net, label, lens), stage].add(label)
        else:
            groups[holder(net, label, lens), ""].add(label)
    return {key: frozenset(nodes) for key, nodes in groups.items()}


def shut_by(question: Question, text: str, supplied: Collection[str]) -> frozenset[str]:
    """Return the nodes that a selector of what is lost names.

    Plants whose owners are not known count as those of the selector: they are lost too. A selector
    that names nothing but who is supplied is an OptionError.
    """
    nodes = select_some(question.net, text, lens=question.lens, what="lost").possibly
    if nodes <= frozenset(supplied):
        raise OptionError(
            f"lost {text!r} names nations only, and they are what is supplied",
            hint="name plants, for example CHN:refiner or node:ID",
        )
    return nodes


def told(net: SupplyNetwork, by: str, key: Key) -> tuple[str, str]:
    """Return the id of what is lost, and its name as a reader knows it."""
    code, stage = key
    if by == "node":
        return code, net.node(code).name
    if by == "pair":
        return code, " and ".join(net.node(node_id).name for node_id in code.split(_AND))
    if by == "lost":
        return code, selector_name(net, code)
    if by == "bloc":
        return code, code
    name = "Owner not known" if code == "unknown" else country_name(code, net.commodity.areas)
    if by == "country-stage":
        return f"{code}:{stage}", f"{name}, {net.stage_by_name[stage].plural}"
    return code, name


def left_out(net: SupplyNetwork, by: str) -> str:
    """Return that rows of several plants are not ranked, where a ranking of plants leaves some out.

    Examples
    --------
    >>> import supplynet as sn
    >>> left_out(sn.load("tutorial"), "node")
    ''
    """
    if not LOSSES[by].is_of_plants or not any(node.is_several for node in net.node_by_id.values()):
        return ""
    return "Rows that gather several plants are not ranked."


def prices(names: Mapping[str, str], cost: Mapping[str, float]) -> dict[str, float]:
    """Return the cost of every target, 1 for those that are not named.

    `names` is id to name of what can be lost; a cost must name one of them and be above 0.
    """
    for key, value in cost.items():
        if key not in names:
            raise UnknownNameError(
                f"cost: {key!r} is nothing that can be lost here",
                hint=did_you_mean(key, list(names)) or "write ids as the result shows them",
            )
        if not 0 < value <= math.inf:
            raise OptionError(f"the cost of {key!r} must be above 0, not {value}")
    return {key: float(cost.get(key, 1.0)) for key in names}


def weightiest(carriers: Iterable[Carrier]) -> tuple[Carrier, ...]:
    """Return those without which the least is left, of like ones the less sure first."""

    def order(carrier: Carrier) -> tuple[float, int, str]:
        return round(carrier.tonnes, 6), -CONFIDENCES.rank(carrier.confidence), carrier.id

    return tuple(sorted(carriers, key=order)[:MOST_CARRIERS])
