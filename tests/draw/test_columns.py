"""Columns, also where a stage feeds itself."""

from __future__ import annotations

import supplynet as sn
from supplynet.draw.answer import answer_of
from supplynet.draw.columns import columns_of
from supplynet.draw.grouping import Bundle, Gathered, Group, gather
from supplynet.draw.order import ON_THE_WAY
from tests.draw.networks import EDGES, NODES, link, network


def test_stages_without_flow_have_no_column() -> None:
    direct = [link("m-fji", "MLT", 10)]
    flow = sn.max_flow(network(edges=direct), to="MLT", element="graphite")
    columns = columns_of(gather(answer_of(flow, None), level="country", top=None, with_cut=True))
    assert columns.spans == ((0, 0, 0), (3, 1, 1))
    assert columns.last == 1


def test_a_plant_fed_by_one_of_its_stage_stands_to_the_right() -> None:
    edges = [edge for edge in EDGES if edge["source"] not in ("p-fji", "m-nzl")]
    edges += [link("p-fji", "p-nzl")]
    flow = sn.max_flow(network(NODES, edges), to="MLT", element="graphite", avoid="ISL")
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
    groups = {key: Group(key, 1, ON_THE_WAY, key, key[-3:], flow=1.0) for key in keys}
    ring = zip(keys, [*keys[1:], keys[0]], strict=True)
    bundles = tuple(Bundle(tail, head, "sure", "", 1.0) for tail, head in ring)
    columns = columns_of(Gathered(groups, bundles))
    steps = [columns.of[bundle.head] - columns.of[bundle.tail] for bundle in bundles]
    assert sorted(steps) == [-2, 1, 1]


def test_grey_ways_make_no_column() -> None:
    keys = ["1|country|AAA", "1|shut|BBB"]
    groups = {key: Group(key, 1, ON_THE_WAY, key, key[-3:], ghost=1.0) for key in keys}
    columns = columns_of(Gathered(groups, (Bundle(*keys, "shut", "", 1.0),)))
    assert columns.spans == ((1, 0, 0),)


def test_nothing_has_no_columns() -> None:
    assert columns_of(Gathered({}, ())).last == 0
