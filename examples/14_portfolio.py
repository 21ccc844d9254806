"""Portfolio: what South Korea has to do to make half of its magnets without China from 2030 on.

The options that are chosen with their dates and costs, the proof, the chance that it works, and
what the same money would have covered in the year 2030 alone.
"""

import supplynet as sn

net = sn.load("rare-earths")
asked = {"to": "KOR", "avoid": "CHN", "by": 2030}
plan = sn.plan(net, target="coverage=0.5", draws=500, chance=0.0, **asked)

print(f"cost: {plan.cost:.0f} ({plan.cost_low:.0f} to {plan.cost_high:.0f}) million USD")
for row in plan.chosen:
    print(f"{row.start}: {row.name}, {row.cost:.0f} million USD, {row.lost:.0%} lost without it")
print(plan.chosen[0].reason)
print(f"reached in {plan.chance_share:.0%} of draws")

once = sn.plan(net, budget=plan.cost * 1e6, until=2030, **asked)
print(f"in 2030 alone the same money covers {once.coverage:.0%}")
print(f"certified: {plan.certificate.ok and once.certificate.ok}")
