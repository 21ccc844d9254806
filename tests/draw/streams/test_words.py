"""The words around a Sankey diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.draw.streams.words import headings

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.network.network import SupplyNetwork


def test_panels_are_told_by_what_they_differ_in(rare_earths: SupplyNetwork) -> None:
    def flow(**more: object) -> FlowResult:
        return sn.flow(rare_earths, to="KOR", element="Nd", **more)  # type: ignore[arg-type]

    assert headings([flow()]) == [""]
    assert headings([flow(), flow(avoid="CHN")]) == [
        "Before: with everything open",
        "After: without China",
    ]
    assert headings([flow(year=2024), flow(year=2030)]) == ["Before: 2024", "After: 2030"]
    changed = flow(scenario="china-refining-stops")
    assert headings([flow(), changed]) == ["Before: as it is", "After: with china-refining-stops"]
    assert headings([flow(), flow()]) == ["Before", "After"]
    assert headings([flow(links="observed"), flow()])[0] == "Before: links up to observed"
