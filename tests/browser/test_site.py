"""Pages of the site in a real browser: read by everybody, and nothing from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
#: one of each kind: start, printed answers, tables and pictures, references, code, equations
PAGES = (
    "index",
    "any-mineral",
    "comparison",
    "pictures",
    "reference/scenarios",
    "reference/commands",
    "extending/objective",
    "concepts/model",
)
#: references that are as long as a book: read once, where there is the least room
LONG = ("reference/python", "results")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    pytest.importorskip("mkdocs", reason="needs mkdocs-material (extra: docs)")
    folder = tmp_path_factory.mktemp("site")
    words = ["build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "mkdocs", *words], cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_of_each_kind_can_be_read(
    browser: Browser, built: Path, scheme: Any, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page, elsewhere = context.new_page(), list[str]()
    page.set_default_timeout(240_000)
    page.on("request", lambda one: elsewhere.append(one.url) if one.url[:4] == "http" else None)
    for name in (*PAGES, *(LONG if (scheme, width) == ("dark", 390) else ())):
        page.goto((built / f"{name}.html").as_uri())
        page.wait_for_function(
            "[...document.querySelectorAll('nav.md-code__nav')].every(one => one.ariaLabel)"
        )
        told = [
            (name, one["id"], one["nodes"][0]["html"])
            for one in axe.Axe().run(page).response["violations"]
        ]
        assert told == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert elsewhere == []
    context.close()
