"""The benchmarks of the Critical Raw Materials Act: met, missed, and by how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.indices.benchmarks import Benchmarks, largest_outside, own_capacity
from supplynet.analysis.indices.imports import Imports
from supplynet.analysis.indices.result import Input
from supplynet.errors import OptionError

USED = Input("consumption", 200.0, "t")


@pytest.mark.parametrize(
    ("kind", "target"), [("extraction", 0.10), ("processing", 0.40), ("recycling", 0.25)]
)
def test_the_regulation_s_shares(kind: str, target: float) -> None:
    own = Input("own", target * 200, "t")
    met = own_capacity(kind, place="EU", consumption=USED, own=own, year=2024)
    assert (met.target, met.passes, met.shortfall) == (target, True, 0.0)
    less = Input("own", target * 200 - 3, "t")
    missed = own_capacity(kind, place="EU", consumption=USED, own=less, year=2024)
    assert missed.passes is False
    assert missed.shortfall == pytest.approx(3)


@given(st.floats(0.1, 1e6), st.floats(0, 1e6))
def test_the_shortfall_is_what_is_lacking(consumption: float, own: float) -> None:
    found = own_capacity(
        "processing",
        place="EU",
        consumption=Input("c", consumption),
        own=Input("o", own),
        year=2024,
    )
    assert found.shortfall is not None
    assert found.passes == (found.shortfall == 0)
    assert own + found.shortfall >= 0.4 * consumption * (1 - 1e-12)


def test_what_is_not_known_is_not_judged() -> None:
    zero = Input("consumption", 0.0, "t")
    for used, own, word in [
        (None, USED, "consumption is not known"),
        (USED, None, "own capacity is not known"),
        (zero, USED, "nothing to judge"),
    ]:
        found = own_capacity("recycling", place="EU", consumption=used, own=own, year=2024)
        assert (found.value, found.passes, found.shortfall) == (None, None, None)
        assert any(word in flag for flag in found.flags)
    with pytest.raises(OptionError, match="no benchmark for 'mining'"):
        own_capacity("mining", place="EU", consumption=USED, own=USED, year=2024)


def test_the_largest_outside_supplier() -> None:
    bought = Imports({"AUS": 70.0, "CHL": 20.0}, {}, exported=0.0)
    found = largest_outside("EU", year=2024, bought=bought, domestic=10.0)
    assert found.value == pytest.approx(0.7)
    assert found.passes is False
    assert found.shortfall == pytest.approx(5.0)
    stated = largest_outside("EU", year=2024, bought=bought, consumption=USED)
    assert (stated.value, stated.passes, stated.shortfall) == (0.35, True, 0.0)
    looser = Benchmarks(largest=0.8)
    assert largest_outside("EU", year=2024, bought=bought, benchmarks=looser).passes


def test_selling_on_is_said() -> None:
    bought = Imports({"AUS": 70.0}, {}, exported=60.0)
    found = largest_outside("EU", year=2024, bought=bought, subject="Ore")
    assert found.value == 7.0
    assert any("sells on" in flag for flag in found.flags)
    nothing = largest_outside("EU", year=2024, bought=Imports({"AUS": 70.0}, {}, exported=70.0))
    assert (nothing.value, nothing.passes) == (None, None)


def test_a_share_alone_is_judged_without_tonnes() -> None:
    found = largest_outside("EU", year=2024, share=Input("main_supplier_share", 0.9))
    assert (found.value, found.passes, found.shortfall) == (0.9, False, None)
    blind = largest_outside("EU", year=2024)
    assert (blind.value, blind.passes) == (None, None)
    assert blind.flags
