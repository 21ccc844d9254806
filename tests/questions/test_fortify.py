"""What to protect: against trying every protection and every loss on the whole network."""

from __future__ import annotations

import itertools

import pytest

import supplynet as sn
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork
from supplynet.solve.interdiction import attack as defense


@pytest.mark.parametrize(("defend", "attack"), [(0, 1), (1, 1), (1, 2), (2, 1), (2, 2)])
@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_equals_trying_everything(
    tutorial: SupplyNetwork, element: str, defend: int, attack: int
) -> None:
    graph = solve_question(ask(tutorial, to="MLT", year=2024, tier="possible"), element).graph
    plants = [row.id for row in tutorial.node_rows if row.stage != "nation"]
    left = {
        some: solve(graph, removed=frozenset(some)).value
        for size in range(attack + 1)
        for some in itertools.combinations(plants, size)
    }
    best = max(
        min(value for some, value in left.items() if not set(some) & set(safe))
        for safe in itertools.combinations(plants, defend)
    )
    found = sn.chokepoints.fortify(
        tutorial,
        to="MLT",
        element=element,
        k_defend=defend,
        k_attack=attack,
        tier="possible",
        count="all",
        year=2024,
    )
    assert found.is_proved
    assert (found.value, found.bound) == pytest.approx((best, best), abs=1e-9)
    assert found.undefended == pytest.approx(min(left.values()), abs=1e-9)
    assert len(found.protected) <= defend
    assert not set(found.protected) & set(found.removed)
    assert found.certificate.ok


def test_a_search_that_is_cut_short_says_so(tutorial: SupplyNetwork, monkeypatch) -> None:
    real, found = defense._stopping, defense._worst
    pending = []

    def counting(*args):
        pending.append(args)
        return found(*args)

    def stopped(*args):
        if len(pending) == 2:
            pending.append("done")
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(defense, "_worst", counting)
    monkeypatch.setattr(defense, "_stopping", stopped)
    cut = sn.chokepoints.fortify(tutorial, to="MLT", element="Nd", k_defend=1, k_attack=1)
    assert cut.status == "interrupted"
    assert cut.protected
    assert cut.value <= cut.bound
    assert "no choice keeps more than" in cut.summary()
