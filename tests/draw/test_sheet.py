"""What surrounds any picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.sheet import (
    heaviest,
    source_of,
    weightiest,
)
from tests.draw.structure import words_of
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_the_source_names_graph_scenarios_digest_and_software(rare_earths: SupplyNetwork) -> None:
    changed = rare_earths.with_scenario("china-refining-stops")
    text = source_of(changed, changed.digest, {"supplynet": sn.__version__})
    for part in (rare_earths.metadata.title, "CC-BY-4.0", "china-refining-stops"):
        assert part in text
    assert text.endswith(f"network {changed.digest[:12]} · supplynet {sn.__version__}")


def test_the_sources_behind_most_of_a_year_are_named(tutorial: SupplyNetwork) -> None:
    net = sourced(tutorial)
    found = weightiest(net, 2024)
    assert 0 < len(found) <= 3
    assert set(found) <= {source.title for source in net.source_by_id.values()}
    assert heaviest(net, {}) == []


@pytest.mark.parametrize("kind", ["years", "losses", "outlook", "sankey", "layers"])
def test_every_figure_names_its_weightiest_sources(tutorial: SupplyNetwork, kind: str) -> None:
    net = sourced(tutorial)
    asks = {"to": "MLT", "avoid": "FJI"}
    drawn = {
        "years": lambda: sn.draw.years(sn.bypass(net, **asks)),
        "losses": lambda: sn.draw.losses(sn.chokepoints(net, to="MLT", by="country")),
        "outlook": lambda: sn.draw.outlook(sn.coverage.outlook(net, **asks, year=2026)),
        "sankey": lambda: sn.draw.sankey(sn.allocate(net)),
        "layers": lambda: sn.draw.layers(net, sn.coverage(net, to="MLT")),
    }
    words = words_of(drawn[kind]())
    foot = " ".join(label.text for label in words if label.role == "footer")
    assert "mostly after " in foot
