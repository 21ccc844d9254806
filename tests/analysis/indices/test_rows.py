"""The list of indices: each says what it is and who published it, and is worked out by its line."""

from __future__ import annotations

from supplynet.analysis.indices.rows import METHODS, figure


def test_every_method_says_what_it_is_and_who_says_so() -> None:
    assert len(METHODS) >= 5
    for name, one in METHODS.items():
        assert name == one.id
        assert all((one.title, one.unit, one.formula, one.meaning, one.source))


def test_an_index_has_the_unit_of_its_method_and_the_ends_of_its_figure() -> None:
    index = METHODS["n-1"].index("Mine", 2024, figure(0.5, 0.25, 0.75).tolist(), element="Nd")
    assert (index.index, index.unit, index.low, index.value, index.high) == (
        *("n-1", "1"),
        *(0.25, 0.5, 0.75),
    )
    assert METHODS["hhi"].index("Mine", 2024).value is None
