"""The page that carries its solver gives the figures of the library."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.analysis.flow.flow import graph_of
from supplynet.analysis.question import ask
from supplynet.network.tiers import floors
from supplynet.present.document import Document
from supplynet.reports.build import Report
from supplynet.reports.solver import network_of, programs_of, section
from supplynet.solve.flow.maxflow import max_flow
from tests.sweeps import IS_WHOLE, sweep

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def page_of(net: SupplyNetwork, folder: Path, *, tier: str = "possible", **words: Any) -> Path:
    question = ask(net, **words)
    elements = list(net.commodity.headline or net.commodity.elements)
    tried = section(question, elements, tier)
    return Report(Document("Try it", (tried,))).write(folder / "try.html")


SOLVED = """([element, parts]) => {
    const networks = JSON.parse(document.querySelector(".solver script").textContent);
    const { solve, moved } = window.supplynetSolver;
    const network = networks.find((one) => one.element === element);
    const found = solve(moved(network, new Map(parts), false));
    return [found.value, found.cut.reduce((sum, [, through]) => sum + through, 0)];
}"""


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["tutorial", "rare-earths"])
def test_states_have_the_figures_of_the_library(visit: Any, tmp_path: Path, graph: str) -> None:
    net = sn.load(graph)
    words = {"to": "MLT"} if graph == "tutorial" else {"to": "KOR", "avoid": "CHN", "year": 2030}
    page = visit(page_of(net, tmp_path, **words)).page
    question, counted = ask(net, **words), floors(tier="possible")
    held = question.shut.possibly
    drawn = random.Random(7)
    for element in list(net.commodity.headline or net.commodity.elements)[:2]:
        flow = graph_of(question, element, links=counted.links, plants=counted.plants)
        listed = network_of(question, element, "possible")["plants"]
        plants = [label for _, label in listed if label in flow.index and label not in held]
        for _ in range(25 if IS_WHOLE else 8):
            some = drawn.sample(plants, min(len(plants), drawn.choice([1, 2, 4, 12])))
            parts = {label: drawn.choice([0.0, 0.0, 0.5, 1.5]) for label in some}
            limits = flow.node_capacity.copy()
            for label, part in parts.items():
                at = flow.index[label]
                limits[at] = 0.0 if part == 0.0 else limits[at] * part
            expected = max_flow(flow.problem().replace(node_capacity=limits)).value
            value, cut = page.evaluate(SOLVED, [element, list(parts.items())])
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert cut == pytest.approx(expected, rel=1e-9, abs=1e-9)  # weak duality: its proof


PROGRAM = """async ([place, parts, isOpen]) => {
    const networks = JSON.parse(document.querySelector(".solver script").textContent);
    const network = { ...networks[place], whole: networks[0] };
    const found = await window.supplynetProgram.solve(network, new Map(parts), isOpen);
    return [found.value, found.limits.reduce((sum, [, through]) => sum + through, 0), found.gap];
}"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("graph", "n_states"), [("tutorial", 25), ("rare-earths", 25 if IS_WHOLE else 3)]
)
def test_states_of_the_program_have_the_figures_of_the_library(
    visit: Any, tmp_path: Path, graph: str, n_states: int
) -> None:
    """HiGHS in the page, from the arrays as they were written, against the changed network."""
    net = sn.load(graph)
    words = {"to": "MLT"} if graph == "tutorial" else {"to": "KOR", "avoid": "CHN", "year": 2030}
    path = page_of(net, tmp_path, tier="committed", **words)
    assert path.stat().st_size < 6_000_000
    seen = visit(path)
    programs = programs_of(ask(net, **words), "committed")
    first = programs[0]
    limited = [
        label
        for (_, label), limit in zip(first["plants"], first["limits"], strict=True)
        if limit is not None and label not in first["held"]
    ]
    drawn, values = random.Random(11), set()
    for n in range(n_states):
        some = drawn.sample(limited, min(len(limited), drawn.choice([1, 2, 4, 12])))
        parts = {label: drawn.choice([0.0, 0.0, 0.5, 1.5]) for label in some}
        changes = [
            {"verb": "scale", "nodes": f"node:{label}", "factor": part}
            if part
            else {"verb": "close", "nodes": f"node:{label}"}
            for label, part in parts.items()
        ]
        moved = sn.Scenario.from_dict({"change": changes}, name="moved")
        is_open = n % 3 == 2  # what is avoided is opened again
        asked = {**words, "avoid": None} if is_open else words
        known = sn.coverage(net, tier="committed", scenario=moved, **asked)
        alone = {one.title: one.alone for one in known.forms}
        for place, program in enumerate(programs):
            found = seen.page.evaluate(PROGRAM, [place, list(parts.items()), is_open])
            value, limits, gap = found
            expected = alone[program["title"]]
            assert value == pytest.approx(expected, rel=1e-6, abs=1e-6), (parts, is_open)
            assert limits == pytest.approx(expected, rel=1e-6, abs=1e-6)  # weak duality
            assert gap < 1e-6
            values.add(round(value, 3))
    assert len(values) > 3
    seen.check()


@pytest.mark.slow
@pytest.mark.parametrize("graph", sweep(["tutorial", "rare-earths"], ["tutorial"]))
def test_plants_rank_by_what_is_lost_with_them(graph: str) -> None:
    """A plant whose closing changes nothing is not listed; others lose what the library says."""
    net = sn.load(graph)
    words: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "tier": "possible"}
    if graph == "rare-earths":
        words = {"to": "KOR", "avoid": "CHN", "tier": "committed", "year": 2030}
    asked = {name: value for name, value in words.items() if name != "tier"}
    for program in programs_of(ask(net, **asked), str(words["tier"])):
        losses = program["losses"]
        assert list(losses.values()) == sorted(losses.values(), reverse=True)
        for label in [*list(losses)[:2], program["plants"][0][1]]:
            shut = {**words, "avoid": f"{words['avoid']},node:{label}"}
            left = {one.title: one.alone for one in sn.coverage(net, **shut).forms}
            lost = program["value"] - left[program["title"]]
            assert losses.get(label, 0.0) == pytest.approx(lost, rel=1e-6, abs=1e-4)


@pytest.mark.slow
def test_a_plant_is_shut_in_the_file(visit: Any, tmp_path: Path) -> None:
    seen = visit(page_of(sn.load("tutorial"), tmp_path, to="MLT"))
    page = seen.page
    page.locator(".solver select").select_option("1")
    assert page.locator('[data-solved="now"]').text_content() == "160 t Nd2O3/yr"
    page.locator('[data-shut="ref-big"]').click()
    assert page.locator('[data-solved="now"]').text_content() == "40 t Nd2O3/yr"
    assert page.locator('[data-solved="change"]').text_content() == "-75%"
    assert "Small Refinery to Free Maker" in page.locator(".limits").text_content()
    field = page.locator('[data-plant="ref-big"]')
    field.fill("50")
    field.press("Enter")
    assert page.locator(".solver").get_attribute("data-value") not in ("160", "40")
    page.locator("[data-again]").click()
    assert page.locator('[data-solved="now"]').text_content() == "160 t Nd2O3/yr"
    seen.check()


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_it_is_accessible(visit: Any, tmp_path: Path, scheme: Any, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    path = page_of(sn.load("tutorial"), tmp_path, to="MLT")
    size = {"width": width, "height": 900}
    page = visit(path, color_scheme=scheme, viewport=size, bypass_csp=True).page
    page.wait_for_selector(".solver[aria-busy=false]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = axe.Axe().run(page)
    told = [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]
    assert told == []
