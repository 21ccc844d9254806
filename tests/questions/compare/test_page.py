"""Scenarios as a document: no table holds potentials and contested figures at once."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.present.document import Bullets, Paragraph, Table
from supplynet.questions.compare.page import of_scenarios
from supplynet.reports.results_network import of_scenario_list
from tests.questions.compare.compared import HALF, LESS, SHUT


@pytest.fixture(scope="module")
def found() -> Any:
    return sn.compare(
        sn.load("tutorial"),
        "base",
        HALF,
        SHUT,
        (HALF, SHUT),
        to="MLT",
        arrivals="oxide",
        year=2024,
        tier="possible",
    )


def texts(document: Any, section: str) -> str:
    blocks = document.section(section).blocks
    found = [one.text for one in blocks if isinstance(one, Paragraph)]
    found += [item for one in blocks if isinstance(one, Bullets) for item in one.items]
    return " ".join(found)


def test_the_two_pictures_stand_apart(found: Any) -> None:
    document = of_scenarios(found)
    assert document.title == "Scenarios for Malta, 2024"
    potentials = {t.name for t in document.section("potentials").blocks if isinstance(t, Table)}
    contested = {t.name for t in document.section("contested").blocks if isinstance(t, Table)}
    assert potentials == {"potential-Nd", "potential-Dy"}
    assert contested == {"contested", "contested-products", "contested-elements", "arrivals"}
    assert "Every figure is a potential" in texts(document, "potentials")
    assert "Every figure here is contested" in texts(document, "contested")
    assert "half: half!" in texts(document, "scenarios")


def test_a_list_of_scenarios() -> None:
    tutorial = sn.load("tutorial")
    assert "tutorial has no scenarios." in texts(of_scenario_list(tutorial), "scenarios")
    rows = {name: tutorial.rows(name) for name in tutorial.to_frames()}
    net = sn.SupplyNetwork(tutorial.metadata, rows, scenarios={"less": LESS, "half": HALF})
    document = of_scenario_list(net)
    tables = {table.name: table for table in document.tables()}
    assert [row["scenario"] for row in tables["scenarios"].rows] == ["half", "less"]
    (row,) = tables["parameters"].rows
    assert (row["scenario"], row["parameter"], row["default"]) == ("less", "rest", "0.5")
    assert (row["allowed"], row["meaning"]) == ("0 to 2", "part that goes on")
    assert document.data["scenarios"][1]["parameters"]["rest"]["high"] == 2.0
