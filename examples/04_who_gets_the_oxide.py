"""Who gets the oxide when every nation draws at once, with and without China.

Contested figures: what is served once all have drawn. Never set them beside potentials, which
give one nation the whole network.
"""

import supplynet as sn

net = sn.load("rare-earths")

# the base year as it was: plants count with what they made
as_it_was = sn.allocate(net, year=2024, tier="possible")
print(as_it_was.summary())

# what-ifs: plants count with what they could make, in both of each pair
for year in (2024, 2030):
    for avoid in (None, "CHN"):
        result = sn.allocate(net, year=year, avoid=avoid, basis="capacity", tier="possible")
        print(f"{year}, {f'without {avoid}' if avoid else 'everybody there'}")
        for row in result.solved.ranges:  # several ways to share it out may be as good
            if row.nation in ("KOR", "JPN", "USA"):
                got = f"{row.low:,.0f} to {row.high:,.0f}"
                print(f"  {row.nation} {row.form}: {got} of {row.demand:,.0f} t")

# how far the figures carry: all capacities and yields at their low and at their high ends
ends = result.spread
assert ends is not None
print(f"served in all: {ends.low:,.0f} to {ends.high:,.0f} of {ends.demand:,.0f} t")

# the fewest limits that would have to be raised for Korea not to go short
print(
    "Korea:",
    sn.allocate.explain(
        net, year=year, avoid=avoid, basis="capacity", tier="possible", nation="KOR"
    ).summary(),
)

# the last one again, shared out so that the worst covered is served as well as can be
fair = sn.allocate(net, year=2030, avoid="CHN", objective="fair", tier="possible")
for row in fair.coverage:
    if row.form == "magnet":
        print(f"fair, {row.nation}: {row.coverage:.0%} of its magnets")
for left in fair.surplus[:3]:
    print(f"surplus: {left.tonnes:,.0f} t of {left.element} at {left.name}, {left.reason}")
print("certified:", fair.certificate.ok)
