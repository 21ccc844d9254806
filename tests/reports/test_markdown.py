from __future__ import annotations

import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from supplynet.present.document import Document, FigureSlot, Paragraph, Section
from supplynet.reports.data_writers import escape, to_markdown
from supplynet.text import one_line
from tests.reports.hostile import document, texts

READER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def shown(tokens: list[Token]) -> list[str]:
    """Texts that a reader sees, one a block."""
    found = []
    for token in tokens:
        if token.type == "inline":
            assert all(child.type in ("text", "text_special") for child in token.children or ()), (
                token.children
            )
            found.append("".join(child.content for child in token.children or ()))
    return found


@given(texts)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    tokens = READER.parse(to_markdown(document(text)))
    line = one_line(text)
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "code_block", "fence", "hr", "blockquote_open"}
    assert not {"ordered_list_open"} & kinds
    found = shown(tokens)
    head = one_line(f"Number ({text})") if text else "Number"
    once = [line] * 2 + [line] + [line] * 2 + [line, line, head, line, "12.5", line, "-"]
    expected = [re.sub(" +", " ", part).strip() for part in once]
    assert [part for part in found if part] == [part for part in expected if part]


@given(texts)
def test_escaped_text_comes_back(text: str) -> None:
    tokens = READER.parse(f"x {escape(text)} x")
    assert shown(tokens) == [f"x {one_line(text)} x"] if one_line(text) else True


@pytest.mark.parametrize("text", ["https://evil.example", "www.evil.example", "a@evil.example"])
def test_addresses_are_no_links(text: str) -> None:
    assert text not in escape(text)


def test_readable_text_stays_readable() -> None:
    text = "12.5 t Dy2O3/yr (4.3% of its demand), 1 to 2 - and so on"
    assert to_markdown(Document("T", (Section("", (Paragraph(text),)),))) == f"# T\n\n{text}\n"


def test_pictures_are_left_out() -> None:
    what = Document("T", (Section("S", (FigureSlot("map", "caption"),), "s"),))
    assert to_markdown(what) == "# T\n\n## S\n"
