"""Fair shares against a lexicographic optimum that another hand works out, without duals."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.ask import balance
from supplynet.errors import InfeasibleError, SolverError
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp.solve import solve_linear
from tests.analysis.balance.test_ask import shared
from tests.analysis.balance.test_laws import contested_networks

#: room for the solver, in parts of a demand; and the rise from which on a claim can rise
ROOM, RISE = 1e-6, 1e-3


def lexicographic(net: SupplyNetwork) -> dict[tuple[str, str], float]:
    """Fair levels by brute force, without duals: in each round a program for every open claim.

    A claim is fixed if it cannot rise with all others at the level of the round or above.
    """
    model = balance(net).run.model
    everything, fixed = model.scope.demand, dict[tuple[str, str], float]()

    def served(claim: tuple[str, str], weight: float) -> dict[int, float]:
        return {model.columns.at("served", *claim): weight}

    def best(aim: dict[int, float], floors: dict[tuple[str, str], float]) -> float:
        """The most of a sum of served tonnes, with each claim covered to its floor."""
        rows = [model.vector(served(one, -1.0 / everything[one])) for one in floors]
        sides = np.array([-level + ROOM for level in floors.values()])
        more = (csr_array(np.array(rows)), sides) if rows else None
        return solve_linear(model.program(model.vector(aim), maximize=True, more=more)).objective

    def is_reachable(level: float, unfixed: list[tuple[str, str]]) -> bool:
        try:
            best({}, {**fixed, **dict.fromkeys(unfixed, level)})
        except InfeasibleError:
            return False
        return True

    while len(fixed) < len(everything):
        unfixed = [one for one in everything if one not in fixed]
        low, high = 0.0, 1.0
        low = high if is_reachable(high, unfixed) else low
        while high - low > ROOM:
            middle = (low + high) / 2
            low, high = (middle, high) if is_reachable(middle, unfixed) else (low, middle)
        others = dict(fixed)
        for one in unfixed:
            floors = {**others, **{other: low for other in unfixed if other != one}}
            if best(served(one, 1.0), floors) <= (low + RISE) * everything[one]:
                fixed[one] = low
        assert set(fixed) & set(unfixed), "every round fixes somebody"
    return fixed


@given(contested_networks())
@settings(max_examples=10)
def test_law_fair_is_the_lexicographic_optimum_of_brute_force(net: SupplyNetwork) -> None:
    """Halving the level until it is not to be had, and asking of each claim whether it can rise."""
    assert balance(net, objective="fair").levels == pytest.approx(lexicographic(net), abs=RISE)


@pytest.mark.parametrize("seed", range(6))
def test_fair_over_links_is_the_lexicographic_optimum_of_brute_force(seed: int) -> None:
    """Three nations that want one thing of three mines, links with bounds: many equal rounds."""
    draw = random.Random(seed)
    demand = {one: float(draw.randint(1, 60)) for one in ("KOR", "JPN", "USA")}
    supply_of = [float(draw.randint(1, 40)) for _ in range(3)]
    links = {
        (place, one): draw.choice([None, 0.0, 5.0, 10.0])
        for place in range(3)
        for one in demand
        if draw.random() < 0.8
    }
    net = shared(supply_of, demand, links)
    assert balance(net, objective="fair").levels == pytest.approx(lexicographic(net), abs=RISE)


def filled(common: float, own: dict[str, float], needs: dict[str, float]) -> dict[str, Fraction]:
    """Fair levels of nations with a pit of their own each and one that all share, in fractions.

    At a level t the common pit gives what t asks for beyond the own ones; who has more of its own
    stays above it.
    """
    pits, asked = ({n: Fraction(x) for n, x in table.items()} for table in (own, needs))

    def beyond(level: Fraction) -> Fraction:
        return sum((max(Fraction(0), level * asked[n] - pits[n]) for n in asked), Fraction(0))

    shares = {n: pits[n] / asked[n] for n in asked}
    level = Fraction(1)
    if beyond(level) > Fraction(common):
        below = max(one for one in (Fraction(0), *shares.values()) if beyond(one) <= common)
        drawing = [n for n in asked if shares[n] <= below]
        got = Fraction(common) + sum(pits[n] for n in drawing)
        level = got / sum(asked[n] for n in drawing)
    return {n: max(level, min(Fraction(1), shares[n])) for n in asked}


def by_fair(common: float, own: dict[str, float], needs: dict[str, float]) -> dict[str, float]:
    links = {(0, nation): None for nation in needs}
    links |= dict.fromkeys(enumerate(own, 1))
    result = balance(shared([common, *own.values()], needs, links), objective="fair")
    return {nation: level for (nation, _), level in result.levels.items()}


@pytest.mark.parametrize("exponent", range(0, 9))
def test_shares_hold_however_far_demands_are_apart(exponent: int) -> None:
    """What rounding gives up of a large demand is no part of what a small one gets."""
    chance = random.Random(exponent)
    needs = {"KOR": 1.0, "JPN": 10.0**exponent}
    half = sum(needs.values()) / 2
    alone = by_fair(half, dict.fromkeys(needs, 0.0), needs)
    assert alone == pytest.approx({"KOR": 0.5, "JPN": 0.5}, abs=1e-9)
    for own_share in (0.2, 0.7, 1.0):
        needs["USA"] = 10.0 ** chance.uniform(0, exponent)
        own = {"KOR": own_share, "JPN": 0.0, "USA": needs["USA"] * chance.random()}
        common = sum(needs.values()) * chance.choice([0.1, 0.3, 0.5])
        exact = filled(common, own, needs)
        assert by_fair(common, own, needs) == pytest.approx(
            {nation: float(level) for nation, level in exact.items()}, abs=1e-8
        )


@pytest.mark.parametrize("exponent", [9, 10, 12])
def test_what_numbers_cannot_carry_is_an_error_and_no_wrong_share(exponent: int) -> None:
    needs = {"KOR": 1.0, "JPN": 10.0**exponent}
    own = {"KOR": 0.7, "JPN": 0.0}
    common = 0.3 * needs["JPN"]
    try:
        levels = by_fair(common, own, needs)
    except SolverError as error:
        assert "apart" in str(error)
        assert "KOR battery asks for 1 t" in str(error)
    else:
        assert levels == pytest.approx({"KOR": 0.7, "JPN": 0.3}, abs=1e-6)


def test_demands_beyond_all_digits_are_refused_with_both_nations() -> None:
    with pytest.raises(SolverError, match="demands 1e\\+12 apart .* JPN battery for 1e\\+12 t"):
        by_fair(5e11, {"KOR": 0.7, "JPN": 0.0}, {"KOR": 1.0, "JPN": 1e12})
