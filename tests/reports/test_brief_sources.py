"""Figures of the page tell which sources they rest on, where a list of them stands below."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import supplynet as sn
from supplynet.present.document import Bullets, Document, Paragraph, Section, Table
from supplynet.reports.brief import Brief, work_out
from supplynet.reports.brief_sections import document_of, sections
from supplynet.reports.html import to_html
from supplynet.reports.parts import CITED
from supplynet.reports.study import study
from supplynet.reports.study_evidence import of_answer, of_way, sources_of
from tests.reports.networks import sourced


@pytest.fixture(scope="module")
def page() -> Brief:
    return work_out(sourced(sn.load("tutorial")), to="MLT", avoid="FJI", year=2024)


def test_every_figure_tells_sources_of_the_rows_that_it_rests_on(page: Brief) -> None:
    known = page.question.net.source_by_id
    assert set(sources_of(page)) <= known.keys()
    rows = [page.question.net.node(label).source_ids for label in page.ways[0].nodes]
    assert set(of_way(page, page.ways[0])) >= {key for keys in rows for key in keys}
    assert of_answer(page) == tuple(dict.fromkeys(of_answer(page)))
    assert len(of_answer(page)) <= 4


def test_a_page_with_a_list_below_cites_it(page: Brief) -> None:
    numbers = {key: place for place, key in enumerate(sources_of(page), 1)}
    told = {section.name: section.blocks for section in sections(page, numbers)}
    (first, *_) = (block for block in told["answer"] if isinstance(block, Paragraph))
    assert re.search(r" \[\d+\]$", first.text)
    (table,) = (block for block in told["answer"] if isinstance(block, Table))
    assert table.columns[-1] == CITED
    (how,) = (block for block in told["how"] if isinstance(block, Bullets))
    assert all(re.search(r" \[\d+\]$", text) for text in how.items)


def linked_and_listed(document: Document) -> tuple[set[str], set[str]]:
    """Return the sources that figures of a web page link to, and those in its list."""
    text = to_html(document)
    linked = re.findall(r'<a class="cite" href="#(source-\d+)">', text)
    return set(linked), set(re.findall(r'<li id="(source-\d+)">', text))


def test_a_number_links_to_its_source_in_the_list(page: Brief) -> None:
    what = study(page.question.net, to="MLT", avoid="FJI", year=2024, page=page).document
    linked, listed = linked_and_listed(what)
    assert linked
    assert linked <= listed


def test_a_web_page_lists_every_source_that_it_cites_and_no_other(page: Brief) -> None:
    linked, listed = linked_and_listed(document_of(page))
    assert linked
    assert linked == listed


def test_what_is_put_behind_a_page_stands_behind_its_sources_too(page: Brief) -> None:
    added = Section("More", (Paragraph("More."),), "more")
    document = document_of(page).plus(added)
    assert document.sections[-1] == added
    assert document.cited is not None
    assert [section.name for section in document.cited()[-2:]] == ["sources", "more"]
    assert replace(document, cited=None).plus(added).cited is None
