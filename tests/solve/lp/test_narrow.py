"""The part of a program gives the optima of the whole, or says that it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.solve.lp import narrow as module
from supplynet.solve.lp.certificate import certify_alike, certify_linear
from supplynet.solve.lp.narrow import Narrow, narrowed
from supplynet.solve.lp.program import Figures, LinearProgram
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import many, maximum, wide

INF = np.inf


def of_itself(lp: LinearProgram) -> Figures:
    """The figures of the program, as those of one draw."""
    return Figures(lp.b_ub[None, :], lp.b_eq[None, :], None)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.booleans(), st.booleans())
def test_what_the_part_proves_is_the_optimum_of_the_whole(
    seed: int, maximize: bool, has_entries: bool
) -> None:
    rng = np.random.default_rng(seed)
    lp = wide(rng, maximize=maximize)
    figures = many(rng, lp)
    figures = figures if has_entries else replace(figures, entries=None)
    part = narrowed(lp, [figures.program(lp, number) for number in range(3)])
    if part is None:
        return
    proved = part.solve(figures)
    assert all(pair is not None for pair in proved[:3])  # what it was learned by
    for number, pair in enumerate(proved):
        if pair is not None:
            program = figures.program(lp, number)
            assert pair[0].objective == pytest.approx(solve_linear(program).objective, rel=1e-7)
            assert pair[1].ok
            assert certify_linear(program, part.expanded(program, pair[0])).ok


@pytest.mark.parametrize("seed", range(5))
def test_entries_drawn_in_some_places_leave_the_others_as_they_are(seed: int) -> None:
    """The same answers as with all entries drawn, those of the other places as the program's."""
    rng = np.random.default_rng(seed)
    lp = wide(rng)
    drawn = many(rng, lp)
    places = np.flatnonzero(rng.random(lp.a_ub.nnz) < 0.5)
    assert drawn.entries is not None
    every = np.tile(lp.a_ub.data, (len(drawn.entries), 1))
    every[:, places] = drawn.entries[:, places]
    some = replace(drawn, entries=drawn.entries[:, places], places=places)
    whole = replace(drawn, entries=every)
    part = Narrow(lp, np.arange(0, lp.c.size, 2))
    inner = part.engine.lp
    for one, other in zip(part.solve(some), part.solve(whole), strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one[0].objective == other[0].objective
            assert one[1] == other[1]
    own, theirs = (part.figures(figures).program(inner, 0) for figures in (some, whole))
    assert (own.a_ub != theirs.a_ub).nnz == 0


def test_a_column_that_is_worth_more_is_seen_where_it_is_left_out() -> None:
    lp = maximum([1.0, 3.0, 5.0], [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [4.0, 0.0])
    part = Narrow(lp, np.array([0]))
    assert part.outside.tolist() == [1]
    assert part.worthy.tolist() == [2]  # in no row of the part, and worth something
    assert part.solve(of_itself(lp)) == [None]
    learned = narrowed(lp, [lp])
    assert learned is None  # two of three columns are no small part
    dear = replace(lp, c=[3.0, 1.0, -1.0])
    kept = narrowed(dear, [dear])
    assert kept is not None
    assert kept.columns.tolist() == [0]
    assert kept.solve(of_itself(lp))[0] is not None


@pytest.mark.parametrize(("more", "is_proved"), [(1e-10, True), (1e-3, False)])
def test_a_column_that_is_worth_a_hair_more_is_left_to_the_check_of_the_whole(
    more: float, is_proved: bool
) -> None:
    lp = maximum([1.0, 1.0 + more], [[1.0, 1.0]], [4.0])
    part = Narrow(lp, np.array([0]))
    figures = of_itself(lp)
    assert part.worth(figures, np.array([[1.0]])) > 0.0
    (pair,) = part.solve(figures)
    assert (pair is not None) == is_proved
    if pair is not None:
        assert pair[0].objective == pytest.approx(solve_linear(lp).objective, rel=1e-9)


def test_a_column_that_is_worth_more_by_rounding_alone_is_worth_nothing() -> None:
    cost = 0.1 + 0.2
    assert cost > 0.3
    lp = maximum([0.3, cost], [[1.0, 1.0]], [4.0])
    figures = of_itself(lp)
    assert Narrow(lp, np.array([0])).worth(figures, np.array([[0.3]])) <= 0.0


def test_what_is_in_no_row_of_the_part_is_taken_in_or_needs_the_whole() -> None:
    # the third column is worth something as soon as its own row leaves it room
    lp = maximum(
        [1.0, 1.0, 5.0, 0.0, 0.0, 0.0],
        [[1.0, 2.0, 0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0, 0, 0]],
        [4.0, 0.0],
    )
    part = narrowed(lp, [lp])
    assert part is not None
    assert part.columns.tolist() == [0, 2]
    opened = Figures(np.array([[4.0, 2.0]]), lp.b_eq[None, :], None)
    assert part.solve(opened)[0][0].objective == pytest.approx(14.0)  # type: ignore[index]


def test_a_part_without_a_solution_takes_in_what_the_whole_uses() -> None:
    lp = maximum(
        [2.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        [[0.0, 0.0, 1.0, 1.0, 1.0, 1.0]],
        [0.0],
        [[1.0, 1.0, 0.0, 0.0, 0.0, 0.0]],
        [0.5],
        upper=[1.0, *[INF] * 5],
    )
    more = replace(lp, b_eq=[2.0])
    part, early = narrowed(lp, [more]), narrowed(lp, [lp] * module._IDLE + [more])
    assert part is not None and early is not None
    assert part.columns.tolist() == [0, 1]
    assert early.columns.tolist() == [0]  # after so many of which nothing was learned


def test_a_column_that_is_worth_something_beside_another_is_taken_in_after_it() -> None:
    """The second may not be used without the third, which no row has room for."""
    rows = [[1, 1, 1, 0, 0, 0], [0, 1, -1, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]]
    lp = maximum([1.0, 2.0, 0.5, 0.0, 0.0, 0.0], np.array(rows, float), [4.0, 0.0, 0.0, 0.0])
    part = narrowed(lp, [lp])
    assert part is not None
    assert part.columns.tolist() == [0, 1, 2]


def test_rows_that_are_left_out_must_hold_by_themselves() -> None:
    lp = maximum(
        [2.0, 1.0, 0.0, 0.0],
        [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0]],
        [4.0, 0.0],
        [[0.0, 0.0, 0.0, 1.0]],
        [0.0],
    )
    part = narrowed(lp, [lp])
    assert part is not None
    assert (part.rows_ub.tolist(), part.rows_eq.tolist()) == ([0], [])
    sides = np.array([[4.0, 0.0], [4.0, -1.0], [4.0, 0.0], [-1.0, 0.0]])
    equal = np.array([[0.0], [0.0], [1.0], [0.0]])
    proved = part.solve(Figures(sides, equal, None))
    # the last has no solution at all, which the whole program must say
    assert [pair is not None for pair in proved] == [True, False, False, False]


def test_a_part_that_has_everything_leaves_nothing_to_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lp = maximum([1.0], [[1.0]], [4.0])
    figures = of_itself(lp)
    part = Narrow(lp, np.array([0]))
    assert part.solve(figures)[0] is not None
    refused = part.engine.solve()
    monkeypatch.setattr(
        module,
        "certify_alike",
        lambda programs, _: certify_alike(programs, [replace(refused, objective=9.0)]),
    )
    assert part.solve(figures) == [None]


def test_what_never_settles_is_left_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    lp = wide(rng)
    monkeypatch.setattr(module, "_ROUNDS", 0)
    assert narrowed(lp, [lp]) is None
