"""The page of the shipped graph: large enough to show what small ones hide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from supplynet.reports.study import study

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

pytestmark = pytest.mark.slow

OVERLAPS = """svg => {
  const boxes = [...svg.querySelectorAll("text")].map(one => [one.textContent, one.getBBox()]);
  const found = [];
  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
    const wide = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
    const tall = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
    if (wide > 2 && tall > 0.45 * Math.min(p.height, q.height)) found.push([a, b]);
  }));
  const { width, height } = svg.viewBox.baseVal;
  const out = boxes.filter(([, p]) =>
    p.x < -1 || p.y < -2 || p.x + p.width > width + 1 || p.y + p.height > height + 2);
  return [found, out.map(([text]) => text)];
}"""


@pytest.fixture(scope="module")
def korea(rare_earths: SupplyNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = study(rare_earths, to="KOR", avoid="CHN", contested=True)
    return made.write(tmp_path_factory.mktemp("korea") / "korea.html")


def test_it_can_be_mailed_and_opened(visit: Any, korea: Path) -> None:
    # half of it are the proofs of two allocations, compressed
    assert korea.stat().st_size < 3_000_000
    for width in (390, 1440):
        seen = visit(korea, viewport={"width": width, "height": 900})
        assert seen.page.evaluate("document.scrollingElement.scrollWidth") <= width
        seen.check()


def test_no_words_of_a_picture_overlap(visit: Any, korea: Path) -> None:
    seen = visit(korea, "#element=Dy&year=2030&tier=possible&lens=control&avoid=shut")
    for place, svg in enumerate(seen.page.locator("svg.scene").all()):
        overlapping, outside = svg.evaluate(OVERLAPS)
        assert (overlapping, outside) == ([], []), place


def test_a_phone_gets_every_picture_upright_and_whole(visit: Any, korea: Path) -> None:
    page = visit(korea, viewport={"width": 390, "height": 844}).page
    shown = [svg for svg in page.locator(".narrow svg.scene").all() if svg.is_visible()]
    assert len(shown) >= 5
    for place, svg in enumerate(shown):
        assert svg.bounding_box()["width"] <= 390
        assert svg.evaluate(OVERLAPS) == [[], []], place


def test_the_first_sheet_of_paper_has_the_answer_with_its_picture(visit: Any, korea: Path) -> None:
    sheet = {"width": 680, "height": 1009}  # A4 without its margins, at 96 pixels an inch
    page = visit(korea, viewport=sheet).page
    page.emulate_media(media="print")
    picture = page.locator("#answer svg.scene").first.bounding_box()
    assert picture["y"] + picture["height"] <= sheet["height"]
    assert picture["width"] > 0.6 * sheet["width"]
