"""Scenario files, and how a scenario is found by its name."""

from __future__ import annotations

import pytest

from supplynet.errors import TableError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.scenarios import HALF, scenario


def test_a_file_is_read() -> None:
    read = Scenario.from_dict(
        {
            "title": "Half",
            "description": "What if?",
            "change": [{**HALF, "reason": "because", "source_ids": ["s"], "from_year": 2025}],
        },
        name="half",
    )
    (change,) = read.change
    assert (read.name, read.title, read.description) == ("half", "Half", "What if?")
    assert (change.verb, change.nodes, change.factor) == ("scale", "ISL:refiner", 0.5)
    assert (change.reason, change.source_ids, change.from_year) == ("because", ("s",), 2025)


def test_a_key_that_is_misspelled_is_told_with_the_right_one() -> None:
    with pytest.raises(TableError) as caught:
        Scenario.from_dict(
            {"titel": "x", "change": [{**HALF, "factr": 1}, {"verb": "close"}]}, name="bad"
        )
    text = str(caught.value)
    assert "did you mean 'title'?" in text
    assert "did you mean 'factor'?" in text
    assert "3 problems" in text  # all at once


def test_a_scenario_does_not_change() -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError, match="frozen"):
        scenario("half", HALF).name = "other"  # type: ignore[misc]


def with_scenarios(net: SupplyNetwork, *scenarios: Scenario) -> SupplyNetwork:
    """The same network that ships these scenarios."""
    tables = {name: net.rows(name) for name in ("nodes", "edges", "rules", "capacities")}
    return SupplyNetwork(
        net.metadata, {**tables, "assays": net.assay_rows}, scenarios={s.name: s for s in scenarios}
    )


def test_a_shipped_scenario_is_found_by_name(tutorial: SupplyNetwork) -> None:
    net = with_scenarios(tutorial, scenario("half", HALF))
    assert net.with_scenario("half").node("ref-big").capacity == 100
    with pytest.raises(UnknownNameError, match="no scenario 'halff'; it has half") as caught:
        net.with_scenario("halff")
    assert "'half'" in caught.value.hint
    with pytest.raises(UnknownNameError, match="it has none"):
        with_scenarios(tutorial).with_scenario("half")
