"""Months and spans of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import OptionError
from supplynet.network.timeline import Month, month_of, span_of

MONTHS = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


@given(MONTHS, st.integers(-500, 500))
def test_later_months_are_as_much_later(month: Month, count: int) -> None:
    later = month.later(count)
    assert month.until(later) == count
    assert (later > month) == (count > 0)
    assert month_of(str(month)) == month


def test_months_go_over_the_end_of_a_year() -> None:
    assert str(Month(2025, 11).later(3)) == "2026-02"
    assert str(Month(2025, 2).later(-2)) == "2024-12"


@pytest.mark.parametrize("text", ["2025-13", "2025-00", "2025", "25-01", "2025-1", "", "May 2025"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match="is no month") as caught:
        month_of(text, "begin")
    assert caught.value.message.startswith("begin")
    assert "2025-04" in caught.value.hint


def test_a_span_has_a_first_and_a_last_month() -> None:
    assert span_of(" 2025-04 .. 2026-01 ") == (Month(2025, 4), Month(2026, 1))
    assert span_of("2025-04") == (Month(2025, 4), Month(2025, 4))
    with pytest.raises(OptionError, match="ends before it begins"):
        span_of("2025-04..2025-03")
    with pytest.raises(OptionError, match="is no month"):
        span_of("2025-04..")
