"""Names of plants that try to be more than names, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.draw.layered import layer_scene
from supplynet.draw.style import find_size
from supplynet.present.document import Document, FigureSlot, Section
from supplynet.reports.build import Report, report
from supplynet.reports.study import study
from supplynet.text import one_line, plain
from tests.draw.networks import link, network, node
from tests.reports.hostile import EXAMPLES, document

pytestmark = pytest.mark.slow

NAMES = [one for one in EXAMPLES if plain(one) and "\ud800" not in one]


@pytest.fixture(scope="module")
def made() -> Report:
    """A study of plants with such names, a picture of each of them, and all texts in tables."""
    mines = [
        node(f"m-{n}", "mine", "AUS", name=name, capacity=1 + n, unit="t")
        for n, name in enumerate(NAMES)
    ]
    others = [
        node("p", "plant", "JPN", name=NAMES[0]),
        node("k", "maker", "JPN", name=NAMES[1]),
        node("MLT", "nation", "MLT"),
    ]
    edges = [link(f"m-{n}", "p") for n in range(len(NAMES))] + [link("p", "k"), link("k", "MLT")]
    net = network([*mines, *others], edges)
    flow = sn.flow(net, to="MLT", element="graphite")
    # so tall a canvas that every plant has a line of its own
    paper = replace(find_size("slide"), height=60.0 * len(NAMES))
    scene = layer_scene(net, flow, level="facility", top=len(NAMES), size=paper)
    picture = Document("All", (Section("All", (FigureSlot("all", "All", lambda: scene),)),))
    found = study(net, to="MLT", avoid=f"node:m-{len(NAMES) - 1}").document
    return report(found, picture, *map(document, EXAMPLES))


def test_hostile_names_are_text(visit: Any, made: Report, tmp_path: Path) -> None:
    assert len(NAMES) >= 60
    seen = visit(made.write(tmp_path / "hostile.html"))
    page = seen.page
    page.on("dialog", lambda dialog: seen.errors.append(dialog.message))
    texts = page.evaluate(
        "[...document.querySelectorAll('h2, p, li, td, th, caption')].map(one => one.textContent)"
    )
    shown = {" ".join(text.split()) for text in texts}
    for name in EXAMPLES:
        assert " ".join(one_line(name).split()) in shown
    said = page.evaluate(
        "[...document.querySelectorAll('#figure-all [aria-label]')]"
        ".map(one => one.getAttribute('aria-label'))"
    )
    for name in NAMES:
        assert any(one.startswith(plain(name) + ",") for one in said), name
    kinds = page.evaluate("[...document.querySelectorAll('body *')].map(one => one.tagName)")
    assert kinds.count("DETAILS") == 1  # the list of contents
    assert not {"IMG", "IFRAME", "BASE", "LINK", "OBJECT", "TEXTAREA", "MATH"} & set(kinds)
    assert page.locator("script").count() == 3
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(one => "
        "[...one.attributes].every(a => !a.name.startsWith('on')))"
    )
    for box in page.locator("#figure-all rect.box[tabindex]").all()[::7]:
        box.hover(force=True)
        assert page.locator(".tip").is_visible()
    seen.check()
