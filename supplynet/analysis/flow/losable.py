"""What can be lost at once: a plant, all plants of a country or bloc, two plants, a selection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from supplynet.analysis.question import selector_name
from supplynet.errors import OptionError
from supplynet.network.countries import BLOCS, country_name
from supplynet.network.selector import holder, select_some
from supplynet.terms import LOSSES

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork

__all__ = ["groups_of", "left_out", "selected", "told"]

# what stands between the ids of two plants
_AND = "+"
MOST_PAIRS = 200_000

Key = tuple[str, str]


def groups_of(question: Question, base: Solved, by: str) -> dict[Key, frozenset[str]]:
    """Return what can be lost: by code or id, and stage, the nodes that are lost together.

    Raises
    ------
    OptionError
        If there are too many pairs to try them all.
    """
    net = question.net
    plants = _plants(question, base)
    lens = LOSSES[by].seen_by(question.lens)
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


def selected(question: Question, base: Solved, lost: Iterable[str]) -> dict[Key, frozenset[str]]:
    """Return the plants that selectors name, each lost as a whole.

    Plants whose owners are not known count as those of the selector: they are lost too.

    Raises
    ------
    UnknownNameError
        If a selector names nothing.
    OptionError
        If one names no plant.
    """
    plants = frozenset(_plants(question, base))
    groups = {}
    for text in lost:
        nodes = select_some(question.net, text, lens=question.lens, what="lost").possibly
        if nodes <= question.targets | frozenset(question.net.nation_ids):
            raise OptionError(
                f"lost {text!r} names nations only, and they are what is supplied",
                hint="name plants, for example CHN:refiner or node:ID",
            )
        groups[text, ""] = nodes & plants
    return groups


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


def _plants(question: Question, base: Solved) -> list[str]:
    net = question.net
    # Who is supplied is never what is lost, also where a target is a plant.
    others = frozenset(net.nation_ids) | question.targets
    return [label for label in base.graph.labels if label in net.node_by_id and label not in others]


def told(question: Question, by: str, key: Key) -> tuple[str, str]:
    """Return the id of what is lost, and its name as a reader knows it."""
    net = question.net
    code, stage = key
    if by == "node":
        return code, net.node(code).name
    if by == "pair":
        return code, " and ".join(net.node(node_id).name for node_id in code.split(_AND))
    if by == "lost":
        return code, selector_name(net, code)
    if by == "bloc":
        return code, code
    name = country_name(code, net.commodity.areas)
    if by == "country-stage":
        return f"{code}:{stage}", f"{name}, {net.stage_by_name[stage].plural}"
    return code, name
