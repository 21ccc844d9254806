"""A sweep is every question asked alone, under every scenario, as one table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import supplynet as sn
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.questions import QUESTIONS as DECLARED_BY
from tests.contract.test_question import _FIRST, ask, asked, net

STOP = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ISL:mine"}]}, name="stop")
QUESTIONS = {
    "alone": {"to": "MLT", "element": "Nd"},
    "bound": {"ask": "flow", "to": "MLT", "element": "Nd", "year": 2026},
    "all": {"ask": "allocate", "year": 2026},
}


def test_each_row_is_that_of_the_question_alone(tutorial: SupplyNetwork) -> None:
    table = sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], workers=1)
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
    one, two = (sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], workers=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("name", [name for name, _ in _FIRST if name not in ("company", "flow")])
def test_every_question_can_be_asked(name: str) -> None:
    graph = dict(_FIRST)[name]
    words = {"ask": DECLARED_BY[name], **asked(name, graph)}
    table = sn.compare.sweep(net(graph), {"one": words}, workers=1)
    (headline,) = table.attrs["headlines"]
    answer = ask(name, graph, **({"detail": "coverage"} if name == "potential" else {}))
    assert headline["value"] == answer.headline.value
    assert len(table) == len(answer.to_frame())
    assert set(answer.to_frame().columns) <= set(table.columns)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_folder_goes_on_and_ends_with_the_same_bytes(
    tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    whole = sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], folder=tmp_path / "whole")
    part = tmp_path / "part"

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], workers=1, folder=part, progress=stop)
    assert "goes on from there" in stopped.value.__notes__[0]
    assert len([*part.glob("batch-*.json.gz")]) == 3
    (part / ".half.tmp").write_bytes(b"half an answer")
    with ThreadPoolExecutor(2) as executor:
        resumed = sn.compare.sweep(
            tutorial, QUESTIONS, ["base", STOP], executor=executor, folder=part
        )
    assert content(part) == content(tmp_path / "whole")
    pd.testing.assert_frame_equal(resumed, whole)
    with pytest.raises(DataError, match="another study"):
        sn.compare.sweep(tutorial, QUESTIONS, [STOP], folder=part)


def test_what_cannot_be_asked_names_question_and_scenario(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError, match="question 'one' under base: 'MLTT'") as refused:
        sn.compare.sweep(tutorial, {"one": {"to": "MLTT"}}, workers=1)
    assert "MLT" in refused.value.hint
    with pytest.raises(OptionError, match="no question"):
        sn.compare.sweep(tutorial, {})
    with pytest.raises(OptionError, match="workers must be at least 1"):
        sn.compare.sweep(tutorial, QUESTIONS, workers=0)
    with pytest.raises(OptionError, match="question 'one': ask must be one of"):
        sn.compare.sweep(tutorial, {"one": {"ask": "coverge"}})
    with pytest.raises(OptionError, match="question 'one': .*'yaer'. Did you mean 'year'"):
        sn.compare.sweep(tutorial, {"one": {"to": "MLT", "yaer": 2026}})
