"""The programs of who draws alone: what is solved, what is left out, and what each counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from supplynet.analysis.balance.programs import Run
from supplynet.analysis.potential import programs
from supplynet.analysis.potential.programs import Plan, contents_in, model_of, uncapped
from supplynet.analysis.question import ask
from supplynet.solve.check import Certificate, exact
from supplynet.solve.lp.solve import solve_linear
from tests.analysis.potential.test_network import chain
from tests.network.networks import added, changed, edge, node

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: t of oxide in a tonne of goods, all of it neodymium
OXIDE = 1.1664


def two_forms(*, compete: bool, powder: float = 20.0, items: float = 60.0) -> SupplyNetwork:
    """Korea asks for two kinds of goods, which share 100 t of oxide, and for powder.

    The powder comes from the plant of the goods, or from one of its own that makes 10 t.
    """
    net = chain(demand=[])
    net = added(net, "products", {"id": "powder", "name": "Powder", "form": "oxide"})
    net = added(net, "products", {"id": "other", "name": "Other", "form": "goods"})
    net = changed(net, "nodes", lambda row: row.id == "m2", product="other")
    for product in ("powder", "other"):
        net = added(net, "contents", {"product_id": product, "element": "Nd", "share": 1.0})
    if compete:
        net = added(net, "edges", edge("plant", "KOR", "oxide"))
    else:
        own = [
            node("well", "mine", "AUS", capacity=10.0, unit="t ore"),
            node("mill", "refiner", "AUS"),
        ]
        net = added(net, "nodes", *own)
        net = added(net, "assays", {"node_id": "well", "element": "Nd", "share": 1.0})
        net = added(net, "edges", edge("well", "mill", "ore"), edge("mill", "KOR", "oxide"))
    asked = {"use": "any", "year": 2024, "unit": "t goods"}
    needs = {"item": items, "other": 90.0, "powder": powder}
    rows = [
        {**asked, "nation": nation, "product": product, "quantity": need}
        for nation, product, need in (
            *(("KOR", product, need) for product, need in needs.items()),
            ("VNM", "other", 40.0),
        )
    ]
    return added(net, "demand", *rows)


def plan_of(net: SupplyNetwork) -> Plan:
    return Plan(model_of(ask(net, to="KOR")))


def served(plan: Plan) -> dict[str, float]:
    return {
        product: float(plan.served(product) @ plan.x) for product in ("item", "other", "powder")
    }


def is_shared_out(plan: Plan) -> bool:
    return any(name.startswith("evenly") for name in plan.run.certificates)


@pytest.fixture
def asked_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the programs that are solved by an engine that goes on."""
    told, again = [], Run.again

    def noted(run: Run, name: str, *rest: Any, **words: Any) -> Any:
        told.append(name)
        return again(run, name, *rest, **words)

    monkeypatch.setattr(Run, "again", noted)
    return told


def test_forms_that_do_not_compete_are_not_shared_out(asked_again: list[str]) -> None:
    """The most of one form is solved for; the duals that are left prove that of the other."""
    plan = plan_of(two_forms(compete=False))
    assert plan.solve(is_by_form=True) == pytest.approx(110.0 / OXIDE, rel=1e-4)
    assert not is_shared_out(plan)
    assert asked_again == ["max_supply of goods"]
    assert plan.run.certificates["max_supply of oxide"].ok
    for form, tonnes in (("goods", 100.0), ("oxide", 10.0)):
        assert plan.served(form=form) @ plan.x == pytest.approx(tonnes / OXIDE, rel=1e-4)


def test_a_form_of_which_nothing_can_come_is_no_rival() -> None:
    net = two_forms(compete=False)
    plan = plan_of(net.replace(edges=[row for row in net.edge_rows if row.source != "mill"]))
    assert plan.solve(is_by_form=True) == pytest.approx(100.0 / OXIDE, rel=1e-4)
    assert not is_shared_out(plan)


def test_duals_that_prove_nothing_leave_the_last_form_to_a_solve(
    asked_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Certificate((exact("gap", 1.0),))
    monkeypatch.setattr(programs, "certify_linear", lambda *_: refused)
    plan = plan_of(two_forms(compete=False))
    plan.solve(is_by_form=True)
    assert not is_shared_out(plan)
    assert asked_again == ["max_supply of goods", "max_supply of oxide"]


@pytest.mark.parametrize("is_refused", [False, True])
@pytest.mark.parametrize("powder", [20.0, 200.0])
def test_forms_that_compete_are_shared_out(
    powder: float, is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each product the same part comes, however they are asked for."""
    if is_refused:
        refused = Certificate((exact("gap", 1.0),))
        monkeypatch.setattr(programs, "certify_linear", lambda *_: refused)
    plan = plan_of(two_forms(compete=True, powder=powder))
    most = plan.solve(is_by_form=True)
    assert most == pytest.approx(100.0 / OXIDE, rel=1e-4)
    part = most / (150.0 + powder)
    even = {"item": 60.0 * part, "other": 90.0 * part, "powder": powder * part}
    assert served(plan) == pytest.approx(even)


def test_goods_alone_are_shared_out_unless_their_sum_is_enough() -> None:
    """Of one form nothing competes: what is served of it is the same however it is shared."""
    net = two_forms(compete=False)
    net = net.replace(demand=[row for row in net.demand_rows if row.product != "powder"])
    quick, whole = plan_of(net), plan_of(net)
    assert quick.solve(is_by_form=True) == pytest.approx(whole.solve())
    assert not is_shared_out(quick)
    assert is_shared_out(whole)


@pytest.mark.parametrize("products", [("item", "other"), ("item",)])
def test_what_is_served_in_full_or_alone_is_not_shared_out(products: tuple[str, ...]) -> None:
    """80 t of goods come where 30 t are asked for, and one product shares with nobody."""
    net = two_forms(compete=False)
    size = 15.0 if len(products) > 1 else 500.0
    rows = [row for row in net.demand_rows if row.product in products and row.nation == "KOR"]
    net = net.replace(demand=[row.model_copy(update={"quantity": size}) for row in rows])
    plan = plan_of(net)
    assert plan.solve() == pytest.approx(min(size * len(products), 100.0 / OXIDE), rel=1e-4)
    assert not is_shared_out(plan)


def test_objectives_count_tonnes_of_those_who_draw_alone() -> None:
    """Vietnam asks, too, and stays where what it buys leaves scrap: nothing of it is counted."""
    net = added(two_forms(compete=True), "scrap", {"nodes": "node:m2", "ratio": 0.5})
    net = added(net, "edges", edge("m2", "plant", "scrap"))
    model = model_of(ask(net, to="KOR"))
    assert {nation for nation, _ in model.scope.demand} == {"KOR", "VNM"}
    plan = Plan(model)
    x = np.zeros(len(model.columns))
    for amount, product in ((1.0, "item"), (10.0, "other"), (100.0, "powder")):
        x[model.columns.at("served", "KOR", product)] = amount
    x[model.columns.at("served", "VNM", "other")] = 1000.0
    counted = {
        **{product: plan.served(product) @ x for product in ("item", "other", "powder")},
        **{form: plan.served(form=form) @ x for form in ("goods", "oxide")},
        "all": plan.served() @ x,
    }
    assert counted == pytest.approx(
        {"item": 1.0, "other": 10.0, "powder": 100.0, "goods": 11.0, "oxide": 100.0, "all": 111.0}
    )


def test_beyond_the_need_come_final_goods_alone() -> None:
    """Of 110 t of oxide 20 t of goods and 5 t of powder are asked for: goods go on, powder ends."""
    net = two_forms(compete=False, powder=5.0, items=20.0)
    net = net.replace(demand=[row for row in net.demand_rows if row.product != "other"])
    plan = plan_of(net)
    plan.solve()
    within, beyond = plan.most_of("Nd"), plan.most_beyond("Nd")
    assert within == pytest.approx(25.0 * OXIDE, rel=1e-4)
    assert beyond == pytest.approx(100.0 + 5.0 * OXIDE, rel=1e-4)
    # what is asked first once more: the program that counts is the same one, with its bounds back
    assert plan.most_of("Nd") == pytest.approx(within)
    assert solve_linear(uncapped(contents_in(plan.model, "Nd"))).objective == pytest.approx(beyond)
    assert plan.run.further.keys() >= {"element Nd", "element Nd beyond demand"}
