"""What to protect: against trying every protection and every loss on the whole network."""

from __future__ import annotations

import itertools
import json

import pytest

import supplynet as sn
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.solve.interdiction import defense


@pytest.mark.parametrize(("defend", "attack"), [(0, 1), (1, 1), (1, 2), (2, 1), (2, 2)])
@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_equals_trying_everything(
    tutorial: SupplyNetwork, element: str, defend: int, attack: int
) -> None:
    graph = solve_question(ask(tutorial, to="MLT", year=2024, tier="conceivable"), element).graph
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
    found = sn.fortify(
        tutorial,
        to="MLT",
        element=element,
        k_defend=defend,
        k_attack=attack,
        tier="conceivable",
        count="all",
        year=2024,
    )
    assert found.is_proved
    assert (found.value, found.bound) == pytest.approx((best, best), abs=1e-9)
    assert found.undefended == pytest.approx(min(left.values()), abs=1e-9)
    assert len(found.protected) <= defend
    assert not set(found.protected) & set(found.removed)
    assert found.certificate.ok


def test_summary_frame_and_json(tutorial: SupplyNetwork) -> None:
    found = sn.fortify(
        tutorial, to="MLT", element="Nd", k_defend=1, k_attack=1, protect="maker-home"
    )
    assert found.kept == pytest.approx(found.value - found.undefended)
    assert "With Big Refinery protected" in found.summary()
    assert "No other choice of 1 plant keeps more" in found.summary()
    frame = found.to_frame()
    assert frame["protected"].tolist() == ["ref-big"]
    assert frame[["undefended", "value"]].values.tolist() == [[found.undefended, found.value]]
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["protected"] == [{"id": "ref-big", "name": "Big Refinery"}]
    assert told["provenance"]["options"]["protect"] == "maker-home"
    none = sn.fortify(tutorial, to="MLT", element="Nd", k_defend=0, k_attack=1)
    assert none.protected == ()
    assert "After the worst loss of 1 plant" in none.summary()


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
    cut = sn.fortify(tutorial, to="MLT", element="Nd", k_defend=1, k_attack=1)
    assert cut.status == "interrupted"
    assert cut.protected
    assert cut.value <= cut.bound
    assert "no choice keeps more than" in cut.summary()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"k_defend": -1}, "k_defend must be at least 0, not -1"),
        ({"k_attack": -1}, "k_attack must be at least 0, not -1"),
        ({"element": "all"}, "fortify takes one element"),
        ({"by": "plant"}, "by must be one of"),
    ],
)
def test_what_is_wrong_is_told(tutorial: SupplyNetwork, words, message: str) -> None:
    given = {"to": "MLT", "element": "Nd", "k_defend": 1, "k_attack": 1, **words}
    with pytest.raises(OptionError, match=message):
        sn.fortify(tutorial, **given)
