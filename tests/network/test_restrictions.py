"""What a restriction names, and when it holds."""

from __future__ import annotations

import pytest

from supplynet.errors import UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.restrictions import borders
from tests.network.networks import added

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


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [(None, None, True), (2025, None, True), (2026, None, False), (None, 2024, False)],
)
def test_it_holds_between_its_years(
    tutorial: SupplyNetwork, start: int | None, end: int | None, holds: bool
) -> None:
    row = {**ROW, "start_year": start, "end_year": end}
    (one,) = borders(added(tutorial, "restrictions", row))
    assert one.holds(2025) is holds


def test_a_selector_that_names_nothing_is_told(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError):
        borders(added(tutorial, "restrictions", {**ROW, "source": "XXX"}))
