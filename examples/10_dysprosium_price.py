"""Why did dysprosium cost three times as much in Europe in May 2025, and not in China?

The scarcity price is what a tonne of dysprosium oxide more would be worth to the buyer who needs it
most, in China and elsewhere: before the licences of April 2025, with what they held back in the
year, with three quarters held back as in their worst month, and with nothing let through. Once with
the contents of each use free between their ends, as what has been is read, once as built.
"""

import supplynet as sn

READINGS = {"contents free": ["redesigned"], "as built": []}
CASES = {
    "before": [],
    "as in the year": ["china-april-2025"],
    "three quarters held back": ["china-april-2025:strength=0.75"],
    "nothing let through": ["china-april-2025:strength=1"],
}
net = sn.load("rare-earths")
asked = {"year": 2025, "tier": "possible", "objective": "price"}
for reading, contents in READINGS.items():
    before: dict[str, float] = {}
    for case, controls in CASES.items():
        result = sn.allocate(net, **asked, scenario=[*contents, *controls] or None)
        dearest = {"in China": 0.0, "elsewhere": 0.0}
        for row in result.money.elements:
            place = "in China" if net.node(row.node).country == "CHN" else "elsewhere"
            if row.element == "Dy":
                dearest[place] = max(dearest[place], row.price / 1000)
        before = before or dearest
        told = [
            f"{where} {price:,.0f} ({price / before[where]:.2f})"
            for where, price in dearest.items()
        ]
        prices = f"USD/kg Dy2O3 {', '.join(told)}; certified: {result.certificate.ok}"
        print(f"{reading}, {case}: {prices}")
