"""The page on reliability names tests that are there, and says what is counted."""

from __future__ import annotations

import pytest

from supplynet.reports.results_page import kinds
from tools import reliability

GOALS = reliability.goals()


def test_the_goals_are_those_of_the_page_in_order() -> None:
    text = reliability.PAGE.read_text(encoding="utf-8")
    assert [goal.number for goal in GOALS] == [f"R{n}" for n in range(1, 20)]
    for goal in GOALS:
        assert f"| {goal.number} | {goal.text} | " in text
        assert goal.note in text


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.number)
def test_what_shows_a_goal_is_there(goal: reliability.Goal) -> None:
    assert goal.tests or goal.note
    for test in goal.tests:
        assert (reliability.ROOT / test).exists(), test


def test_random_cases_are_counted() -> None:
    assert reliability.properties(reliability.ROOT / "tests" / "test_fuzz.py") == 1
    assert reliability.properties(reliability.ROOT / "tests" / "test_reliability.py") == 0


def test_what_others_can_check_is_told_of_every_kind_of_result() -> None:
    """A kind that carries a proof is named with what it proves, every other one with nothing."""
    told = {name for names in reliability.PROVED for name in names.split(", ")}
    carrying = {name for name, what in reliability.carrying().items() if what}
    assert carrying == told
    for name, kind in kinds().items():
        assert "proof" not in vars(kind) or name in carrying, name
