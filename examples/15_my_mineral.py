"""A graph of another mineral in a few rows: from nothing to an answer, a workbook and a work list.

Every figure is made up.
"""

import tempfile
from pathlib import Path

import supplynet as sn
from supplynet.io.draft import draft

# a mine, a refiner and a nation, one after the other: `supplynet graph new graphite` writes them
net = draft("graphite")
print(f"a draft of {len(net.node_rows)} nodes; without an error: {sn.graph.check(net).ok}")

# rows of one's own: a second mine and refiner, and who buys from whom
made = {"confidence": "estimated", "note": "Made-up figure"}
mine = {"name": "Second mine", "stage": "mine", "country": "MOZ", "capacity": 400, "unit": "t"}
refiner = {"name": "Second refiner", "stage": "refiner", "country": "KOR", "capacity": 300}
sold = {"target": "ISL", "form": "metal", "standing": "planned", **made}
net = net.with_plant("refiner-2", **refiner, unit="t", makes="graphite", links=[sold], **made)
ore = {"target": "refiner-2", "form": "concentrate", "standing": "contracted", **made}
net = net.with_plant("mine-2", **mine, links=[ore], **made)

# what the ore holds and the plant recovers, as the tables of the draft say it of the others
assay = net.rows("assays")[0].model_copy(update={"node_id": "mine-2"})
recovery = net.rows("recoveries")[0].model_copy(update={"node_id": "refiner-2"})
net = net.replace(
    assays=[*net.rows("assays"), assay], recoveries=[*net.rows("recoveries"), recovery]
)
sn.graph.check(net).require()

for tier in ("operating", "committed"):
    alone = sn.coverage(net, to="ISL", avoid="FJI", tier=tier)
    found = alone.forms[0]
    print(
        f"{tier}: {found.coverage:.0%} ({found.coverage_low:.0%} to {found.coverage_high:.0%}) of "
        f"demand without FJI; certified: {alone.certificate.ok}"
    )

first = sn.graph.evidence(net).work[0]
print(f"look up first: {first.table}.csv, row {first.row} ({first.what}), {first.tonnes:.0f} t/yr")

# for people who work in a spreadsheet: there and back, nothing is lost (the extra excel)
with tempfile.TemporaryDirectory() as folder:
    sn.save(net, Path(folder) / "graphite.xlsx")
    print("the workbook holds the same graph:", sn.load(Path(folder) / "graphite.xlsx") == net)
