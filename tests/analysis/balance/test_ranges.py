"""Ranges over all solutions that are as good, against closed forms and brute force."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings

from supplynet.analysis.balance.programs import Pin, Run
from supplynet.analysis.balance.ranges import Ends, Spans
from supplynet.errors import CertificateError, InfeasibleError, InterruptedSolveError, SolverError
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp.engine import LinearEngine
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_ask import basket, shared
from tests.analysis.balance.test_laws import contested_networks, others_as_good


def test_what_is_served_of_a_product_by_hand() -> None:
    """100 t for two nations that want 60 and 70 t: the first may have 30 to 60."""
    net = shared([100.0], {"KOR": 60.0, "JPN": 70.0}, {(0, "KOR"): None, (0, "JPN"): None})
    result = balance(net)
    korea = result.range_of("product", "KOR", "battery")
    assert (korea.low, korea.high) == pytest.approx((30, 60))
    assert not korea.is_settled
    everything = result.range_of("form", "material")
    assert everything.is_settled
    assert everything.shown == pytest.approx(100)
    assert tuple(result.spans.known.values()) == (korea, everything)


def test_nations_together_are_as_settled_as_their_sum() -> None:
    """Who of two gets the tonnes is open; that they get all there is of them is not."""
    net = shared([100.0], {"KOR": 60.0, "JPN": 70.0}, {(0, "KOR"): None, (0, "JPN"): None})
    result = balance(net)
    element = result.elements[0].element
    korea, both = (result.range_of("element", nations, element) for nations in ("KOR", "JPN,KOR"))
    assert korea.high - korea.low > 1.0
    assert both.low == pytest.approx(both.high)
    served = sum(row.served for row in result.elements if row.element == element)
    assert both.shown == pytest.approx(served)


def test_what_is_left_over_is_settled_where_the_least_is_moved() -> None:
    """More ore for nothing would leave more; the 20 t of the closed form move the least."""
    result = balance(basket())
    left = result.range_of("surplus", "Ce")
    assert left.is_settled
    assert left.shown == pytest.approx(20)
    assert result.range_of("surplus", "Nd").shown == pytest.approx(0, abs=1e-9)


@given(contested_networks())
@settings(max_examples=15)
def test_law_every_rule_lies_within_the_ranges_of_the_most(net: SupplyNetwork) -> None:
    """What other rules give that serve as much in all is one of the optimal solutions."""
    result = balance(net)
    total = sum(row.served for row in result.deliveries)
    for other in others_as_good(net, result):
        for row in other.deliveries:
            span = result.range_of("product", row.nation, row.product)
            assert span.low - 1e-5 <= row.served <= span.high + 1e-5
    for nation in ("KOR", "JPN"):
        span = result.range_of("product", nation, "goods")
        first = balance(net, objective="priority", priority=nation)
        if abs(sum(row.served for row in first.deliveries) - total) <= 1e-9 * max(1.0, total):
            got = next(row.served for row in first.deliveries if row.nation == nation)
            assert span.high == pytest.approx(got, abs=1e-5)
        assert math.isfinite(span.high)


def test_pins_that_leave_no_room_or_no_proof_are_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    net = shared([100.0], {"KOR": 60.0, "JPN": 70.0}, {(0, "KOR"): None, (0, "JPN"): None})
    expected = balance(net).range_of("product", "KOR", "battery")

    kinds: list[type[SolverError]] = []

    def failed(self: Run, name: str, engine: LinearEngine, **_: bool) -> None:
        raise kinds[-1]("numbers")

    monkeypatch.setattr(Run, "again", failed)
    result = balance(net)
    engine = LinearEngine(Spans(result.run, result.x).ends._program(0.0))

    def spans() -> Spans:
        found = Spans(result.run, result.x)
        found.ends.__dict__["engine"] = engine
        return found

    for kind in (SolverError, InfeasibleError, CertificateError):
        kinds.append(kind)
        found = spans().of("product", "KOR", "battery")
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    kinds.append(InterruptedSolveError)
    with pytest.raises(InterruptedSolveError):
        spans().of("product", "KOR", "battery")


def test_an_end_does_not_hang_on_the_room_that_rounding_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What comes by the first link costs a little a tonne, by the second a hundred times as much.

    Nothing may be spent, so that nothing comes. Of a millionth of all costs, as much as the first
    link lets pass and some by the second can be paid: the price of the last tonne would have it
    that most of that comes for nothing. With less room the price is that of the first tonne.
    """
    net = shared([100.0] * 2, {"KOR": 60.0}, {(0, "KOR"): 5.0, (1, "KOR"): None})
    run = balance(net).run
    first, second = (column for column, _ in run.model.columns.of("element"))
    spent = run.model.vector({first: -0.1, second: -10.0})
    run.pins[:] = [Pin(spent, 0.0, 1e6)]
    again, tried = Run.again, list[str]()

    def failed(self: Run, name: str, engine: LinearEngine, **words: bool) -> Any:
        tried.append(name)
        if tried.count("most served") == 1 and name == "most served":
            raise SolverError("numbers")
        return again(self, name, engine, **words)

    monkeypatch.setattr(Run, "again", failed)
    served = run.model.vector({column: 1.0 for column, _ in run.model.columns.of("served")})
    ends = Ends(run)
    assert ends.most("served", served) == pytest.approx(0.0, abs=1e-4)
    assert tried.count("most served") == 2
    beyond = Ends(run)
    beyond._room = 1e-6
    assert beyond.most("beyond the kink", served) > 4.9
