"""Texts that try to be more than text, for every writer."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from supplynet.present.document import (
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
    # pages: markup, scripts, styles and addresses
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "` onload=alert(1) `",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "data:text/html,<script>alert(1)</script>",
    "<iframe src=//evil.example></iframe>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import url(//evil.example/x.css)</style>",
    "<form action=//evil.example><input name=x>",
    "<details open ontoggle=alert(1)>",
    "</title></desc></svg><b>out</b>",
    "<textarea><plaintext>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[x]]> ]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\u003cscript\\u003e \\x3cscript\\x3e",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "x;}body{display:none}",
    "url(javascript:alert(1)) expression(alert(1))",
    # templates and scripts
    "{{ 7 * 7 }} {% raw %} {# gone #}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "__proto__",
    "constructor",
    "null",
    "'; alert(1); //",
    "\u2028alert(1)\u2029//",
    # shells and paths
    "$(touch x) ; touch y | touch z",
    "../../etc/passwd",
    # letters that are more than they seem
    "\ufeffmark of order",
    "\u202dleft\u202c \u2066apart\u2069",
    "Z\u0338a\u0338l\u0338g\u0338o\u0338",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \ufdfa",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001d54a",
    "W" * 200,
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
