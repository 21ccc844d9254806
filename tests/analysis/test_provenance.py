"""Where an answer comes from."""

from __future__ import annotations

import json

import numpy
import pytest

import supplynet as sn
from supplynet.analysis.provenance import versions, weakest
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario


def test_an_answer_says_what_it_was_made_from(tutorial: SupplyNetwork) -> None:
    scenario = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ref-big"}]}, name="stop")
    told = sn.max_flow(
        tutorial, to="MLT", element="Nd", avoid="FJI:maker", scenario=scenario
    ).provenance.to_dict()
    assert told["graph"] == "tutorial"
    assert told["digest"] == tutorial.with_scenario(scenario).digest
    assert told["scenarios"] == ["stop"]
    assert told["options"]["avoid"] == "FJI:maker"
    assert told["options"]["element"] == "Nd"
    json.dumps(told, allow_nan=False)


def test_two_questions_can_be_told_apart(tutorial: SupplyNetwork) -> None:
    one = sn.max_flow(tutorial, to="MLT", element="Nd").provenance
    assert one == sn.max_flow(tutorial, to="MLT", element="Nd").provenance
    assert one != sn.max_flow(tutorial, to="MLT", element="Nd", year=2026).provenance


def test_versions_are_those_that_run() -> None:
    assert versions()["numpy"] == numpy.__version__
    assert versions()["supplynet"] == sn.__version__
    assert set(versions()) >= {"supplynet", "numpy", "scipy"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "sourced"),
        (["sourced", "recalled"], "recalled"),
        (["estimated", "sourced", "recalled"], "estimated"),
    ],
)
def test_the_least_sure(words: list[str], expected: str) -> None:
    assert weakest(words) == expected
