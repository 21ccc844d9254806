"""Work side by side: results in order, faults, withdrawal and progress."""

from __future__ import annotations

import threading

import pytest

from supplynet.errors import InterruptedSolveError
from supplynet.solve.together import given_up_when, require_wanted, tell, together, told_to


def test_results_come_in_the_order_of_the_works() -> None:
    is_second_done = threading.Event()

    def first() -> str:
        return "first"

    def second() -> str:
        is_second_done.set()
        return "second"

    assert together([first, second]) == ["first", "second"]
    assert is_second_done.is_set()


def test_where_one_fails_the_others_end_before_their_next_program() -> None:
    ends: list[str] = []

    def wrong() -> None:
        raise ValueError("wrong")

    def long() -> None:
        while True:
            try:
                require_wanted()
            except InterruptedSolveError:
                ends.append("ended")
                raise

    with pytest.raises(ValueError, match="wrong"):
        together([wrong, long])
    # on one core it had not even begun: then it ends at its first program
    assert ends in (["ended"], [])


def test_who_withdraws_the_question_ends_all_of_its_works() -> None:
    with given_up_when(lambda: True), pytest.raises(InterruptedSolveError):
        together([require_wanted])


def test_an_inner_withdrawal_does_not_hide_the_outer_one() -> None:
    with (
        given_up_when(lambda: True),
        given_up_when(lambda: False),
        pytest.raises(InterruptedSolveError),
    ):
        require_wanted()
    require_wanted()


def test_progress_is_the_mean_of_all_works() -> None:
    told: list[tuple[str, float]] = []
    with told_to(lambda label, part: told.append((label, part))):
        together([lambda: tell("half", 0.5), lambda: None])
    tell("nobody listens", 1.0)
    assert told == [("half", 0.25)]


def test_works_that_tell_of_themselves_need_no_listener() -> None:
    assert together([lambda: tell("half", 0.5)]) == [None]
