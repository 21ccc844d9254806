"""The benchmarks of the Critical Raw Materials Act: met, missed, and by how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.indices.risk import own_capacity
from supplynet.analysis.indices.rows import Input

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
