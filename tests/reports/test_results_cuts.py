"""Documents of sets of limits and of unavoidable plants."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.present.document import Paragraph
from supplynet.reports.results import document_of
from supplynet.reports.results_flow import of_cuts

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def text_of(document) -> str:
    return " ".join(
        block.text
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    )


def test_sets_of_limits(tutorial: SupplyNetwork) -> None:
    found = sn.flow.cut(tutorial, is_all=True, to="MLT", element="Dy")
    document = document_of(found)
    assert "2 different sets of limits" in text_of(document)
    assert "3 limits in all, 1 in every set" in text_of(document)
    assert "Raising any one of these" in text_of(document)
    captions = [table.caption for table in document.section("sets").blocks]
    assert captions == ["The set nearest to the mines", "The set nearest to the nation"]
    more = dataclasses.replace(found, sets=found.sets * 3, in_every=(), is_complete=False)
    assert "At least 6" in text_of(of_cuts(more))
    assert "one of every set" in text_of(of_cuts(more))
