"""What a choice brings in a year, by itself and beside years whose programs are alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from supplynet.analysis.decisions.case import aims_of
from supplynet.analysis.decisions.offers import Horizon, offers
from supplynet.analysis.decisions.supply import Supply, supplies_of
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork
from tests.analysis.decisions.networks import usual
from tests.network.networks import changed

YEARS = (2024, 2025, 2026)


def years_of(net: SupplyNetwork, years: tuple[int, ...] = YEARS) -> dict[int, Supply]:
    asked = ask(net, to="MLT", avoid="ISL", year=2024, tier="committed")
    offered, _ = offers(asked, Horizon(2024, 2024, 2026, 0.05))
    return supplies_of(asked, offered, aims_of(asked, {"goods": 0.35}), years)


def alike() -> SupplyNetwork:
    """Options of most kinds where the same plants and links are there in all years."""
    net = changed(usual(), "edges", lambda row: row.start_year == 2026, start_year=2020)
    return changed(
        net, "nodes", lambda row: row.id == "ref-new", start_year=2020, status="operating"
    )


def choices(supply: Supply) -> list[np.ndarray]:
    rng, n = np.random.default_rng(1), len(supply.given)
    return [np.zeros(n), np.ones(n), *rng.random((6, n))]


def test_years_alike_bring_what_they_would_bring_alone() -> None:
    """One engine holds the program of all three, whose demands grow."""
    supplies = years_of(alike())
    first, *others = supplies.values()
    assert all(supply._engine is first._engine for supply in others)
    assert all(later.need > sooner.need for sooner, later in pairwise(supplies.values()))
    for year, supply in supplies.items():
        (alone,) = years_of(alike(), (year,)).values()
        assert alone._engine is not supply._engine
        for amounts in choices(supply):
            brought = alone.value(amounts).tonnes
            assert supply.tonnes(amounts) == pytest.approx(brought)
            assert supply.value(amounts).tonnes == pytest.approx(brought)


def test_duals_of_one_year_bound_what_all_choices_bring_in_the_others() -> None:
    first, *others = years_of(alike()).values()
    nothing, every, *_ = choices(first)
    assert others[-1].known_cut(nothing) is None
    for amounts in choices(first):
        first.value(amounts)
    for supply in others:
        for amounts in choices(supply):
            cut = supply.known_cut(amounts)
            assert cut is not None
            assert cut.at(amounts) >= supply.tonnes(amounts) - 1e-6
        # who does without goods needs as much less in each year; all else is the same in all
        near = supply.known_cut(nothing)
        assert near is not None
        assert near.at(nothing) == pytest.approx(supply.tonnes(nothing))


def test_years_whose_programs_differ_share_nothing() -> None:
    later = changed(alike(), "edges", lambda row: row.source == "ref-small", start_year=2025)
    first, second, third = years_of(later).values()
    assert first._engine is not second._engine
    assert second._engine is third._engine
    first.value(choices(first)[0])
    assert second.known_cut(choices(first)[0]) is None
