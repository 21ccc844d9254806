"""Where an answer comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.analysis.provenance import build, provenance_of, versions, weakest
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.solve import jit


def test_an_answer_says_what_it_was_made_from(tutorial: SupplyNetwork) -> None:
    scenario = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ref-big"}]}, name="stop")
    told = sn.flow(
        tutorial, to="MLT", element="Nd", avoid="FJI:maker", scenario=scenario
    ).provenance.to_dict()
    assert told["graph"] == "tutorial"
    assert told["digest"] == tutorial.with_scenario(scenario).digest
    assert told["scenarios"] == ["stop"]
    assert told["options"]["avoid"] == "FJI:maker"
    assert told["options"]["element"] == "Nd"
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("is_there", [True, False])
def test_what_compiles_is_named_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    monkeypatch.setattr(jit, "is_compiled_available", lambda: is_there)
    monkeypatch.setattr("supplynet.analysis.provenance._version", lambda name: f"{name}-1")
    assert versions().get("numba") == ("numba-1" if is_there else None)


def test_two_builds_can_be_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tutorial: SupplyNetwork
) -> None:
    here = sn.flow(tutorial, to="MLT", element="Nd").provenance
    assert here.build == build()
    assert here.to_dict()["build"] == build()

    def built(text: bytes) -> str:
        (tmp_path / "__init__.py").write_bytes(text)
        build.cache_clear()
        return build()

    monkeypatch.setattr(sn, "__file__", str(tmp_path / "__init__.py"))
    try:
        one = built(b"x = 1\n")
        assert one != built(b"x = 2\n")
        assert one == built(b"x = 1\r\n")  # line ends of another system
        (tmp_path / "more.py").write_bytes(b"")
        assert one != built(b"x = 1\n")
    finally:
        build.cache_clear()


def test_what_was_asked_cannot_be_changed_afterwards(tutorial: SupplyNetwork) -> None:
    options = {"via": ["FJI"], "costs": {"a": 1.0}}
    told = provenance_of(options, net=tutorial)
    options["via"].append("ISL")  # type: ignore[attr-defined]
    options["costs"]["a"] = 2.0  # type: ignore[index]
    assert told.to_dict()["options"] == {"via": ["FJI"], "costs": {"a": 1.0}}
    told.to_dict()["options"]["via"].append("ISL")
    assert told.options == {"via": ("FJI",), "costs": {"a": 1.0}}
    with pytest.raises(TypeError, match="does not support item assignment"):
        told.options["via"] = ()  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "sourced"),
        (["sourced", "summary"], "summary"),
        (["estimated", "sourced", "summary"], "estimated"),
    ],
)
def test_the_least_sure(words: list[str], expected: str) -> None:
    assert weakest(words) == expected
