"""What an answer rests on is folded on the page, whole without a script and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supplynet.network.network import SupplyNetwork
from supplynet.reports.brief import work_out
from supplynet.reports.study import study

pytestmark = pytest.mark.slow

HEADS = "section.fold h2 button"


@pytest.fixture(scope="module")
def full_page(tutorial: SupplyNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = work_out(tutorial, to="MLT", avoid="ISL", year=[2026, 2024], command="supplynet")
    found = study(tutorial, graph="tutorial", to="MLT", avoid="ISL", year=2026, page=page)
    return found.write(tmp_path_factory.mktemp("full") / "malta.html")


def test_the_answer_is_open_and_the_rest_opens_by_its_head(visit: Any, full_page: Path) -> None:
    seen = visit(full_page)
    page = seen.page
    assert page.locator("#answer p").first.is_visible()
    heads = page.locator(HEADS)
    assert heads.count() >= 8
    assert page.locator(f"{HEADS}[aria-expanded=true]").count() == 0
    body = page.locator(f"[id='{heads.first.get_attribute('aria-controls')}']")
    assert not body.is_visible()
    heads.first.click()
    assert body.is_visible()
    heads.first.click()
    assert not body.is_visible()
    assert page.locator(".explore form").first.is_visible()  # what is live is never folded
    assert heads.first.bounding_box()["height"] >= 24
    seen.check()


def test_contents_and_addresses_open_what_they_name(visit: Any, full_page: Path) -> None:
    page = visit(full_page).page
    link = page.locator(".contents a").last
    link.click()
    target = link.get_attribute("href")
    assert page.locator(f"{target} .folded").is_visible()
    page.evaluate("location.hash = '#routes'")
    page.wait_for_function("!document.querySelector('#routes .folded').hidden")


def test_paper_and_browsers_without_script_show_all(visit: Any, full_page: Path) -> None:
    page = visit(full_page).page
    page.emulate_media(media="print")
    assert all(body.is_visible() for body in page.locator(".folded").all())
    plain = visit(full_page, java_script_enabled=False).page
    assert all(table.is_visible() for table in plain.locator("table").all())
