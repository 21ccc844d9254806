"""The order of boxes in columns."""

from __future__ import annotations

import itertools
import random

from supplynet.draw.place import ON_THE_WAY, Item, Link, crossings, ordered


def items(*columns: str) -> list[Item]:
    return [
        Item(f"{number}{key}", number, ON_THE_WAY, 1.0, 1.0)
        for number, keys in enumerate(columns)
        for key in keys
    ]


def keys(columns: list[list[Item]]) -> list[list[str]]:
    return [[item.key for item in column] for column in columns]


def drawn(seed: int) -> tuple[list[Item], list[Link]]:
    draw = random.Random(seed)
    names = ("abc", "efg", "ijk")
    links = [
        Link(f"{n}{a}", f"{n + 1}{b}", draw.choice([1.0, 5.0]))
        for n in (0, 1)
        for a in names[n]
        for b in names[n + 1]
        if draw.random() < 0.5
    ]
    return items(*names), links


def test_it_comes_close_to_the_best_of_all_orders() -> None:
    found, best = 0.0, 0.0
    for seed in range(12):
        some, links = drawn(seed)
        own = crossings(ordered(some, links), links)
        columns = [[one for one in some if one.column == n] for n in range(3)]
        tried = itertools.product(*(itertools.permutations(column) for column in columns))
        least = min(crossings([list(column) for column in one], links) for one in tried)
        assert own >= least
        found, best = found + own, best + least
    assert found <= 1.2 * best


def test_the_order_does_not_depend_on_that_of_the_items() -> None:
    some = items("abc", "def")
    links = [
        Link("0a", "1f", 2.0),
        Link("0b", "1d", 1.0),
        Link("0c", "1e", 3.0),
    ]
    assert keys(ordered(some, links)) == keys(ordered(some[::-1], links))
