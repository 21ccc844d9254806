"""What could reach a nation or bloc if it alone drew on the network: the balance of one.

A potential is the model of :mod:`supplynet.analysis.balance` with one nation or bloc drawing: all
elements together, every loss, shared capacity and cutting scrap. It serves the most tonnes of
product in all, then the products as evenly as can be, and is told as coverage by product first.
The maximum flow of :func:`supplynet.flow` is a quick upper bound of it, by element.

The others buy only where it helps the nation, no more than they need and without counting
themselves: what they buy leaves new scrap, which may come to it. So every plan of a balance in
which all draw is one that the potential may choose, and on every network, tier, year and level
maximum flow >= potential >= what the nation gets contested.

How it is used from other analyses, reports and pictures::

    result = sn.coverage(net, to="KOR", avoid="CHN", year=2030, tier="building")
    result.forms        # coverage by form with its range: the headline
    result.products     # the same by product
    result.elements     # by element: within the need, beyond it, the bound, and why they differ
    result.binding      # limits that hold it down, with the price of one more tonne
    result.flows        # what moves on each link, as in a balance

    question = ask(net, to="KOR", avoid="CHN", year=2030)  # where words were checked already
    result = potential_of(question)
    by_tier(question)   # firm, building, announced and conceivable, a result each
    served_of(question, closed=frozenset({"some-plant"}))  # one program: tonnes of product in all

Ranges, elements and limits are solved on first use, so that a result that is only asked for its
coverage takes a few programs of some hundredths of a second.
"""

from __future__ import annotations

from supplynet.analysis.potential.ask import by_tier, potential, potential_of, served_of
from supplynet.analysis.potential.result import PotentialResult

__all__ = ["PotentialResult", "by_tier", "potential", "potential_of", "served_of"]
