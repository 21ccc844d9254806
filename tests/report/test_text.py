from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from supplynet.report.text import is_hidden, one_line
from tests.report.hostile import texts


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
