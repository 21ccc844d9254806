"""What a stock makes good of a gap: rules of release by hand, and the knee of a curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.analysis.time.advice import RULES, Gaps, knee_of

#: one claim of 10 t in each of three periods, of which 2, 10 and 6 t are missing
ONE = Gaps((("KOR", "goods"),), np.full((1, 3), 10.0), np.array([[2.0, 10.0, 6.0]]), 90.0)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("at once", [0.0, 3.0, 6.0]),  # 2 t, then the 7 t that are left
        ("by half", [1.0, 5.0, 3.0]),  # 1, 5 and 3 t
        ("evenly", [2.0, 3.5, 3.5]),  # 6.5 and 2.5 t, so that both lack 3.5
    ],
)
def test_nine_tonnes_are_given_out_by_each_rule(rule: str, left: list[float]) -> None:
    assert ONE.after(27.0, rule)[0].tolist() == pytest.approx(left)
    assert ONE.lost_share(27.0, rule) == pytest.approx(0.3)
    assert ONE.worst(27.0, rule) == pytest.approx(1.0 - max(left) / 10.0)


def test_days_that_bridge_are_the_gap_over_the_use() -> None:
    assert ONE.bridges == pytest.approx((54.0,))
    assert ONE.cover(np.array([0.3])) == pytest.approx(54.0)
    assert ONE.lost_share(54.0) == 0.0
    assert ONE.first(1, 30.0).cover(np.ones(1)) == pytest.approx(6.0)
    nothing = ONE.of(frozenset())
    assert (nothing.cover(np.zeros(0)), nothing.lost_share(), nothing.bridges) == (0.0, 0.0, ())


gaps = st.lists(st.tuples(st.floats(1.0, 9.0), st.floats(0.0, 1.0)), min_size=1, max_size=5)


@settings(max_examples=50)
@given(months=gaps, held=st.floats(0.0, 1.2), more=st.floats(0.0, 0.5))
def test_no_rule_loses_less_than_at_once_and_none_is_more_even_than_evenly(
    months: list[tuple[float, float]], held: float, more: float
) -> None:
    need = np.array([[tonnes for tonnes, _ in months]])
    missing = np.array([[tonnes * share for tonnes, share in months]])
    known = Gaps((("KOR", "goods"),), need, missing, 30.0 * len(months))
    days = held * known.days
    lost = {rule: known.lost_share(days, rule) for rule in RULES}
    assert lost["at once"] <= min(lost.values()) + 1e-9
    assert known.worst(days, "evenly") >= max(known.worst(days, r) for r in RULES) - 1e-9
    for rule in RULES:
        left = known.after(days, rule)
        assert (left >= 0.0).all() and (left <= missing + 1e-9).all()
        assert (missing - left).sum() <= days / known.days * need.sum() + 1e-9
        assert known.lost_share(days + more * known.days, rule) <= lost[rule] + 1e-9


def test_a_straight_line_has_no_knee() -> None:
    assert knee_of(((0.0, 1.0), (2.0, 0.5), (4.0, 0.0))) is None
    assert knee_of(((0.0, 1.0),)) is None
    assert knee_of(((0.0, 0.4), (1.0, 0.4))) is None
