"""What a network remembers is bounded, and the same question twice is free."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.network.cache import MOST, Cache, cache_of
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.networks import added

STOP = {"change": [{"verb": "close", "nodes": "ref-big"}]}
HALF = {"change": [{"verb": "scale", "nodes": "ref-big", "factor": 0.5}]}


def test_what_was_used_least_recently_goes_first() -> None:
    cache = Cache(most=3)
    for key in "abc":
        cache[key] = key.upper()
    assert cache["a"] == "A"
    assert cache.setdefault("b", "") == "B"
    cache["d"] = "D"
    assert list(cache) == ["a", "b", "d"] or list(cache) == ["b", "a", "d"]
    cache["a"] = "again"
    assert len(cache) == 3
    assert "c" not in cache


def test_a_network_remembers_no_more_than_so_much(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = tutorial.replace()
    assert cache_of(net).most == MOST
    cache_of(net).most = 40
    words = [{"year": year, "element": one} for year in (2024, 2026) for one in ("Nd", "Dy")]
    expected = [sn.flow(tutorial, to="MLT", **asked).value for asked in words]
    assert [sn.flow(net, to="MLT", **asked).value for asked in words * 2] == expected * 2
    assert len(cache_of(net)) <= 40


def test_scenarios_are_applied_once(tutorial: SupplyNetwork) -> None:
    stop = Scenario.from_dict(STOP, name="stop")
    again = Scenario.from_dict(STOP, name="stop")
    assert tutorial.with_scenario(stop) is tutorial.with_scenario(again)
    other = Scenario.from_dict(HALF, name="stop")
    assert tutorial.with_scenario(other) != tutorial.with_scenario(stop)
    half = Scenario.from_dict(HALF, name="half")
    assert tutorial.with_scenario(half).applied == ("half",)


def test_the_same_question_twice_is_free_also_under_restrictions(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = added(
        tutorial,
        "restrictions",
        {
            "id": "licence",
            "source": "ISL",
            "target": "MLT",
            "form": tutorial.commodity.forms[0].name,
            "withheld": 0.5,
            "reason": "test",
        },
    )
    stop = Scenario.from_dict(HALF, name="half")
    first = sn.flow(net, to="MLT", element="Nd", scenario=stop)
    again = sn.flow(net, to="MLT", element="Nd", scenario=stop)
    assert again.question.net is first.question.net
    assert again.solved is first.solved
