"""All indices of one question, of graphs of any mineral."""

from __future__ import annotations

import json

import pytest

import supplynet as sn
from tests.analysis.indices.tables import parameter


def test_a_graph_without_parameters_gets_what_needs_none(tutorial) -> None:
    found = sn.indices(tutorial)
    assert [one.id for one in found.methods] == ["hhi", "n-1", "crma"]
    assert {one.element for one in found.of("hhi")} == {"basket"}
    elements = tutorial.commodity.headline
    assert {one.element for one in found.of("n-1")} == {*elements, ", ".join(elements)}
    assert found.provenance.digest == tutorial.digest


def test_every_index_can_be_quoted(rare_earths) -> None:
    """Formula, source, inputs and range; the benchmarks with the shortfall in tonnes."""
    found = sn.indices(rare_earths, element="Dy")
    assert [one.id for one in found.methods] == ["hhi", "n-1", "eu-supply-risk", "crma"]
    for one in found.indices:
        assert one.method.formula
        assert one.method.source
        assert one.inputs or one.flags
        if one.value is not None:
            assert one.low is not None
            assert one.high is not None
            assert one.low <= one.value * (1 + 1e-12)
            assert one.value <= one.high * (1 + 1e-12)
    mined = next(one for one in found.of("crma") if one.subject.startswith("Extraction"))
    assert mined.passes is False
    assert mined.shortfall == pytest.approx(0.1 * mined.input("consumption").value)
    assert json.loads(json.dumps(found.to_dict()))["indices"]
    assert len(found.to_frame()) == len(found.indices)


def test_the_concentration_of_mining_agrees_with_the_published_one(rare_earths) -> None:
    """USGS, 2024: 4,924 to 5,192 by edition; the graph lists undocumented mines as well."""
    found = sn.indices(rare_earths, basis="production").of("hhi")[0]
    assert 3800 < (found.value or 0) < 5300


def test_parameters_of_a_user_come_first(rare_earths) -> None:
    own = [
        parameter("consumption", 1000.0, place="EU", group="Nd", unit="t"),
        parameter("recycling", 300.0, place="EU", group="Nd", unit="t"),
        parameter("eol_rir", 1.0, place="EU", group="Nd"),
    ]
    found = sn.indices(rare_earths, element="Nd", parameters=own)
    recycled = next(one for one in found.of("crma") if one.subject.startswith("Recycling"))
    assert (recycled.value, recycled.passes) == (0.3, True)
    assert all(one.value == 0.0 for one in found.of("eu-supply-risk"))
