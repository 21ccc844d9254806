"""Vietnam or Australia: what each adds to South Korea's supply without China, year by year.

Through: the most that can arrive having passed the country. Marginal: what is lost if it alone
drops out. Shapley: its fair share of what both bring together.
"""

import supplynet as sn

net = sn.load("rare-earths")
for year in (2024, 2027, 2030):
    result = sn.bypass(net, to="KOR", avoid="CHN", via=["VNM", "AUS"], element="Nd,Dy", year=year)
    for one in result.elements:
        demand = f"demand {one.demand.value:,.0f}"
        print(f"{year} {one.element}: {one.flow.value:,.0f} {one.unit} without China, {demand}")
        for share in one.via_shares:
            print(
                f"  {share.via}: through {share.through:,.0f}, alone {share.alone:,.0f}, "
                f"marginal {share.marginal:,.0f}, Shapley {share.shapley:,.0f}"
            )
        print(f"  either: {one.via_together.value:,.0f}")
