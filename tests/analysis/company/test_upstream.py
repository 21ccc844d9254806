"""Shares of what passed a plant, by hand, with circles and with ends that nobody knows."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.company.upstream import Upstream
from supplynet.analysis.exposure.streams import Ends, Streams


def streams(sent: dict[tuple[str, str, int], float], mined: dict[str, float]) -> Streams:
    links = {Ends(tail, head, rank, False): tonnes for (tail, head, rank), tonnes in sent.items()}
    return Streams(("X",), "t", links, mined, {}, {}, {}, {})


# mines a and b send 60 and 40 t to the refiner; the maker has half from it and half from c, to
# which nothing is known to come, on a link that nobody saw
CHAIN = Upstream(
    streams(
        {("a", "ref", 0): 60.0, ("b", "ref", 1): 40.0, ("ref", "maker", 0): 100.0,
         ("c", "maker", 3): 100.0},
        {"a": 60.0, "b": 40.0},
    )
)  # fmt: skip
MAKER = {"maker": 1.0}


def share(plants: set[str], *, unknown_too: bool = False) -> float:
    return CHAIN.mix(CHAIN.passed(frozenset(plants), unknown_too=unknown_too), MAKER)


def test_shares_by_hand() -> None:
    assert share({"a"}) == pytest.approx(0.3)
    assert share({"a", "ref"}) == pytest.approx(0.5)
    assert share({"maker"}) == 1.0
    assert share({"a"}, unknown_too=True) == pytest.approx(0.8)
    assert CHAIN.mix(CHAIN.from_nowhere, MAKER) == pytest.approx(0.5)
    assert CHAIN.mix(CHAIN.from_ground, MAKER) == pytest.approx(0.5)
    assert CHAIN.mix(CHAIN.assumed, MAKER) == pytest.approx(0.5)
    assert CHAIN.mix(CHAIN.from_nowhere, {"maker": 0.5, "ref": 0.5}) == pytest.approx(0.25)


def test_what_stands_behind_a_plant() -> None:
    assert CHAIN.behind({"ref": 1.0}) == {"ref", "a", "b"}
    assert CHAIN.behind(MAKER) == {"maker", "ref", "c", "a", "b"}
    assert CHAIN.knows("maker")
    assert not CHAIN.knows("c")
    assert not CHAIN.knows("nowhere")


def test_a_circle_counts_once() -> None:
    """A third of what the maker gets comes back as scrap: it had passed the maker before."""
    circle = Upstream(
        streams(
            {("a", "ref", 0): 100.0, ("ref", "maker", 0): 150.0, ("maker", "ref", 0): 50.0},
            {"a": 100.0},
        )
    )
    ref = {"ref": 1.0}
    assert circle.mix(circle.passed(frozenset({"maker"})), ref) == pytest.approx(1 / 3)
    assert circle.mix(circle.passed(frozenset({"a"})), ref) == pytest.approx(1.0)
    assert circle.certificate(frozenset({"maker"})).ok


def test_the_certificate_sees_a_wrong_share() -> None:
    upstream = Upstream(CHAIN.streams)
    plants = frozenset({"a"})
    assert upstream.certificate(plants).ok
    upstream._passed[plants, False] = np.zeros(len(upstream.nodes))
    assert not upstream.certificate(plants).ok
