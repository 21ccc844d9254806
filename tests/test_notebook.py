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
from supplynet.trade.exposure import dependence

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


PRODUCTION = pd.DataFrame({"country": ["AUS", "CHL"], "year": 2024, "tonnes": [50.0, 50.0]})
TRADE = pd.DataFrame(
    [["MLT", "FJI", "850511", 2024, 9.0, 1.0]],
    columns=["importer", "exporter", "hs6", "year", "value_usd", "tonnes"],
)


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


def test_every_result_shows_its_summary_and_table(tutorial: SupplyNetwork) -> None:
    asked = {"to": "MLT", "element": "Nd"}
    results = [
        sn.flow(tutorial, **asked),
        sn.flow.cut(tutorial, is_all=True, **asked),
        sn.chokepoints.unavoidable(tutorial, **asked),
        sn.chokepoints(tutorial, **asked),
        sn.chokepoints.interdict(tutorial, k=1, **asked),
        sn.chokepoints.fortify(tutorial, k_defend=1, k_attack=1, **asked),
        sn.bypass(tutorial, to="MLT", avoid="ISL"),
        sn.allocate(tutorial),
        sn.chokepoints.disrupt(tutorial),
        sn.trace(tutorial, to="MLT", exposed_to="FJI"),
        sn.indices(tutorial),
        sn.compare.answers(tutorial, tutorial.replace(nodes=tutorial.node_rows)),
        sn.compare.diff_graphs(tutorial, tutorial),
        sn.compare.diff_tables(PRODUCTION, PRODUCTION.assign(tonnes=[75.0, 25.0])),
        dependence(TRADE, on="FJI", importers="MLT"),
    ]
    for one in results:
        shown = one._repr_html_()
        assert one.summary().splitlines()[0][:20] in shown, type(one)
        assert "<table" in shown


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
