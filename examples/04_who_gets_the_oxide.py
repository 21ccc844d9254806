"""Who gets the oxide when every nation draws at once, with and without China.

Contested figures: what is served once all have drawn. Never set them beside potentials, which
give one nation the whole network.
"""

import supplynet as sn

net = sn.load("rare-earths")
for year in (2024, 2030):
    for avoid in (None, "CHN"):
        result = sn.balance(net, year=year, avoid=avoid)
        print(f"{year}, {f'without {avoid}' if avoid else 'everybody there'}")
        for row in result.coverage:
            if row.nation in ("KOR", "JPN", "USA"):
                print(f"  {row.nation} {row.form}: {row.served:,.0f} of {row.demand:,.0f} t")

# the last one again, shared out so that the worst covered is served as well as can be
fair = sn.balance(net, year=2030, avoid="CHN", objective="fair")
for row in fair.coverage:
    if row.form == "magnet":
        print(f"fair, {row.nation}: {row.coverage:.0%} of its magnets")
for left in fair.surplus[:3]:
    print(f"surplus: {left.tonnes:,.0f} t of {left.element} at {left.name}, {left.reason}")
print("certified:", fair.certificate.ok)
