"""The best defense: against trying every one, and certificates that refuse what is not true."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction import attack as defense
from supplynet.solve.interdiction.arena import attack_on_arcs
from supplynet.solve.interdiction.attack import fortify
from supplynet.solve.interdiction.certificate import certify_defense
from tests.solve.interdiction.cases import KINDS, bounded_cases


@pytest.mark.parametrize("kind", KINDS)
def test_equals_brute_force(kind: str) -> None:
    for case in bounded_cases(60 + KINDS.index(kind), 25, kind):
        size = case.problem.n_elements % 3
        left = {attack: case.left_by(attack) for attack in case.attacks()}
        able = np.flatnonzero(np.isfinite(case.problem.cost)).tolist()
        best = max(
            min(value for attack, value in left.items() if not set(attack) & set(safe))
            for n in range(size + 1)
            for safe in itertools.combinations(able, n)
        )
        found = fortify(case.problem, n_protected=size)
        assert found.status == "optimal"
        assert found.value == pytest.approx(best * case.unit, abs=1e-9)
        certificate = certify_defense(case.problem, found, n_protected=size)
        assert certificate.ok, certificate


def four_arcs():
    flow = FlowProblem([0] * 4, [1] * 4, [4.0, 5.0, 3.0, 3.0], 2, 0, 1)
    return attack_on_arcs(flow, budget=1)


def test_searches_are_counted() -> None:
    """Of the first attack, and of that which is left by the one defense that stops it."""
    assert fortify(four_arcs(), n_protected=0).n_attacks == 1
    assert fortify(four_arcs(), n_protected=1).n_attacks == 2


def refused(found, n_protected=1) -> set[str]:
    certificate = certify_defense(four_arcs(), found, n_protected=n_protected)
    return {check.name for check in certificate.checks if not check.is_ok}


def test_claims_that_are_not_true() -> None:
    found = fortify(four_arcs(), n_protected=1)
    assert refused(found) == set()
    assert "defense-size" in refused(found, n_protected=0)
    assert "defense-value" in refused(dataclasses.replace(found, value=99.0))
    assert "witnesses-leave-no-defense" in refused(dataclasses.replace(found, witnesses=()))
    worse = tuple((attack, value - 1.0) for attack, value in found.witnesses)
    assert "witness-value" in refused(dataclasses.replace(found, witnesses=worse))
    dear = (((0, 1), 6.0), *found.witnesses)
    assert "witness-cost" in refused(dataclasses.replace(found, witnesses=dear))


def test_a_time_limit_leaves_a_bound(monkeypatch) -> None:
    whole = fortify(four_arcs(), n_protected=1)
    clock = itertools.count(0.0, 9.0)
    monkeypatch.setattr(defense.time, "monotonic", lambda: next(clock))
    cut = fortify(four_arcs(), n_protected=1, time_limit=5.0)
    assert cut.status == "time limit"
    assert cut.value <= whole.value <= cut.bound
    assert refused(cut) == set()


@pytest.mark.parametrize("status", ["time limit", "interrupted"])
def test_an_attack_that_is_not_proved_is_no_defense(monkeypatch, status: str) -> None:
    whole = fortify(four_arcs(), n_protected=1)
    real = defense.interdict
    calls = []

    def stopped(problem, **words):
        calls.append(problem)
        found = real(problem, **words)
        return dataclasses.replace(found, status=status) if len(calls) == 2 else found

    monkeypatch.setattr(defense, "interdict", stopped)
    cut = fortify(four_arcs(), n_protected=1, time_limit=60.0)
    assert (cut.status, cut.protected) == (status, ())
    assert cut.value <= whole.value <= cut.bound
    assert refused(cut) == set()


def test_an_interruption_between_searches(monkeypatch) -> None:
    def stopped(*args):
        raise KeyboardInterrupt

    real = defense._stopping
    calls = iter([stopped])
    monkeypatch.setattr(defense, "_stopping", lambda *args: next(calls, real)(*args))
    cut = fortify(four_arcs(), n_protected=1)
    assert (cut.status, cut.protected) == ("interrupted", ())
    assert cut.bound == cut.whole
