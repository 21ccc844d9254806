"""Which two plants must not fail at once, why a ranking does not tell, and what to protect.

The worst two are found with proof: no other two leave South Korea less.
"""

import supplynet as sn

net = sn.load("rare-earths")
worst = sn.interdict(net, to="KOR", element="Nd", k=2)

print(f"It is worst to lose {' and '.join(plant.name for plant in worst.removed)}:")
print(f"  {worst.value:,.0f} of {worst.whole:,.0f} {worst.unit} are left")
top = worst.ranked
print(f"The two largest losses one by one are {' and '.join(x.name for x in top.sets[0])}:")
print(f"  together they leave {top.value:,.0f}")
for step in worst.frontier:
    names = ", ".join(plant.name for plant in step.sets[0]) or "nothing"
    print(f"{step.budget:.0f} lost: {names}, {step.value:,.0f} left")

safe = sn.fortify(net, to="KOR", element="Nd", k_defend=1, k_attack=2)
print(safe.summary())
print("certified:", worst.certificate.ok and safe.certificate.ok)
