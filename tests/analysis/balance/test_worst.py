"""The worst case in the balance is that of trying every loss by a balance without it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

import supplynet as sn
import supplynet.analysis.balance.worst as worst
from supplynet.analysis.balance.worst import interdict_balance
from supplynet.errors import InterruptedSolveError
from supplynet.solve.lp.removals import removals

YEAR = 2024


@pytest.fixture(scope="module")
def net():
    return sn.load("tutorial")


def served(net, lost):
    """What all nations are served when a balance avoids some plants."""
    words = ",".join(f"node:{one}" for one in lost) or None
    result = sn.allocate(net, year=YEAR, avoid=words)
    return sum(row.served for row in result.deliveries)


@pytest.mark.parametrize("k", [1, 2])
def test_it_is_what_balances_without_each_choice_find(net, k):
    plants = [node.id for node in net.node_rows if node.id not in net.nation_ids]
    found = interdict_balance(net, k=k, year=YEAR)
    left = {some: served(net, some) for some in itertools.combinations(plants, k)}
    least = min(left.values())
    assert found.value == pytest.approx(least, abs=1e-3)
    assert found.whole == pytest.approx(served(net, ()))
    assert (found.status, found.is_together, found.gap) == ("optimal", True, 0.0)
    assert found.certificate.ok
    equally = {frozenset(some) for some, value in left.items() if value <= least + 1e-3}
    for some in found.sets:
        ids = {one.id for one in some}
        assert any(ids <= other for other in equally)


def test_what_is_protected_is_not_lost(net):
    open_to_all = interdict_balance(net, k=1, year=YEAR)
    lost = open_to_all.removed[0].id
    safe = interdict_balance(net, k=1, year=YEAR, protect=f"node:{lost}")
    assert safe.value >= open_to_all.value
    assert lost not in {one.id for some in safe.sets for one in some}
    by_link = interdict_balance(net, k=1, year=YEAR, by="link", protect=f"node:{lost}")
    assert all(lost not in one.id.split(" ") for one in by_link.removed)
    country = net.node(lost).country
    by_country = interdict_balance(net, k=1, year=YEAR, by="country", protect=country)
    assert country not in {one.id for some in by_country.sets for one in some}


def test_the_frontier_falls_and_says_whether_it_is_nested(net):
    found = interdict_balance(net, k=3, year=YEAR, by="link", weights=None)
    values = [step.value for step in found.frontier]
    assert values == sorted(values, reverse=True)
    assert [step.budget for step in found.frontier] == [0.0, 1.0, 2.0, 3.0]
    assert found.is_nested in (True, False)
    assert found.to_frame()["value"].tolist() == values
    ranked = found.ranked
    assert ranked is not None
    assert ranked.value >= found.value
    told = found.to_dict()
    assert told["model"] == "balance"
    assert len(told["frontier"]) == 4
    assert told["ranked"]["value"] == ranked.value


def test_a_ranking_that_the_time_does_not_do_for_leaves_some_for_the_search(net, monkeypatch):
    whole = interdict_balance(net, k=2, year=YEAR, frontier=True)
    asked, given = worst.interdict_program, []

    def some(lp, sets, **options):
        assert options["until"] < np.inf
        found = removals(lp, sets)
        return replace(found, values=np.append(found.values[:-1], np.nan))

    def noted(attack, known, **options):
        given.append(list(known))
        return asked(attack, known=known, **options)

    monkeypatch.setattr(worst, "removals", some)
    monkeypatch.setattr(worst, "interdict_program", noted)
    found = interdict_balance(net, k=2, year=YEAR, time_limit=60.0)
    assert found.value == pytest.approx(whole.value)
    assert len(given[0][0]) == 2
    assert found.ranked is None


def test_a_search_that_was_ended_says_what_is_proved(net, monkeypatch):
    whole = interdict_balance(net, k=1, year=YEAR)
    solve = worst.interdict_program

    def ended(attack, **options):
        if attack.budget < 1.0:
            raise InterruptedSolveError("no time for the frontier")
        return solve(attack, **options)

    monkeypatch.setattr(worst, "interdict_program", ended)
    assert interdict_balance(net, k=1, year=YEAR, time_limit=60).frontier == ()

    def unproved(attack, **options):
        return replace(solve(attack, **options), status="time limit")

    monkeypatch.setattr(worst, "interdict_program", unproved)
    found = interdict_balance(net, k=1, year=YEAR)
    assert (found.is_proved, found.frontier) == (False, ())
    assert found.value == whole.value
    assert "at least" in found.summary()

    def unproved_below(attack, **options):
        found = solve(attack, **options)
        return found if attack.budget else replace(found, status="interrupted")

    monkeypatch.setattr(worst, "interdict_program", unproved_below)
    assert interdict_balance(net, k=1, year=YEAR).frontier == ()


@pytest.mark.parametrize("factor", [1e9, 1e12])
def test_capacities_that_nothing_reaches_change_no_worst_case(net, factor):
    """Plants that could hold 1e15 t stand beside 1,000 t that are needed."""
    plants = net.nodes.copy()
    plants[["capacity", "capacity_low", "capacity_high"]] *= factor
    found = interdict_balance(net.with_frames(nodes=plants), to="MLT", k=1, year=YEAR)
    assert found.certificate.ok
    assert found.whole == pytest.approx(1000)
