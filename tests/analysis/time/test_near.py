from __future__ import annotations

import pytest

from supplynet.analysis.time.near import Near, in_turn_near, nearest
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram


def _engine(n: int = 2, right: float = 4.0) -> LinearEngine:
    rows = [[1.0] * n]
    lp = LinearProgram(
        [3.0, 2.0, 1.0][:n],
        rows,
        [right],
        None,
        None,
        [0.0] * n,
        [3.0, 9.0, 9.0][:n],
        maximize=True,
    )
    return LinearEngine(lp, first="simplex")


def test_a_program_of_the_same_kind_and_size_starts_where_the_last_one_ended() -> None:
    near, first, second = Near(), _engine(), _engine(right=5.0)
    assert not near.begin("fair", first)
    first.solve()
    near.keep("fair", first)
    assert near.begin("fair", second)
    assert (second.solve().objective, second.n_iterations) == (13.0, 0)


@pytest.mark.parametrize(("kind", "n"), [("ends", 2), ("fair", 3)])
def test_other_kinds_and_sizes_start_by_themselves(kind: str, n: int) -> None:
    near, first = Near(), _engine()
    first.solve()
    near.keep("fair", first)
    assert not near.begin(kind, _engine(n))


def test_works_in_turn_share_where_programs_ended_and_leave_nothing_behind() -> None:
    first, second = in_turn_near([nearest, nearest])
    assert first is second
    assert nearest() is not first

    def fails() -> Near:
        raise ValueError(nearest())

    with pytest.raises(ValueError, match="Near"):
        in_turn_near([fails])
    assert nearest() is not nearest()
