"""What a potential keeps of a network: all that can help its target, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from supplynet.analysis.potential.ask import served_of
from supplynet.analysis.potential.programs import Plan, model_of, without
from supplynet.analysis.question import ask
from supplynet.network.schema import Form
from supplynet.terms import LEVEL_NAMES
from tests.network.networks import added, changed, edge, metadata, network, node

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

FORMS = (
    Form(name="ore", title="Ore", is_separated=False),
    Form(name="oxide", title="Oxide"),
    Form(name="goods", title="Goods", is_final=True),
    Form(name="scrap", title="Scrap", is_scrap=True),
)


def chain(**tables: list[dict[str, Any]]) -> SupplyNetwork:
    """A mine, a refiner and two makers: the first sells to Japan and Korea, the second to two."""
    goods = [("m1", "JPN"), ("m1", "KOR"), ("m2", "KOR"), ("m2", "VNM")]
    links = [("mine", "plant", "ore"), ("plant", "m1", "oxide"), ("plant", "m2", "oxide")]
    links += [(maker, nation, "goods") for maker, nation in goods]
    nations = ("JPN", "KOR", "VNM")
    asked = {"use": "any", "product": "item", "year": 2024, "quantity": 50.0, "unit": "t goods"}
    given: dict[str, list[dict[str, Any]]] = {
        "nodes": [
            node("mine", "mine", "AUS", capacity=100.0, unit="t ore"),
            node("plant", "refiner", "AUS"),
            *(node(maker, "maker", "AUS", product="item") for maker in ("m1", "m2")),
            *(node(nation, "nation", nation) for nation in nations),
        ],
        "assays": [{"node_id": "mine", "element": "Nd", "share": 1.0}],
        "edges": [edge(*ends) for ends in links],
        "products": [{"id": "item", "name": "Item", "form": "goods"}],
        "contents": [{"product_id": "item", "element": "Nd", "share": 1.0}],
        "demand": [{"nation": nation, **asked} for nation in nations],
    }
    return network(metadata(forms=FORMS), **(given | tables))


def kept(net: SupplyNetwork, **words: Any) -> set[str]:
    """The nations that stay where Korea draws."""
    return {"JPN", "KOR", "VNM"} & model_of(ask(net, to="KOR", **words)).scope.frame.nodes.keys()


def test_nations_that_help_nobody_are_shut() -> None:
    """Scrap that goes nowhere, and a tonnage that the target has no part in, are of no help."""
    cuts = [{"nodes": "node:m1", "ratio": 0.5}]
    ban = {"id": "ban", "source": "node:m2", "target": "VNM", "withheld": 0.5}
    ban |= {"relative_to": "observed", "reason": "made up"}
    net = chain()
    assert kept(net) == {"KOR"}
    assert kept(added(net, "scrap", *cuts)) == {"KOR"}
    told = [
        row.model_copy(update={"observed": 9.0, "unit": "t goods"}) for row in net.edge_rows[-1:]
    ]
    banned = added(net.replace(edges=[*net.edge_rows[:-1], *told]), "restrictions", ban)
    assert kept(banned) == {"KOR"}


def test_who_buys_what_leaves_scrap_of_use_stays_and_who_buys_what_scrap_becomes_does_not() -> None:
    """Scrap of the first maker comes back to the plant, from which both makers buy."""
    net = added(chain(), "scrap", {"nodes": "node:m1", "ratio": 0.5})
    assert kept(added(net, "edges", edge("m1", "plant", "scrap"))) == {"JPN", "KOR"}


def test_links_that_differ_are_not_taken_for_the_same_program() -> None:
    """The same plants stay with the planned link and without it; what can come is more."""
    slow = {"capacity": 10.0, "unit": "t oxide"}
    tight = [edge("plant", "m1", "oxide", **slow), edge("plant", "m2", "oxide", **slow)]
    net = chain()
    rest = [row for row in net.edge_rows if row.form != "oxide"]
    net = added(net.replace(edges=rest), "edges", *tight)
    net = added(net, "edges", edge("mine", "m1", "oxide", standing="planned"))
    first, second = (served_of(ask(net, to="KOR", links=one)) for one in ("observed", "planned"))
    assert 0.0 < first < 20.0
    assert second == pytest.approx(50.0)


def test_what_leaves_the_same_is_one_program() -> None:
    """A planned link between others of no use changes nothing for the target."""
    net = added(chain(), "edges", edge("m1", "VNM", "goods", standing="planned"))
    first, second = (model_of(ask(net, to="KOR", links=one)) for one in ("observed", "planned"))
    assert first is second


def test_what_may_be_avoided_is_open_at_the_high_end_alone() -> None:
    """Whoever owns the plant may be Australian: that is shut but for the best that data allow."""
    net = changed(chain(), "nodes", lambda row: row.id == "plant", owner_country="unknown")
    net = changed(net, "nodes", lambda row: row.country == "AUS", country="CHL")
    for owned in ("mine", "m1", "m2"):
        net = changed(net, "nodes", lambda row, one=owned: row.id == one, owner_country="CHL")
    net = added(net, "nodes", node("spare", "refiner", "AUS"))
    question = ask(net, to="KOR", avoid="AUS", lens="control")
    is_open = {
        level: "plant" in model_of(question, level=level).scope.frame.nodes for level in LEVEL_NAMES
    }
    assert is_open == {"low": False, "central": False, "high": True}


@pytest.mark.parametrize("closed", ["plant", "m1"])
def test_a_plant_held_at_nothing_is_a_plant_that_is_not_there(closed: str) -> None:
    """All goods pass the plant; of the makers the second does as well alone."""
    question = ask(chain(), to="KOR")
    held = Plan(without(model_of(question), frozenset({closed}))).solve()
    assert held == pytest.approx(Plan(model_of(question, closed=frozenset({closed}))).solve())
    assert held == pytest.approx(0.0 if closed == "plant" else 50.0)
