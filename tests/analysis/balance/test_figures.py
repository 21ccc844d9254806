"""Figures as sums over variables: they are those of the answer, and their ends are right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from supplynet.analysis.balance.figures import KINDS, Figures
from supplynet.analysis.balance.ranges import Spans, moved
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.money_networks import charge, routes
from tests.analysis.balance.rules import flows_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_ask import magnets, need, shared
from tests.analysis.balance.test_laws import contested_networks, others_as_good
from tests.analysis.balance.test_scrap import loop
from tests.analysis.balance.test_seen_links import tonnages
from tests.network.networks import added, edge, node
from tests.sweeps import sweep


def printed(result: SolvedBalance) -> dict[tuple[str, ...], float]:
    """Every figure of an answer by its kind and key, but for elements as mixed."""
    found: dict[tuple[str, ...], float] = {}
    for row in result.coverage:
        found["coverage", row.nation, row.form] = row.served
        found["form", row.form] = found.get(("form", row.form), 0.0) + row.served
    for one in result.deliveries:
        found["product", one.nation, one.product] = one.served
        if one.coverage is not None:
            found["unmet", one.nation, one.product] = one.unmet
    for held in result.elements:
        found["lacking", held.nation, held.element] = held.unmet
    for left in result.surplus:
        found["surplus", left.element, f"node:{left.node}"] = left.tonnes
    for cut in result.scrap:
        for part in ("arisen", "returned", "lost"):
            found["scrap", part, cut.element, f"node:{cut.node}"] = getattr(cut, part)
    for back in result.recycled:
        for part in ("taken", "recovered"):
            found["recycled", part, back.element, f"node:{back.node}"] = getattr(back, part)
    for use in result.utilization:
        found["use", use.kind, use.id] = use.used
    for cost in result.money.costs if result.money else ():
        found["charge", cost.charge, cost.where] = cost.central
    for gap in result.targets:
        found["gap", gap.kind, gap.id] = gap.missing
    for burden in result.burdens:
        for level in ("low", "central", "high"):
            found["burden", burden.cap, level] = getattr(burden, level)
    for went in flows_of(result).to_dict("records"):
        found["flow", went["tail"], went["head"], went["form"], went["what"]] = went["tonnes"]
    return found


ASKED: list[dict[str, Any]] = [
    {"objective": "cost", "avoid": "CHN", "year": 2030},
    {"objective": "observed"},
    {"scenario": "vietnam-caps", "year": 2030, "avoid": "CHN"},
]


@pytest.mark.parametrize(
    "words",
    sweep(ASKED, ASKED[::2]),
    ids=lambda words: "-".join(map(str, words.values())),
)
def test_figures_are_those_of_the_answer(rare_earths: SupplyNetwork, words: dict[str, Any]) -> None:
    """What is minimized and maximized is what is printed, of every kind that has any."""
    result = balance(rare_earths, **words)
    figures = Figures(result.run.model, result.x)
    known = printed(result)
    kinds = {key[0] for key in known}
    absent = {
        "cost": {"element", "gap", "burden"},
        "observed": {"element", "charge", "burden"},
        "max_supply": {"element", "charge", "gap"},
    }[result.objective]
    assert kinds == set(KINDS) - absent
    rounding = 1e-8 * float(abs(result.x).max())  # what a figure takes for nothing
    bulky = [key for key in known if key[0] in ("use", "flow")]
    for key in set(known) - set(bulky[40:]):
        figure = figures.of(*key)
        shown = figures.shown(figure)
        is_rounding = shown == 0.0 and known[key] <= rounding * abs(figure.objective).max()
        assert is_rounding or shown == pytest.approx(known[key], rel=1e-8, abs=1e-6), key
    for element in {row.element for row in result.surplus}:
        total = sum(row.tonnes for row in result.surplus if row.element == element)
        assert figures.shown(figures.of("surplus", element)) == pytest.approx(total, abs=1e-4)
    lost = sum(row.lost for row in result.scrap if row.country == "USA")
    assert figures.shown(figures.of("scrap", "lost", "all", "USA")) == pytest.approx(lost, abs=1e-4)


# -- ends by hand ----------------------------------------------------------------------------


def ends(result: SolvedBalance, *key: str) -> tuple[float, float]:
    found = result.range_of(*key)
    assert found.low <= found.shown <= found.high
    return found.low, found.high


def test_either_mine_may_work() -> None:
    """50 t of two mines with 40 t each: either brings 10 to 40, by plant and by link."""
    result = balance(shared([40.0, 40.0], {"KOR": 50.0}, {(0, "KOR"): None, (1, "KOR"): None}))
    for pit in ("pit0", "pit1"):
        assert ends(result, "use", "node", pit) == pytest.approx((10, 40))
        flow = ("flow", pit, "KOR", "material", "graphite")
        assert ends(result, *flow) == pytest.approx((10, 40))
    assert ends(result, "unmet", "KOR", "battery") == (0, 0)
    assert result.range_of("product", "KOR", "battery").is_settled


def test_a_gap_falls_on_either_link() -> None:
    """Two links with 40 t each leave a shop that has 60: 20 are missing of one, or of both."""
    result = balance(tonnages(40.0, 40.0), objective="observed")
    for nation in ("KOR", "JPN"):
        found = ends(result, "gap", "link", f"vnm -> {nation} (material)")
        assert found == pytest.approx((0, 20), abs=1e-5)


def test_a_charge_falls_on_either_shop() -> None:
    """50 t at 10 dollars in either shop of 60 t; both together come to 500."""
    net = routes([charge(one, "processing", f"node:{one}", 10.0) for one in ("vnm", "chl")])
    result = balance(net, objective="cost")
    for shop in ("vnm", "chl"):
        assert ends(result, "charge", shop, "shop") == pytest.approx((0, 500), abs=1e-3)
    whole = result.range_of("charge")
    assert whole.is_settled
    assert whole.shown == pytest.approx(500)


def test_scrap_goes_to_either_recycler() -> None:
    """Two recyclers with room for all: what each takes is open, what arises is not."""
    net = loop()
    net = added(net, "nodes", node("other", "refiner", "JPN", makes="light"))
    net = added(net, "edges", edge("shop", "other", "scrap"), edge("other", "shop", "oxide"))
    net = added(net, "recoveries", {"node_id": "other", "group": "all", "recovery": 0.8})
    result = balance(net)
    (cut,) = result.scrap
    low, high = ends(result, "recycled", "taken", "Nd", "KOR")
    assert (low, high) == pytest.approx((0, cut.arisen), abs=1e-3)
    assert ends(result, "recycled", "recovered", "all", "JPN") == pytest.approx(
        (0, 0.8 * cut.arisen), abs=1e-3
    )
    for part in ("arisen", "returned", "lost"):
        assert result.range_of("scrap", part).is_settled
    assert result.range_of("recycled", "taken").shown == pytest.approx(cut.arisen)


# -- what products hold ----------------------------------------------------------------------


def two_nations(**wants: float) -> SupplyNetwork:
    """Magnets of 0.1 to 0.3 t of Nd, made up to 0.3 t by Pr, of 10 t of each."""
    net = magnets(share_low=0.1, share_high=0.3)
    nodes = [node(one, "nation", one) for one in wants if one != "KOR"]
    links = [edge("shop", one, "goods") for one in wants if one != "KOR"]
    net = added(added(net, "nodes", *nodes), "edges", *links) if nodes else net
    return added(
        net.replace(demand=()),
        "demand",
        *(need(one, tonnes, "magnet", "t goods") for one, tonnes in wants.items()),
    )


def test_a_magnet_holds_between_the_least_and_the_most() -> None:
    """30 t of magnets hold 9 t of both: 3 to 9 of Nd, and of Pr what is left of it."""
    result = balance(two_nations(KOR=30.0))
    assert ends(result, "element", "KOR", "Nd") == pytest.approx((3, 9), abs=1e-4)
    assert ends(result, "element", "KOR", "Pr") == pytest.approx((0, 6), abs=1e-4)
    assert ends(result, "lacking", "KOR", "Nd") == (0, 0)


def test_batches_of_one_shop_may_differ() -> None:
    """All 20 t go into 66.7 t, 33.3 to Japan: Korea's hold 3.3 to 6.7 t of Nd, all hold 10."""
    result = balance(two_nations(KOR=100 / 3, JPN=100 / 3))
    low, high = ends(result, "element", "KOR", "Nd")
    assert (low, high) == pytest.approx((10 / 3, 20 / 3), abs=1e-4)
    assert ends(result, "element", "JPN", "Nd") == pytest.approx((low, high), abs=1e-4)


def test_the_average_where_ways_meet_is_among_the_mixes(rare_earths: SupplyNetwork) -> None:
    """Without being put between them, what is printed lies between the ends that are found."""
    result = balance(rare_earths, year=2030, avoid="CHN", objective="fair")
    spans = Spans(result.run, result.x)
    rows = {(row.nation, row.element): row.served for row in result.elements}
    for element, nation in sweep([("Nd", "KOR"), ("Dy", "USA")], [("Dy", "USA")]):
        figure = spans.figures.of("element", nation, element)
        assert figure.mixes is not None
        ends = spans.ends_for("element", figure.mixes)
        shown = rows[nation, element]
        low = ends.least(f"{nation} {element}", figure.objective)
        high = ends.most(f"{nation} {element}", figure.objective)
        assert low - 1e-5 * max(1.0, shown) <= shown <= high + 1e-5 * max(1.0, shown)


@given(contested_networks())
@settings(max_examples=15)
def test_law_every_other_optimum_lies_within_the_ends(net: SupplyNetwork) -> None:
    """Other rules that serve as much in all, and what they leave over, are among the optima."""
    result = balance(net)
    least = float(moved(result.run.model) @ result.x)
    for other in others_as_good(net, result):
        for row in other.elements:
            for kind, value in (("element", row.served), ("lacking", row.unmet)):
                low, high = ends(result, kind, row.nation, row.element)
                assert low - 1e-5 <= value <= high + 1e-5, (kind, row)
        if float(moved(other.run.model) @ other.x) > least:
            continue
        for left in other.surplus:
            low, high = ends(result, "surplus", left.element, f"node:{left.node}")
            assert low - 1e-4 <= left.tonnes <= high + 1e-4
