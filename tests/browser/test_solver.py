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
from supplynet.report.build import Report
from supplynet.report.document import Document
from supplynet.report.solver import network_of, section
from supplynet.solve.flow.maxflow import max_flow

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def page_of(net: SupplyNetwork, folder: Path, **words: Any) -> Path:
    question = ask(net, **words)
    elements = list(net.commodity.headline or net.commodity.elements)
    tried = section(question, elements, "conceivable")
    return Report(Document("Try it", (tried,))).write(folder / "try.html")


SOLVED = """([element, parts]) => {
    const networks = JSON.parse(document.querySelector(".solver script").textContent);
    const { solve, moved } = window.supplynetSolver;
    const found = solve(moved(networks[element], new Map(parts)));
    return [found.value, found.cut.reduce((sum, [, through]) => sum + through, 0)];
}"""


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["tutorial", "rare-earths"])
def test_fifty_states_have_the_figures_of_the_library(
    visit: Any, tmp_path: Path, graph: str
) -> None:
    net = sn.load(graph)
    words = {"to": "MLT"} if graph == "tutorial" else {"to": "KOR", "avoid": "CHN", "year": 2030}
    page = visit(page_of(net, tmp_path, **words)).page
    question, counted = ask(net, **words), floors(tier="conceivable")
    drawn = random.Random(7)
    for place, element in enumerate(list(net.commodity.headline or net.commodity.elements)[:2]):
        flow = graph_of(question, element, links=counted.links, plants=counted.plants)
        plants = [label for _, label in network_of(question, element, "conceivable")["plants"]]
        for _ in range(25):
            some = drawn.sample(plants, min(len(plants), drawn.choice([1, 2, 4, 12])))
            parts = {label: drawn.choice([0.0, 0.0, 0.5, 1.5]) for label in some}
            limits = flow.node_capacity.copy()
            for label, part in parts.items():
                at = flow.index[label]
                limits[at] = 0.0 if part == 0.0 else limits[at] * part
            expected = max_flow(flow.problem().replace(node_capacity=limits)).value
            value, cut = page.evaluate(SOLVED, [place, list(parts.items())])
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert cut == pytest.approx(expected, rel=1e-9, abs=1e-9)  # weak duality: its proof


@pytest.mark.slow
def test_a_plant_is_shut_in_the_file(visit: Any, tmp_path: Path) -> None:
    seen = visit(page_of(sn.load("tutorial"), tmp_path, to="MLT"))
    page = seen.page
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
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(visit: Any, tmp_path: Path, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    path = page_of(sn.load("tutorial"), tmp_path, to="MLT")
    page = visit(path, color_scheme=scheme, bypass_csp=True).page
    found = axe.Axe().run(page)
    told = [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]
    assert told == []
