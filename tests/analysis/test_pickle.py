"""Networks and answers can be sent to other processes and kept, also after they were used."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork

RESULTS: dict[str, Callable[[SupplyNetwork], Any]] = {
    "max_flow": lambda net: sn.max_flow(net, to="MLT", element="Nd"),
    "min_cuts": lambda net: sn.min_cuts(net, to="MLT", element="Nd"),
    "unavoidable": lambda net: sn.unavoidable(net, to="MLT", element="Nd"),
    "bypass": lambda net: sn.bypass(net, to="MLT", avoid="ISL"),
    "balance": lambda net: sn.balance(net),
    "disrupt": lambda net: sn.disrupt(net),
    "exposure": lambda net: sn.exposure(net, to="MLT", exposed_to="ISL"),
    "chokepoints": lambda net: sn.chokepoints(net, to="MLT", element="Nd"),
    "interdict": lambda net: sn.interdict(net, to="MLT", element="Nd", k=1),
    "interdict_balance": lambda net: sn.interdict_balance(net, to="MLT", k=1),
    "calibrate": lambda net: sn.calibrate(net),
}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("again", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_an_answer_is_the_same_after_a_journey(
    tutorial: SupplyNetwork, name: str, again: Callable[[Any], Any]
) -> None:
    result = RESULTS[name](tutorial)
    before = result.to_dict()
    assert again(result).to_dict() == before


def test_a_used_network_travels_without_what_was_looked_up_in_it(tutorial: SupplyNetwork) -> None:
    sn.max_flow(tutorial, to="MLT", element="Nd")
    assert tutorial.cache
    there = pickle.loads(pickle.dumps(tutorial))
    assert there == tutorial
    assert there.digest == tutorial.digest
    assert not there.cache  # keys of the cache name objects of one process
    assert there.scenarios == tutorial.scenarios
    assert there.applied == tutorial.applied


def _value(net: SupplyNetwork) -> float:
    return sn.max_flow(net, to="MLT", element="Nd").value


@pytest.mark.slow
def test_other_processes_answer_the_same(tutorial: SupplyNetwork) -> None:
    here = _value(tutorial)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert pool.submit(_value, tutorial).result() == here
