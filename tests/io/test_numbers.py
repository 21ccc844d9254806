"""Numbers in the ways that tables write them: one reading, or none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.io.delimited import comma_of, number_of


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("1234.5", "unknown", 1234.5),
        ("1e3", "unknown", 1000.0),
        ("1,234,567", "unknown", 1234567.0),
        ("1,234.5", "unknown", 1234.5),
        ("1.234.567", "unknown", 1234567.0),
        ("1.234,5", "unknown", 1234.5),
        ("1 234,5", "unknown", 1234.5),
        ("1\u202f234\u202f567", "unknown", 1234567.0),
        ("1,234", "thousands", 1234.0),
        ("1,234", "decimals", 1.234),
        (",5", "decimals", 0.5),
        ("1.234", "decimals", 1234.0),
        ("7", "decimals", 7.0),
    ],
)
def test_numbers(text: str, comma: str, number: float) -> None:
    assert number_of(text, comma) == number  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "comma"),
    [
        ("1,234", "unknown"),
        ("1_000", "unknown"),
        ("x", "unknown"),
        ("1,23", "thousands"),
        ("1.234,5", "thousands"),
        ("1,234.5", "decimals"),
        ("1.5", "decimals"),
        ("1,2,3", "decimals"),
    ],
)
def test_what_could_be_two_numbers_or_is_none(text: str, comma: str) -> None:
    assert math.isnan(number_of(text, comma))  # type: ignore[arg-type]


def test_cells_that_contradict_each_other_tell_nothing() -> None:
    assert comma_of(["12,5", "1,234,567"], ";") == "unknown"
    assert comma_of(["12,5", "0,123"], "|") == "decimals"
    assert comma_of(["12,5"], ",") == "thousands"
    assert comma_of([], ";") == "unknown"
    assert comma_of(["1,234"], "\t") == "thousands"


@given(st.floats(0, 1e15).map(lambda value: round(value, 3)))
def test_a_number_is_the_same_in_every_spelling(value: float) -> None:
    """With two digits or more after the point a comma cannot be taken for another."""
    for text, comma in (
        (repr(value), "unknown"),
        (f"{value:,.3f}", "thousands"),
        (f"{value:,.3f}".replace(",", " "), "unknown"),
        (f"{value:,.3f}".translate(str.maketrans(",.", ".,")), "decimals"),
    ):
        assert number_of(text, comma) == pytest.approx(value, rel=1e-12)  # type: ignore[arg-type]
