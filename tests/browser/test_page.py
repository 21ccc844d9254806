"""The page of a study in a real browser."""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.words import spelled
from supplynet.reports.html import to_html
from supplynet.reports.results import document_of
from supplynet.text import share, tonnes
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.build import Report

pytestmark = pytest.mark.slow

MARKS = """svg => [...svg.children].map(one => [
    one.tagName,
    Object.fromEntries([...one.attributes].map(a => [a.name, a.value])
        .filter(([name]) => !["role", "aria-label", "tabindex"].includes(name))),
    [...one.childNodes].filter(child => child.nodeType === 3).map(child => child.data).join(""),
])"""
SIZES = [(390, 844), (1440, 900)]


def figures_of(page: Any) -> dict[str, Any]:
    return dict(json.loads(page.locator("script.figures").text_content()))


def pictures_of(page: Any) -> dict[str, Any]:
    packed = page.locator("script.pictures").text_content()
    return dict(json.loads(zlib.decompress(base64.b64decode(packed))))


def switch(page: Any, axis: str, choice: str) -> None:
    page.locator(f'.switches input[name="{axis}"][value="{choice}"]').check(force=True)


def fact(page: Any, name: str) -> str:
    return str(page.locator(f'[data-fact="{name}"]').text_content())


def text_of(data: dict[str, Any], place: int) -> str:
    parts = [one if isinstance(one, str) else data["words"][one] for one in data["texts"][place]]
    return "".join(parts)


# -- it opens --------------------------------------------------------------------------------


def test_it_opens_without_requests_and_errors(visit: Any, page_file: Path) -> None:
    seen = visit(page_file)
    assert seen.page.title() == "Malta without Fiji: made-up rare earths, 2026"
    assert seen.page.locator("html.live").count() == 1
    seen.check()


def test_the_policy_stops_what_is_not_its_own(visit: Any, page_file: Path, tmp_path: Path) -> None:
    added = "<script>document.title = 'run'</script><img src='https://evil.example/x.png'></body>"
    changed = tmp_path / "changed.html"
    changed.write_text(page_file.read_text("utf-8").replace("</body>", added), "utf-8")
    seen = visit(changed)
    assert seen.page.title() != "run"
    assert any("Content Security Policy" in one for one in seen.errors)


def test_it_is_whole_without_its_script(visit: Any, page_file: Path, report: Report) -> None:
    page = visit(page_file, java_script_enabled=False).page
    for section in report.document.sections:
        assert page.get_by_role("heading", name=section.title, exact=True).is_visible()
    tables = list(report.document.tables())
    assert page.locator("table").count() == len(tables)
    for place, table in enumerate(tables):
        shown = page.locator("table").nth(place)
        assert shown.is_visible()
        assert shown.locator("tbody tr").count() == max(1, len(table.rows))
    pictures = page.locator(":not(.narrow) > svg.scene")
    assert pictures.count() >= 2
    assert all(pictures.nth(place).is_visible() for place in range(pictures.count()))
    assert page.locator(".facts dd").first.is_visible()
    assert not page.locator("form.switches").is_visible()
    assert not page.get_by_role("button").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_print_shows_everything_on_white(visit: Any, page_file: Path, scheme: str) -> None:
    page = visit(page_file, color_scheme=scheme).page
    page.emulate_media(media="print", color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    for table in page.locator("table").all():
        assert table.is_visible()
    for kind in (".switches", ".contents", "button.copy", "#theme"):
        assert not page.locator(kind).first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_print_keeps_heads_of_tables_with_their_rows(visit: Any, page_file: Path) -> None:
    """No head alone at the foot of a page; none left blank where a page begins with it again.

    Chromium leaves out a button in a head that it repeats, and with it the words in it.
    """
    page = visit(page_file).page
    page.emulate_media(media="print")
    style = "(one, name) => getComputedStyle(one)[name]"
    assert page.locator("thead").first.evaluate(style, "breakAfter") == "avoid"
    assert page.locator("tbody tr").first.evaluate(style, "breakBefore") == "avoid"
    assert page.locator("th button").first.evaluate(style, "display") == "contents"


# -- every reader ------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_is_wider_than_the_screen(
    visit: Any, page_file: Path, width: int, height: int, scheme: str
) -> None:
    viewport = {"width": width, "height": height}
    seen = visit(page_file, viewport=viewport, color_scheme=scheme)
    assert seen.page.evaluate("document.scrollingElement.scrollWidth") <= width
    seen.page.locator("#theme").click()
    is_dark = seen.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert is_dark == (scheme == "light")
    seen.check()


CONTRAST = """() => {
  const channel = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const color = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = color(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest("svg, script, style, .unseen")) continue;
    const has = [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!has || !one.checkVisibility()) continue;
    const [a, b] = [light(color(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([one.tagName, one.className, one.textContent.slice(0, 30), ratio]);
  }
  return bad;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out(visit: Any, page_file: Path, scheme: str) -> None:
    page = visit(page_file, color_scheme=scheme).page
    assert page.evaluate(CONTRAST) == []


def test_landmarks_names_and_heads(visit: Any, page_file: Path) -> None:
    page = visit(page_file).page
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("navigation", name="Contents").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption)")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(set(ids)) == len(ids)
    targets = page.locator('a[href^="#"]').evaluate_all("found => found.map(a => a.hash.slice(1))")
    assert set(targets) <= set(ids)
    named = "aria-labelledby", "aria-describedby"
    for name in named:
        used = page.evaluate(
            f"[...document.querySelectorAll('[{name}]')].map(one => one.getAttribute('{name}'))"
        )
        assert set(used) <= set(ids)


def test_the_keyboard_reaches_everything(visit: Any, page_file: Path) -> None:
    page = visit(page_file).page
    focused = "document.activeElement.textContent"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Skip to the answer"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator('.switches input[name="year"]').first.focus()
    before = fact(page, "demand")
    page.keyboard.press("ArrowRight")
    assert page.locator('.switches input[name="year"]:checked').get_attribute("value") == "2025"
    assert fact(page, "demand") != before
    stop = page.locator('.explore svg [tabindex="0"]').first
    stop.focus()
    first = stop.get_attribute("aria-label")
    assert page.locator(".tip").is_visible()
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert second != first
    assert page.locator(".tip").inner_text().split("\n")[0] == second.split("; ")[0]
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == first
    page.keyboard.press("Escape")
    assert not page.locator(".tip").is_visible()


# -- tables ------------------------------------------------------------------------------------


def test_tables_sort_by_any_column(visit: Any, page_file: Path) -> None:
    page = visit(page_file).page
    table = page.locator("#table-tiers table")
    head = table.get_by_role("columnheader", name="All open")
    for order in ("descending", "ascending"):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == order
        values = table.locator("td:nth-child(3)").evaluate_all(
            "cells => cells.map(cell => Number(cell.dataset.value))"
        )
        assert values == sorted(values, reverse=order == "descending")
    # every row says what it belongs to, now that rows above may be others
    assert all(one.is_visible() for one in table.locator("tbody th .again").all())
    assert page.locator("#told").text_content() == "Sorted by All open, ascending"


def test_tables_can_be_copied(visit: Any, page_file: Path, report: Report) -> None:
    page = visit(page_file).page
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => "
        "{ window.copied = text; }}})"
    )
    page.locator("#table-tiers").get_by_role("button", name="Copy").click()
    page.wait_for_function("window.copied")
    lines = [line.split("\t") for line in page.evaluate("window.copied").split("\n")]
    table = next(one for one in report.document.tables() if one.name == "tiers")
    assert lines[0] == [column.title for column in table.columns]
    assert [float(line[3]) for line in lines[1:]] == [row["without"] for row in table.rows]
    assert all(line[0] for line in lines)


def test_a_phone_has_pictures_of_its_own_width(visit: Any, page_file: Path) -> None:
    page = visit(page_file, viewport={"width": 390, "height": 844}).page
    shown = page.locator(".narrow svg.scene")
    assert shown.count() >= 3
    for place in range(shown.count()):
        assert shown.nth(place).is_visible()
        assert shown.nth(place).bounding_box()["width"] <= 390
    assert not page.locator("figure .wide").first.is_visible()
    wide = visit(page_file).page
    assert wide.locator("figure .wide").first.is_visible()
    assert not wide.locator(".narrow").first.is_visible()


# -- live pictures -----------------------------------------------------------------------------


def test_script_and_library_draw_the_same(visit: Any, page_file: Path) -> None:
    still = visit(page_file, java_script_enabled=False).page
    page = visit(page_file).page
    for place in range(page.locator(".explore svg").count()):
        drawn = page.locator(".explore svg").nth(place).evaluate(MARKS)
        standing = still.locator(".explore svg").nth(place).evaluate(MARKS)
        assert len(drawn) > 10
        assert drawn == standing


def test_hover_shows_the_tonnes_of_the_data(visit: Any, page_file: Path) -> None:
    seen = visit(page_file)
    page, data = seen.page, pictures_of(seen.page)
    figures = figures_of(page)
    said = {tuple(text_of(data, line) for line in one) for one in data["hovers"]}
    stops = page.locator(".explore figure:not(.narrow) svg [tabindex]")
    shown = []
    for place in range(stops.count()):
        stops.nth(place).focus()
        shown.append(tuple(page.locator(".tip div").all_text_contents()))
    assert set(shown) <= said
    pointed = 0
    for place, lines in enumerate(shown):
        stops.nth(place).scroll_into_view_if_needed()
        area = stops.nth(place).bounding_box()
        if stops.nth(place).evaluate("one => one.tagName") == "rect" and area["height"] > 20:
            page.mouse.move(area["x"] + 2, area["y"] + area["height"] / 2)
            assert tuple(page.locator(".tip div").all_text_contents()) == lines
            pointed += 1
    assert pointed >= 3
    target = [lines for lines in shown if lines[0].startswith("Malta, Nations")]
    potential = figures["states"][0]["numbers"][figures["facts"].index("potential")]
    assert any(f"{tonnes(potential)} t Nd2O3/yr" in line for line in target[0])
    page.mouse.move(2, 2)
    page.evaluate("document.activeElement.blur()")
    assert not page.locator(".tip").is_visible()
    seen.check()


def test_every_switch_shows_the_numbers_of_the_library(
    visit: Any, page_file: Path, tutorial: SupplyNetwork
) -> None:
    seen = visit(page_file)
    page, data = seen.page, figures_of(seen.page)
    net = sourced(tutorial)
    axes = {axis["name"]: axis["choices"] for axis in data["axes"]}
    assert list(axes) == ["element", "year", "tier", "lens", "avoid"]
    assert all(len(choices) > 1 for choices in axes.values())
    states = list(itertools.product(*axes.values()))
    assert len(states) == len(data["states"])
    seen_figures = set()
    for element, year, tier, lens, avoid in states[::5]:  # 5 is prime to every axis
        for name, choice in zip(axes, (element, year, tier, lens, avoid), strict=True):
            switch(page, name, choice)
        found = sn.coverage(
            net,
            to="MLT",
            element=element,
            avoid="FJI" if avoid == "shut" else None,
            year=int(year),
            tier=tier,
            lens=lens,
        )
        assert fact(page, "coverage") == share(found.forms[0].coverage)
        assert fact(page, "potential").startswith(tonnes(found.elements[0].served))
        assert f"needs in {year}" in page.locator(".summary").inner_text()
        assert spelled(element) in page.locator(".explore svg title").first.text_content()
        seen_figures.add(fact(page, "potential"))
    assert len(seen_figures) > 5
    seen.check()


def test_the_address_holds_the_state(visit: Any, page_file: Path) -> None:
    page = visit(page_file).page
    switch(page, "element", "Dy")
    switch(page, "lens", "control")
    address = "#" + page.evaluate("location.hash").removeprefix("#")
    assert "element=Dy" in address
    again = visit(page_file, address).page
    assert fact(again, "potential") == fact(page, "potential")
    assert again.locator('.switches input[value="control"]').is_checked()
    again.evaluate("location.hash = '#element=Nd&lens=nonsense&avoid=__proto__'")
    again.wait_for_function("document.querySelector('input[value=Nd]').checked")
    assert again.locator('.switches input[value="location"]').is_checked()
    assert again.evaluate("location.hash = '#method'") == "#method"
    assert again.locator('.switches input[value="Nd"]').is_checked()


def test_a_slider_moves_through_the_periods(visit: Any, tmp_path: Path) -> None:
    result = sn.shock(
        sn.load("tutorial"), avoid="ISL", during="2024-02", begin="2024-01", end="2024-03"
    )
    path = tmp_path / "run.html"
    path.write_text(to_html(document_of(result)), encoding="utf-8")
    seen = visit(path)
    slider = seen.page.locator("input[type=range]")
    told = [seen.page.locator(".explore output").text_content()]
    for key in ("Home", "End"):
        slider.press(key)
        told.append(seen.page.locator(".explore output").text_content())
        assert seen.page.locator(".explore .summary").text_content().startswith(told[-1])
        assert slider.get_attribute("aria-valuetext") == told[-1]
    assert told == ["2024-02", "2024-01", "2024-03"]
    assert seen.page.url.endswith("#period=2024-03")
    seen.check()
