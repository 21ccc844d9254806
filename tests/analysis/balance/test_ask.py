"""The contested picture: closed forms, objectives, words and errors."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.errors import (
    InterruptedSolveError,
    OptionError,
    UnboundedError,
)
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.change import Close
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import Unit
from supplynet.questions.explain import explanation_of
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.rules import summary_of
from tests.network.networks import added, asking, changed, edge, metadata, network, node

T = {"unit": "t"}
CLOSED = Scenario(name="pit", title="Pit", change=(Close(verb="close", nodes="node:mine-small"),))


def need(nation: str, quantity: float, product: str = "battery", unit: str = "t") -> dict[str, Any]:
    return {
        "nation": nation,
        "use": "any",
        "product": product,
        "year": 2024,
        "quantity": quantity,
        "unit": unit,
    }


def chain(last: float | None, *, demand: float | None = 1000.0) -> SupplyNetwork:
    """100 t/yr of one commodity, yields of 0.8 and 0.9, and a last link that may be limited."""
    bound = {} if last is None else {"capacity": last, **T}
    return network(
        simple_metadata("chain", stages=["pit", "mill", "shop", "nation"], commodity="graphite"),
        nodes=[
            node("pit", "pit", "AUS", capacity=100, **T),
            node("mill", "mill", "AUS"),
            node("shop", "shop", "AUS"),
            node("KOR", "nation", "KOR"),
        ],
        edges=[
            edge("pit", "mill", "material"),
            edge("mill", "shop", "material"),
            edge("shop", "KOR", "material", **bound),
        ],
        recoveries=[
            {"node_id": "mill", "group": "all", "recovery": 0.8},
            {"node_id": "shop", "group": "all", "recovery": 0.9},
        ],
        products=[{"id": "battery", "name": "Battery", "form": "material"}],
        demand=[] if demand is None else [need("KOR", demand)],
    )


def served(result: SolvedBalance) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in result.deliveries:
        found[row.nation] = found.get(row.nation, 0.0) + row.served
    return found


# -- closed forms ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "delivered", "limit", "worth"),
    [(60, 60, "shop -> KOR (material)", 1.0), (80, 72, "pit", 0.72)],
)
def test_a_chain_with_losses_by_hand(
    last: float, delivered: float, limit: str, worth: float
) -> None:
    result = balance(chain(last))
    (row,) = result.deliveries
    assert (row.served, row.unmet, row.demand) == pytest.approx((delivered, 1000 - delivered, 1000))
    (binding,) = result.binding
    assert binding.id == limit
    assert binding.worth == pytest.approx(worth)
    assert result.certificate.ok
    assert result.surplus == ()


def basket(ore: float = 1000.0, **changes: Any) -> SupplyNetwork:
    """Ore with 16 % Nd and 50 % Ce; a plant that parts them; a nation that wants both."""
    head = metadata(
        basis="element",
        elements=("Nd", "Ce"),
        headline=("Nd",),
        groups={"light": ("Nd", "Ce")},
        units=(Unit(name="t ore", measures="basket"), Unit(name="t goods", measures="product")),
    )
    tables: dict[str, Any] = {
        "nodes": [
            node("pit", "mine", "AUS", capacity=ore, unit="t ore"),
            node("plant", "refiner", "AUS", makes="light"),
            node("KOR", "nation", "KOR"),
        ],
        "assays": [
            {"node_id": "pit", "element": "Nd", "share": 0.16},
            {"node_id": "pit", "element": "Ce", "share": 0.5},
        ],
        "edges": [edge("pit", "plant", "ore"), edge("plant", "KOR", "oxide")],
        "products": [
            {"id": "nd", "name": "Neodymium", "form": "oxide"},
            {"id": "ce", "name": "Cerium", "form": "oxide"},
        ],
        "contents": [
            {"product_id": "nd", "element": "Nd", "share": 1.0},
            {"product_id": "ce", "element": "Ce", "share": 1.0},
        ],
        "demand": [need("KOR", 16, "nd", "t goods"), need("KOR", 30, "ce", "t goods")],
        **changes,
    }
    return network(head, **tables)


def test_a_basket_leaves_a_surplus() -> None:
    """16 t of Nd take 100 t of ore, which brings 50 t of Ce: 20 t more than are asked for."""
    result = balance(basket())
    assert [row.coverage for row in result.deliveries] == pytest.approx([1.0, 1.0])
    (ore,) = (row for row in result.utilization if row.id == "pit")
    assert ore.used == pytest.approx(100)
    (left,) = result.surplus
    assert (left.node, left.element, left.tonnes) == ("plant", "Ce", pytest.approx(20))
    assert left.reason == "separated along with Nd, which is used up"
    assert "taken by nobody: 20 t Ce" in summary_of(result)


def test_a_surplus_names_the_element_that_is_short() -> None:
    result = balance(basket(50.0))
    assert [row.served for row in result.deliveries] == pytest.approx([8, 25])
    assert result.surplus == ()
    (left,) = balance(basket(80.0)).surplus
    assert (left.element, left.tonnes) == ("Ce", pytest.approx(10))
    assert left.reason == "separated along with Nd, of which there is not enough"


def magnets(**range_of_nd: float) -> SupplyNetwork:
    """Nd and Pr as 10 and 10 t of metal; a magnet with 0.2 t of Nd and 0.1 t of Pr."""
    head = metadata(
        basis="element",
        elements=("Nd", "Pr", "Dy"),
        headline=("Nd",),
        groups={"light": ("Nd", "Pr"), "heavy": ("Dy",)},
    )
    return network(
        head,
        nodes=[
            node("pit", "mine", "AUS", capacity=20, unit="t ore"),
            node("plant", "refiner", "AUS", makes="light"),
            node("shop", "maker", "AUS", product="magnet"),
            node("KOR", "nation", "KOR"),
        ],
        assays=[
            {"node_id": "pit", "element": "Nd", "share": 0.5},
            {"node_id": "pit", "element": "Pr", "share": 0.5},
        ],
        edges=[
            edge("pit", "plant", "ore"),
            edge("plant", "shop", "oxide"),
            edge("shop", "KOR", "goods"),
        ],
        products=[{"id": "magnet", "name": "Magnet", "form": "goods"}],
        contents=[
            {"product_id": "magnet", "element": "Nd", "share": 0.2, **range_of_nd},
            {
                "product_id": "magnet",
                "element": "Pr",
                "share": 0.1,
                **({"share_low": 0.0, "share_high": 0.3} if range_of_nd else {}),
            },
        ],
        demand=[need("KOR", 1000, "magnet", "t goods")],
    )


@pytest.mark.parametrize(
    ("range_of_nd", "made"),
    [
        ({}, 50.0),  # 10 t of Nd at 0.2
        ({"share_low": 0.1, "share_high": 0.3}, 20 / 0.3),  # all 20 t, half Nd and half Pr
        ({"share_low": 0.175, "share_high": 0.3}, 10 / 0.175),  # Nd goes as far as it may
    ],
)
def test_elements_of_a_group_replace_each_other_within_the_range(
    range_of_nd: dict[str, float], made: float
) -> None:
    assert served(balance(magnets(**range_of_nd)))["KOR"] == pytest.approx(made)


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """Goods need 0.01 t of Dy2O3: ref-big's 200 t of ore hold 25 t, and half of it is lost."""
    result = balance(tutorial)
    assert sum(row.served for row in result.deliveries) == pytest.approx(1250, rel=1e-4)
    assert {row.id: row.worth for row in result.binding} == pytest.approx(
        {"ref-big": 5.0, "mine-small -> ref-big (ore)": 5.0}, rel=1e-4
    )
    found = explanation_of(result, None)
    assert [(row.id, row.unit) for row in found.lifts] == [("mine-small -> ref-big (ore)", "t ore")]
    assert found.lifts[0].more == pytest.approx(30, rel=1e-3)  # 200 t at 14 % instead of 12.5 %
    assert found.shortage == pytest.approx(150, rel=1e-3)


# -- objectives ------------------------------------------------------------------------------


def shared(
    supply: list[float], demand: dict[str, float], links: dict[tuple[int, str], float | None]
) -> SupplyNetwork:
    """Mines that feed nations directly, each link with a bound of its own."""
    head = simple_metadata("shared", stages=["pit", "nation"], commodity="graphite")
    return network(
        head,
        nodes=[
            *(
                node(f"pit{place}", "pit", "AUS", capacity=value, **T)
                for place, value in enumerate(supply)
            ),
            *(node(nation, "nation", nation) for nation in demand),
        ],
        edges=[
            edge(
                f"pit{place}",
                nation,
                "material",
                **({} if most is None else {"capacity": most, **T}),
            )
            for (place, nation), most in links.items()
        ],
        products=[{"id": "battery", "name": "Battery", "form": "material"}],
        demand=[need(nation, tonnes) for nation, tonnes in demand.items()],
    )


NATIONS = ("KOR", "JPN", "USA")


def test_fair_is_water_filling() -> None:
    """100 t for demands of 50, 100 and 200 t; one link holds its nation at 10 %."""
    demand = dict(zip(NATIONS, (50.0, 100.0, 200.0), strict=True))
    net = shared([100.0], demand, {(0, "KOR"): None, (0, "JPN"): 10.0, (0, "USA"): None})
    result = balance(net, objective="fair")
    assert served(result) == pytest.approx({"KOR": 18, "JPN": 10, "USA": 72})
    assert result.levels == pytest.approx(
        {("KOR", "battery"): 0.36, ("JPN", "battery"): 0.1, ("USA", "battery"): 0.36}
    )
    assert {row.id for row in result.binding} == {"pit0", "pit0 -> JPN (material)"}
    assert result.binding[0].worth_unit == "of the demand of those worst covered"


def test_priority_serves_in_order() -> None:
    demand = dict(zip(NATIONS, (50.0, 60.0, 70.0), strict=True))
    net = shared([100.0], demand, {(0, nation): None for nation in NATIONS})
    result = balance(net, objective="priority", priority="JPN,USA")
    assert served(result) == pytest.approx({"KOR": 0, "JPN": 60, "USA": 40}, abs=1e-8)
    together = balance(net, objective="priority", priority=["G7", "JPN"])
    assert served(together)["KOR"] == pytest.approx(0, abs=1e-8)
    assert result.provenance.options["priority"] == ("JPN", "USA")


def test_least_exposure_keeps_the_supply_and_moves_it() -> None:
    demand = {"KOR": 50.0}
    net = shared([40.0, 40.0], demand, {(0, "KOR"): None, (1, "KOR"): None})
    net = changed(net, "nodes", lambda row: row.id == "pit0", country="CHN")
    result = balance(net, objective="least_exposure", exposed_to="CHN")
    assert served(result) == pytest.approx({"KOR": 50})
    used = {row.id: row.used for row in result.utilization}
    assert used == pytest.approx({"pit0": 10, "pit1": 40})


def test_weights_decide_who_gets_what_is_short() -> None:
    net = basket(
        1000.0, demand=[need("KOR", 16, "nd", "t goods"), need("KOR", 99, "ce", "t goods")]
    )
    net = changed(net, "nodes", lambda row: row.id == "pit", capacity=10.0)
    rich = balance(net, weights={"nd": 5.0})
    assert [row.served for row in rich.deliveries] == pytest.approx([1.6, 5.0])
    assert rich.binding[0].worth == pytest.approx(0.16 * 5 + 0.5)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"basis": "capacity"}, "as was asked for"),
        ({"year": 2025}, "as 2025 is not the base year"),
        ({"avoid": "node:mine-small"}, "as something is avoided"),
        ({"scenario": CLOSED, "year": 2024}, "as a scenario is applied"),
    ],
    ids=str,
)
def test_capacity_in_what_ifs_and_the_answer_says_so(
    tutorial: SupplyNetwork, words: dict[str, Any], reason: str
) -> None:
    """Only the base year as it was is counted by what plants made."""
    made = {"node_id": "mine-big", "year": 2024, "production": 150, "unit": "t ore"}
    net = added(tutorial, "production", made)
    assert balance(net).basis == "production"
    result = balance(net, **words)
    assert (result.basis, result.provenance.options["basis_reason"]) == ("capacity", reason)
    assert f"Plants count with what they could make, {reason}." in summary_of(result)
    silent = balance(tutorial)
    assert silent.provenance.options["basis_reason"] == "as nothing says what they made in 2024"


# -- explanations ----------------------------------------------------------------------------


def test_an_explanation_holds_no_limit_too_many() -> None:
    """The mine has enough for 60 t, and only the link of 40 t is named; of 30 t both are."""
    net = shared([100.0], {"KOR": 60.0}, {(0, "KOR"): 40.0})
    found = explanation_of(balance(net), "KOR")
    assert [(row.id, row.more) for row in found.lifts] == [
        ("pit0 -> KOR (material)", pytest.approx(20))
    ]
    assert "20 t at Pit0 to Kor (material)" in found.summary()
    both = explanation_of(balance(shared([30.0], {"KOR": 60.0}, {(0, "KOR"): 40.0})))
    assert {row.id: row.more for row in both.lifts} == pytest.approx(
        {"pit0": 30, "pit0 -> KOR (material)": 20}
    )


def test_an_explanation_says_what_no_capacity_brings() -> None:
    net = basket(
        contents=[
            {"product_id": "nd", "element": "Nd", "share": 1.0},
            {"product_id": "ce", "element": "Ce", "share": 1.0},
        ],
        assays=[{"node_id": "pit", "element": "Nd", "share": 0.16}],
    )
    found = explanation_of(balance(net))
    assert found.beyond == pytest.approx({"ce": 30})
    assert found.missing == ("Ce",)
    assert "Ce cannot reach who needs it" in found.summary()
    assert explanation_of(balance(basket())).summary() == "Nobody of them goes short."
    with pytest.raises(OptionError, match="names no nation"):
        explanation_of(balance(shared([1.0], {"KOR": 1.0}, {(0, "KOR"): 1.0})), "node:pit0")


# -- what is refused -------------------------------------------------------------------------


def test_nothing_limits_a_nation_of_unknown_demand() -> None:
    net = changed(chain(None, demand=None), "nodes", lambda row: row.id == "pit", capacity=None)
    with pytest.raises(UnboundedError):
        balance(net)


def test_a_time_limit_ends_in_an_error(rare_earths: SupplyNetwork) -> None:
    with pytest.raises(InterruptedSolveError):
        balance(rare_earths, time_limit=0.0)


# -- the result ------------------------------------------------------------------------------


def test_an_avoided_nation_neither_gives_nor_draws(tutorial: SupplyNetwork) -> None:
    result = balance(tutorial, avoid="ISL", year=2026)
    assert [row.nation for row in result.deliveries] == ["MLT"]
    assert result.left_out == ("ISL",)
    assert "Shut, and so not drawing either: Iceland." in summary_of(result)
    plants = balance(tutorial, avoid="ISL:refiner", year=2026)
    assert [row.nation for row in plants.deliveries] == ["MLT", "ISL"]
    assert plants.left_out == ()


def test_a_year_in_which_nobody_asks_for_anything_is_refused(tutorial: SupplyNetwork) -> None:
    """Taken for a demand that is not known, a demand of 0 was served without an end."""
    idle = changed(tutorial, "demand", lambda row: row.year == 2024, quantity=0.0)
    for objective in ("fair", "max_supply"):
        with pytest.raises(OptionError, match="asks for anything in 2024") as caught:
            sn.allocate(idle, year=2024, objective=objective)
        assert "another year" in caught.value.hint
    assert sn.allocate(idle, year=2026).coverage


def test_a_nation_that_asks_for_nothing_is_served_nothing(tutorial: SupplyNetwork) -> None:
    idle = asking(tutorial, "MLT", 2024, 0.0)
    result = sn.allocate(idle, year=2024)
    assert {row.nation for row in result.deliveries} == {"ISL"}
    with pytest.raises(OptionError, match="asks for anything in 2024"):
        sn.allocate(idle, year=2024, avoid="node:ISL")
