"""Shares of a coalition's worth: by hand and by the axioms that define the Shapley value."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.flow.bypass import MAX_PLAYERS, Contribution, contributions
from supplynet.errors import OptionError

Worth = Callable[[frozenset[str]], float]
PLAYERS = ["a", "b", "c", "d"]


@st.composite
def games(draw: st.DrawFn) -> Worth:
    """Any worth for every coalition."""
    table: dict[frozenset[str], float] = {}

    def worth(team: frozenset[str]) -> float:
        return table[team]

    for number in range(2 ** len(PLAYERS)):
        team = frozenset(p for place, p in enumerate(PLAYERS) if number >> place & 1)
        table[team] = float(draw(st.integers(-50, 50)))
    return worth


def by_orders(worth: Worth, player: str) -> float:
    """The definition: the average gain over every order of joining."""
    gains = []
    for order in permutations(PLAYERS):
        before = frozenset(order[: order.index(player)])
        gains.append(worth(before | {player}) - worth(before))
    return sum(gains) / len(gains)


def test_the_glove_game() -> None:
    """One left glove, two right ones (Shapley and Shubik): 2/3, 1/6, 1/6."""

    def pairs(team: frozenset[str]) -> float:
        return float(min(len(team & {"left"}), len(team & {"right", "other"})))

    found = contributions(["left", "right", "other"], pairs)
    assert found["left"] == Contribution(0.0, 1.0, pytest.approx(2 / 3))
    assert found["right"] == Contribution(0.0, 0.0, pytest.approx(1 / 6))


def test_the_voting_game_by_hand() -> None:
    """Votes 4, 3, 2, 1 and a majority of 6: 5/12, 3/12, 3/12, 1/12 (Shapley and Shubik, 1954)."""
    votes = dict(zip(PLAYERS, (4, 3, 2, 1), strict=True))
    found = contributions(PLAYERS, lambda team: float(sum(votes[p] for p in team) >= 6))
    assert [found[p].shapley * 12 for p in PLAYERS] == pytest.approx([5, 3, 3, 1])


@given(games())
def test_law_equal_to_the_average_over_orders(worth: Worth) -> None:
    found = contributions(PLAYERS, worth)
    for player in PLAYERS:
        assert found[player].shapley == pytest.approx(by_orders(worth, player), abs=1e-9)
        assert found[player].alone == worth(frozenset({player})) - worth(frozenset())
        full = frozenset(PLAYERS)
        assert found[player].marginal == worth(full) - worth(full - {player})


def test_too_many_players_are_refused() -> None:
    with pytest.raises(OptionError, match="2048 solves") as caught:
        contributions([str(number) for number in range(MAX_PLAYERS + 1)], lambda team: 0.0)
    assert "via=" in caught.value.hint
