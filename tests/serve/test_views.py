"""What the page shows of a state, and the card of a plant with what may be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.errors import UsageError
from supplynet.serve.cards import CardAsked, card_of, directory_of
from supplynet.serve.state import Viewed
from supplynet.serve.views import card_id, solved, view
from tests.analysis.time.networks import chains
from tests.network.networks import added
from tests.serve.conftest import API

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from supplynet.network.network import SupplyNetwork

Ask = Callable[..., dict[str, Any]]
STATE = {"to": "MLT", "tier": "possible", "year": 2024}


def knobs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {knob["title"]: knob for knob in card["knobs"]}


def test_the_quick_view_has_the_central_figures_and_the_whole_one_ranges(ask: Ask) -> None:
    quick, whole = ask("view", **STATE, is_quick=True), ask("view", **STATE)
    assert (quick["is_whole"], whole["is_whole"]) == (False, True)
    assert quick["figures"]["states"][0]["numbers"] == pytest.approx([1.0, 1000.0])
    assert quick["titles"] == whole["titles"]
    assert quick["plants"] == []
    assert whole["figures"]["states"][0]["summary"].startswith("Malta could cover all")
    assert quick["certificate"]["ok"] and whole["certificate"]["ok"]
    assert quick["digest"] == whole["digest"]
    assert {plant["id"] for plant in whole["plants"]} >= {"ref-big", "maker-home"}
    assert any("ref-big" in box["members"] for box in whole["boxes"])


def test_the_quick_view_goes_on_from_the_last_one_and_is_as_good(tutorial: SupplyNetwork) -> None:
    """Whatever was asked before: other figures, other plants, another nation."""
    kept: dict[str, Any] = {}
    small = {"verb": "set", "nodes": "node:ref-big", "capacity": 90, "unit": "t ore"}
    for words in (
        {},
        {"edits": [small]},
        {"avoid": "node:mine-small", "edits": [small]},
        {"avoid": "ISL", "tier": "committed", "year": 2026},
        {"to": "ISL"},
    ):
        asked = Viewed(**{**STATE, **words})
        quick = solved(tutorial, asked.model_copy(update={"is_quick": True}), kept)
        whole = solved(tutorial, asked, kept)
        alone = sn.coverage(tutorial, **asked.words())
        assert quick.certificate_so_far.ok and quick is not whole
        assert quick.coverage == pytest.approx(alone.coverage, rel=1e-9)
        assert [row.worth for row in quick.binding] == [row.worth for row in whole.binding]
        assert whole.coverage == alone.coverage  # to the last digit
        assert solved(tutorial, asked.model_copy(update={"is_quick": True}), kept) is whole


@pytest.mark.parametrize("picture", ["sankey", "map"])
def test_a_contested_view_is_of_what_the_nation_gets(ask: Ask, picture: str) -> None:
    told = ask("view", **STATE, question="contested", picture=picture)
    assert told["figures"]["states"][0]["numbers"][0] == pytest.approx(1250 / 1400, rel=1e-4)
    assert told["command"].startswith("supplynet allocate tutorial --year 2024")


def test_a_contested_answer_has_its_figures_before_its_ranges(ask: Ask) -> None:
    words = {**STATE, "question": "contested"}
    quick, whole = ask("view", **words, is_quick=True), ask("view", **words)
    (first,), (second,) = quick["figures"]["states"], whole["figures"]["states"]
    assert first["numbers"] == second["numbers"]
    assert (first["summary"], bool(second["summary"])) == ("", True)
    assert "(" not in first["texts"][0] and "(" in second["texts"][0]
    assert quick["certificate"]["ok"] and quick["limits"] == whole["limits"]


@pytest.mark.parametrize("picture", ["sankey", "layers", "map"])
def test_a_quick_picture_asks_for_no_further_program(
    tutorial: SupplyNetwork, picture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {}
    words = {"to": "MLT", "avoid": "ISL", "year": 2026, "is_quick": True}
    solved(tutorial, Viewed(**words), kept)
    solved(tutorial, Viewed(**words, question="contested"), kept)
    monkeypatch.setattr("supplynet.solve.lp.solve.proved", None)
    monkeypatch.setattr("supplynet.solve.lp.engine.LinearEngine.solve", None)
    assert view(tutorial, "tutorial", Viewed(**words, picture=picture), kept)["pictures"]["scenes"]
    if picture != "layers":
        asked = Viewed(**words, picture=picture, question="contested")
        assert view(tutorial, "tutorial", asked, kept)["pictures"]["scenes"]


def test_a_run_is_told_month_by_month(ask: Ask, tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "avoid": "ISL", "tier": "operating", "year": 2024, "question": "run"}
    told, later = ask("view", **words), ask("view", **words, month="2024-09")
    months = {"during": "2024-01..2024-06", "begin": "2024-01", "end": "2024-12"}
    found = sn.shock(tutorial, avoid="ISL", tier="operating", **months)
    assert told["months"] == later["months"] == [f"2024-{month:02}" for month in range(1, 13)]
    assert (told["month"], later["month"]) == ("2024-01", "2024-09")
    shares = [row.share for row in found.months if row.nation == "MLT" and row.period == "2024-01"]
    assert told["figures"]["states"][0]["numbers"][1::3] == shares
    assert later["figures"]["states"][0]["numbers"][1] == pytest.approx(1.0)
    assert told["figures"]["states"][0]["summary"] == found.summary()
    assert told["certificate"]["ok"] and told["digest"] == found.provenance.digest
    assert told["command"] == (
        "supplynet shock tutorial --avoid ISL --tier operating --during 2024-01..2024-06 --begin "
        "2024-01 --end 2024-12"
    )


def test_a_run_goes_through_time_as_it_is_told(tutorial: SupplyNetwork) -> None:
    thrift = {"id": "thrift", "name": "Done without", "kind": "substitute", "target": "KOR"}
    thrift |= {"product": "goods", "capacity": 360.0, "unit": "t goods", "earliest_year": 2024}
    thrift |= {"capex": 1000.0, "confidence": "estimated"}
    days = {"kind": "transport", "source": "VNM:maker", "target": "KOR", "days": 61.0}
    net = added(added(chains(), "options", thrift | {"lead": 0}), "lead_times", days)
    words = {"to": "KOR", "avoid": "VNM", "tier": "operating", "year": 2024}
    ways = {"delays": True, "respond": ("thrift",), "behavior": "foresight"}
    told = view(net, "mine", Viewed(**words, **ways, question="run"))
    months = {"during": "2024-01..2024-06", "begin": "2024-01", "end": "2024-12"}
    found = sn.shock(net, avoid="VNM", tier="operating", **months, **ways)
    assert told["figures"]["states"][0]["summary"] == found.summary()
    assert told["command"].endswith("--delays --respond thrift --behavior foresight")
    assert found.summary() != sn.shock(net, avoid="VNM", tier="operating", **months).summary()
    offered = directory_of(net)
    assert offered["responses"] == [{"id": "thrift", "name": "Done without"}]
    assert offered["timed"] == {"delays": True, "seasonal": False, "gradual": True}
    assert directory_of(tutorial)["responses"] == []


def test_what_a_graph_does_not_tell_of_time_is_refused(client: TestClient) -> None:
    words = {"tier": "operating"}
    for wrong, status in (
        ({"seasonal": True}, 422),
        ({"respond": ["nothing"]}, 404),
        ({"behavior": "guessing"}, 422),
    ):
        answer = client.post(f"{API}/run", json={**words, **wrong})
        assert (answer.status_code, set(answer.json())) == (status, {"error"}), wrong


def test_one_product_is_told_by_itself(ask: Ask, tutorial: SupplyNetwork) -> None:
    words = {**STATE, "avoid": "ISL", "product": "goods"}
    (row,) = sn.coverage(tutorial, **{**STATE, "avoid": "ISL"}).products
    for is_quick in (True, False):
        told = ask("view", **words, is_quick=is_quick)["figures"]["states"][0]
        assert told["numbers"] == [row.coverage, row.served]
        assert ("(" in told["texts"][0]) == (not is_quick)
    both = sn.allocate(tutorial, tier="possible", year=2024, avoid="ISL")
    (row,) = [row for row in both.deliveries if row.nation == "MLT"]
    told = ask("view", **words, question="contested")["figures"]["states"][0]
    assert told["numbers"] == [row.coverage, row.served]
    ask("view", status=404, **STATE, product="nothing")
    net = added(tutorial, "products", {"id": "ware", "name": "Ware", "form": "goods"})
    with pytest.raises(UsageError, match="asks for no Ware"):
        view(net, "mine", Viewed(**STATE, product="ware"))


@pytest.mark.parametrize("picture", ["layers", "years", "losses"])
def test_pictures_of_what_could_be_had_are_not_mixed_in(client: TestClient, picture: str) -> None:
    words = {**STATE, "question": "contested", "picture": picture}
    answer = client.post(f"{API}/view", json=words)
    assert answer.status_code == 422
    assert "sankey" in answer.json()["error"]["hint"]


def test_a_plant_has_knobs_that_write_changes(ask: Ask) -> None:
    card = ask("card", **STATE, id="ref-big")
    assert card["title"] == "Big Refinery" and not card["is_nation"]
    found = knobs(card)
    capacity = found["Capacity in 2024"]
    assert (capacity["value"], capacity["unit"]) == (200.0, "t ore/yr")
    assert found["Starts in"]["value"] == 2010.0
    assert found["Passes on of heavy"]["value"] == 0.5
    link = found["Big Refinery to Home Maker, oxide"]
    values = {"Capacity in 2024": 90.0, "Starts in": 2025, "Passes on of heavy": 0.75}
    for title, value in {**values, "Big Refinery to Home Maker, oxide": 5.0}.items():
        knob = found[title]
        edit = {**knob["change"], knob["field"]: value}
        told = ask("view", **STATE, edits=[edit])
        assert told["digest"] != ask("view", **STATE)["digest"], title
    assert link["change"]["links"]["named"] is True


def test_a_nation_has_a_knob_for_each_need(ask: Ask) -> None:
    card = ask("card", **STATE, id="MLT")
    assert card["is_nation"]
    knob = knobs(card)["Needs of Goods with a magnet in them"]
    assert (knob["value"], knob["most"]) == (1.0, 2.0)
    edit = {**knob["change"], knob["field"]: 1.2}
    told = ask("view", **STATE, edits=[edit], is_quick=True)
    assert told["figures"]["states"][0]["texts"][1].endswith(" of 1,200")
    assert told["changes"] == ["Malta: product goods, factor 1.2"]


def test_a_corridor_has_a_card_and_its_tonnage_a_knob(ask: Ask, tutorial: SupplyNetwork) -> None:
    (rule,) = tutorial.rule_rows
    card = ask("card", **STATE, id=f"rule:{rule.id}")
    assert any(rule.reason in line for part in card["sections"] for line in part["lines"])
    assert [knob["change"]["rules"] for knob in card["knobs"]] == [rule.id] * bool(rule.unit)
    ask("card", status=404, **STATE, id="rule:none")


def test_a_limit_leads_to_the_card_that_moves_it(tutorial: SupplyNetwork) -> None:
    words = {"to": "MLT", "tier": "possible", "year": 2024, "question": "contested"}
    limits = view(tutorial, "tutorial", Viewed(**words, is_quick=True))["limits"]
    assert limits
    for row in limits:
        card = card_of(tutorial, CardAsked(to="MLT", id=row["card"]))
        assert any(row["capacity"] == knob["value"] for knob in card["knobs"]), row
    # the corridor of the graph, a part of it under a restriction, and a link by its sender
    assert card_id(tutorial, "rule", "goods-to-malta") == "rule:goods-to-malta"
    assert card_id(tutorial, "rule", "goods-to-malta.1") == "rule:goods-to-malta"
    assert card_id(tutorial, "link", "ref-big -> maker-home (oxide)") == "ref-big"
    assert card_id(tutorial, "scrap", "all of it") == ""


def test_a_card_is_of_the_state_and_its_knobs_of_the_graph(ask: Ask) -> None:
    edit = {"verb": "set", "nodes": "node:ref-big", "capacity": 90, "unit": "t ore"}
    card = ask("card", **STATE, edits=[edit], id="ref-big")
    assert any("90" in line for part in card["sections"] for line in part.get("lines", ()))
    assert knobs(card)["Capacity in 2024"]["value"] == 200.0


def test_a_graph_tells_what_may_be_named(client: TestClient) -> None:
    told = client.get(f"{API}/graph").json()
    assert [nation["word"] for nation in told["nations"]] == ["MLT", "ISL"]
    assert told["years"] == {"first": 2024, "base": 2024, "last": 2026}
    assert {tier["id"] for tier in told["tiers"]} > {"operating", "committed"}
