"""The scenarios of a graph are tried by its check, every end of every parameter."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem
from supplynet.network.scenario.scenario import Scenario

CLOSE = {"verb": "close", "nodes": "node:ref-big", "reason": "what-if"}


def shipped(net: SupplyNetwork, **content: Any) -> SupplyNetwork:
    """The same network that ships a scenario."""
    made = Scenario.from_dict(content, name="late")
    tables = {name: net.rows(name) for name in net.to_frames()}
    return SupplyNetwork(net.metadata, tables, scenarios={"late": made})


def found(net: SupplyNetwork, code: str = "scenario") -> list[Problem]:
    report = net.check()
    return [one for one in (*report.errors, *report.warnings) if one.code == code]


def test_a_sound_scenario_has_no_problem(tutorial: SupplyNetwork) -> None:
    net = shipped(tutorial, change=[CLOSE])
    assert net.check(strict="all").ok
    assert net.with_scenario("late").check().ok


def test_a_node_that_is_not_there_is_found(tutorial: SupplyNetwork) -> None:
    (problem,) = found(shipped(tutorial, change=[CLOSE, {**CLOSE, "nodes": "node:ref-bigg"}]))
    assert problem.file == "scenarios/late.toml"
    assert "change 2 (close)" in problem.message
    assert problem.hint.startswith("did you mean 'ref-big'")


@pytest.mark.parametrize(
    ("content", "column", "value"),
    [
        ({"change": [{**CLOSE, "source_ids": ["nowhere"]}]}, "change 1: source_ids", "nowhere"),
        ({"change": [CLOSE], "excludes": ["early"]}, "excludes", "early"),
    ],
)
def test_names_are_those_of_the_graph(
    tutorial: SupplyNetwork, content: dict[str, Any], column: str, value: str
) -> None:
    (problem,) = found(shipped(tutorial, **content))
    assert (problem.column, problem.value) == (column, value)


def test_every_end_of_a_parameter_is_tried(tutorial: SupplyNetwork) -> None:
    """At its default the plant is there, at the other choice it is not."""
    what = {"default": "node:ref-big", "choices": ["node:ref-big", "node:gone"], "meaning": "which"}
    net = shipped(tutorial, parameters={"what": what}, change=[{**CLOSE, "nodes": "$what"}])
    (problem,) = found(net)
    assert "gone" in problem.message


def test_what_changes_nothing_is_a_warning(tutorial: SupplyNetwork) -> None:
    open_twice = {"verb": "open", "nodes": "node:ref-big"}
    less = {"verb": "scale", "nodes": "node:ref-big", "factor": 0.5}
    (problem,) = found(shipped(tutorial, change=[less, open_twice]), "scenario-effect")
    assert problem.message == "change 2 (open) changes nothing in any year"
    (problem,) = found(shipped(tutorial, change=[open_twice]), "scenario-effect")
    assert problem.message == "the scenario changes nothing in any year"
    assert found(shipped(tutorial, change=[open_twice])) == []


def test_a_graph_that_is_wrong_itself_is_told_once(tutorial: SupplyNetwork) -> None:
    net = shipped(tutorial, change=[CLOSE])
    edges = [net.edge_rows[0].model_copy(update={"source": "gone"}), *net.edge_rows[1:]]
    wrong = net.replace(edges=edges)
    assert found(wrong) == []
    assert [one.code for one in wrong.check().errors][0] == "unknown-name"
