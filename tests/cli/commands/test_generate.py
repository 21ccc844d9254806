"""``supplynet graph generate``: what it writes loads, answers, and is never lost unasked."""

from __future__ import annotations

import numpy as np

import supplynet as sn
from supplynet.solve.flow.generate import generate_arrays


def test_a_folder_that_loads_and_answers(invoke, tmp_path):
    path = tmp_path / "made"
    ran = invoke("graph generate", "layered", str(path), "--edges", "300", "--seed", "3")
    assert (ran.code, ran.out) == (0, "")
    assert "Written" in ran.err
    assert invoke("graph check", str(path)).code == 0
    asked = ("chokepoints", str(path), "--to", "XAA", "--by", "link", "--top", "2")
    assert invoke(*asked).code == 0
    assert sn.load(path) == sn.graph.generate("layered", edges=300, seed=3)


def test_arrays_hold_the_same_network(invoke, tmp_path):
    path = tmp_path / "made.npz"
    assert invoke("graph generate", "cyclic", str(path), "--edges", "500", "-q").code == 0
    drawn = generate_arrays("cyclic", 500, seed=1)
    with np.load(path) as arrays:
        assert arrays["tail"].tolist() == drawn.tail.tolist()
        assert arrays["node_capacity"].tolist() == drawn.node_capacity.tolist()
        assert set(arrays) == {"stage", "node_capacity", "tail", "head", "capacity"}


def test_what_is_there_is_kept(invoke, tmp_path):
    path = tmp_path / "made.json"
    path.write_text("mine", encoding="utf-8")
    ran = invoke("graph generate", "layered", str(path), "--edges", "50")
    assert ran.code == 6
    assert "--force" in ran.err
    assert path.read_text(encoding="utf-8") == "mine"
    assert invoke("graph generate", "layered", str(path), "--edges", "50", "--force").code == 0
    assert sn.load(path).node_rows
