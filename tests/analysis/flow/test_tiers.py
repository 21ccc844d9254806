"""Tiers lead from what is sure to what is merely possible."""

from __future__ import annotations

from dataclasses import replace

from supplynet.analysis.arrays.solving import solve, solve_ahead
from supplynet.analysis.flow.flow import (
    floors_of,
    graph_of,
    solve_question,
    solve_tiers_ahead,
    tiers_of,
)
from supplynet.analysis.question import ask
from supplynet.network.cache import cache_of
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import TIERS, Floors


def fresh(net: SupplyNetwork) -> SupplyNetwork:
    """The same network with nothing solved yet."""
    return net.replace()


def test_floors_end_at_the_asked_one(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "avoid": "ISL"}
    for options, expected in (
        ({}, ["operating"]),
        ({"tier": "possible"}, list(TIERS)),
        ({"tier": "announced"}, ["operating", "committed", "announced"]),
        ({"links": "planned"}, ["operating", "committed"]),
        ({"links": "planned", "plants": "operating"}, ["operating", "planned"]),
        ({"tier": "operating"}, ["operating"]),
        ({"links": "observed"}, ["observed"]),
    ):
        assert list(floors_of(ask(tutorial, **words, **options))) == expected
    chosen = floors_of(ask(tutorial, links="possible", plants="planned", **words))
    assert chosen["possible"] == Floors("possible", "planned")


def test_what_is_solved_ahead_is_what_is_solved_alone(rare_earths: SupplyNetwork) -> None:
    """Solving many graphs side by side changes no figure of any of them."""
    words = {"to": "KOR", "avoid": "CHN", "year": 2028}
    ahead, alone = (ask(fresh(rare_earths), **words) for _ in range(2))
    solve_tiers_ahead(ahead, ["Nd", "Dy"])
    n_before = len(cache_of(ahead.net))
    for element in ("Nd", "Dy"):
        for one, other in zip(
            tiers_of(ahead, element, 1.0), tiers_of(alone, element, 1.0), strict=True
        ):
            for name in ("with_all", "without", "low", "high"):
                value, expected = getattr(one, name), getattr(other, name)
                assert abs(value - expected) <= 1e-9 * max(expected, 1.0)
    solutions = [
        key for key in cache_of(ahead.net) if isinstance(key, tuple) and key[0] == "solution"
    ]
    assert solutions
    assert len(cache_of(ahead.net)) >= n_before


def test_nothing_is_solved_twice(tutorial: SupplyNetwork) -> None:
    question = ask(fresh(tutorial), to="MLT", avoid="ISL")
    graph = graph_of(question, "Nd")
    solve_ahead([(graph, frozenset()), (graph, frozenset())])
    key = ("solution", graph.content, frozenset())
    kept = cache_of(question.net)[key]
    assert solve(graph).solution is kept[1]
    assert solve_question(question, "Nd").certificate is kept[2]
    solve_ahead([(graph, frozenset())])
    assert cache_of(question.net)[key] is kept


def test_ends_of_what_is_covered_are_left_out_where_nobody_reads_them(
    tutorial: SupplyNetwork,
) -> None:
    bare = tiers_of(ask(tutorial, to="MLT"), "Nd", 100.0, has_ends=False)
    for short, whole in zip(bare, tiers_of(ask(tutorial, to="MLT"), "Nd", 100.0), strict=True):
        assert (short.coverage_low, short.coverage_high) == (None, None)
        assert whole.coverage_low is not None
        assert short == replace(whole, coverage_low=None, coverage_high=None)
