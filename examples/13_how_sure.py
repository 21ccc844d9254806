"""How sure is what Japan could cover of its gallium and germanium without China?

Every figure behind the answer is drawn from what the graph says of it. Told are the range that 8 of
10 draws stay in, the chance of covering half, what drives the spread, and which row to look up.
"""

import supplynet as sn

net = sn.load("gallium-germanium")
study = sn.uncertainty(
    net, to="JPN", avoid="CHN", year=2026, tier="committed", draws=256, least=[0.5]
)

print(study.summary())
for row in study.figures:
    if row.figure == "coverage":
        print(f"{row.product}: {row.p10:.0%} to {row.p90:.0%}, {row.central:.0%} at the centre")

print("\nWhat drives the first of them:")
for driver in study.drivers[:3]:
    print(f"{driver.first_share:4.0%} {driver.name}: {driver.low:.0%} to {driver.high:.0%}")

print("\nWorth looking up:")
for row in study.worth[:3]:
    print(f"{row.narrows_share:4.0%} {row.table}.csv, row {row.row}: {row.name}")

# every draw is a program with its own proof
assert study.certificate is not None and study.certificate.ok
assert all(row.p10 <= row.p50 <= row.p90 for row in study.figures)
