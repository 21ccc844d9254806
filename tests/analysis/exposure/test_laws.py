"""Laws of the exposure on random networks and on the shipped graph."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.exposure.ranges import ShareEnds
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.trace import ElementFlow, arrived, flow_of, shares, touched
from supplynet.arrays import Floats
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select
from supplynet.questions.exposure import ExposureResult, exposure_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_laws import contested_networks

LENS_WORDS = ("location", "control")
LENSES = st.sampled_from(LENS_WORDS)
#: rounding of two programs
CLOSE = 1e-6


def traced(net: SupplyNetwork, exposed_to: str = "CHN", **words: Any) -> ExposureResult:
    assume(all(select(net, exposed_to, lens=lens).possibly for lens in LENS_WORDS))
    result = exposure_of(balance(net), to="KOR", exposed_to=exposed_to, **words)
    assume(any(one.supply > 1e-6 for one in result.studies))
    return result


@pytest.mark.slow
@given(contested_networks(), LENSES, st.sampled_from(["CHN", "AUS:refiner", "maker,!VNM"]))
@settings(max_examples=20)
def test_law_the_proportional_share_lies_between_least_and_greatest(
    net: SupplyNetwork, lens: str, exposed_to: str
) -> None:
    """The programs themselves are asked, before anything is rounded to fit."""
    result = traced(net, exposed_to, lens=lens)
    found = result.asked.exposed[lens]
    for one in result.studies:
        row = result.at(one.element)
        if one.supply <= 1e-6 or row.traced is None or row.traced_possibly is None:
            continue
        found_ends = []
        for plants, maximize in ((found.surely, False), (found.possibly, True)):
            mark = touched(one.moves, plants)
            ends = ShareEnds(result.balance.run, [(one, mark)], 0.0)
            end, proof = ends.end(maximize=maximize)
            other, _ = ends.end(maximize=not maximize)  # solved from the first
            assert (end <= other + CLOSE) if not maximize else (end >= other - CLOSE)
            assert proof.ok
            found_ends.append(end)
        least, greatest = found_ends
        assert -CLOSE <= least <= row.traced + CLOSE
        assert row.traced <= row.traced_possibly
        assert row.traced_possibly - CLOSE <= greatest <= 1.0 + CLOSE
        for place in (row.direct, row.direct_possibly):
            assert place is not None
        assert row.direct is not None
        assert row.direct <= row.traced + 1e-9


@given(contested_networks(), LENSES)
@settings(max_examples=15)
def test_law_everything_is_touched_by_everything_and_by_nothing_nothing(
    net: SupplyNetwork, lens: str
) -> None:
    everything = traced(net, "all", lens=lens)
    busy = {one.node for one in everything.plants}
    idle = [row.id for row in net.node_rows if row.id not in busy and row.stage != "nation"]
    for name in everything.names:
        row = everything.at(name)
        if row.traced is None:
            continue
        assert (row.direct, row.traced, row.traced_possibly) == pytest.approx((1, 1, 1))
        by_stage = [everything.at(name, stage).direct or 0.0 for stage in everything.asked.plants]
        assert sum(by_stage) == pytest.approx(1)
        assert everything.at(name, "mine").traced == pytest.approx(1)
    if idle:
        nothing = exposure_of(
            everything.balance,
            to="KOR",
            exposed_to=[f"node:{one}" for one in idle],
        )
        assert {(row.direct, row.traced) for row in nothing.stages} <= {(0.0, 0.0), (None, None)}


@given(contested_networks(), LENSES)
@settings(max_examples=15)
def test_law_parts_add_up(net: SupplyNetwork, lens: str) -> None:
    """Mines share the whole supply; touching any step is no more than touching each in sum."""
    result = traced(net, lens=lens)
    for name in result.names:
        row = result.at(name)
        if row.traced is None or row.traced_possibly is None:
            continue
        mines = [
            one.share
            for one in result.holders
            if (one.element, one.lens, one.stage) == (name, lens, "mine")
        ]
        assert sum(mines) == pytest.approx(1, abs=1e-9)
        steps = [result.at(name, stage).traced or 0.0 for stage in result.asked.plants]
        assert max(steps) - 1e-9 <= row.traced <= sum(steps) + 1e-9
        for one in result.concentrations:
            assert one.low <= one.high + 1e-12
            if one.element == name and one.passed > 0.0:
                assert 0.0 < one.low <= one.high <= 1.0 + 1e-9


def by_walks(flow: ElementFlow, plants: frozenset[str], pots: Floats) -> float | None:
    """Follow every way from each supplied tonne back to its mine; None if there is a circle."""
    moves = flow.moves
    coming: dict[int, list[tuple[int, float]]] = defaultdict(list)
    rows = zip(moves.tail.tolist(), moves.head.tolist(), flow.arriving.tolist(), strict=True)
    for tail, head, tonnes in rows:
        if tonnes > 0.0:
            coming[head].append((tail, tonnes))
    total = 0.0

    def follow(place: int, part: float, has_touched: bool, path: tuple[int, ...]) -> bool:
        nonlocal total
        pot = moves.pots[place]
        has_touched = has_touched or pot.label in plants
        if pot.kind == "ground":
            total += part if has_touched else 0.0
            return True
        if place in path:
            return False
        whole = sum(tonnes for _, tonnes in coming[place])
        return all(
            follow(tail, part * tonnes / whole, has_touched, (*path, place))
            for tail, tonnes in coming[place]
        )

    for place in np.flatnonzero(pots).tolist():
        whole = sum(tonnes for _, tonnes in coming[place])
        if whole > 0.0 and not follow(place, whole, False, ()):
            return None
    return total


@given(contested_networks(), LENSES)
@settings(max_examples=20)
def test_law_the_trace_is_the_sum_over_all_ways(net: SupplyNetwork, lens: str) -> None:
    """On networks without circles, every way is walked one by one."""
    result = traced(net, lens=lens)
    model = result.balance.run.model
    plants = result.asked.exposed[lens].surely
    for one in result.studies:
        flow = flow_of(one.moves, without_excess(model, result.balance.x))
        walked = by_walks(flow, plants, one.pots)
        if walked is not None:
            tonnes = one.tonnes[f"{lens}  traced"]
            assert tonnes == pytest.approx(walked, rel=1e-9, abs=1e-9 * (flow.largest or 1.0))


@given(contested_networks(), st.lists(st.integers(-5, 5), min_size=40, max_size=40))
@settings(max_examples=15)
def test_law_no_other_optimal_balance_leaves_the_range(
    net: SupplyNetwork, tastes: list[int]
) -> None:
    """Balances that are optimal but pulled this way and that, each traced proportionally."""
    result = traced(net, ranges="total")
    run = result.balance.run
    moving = [
        place for kind in ("feed", "element", "product") for place, _ in run.model.columns.of(kind)
    ]
    pull = {place: 1.0 + tastes[k % 40] / 10.0 for k, place in enumerate(moving)}
    other = run.minimize("pulled", run.model.vector(pull)).x
    plants = result.asked.exposed["location"].surely
    for one in result.studies:
        flow = flow_of(one.moves, without_excess(run.model, other))
        supply = float(flow.arriving[one.pots[one.moves.head]].sum())
        span = result.range_of(one.element)
        if supply <= 1e-6 or not span or span.least is None or span.greatest is None:
            continue
        share = shares(flow, touched(one.moves, plants))
        part = float(arrived(flow, share, one.pots)[0]) / supply
        assert span.least - CLOSE <= part <= span.greatest + CLOSE


# -- the shipped graph -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(rare_earths: SupplyNetwork) -> SolvedBalance:
    return balance(rare_earths, year=2030, scenario="redesigned")


@pytest.mark.parametrize("lens", ["location", pytest.param("control", marks=pytest.mark.slow)])
def test_the_trace_of_the_shipped_graph_conserves_mass(shipped: SolvedBalance, lens: str) -> None:
    asked = {"to": "EU", "exposed_to": "CHN", "element": "all"}
    result = exposure_of(shipped, lens=lens, **asked)
    assert len(result.elements) == len(shipped.question.net.commodity.elements)
    for certificate in result.certificates.values():
        assert certificate.ok
        for check in certificate.checks:
            assert check.residual <= 1e-9
