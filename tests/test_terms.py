"""Every word is declared once: what vocabularies say, and that nothing else lists their words."""

from __future__ import annotations

from typing import get_args

import pytest

from supplynet import terms
from supplynet.errors import OptionError, SolverInputError
from supplynet.terms import (
    CHOKEPOINTS,
    CONFIDENCES,
    LENSES,
    LEVELS,
    PLANTS,
    STANDINGS,
    STATUSES,
    TIERS,
    Vocabulary,
    one_of,
)
from tools import measure

VOCABULARIES = {
    name: words for name in terms.__all__ if isinstance(words := getattr(terms, name), Vocabulary)
}
#: lists that are still to go; none may be added
LEFT = 0


def test_nothing_else_lists_the_words_of_a_vocabulary() -> None:
    assert len(measure.copies_of_words(measure.modules())) <= LEFT


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_is_a_mapping_in_the_order_of_its_words(name: str) -> None:
    words = VOCABULARIES[name]
    assert list(words) == list(words.names) == [word.name for word in words.values()]
    assert len(words) == len(words.names) >= 2
    for rank, word in enumerate(words):
        assert words.rank(word) == rank
        assert words.up_to(word)[-1] is words[word]
        assert len(words.up_to(word)) == rank + 1
    assert "no such word" not in words
    with pytest.raises(KeyError):
        words.rank("no such word")
    assert repr(words) == f"Vocabulary({', '.join(words)})"


@pytest.mark.parametrize("name", VOCABULARIES)
def test_all_that_is_said_of_a_word_is_said(name: str) -> None:
    """No text is empty but those of words that need none."""
    for word in VOCABULARIES[name].values():
        for part in type(word).__slots__:
            value = getattr(word, part)
            if isinstance(value, str) and part not in ("asks_for", "example", "lens", "limit_unit"):
                assert value.strip() == value != "", (word, part)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (STANDINGS, terms.StandingName),
        (PLANTS, terms.PlantsName),
        (STATUSES, terms.StatusName),
        (TIERS, terms.TierName),
        (CONFIDENCES, terms.ConfidenceName),
        (LEVELS, terms.LevelName),
        (terms.BASES, terms.BasisName),
        (LENSES, terms.LensName),
        (terms.MODELS, terms.ModelName),
        (terms.DETAILS, terms.DetailName),
    ],
)
def test_the_type_of_a_word_allows_what_the_vocabulary_does(
    words: Vocabulary[terms.Word], names: object
) -> None:
    assert words.names == get_args(names)


def test_a_word_that_is_not_is_refused_with_what_comes_near() -> None:
    with pytest.raises(OptionError) as caught:
        one_of("posible", STANDINGS, "links", hint="never shown")
    assert str(caught.value) == (
        "links must be one of observed, contracted, planned, memorandum, possible, "
        "not 'posible'\n"
        "Hint: did you mean 'possible'?"
    )


@pytest.mark.parametrize(
    ("words", "former", "today"),
    [
        (TIERS, "firm", "operating"),
        (TIERS, "building", "committed"),
        (TIERS, "conceivable", "possible"),
        (STANDINGS, "plausible", "possible"),
    ],
)
def test_a_former_word_is_refused_with_that_of_today(
    words: Vocabulary[terms.Word], former: str, today: str
) -> None:
    with pytest.raises(OptionError, match=f"not '{former}'\nHint: write '{today}'"):
        one_of(former, words, "word")


def test_a_refusal_says_where_and_what_to_write_where_nothing_comes_near() -> None:
    with pytest.raises(SolverInputError) as caught:
        one_of("q", ["a", "b"], "by", where="in x", hint="write a", error=SolverInputError)
    assert str(caught.value) == "by must be one of a, b in x, not 'q'\nHint: write a"


def test_a_word_that_others_use_is_refused_with_that_of_the_vocabulary() -> None:
    with pytest.raises(OptionError) as caught:
        one_of("Edge", CHOKEPOINTS, "by")
    assert caught.value.hint == "write 'link'"
