"""Parameters of scenarios: what may be set, how, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.errors import OptionError, TableError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.change import filled, split_values
from supplynet.network.scenario.compose import find_scenario
from supplynet.network.scenario.scenario import Scenario

REST = {"default": 0.5, "low": 0.0, "high": 2.0, "meaning": "part that goes on"}
LEVEL = {"default": "low", "choices": ["low", "high"], "meaning": "which end"}
CHANGE = {"verb": "scale", "nodes": "node:ref-big", "factor": "$rest", "reason": "what-if"}


def less(**more: Any) -> Scenario:
    content = {"title": "Less", "parameters": {"rest": REST}, "change": [CHANGE], **more}
    return Scenario.from_dict(content, name="less")


def test_the_default_counts_until_another_value_is_set(tutorial: SupplyNetwork) -> None:
    assert less().values == {"rest": 0.5}
    assert tutorial.with_scenario(less()).node("ref-big").capacity == 100
    more = less().with_values({"rest": "1.5"})
    assert tutorial.with_scenario(more).node("ref-big").capacity == 300
    assert (more.label, less().label) == ("less:rest=1.5", "less:rest=0.5")


def test_a_scenario_with_other_values_is_the_same_scenario(tutorial: SupplyNetwork) -> None:
    once = tutorial.with_scenario(less())
    with pytest.raises(OptionError, match="is applied already"):
        once.with_scenario(less().with_values({"rest": 1}))
    with pytest.raises(OptionError, match="'less' is asked for twice, as less:rest=0.5 and as"):
        tutorial.with_scenario(less(), less().with_values({"rest": 1}))


def test_a_name_with_values_is_found(tutorial: SupplyNetwork) -> None:
    net = SupplyNetwork(
        tutorial.metadata,
        {name: tutorial.rows(name) for name in ("nodes",)},
        scenarios={"less": less()},
    )
    assert find_scenario(net, "less").label == "less:rest=0.5"
    assert find_scenario(net, "less : rest = 1e0").label == "less:rest=1"
    with pytest.raises(UnknownNameError, match="no parameter 'rests'; it has rest") as caught:
        find_scenario(net, "less:rests=1")
    assert caught.value.hint == "did you mean 'rest'?"
    with pytest.raises(OptionError, match="rest must lie from 0 to 2, not 3"):
        find_scenario(net, "less:rest=3")
    with pytest.raises(OptionError, match="rest must be a number, not much"):
        find_scenario(net, "less:rest=much")


@pytest.mark.parametrize("text", ["a:strength", "a:=1", "a:strength=", "a:"])
def test_what_sets_nothing_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match="sets no parameter"):
        split_values(text)


def test_a_parameter_is_set_once() -> None:
    with pytest.raises(OptionError, match="sets a twice"):
        split_values("x:a=1:a=2")


def test_words_are_chosen_from() -> None:
    change = {"verb": "cap", "nodes": "mine", "burden": "b", "amount": 1, "level": "$end"}
    one = Scenario.from_dict({"parameters": {"end": LEVEL}, "change": [change]}, name="capped")
    assert one.change[0].level == "low"
    assert one.with_values({"end": "high"}).change[0].level == "high"
    with pytest.raises(OptionError, match="end must be one of low, high, not middle"):
        one.with_values({"end": "middle"})


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ({"default": 1, "meaning": "m"}, "a figure needs low and high"),
        ({"default": 1, "low": 0, "high": 2, "choices": ["a"], "meaning": "m"}, "needs choices"),
        ({"default": "a", "meaning": "m"}, "a word needs choices"),
        ({"default": 3, "low": 0, "high": 2, "meaning": "m"}, "default must lie from 0 to 2"),
        ({"default": "c", "choices": ["a"], "meaning": "m"}, "default must be one of a"),
        ({"default": 1, "low": 0, "high": 2}, "Field required"),
        ({"default": 1, "low": 0, "high": 2, "meaning": "m", "unit": "t"}, "takes no key 'unit'"),
        ({"default": 1, "low": 0, "high": float("inf"), "meaning": "m"}, "finite"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(
    parameter: dict[str, Any], message: str
) -> None:
    with pytest.raises(TableError) as caught:
        less(parameters={"rest": parameter})
    assert message in str(caught.value)


def test_a_file_is_tried_at_both_ends() -> None:
    """A range that a change cannot take is found when it is read, not when it is used."""
    with pytest.raises(TableError, match="greater than or equal to 0"):
        less(parameters={"rest": {**REST, "low": -1.0}})


def test_a_name_that_is_no_parameter_is_told() -> None:
    with pytest.raises(TableError) as caught:
        less(change=[{**CHANGE, "factor": "$rst"}])
    assert "there is no parameter 'rst'" in str(caught.value)
    assert "did you mean 'rest'?" in str(caught.value)


def test_values_are_filled_in_at_any_depth() -> None:
    content = {"a": ["$x", {"b": "$y"}], "c": "x", "d": ("$x",)}
    assert filled(content, {"x": 1.0, "y": "word"}) == {
        "a": [1.0, {"b": "word"}],
        "c": "x",
        "d": [1.0],
    }
