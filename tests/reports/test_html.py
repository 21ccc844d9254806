from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

import supplynet as sn
from supplynet.draw.scene import Label, Scene
from supplynet.errors import OptionError
from supplynet.present.document import (
    Bullets,
    Column,
    Document,
    FigureSlot,
    LiveSlot,
    Paragraph,
    Section,
    Table,
)
from supplynet.reports.html import policy, to_frame, to_html
from supplynet.text import one_line
from tests.reports.hostile import EXAMPLES, document, texts
from tests.reports.test_live import LIVE

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


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


def test_addresses_of_sources_are_links_and_nothing_else_is() -> None:
    text = "See https://example.org/a_(b)?x=1&y=2. Not javascript:alert(1), nor <a href='http://x'>"
    for name, n_links in (("sources", 2), ("answer", 0)):
        page = to_html(Document("T", (Section("S", (Paragraph(text), Bullets((text,))), name),)))
        links = [attributes for tag, attributes in Reader(page).tags if tag == "a"]
        there = [link for link in links if str(link["href"]).startswith("http")]
        expected = ["https://example.org/a_(b)?x=1&y=2", "http://x"][:n_links]
        assert [link["href"] for link in there] == expected
        assert all(link["rel"] == "noreferrer" for link in there)


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


def test_a_figure_with_its_range_is_sorted_and_copied_by_the_figure() -> None:
    table = Table((Column("n", "N", kind="share"),), ({"n": (0.3, 0.1, 0.4)}, {"n": (0.1, 0.4)}))
    page = Reader(to_html(Document("T", (Section("S", (table,), "s"),))))
    cells = [attributes for tag, attributes in page.tags if tag == "td"]
    assert [one.get("data-value") for one in cells] == ["0.3", None]
    assert "30% (10 to 40%)" in page.texts


def test_cells_of_numbers_hold_them_in_full() -> None:
    columns = (Column("a", "A"), Column("n", "N", kind="tonnes", unit="t/yr"))
    rows = (
        {"a": "x", "n": 1234.567},
        {"a": "", "n": (1.0, 2.0)},
        {"a": "", "n": None},
        {"a": "y", "n": True},
    )
    page = Reader(to_html(Document("T", (Section("S", (Table(columns, rows, "C", "c"),), "s"),))))
    cells = [attributes for tag, attributes in page.tags if tag == "td"]
    assert [one.get("data-value") for one in cells] == ["1234.567", None, None, None]
    assert "1,230" in page.texts
    assert "1 to 2" in page.texts
    # a cell that is empty because it is that of the row above says so to who sorts or listens
    again = [attributes for _, attributes in page.tags if attributes.get("class") == "again"]
    assert len(again) == 2
    assert page.texts.count("x") == 3
    heads = [attributes for tag, attributes in page.tags if tag == "th"]
    assert [one["scope"] for one in heads] == ["col", "col", "row", "row", "row", "row"]


def test_pictures_and_what_cannot_be_drawn() -> None:
    def none() -> Scene:
        raise OptionError("no place of x is known")

    def broken() -> Scene:
        raise KeyError("bloc")

    scene = Scene(9, 9, "Title", "About", labels=(Label("word", 1, 1, 8, "ink"),))
    slots = (
        FigureSlot("a", "first", lambda: scene),
        FigureSlot("b", "second", none),
        FigureSlot("c", "third"),
        FigureSlot("d", "fourth", broken),
        LiveSlot("fifth", "", broken),  # type: ignore[arg-type]
    )
    page = Reader(to_html(Document("T", (Section("S", slots, "s"),))))
    assert "fourth: not drawn, internal error: KeyError: 'bloc'." in page.texts
    assert "fifth: not drawn, internal error: KeyError: 'bloc'." in page.texts
    assert sum(tag == "svg" for tag, _ in page.tags) == 1
    assert "second: not drawn, no place of x is known." in page.texts
    assert "third" not in page.texts


@pytest.mark.parametrize("text", EXAMPLES)
def test_hostile_text_in_live_parts(text: str) -> None:
    slot = LiveSlot(text or "x", text, lambda: LIVE)
    page = Reader(to_html(Document("T", (Section("S", (slot, slot), "s"),))))
    plain = Reader(
        to_html(Document("T", (Section("S", (LiveSlot("x", "y", lambda: LIVE),) * 2, "s"),)))
    )
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)


def test_any_result_is_a_page_and_a_frame(tutorial: SupplyNetwork) -> None:
    made = sn.report.of(
        sn.flow(tutorial, to="MLT", element="Nd", year=2024, tier="possible"), tutorial
    )
    page = Reader(made.to_html())
    assert "Nd to Malta, 2024" in page.texts
    frame = Reader(made._repr_html_())
    assert [tag for tag, _ in frame.tags] == ["iframe"]
    assert frame.tags[0][1]["srcdoc"] == made.to_html()
    assert frame.tags[0][1]["sandbox"] == "allow-scripts"
    assert to_frame(made.document) == made._repr_html_()
