"""The worst losses: against trying every set of them on the whole network, and by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

import supplynet as sn
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.errors import CertificateError, OptionError
from supplynet.model import interdiction as module
from supplynet.network.network import SupplyNetwork


def groups(net: SupplyNetwork, by: str) -> dict[str, frozenset[str]]:
    keys = {"node": "id", "country": "country", "owner": "owner_country"}
    found: dict[str, set[str]] = {}
    for row in net.node_rows:
        if row.stage != "nation":
            found.setdefault(getattr(row, keys[by]), set()).add(row.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def tried(
    net: SupplyNetwork, by: str, k: int, to: str, element: str
) -> dict[frozenset[str], float]:
    """What is left by every set of losses of one size or smaller."""
    graph = solve_question(ask(net, to=to, year=2024, tier="possible"), element).graph
    lost = groups(net, by)
    return {
        frozenset(some): solve(graph, removed=frozenset().union(*(lost[x] for x in some))).value
        for size in range(k + 1)
        for some in itertools.combinations(lost, size)
    }


@pytest.mark.parametrize("by", ["node", "country", "owner"])
@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_equals_trying_everything(tutorial: SupplyNetwork, by: str, element: str) -> None:
    everything = tried(tutorial, by, 3, "MLT", element)
    worst = sn.chokepoints.interdict(
        tutorial,
        to="MLT",
        element=element,
        k=3,
        by=by,
        tier="possible",
        count="all",
        year=2024,
    )
    for step in worst.frontier:
        within = {some: left for some, left in everything.items() if len(some) <= step.budget}
        least = min(within.values())
        assert step.value == pytest.approx(least, abs=1e-9)
        listed = {frozenset(one.id for one in some) for some in step.sets}
        assert step.is_complete
        assert listed == {
            some
            for some, left in within.items()
            if left <= least + 1e-9
            and not any(within[some - {one}] <= least + 1e-9 for one in some)
        }
    assert worst.certificate.ok


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """Both mines, both refineries, or one of each across; see graphs/tutorial/README.md."""
    worst = sn.chokepoints.interdict(
        tutorial, to="MLT", element="Nd", k=2, tier="possible", count="all"
    )
    assert {frozenset(one.id for one in some) for some in worst.sets} == {
        frozenset({"mine-big", "mine-small"}),
        frozenset({"mine-small", "ref-big"}),
        frozenset({"ref-big", "ref-small"}),
    }
    assert (worst.value, worst.bound, worst.gap, worst.is_proved) == (0.0, 0.0, 0.0, True)
    assert (worst.loss, worst.loss_share, worst.demand_share) == pytest.approx((160, 1, 1))
    assert worst.is_nested is True
    # one by one the big maker ranks second, and is no member of any worst pair
    assert worst.ranked is not None
    assert worst.ranked.value == pytest.approx(40)
    assert {one.id for one in worst.ranked.sets[0]} == {"ref-big", "maker-big"}
    assert "Nothing worse can be done with the loss of" in worst.summary()


def test_costs_and_protection(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "element": "Nd"}
    dear = sn.chokepoints.interdict(
        tutorial,
        budget=2,
        cost={"ref-big": 2.0, "mine-big": 2.0},
        **words,
        tier="possible",
        count="all",
    )
    assert [step.budget for step in dear.frontier] == [0.0, 1.0, 2.0]
    assert dear.ranked is None
    # the big refinery alone would leave 40
    assert {one.id for one in dear.removed} == {"mine-small", "maker-big"}
    assert dear.value == pytest.approx(20)
    real = sn.chokepoints.interdict(
        tutorial, budget=1.5, cost={"ref-big": 1.5}, **words, tier="possible", count="all"
    )
    assert [step.budget for step in real.frontier] == [0.0, 1.5]
    safe = sn.chokepoints.interdict(
        tutorial, k=2, protect="refiner,mine", **words, tier="possible", count="all"
    )
    assert safe.value > 0
    assert all(one.id.startswith("maker") for one in safe.removed)
    everything = sn.chokepoints.interdict(
        tutorial, k=3, protect="all", **words, tier="possible", count="all"
    )
    assert (everything.removed, everything.value) == ((), pytest.approx(160))
    assert "No loss that was allowed costs any" in everything.summary()
    assert everything.ranked is None


def test_a_search_that_is_cut_short_says_so(tutorial: SupplyNetwork, monkeypatch) -> None:
    real = module.solve_attack
    whole = sn.chokepoints.interdict(tutorial, to="MLT", element="Nd", k=1)
    for status in ("time limit", "interrupted"):

        def stopped(problem, status=status, **words):
            return replace(real(problem, **words), status=status, bound=12.0)

        monkeypatch.setattr(module, "solve_attack", stopped)
        cut = sn.chokepoints.interdict(tutorial, to="MLT", element="Nd", k=1)
        assert (cut.status, cut.is_proved) == (status, False)
        assert cut.bound <= whole.value <= cut.value
        assert cut.frontier == ()
        assert "at least 12 t Nd2O3/yr would still arrive" in cut.summary()


@pytest.mark.parametrize("status", ["interrupted", "late"])
def test_a_frontier_that_is_cut_short_is_left_out(
    tutorial: SupplyNetwork, monkeypatch, status: str
) -> None:
    real = module._solved
    asked = []

    def stopped(given, budget, known, time_limit):
        asked.append(budget)
        if status == "interrupted" and len(asked) > 2:
            found, certificate = real(given, budget, known, time_limit)
            return replace(found, status="interrupted"), certificate
        return real(given, budget, known, time_limit)

    monkeypatch.setattr(module, "_solved", stopped)
    if status == "late":
        clock = itertools.count(0.0, 100.0)
        monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    worst = sn.chokepoints.interdict(
        tutorial, to="MLT", element="Nd", k=2, time_limit=50.0 if status == "late" else None
    )
    assert worst.is_proved
    assert worst.frontier == ()


def test_a_claim_that_is_not_true_is_refused(tutorial: SupplyNetwork, monkeypatch) -> None:
    real = module.solve_attack

    def lying(problem, **words):
        return replace(real(problem, **words), value=1.0, bound=1.0)

    monkeypatch.setattr(module, "solve_attack", lying)
    with pytest.raises(CertificateError, match="attack-value"):
        sn.chokepoints.interdict(tutorial, to="MLT", element="Nd", k=1)


def test_weights_and_basis_are_those_of_a_balance(tutorial: SupplyNetwork) -> None:
    """A product of twice the weight is twice as much lost; a flow knows neither word."""
    words = {"to": "MLT", "k": 1, "year": 2024}
    alone = {"weights": {"goods": 2.0}, "basis": "production"}
    once = sn.chokepoints.interdict(tutorial, **words, model="balance")
    twice = sn.chokepoints.interdict(tutorial, **words, model="balance", **alone)
    assert twice.loss == pytest.approx(2.0 * once.loss)
    for word in alone:
        with pytest.raises(OptionError, match="go with model='balance'"):
            sn.chokepoints.interdict(tutorial, **words, **{word: alone[word]})
