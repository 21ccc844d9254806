"""The trace on pots and moves written down by hand: circles, noise, and products that mix."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.exposure.moves import Moves, Pot
from supplynet.analysis.exposure.trace import (
    Mark,
    arrived,
    by_each,
    certify_trace,
    flow_of,
    last_abroad,
    last_of,
    shares,
    touched,
)
from tests.analysis.exposure.networks import moves

RED, BLUE = Pot("ground", "red"), Pot("ground", "blue")
ONE, TWO = Pot("separated", "one"), Pot("separated", "two")
END = Pot("supply", "KOR", "battery")


def circle() -> tuple[Moves, np.ndarray]:
    """10 t from each mine; two plants that send each other 5 t, and 10 t each to the nation."""
    found = moves(
        (RED, ONE, 1.0, 1.0),
        (BLUE, TWO, 1.0, 1.0),
        (ONE, TWO, 1.0, 1.0),
        (TWO, ONE, 1.0, 1.0),
        (ONE, END, 1.0, 1.0),
        (TWO, END, 1.0, 1.0),
    )
    return found, np.array([10.0, 10.0, 5.0, 5.0, 10.0, 10.0])


def at(found: Moves, pot: Pot) -> int:
    return found.pots.index(pot)


def test_trade_in_circles_is_solved() -> None:
    """15 a = 10 + 5 b and 15 b = 5 a: a holds three quarters of red, b one quarter."""
    found, x = circle()
    flow = flow_of(found, x)
    share = shares(flow, by_each(found, ["red", "blue"]))
    assert share[at(found, ONE)] == pytest.approx([0.75, 0.25])
    assert share[at(found, TWO)] == pytest.approx([0.25, 0.75])
    supply = found.where(lambda pot: pot.kind == "supply")
    assert arrived(flow, share, supply) == pytest.approx([10, 10])
    # what passed plant one: all that leaves it, and a third of what the other sends
    passed = shares(flow, touched(found, {"one"}))
    assert passed[at(found, TWO), 0] == pytest.approx(1 / 3)
    assert arrived(flow, passed, supply) == pytest.approx([10 + 10 / 3])
    last = shares(flow, last_of(found, {"one", "two"}, [{"one"}, {"two"}]))
    assert arrived(flow, last, supply) == pytest.approx([10, 10])
    # what the two plants, both fixed, send each other is no part of what the nation gets
    assert last[at(found, END)] == pytest.approx([0.5, 0.5])


def test_home_plants_hand_on_where_it_came_from() -> None:
    found, x = circle()
    mark = last_abroad(found, {"two"}, [{"two"}, {"red"}])
    share = shares(flow_of(found, x), mark)
    assert share[at(found, ONE)] == pytest.approx([1 / 3, 2 / 3])  # what red sent never was abroad
    assert share[at(found, TWO)] == pytest.approx([1, 0])


def test_products_hold_what_went_into_them() -> None:
    """6 t with 0.2 t in each meet 4 t with 0.4 t in each: all of it goes on."""
    shop, other = Pot("product", "one", "magnet"), Pot("product", "two", "magnet")
    found = moves(
        (RED, ONE, 1.0, 1.0),
        (BLUE, TWO, 1.0, 1.0),
        (ONE, shop, 1.0, 1.0),
        (TWO, other, 1.0, 1.0),
        (shop, other, np.nan, 0.5),
        (other, shop, np.nan, 1.0),
        (other, END, np.nan, 1.0),
    )
    # shop makes 6 t of 1.2 t, gets 2 t back, sends 8 t of which half is kept; the other makes 4 t
    x = np.array([1.2, 1.6, 1.2, 1.6, 8.0, 2.0, 6.0])
    flow = flow_of(found, x)
    held = flow.leaving[4:] / x[4:]
    back = held[1]
    assert held[0] == pytest.approx((1.2 + 2 * back) / 8)
    assert back == pytest.approx((1.6 + 4 * held[0]) / 8)
    assert held[2] == back
    lost = flow.leaving[4] - flow.arriving[4]
    assert flow.arriving[6] + lost == pytest.approx(2.8)
    mines = by_each(found, ["red", "blue"])
    share = shares(flow, mines)
    supply = found.where(lambda pot: pot.kind == "supply")
    assert certify_trace(flow, x, (mines, share), [], supply).ok


def test_rounding_of_the_solver_is_no_flow() -> None:
    found, x = circle()
    x[2:4] = 1e-13, -1e-13
    flow = flow_of(found, x)
    assert flow.leaving.tolist() == [10, 10, 0, 0, 10, 10]
    assert shares(flow, by_each(found, ["red"]))[at(found, TWO), 0] == 0.0
    x[2:4] = 5e-11, 5e-12  # of 10 t
    assert flow_of(found, x).leaving.tolist() == [10, 10, 5e-11, 0, 10, 10]


def test_where_nothing_comes_there_is_no_share() -> None:
    """A plant that is idle in a network that is not: no mark, and no division by nothing."""
    idle = Pot("separated", "idle")
    found = moves((RED, ONE, 1.0, 1.0), (ONE, END, 1.0, 1.0), (idle, END, 1.0, 1.0))
    still = moves((RED, idle, 1.0, 1.0), (BLUE, ONE, 1.0, 1.0), (ONE, END, 1.0, 1.0))
    for given, x in ((found, [10.0, 10.0, 0.0]), (still, [0.0, 10.0, 10.0])):
        share = shares(flow_of(given, np.array(x)), by_each(given, ["red", "blue"]))
        assert share[at(given, idle)].tolist() == [0.0, 0.0]
        assert share[at(given, END)].sum() == pytest.approx(1.0)


def test_a_product_holds_what_is_kept_of_what_went_into_it() -> None:
    """1 t goes in, a quarter is lost, 3 t of product leave in two parts."""
    shop = Pot("product", "one", "magnet")
    other = Pot("supply", "JPN", "battery")
    found = moves(
        (RED, ONE, 1.0, 1.0),
        (ONE, shop, 1.0, 0.75),
        (shop, END, np.nan, 1.0),
        (shop, other, np.nan, 0.5),
    )
    flow = flow_of(found, np.array([1.0, 1.0, 2.0, 1.0]))
    assert flow.leaving == pytest.approx([1.0, 1.0, 0.5, 0.25])
    assert flow.arriving == pytest.approx([1.0, 0.75, 0.5, 0.125])


def test_where_all_is_fixed_or_nothing_flows() -> None:
    found, x = circle()
    everything = Mark(np.ones(len(found.pots), dtype=bool), np.ones((len(found.pots), 1)))
    assert shares(flow_of(found, x), everything).tolist() == [[1.0]] * len(found.pots)
    nothing = flow_of(found, np.zeros(6))
    assert nothing.largest == 0.0
    share = shares(nothing, touched(found, {"one"}))
    assert share[at(found, TWO), 0] == 0.0
    supply = found.where(lambda pot: pot.kind == "supply")
    mines = by_each(found, ["red", "blue"])
    traced = mines, shares(nothing, mines)
    assert certify_trace(nothing, np.zeros(6), traced, [], supply).ok


def failed(flow, x, share, *marks, origins=None, supply=None) -> list[str]:
    """Names of the checks that refuse a trace; its origins are red and blue unless told."""
    found = flow.moves
    if origins is None:
        origins = by_each(found, ["red", "blue"])
    if supply is None:
        supply = found.where(lambda pot: pot.kind == "supply")
    checks = certify_trace(flow, x, (origins, share), marks, supply).checks
    return [one.name for one in checks if not one.is_ok]


def traced(size: float = 1.0):
    """The circle traced back to its mines: pots, tonnes, flow and shares."""
    found, x = circle()
    flow = flow_of(found, x * size)
    return found, x * size, flow, shares(flow, by_each(found, ["red", "blue"]))


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("mass", lambda flow, x, share: flow.leaving.__setitem__(2, 5.1)),
        ("origins", lambda flow, x, share: share.__setitem__((1, 0), 0.8)),
        ("mixing", lambda flow, x, share: share.__setitem__((1, 0), 0.8)),
        ("shares", lambda flow, x, share: share.__setitem__((1, 0), 1.5)),
        ("supply", lambda flow, x, share: share.__setitem__((1, 0), 0.5)),
        ("finite", lambda flow, x, share: share.__setitem__((0, 0), np.nan)),
        ("finite", lambda flow, x, share: x.__setitem__(0, np.inf)),
        ("solution", lambda flow, x, share: flow.leaving.__imul__(2.0)),
        ("solution", lambda flow, x, share: x.__imul__(1e3)),
        ("solution", lambda flow, x, share: flow.arriving.__imul__(0.9)),
        ("solution", lambda flow, x, share: x.__imul__(0.0)),
        ("mixing", lambda flow, x, share: share.__setitem__(slice(None), share[:, ::-1].copy())),
        ("shares", lambda flow, x, share: share.__setitem__((1, 0), -0.5)),
    ],
)
def test_the_check_finds_what_is_wrong(name: str, spoil) -> None:
    """Each check fails when the trace is spoiled, and only then."""
    found, x, flow, share = traced()
    assert failed(flow, x, share) == []
    assert at(found, ONE) == 1
    spoil(flow, x, share)
    assert name in failed(flow, x, share)


def test_the_check_finds_marks_that_are_not_put_on() -> None:
    found, x, flow, origins = traced()
    mark = touched(found, {"one"})
    share = shares(flow, mark)
    share[at(found, ONE), 0] = 0.5
    assert "mixing" in failed(flow, x, origins, (mark, share))


def test_the_check_finds_what_is_taken_beyond_what_comes() -> None:
    intake = Pot("intake", "KOR", "oxide")
    found = moves((RED, ONE, 1.0, 1.0), (ONE, intake, 1.0, 1.0), (intake, END, 1.0, 1.0))
    for taken, is_ok in ((9.0, True), (11.0, False)):
        x = np.array([10.0, 10.0, taken])
        flow, mines = flow_of(found, x), by_each(found, ["red"])
        assert ("mass" not in failed(flow, x, shares(flow, mines), origins=mines)) == is_ok


@pytest.mark.parametrize("size", [1e-15, 1e-8, 1.0, 1e8, 1e15])
def test_a_trace_is_checked_in_any_units(size: float) -> None:
    """A right one holds; one whose marked tonnes are off by a hundredth is refused."""
    found, x, flow, share = traced(size)
    assert failed(flow, x, share) == []
    mark = touched(found, {"one"})
    wrong = shares(flow, mark)
    wrong[at(found, TWO), 0] += 0.01
    assert failed(flow, x, share, (mark, wrong)) == ["mixing"]
    unlike = shares(flow, mark)
    unlike[mark.is_fixed] *= 1.0 - 1e-6  # what a fixed pot puts on is the mark's own
    unlike[mark.is_fixed & (mark.values[:, 0] == 0.0)] = 1e-6
    assert "mixing" in failed(flow, x, share, (mark, unlike))
    share[at(found, TWO)] *= 1.0 - 1e-6  # a millionth of the tonnes comes from no mine
    assert "origins" in failed(flow, x, share)


def test_marks_and_supply_are_those_of_the_pots() -> None:
    """Origins that name a plant, mix up two mines or miss one, marks without a mine, other pots."""
    found, x, flow, share = traced()
    mines, n_pots = by_each(found, ["red", "blue"]), len(found.pots)
    everywhere = Mark(np.ones(n_pots, dtype=bool), share.copy())
    swapped = Mark(mines.is_fixed, mines.values[:, ::-1].copy())
    for wrong in (everywhere, swapped, by_each(found, ["red"])):
        assert "marks" in failed(flow, x, shares(flow, wrong), origins=wrong)
    bare = Mark(np.zeros(n_pots, dtype=bool), np.zeros((n_pots, 1)))
    told = bare, np.zeros_like(bare.values)
    assert failed(flow, x, share, told) == ["marks"]
    # two faults do not make none: the mark of the other mine twice, and two mines without one
    assert "marks" in failed(flow, x, shares(flow, swapped), told, origins=swapped)
    assert "supply-pots" in failed(flow, x, share, supply=np.ones(n_pots, dtype=bool))


@pytest.mark.parametrize("name", ["solution", "mass", "origins", "supply"])
def test_a_hundredth_is_too_much_of_the_smallest_flow(name: str) -> None:
    _, x, flow, share = traced(1e-8)
    spoiled = {"solution": flow.leaving, "mass": flow.arriving}.get(name, share)
    spoiled *= 0.99
    assert name in failed(flow, x, share)


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e8])
def test_five_in_a_billion_are_too_many_and_half_of_one_is_rounding(size: float) -> None:
    for part, is_ok in ((5e-10, True), (5e-9, False)):
        _, x, flow, share = traced(size)
        flow.arriving[0] *= 1.0 - part
        assert ("mass" not in failed(flow, x, share)) == is_ok


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e8])
def test_a_mark_is_what_is_put_on_where_nothing_goes_on_from_there(size: float) -> None:
    """At the end nothing leaves that would show it further on."""
    found, x, flow, share = traced(size)
    everywhere = Mark(np.ones(len(found.pots), dtype=bool), share.copy())
    unlike = share.copy()
    unlike[at(found, END)] -= 1e-6
    assert failed(flow, x, share, (everywhere, share)) == []
    assert failed(flow, x, share, (everywhere, unlike)) == ["mixing"]


def test_rounding_of_the_solver_that_a_trace_leaves_out_is_no_fault() -> None:
    """A billionth on an idle variable is dust; beside it, a billionth may be off anyway."""
    found = moves((RED, ONE, 1.0, 1.0), (ONE, END, 1.0, 1.0), (RED, END, 1.0, 1.0))
    mark = by_each(found, ["red"])
    for dust, is_ok in ((15e-10, True), (25e-10, False)):
        flow = flow_of(found, np.array([1.0, 1.0, 0.0]))
        wrong = failed(flow, np.array([1.0, 1.0, dust]), shares(flow, mark), origins=mark)
        assert ("solution" not in wrong) == is_ok


def test_dust_of_a_variable_that_holds_little_is_little() -> None:
    """The second way holds a hundredth: 1.5 billionths of all tonnes are not its dust."""
    found = moves((RED, ONE, 1.0, 1.0), (ONE, END, 1.0, 1.0), (RED, END, 0.01, 1.0))
    mark, x = by_each(found, ["red"]), np.array([1.0, 1.0, 1.0])
    flow = flow_of(found, x)
    share = shares(flow, mark)
    flow.leaving[2] += 15e-10
    flow.arriving[2] += 15e-10
    assert "solution" in failed(flow, x, share, origins=mark)
