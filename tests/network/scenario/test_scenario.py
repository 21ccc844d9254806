"""Scenario files, and how a scenario is found by its name."""

from __future__ import annotations

import pytest

from supplynet.errors import OptionError, TableError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.network.scenarios import HALF, scenario


def test_a_key_that_is_misspelled_is_told_with_the_right_one() -> None:
    with pytest.raises(TableError) as caught:
        Scenario.from_dict(
            {"titel": "x", "change": [{**HALF, "factr": 1}, {"verb": "close"}]}, name="bad"
        )
    text = str(caught.value)
    assert "did you mean 'title'?" in text
    assert "did you mean 'factor'?" in text
    assert "3 problems" in text  # all at once


def with_scenarios(net: SupplyNetwork, *scenarios: Scenario) -> SupplyNetwork:
    """The same network that ships these scenarios."""
    tables = {name: net.rows(name) for name in ("nodes", "edges", "rules", "capacities")}
    return SupplyNetwork(
        net.metadata, {**tables, "assays": net.assay_rows}, scenarios={s.name: s for s in scenarios}
    )


@pytest.mark.parametrize("size", [2e18, 1e308])
def test_no_figure_is_beyond_all_that_is_made(tutorial: SupplyNetwork, size: float) -> None:
    """A figure is refused at its place, what a factor makes of one at its plant."""
    change = {"verb": "set", "nodes": "ref-big", "capacity": size, "unit": "t oxide"}
    with pytest.raises(TableError, match=r"change 1 \(set\): capacity.*leave a limit empty"):
        Scenario.from_dict({"change": [change]}, name="large")
    large = scenario("large", {"verb": "scale", "nodes": "ref-big", "factor": 1e17})
    with pytest.raises(OptionError, match=r"change 1 \(scale\): ref-big: capacity times 1e\+17"):
        with_scenarios(tutorial, large).with_scenario("large")


def test_a_shipped_scenario_is_found_by_name(tutorial: SupplyNetwork) -> None:
    net = with_scenarios(tutorial, scenario("half", HALF))
    assert net.with_scenario("half").node("ref-big").capacity == 100
    with pytest.raises(UnknownNameError, match="no scenario 'halff'; it has half") as caught:
        net.with_scenario("halff")
    assert "'half'" in caught.value.hint
    with pytest.raises(UnknownNameError, match="it has none"):
        with_scenarios(tutorial).with_scenario("half")
