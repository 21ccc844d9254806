"""Balances in money: worked out by hand, moved by tariffs and premiums, and their laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.errors import OptionError, UnboundedError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.analysis.balance.money_networks import charge, price, routes
from tests.analysis.balance.rules import flows_of, summary_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_laws import imbalance
from tests.network.networks import added, changed, edge, headed
from tests.sweeps import sweep

MAKING = [
    charge("digging", "processing", "pit", 10.0),
    charge("making-vnm", "processing", "VNM:shop", 20.0),
    charge("making-chl", "processing", "CHL:shop", 25.0),
]


def carried(result: SolvedBalance) -> dict[str, float]:
    """Tonnes that leave each shop, by its id."""
    found = {"vnm": 0.0, "chl": 0.0}
    for row in flows_of(result).itertuples():
        if row.tail in found:
            found[row.tail] += row.tonnes
    return found


def served(result: SolvedBalance) -> dict[str, float]:
    return {row.nation: row.served for row in result.deliveries}


def costs(result: SolvedBalance) -> dict[str, float]:
    assert result.money is not None
    return {row.charge: row.central for row in result.money.costs}


# -- by hand ---------------------------------------------------------------------------------


def test_the_cheaper_shop_works_first() -> None:
    """50 t through Viet Nam: 50 x (10 + 20) dollars; a tonne that arrives saves 30."""
    result = balance(routes(MAKING), objective="cost")
    money = result.money
    assert money is not None
    assert carried(result) == pytest.approx({"vnm": 50, "chl": 0}, abs=1e-6)
    assert costs(result) == pytest.approx({"digging": 500, "making-vnm": 1000})
    assert money.total == pytest.approx(1500)
    assert dict(money.optimum) == pytest.approx({"low": 1500, "central": 1500, "high": 1500})
    assert money.by_place == pytest.approx({"pit": 500, "shop": 1000})
    assert [row.price for row in money.scarcity] == pytest.approx([30])
    assert {row.node: row.price for row in money.elements} == pytest.approx(
        {"KOR": 30, "vnm": 10, "pit": 10}
    )
    assert result.certificate.ok
    assert "It costs USD 1,500 a year" in summary_of(result)


def test_what_costs_more_than_it_is_worth_is_not_served() -> None:
    """At 32 dollars a tonne Chile's shop, 35 dollars with the digging, stands still."""
    result = balance(routes(MAKING, [price(32.0)], demand={"KOR": 80.0}), objective="price")
    assert served(result) == pytest.approx({"KOR": 60})
    assert result.money is not None
    assert result.money.optimum["central"] == pytest.approx(60 * 2)
    assert [row.price for row in result.money.scarcity] == pytest.approx([32])
    ((worth),) = result.money.worths
    assert (worth.central, worth.kind, worth.year) == (32.0, "market", 2024)
    (limit,) = result.binding
    assert (limit.id, limit.worth_unit) == ("vnm", "thousand USD/yr")


def test_low_and_high_ends_make_a_range() -> None:
    ends = {"amount_low": 15.0, "amount_high": 40.0}
    making = [charge("making-vnm", "processing", "VNM:shop", 20.0, **ends), MAKING[2]]
    result = balance(routes(making, [price(50.0, price_low=45.0)]), objective="cost")
    assert result.money is not None
    assert dict(result.money.optimum) == pytest.approx(
        {"low": 750, "central": 1000, "high": 1250}  # at 40 dollars Chile makes them, for 25
    )
    (row,) = result.money.costs
    assert (row.low, row.central, row.high) == pytest.approx((750, 1000, 2000))
    worth = balance(routes(making, [price(50.0, price_low=45.0)]), objective="price").money
    assert worth is not None
    assert dict(worth.optimum) == pytest.approx({"low": 1000, "central": 1500, "high": 1750})


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """1,250 t of goods out of 12.5 t of Dy2O3: 200 t of ore for 10 + 20 dollars each; all of it
    made in Iceland for 40 dollars, where it is cheapest; Malta's 850 t are shipped for 5."""
    result = balance(tutorial, objective="cost")
    found = costs(result)
    assert found["mining"] == pytest.approx(200 * 10)
    assert found["parting"] == pytest.approx(200 * 20)
    assert found["making-isl"] == pytest.approx(1250 * 40, rel=1e-4)
    assert found["freight-goods"] == pytest.approx(850 * 5, rel=1e-4)
    assert set(found) == {"mining", "parting", "making-isl", "freight-goods"}


def test_the_tutorial_in_prices_by_hand(tutorial: SupplyNetwork) -> None:
    """Malta pays 20 dollars more for 5 of freight: it gets all that the rule of 100 t oxide, or
    909 t of goods, lets through; Iceland gets the rest of 1,250 t."""
    result = balance(tutorial, objective="price")
    assert served(result) == pytest.approx({"MLT": 100 / 0.11, "ISL": 1250 - 100 / 0.11}, rel=1e-4)
    assert result.money is not None
    assert [row.price for row in result.money.scarcity] == pytest.approx([200, 180])
    (malta, _) = result.money.ranges(result.money.scarcity)
    assert malta.is_settled


# -- tariffs, premiums, corridors -------------------------------------------------------------


def test_a_tariff_on_one_of_two_routes_moves_the_flow() -> None:
    duty = charge("duty", "tariff", "VNM", 0.2, target="KOR", unit="share")
    net = routes([*MAKING, duty], [price(30.0)])  # 6 dollars on a gap of 5
    assert carried(balance(net, objective="cost")) == pytest.approx({"vnm": 0, "chl": 50}, abs=1e-6)
    lower = changed(net, "charges", lambda row: row.id == "duty", amount=0.1)
    result = balance(lower, objective="cost")
    assert carried(result) == pytest.approx({"vnm": 50, "chl": 0}, abs=1e-6)
    assert costs(result)["duty"] == pytest.approx(50 * 3)
    assert result.money is not None
    assert result.money.by_place["material"] == pytest.approx(150)


def test_a_duty_counts_in_its_years_only() -> None:
    duty = charge("duty", "tariff", "VNM", 6.0, target="KOR", start_year=2025, end_year=2026)
    net = routes([*MAKING, duty])
    net = headed(net, last_year=2027)
    years = (2024, 2025, 2026, 2027)
    through = [carried(balance(net, objective="cost", year=year))["chl"] for year in years]
    assert through == pytest.approx([0, 50, 50, 0], abs=1e-6)


def test_a_premium_outbids() -> None:
    """Japan and Korea pay alike for too little; 2 dollars on top decide."""
    demand = {"KOR": 80.0, "JPN": 80.0}
    premium = charge("buyback", "premium", "all", 2.0, target="KOR")
    for others, first in (({}, "KOR"), ({"target": "JPN"}, "JPN")):
        net = routes([*MAKING, {**premium, **others}], [price(90.0)], demand=demand)
        result = balance(net, objective="price")
        assert served(result)[first] == pytest.approx(80)
        assert costs(result)["buyback"] == pytest.approx(-160)


def test_a_premium_that_pays_for_going_round_is_told() -> None:
    """A loop of two unbounded shops earns 2 dollars a turn."""
    net = routes([charge("buyback", "premium", "VNM", 2.0, target="CHL")])
    net = changed(net, "nodes", lambda row: row.stage == "shop", capacity=None)
    net = added(net, "edges", edge("vnm", "chl", "material"), edge("chl", "vnm", "material"))
    with pytest.raises(UnboundedError, match="premium pays for moving without end"):
        balance(net, objective="cost")


CORRIDOR = {
    "id": "sales",
    "source": "shop",
    "target": "nation",
    "form": "material",
    "standing": "possible",
    "reason": "made up",
}


@pytest.mark.parametrize("unit", ["t", "share"])
def test_a_corridor_is_taken_apart_where_a_tariff_needs_it(unit: str) -> None:
    """Every shop sells to every nation; only Viet Nam's sales to Korea pay."""
    duty = charge("duty", "tariff", "VNM", 20.0 if unit == "t" else 0.2, target="KOR", unit=unit)
    net = routes(
        [*MAKING, duty],
        [price(100.0)],
        demand={"KOR": 40.0, "JPN": 40.0},
        edges=[],
        rules=[CORRIDOR],
    )
    plain = balance(net)
    result = balance(net, objective="cost")
    assert sum(served(result).values()) == pytest.approx(sum(served(plain).values()))
    assert served(result) == pytest.approx({"KOR": 40, "JPN": 40})
    assert "duty" not in costs(result)
    assert carried(result) == pytest.approx({"vnm": 40, "chl": 40})
    table = flows_of(result)
    hubs = table[table["tail"].str.startswith("rule:sales.")]
    assert set(hubs["head"]) == {"KOR", "JPN"}


def test_a_corridor_of_senders_that_are_alike_stays_whole() -> None:
    """All senders pay, or all receivers: the hub keeps its name."""
    for duty in (
        charge("duty", "tariff", "all", 3.0, target="KOR"),
        charge("duty", "tariff", "VNM", 3.0, target="all"),
    ):
        net = routes([*MAKING, duty], demand={"KOR": 40.0, "JPN": 40.0}, edges=[], rules=[CORRIDOR])
        result = balance(net, objective="cost")
        assert {row.id for row in result.run.model.scope.net.rule_rows} == {"sales"}
        paid = sum(
            row.tonnes
            for row in flows_of(result).itertuples()
            if (row.head == "KOR" if duty["source"] == "all" else row.tail == "vnm")
        )
        assert costs(result)["duty"] == pytest.approx(3.0 * paid)
        assert paid > 0


def test_a_corridor_with_one_bound_cannot_be_taken_apart() -> None:
    duty = charge("duty", "tariff", "VNM", 3.0, target="KOR")
    net = routes(
        [*MAKING, duty],
        demand={"KOR": 40.0, "JPN": 40.0},
        edges=[],
        rules=[{**CORRIDOR, "capacity": 70, "unit": "t"}],
    )
    with pytest.raises(OptionError, match="rule sales has one tonnage for links that charge duty"):
        balance(net, objective="cost")
    assert balance(net).certificate.ok


# -- duality ---------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1e-3, -1e-3])
def test_a_price_is_the_change_of_the_objective_for_a_tonne(
    tutorial: SupplyNetwork, step: float
) -> None:
    """Demand a little more or less: a nation that is short gains nothing; served in full, it
    changes the objective by what it pays less the scarcity price."""
    for net in (tutorial, routes(MAKING, [price(100.0)], demand={"KOR": 80.0})):
        result = balance(net, objective="price")
        assert result.money is not None
        for row, worth in zip(result.money.scarcity, result.money.worths, strict=True):
            moved = balance(
                changed(
                    net,
                    "demand",
                    lambda one, row=row: (one.nation, one.year) == (row.nation, 2024),
                    quantity=result.run.model.scope.demand[row.nation, row.product] + step,
                ),
                objective="price",
            )
            assert moved.money is not None
            gain = (moved.money.optimum["central"] - result.money.optimum["central"]) / step
            assert gain == pytest.approx(worth.central - row.price, abs=1e-2)


def test_a_degenerate_price_is_a_range() -> None:
    """At exactly 60 t Viet Nam's shop is full: a tonne less saves 30, one more would take 35."""
    result = balance(routes(MAKING, [price(100.0)], demand={"KOR": 60.0}), objective="price")
    assert result.money is not None
    (span,) = result.money.ranges(result.money.scarcity)
    assert span.low == pytest.approx(30)
    assert span.high == pytest.approx(35)
    assert span.low - 1e-6 <= span.price <= span.high + 1e-6
    assert not span.is_settled


# -- laws ------------------------------------------------------------------------------------

amounts = st.integers(0, 40).map(float)


@given(st.tuples(amounts, amounts, amounts), st.integers(1, 120).map(float))
@settings(max_examples=12, deadline=None)
def test_law_cost_serves_what_max_supply_serves(
    dollars: tuple[float, float, float], demand: float
) -> None:
    making = [{**one, "amount": value} for one, value in zip(MAKING, dollars, strict=True)]
    net = routes(making, demand={"KOR": demand, "JPN": 30.0})
    plain, cheap = balance(net), balance(net, objective="cost")
    assert sum(served(cheap).values()) == pytest.approx(sum(served(plain).values()), abs=1e-6)
    assert cheap.money is not None
    total = sum(served(cheap).values())
    # by hand: the cheaper shop up to 60 t, the other the rest
    first, last = sorted(dollars[1:])
    least = dollars[0] * total + first * min(60, total) + last * max(0.0, total - 60)
    assert cheap.money.optimum["central"] == pytest.approx(least, abs=1e-3)


@given(amounts, amounts, st.sampled_from([0.5, 3.0, 40.0]))
@settings(max_examples=8, deadline=None)
def test_law_a_factor_on_all_prices_changes_no_flow(
    korea: float, japan: float, factor: float
) -> None:
    """Without charges, and with charges that are shares of the prices."""
    pays = [price(korea + 1.0, place="KOR"), price(japan + 1.5, place="JPN")]
    duty = charge("duty", "tariff", "VNM", 0.25, target="KOR", unit="share")
    demand = {"KOR": 80.0, "JPN": 80.0}
    for charges in ([], [duty]):
        net = routes(charges, pays, demand=demand)
        change = {"verb": "price", "nodes": "all", "form": "material", "factor": factor}
        scaled = net.with_scenario(Scenario.from_dict({"change": [change]}, name="dearer"))
        one, other = balance(net, objective="price"), balance(scaled, objective="price")
        assert served(other) == pytest.approx(served(one), abs=1e-6)
        assert one.money is not None
        assert other.money is not None
        assert other.money.optimum["central"] == pytest.approx(
            factor * one.money.optimum["central"], rel=1e-6, abs=1e-6
        )


# -- what is refused -------------------------------------------------------------------------


def test_a_graph_without_figures_refuses_and_answers_the_rest() -> None:
    net = routes([])
    with pytest.raises(OptionError, match="'cost' needs to know what things cost"):
        balance(net, objective="cost")
    with pytest.raises(OptionError, match="'price' needs to know what buyers pay"):
        balance(net, objective="price")
    assert balance(net).money is None
    assert balance(net).money is None
    with pytest.raises(OptionError, match="weights say nothing to objective 'price'"):
        balance(net, objective="price", weights={"battery": 2.0})


def test_a_product_without_a_price_is_named() -> None:
    net = routes(MAKING, [price(5.0, place="JPN")], demand={"KOR": 5.0, "JPN": 5.0})
    with pytest.raises(OptionError, match="has no price for battery in KOR"):
        balance(net, objective="price")


# -- the shipped graph -----------------------------------------------------------------------


MONEY: list[tuple[int, str | None]] = [(2024, None), (2030, None), (2030, "CHN")]


@pytest.mark.slow
@pytest.mark.parametrize(("year", "avoid"), sweep(MONEY, MONEY[2:]))
def test_the_shipped_graph_in_money(
    rare_earths: SupplyNetwork, year: int, avoid: str | None
) -> None:
    """Corridors taken apart serve as much; mass is conserved; figures lie within their range."""
    words: dict[str, Any] = {"year": year, "avoid": avoid}
    plain = balance(rare_earths, **words)
    cheap = balance(rare_earths, objective="cost", **words)
    total = sum(row.served for row in plain.deliveries)
    assert sum(row.served for row in cheap.deliveries) == pytest.approx(total, rel=1e-7)
    assert len(cheap.run.model.scope.net.rule_rows) > len(rare_earths.rule_rows)
    assert imbalance(cheap) <= 1e-8  # the solver keeps its rows to 1e-7 at worst
    assert cheap.money is not None
    best = cheap.money.optimum
    assert 0 < best["low"] < best["central"] < best["high"]
    assert cheap.money.total == pytest.approx(best["central"], rel=1e-6)
    worth = balance(rare_earths, objective="price", **words)
    assert worth.money is not None
    assert sum(row.served for row in worth.deliveries) <= total * (1 + 1e-7)
    # what serving the most leaves is no more than what the best choice leaves
    paid = {(row.nation, row.product): row.central for row in worth.money.worths}
    left = sum(row.served * paid[row.nation, row.product] for row in cheap.deliveries)
    gain = worth.money.optimum["central"]
    assert left - cheap.money.total <= gain * (1 + 1e-7)
    served = sum(row.served * paid[row.nation, row.product] for row in worth.deliveries)
    assert served - worth.money.total == pytest.approx(gain, rel=1e-6)
    assert all(
        row.price <= paid[row.nation, row.product] * (1 + 1e-6)
        for row, got in zip(worth.money.scarcity, worth.deliveries, strict=True)
        if got.served > 1e-6 * got.demand
    )
