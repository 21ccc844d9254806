"""Which two plants must not fail at once, whether a ranking states, and what to protect.

The worst two are found with proof: no other two leave South Korea less. Tonnes count up to its
need, so that what is lost is coverage.
"""

import supplynet as sn

net = sn.load("rare-earths")
asked = {"to": "KOR", "element": "Nd", "avoid": "CHN", "year": 2030, "tier": "committed"}
worst = sn.chokepoints.interdict(net, k=2, **asked)

print(f"It is worst to lose {' and '.join(plant.name for plant in worst.removed)}:")
print(f"  {worst.value:,.0f} of {worst.whole:,.0f} {worst.unit} are left")
top = worst.ranked
print(f"The two largest losses one by one are {' and '.join(x.name for x in top.sets[0])}:")
print(f"  together they leave {top.value:,.0f}")
for step in worst.frontier:
    names = ", ".join(plant.name for plant in step.sets[0]) or "nothing"
    print(f"{step.budget:.0f} lost: {names}, {step.value:,.0f} left")

safe = sn.chokepoints.fortify(net, k_defend=1, k_attack=2, **asked)
print(safe.summary())
print("certified:", worst.certificate.ok and safe.certificate.ok)
