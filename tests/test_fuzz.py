"""The targets of the fuzzer take their seeds, and only our own errors come out of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import parsers

SEEDS = [(name, place) for name in parsers.TARGETS for place in parsers.seeds(name)]


@pytest.mark.parametrize("name", parsers.TARGETS)
def test_every_target_takes_a_seed(name: str) -> None:
    """Seeds that are refused at the first byte would let a fuzzer see nothing of a reader."""
    assert any(parsers.check(name, data) for data in parsers.seeds(name).values())


@given(
    which=st.sampled_from(SEEDS),
    at=st.floats(0, 1),
    cut=st.integers(0, 6),
    put=st.binary(max_size=6),
)
def test_changed_seeds_raise_only_our_errors(
    which: tuple[str, str], at: float, cut: int, put: bytes
) -> None:
    name, place = which
    data = parsers.seeds(name)[place]
    start = int(at * len(data))
    parsers.check(name, data[:start] + put + data[start + cut :])
