"""A scope in numbers says what the scope says in words, and rows are those of plain loops."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given

import supplynet as sn
from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.balance.codes import alike, coded
from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.model import Model
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.scope import Scope
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.grown import grown_network
from tests.analysis.balance.test_laws import contested_networks
from tests.analysis.balance.test_model import built, example

NETWORKS = [
    lambda: sn.load("tutorial"),
    lambda: sn.load("rare-earths"),
    example,
    lambda: grown_network(7, 60),
]
IDS = ["tutorial", "rare-earths", "example", "grown"]


@pytest.fixture(params=NETWORKS, ids=IDS, scope="module")
def model(request: pytest.FixtureRequest) -> Model:
    net: SupplyNetwork = request.param()
    return built(net, net.commodity.last_year)


def test_what_enters_plants_and_what_they_leave_of_it(model: Model) -> None:
    given, names = model.scope, model.columns
    codes, entering, leaving = names.codes, names.entering, names.leaving
    pairs = [
        (label, feed)
        for label in given.frame.nodes
        if not given.is_nation(label)
        for feed in given.entering(label)
    ]
    assert [
        (codes.vertices[node], codes.feeds[feed])
        for node, feed in zip(entering.vertex.tolist(), entering.feed.tolist(), strict=True)
    ] == pairs
    for place, (label, feed) in enumerate(pairs):
        yields = [given.yield_of(label, feed, one) for one in codes.elements]
        assert entering.yields[place].tolist() == pytest.approx(yields, rel=1e-14)
        rest, size = given.rest_of(label, feed)
        assert entering.size[place] == pytest.approx(size, rel=1e-14)
        if size > 0.0:
            left = entering.rest[place]
            assert codes.vertices[leaving.vertex[left]] == label
            assert codes.feeds[leaving.feed[left]] == rest


def test_codes_of_other_figures_have_these_and_all_else_in_common(model: Model) -> None:
    """Where a network loses and asks for more, that is worked out anew; what names say is kept."""
    codes, net = model.columns.codes, model.scope.net
    half = [
        row.model_copy(update={"recovery": row.recovery / 2.0, "recovery_low": None})
        for row in net.rows("recoveries")
    ]
    more = [row.model_copy(update={"quantity": 2.0 * row.quantity}) for row in net.demand_rows]
    other = built(net.replace(recoveries=half, demand=more), model.scope.year).scope
    known = codes.recovery, codes.share, codes.scrap, codes.in_scrap, codes.demand
    again, anew = alike(codes, other), coded(other)
    assert again.scope is other
    assert again.vertex_of is codes.vertex_of
    assert (anew.recovery < known[0]).any()
    for name in ("recovery", "share", "scrap", "in_scrap"):
        assert getattr(again, name).tolist() == getattr(anew, name).tolist()
    assert again.demand.tonnes.tolist() == anew.demand.tonnes.tolist()
    assert again.demand.tonnes.tolist() == [2.0 * need for need in codes.demand.tonnes.tolist()]


def test_a_row_of_a_corridor_is_of_the_one_thing_that_its_label_names(model: Model) -> None:
    """Elements, baskets and products share a row for nothing, wherever they pass the same hub."""
    block = next(one for one in model.blocks if one.family == "corridor_balance")
    ends = zip(block.matrix.indptr[:-1], block.matrix.indptr[1:], strict=True)
    for label, (start, end) in zip(block.labels, ends, strict=True):
        things = {model.columns.keys[column][1][1] for column in block.matrix.indices[start:end]}
        (thing,) = things
        words = thing.words if isinstance(thing, Feed) else (thing,)
        assert label[-len(words) :] == words


# -- rows, term by term ----------------------------------------------------------------------


def rows_of(model: Model, family: str) -> dict[tuple[str, ...], dict[int, float]]:
    (block,) = (one for one in model.blocks if one.family == family)
    found: dict[tuple[str, ...], dict[int, float]] = {label: {} for label in block.labels}
    table = block.matrix.tocoo()
    for row, column, value in zip(table.row, table.col, table.data, strict=True):
        found[block.labels[row]][int(column)] = float(value)
    return found


def elements_by_loops(given: Scope, names: Columns) -> dict[tuple[str, ...], dict[int, float]]:
    """The balance of separated elements, variable by variable as its equation says."""
    found: dict[tuple[str, ...], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    frame, contents = given.frame, contents_of(given.net)

    def add(label: str, one: str, place: int, value: float) -> None:
        if label in frame.nodes and not given.is_nation(label) and value:
            found["node", label, one][place] += value

    for place, (kind, key) in enumerate(names.keys):
        label = str(key[0])
        gross = 1.0 + given.scrap.get(label, 0.0)
        if kind == "element":
            arc, one = frame.arcs[int(label)], str(key[1])
            add(arc.head, one, place, given.recovery(arc.head, one))
            gross = 1.0 + given.scrap.get(arc.tail, 0.0)
            add(arc.tail, one, place, 0.0 if arc.is_scrap else -gross)
        elif kind == "surplus":
            add(label, str(key[1]), place, -1.0)
        elif kind == "mix":
            add(label, str(key[2]), place, -gross)
        elif kind == "made" and not given.recipes[label, str(key[1])].sums:
            for one in given.elements:
                add(label, one, place, -gross * contents.get((str(key[1]), one), 0.0))
        elif kind == "processed":
            groups = given.net.commodity.groups
            made = {one for group in frame.nodes[label].makes for one in groups[group]}
            for one in given.pools[label] if key[2] == "all" else made & given.pools[label]:
                add(label, one, place, given.yield_of(label, key[1], one))  # type: ignore[arg-type]
    return found


def test_elements_balance_as_in_a_loop(model: Model) -> None:
    check_elements(model)


@given(contested_networks())
def test_elements_balance_as_in_a_loop_on_random_networks(net: SupplyNetwork) -> None:
    check_elements(built(net))


def check_elements(model: Model) -> None:
    expected = elements_by_loops(model.scope, model.columns)
    rows = rows_of(model, "element_balance")
    assert rows.keys() == expected.keys()
    for label, terms in rows.items():
        assert terms == pytest.approx(dict(expected[label]), rel=1e-14), label
