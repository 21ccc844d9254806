"""What each country adds to a flow: alone, at the margin, and fairly shared (Shapley)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

from supplynet.errors import OptionError

#: 2**n coalitions are solved: beyond this many players the table is refused
MAX_PLAYERS = 10


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one player of a coalition adds."""

    alone: float  #: gain when only this player joins
    marginal: float  #: loss when only this player leaves the full coalition
    #: average gain over every order of joining (Shapley, 1953); these add up to the gain of the
    #: full coalition
    shapley: float


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """Return every team that players can form, the empty one and the smallest first."""
    n = len(players)
    if n > MAX_PLAYERS:
        raise OptionError(
            f"contributions of {n} countries would need {2**n} solves; the most is {MAX_PLAYERS}",
            hint="name fewer in via=",
        )
    return [frozenset(team) for size in range(n + 1) for team in combinations(players, size)]


def contributions(
    players: Sequence[str], worth: Callable[[frozenset[str]], float]
) -> dict[str, Contribution]:
    """Return each player's contribution to the worth of coalitions, by enumeration.

    There may be at most ``MAX_PLAYERS``; more are an OptionError.

    Examples
    --------
    >>> glove = lambda team: float(min(len(team & {"left"}), len(team & {"right a", "right b"})))
    >>> shares = contributions(["left", "right a", "right b"], glove)
    >>> [round(share.shapley, 3) for share in shares.values()]
    [0.667, 0.167, 0.167]
    """
    n = len(players)
    worths = {team: worth(team) for team in coalitions(players)}
    everyone = frozenset(players)
    # Differences of flows that differ in the last digit would show as tiny gains of players that
    # add nothing.
    rounding = 1e-12 * max(abs(value) for value in worths.values())

    def gain(player: str, team: frozenset[str]) -> float:
        difference = worths[team | {player}] - worths[team]
        return difference if abs(difference) > rounding else 0.0

    return {
        player: Contribution(
            alone=gain(player, frozenset()),
            marginal=gain(player, everyone - {player}),
            shapley=sum(
                # The Shapley value: the gain averaged over all orders in which the players could
                # join; this many orders have just this team before the player.
                factorial(len(team))
                * factorial(n - len(team) - 1)
                / factorial(n)
                * gain(player, team)
                for team in worths
                if player not in team
            ),
        )
        for player in players
    }
