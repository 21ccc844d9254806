"""The worst case and what to protect, as a reader meets them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.present.document import Bullets, Document, Paragraph
from supplynet.questions.interdict.page import of_fortify, of_interdict

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def text(what: Document) -> str:
    found = []
    for section in what.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                found.append(block.text)
            elif isinstance(block, Bullets):
                found += block.items
    return " ".join(found)


def tables(what: Document) -> dict[str, tuple[dict[str, object], ...]]:
    return {table.name: table.rows for table in what.tables()}


def test_elements_that_nothing_costs_are_told_once_with_the_country_that_matters(
    tutorial: SupplyNetwork,
) -> None:
    worst = sn.chokepoints.interdict(tutorial, to="MLT", element="Nd", k=1)
    safe = dataclasses.replace(worst, removed=(), value=worst.whole, n_nodes=2)
    what = of_interdict(worst, safe, dataclasses.replace(safe, element="Dy", n_nodes=3))
    assert [section.title for section in what.sections] == ["Nd", "Nd and Dy", "Terms"]
    said = text(what)
    assert "With the loss of 1 plant, whichever it is, all the Nd and Dy that Malta" in said
    assert "the loss of 1 plant: this was proved for each, by searches in 5 steps in all" in said
    (row, *_) = tables(what)["chokepoints-instead-country"]
    for element in ("Nd", "Dy"):
        country = sn.chokepoints(tutorial, to="MLT", element=element, by="country").rows[0]
        assert (row["name"], row[element]) == (country.name, country.demand_share)
    assert f"The country matters: without {row['name']} " in said
    # a search that did not end proves nothing: it keeps its own words
    open_ = dataclasses.replace(safe, status="time limit")
    assert len(of_interdict(safe, open_).sections) == 3


@pytest.mark.parametrize(
    ("status", "words"), [("time limit", "reached its time limit"), ("interrupted", "interrupted")]
)
def test_a_search_that_was_cut_short(tutorial: SupplyNetwork, status: str, words: str) -> None:
    result = sn.chokepoints.interdict(tutorial, to="MLT", element="Nd", k=1)
    cut = dataclasses.replace(
        result, status=status, bound=12.0, frontier=(), is_complete=False, is_nested=None
    )
    what = of_interdict(cut, cut)
    assert f"The search {'was ' if status == 'interrupted' else ''}{words} before" in text(what)
    assert "at least 12 t Nd2O3/yr would still arrive" in text(what)
    assert "perhaps among more" in next(what.tables()).caption
    assert len(what.data["results"]) == 2

    safe = sn.chokepoints.fortify(tutorial, to="MLT", element="Nd", k_defend=1, k_attack=1)
    open_ended = of_fortify(dataclasses.replace(safe, status=status, bound=99.0))
    assert "before the best choice was proved; no choice keeps more than 99" in text(open_ended)
