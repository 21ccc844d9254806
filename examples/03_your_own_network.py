"""A network of your own: another mineral, from networkx and from DataFrames."""

import networkx as nx
import pandas as pd

import supplynet as sn
from supplynet.network.edit import simple_metadata

metadata = simple_metadata(
    "anode-graphite", stages=["mine", "spheroidizer", "maker", "nation"], commodity="graphite"
)

# from networkx: attributes are the columns of the tables nodes and edges
graph = nx.DiGraph()
graph.add_node("balama", stage="mine", country="MOZ", capacity=100, unit="t")
graph.add_node("heilongjiang", stage="mine", country="CHN", capacity=900, unit="t")
graph.add_node("qingdao", stage="spheroidizer", country="CHN", capacity=700, unit="t")
graph.add_node("vidalia", stage="spheroidizer", country="USA", capacity=60, unit="t")
graph.add_node("pohang", stage="maker", country="KOR", capacity=400, unit="t")
graph.add_node("KOR", stage="nation", country="KOR")
graph.add_edges_from(
    [
        ("balama", "vidalia"),
        ("balama", "qingdao"),
        ("heilongjiang", "qingdao"),
        ("qingdao", "pohang"),
        ("vidalia", "pohang"),
        ("pohang", "KOR"),
    ]
)
net = sn.SupplyNetwork.from_networkx(graph, metadata)
print(sn.flow(net, to="KOR", element="graphite").summary())
print(sn.flow(net, to="KOR", element="graphite", avoid="CHN").summary())

# from DataFrames: columns that a plain chain does without may be left out
links = net.to_frames()["edges"]
again = sn.SupplyNetwork.from_frames(metadata, nodes=net.nodes, edges=pd.DataFrame(links))
assert again.node("balama").name == "balama"

# a small change gives another network
wider = net.with_capacity("vidalia", 90.0)
both = [sn.flow(one, to="KOR", element="graphite", avoid="CHN") for one in (net, wider)]
print(sn.compare.answers(*both, names=["60 t", "90 t"]).to_frame().to_string(index=False))
print(sn.chokepoints(wider, to="KOR", element="graphite", by="country").summary())
