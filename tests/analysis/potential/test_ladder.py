"""The ladder of a potential, rung by rung, against potentials of the same question."""

from __future__ import annotations

from dataclasses import replace

import pytest

import supplynet as sn
from supplynet.analysis.potential.ask import potential_of
from supplynet.analysis.potential.programs import ladder
from supplynet.analysis.question import ask
from supplynet.network.selector import Selection


@pytest.mark.parametrize("avoided", ["FJI", "ISL"])
def test_every_rung_is_a_potential_with_these_stages_shut(avoided: str) -> None:
    net = sn.load("tutorial")
    question = ask(net, to="MLT", avoid=avoided, year=2024, tier="possible")
    rungs = ladder(question)
    known = ladder(question, potential_of(question).plan)
    assert [rung.stages for rung in known] == [rung.stages for rung in rungs]
    assert [rung.coverage for rung in known] == pytest.approx([rung.coverage for rung in rungs])
    assert rungs[0].stages == ()
    assert len(rungs) > 2
    for rung in rungs:
        closed = frozenset(
            node_id for node_id in question.shut.possibly if net.node(node_id).stage in rung.stages
        )
        answer = potential_of(replace(question, shut=Selection(closed, closed)))
        assert rung.coverage == pytest.approx(answer.forms[0].coverage, abs=1e-9)
    assert rungs[-1].coverage == pytest.approx(rungs[0].coverage if avoided == "FJI" else 0.0)


@pytest.mark.parametrize(("n_stages", "n_rungs"), [(1, 0), (2, 3)])
def test_two_stages_are_the_shortest_ladder(n_stages: int, n_rungs: int) -> None:
    net = sn.load("tutorial")
    question = ask(net, to="MLT", avoid="ISL")
    stages = sorted({net.node(node_id).stage for node_id in question.shut.possibly})[:n_stages]
    closed = frozenset(
        node_id for node_id in question.shut.possibly if net.node(node_id).stage in stages
    )
    assert len(ladder(replace(question, shut=Selection(closed, closed)))) == n_rungs
