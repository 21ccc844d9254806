"""Pages begin with an answer: few words before the first table, and each figure once.

The page builder keeps to it, whatever a command says; its commands are found, not listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import supplynet as sn
from supplynet.cli.output import Output
from supplynet.present.document import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Section,
    Table,
)
from supplynet.reports.first_words import MOST_WORDS, n_words, sections_as_read
from tests.cli.conftest import Invoke
from tests.cli.test_headline import DOORS, GRAPHS, files, words_of

__all__ = ["files"]

#: commands that take no second on the largest graph
QUICK = (
    "bypass",
    "chokepoints",
    "flow cut",
    "flow",
    "chokepoints interdict",
    "graph merge",
    "coverage",
    "flow routes",
)
SLOW = (pytest.mark.slow,)
LONG = "It is so and not otherwise, as each of these many words has to say. " * 6
EMPTY = Table((), ())


def before_table(document: Document) -> tuple[list[Block], bool]:
    """What is read before the first table, and whether there is one."""
    told: list[Block] = []
    for section in sections_as_read(document):
        for block in section.blocks:
            if isinstance(block, Table):
                return told, True
            told.append(block)
    return told, False


def asked() -> Iterator[Any]:
    """Every command about the largest graph where that is quick, else about the smallest."""
    for name, door in DOORS.items():
        graph = "rare-earths" if name in QUICK else door.graphs[0]
        yield pytest.param(name, graph, marks=() if graph == "tutorial" or name in QUICK else SLOW)


@pytest.mark.parametrize(("name", "graph"), list(asked()))
def test_few_words_stand_before_the_first_table(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, files: Any, name: str, graph: str
) -> None:
    written: list[Document] = []
    monkeypatch.setattr(Output, "write", lambda self, document, *_, **__: written.append(document))
    net = sn.load(graph)
    files(net, *GRAPHS[graph])
    invoke(*words_of(name, net))
    (document,) = written
    told, has_table = before_table(document)
    assert (
        has_table
        or document.headline is None
        or name in ("graph check", "compare diff", "chokepoints unavoidable")
    )
    assert not has_table or n_words(told) <= MOST_WORDS


def headline(value: float | None = 0.4, **words: Any) -> sn.Headline:
    told = {"low": 0.3, "high": 0.5, "unit": "share, 0 to 1", "tier": "operating", "year": 2026}
    return sn.Headline("coverage", "goods", value, read_off={}, **{**told, **words})


def page(*blocks: Block, head: sn.Headline | None = None, **words: Any) -> Document:
    return Document("Page", (Section("", blocks), *words.get("more", ())), headline=head)


def text_of(document: Document) -> list[str]:
    told, _ = before_table(document)
    return [
        text for block in told for text in getattr(block, "items", (getattr(block, "text", ""),))
    ]


def test_a_figure_that_the_sentence_tells_is_not_told_twice() -> None:
    said = Paragraph("Malta could cover 40% (data range 30 to 50%) of it.")
    assert (
        text_of(page(said, EMPTY, head=headline()))[0] == "Coverage, goods, tier operating, 2026."
    )
    without_range = Paragraph("Malta could cover 40% of it.")
    assert "40% (30% to 50%)" in text_of(page(without_range, EMPTY, head=headline()))[0]
    assert "40%" in text_of(page(said, EMPTY, head=headline(tier=None, year=None)))[0]


def test_a_number_of_things_is_told_by_a_sentence_that_begins_with_it() -> None:
    count = headline(3.0, low=None, high=None, unit="")
    assert "3" not in text_of(page(Paragraph("3 of 4 are met."), EMPTY, head=count))[0]
    assert "goods: 3" in text_of(page(Paragraph("Of 3 one is met."), EMPTY, head=count))[0]


def test_what_does_not_fit_follows_the_table_and_nothing_is_lost() -> None:
    first, second = Paragraph("Malta gets half of it."), Paragraph(LONG.strip())
    for document in (
        page(first, second, EMPTY, head=headline()),
        page(first, second, head=headline(), more=(Section("Rows", (EMPTY,)),)),
        page(first, head=headline(), more=(Section("Rows", (second, EMPTY)),)),
    ):
        assert n_words(before_table(document)[0]) <= MOST_WORDS
        blocks = [block for section in sections_as_read(document) for block in section.blocks]
        assert n_words(blocks[1:]) == n_words((first, second))


def test_a_page_without_a_table_keeps_its_order() -> None:
    said = (Paragraph("One."), Paragraph(LONG), Bullets(("two", "three")))
    assert sections_as_read(page(*said, head=headline()))[0].blocks[1:] == said


def test_one_sentence_always_stands_first() -> None:
    long = Paragraph(LONG.replace(".", "").strip() + ".")
    told, _ = before_table(page(long, EMPTY, head=headline()))
    assert told[1:] == [long]
