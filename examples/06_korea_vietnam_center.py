"""The agreement of South Korea and Viet Nam: what it adds when China sells nothing abroad.

The plants of the agreement are built, and their links planned; what that adds is the difference.
Then Australia and Europe: what each adds alone, and all three together.
"""

import supplynet as sn

net = sn.load("rare-earths")
stop = {"scenario": "china-full-stop", "to": "KOR", "year": 2030, "element": ["Nd", "Dy"]}
stop["tier"] = "possible"  # all tiers, to set beside each other
agreed = sn.compare(net, "base", "korea-vietnam-center", **stop)

for element in ("Nd", "Dy"):
    for case in agreed.cases:
        row = agreed.potential(case, element, "committed")
        print(
            f"potential, with what is being built, {case}: {element} {row.value:,.1f} "
            f"({row.low:,.1f} to {row.high:,.1f}) {row.unit}, {row.coverage:.0%} of demand"
        )
for case in agreed.cases:
    magnets = agreed.coverage(case, "magnet")
    print(f"contested, {case}: {magnets.coverage:.1%} of the magnets")

three = ("korea-vietnam-center", "australia-lynas-to-korea", "europe-to-korea")
together = sn.compare(net, "base", *three, three, objective="max_supply", **stop)
for row in together.additions:
    if row.kind == "potential" and row.what[1] == "committed":
        alone = ", ".join(f"{name} {gain:+,.1f}" for name, gain in row.alone)
        print(f"{row.what[0]}: {alone}; together {row.together:+,.1f} t/yr")
print("certified:", agreed.is_certified and together.is_certified)
