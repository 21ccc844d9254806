from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import DataError, LimitError
from supplynet.io.jsonfile import dump_json, dump_toml, parse_json
from supplynet.limits import parse_toml
from tests.io.strategies import TEXT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' occurs twice"),
        ("[NaN]", "NaN is not a number"),
        ("[Infinity]", "Infinity"),
        ("[-Infinity]", "-Infinity"),
        ("[1e999]", "number 1e999 is too large"),
        ('{"a": \n 1,}', r"x\.json, line 2, column \d+: not JSON"),
        ("", "line 1, column 1: not JSON"),
        ("1" * 5000, "too many digits"),
        ('"\\ud800"', "half a character"),
    ],
)
def test_json_that_is_refused(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_json(text, "x.json")


@pytest.mark.parametrize("depth", [33, 1_000, 200_000])
def test_json_that_is_too_deep(depth: int) -> None:
    with pytest.raises(LimitError, match="deeper than 32"):
        parse_json("[" * depth + "]" * depth, "x.json")


def test_json_at_the_bound_of_depth() -> None:
    tree = parse_json("[" * 32 + "1" + "]" * 32, "x.json")
    assert str(tree).count("[") == 32


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_json_round_trip(tree: Any) -> None:
    assert parse_json(dump_json(tree), "x") == tree


@given(st.text(max_size=60) | st.text('{}[]":,1eEN-.\\u ', max_size=40))
def test_json_raises_only_our_errors(text: str) -> None:
    try:
        parse_json(text, "x")
    except DataError as error:
        assert str(error)


@given(st.text(max_size=60) | st.text("[]{}=\"#\n\r.a1_-\\u'T:", max_size=40))
def test_toml_raises_only_our_errors(text: str) -> None:
    try:
        assert isinstance(parse_toml(text, "x"), dict)
    except DataError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = ]", r"x\.toml: not TOML \(.*line 2"),
        ("a = 1\na = 2", "not TOML"),
        ("a = nan", "NaN"),
        ("a = inf", "Infinity"),
    ],
)
def test_toml_that_is_refused(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_toml(text, "x.toml")


@pytest.mark.parametrize("depth", [40, 50_000])
def test_toml_that_is_too_deep(depth: int) -> None:
    with pytest.raises(LimitError, match="deeper than 32"):
        parse_toml("a = " + "[" * depth + "]" * depth, "x.toml")


def flat(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(TEXT, values, max_size=4)


SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | flat(SCALARS)


@given(flat(VALUES | st.lists(flat(VALUES), max_size=3)))
def test_toml_round_trip(tree: dict[str, Any]) -> None:
    assert tomllib.loads(dump_toml(tree)) == tree
