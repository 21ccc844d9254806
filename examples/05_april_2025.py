"""April 2025: licences on medium and heavy elements, as the year's mean and tighter.

What South Korea could get of dysprosium with exclusive access (a potential), and which
part of its magnets it gets when all buy at once (contested): two pictures that are never mixed.
"""

import supplynet as sn

net = sn.load("rare-earths")
name = "china-april-2025"
cases = ["base", *(f"{name}:strength={part}" for part in (0.055, 0.75, 1))]
found = sn.compare(net, *cases, to="KOR", element=["Nd", "Dy"], year=2025)

print("Potentials, on operating plants and contracted links that run")
for case in found.cases:
    for element in ("Nd", "Dy"):
        row = found.potential(case, element, "operating")
        print(
            f"  {case}: {element} {row.value:,.1f} ({row.low:,.1f} to {row.high:,.1f}) {row.unit}, "
            f"{row.coverage:.0%} of its demand"
        )

print("Contested, shared out fairly")
for case in found.cases:
    magnets = found.coverage(case, "magnet")
    print(f"  {case}: {magnets.served:,.0f} of {magnets.demand:,.0f} t of magnets")

# licences on one element stop every magnet that holds it, but no neodymium by itself
limits = [row.name for row in found.balances[-1].binding if row.kind == "restriction"]
print(f"{len(limits)} limits of the licences bind, such as: {limits[0]}")
print("certified:", found.is_certified)
