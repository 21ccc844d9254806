"""Shares of what passed a plant, by hand, with circles and with ends that nobody knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.company.study import Came, Mark, Upstream, even
from supplynet.analysis.exposure.streams import Ends, parts_of, streams
from supplynet.analysis.exposure.study import without_excess
from supplynet.sums import added


def upstream(
    sent: dict[tuple[str, str, int], float], mined: dict[str, float], known: str = "abc ref maker"
) -> Upstream:
    """Ways back of which each stream is a variable of its own."""
    tonnes = [*sent.values(), *mined.values()]
    ends = [*(Ends(*one, is_scrap=False) for one in sent), *mined]
    parts = {end: {place: 1.0} for place, end in enumerate(ends)}
    return Upstream.of(parts, np.array(tonnes), {*"abc", *known.split()})


# mines a and b send 60 and 40 t to the refiner; the maker has half from it and half from c, to
# which nothing is known to come, on a link that nobody saw
CHAIN = upstream(
    {("a", "ref", 0): 60.0, ("b", "ref", 1): 40.0, ("ref", "maker", 0): 100.0,
     ("c", "maker", 3): 100.0},
    {"a": 60.0, "b": 40.0},
)  # fmt: skip
MAKER = {"maker": 1.0}


def share(plants: set[str], *, unknown_too: bool = False) -> float:
    return CHAIN.mix(Mark(frozenset(plants), unknown=float(unknown_too)), MAKER)


def test_shares_by_hand() -> None:
    assert share({"a"}) == pytest.approx(0.3)
    assert share({"a", "ref"}) == pytest.approx(0.5)
    assert share({"maker"}) == 1.0
    assert share({"a"}, unknown_too=True) == pytest.approx(0.8)
    assert CHAIN.mix(Mark(unknown=1.0), MAKER) == pytest.approx(0.5)
    assert CHAIN.mix(Mark(ground=1.0), MAKER) == pytest.approx(0.5)
    assert CHAIN.mix(Mark(stops_at_assumed=True), MAKER) == pytest.approx(0.5)
    assert CHAIN.mix(Mark(unknown=1.0), {"maker": 0.5, "ref": 0.5}) == pytest.approx(0.25)


def test_what_stands_behind_a_plant() -> None:
    assert CHAIN.behind({"ref": 1.0}) == {"ref", "a", "b"}
    assert CHAIN.behind(MAKER) == {"maker", "ref", "c", "a", "b"}
    assert CHAIN.knows("maker")
    assert not CHAIN.knows("c")
    assert not CHAIN.knows("nowhere")


def test_a_circle_counts_once() -> None:
    """A third of what the maker gets comes back as scrap: it had passed the maker before."""
    circle = upstream(
        {("a", "ref", 0): 100.0, ("ref", "maker", 0): 150.0, ("maker", "ref", 0): 50.0},
        {"a": 100.0},
    )
    ref = {"ref": 1.0}
    assert circle.mix(Mark(frozenset({"maker"})), ref) == pytest.approx(1 / 3)
    assert circle.mix(Mark(frozenset({"a"})), ref) == pytest.approx(1.0)
    assert circle.certificate(frozenset({"maker"})).ok


def test_the_certificate_sees_a_wrong_share() -> None:
    wrong, plants = replace(CHAIN, _shares={}), frozenset({"a"})
    assert wrong.certificate(plants).ok
    wrong._shares[Mark(plants)] = np.zeros(len(wrong.at))
    assert not wrong.certificate(plants).ok


def test_streams_by_hand() -> None:
    """Tonnes are sums of variables; a link that nobody saw is known, and what is mined."""
    parts = {Ends("a", "b", 3, False): {0: 2.0, 1: 1.0}, "a": {1: 4.0}}
    assert Upstream.of(parts, np.array([1.0, 3.0]), {"a", "b"}).came == {
        "b": [Came("a", 0, 5.0, is_assumed=True)],
        "a": [Came("ground:", 1, 12.0, is_assumed=False)],
    }


def test_what_leaves_a_corridor_is_as_large_as_what_comes_to_it() -> None:
    came = {
        "hub": [Came("a", 0, 6.0, False), Came("b", 1, 2.0, False)],
        "c": [Came("hub", 2, 3.0, False)],
        "d": [Came("hub", 3, 1.0, False), Came("empty", 4, 1.0, False)],
    }
    now = even(came, ["empty", "hub"])
    assert [one.by for one in now["c"]] == [2.0]
    assert [(one.tail, one.by) for one in now["d"]] == [("hub", 2.0)]  # of nothing comes nothing
    back = Upstream(now, ("a", "b", "c", "d"), ("hub",))
    assert back.behind(["c"]) == {"c", "hub", "a", "b"}
    assert back.senders(["c", "d"]) == {"a", "b"}


@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_plants_have_what_streams_with_corridors_dissolved_bring(element: str) -> None:
    balance = sn.allocate(sn.load("tutorial"), detail="figures").solved
    model = balance.run.model
    x = without_excess(model, balance.x)
    back = Upstream.of(parts_of(model, element, x), x, balance.question.net.node_by_id)
    told = streams(balance, element=element)
    came = added((ends.head, tonnes) for ends, tonnes in told.sent.items())
    came = added([*came.items(), *told.mined.items()])
    assert came == pytest.approx({node: back.inflow[node] for node in came})
