"""The answer at the low and the high ends of the figures."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

import supplynet as sn
from supplynet.analysis.balance import spread as spread_module
from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.programs import Run, Words, run_of
from supplynet.analysis.balance.ranges import Range
from supplynet.analysis.balance.spread import coverage_of
from supplynet.analysis.question import Question
from supplynet.network.schema import DefaultRange
from supplynet.terms import LevelName
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_ask import chain
from tests.network.networks import changed, headed


def test_all_ends_together_by_hand() -> None:
    """100 t (50 to 120) times 0.8 (0.5 to 0.9) times 0.9: 72, 22.5 and 97.2 t."""
    net = changed(
        chain(None), "nodes", lambda row: row.id == "pit", capacity_low=50.0, capacity_high=120.0
    )
    net = changed(
        net, "recoveries", lambda row: row.node_id == "mill", recovery_low=0.5, recovery_high=0.9
    )
    result = balance(net)
    found = result.spread
    assert found is not None
    assert (found.low, found.central, found.high) == pytest.approx((22.5, 72, 97.2))
    assert found.demand == 1000
    assert found.levels == {}
    assert found.certificate.ok
    assert "max_supply, low figures" in result.run.certificates
    fair = balance(net, objective="fair").spread
    assert fair is not None
    assert fair.levels == {("KOR", "material"): pytest.approx((0.0225, 0.0972))}


def test_links_and_demand_have_ends_of_their_own() -> None:
    """60 t (30 to 70) pass for 100 t (80 to 200) asked for: 60%, 15% and 87.5%."""
    net = changed(
        chain(60), "edges", lambda row: row.capacity == 60, capacity_low=30.0, capacity_high=70.0
    )
    net = changed(
        net, "demand", lambda _: True, quantity=100.0, quantity_low=80.0, quantity_high=200.0
    )
    found = balance(net).spread
    assert found is not None
    assert (found.low, found.central, found.high) == pytest.approx((30, 60, 70))
    assert (found.demand_low, found.demand, found.demand_high) == (80, 100, 200)
    assert found.coverage == pytest.approx((0.15, 0.875))
    assert found.forms == {"material": pytest.approx((0.15, 0.875))}
    flow = sn.flow(net, to="KOR")
    assert (flow.low, flow.value, flow.high) == pytest.approx((30, 60, 70))
    assert flow.coverage_range == pytest.approx((0.15, 0.875))
    assert "data range 15 to 88%" in flow.summary()


def test_an_estimate_without_ends_has_those_of_its_confidence() -> None:
    """Half to one and a half times for what is estimated, nothing for what is sourced."""
    net = chain(60)
    half = {"estimated": DefaultRange(low=0.5, high=1.5)}
    net = headed(net, default_ranges=half)
    found = balance(net).spread
    assert found is not None
    assert (found.low, found.central, found.high) == pytest.approx((30, 60, 90))
    assert (found.demand_low, found.demand_high) == (500, 1500)
    sourced = changed(net, "edges", lambda row: row.capacity == 60, confidence="sourced")
    assert sn.flow(sourced, to="KOR").low == pytest.approx(36)  # 100 t of ore, half of it
    assert sn.flow(sourced, to="KOR").high == pytest.approx(60)
    own = changed(net, "edges", lambda row: row.capacity == 60, capacity_low=55.0)
    assert sn.flow(own, to="KOR").low == pytest.approx(36)
    assert sn.flow(own, to="KOR").high == pytest.approx(60)


@pytest.mark.parametrize("objective", ["observed", "cost"])
def test_ends_that_the_first_program_settles_are_those_of_the_whole_rule(
    objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all ways to serve the most the rule chooses one, which changes nothing that is served."""
    asked: list[str] = []

    def told(question: Question, words: Words, level: LevelName) -> tuple[Run, Reached]:
        asked.append(words.objective)
        return run_of(question, words, level)

    monkeypatch.setattr(spread_module, "run_of", told)
    net = sn.load("tutorial")
    spared = sn.allocate(net, objective=objective).spread
    assert asked == ["max_supply"] * 2
    monkeypatch.setattr(Range, "is_settled", False)
    whole = sn.allocate(net, objective=objective).spread
    assert objective in asked
    assert spared is not None
    assert whole is not None
    assert (spared.low, spared.high) == pytest.approx((whole.low, whole.high))
    assert set(spared.forms) == set(whole.forms)
    for form, ends in spared.forms.items():
        assert ends == pytest.approx(whole.forms[form])


def test_every_answer_that_serves_the_most_lies_within_the_ends() -> None:
    """Forms compete for one metal: which of them goes short is open, at both ends of the figures.

    Of four rules that serve the most each comes to an answer of its own; all of them are as good.
    """
    result = balance(sn.load("cobalt"), year=2024, tier="possible")
    spread = result.spread
    assert spread is not None
    assert "at least" in spread.told("metal")
    for rule in ("max_supply", "cost", "observed", "least_exposure"):
        words = replace(result.words, objective=rule, exposed_to="CHN")
        for level, place in (("low", 0), ("high", 1)):
            run, _ = run_of(result.question, words, cast("LevelName", level))
            for form, got in coverage_of(run, run.x, lambda _, form: form).items():
                end, sign = spread.forms[form][place], 1 - 2 * place
                assert sign * got >= sign * end - 1e-6
