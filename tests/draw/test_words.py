"""Plain text, and what fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.draw.words import ELLIPSIS, fit, text_width, wrap

TEXTS = st.text(max_size=60)


@given(TEXTS, st.floats(4, 30), st.floats(0, 400), st.booleans())
def test_what_fits_is_no_wider_than_the_room(
    text: str, size: float, room: float, is_bold: bool
) -> None:
    assert text_width(fit(text, size, room, is_bold=is_bold), size, is_bold=is_bold) <= room


def test_a_text_that_fits_is_left_alone() -> None:
    assert fit("Mount Weld", 10, 500) == "Mount Weld"


def test_a_cut_text_says_so_and_drops_a_stub_of_a_word() -> None:
    found = fit("Mount Weld mine and more", 10, text_width("Mount Weld mi" + ELLIPSIS, 10))
    assert found == "Mount Weld" + ELLIPSIS


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_wrapped_lines_fit_and_are_no_more_than_the_limit(limit: int) -> None:
    text = " ".join(["some words"] * 12)
    lines = wrap(text, 10, 120, limit=limit)
    assert len(lines) == limit
    assert all(text_width(line, 10) <= 120 for line in lines)
    assert lines[-1].endswith(ELLIPSIS)


def test_wrapping_loses_nothing_where_there_is_room() -> None:
    text = "one two three four five"
    assert " ".join(wrap(text, 10, 60, limit=9)) == text
