"""The explorer in a real browser, against a server in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.text import one_line, plain
from tests.reports.hostile import EXAMPLES
from tests.sweeps import sweep

pytest.importorskip("starlette", reason="needs starlette (extra: explore)")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
READY = "#pane-b[aria-busy=false]"
#: states of the page, as its address writes them, with the question that each asks
STATES = [
    (f"to={to}&tier={tier}&year={year}{more}", {"to": to, "tier": tier, "year": year, **words})
    for to in ("MLT", "ISL")
    for tier, year in (("operating", 2024), ("committed", 2026), ("possible", 2025))
    for more, words in (
        ("", {}),
        ("&avoid=FJI:maker", {"avoid": "FJI:maker"}),
        ("&avoid=node:mine-small&lens=control", {"avoid": "node:mine-small", "lens": "control"}),
    )
] + [
    (
        "to=MLT&year=2024&tier=possible&avoid=ISL",
        {"to": "MLT", "avoid": "ISL", "year": 2024, "tier": "possible"},
    ),
    (
        "to=MLT&year=2026&avoid=ISL",
        {"to": "MLT", "avoid": "ISL", "year": 2026, "tier": "operating"},
    ),
]


class Server:
    """A running server and the address of its page."""

    def __init__(self, graph: str, port: int = 0) -> None:
        words = ["-m", "supplynet", "explore", graph, "--no-browser", "-q", "--port", str(port)]
        self.process = subprocess.Popen(
            [sys.executable, *words], stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of the small graph."""
    found = Server("tutorial")
    yield found
    found.stop()


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open the page in a state; it must ask nobody but its server, and state no error."""
    contexts, wrong = [], list[str]()

    def go(address: str = "", **words: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **words})
        contexts.append(context)
        page = context.new_page()
        origin = server.address.split("/", 3)[:3]

        def asked(one: Any) -> None:
            if not one.url.startswith(("/".join(origin), "blob:")):
                wrong.append(one.url)

        page.on("request", asked)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{server.address}#{address}" if address else server.address)
        page.wait_for_selector(READY)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []


def numbers(page: Page) -> list[float]:
    page.wait_for_selector(READY)
    return list(json.loads(page.locator("#pane-b").get_attribute("data-numbers") or "[]"))


def settled(page: Page, act: Callable[[], Any]) -> None:
    """Do something and wait for the answer that follows."""
    page.evaluate("document.getElementById('pane-b').setAttribute('aria-busy', 'true')")
    act()
    page.wait_for_selector(READY)


def test_states_have_the_figures_of_the_library(opened: Callable[..., Page]) -> None:
    net = sn.load("tutorial")
    page = opened("to=MLT&year=2025")
    for address, words in sweep(STATES, STATES[::3]):
        page.evaluate(GO, address)
        page.wait_for_selector(READY)
        alone = sn.coverage(net, **words)
        expected = [part for row in alone.forms for part in (row.coverage, row.served)]
        assert numbers(page) == expected, address
        assert page.locator("#pane-b").get_attribute("data-digest") == alone.provenance.digest
    assert len(STATES) == 20


def test_a_long_question_is_given_up_by_the_next(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&tier=operating&year=2024")
    held, given_up = list[Any](), list[str]()
    page.on("requestfailed", lambda one: given_up.append(one.post_data))
    page.route(
        "**/api/v1/view", lambda route: route.continue_() if held else held.append(route)
    )  # the first is never answered
    page.evaluate(GO, "to=MLT&tier=possible&year=2024")
    page.wait_for_timeout(600)  # what comes sooner waits for the first part of the one before
    page.evaluate(GO, "to=ISL&tier=possible&year=2024")
    alone = sn.coverage(sn.load("tutorial"), to="ISL", tier="possible", year=2024)
    parts = [part for row in alone.forms for part in (row.coverage, row.served)]
    assert numbers(page) == parts
    (words,) = given_up
    assert json.loads(words)["to"] == "MLT"


#: the pane is busy from the moment on in which the address changes
GO = """(address) => {
    document.getElementById("pane-b").setAttribute("aria-busy", "true");
    location.hash = address;
}"""


def test_a_plant_is_shut_by_its_card_and_undone(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&tier=possible&year=2024")
    before = numbers(page)
    page.locator("#plants button", has_text="Big Refinery").click()
    page.wait_for_selector("#card-title:focus:has-text('Big Refinery')")
    settled(page, page.locator("#shut").click)
    assert "avoid=node" in page.url
    assert numbers(page) != before
    settled(page, page.locator("#undo").click)
    assert numbers(page) == before
    settled(page, page.locator("#redo").click)
    assert numbers(page) != before


def test_a_knob_writes_a_scenario_that_the_command_line_runs(
    opened: Callable[..., Page], tmp_path: Path, run_cli: Any
) -> None:
    page = opened("to=MLT&tier=possible&year=2024")
    page.locator("#plants button", has_text="Big Refinery").click()
    knob = page.locator("#knobs .knob", has_text="Capacity in 2024").locator("input[type=number]")
    knob.fill("90")
    settled(page, lambda: knob.press("Enter"))
    assert page.locator("#edits li").count() == 1
    with page.expect_download() as kept:
        page.locator("button[data-file='explored.toml']").click()
    kept.value.save_as(tmp_path / "explored.toml")
    command = (page.locator("#command").text_content() or "").split()[1:]
    printed = json.loads(run_cli(*command, "--format", "json", cwd=tmp_path).stdout)
    told = [part for row in printed["forms"] for part in (row["coverage"], row["served"])]
    assert told == numbers(page)
    settled(page, page.locator("#edits button").click)
    assert page.locator("#edits li").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_it_opens_with_a_question_and_its_picture(
    opened: Callable[..., Page], width: int, height: int
) -> None:
    """Something is shut, and half a screen of its picture is seen without scrolling."""
    page = opened(viewport={"width": width, "height": height})
    assert page.locator("#shut-now button").count() == 1
    assert "without" in (page.locator("#pane-b-title").text_content() or "")
    top = page.evaluate("document.querySelector('#pane-b svg.scene').getBoundingClientRect().top")
    assert 0 < top < 0.55 * height
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_code_stands_where_a_name_is_known(opened: Callable[..., Page]) -> None:
    edit = json.dumps([{"verb": "set", "nodes": "node:ref-big", "capacity": 90, "unit": "t oxide"}])
    page = opened(f"to=MLT&tier=possible&year=2024&avoid=ISL:mine,FJI:maker&edits={edit}")
    said = page.evaluate(
        """() => {
            document.querySelectorAll("pre, script, option, datalist").forEach(one => one.remove());
            return document.body.innerText;
        }"""
    )
    assert not re.search(r"\b(ISL|FJI|MLT)\b|range_of|[{}]|ref-big", said)
    assert "Iceland: " in said and "Big Refinery: capacity 90 t oxide" in said


def test_back_is_undo_and_forward_is_redo(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&tier=possible&year=2024")
    first = numbers(page)
    field = page.locator("[name=avoid]")
    field.fill("Iceland")  # a name is taken for its code
    settled(page, lambda: field.press("Enter"))
    second = numbers(page)
    assert second != first
    settled(page, page.go_back)
    assert numbers(page) == first and page.locator("#shut-now button").count() == 0
    settled(page, page.locator("#redo").click)
    assert numbers(page) == second
    settled(page, page.locator("#undo").click)
    assert numbers(page) == first and page.locator("#undo").is_disabled()


def test_two_states_have_one_scale_and_their_difference(opened: Callable[..., Page]) -> None:
    beside = "to%3DMLT%26tier%3Dpossible%26year%3D2024"
    page = opened(f"to=MLT&tier=possible&year=2024&avoid=ISL&beside={beside}")
    page.wait_for_selector("#pane-a[data-numbers]")
    text = page.locator("#pane-b svg.scene").text_content() or ""
    assert "Before: with everything open" in text and "After: without Iceland" in text
    assert not page.locator("#pane-a svg.scene").is_visible()
    kept = json.loads(page.locator("#pane-a").get_attribute("data-numbers") or "[]")
    told = page.locator("#pane-b .against").first.text_content() or ""
    assert f"{100 * (numbers(page)[0] - kept[0]):+.1f} points" in told


def test_any_plant_or_nation_can_be_looked_at_by_keyboard(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&tier=operating&year=2024")
    for word, title in (("mine-small", "Small Mine"), ("ISL", "Iceland"), ("none", "")):
        page.locator("#look").fill(word)
        page.keyboard.press("Enter")
        selector = f"#card-title:focus:has-text('{title}')" if title else "#problem:not([hidden])"
        page.wait_for_selector(selector)
    page.locator("#look").fill("MLT")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card[data-node=MLT]")
    slider = page.locator("#knobs .knob", has_text="Needs of").first.locator("input[type=range]")
    slider.focus()
    settled(page, lambda: slider.press("End"))
    assert page.locator("#edits li").count() == 1


def test_a_page_that_is_loaded_again_is_as_it_was(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&tier=operating&year=2024&avoid=ISL&question=run")
    settled(page, page.locator("input[name=gradual]").check)
    settled(page, page.locator("input[value=foresight]").check)
    page.locator("#keep").click()
    page.wait_for_selector("#pane-a[data-numbers]")
    settled(page, page.locator("input[value=contested]").check)
    settled(page, lambda: page.locator("[name=objective]").select_option("max_supply"))
    before = numbers(page)
    assert [one.is_visible() for one in page.locator("[name=picture]").all()].count(True) == 2
    page.reload()
    page.wait_for_selector("#pane-a[data-numbers]")
    assert numbers(page) == before
    assert page.locator("[name=objective]").input_value() == "max_supply"
    assert "--objective max_supply" in (page.locator("#command").text_content() or "")
    settled(page, page.locator("#swap").click)
    assert page.locator("input[name=gradual]").is_checked()
    command = page.locator("#command").text_content() or ""
    assert "--behavior foresight" in command and "--gradual" in command
    assert page.locator("input[name=delays]").is_disabled()  # this graph has no lead times


def test_a_phone_gets_the_picture_upright(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&tier=possible&year=2024", viewport={"width": 390, "height": 800})
    wide, high = page.evaluate(
        "(({ width, height }) => [width, height])"
        "(document.querySelector('#pane-b svg.scene').viewBox.baseVal)"
    )
    assert high > wide
    assert page.evaluate(
        "document.querySelector('#pane-b svg.scene').getBoundingClientRect().width <= innerWidth"
    )


@pytest.mark.parametrize("picture", ["layers", "map", "years", "losses"])
def test_every_picture_is_drawn(opened: Callable[..., Page], picture: str) -> None:
    page = opened(f"to=MLT&tier=possible&year=2024&picture={picture}")
    assert page.locator("#pane-b svg.scene > *").count() > 5


def test_a_slider_picks_the_month(opened: Callable[..., Page]) -> None:
    page = opened("to=MLT&avoid=ISL&tier=operating&year=2024&question=run")
    assert page.locator("#month-told").text_content() == "2024-01"
    assert "of usual" in (page.locator("[data-fact^=form-]").first.text_content() or "")
    assert page.locator("#pane-b svg.scene > *").count() > 20
    slider = page.locator("[name=month]")
    slider.focus()
    settled(page, lambda: slider.press("End"))
    assert page.locator("#month-told").text_content() == "2024-12"
    assert "month=2024-12" in page.url
    assert "100% of usual" in (page.locator("[data-fact^=form-]").first.text_content() or "")
    settled(page, page.locator("input[value=potential]").check)
    assert not slider.is_visible()


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("to=<img src=x onerror=alert(1)>", "alert"),
        ("to=MLT&avoid=nowhere", "nowhere"),
        ("to=MLT&scenario=../../x.toml", "names a file"),
        ('to=MLT&edits=[{"verb":"burn"}]', "edits"),
        ("to=MLT&edits=not json&year=soon", ""),
    ],
)
def test_a_hostile_address_is_told_and_runs_nothing(
    opened: Callable[..., Page], address: str, text: str
) -> None:
    page = opened(address)
    page.wait_for_function(
        "document.getElementById('pane-b').getAttribute('aria-busy') === 'false'"
    )
    problem = page.locator("#problem")
    assert problem.is_visible() == bool(text)
    assert text in (problem.text_content() or "")
    assert page.locator("img").count() == 0


def test_hostile_names_are_text(browser: Browser, tmp_path: Path) -> None:
    """Mines with such names stand in the lists, in a box of the picture and on their cards."""
    net = sn.load("tutorial")
    names = [one for one in EXAMPLES if plain(one) and "\ud800" not in one]
    assert len(names) >= 60
    mine = net.node("mine-small")
    edge = next(row for row in net.edge_rows if (row.source, row.target) == (mine.id, "ref-small"))
    mines = [
        mine.model_copy(update={"id": f"h-{n}", "name": name, "note": name, "capacity": 1.0 + n})
        for n, name in enumerate(names)
    ]
    edges = [edge.model_copy(update={"source": one.id}) for one in mines]
    assays = [row for row in net.rows("assays") if row.node_id == mine.id]
    own = [row.model_copy(update={"node_id": one.id}) for one in mines for row in assays]
    hostile = net.replace(
        nodes=[*net.node_rows, *mines],
        edges=[*net.edge_rows, *edges],
        assays=[*net.rows("assays"), *own],
    )
    sn.save(hostile, tmp_path / "hostile.json")
    server, wrong = Server(str(tmp_path / "hostile.json")), list[str]()
    page = browser.new_page()
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{server.address}#to=MLT&tier=possible&year=2024")
    page.wait_for_selector(READY)
    for n in range(0, len(names), 6):
        page.evaluate(CARD, f"h-{n}")
        page.wait_for_selector(f"#card[data-node=h-{n}]")
        assert (page.locator("#card-title").text_content() or "").split() == (
            one_line(names[n]).split()
        )
    listed = page.evaluate("[...document.querySelectorAll('#words option')].map(one => one.text)")
    assert {one_line(name) for name in names} <= {one_line(text) for text in listed}
    kinds = set(page.evaluate("[...document.querySelectorAll('body *')].map(one => one.tagName)"))
    assert not {"IMG", "IFRAME", "BASE", "LINK", "OBJECT", "TEXTAREA", "MATH"} & kinds
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(one => "
        "[...one.attributes].every(a => !a.name.startsWith('on')))"
    )
    page.close()
    server.stop()
    assert wrong == []


#: a button as the lists have them
CARD = """(id) => {
    const button = document.createElement("button");
    button.dataset.node = id;
    document.body.append(button);
    button.click();
    button.remove();
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_accessible(opened: Callable[..., Page], scheme: Any, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    page = opened(
        "to=MLT&tier=possible&year=2024",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # for axe itself
    )
    page.locator("#plants tbody button").first.click()
    page.wait_for_selector("#knobs .knob")
    found = axe.Axe().run(page)
    told = [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_outlives_its_server(browser: Browser) -> None:
    first = Server("tutorial")
    context = browser.new_context()
    page = context.new_page()
    page.goto(first.address)
    page.wait_for_selector(READY)
    first.stop()
    page.locator("[name=avoid]").fill("ISL")
    page.locator("[name=avoid]").press("Enter")
    page.wait_for_selector("#problem:not([hidden])")
    assert "start it again" in (page.locator("#problem").text_content() or "")
    port = int(re.search(r":(\d+)/", first.address)[1])  # type: ignore[index]
    second = Server("tutorial", port)
    # the token of before is no more: the page says so and shows nothing of the new server
    page.locator("[name=avoid]").fill("FJI:maker")
    page.locator("[name=avoid]").press("Enter")
    page.wait_for_selector("#problem:has-text('address')")
    page.goto(second.address)
    page.wait_for_selector(READY)
    context.close()
    second.stop()
