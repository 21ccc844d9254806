from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given

from supplynet.report.document import Document, Paragraph, Section, Table
from supplynet.report.html import policy, to_html
from supplynet.report.text import one_line
from tests.report.hostile import document, texts


class Reader(HTMLParser):
    """What a browser would make of a page: tags with attributes, and texts outside of them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._within: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._within[-1] not in ("script", "style"):
            self.texts.append(" ".join(data.split()))


PLAIN = Reader(to_html(document("plain")))


@given(texts)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    page = Reader(to_html(document(text)))
    shown = " ".join(one_line(text).split())
    if shown:  # an empty caption or title takes its element with it
        assert [tag for tag, _ in page.tags] == [tag for tag, _ in PLAIN.tags]
        assert page.texts == [one.replace("plain", shown) for one in PLAIN.texts]
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes)


@pytest.mark.parametrize("name", ["<i>", "main", "", "a b", 'x" onload="y'])
def test_ids_are_safe_and_there_once(name: str) -> None:
    table = Table((), (), name, name)
    sections = tuple(Section(name, (table, table, Paragraph("x")), name) for _ in range(3))
    page = Reader(to_html(Document("T", sections)))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", one or "") for one in ids)


def test_only_its_own_script_may_run() -> None:
    page = to_html(document("x"))
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    script = page.split("<script>")[1].split("</script>")[0]
    style = page.split("<style>")[1].split("</style>")[0]
    expected = policy(script, style)
    assert found[1].replace("&#39;", "'") == expected
    assert expected.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in expected
