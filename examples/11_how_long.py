"""How long: three months without exports from China, for South Korea, with and without stocks.

Days with exclusive access (a bound), months when all buy at once, what each of its stocks buys, and
what knowing the whole of the shock beforehand would be worth.
"""

import supplynet as sn

net = sn.load("rare-earths")
shock = "china-full-stop@2027-01..2027-03"
result = sn.shock.survive(net, to="KOR", shock=shock, end="2027-04", ranges=False)

for row in result.rows:
    print(f"{row.title}: {row.need:,.0f} t are needed in a month")
    print(f"  alone {row.days:.0f} days, without stocks {row.bare_days:.0f}")
    print(
        f"  in competition {row.lost_share:.0%} is lost, without stocks {row.bare_lost_share:.0%}"
    )

for worth in sorted(result.worths, key=lambda worth: -worth.days)[:3]:
    print(f"{worth.name}: {worth.days:.0f} days of {worth.form}")

rolling = sn.shock(net, shock=shock, end="2027-04")
planned = sn.shock(net, shock=shock, end="2027-04", behavior="foresight")
for name, found in (("month by month", rolling), ("with foresight", planned)):
    (worst,) = [row.worst for row in found.endurance if (row.nation, row.form) == ("KOR", "magnet")]
    print(f"{name}: the worst month brings {worst:.0%} of the magnets")
print("certified:", result.certificate.ok and planned.certificate.ok)
