"""Stock adviser: what South Korea has to hold for the licences of 2025, and for a full stop.

Days of cover of each element by shock, what they cost, the rule of release that loses least, and
from how many days on more buys less.
"""

import supplynet as sn

net = sn.load("rare-earths")
advice = sn.shock.stockpile(net, to="KOR", shock=["2025-magnets", "full-stop-6"], ranges=False)

for row in advice.covers:
    if row.form == "magnet" and row.element in ("Nd", "Dy"):
        print(f"{row.shock}: {row.days:.0f} days of {row.element}, {row.held_days:.0f} are held")

for holding in advice.holdings:
    if holding.form == "magnet" and holding.cost is not None:
        print(
            f"{holding.shock}: {holding.tonnes:,.0f} t cost {holding.cost / 1e6:.1f} M USD a year"
        )

for rule in advice.rules:
    if rule.shock == "2025-magnets" and rule.form == "magnet":
        print(f"{rule.rule}: {rule.lost_share:.0%} lost, worst month {rule.worst:.0%}")

(knee,) = [
    row for row in advice.curve if row.is_knee and row.shock == "all" and row.form == "magnet"
]
print(f"knee: {knee.days:.0f} days leave {knee.lost_share:.0%} lost")
print("certified:", advice.certificate.ok)
