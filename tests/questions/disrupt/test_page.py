"""The document of disruptions: contested losses, said to be so, and what they do not state."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.network.schema import Node
from supplynet.questions.disrupt.page import CONTESTED, document
from supplynet.reports.terminal import print_document
from supplynet.solve.check import Certificate
from supplynet.terms import DISRUPTIONS, LOSSES
from tests.reports.test_results_balance import said, table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_the_answer_names_the_worst_loss(tutorial: SupplyNetwork) -> None:
    result = sn.chokepoints.disrupt(tutorial, year=2024)
    what = document(result)
    assert what.title == "Contested losses by plant, 2024"
    text = said(what, "answer")
    assert (
        "can serve 1,250 t of product/yr of the 1,400 asked for when all nations buy at once in "
        "2024. What costs all nations together most is the loss of Big Refinery: 1,250 t of "
        "product/yr less (100%), with everything else rerouted as well as can be. Of 7 plants, 4 "
        "cost something when lost alone"
    ) in text
    assert CONTESTED in text
    assert what.data == result.to_dict()
    shown = table(what, "losses")
    assert [row["name"] for row in shown.rows] == [row.name for row in result.rows]
    assert "n_plants" not in [one.key for one in shown.columns]


@pytest.mark.parametrize("by", [*DISRUPTIONS, "lost"])
def test_every_kind_of_loss_has_its_words(tutorial: SupplyNetwork, by: str) -> None:
    lost = ["ISL", "FJI:refiner"] if by == "lost" else None
    what = document(sn.chokepoints.disrupt(tutorial, by="node" if lost else by, lost=lost))
    assert LOSSES[by].singular in what.title
    assert print_document(what) is None
    first = {
        "node": "loss of Big Refinery",
        "link": "loss of the way from Big Refinery to Big Maker (Oxide)",
        "country": "loss of all plants of Iceland",
        "owner": "loss of all plants of Iceland",
        "country-stage": "loss of all refiners of Iceland",
        "lost": "loss of Iceland",
    }[by]
    assert first in said(what, "answer")
    method = said(what, "method")
    assert ("stands, whoever owns it" in method) == (by in ("country", "country-stage"))
    assert ("that owns it" in method) == (by == "owner")
    assert ("corridor" in method) == (by == "link")


def test_owners(tutorial: SupplyNetwork) -> None:
    """Unknown owners are a group of their own, called so."""
    rows = [
        row.model_copy(update={"owner_country": "unknown"}) if row.id == "ref-big" else row
        for row in tutorial.rows("nodes")
        if isinstance(row, Node)
    ]
    what = document(sn.chokepoints.disrupt(tutorial.replace(nodes=rows), by="owner"))
    assert table(what, "losses").rows[0]["name"] == "Owner not known"
    assert "the loss of all plants of owners that are not known: " in said(what, "answer")
    assert "that owns it" in said(
        document(sn.chokepoints.disrupt(tutorial, lens="control")), "method"
    )


def test_a_refused_certificate_is_said(tutorial: SupplyNetwork) -> None:
    result = sn.chokepoints.disrupt(tutorial)
    assert "confirmed every loss" in said(document(result), "method")
    refused = dataclasses.replace(result, certificate=Certificate(()))
    assert "did not accept" in said(document(refused), "method")


# -- The worst case in the balance as a document: what is lost, what is proved, what it counts --
