"""What can be lost as one: which plants, links and corridors, at which cost."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.flow.attackable import attackable
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.errors import OptionError, UnknownNameError
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


def test_costs(tutorial: SupplyNetwork) -> None:
    found = given(tutorial, "node", cost={"ref-big": 2.5, "mine-big": np.inf})
    prices = {one.id: one.cost for one in found.targets}
    assert (prices["ref-big"], prices["mine-big"], prices["ref-small"]) == (2.5, np.inf, 1.0)
    assert [one.cost for one in found.targets] == found.problem.cost.tolist()


def test_what_is_wrong_is_told(tutorial: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="did you mean 'country'"):
        given(tutorial, "contry")
    with pytest.raises(UnknownNameError, match="did you mean 'ref-big'"):
        given(tutorial, "node", cost={"ref-bg": 1.0})
    with pytest.raises(UnknownNameError, match="write ids as the result shows them"):
        given(tutorial, "node", cost={"@": 1.0})
    with pytest.raises(OptionError, match="must be above 0, not 0"):
        given(tutorial, "node", cost={"ref-big": 0.0})
    with pytest.raises(UnknownNameError, match="protect: no node"):
        given(tutorial, "node", protect="CHN")
