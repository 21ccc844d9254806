"""The words around a Sankey diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.streams.ledger import streams_of
from supplynet.draw.streams.words import headings, words

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.network.network import SupplyNetwork


def test_panels_are_told_by_what_they_differ_in(rare_earths: SupplyNetwork) -> None:
    def flow(**more: object) -> FlowResult:
        return sn.max_flow(rare_earths, to="KOR", element="Nd", **more)  # type: ignore[arg-type]

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


@pytest.mark.parametrize(
    ("avoid", "message"),
    [
        (None, "Malta, neodymium, 2024: 160 t could arrive, more than the 100 t needed"),
        (
            "ISL",
            "Malta without Iceland, neodymium, 2024: 40 of the 100 t needed could arrive (40%)",
        ),
    ],
)
def test_the_message_of_a_potential(
    tutorial: SupplyNetwork, avoid: str | None, message: str
) -> None:
    flow = sn.max_flow(tutorial, to="MLT", element="Nd", avoid=avoid, year=2024, tier="conceivable")
    found = words([flow], [streams_of(flow, "Nd", None)], None)
    assert found.message == message
    assert found.figures == "Potential if Malta alone drew on the network"


def test_the_message_of_a_balance(tutorial: SupplyNetwork) -> None:
    result = sn.balance(tutorial, lens="control", year=2024, tier="conceivable")
    found = words([result], [streams_of(result, "Nd", None)], None)
    assert (
        found.message
        == "Neodymium when all draw at once, 2024: 125 of the 140 t needed are served (89%)"
    )
    assert found.figures.startswith(
        "Contested, when all nations draw on the network at once: from mines"
    )
    assert found.meaning.endswith("Countries are the owners'.")
    part = words([result], [streams_of(result, "Nd", "MLT")], "MLT")
    assert part.asked == "Malta, neodymium when all draw at once, 2024:"
    assert "where ways part each takes of the mix" in part.meaning
