"""What came to whom as rows: corridors hand on the mean of what they got."""

from __future__ import annotations

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.company.evidence import Came, Mixture, _behind, _even, came_of
from supplynet.analysis.company.upstream import Upstream
from supplynet.analysis.exposure.streams import Ends, parts_of, streams
from supplynet.analysis.exposure.study import without_excess


def test_streams_by_hand() -> None:
    """Tonnes are sums of variables; a link that nobody saw is known, and what is mined."""
    parts = {Ends("a", "b", 3, False): {0: 2.0, 1: 1.0}, "a": {1: 4.0}}
    came = came_of(parts, np.array([1.0, 3.0]), 7)
    assert came == {
        "b": [Came("a", 7, 5.0, is_assumed=True)],
        "a": [Came("ground:", 8, 12.0, is_assumed=False)],
    }


def test_what_leaves_a_corridor_is_as_large_as_what_comes_to_it() -> None:
    came = {
        "hub": [Came("a", 0, 6.0, False), Came("b", 1, 2.0, False)],
        "c": [Came("hub", 2, 3.0, False)],
        "d": [Came("hub", 3, 1.0, False), Came("empty", 4, 1.0, False)],
    }
    even = _even(came, ["empty", "hub"])
    assert [one.by for one in even["c"]] == [2.0]
    assert [(one.tail, one.by) for one in even["d"]] == [("hub", 2.0)]  # of nothing comes nothing
    assert _behind(even, ["c"]) == {"c", "hub", "a", "b"}


@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_rows_have_the_shares_that_are_followed_from_plant_to_plant(element: str) -> None:
    balance = sn.allocate(sn.load("tutorial"))
    model = balance.run.model
    x = without_excess(model, balance.x)
    came = came_of(parts_of(model, element, x), x, x.size)
    upstream = Upstream(streams(balance, element=element))
    assert Mixture(upstream, came, {}).is_so
