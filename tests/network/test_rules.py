"""Link rules: every link that a rule stands for can be seen."""

from __future__ import annotations

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.rules import borders, corridors
from tests.network.networks import added, changed, edge, network, node

RULE = {
    "id": "any",
    "source": "refiner",
    "target": "maker",
    "form": "oxide",
    "standing": "possible",
    "reason": "why not",
}


def make(**rule: object) -> SupplyNetwork:
    return network(
        nodes=[
            node("m2", "maker", "JPN"),
            node("r2", "refiner", "CHN"),
            node("r1", "refiner", "AUS"),
            node("m1", "maker", "AUS"),
            node("JPN", "nation", "JPN"),
        ],
        edges=[edge("m1", "JPN", "goods")],
        rules=[{**RULE, **rule}],
    )


def test_a_rule_is_every_pair_in_the_order_of_the_nodes() -> None:
    """The order is that of the table, so that answers do not depend on names or hashes."""
    (corridor,) = corridors(make())
    assert corridor.sources == ("r2", "r1")
    assert corridor.targets == ("m2", "m1")
    assert corridor.pairs() == (("r2", "m2"), ("r2", "m1"), ("r1", "m2"), ("r1", "m1"))


def test_a_toll_is_two_legs_and_both_are_in_the_table_of_links() -> None:
    """From who owns the oxide to the plant, and from the plant to who gets it back."""
    net = make(source="node:r2", via="node:r1", toll_form="carbonate", target="node:m1")
    (corridor,) = corridors(net)
    assert corridor.links() == (("r2", "r1", "oxide"), ("r1", "m1", "carbonate"))
    told = net.links[net.links["rule"] == "any"][["source", "target", "form"]]
    assert [tuple(row) for row in told.to_numpy()] == list(corridor.links())


def test_a_selector_that_names_nothing_known_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="refinr"):
        corridors(make(source="refinr"))


def test_the_table_of_links_tells_named_from_assumed() -> None:
    table = make(capacity=7, unit="t oxide").links
    assert table["rule"].tolist() == ["", "any", "any", "any", "any"]
    assert table.loc[0, ["source", "target", "standing"]].tolist() == ["m1", "JPN", "observed"]
    assumed = table[table["rule"] == "any"]
    assert set(assumed["standing"]) == {"possible"}
    assert set(assumed["capacity"]) == {7.0}
    assert set(assumed["form"]) == {"oxide"}


def test_rules_are_resolved_anew_in_a_changed_network(tutorial: SupplyNetwork) -> None:
    """What a network keeps in its cache does not follow it into another."""
    before = corridors(tutorial)
    assert corridors(tutorial) is before
    moved = changed(tutorial, "nodes", lambda row: row.id == "maker-free", country="ISL")
    assert corridors(moved)[0].sources == ("maker-big", "maker-free")
    more = added(tutorial, "rules", {**RULE, "id": "second"})
    assert len(corridors(more)) == 2
    assert len(corridors(tutorial)) == 1


ROW = {"id": "ban", "source": "ISL", "target": "MLT", "withheld": 1, "reason": "why"}


def test_nodes_and_elements_are_looked_up(tutorial: SupplyNetwork) -> None:
    more = {**ROW, "id": "more", "elements": ("heavy", "Nd"), "form": "goods"}
    everything, some = borders(added(tutorial, "restrictions", ROW, more))
    assert everything.sources == {"mine-big", "ref-big", "maker-big", "ISL"}
    assert everything.targets == {"maker-home", "MLT"}
    assert everything.elements == some.elements == {"Nd", "Dy"}
    assert (everything.is_on("oxide"), some.is_on("oxide"), some.is_on("goods")) == (
        True,
        False,
        True,
    )
