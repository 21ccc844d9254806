"""The smallest clash: as small as brute force finds it, and proved by duals."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.errors import InfeasibleError
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.relief import smallest_clash
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import minimum

Group = tuple[list[list[float]], np.ndarray]


def _box(n: int, top: float = 10.0) -> LinearProgram:
    return minimum(np.zeros(n), upper=top)


def _holds(lp: LinearProgram, groups: list[Group]) -> bool:
    """Whether some groups hold together, by another way: the solver's own verdict."""
    rows = [row for group in groups for row in group[0]]
    sides = [side for group in groups for side in group[1]]
    whole = LinearProgram(lp.c, rows or None, sides, lp.a_eq, lp.b_eq, lp.lower, lp.upper)
    try:
        solve_linear(whole)
    except InfeasibleError:
        return False
    return True


def _brute(lp: LinearProgram, groups: list[Group]) -> int | None:
    """Size of the smallest set that clashes, every set tried."""
    for size in range(len(groups) + 1):
        for chosen in combinations(groups, size):
            if not _holds(lp, list(chosen)):
                return size
    return None


@st.composite
def demands(draw: st.DrawFn) -> list[Group]:
    """Up to six groups of one or two rows over three variables, whole numbers throughout."""
    number = st.integers(-3, 3).map(float)
    groups: list[Group] = []
    for _ in range(draw(st.integers(1, 6))):
        rows = [[draw(number) for _ in range(3)] for _ in range(draw(st.integers(1, 2)))]
        sides = np.array([float(draw(st.integers(-12, 12))) for _ in rows])
        groups.append((rows, sides))
    return groups


@given(demands())
@settings(max_examples=40, deadline=None)
def test_no_smaller_set_clashes(groups: list[Group]) -> None:
    lp = _box(3)
    found = smallest_clash(lp, groups)
    size = _brute(lp, groups)
    if size is None:
        assert found is None
        return
    assert found is not None
    assert len(found.groups) == size
    assert not _holds(lp, [groups[one] for one in found.groups])
    for left_out in found.groups:
        assert _holds(lp, [groups[one] for one in found.groups if one != left_out])
    assert found.missing > 0.0
    assert found.certificate.ok


def test_of_two_smallest_sets_the_same_one_is_found() -> None:
    """A pair is smaller than the three, and of two pairs the first in order is reported."""
    low, high = ([[1.0]], np.array([2.0])), ([[-1.0]], np.array([-5.0]))
    groups: list[Group] = [low, high, low, high]
    found = [smallest_clash(_box(1), groups) for _ in range(2)]
    assert [one.groups for one in found if one is not None] == [(0, 1), (0, 1)]


def test_a_group_that_nothing_can_meet_is_told_alone() -> None:
    groups: list[Group] = [([[1.0]], np.array([4.0])), ([[-1.0]], np.array([-11.0]))]
    found = smallest_clash(_box(1), groups)
    assert found is not None
    assert found.groups == (1,)
    assert found.x.tolist() == pytest.approx([10.0])
    assert found.missing == pytest.approx(1.0)


def test_rows_that_are_broken_within_the_tolerance_hold() -> None:
    groups: list[Group] = [([[1.0]], np.array([4.0])), ([[-1.0]], np.array([-4.5]))]
    assert smallest_clash(_box(1), groups, tolerance=1.0) is None
    assert smallest_clash(_box(1), groups, tolerance=0.1) is not None


@pytest.mark.parametrize(("by", "clashes"), [(5e-7, False), (5e-6, True)])
def test_what_rows_may_be_broken_by_unless_told_is_a_millionth(by: float, clashes: bool) -> None:
    groups: list[Group] = [([[1.0]], np.array([4.0])), ([[-1.0]], np.array([-4.0 - by]))]
    assert (smallest_clash(_box(1), groups) is not None) == clashes


def test_a_program_without_a_solution_is_refused() -> None:
    lp = minimum([0.0], [[1.0]], [-1.0], upper=[9.0])
    with pytest.raises(InfeasibleError):
        smallest_clash(lp, [([[1.0]], np.array([4.0]))])


def test_equations_of_the_program_are_kept() -> None:
    lp = minimum([0.0, 0.0], a_eq=[[1.0, -1.0]], b_eq=[0.0], upper=9.0)
    groups: list[Group] = [([[1.0, 0.0]], np.array([2.0])), ([[0.0, -1.0]], np.array([-3.0]))]
    found = smallest_clash(lp, groups)
    assert found is not None
    assert found.groups == (0, 1)


def test_what_holds_within_the_tolerance_is_kept_so_while_others_are_tried() -> None:
    """The first two groups are apart by half the tolerance and are cheapest to break.

    Each clashes with two of the others. Of all sets that share a member with what clashes, these
    two together are the first that is tried, and they hold.
    """
    lp = _box(5)  # u, v, w, y, z
    groups: list[Group] = [
        ([[0.1, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.1, 0.0, 0.0]], np.array([0.2, 0.2])),
        ([[0.0, -0.1, 0.0, 0.0, 0.0], [0.0, 0.0, -0.1, 0.0, 0.0]], np.array([-0.2, -0.2 - 5e-7])),
        ([[-1.0, 0.0, 0.0, -1.0, 0.0]], np.array([-6.0])),
        ([[0.0, 0.0, 0.0, 1.0, 0.0]], np.array([3.0])),
        ([[0.0, 1.0, 0.0, 0.0, 1.0]], np.array([4.0])),
        ([[0.0, 0.0, 0.0, 0.0, -1.0]], np.array([-3.0])),
    ]
    assert smallest_clash(lp, groups[:2]) is None
    found = smallest_clash(lp, groups)
    assert found is not None
    assert found.groups in ((0, 2, 3), (1, 4, 5))
