"""Which plant makes the step of a year: the one that begins and carries the most more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.flow.flow import solve_question
from supplynet.draw.words import plain
from supplynet.network.timeline import capacities_in_force

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.analysis.flow.tiers import Tier
    from supplynet.network.network import SupplyNetwork


def begun(one: ElementBypass, tier: Tier, year: int) -> str:
    """Return the name of the plant that begins or grows in a year and carries the most more.

    Parameters
    ----------
    one : ElementBypass
    tier : Tier
    year : int
        The flow is compared with that of the year before.

    Returns
    -------
    str
        Empty where no plant begins: a contract does, or the need falls.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.bypass(sn.load("tutorial"), to="MLT", avoid="ISL", element="Nd").elements[0]
    >>> begun(found, found.tiers[1], 2024)
    ''
    """
    net = one.question.net
    before, after = (
        solve_question(one.question, one.element, links=tier.links, plants=tier.plants, year=when)
        for when in (year - 1, year)
    )
    grown = [
        (after.through(node.id) - before.through(node.id), node.id)
        for node in net.node_rows
        if _capacity(net, node.id, year) > _capacity(net, node.id, year - 1)
    ]
    gain, name = max(grown, default=(0.0, ""), key=lambda row: (row[0], row[1]))
    if gain <= 0.0:
        return ""
    return plain(net.node(name).name.split(" (")[0])


def _capacity(net: SupplyNetwork, node_id: str, year: int) -> float:
    """What a plant can carry in a year; nothing before it begins, 0 where it has no limit."""
    node = net.node(node_id)
    if node.start_year is not None and year < node.start_year:
        return 0.0
    step = capacities_in_force(net, year).get(node_id, node)
    return step.capacity or 0.0
