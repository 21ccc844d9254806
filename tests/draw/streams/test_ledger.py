"""Streams by country and stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.streams.ledger import Gatherer, Ledger, streams_of, through, total

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def ledger(net: SupplyNetwork, top: int, **words: str) -> Ledger:
    found = sn.allocate(net, **words).solved  # type: ignore[arg-type]
    panel = streams_of(found, "Nd", None)
    return Gatherer(found.question, [through(panel)], top).ledger(panel, found.question.year)


def test_a_stop_passes_on_what_comes(tutorial: SupplyNetwork) -> None:
    found = ledger(tutorial, 9)
    for key, stop in found.stops.items():
        out = sum(one.tonnes for one in found.bundles if one.tail == key)
        gone = sum(
            tonnes
            for (one, _), tonnes in (*found.sinks.items(), *found.scrap.items())
            if one == key
        )
        if not tutorial.stages[stop.stage].is_nation:
            assert out + gone == pytest.approx(stop.through)
        into = sum(one.tonnes for one in found.bundles if one.head == key)
        into += sum(tonnes for (_, one), tonnes in found.scrap.items() if one == key)
        if not tutorial.stages[stop.stage].is_origin:
            assert into == pytest.approx(stop.through)


def test_what_is_left_over_has_a_sink(tutorial: SupplyNetwork) -> None:
    found = ledger(tutorial, 9)
    surplus = sum(tonnes for (_, kind), tonnes in found.sinks.items() if kind == "surplus")
    told = sum(row.tonnes for row in sn.allocate(tutorial).surplus if row.element == "Nd")
    assert surplus == pytest.approx(told) and surplus > 0


def test_small_ones_are_put_together(rare_earths: SupplyNetwork) -> None:
    few, many = ledger(rare_earths, 2), ledger(rare_earths, 50)
    sums = [stop for stop in few.stops.values() if not stop.country]
    assert sums and all(stop.title.endswith(" more") for stop in sums)
    # the largest of a sum is named: a sum may be more than what stands alone
    held = {key: stop for key, stop in many.stops.items() if stop.country}
    for one in sums:
        within = [stop for stop in held.values() if stop.members.keys() <= one.members.keys()]
        first = max(within, key=lambda stop: (stop.through, stop.key)) if within else None
        assert first is None or one.title.startswith(first.brief or first.title)
    assert not [stop for stop in many.stops.values() if not stop.country]
    assert sum(few.sinks.values()) == pytest.approx(sum(many.sinks.values()))
    nations = [sum(s.need for s in one.stops.values()) for one in (few, many)]
    assert nations[0] == pytest.approx(nations[1])


def test_nations_with_a_box_are_those_that_no_sum_hides(rare_earths: SupplyNetwork) -> None:
    found = sn.allocate(rare_earths).solved
    panel = streams_of(found, "Nd", None)
    gatherer = Gatherer(found.question, [through(panel)], 2)
    alone = gatherer.with_a_box(panel)
    assert len(alone) == 2 < len(panel.needed)
    titles = {gatherer.ledger(panel, 2026).stops[gatherer.key(*one)].title for one in alone}
    assert not any(title.endswith(" more") for title in titles)
    bloc = frozenset({"KOR", "JPN"})
    together = Gatherer(found.question, [through(panel)], 9, together=bloc, name="both")
    assert bloc in together.with_a_box(panel)
    assert frozenset({"KOR"}) not in together.with_a_box(panel)


def test_owners_count_by_the_lens_of_the_question(rare_earths: SupplyNetwork) -> None:
    titles = {
        lens: {stop.title for stop in ledger(rare_earths, 99, lens=lens).stops.values()}
        for lens in ("location", "control")
    }
    assert "owner unknown" in titles["control"] - titles["location"]


def test_a_potential_is_gathered_with_what_is_needed(tutorial: SupplyNetwork) -> None:
    flow = sn.flow(tutorial, to="MLT", element="Nd")
    found = streams_of(flow, "Nd", None)
    assert sum(found.mined.values()) == pytest.approx(flow.value)
    assert sum(found.served.values()) == pytest.approx(flow.value)
    assert found.needed == {"MLT": flow.demand.value}
    gathered = Gatherer(flow.question, [through(found)], 9).ledger(found, 2024)
    assert max(total([gathered]).values()) >= flow.value
