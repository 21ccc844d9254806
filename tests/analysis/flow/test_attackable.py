"""What can be lost as one: which plants, links and corridors, at which cost."""

from __future__ import annotations

import itertools

import pytest

import supplynet as sn
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.flow.attackable import attackable, counted_flow
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.plant_losses import link_losses
from supplynet.analysis.question import ask
from supplynet.errors import CertificateError, OptionError
from supplynet.network.countries import BLOCS
from supplynet.network.network import SupplyNetwork


def given(net: SupplyNetwork, by: str, **words):
    question = ask(net, to="MLT", lens=words.pop("lens", "location"))
    return attackable(question, solve_question(question, "Nd"), by=by, budget=1.0, **words)


def ids(net: SupplyNetwork, by: str, **words) -> set[str]:
    return {one.id for one in given(net, by, **words).targets}


def test_every_plant_but_no_nation(tutorial: SupplyNetwork) -> None:
    plants = {row.id for row in tutorial.node_rows if row.stage != "nation"}
    found = ids(tutorial, "node")
    assert found <= plants
    assert {"mine-big", "ref-big", "maker-home"} <= found


def test_countries_owners_and_stages_hold_their_plants(tutorial: SupplyNetwork) -> None:
    assert ids(tutorial, "country") == {"ISL", "FJI", "MLT"}
    assert ids(tutorial, "owner") == ids(tutorial, "country", lens="control")
    assert "ISL:refiner" in ids(tutorial, "country-stage")
    found = given(tutorial, "country")
    # each plant belongs to one element, and to no other
    members = found.problem.node_element[found.problem.node_element >= 0]
    assert set(members.tolist()) == set(range(len(found.targets)))


def test_links_are_arcs_and_corridors_are_one(tutorial: SupplyNetwork) -> None:
    found = given(tutorial, "link")
    names = {one.id for one in found.targets}
    assert "mine-small -> ref-small (ore)" in names
    assert "rule:goods-to-malta" in names
    # a corridor is lost as a whole, never one of its arcs
    assert not any("rule:" in name and "->" in name for name in names)


def test_what_is_protected_cannot_be_lost(tutorial: SupplyNetwork) -> None:
    assert "ref-big" not in ids(tutorial, "node", protect="ref-big")
    assert ids(tutorial, "node") - ids(tutorial, "node", protect="ISL") == {
        row.id for row in tutorial.node_rows if row.country == "ISL" and row.stage != "nation"
    } & ids(tutorial, "node")
    links = ids(tutorial, "link", protect=["ref-small"])
    assert not any("ref-small" in name for name in links)
    # a corridor from a protected plant is safe as a whole
    assert "rule:goods-to-malta" not in ids(tutorial, "link", protect="maker-big")


ASKED = {"to": "MLT", "element": "Nd"}


@pytest.fixture(scope="module")
def net():
    return sn.load("tutorial")


@pytest.fixture(scope="module")
def drawn():
    return sn.graph.generate("cyclic", edges=150, seed=5, countries=4)


def base_of(net, to):
    question = ask(net, to=to, tier="possible")
    return question, solve_question(question, net.commodity.headline[0])


def test_pairs_are_all_pairs_and_the_first_is_the_worst_two(drawn):
    question, base = base_of(drawn, "XAA")
    found = sn.chokepoints(drawn, to="XAA", element="material", by="pair", top=3)
    plants = [one.id for one in drawn.node_rows if one.id not in drawn.nation_ids]
    plants = [one for one in plants if one in base.graph.index]
    left = {
        pair: solve(base.graph, removed=frozenset(pair)).value
        for pair in itertools.combinations(plants, 2)
    }
    assert found.n_candidates == len(left)
    assert [row.remaining for row in found.rows] == pytest.approx(sorted(left.values())[:3])
    worst = sn.chokepoints.interdict(drawn, to="XAA", element="material", k=2, frontier=False)
    assert found.rows[0].remaining == pytest.approx(worst.value)
    assert " and " in found.rows[0].name
    assert set(found.rows[0].id.split("+")) <= set(plants)


def test_a_bloc_is_lost_with_all_its_plants(net):
    found = sn.chokepoints(net, by="bloc", **ASKED)
    question, base = base_of(net, "MLT")
    for row in found.rows:
        nodes = frozenset(
            one.id
            for one in net.node_rows
            if one.country in BLOCS[row.id] and one.id not in net.nation_ids
        )
        assert row.remaining == pytest.approx(solve(base.graph, removed=nodes).value)
        assert row.name == row.id


@pytest.mark.parametrize("certify", ["shown", "all"])
@pytest.mark.parametrize("top", [None, 2])
def test_links_cost_what_the_worst_single_losses_cost(drawn, top, certify):
    found = sn.chokepoints(drawn, to="XAA", element="material", by="link", top=top, certify=certify)
    worst = sn.chokepoints.interdict(drawn, to="XAA", element="material", by="link", k=1)
    assert found.rows[0].remaining == pytest.approx(worst.value)
    assert found.rows[0].id in {some[0].id for some in worst.sets}
    losses = [row.loss for row in found.rows]
    assert losses == sorted(losses, reverse=True)
    assert top is None or len(losses) == top
    if certify == "all":
        assert found.n_solved == found.n_candidates


def test_corridors_and_links_told_in_several_rows_count_as_one():
    net = sn.load("rare-earths")
    found = sn.chokepoints(net, to="KOR", element="Nd", by="link", links="planned", top=3)
    assert any(row.id.startswith("rule:") for row in found.rows)
    assert "plants of" not in found.summary()


def test_a_link_whose_loss_is_found_to_differ_is_refused(drawn):
    question, base = base_of(drawn, "XAA")
    with pytest.raises(CertificateError, match="solved again"):
        link_losses(question, base, top=None, certify_all=False, tolerance=-1.0)


def test_selections_are_lost_as_a_whole(net):
    found = sn.chokepoints(net, lost=["ISL", "FJI:mine"], **ASKED, tier="possible", count="all")
    question, base = base_of(net, "MLT")
    islands = frozenset(
        one.id for one in net.node_rows if one.country == "ISL" and one.id not in net.nation_ids
    )
    by_id = {row.id: row for row in found.rows}
    assert by_id["ISL"].remaining == pytest.approx(solve(base.graph, removed=islands).value)
    assert found.by == "lost"
    one = sn.chokepoints(net, lost="ISL", **ASKED, tier="possible", count="all")
    assert [row.id for row in one.rows] == ["ISL"]


# -- Losses are asked for on what is firm, and count up to demand: what is lost is coverage --


SHORT = {"to": "MLT", "element": "Nd", "year": 2024}


def test_the_flow_ends_at_the_need_of_each_form(tutorial: SupplyNetwork) -> None:
    """Malta asks for 100 t; on firm links 150 t could come, on all links 160 t."""
    question = ask(tutorial, to="MLT", tier="operating", year=2024)
    assert counted_flow(question, "Nd", "need")[0].value == pytest.approx(100.0)
    assert counted_flow(question, "Nd", "all")[0].value == pytest.approx(150.0)
    unknown = ask(tutorial.replace(demand=()), to="MLT", tier="operating", year=2024)
    assert counted_flow(unknown, "Nd", "need")[0].value == pytest.approx(150.0)
    with pytest.raises(OptionError, match="count must be one of need, all") as refused:
        counted_flow(question, "Nd", "needs")
    assert "'need'" in refused.value.hint


def test_a_loss_is_what_is_no_longer_covered(tutorial: SupplyNetwork) -> None:
    """Without the big refinery 30 t of 100 come; the 50 t beyond demand are no loss."""
    need, every = (
        {row.id: row.loss for row in sn.chokepoints(tutorial, count=count, **SHORT).rows}
        for count in ("need", "all")
    )
    assert need["ref-big"] == pytest.approx(70.0)
    assert every["ref-big"] == pytest.approx(120.0)
    found = sn.chokepoints(tutorial, **SHORT)
    assert found.is_up_to_need
    assert all(row.demand_share == pytest.approx(row.loss / 100.0) for row in found.rows)


@pytest.mark.parametrize("by", ["node", "country"])
def test_both_models_count_the_need(tutorial: SupplyNetwork, by: str) -> None:
    flow = sn.chokepoints(tutorial, by=by, **SHORT)
    balance = sn.chokepoints(tutorial, by=by, model="balance", **SHORT)
    assert balance.value <= flow.value * (1.0 + 1e-6)
    assert balance.is_up_to_need


def test_the_worst_set_and_the_protection_agree_with_the_losses(tutorial: SupplyNetwork) -> None:
    losses = sn.chokepoints(tutorial, **SHORT)
    worst = sn.chokepoints.interdict(tutorial, k=1, **SHORT)
    safe = sn.chokepoints.fortify(tutorial, k_defend=0, k_attack=1, **SHORT)
    assert worst.loss == pytest.approx(losses.rows[0].loss)
    assert safe.undefended == pytest.approx(worst.value)
    assert (worst.is_up_to_need, safe.is_up_to_need) == (True, True)
    assert worst.to_dict()["count"] == safe.to_dict()["count"] == "need"


def test_what_was_measured_needs_no_tier(rare_earths: SupplyNetwork) -> None:
    assert sn.trace(rare_earths, to="KOR", exposed_to="CHN", element="Nd").is_measured
