"""Figures for a paper: the width of a text column, as vector files, all from results at hand.

Every figure is made of a result and is a matplotlib figure; in a notebook it shows itself. The same
result always gives the same bytes, and each file tells in its metadata from which network it was
drawn. theme="dark" and size="slide" make a dark slide of any of them; on the command line it is
supplynet draw NAME ... --theme dark --size slide. What could arrive is counted on what operates or
is committed; tier="possible" would count on all that buyers and sellers might agree on.
"""

import supplynet as sn

net = sn.load("rare-earths")
asked = {"to": "KOR", "avoid": "CHN", "tier": "committed"}

alone = sn.coverage(net, element="Nd", year=2030, **asked)
bypass = sn.bypass(net, element=["Nd", "Dy"], year=2030, **asked)
before = sn.allocate(net, year=2030)
after = sn.allocate(net, year=2030, avoid="CHN", near=before)
losses = [
    sn.chokepoints(
        net,
        to="KOR",
        element="Nd",
        by="country",
        lens=lens,
        tier="committed",
        model="balance",
    )
    for lens in ("location", "control")
]
worst = sn.chokepoints.interdict(net, element="Nd", k=3, year=2030, **asked)
exposure = sn.trace(net, to="KOR", exposed_to="CHN", element="Nd,Dy", year=2030)

figures = {
    "layers": sn.draw.layers(net, alone, size="column"),
    "sankey": sn.draw.sankey(after, against=before, element="Dy", to="KOR", size="page"),
    "years": sn.draw.years(bypass, size="column"),
    "losses": sn.draw.losses(losses[0], beside=losses[1], size="column"),
    "worst": sn.draw.worst(worst, size="column"),
    "dependence": sn.draw.dependence(exposure, size="column"),
    "concentration": sn.draw.concentration(sn.indices(net, element="Nd"), size="column"),
}
for name, figure in figures.items():
    sn.draw.save(figure, f"{name}.pdf")
    print(f"{name}: {figure.title}")
