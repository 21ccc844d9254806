"""A headless Chromium, and pages to open in it. Without Chromium these tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from supplynet.reports.study import study
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.build import Report

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium, for all tests of a process."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright (extra: test)")
    with api.sync_playwright() as driver:
        # as root, as in many containers, Chromium starts only without its sandbox
        chromium = driver.chromium.launch(executable_path=found, chromium_sandbox=False)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """An open page, and what it did that it should not."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail if the page asked for anything, or an error was reported."""
        assert self.requests == []
        assert self.errors == []


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """Open a file; words are those of a browser context, such as a color scheme."""
    contexts = []

    def opened(path: Path, address: str = "", **words: Any) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **words})
        contexts.append(context)
        found = Visit(context.new_page())
        own = path.as_uri()
        found.page.on(
            "request",
            lambda one: None if one.url.split("#")[0] == own else found.requests.append(one.url),
        )
        found.page.on(
            "console",
            lambda one: found.errors.append(one.text) if one.type in ("error", "warning") else None,
        )
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.goto(own + address)
        if words.get("java_script_enabled", True):
            found.page.wait_for_function(
                "[...document.querySelectorAll('.explore')].every(one => one.dataset.ready)"
            )
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report(tutorial: SupplyNetwork) -> Report:
    """A study of the small graph."""
    return study(sourced(tutorial), to="MLT", avoid="FJI")


@pytest.fixture(scope="session")
def page_file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of that study."""
    return report.write(tmp_path_factory.mktemp("page") / "malta.html")
