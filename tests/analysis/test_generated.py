"""Made-up networks: legal graphs, the same for the same seed, with the flow of their arrays."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet import limits
from supplynet.errors import LimitError
from supplynet.solve.flow.generate import generate_problem
from supplynet.solve.flow.maxflow import max_flow


@pytest.mark.parametrize("kind", ["layered", "cyclic"])
def test_a_network_passes_its_checks_and_carries_the_flow_of_its_arrays(kind):
    net = sn.graph.generate(kind, edges=300, seed=4, countries=3)
    report = net.check()
    assert not report.errors
    flow = sn.flow(net, to="nation", element="material")
    assert flow.value == max_flow(generate_problem(kind, 300, seed=4)).value
    assert len(net.nation_ids) == 3


def test_the_seed_is_all_that_chance_depends_on():
    first = sn.graph.generate("layered", edges=100, seed=1)
    assert first == sn.graph.generate("layered", edges=100, seed=1)
    assert first != sn.graph.generate("layered", edges=100, seed=2)


def test_a_network_that_could_not_be_read_again_is_not_drawn(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 299)
    with pytest.raises(
        LimitError, match="300 links take more memory .* 299 may be drawn"
    ) as refused:
        sn.graph.generate("layered", edges=300, seed=1)
    assert "OUT.npz" in refused.value.hint
