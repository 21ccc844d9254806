"""A sweep is every question asked alone, under every scenario, as one table."""

from __future__ import annotations

import pandas as pd
import pytest

import supplynet as sn
from supplynet.analysis.sweep import ASKED_BY
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario

STOP = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ISL:mine"}]}, name="stop")
QUESTIONS = {
    "alone": {"to": "MLT", "element": "Nd"},
    "bound": {"ask": "flow", "to": "MLT", "element": "Nd", "year": 2026},
    "all": {"ask": "allocate", "year": 2026},
}


def test_each_row_is_that_of_the_question_alone(tutorial: SupplyNetwork) -> None:
    table = sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], processes=1)
    for name, scenario in (("base", None), ("stop", STOP)):
        part = table[table.scenario == name]
        alone = sn.coverage(tutorial, to="MLT", element="Nd", scenario=scenario)
        bound = sn.flow(tutorial, to="MLT", element="Nd", year=2026, scenario=scenario)
        every = sn.allocate(tutorial, year=2026, scenario=scenario).to_frame()
        assert part[part.question == "alone"].served.tolist() == alone.to_frame().served.tolist()
        (row,) = part[part.question == "bound"].to_dict("records")
        assert (row["value"], row["coverage"], row["year"]) == (bound.value, bound.coverage, 2026)
        assert part[part.question == "all"].served.tolist() == every.served.tolist()
    assert table.columns[:4].tolist() == ["question", "scenario", "ask", "year"]


def test_processes_change_nothing(tutorial: SupplyNetwork) -> None:
    one, two = (sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], processes=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("name", ASKED_BY)
def test_every_function_can_be_asked(tutorial: SupplyNetwork, name: str) -> None:
    words = {} if name == "allocate" else {"to": "MLT"}
    words |= {"exposed_to": "FJI"} if name == "trace" else {}
    words |= {"avoid": "ISL"} if name == "bypass" else {}
    table = sn.compare.sweep(tutorial, {"one": {"ask": name, **words}}, processes=1)
    assert set(table.ask) == {name}
    assert len(table)


def test_what_cannot_be_asked_names_question_and_scenario(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError, match="question 'one' under base: 'MLTT'") as refused:
        sn.compare.sweep(tutorial, {"one": {"to": "MLTT"}}, processes=1)
    assert "MLT" in refused.value.hint
    with pytest.raises(OptionError, match="no question"):
        sn.compare.sweep(tutorial, {})
    with pytest.raises(OptionError, match="processes must be at least 1"):
        sn.compare.sweep(tutorial, QUESTIONS, processes=0)
    with pytest.raises(OptionError, match="question 'one': ask must be one of coverage"):
        sn.compare.sweep(tutorial, {"one": {"ask": "coverge"}})
