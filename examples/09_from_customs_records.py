"""From customs records to dependence, to a network, and with production to a draft."""

import tempfile
from pathlib import Path

import supplynet as sn
from supplynet.trade.draft import Made

# made-up records in the layout of BACI: thousand US dollars and tonnes, countries by number
RECORDS = """t,i,j,k,v,q
2024,156,410,850511,490,11.2
2024,608,410,850511,65,1.5
2024,156,392,850511,230,5.2
2024,608,392,850511,370,8.5
2024,704,392,850511,140,3.2
2024,392,608,850511,330,7.5
2024,156,608,850511,36,
2024,156,704,850511,340,7.7
2024,899,392,850511,2,0.1
2024,490,392,850511,110,2.5
"""

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "baci.csv"
    path.write_text(RECORDS, encoding="utf-8")
    table = sn.read_trade(path, codes="850511", year=2024)

for row in table.ledger:
    print(f"{row.effect}: {row.n_rows} rows, {row.title}")

# by value and by weight are two different questions
plain = sn.trace.dependence(table.frame, on="CHN", importers="KOR,JPN")
for one in plain.rows:
    print(
        f"{one.importer} {one.measure}: {one.direct_share:.0%} direct, "
        f"{one.low:.0%} to {one.high:.0%} looked through"
    )
passing = sn.trace.dependence(table.frame, on="CHN", importers="JPN", hubs="PHL,VNM")
print(f"with PHL and VNM passing on: {passing.rows[0].low:.0%} by value")

# the same records as a network: who sells to whom, and nothing of what is made
meaning = sn.graph.concordance("850511:magnet")
net = sn.graph.to_network(table, meaning, name="magnet-trade", goods="magnets")
print("observed links:", sum(edge.capacity is not None for edge in net.edge_rows))
try:
    sn.flow(net, to="JPN", element="magnets", avoid="CHN")
except sn.errors.DataError as error:
    print(error)

# with what countries made it is a draft that answers: made up, as a table of statistics states it
made = Made("magnet", {(2024, "CHN"): 900.0, (2024, "JPN"): 60.0})
draft = sn.graph.draft_network(table, meaning, [made], name="magnet-draft", goods="magnets")
for links in ("observed", "possible"):
    flow = sn.flow(draft, to="KOR", element="magnets", avoid="CHN", links=links)
    print(f"KOR without CHN, {links} links: {flow.value:.1f} {flow.unit}")
