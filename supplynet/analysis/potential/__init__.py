"""What could reach a nation or bloc if it alone drew on the network: the balance of one.

A potential is the model of :mod:`supplynet.analysis.balance` with one nation or bloc drawing: all
elements together, every loss, shared capacity and cutting scrap. It serves the most tonnes of
product in all, then the products as evenly as can be, and is told as coverage by product first.
The maximum flow of :func:`supplynet.flow` is a quick upper bound of it, by element.

The others buy only where it helps the nation, no more than they need and without counting
themselves: what they buy leaves new scrap, which may come to it. So every plan of a balance in
which all draw is one that the potential may choose, and on every network, tier, year and level
maximum flow >= potential >= what the nation gets contested.

Other analyses, reports and pictures ask :func:`supplynet.analysis.potential.ask.potential_of`:
ranges, elements and limits are solved on first use, so that what is only asked for its coverage
takes a few programs of some hundredths of a second.
"""
