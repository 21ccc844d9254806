"""The document of the worst losses in the balance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.balance.worst import interdict_balance
from supplynet.questions.interdict.page import of_interdict_balance
from supplynet.reports.markdown import to_markdown

if TYPE_CHECKING:
    pass


@pytest.fixture(scope="module")
def found():
    return interdict_balance(sn.load("tutorial"), to="MLT", k=2, year=2024)


def text(result):
    return " ".join(to_markdown(of_interdict_balance(result)).split())


def test_it_tells_the_worst_its_proof_and_its_meaning(found):
    told = text(found)
    assert "It is worst to lose the plant: " in told
    assert "can serve Malta up to " in told
    assert "nothing could still be served, 100% less" in told
    assert "Nothing worse can be done with the loss of 2 plants" in told
    assert "sets of losses equally bad" in told
    assert "if no other nation drew" in told


def test_what_is_not_proved_is_said(found):
    told = text(replace(found, status="time limit", is_complete=False))
    assert "before it was proved that nothing is worse" in told
    assert "perhaps among more" in told


def test_a_ranking_that_misleads_is_named(found):
    step = replace(found.frontier[-1], value=found.value + 10.0)
    told = text(replace(found, is_nested=False, ranked=step))
    assert "a ranking of single plants misleads" in told
    assert "Taken one by one" in told


def test_where_no_plant_costs_anything_the_country_does(found):
    none = replace(found, removed=(), sets=())
    told = text(none)
    assert told.index("No loss that was allowed costs any of it.") < told.index("With everything")
    assert "The country matters: without Iceland 100% less could be served." in told
    assert "The country matters" not in text(replace(none, by="country"))
    assert "The country matters" not in text(replace(none, budget=0.0))
