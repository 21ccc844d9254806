""""""

from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.text import (
    between,
    change,
    clean,
    integer,
    is_hidden,
    one_line,
    plain,
    share,
    tonnes,
)
from tests.reports.hostile import texts

positive = st.floats(min_value=0.001, max_value=1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1236.4, "1,240"),
        (12.44, "12.4"),
        (0.41, "0.41"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.0005, "< 0.001"),
        (-0.0005, "> -0.001"),
        (0.001, "0.001"),
        (9.996, "10"),
        (999.6, "1,000"),
        (123456789.0, "123,000,000"),
        (20.0, "20"),
        (100.0, "100"),
        (-12.44, "-12.4"),
        (math.inf, "no limit"),
        (-math.inf, "-no limit"),
        (math.nan, "not known"),
        (None, "not known"),
    ],
)
def test_tonnes(value: float | None, text: str) -> None:
    assert tonnes(value) == text


@given(positive)
def test_tonnes_keep_three_digits(value: float) -> None:
    read = float(tonnes(value).replace(",", ""))
    assert math.isclose(read, value, rel_tol=0.0051)
    assert len(tonnes(value).replace(",", "").replace(".", "").strip("0")) <= 3


@given(positive, positive)
def test_a_larger_amount_never_reads_as_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert float(tonnes(low).replace(",", "")) <= float(tonnes(high).replace(",", ""))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0%"),
        (1e-12, "0%"),
        (0.0004, "< 0.1%"),
        (0.0432, "4.3%"),
        (0.04, "4%"),
        (0.0996, "10%"),
        (0.4321, "43%"),
        (0.9949, "99%"),
        (0.9971, "> 99%"),
        (1.0, "100%"),
        (1.0 - 1e-12, "100%"),
        (1.0 - 5e-8, "100%"),  # programs are solved as far
        (1.0 - 1e-6, "> 99%"),
        (1.5, "150%"),
        (-0.25, "-25%"),
        (None, "not known"),
        (math.nan, "not known"),
        (math.inf, "not known"),
    ],
)
def test_share(value: float | None, text: str) -> None:
    assert share(value) == text


@given(st.floats(min_value=2e-7, max_value=1 - 2e-7))
def test_a_part_never_reads_as_nothing_or_the_whole(value: float) -> None:
    assert share(value) not in ("0%", "100%")


def test_ranges_counts_and_changes() -> None:
    assert between(12.0, 40.4) == "12 to 40.4"
    assert between(3.0001, 3.0) == "3"
    assert between(None, 2.0, missing="-") == "- to 2"
    assert integer(12345) == "12,345"
    assert integer(None, missing="-") == "-"
    assert integer(math.inf) == "not known"
    assert [change(value) for value in (1.5, -1.5, 0.0, None)] == ["+1.5", "-1.5", "0", "not known"]


@given(texts)
def test_nothing_hidden_stays(text: str) -> None:
    line = one_line(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
    assert not any(is_hidden(char) for char in line)
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain text", "plain text"),
        ("a\n\t b", "a b"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("é 中 ½", "é 中 ½"),
        ("a\u2028b", "a b"),
        ("  ", ""),
    ],
)
def test_what_becomes_of_it(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_cannot_steer_a_terminal(text: str) -> None:
    shown = clean(text)
    assert not any(ord(char) < 32 and char != "\n" or 127 <= ord(char) < 160 for char in shown)
    assert not any(char in shown for char in "\u202a\u202e\u2066\u2069\u2028\u200e")
    shown.encode("utf-8")  # no half characters
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize("text", ["South Korea", "a\n  b", "Münster 北京", ""])
def test_clean_leaves_plain_text(text: str) -> None:
    assert clean(text) == text


@given(st.text(max_size=60))
def test_plain_text_is_one_line_without_control_or_format_characters(text: str) -> None:
    found = plain(text)
    assert all(unicodedata.category(char)[0] != "C" for char in found)
    assert found == plain(found) == found.strip()


def test_plain_keeps_what_is_harmless() -> None:
    assert plain("Société <b>$x_1$</b> & Søn") == "Société <b>$x_1$</b> & Søn"
