"""How results show themselves in a notebook."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import supplynet as sn
from supplynet.notebook import Shown

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


class Made(Shown):
    def __init__(self, n: int) -> None:
        self.n = n

    def summary(self) -> str:
        return "<script>alert(1)</script>\nsecond line"

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame({"<b>": ["<img src=x>"] * self.n})


def test_names_are_text_and_never_markup() -> None:
    shown = Made(1)._repr_html_()
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>second line</p>" in shown
    assert "&lt;img src=x&gt;" in shown and "<img" not in shown and "<b>" not in shown
    assert "more rows" not in shown


def test_results_show_a_picture_of_their_own(tutorial: SupplyNetwork) -> None:
    """An image, smaller than a notebook can bear; names in it are no markup of the page."""
    asked = {"to": "MLT", "element": "Nd"}
    for result in (
        sn.flow(tutorial, **asked),
        sn.allocate(tutorial),
        sn.chokepoints(tutorial, **asked),
        sn.trace(tutorial, to="MLT", exposed_to="FJI"),
        sn.coverage.outlook(tutorial, to="MLT"),
        tutorial,
    ):
        (data,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', result._repr_html_())
        svg = base64.b64decode(data)
        assert svg.startswith(b"<?xml") and b"<svg" in svg
        assert len(svg) < 200_000


def test_the_package_loads_no_library_of_figures_to_print_an_answer(
    pytestconfig: pytest.Config,
) -> None:
    script = "import sys, supplynet as sn; repr(sn.flow(sn.load('tutorial'), to='MLT'))\n"
    script += "assert 'matplotlib' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=pytestconfig.rootpath, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
