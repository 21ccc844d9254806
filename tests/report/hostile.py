"""Texts that try to be more than text, for every writer."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from supplynet.report.document import (
    Bullets,
    Column,
    Document,
    FigureSlot,
    Paragraph,
    Section,
    Table,
)

EXAMPLES = (
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "[bold red]loud[/bold red]",
    "[link=https://evil.example]click[/link]",
    ":smiley:",
    "a|b|c",
    "[text](https://evil.example)",
    "![pixel](https://evil.example/p.png)",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "`code` ``code``",
    "**bold** _it_ ~~gone~~ $x^2$",
    "https://evil.example www.evil.example me@evil.example",
    "# heading",
    "- item",
    "1. item",
    "---",
    "===",
    "> quote",
    "line\nbreak\r\nand\ttab",
    "    indented",
    "a\u202egnp.exe",
    "half \ud800 of a pair",
    "\u2028separator\u2029",
    "&lt;already&gt; &#x1F600;",
    "back\\slash \\| pipe \\",
    '=HYPERLINK("https://evil.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\x9b31m\x7f\x00",
    "",
    " ",
)
LETTERS = (
    string.ascii_letters
    + string.digits
    + string.punctuation
    + " \n\t\r\x1b\x00\x7f\x9b\u202e\u2028é中"
)
texts = st.one_of(
    st.sampled_from(EXAMPLES),
    st.text(st.sampled_from(LETTERS), max_size=40),
    st.text(max_size=30),
)


def document(text: str) -> Document:
    """A document with the same text in every place that holds one."""
    table = Table(
        (Column("a", text), Column("n", "Number", kind="tonnes", unit=text)),
        ({"a": text, "n": 12.5}, {"a": text, "n": None}),
        text,
        "table",
    )
    blocks = (Paragraph(text), Bullets((text, text)), table, FigureSlot("picture", text))
    return Document(text, (Section(text, blocks, "section"),), {"text": text, "list": [text]})
