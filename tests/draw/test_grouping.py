"""Boxes and ribbons before they have a place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.answer import answer_of
from supplynet.draw.grouping import Bundle, Gathered, Group, columns_of, gather
from supplynet.terms import DetailName
from tests.draw.networks import EDGES, NODES, link, network

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


@pytest.mark.parametrize("level", ["country", "facility"])
@pytest.mark.parametrize("top", [None, 1, 3])
@pytest.mark.parametrize("element", ["Nd", "Dy"])
def test_ribbons_at_a_box_add_up_to_its_flow(
    korea: BypassResult, level: DetailName, top: int | None, element: str
) -> None:
    gathered = gather(answer_of(korea, element), level=level, top=top, with_cut=True)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for bundle in gathered.bundles:
        sums[bundle.head][0] += bundle.tonnes
        sums[bundle.tail][1] += bundle.tonnes
    for key, group in gathered.groups.items():
        entering, leaving = sums[key]
        assert max(entering, leaving) == pytest.approx(group.flow, abs=1e-9)
        if entering and leaving:
            assert entering == pytest.approx(leaving)


def test_boxes_are_countries_at_a_stage(demo_bypass: BypassResult) -> None:
    groups = gather(answer_of(demo_bypass, None), level="country", top=None, with_cut=True).groups
    assert groups["0|country|FJI"].flow == pytest.approx(70)
    assert groups["0|country|NZL"].flow == pytest.approx(30)
    assert groups["3|country|MLT"].flow == pytest.approx(100)
    assert groups["2|country|FJI"].cut == pytest.approx({"k-fji": 70})
    assert groups["1|country|NZL"].cut == pytest.approx({"p-nzl": 30})


@pytest.mark.parametrize("level", ["country", "facility"])
def test_top_keeps_the_largest_and_sums_the_rest(korea: BypassResult, level: DetailName) -> None:
    answer = answer_of(korea, "Nd")
    whole = gather(answer, level=level, top=999, with_cut=True).groups
    some = gather(answer, level=level, top=2, with_cut=True).groups
    for stage in {group.stage for group in whole.values()}:
        column = [g for g in whole.values() if g.stage == stage]
        kept = [g for g in some.values() if g.stage == stage]
        alone = [g for g in kept if not g.is_sum]
        ranked = sorted((g.flow for g in column), reverse=True)
        if len(column) <= 3:
            assert len(kept) == len(column)
            continue
        assert sorted((g.flow for g in alone), reverse=True) == pytest.approx(ranked[:2])
        (rest,) = [g for g in kept if g.is_sum]
        told = f"{len(column) - 2} others"  # names of plants are too long for a sum
        if level == "country":
            largest = sorted(column, key=lambda g: (-g.flow, g.key))[2]
            told = f"{largest.brief or largest.title} and {len(column) - 3} more"
        assert rest.title == told
        assert sum(rest.members.values()) >= rest.flow - 1e-6


def test_the_targets_of_a_bloc_are_one_box(rare_earths: SupplyNetwork) -> None:
    result = sn.bypass(rare_earths, to="EU", avoid="CHN", element="Nd", year=2030)
    gathered = gather(answer_of(result, None), level="facility", top=None, with_cut=True)
    last = [g for g in gathered.groups.values() if g.members.keys() & result.question.targets]
    assert [group.title for group in last] == ["EU"]
    assert last[0].flow == pytest.approx(result.elements[0].flow.value)


def test_stages_without_flow_have_no_column() -> None:
    direct = [link("m-fji", "MLT", 10)]
    flow = sn.flow(network(edges=direct), to="MLT", element="graphite")
    columns = columns_of(gather(answer_of(flow, None), level="country", top=None, with_cut=True))
    assert columns.spans == ((0, 0, 0), (3, 1, 1))
    assert columns.last == 1


def test_a_plant_fed_by_one_of_its_stage_stands_to_the_right() -> None:
    edges = [edge for edge in EDGES if edge["source"] not in ("p-fji", "m-nzl")]
    edges += [link("p-fji", "p-nzl")]
    flow = sn.flow(
        network(NODES, edges),
        to="MLT",
        element="graphite",
        avoid="ISL",
        year=2024,
        tier="possible",
    )
    for level in ("country", "facility"):
        gathered = gather(answer_of(flow, None), level=level, top=None, with_cut=True)
        columns = columns_of(gathered)
        plants = {key: column for key, column in columns.of.items() if key.startswith("1|")}
        (first,) = [column for key, column in plants.items() if "fji" in key.lower()]
        (second,) = [column for key, column in plants.items() if "nzl" in key.lower()]
        assert (first, second) == (1, 2)
        assert (1, 1, 2) in columns.spans


def test_a_circle_within_a_stage_becomes_one_way_back() -> None:
    keys = ["1|country|AAA", "1|country|BBB", "1|country|CCC"]
    groups = {key: Group(key, 1, key, key[-3:], flow=1.0) for key in keys}
    ring = zip(keys, [*keys[1:], keys[0]], strict=True)
    bundles = tuple(Bundle(tail, head, "sure", "", 1.0) for tail, head in ring)
    columns = columns_of(Gathered(groups, bundles))
    steps = [columns.of[bundle.head] - columns.of[bundle.tail] for bundle in bundles]
    assert sorted(steps) == [-2, 1, 1]
