"""How results show themselves in a notebook."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import supplynet as sn
from supplynet.network.notebook import MOST_ROWS, Shown
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


def test_a_long_table_is_cut_and_says_so() -> None:
    shown = Made(MOST_ROWS + 7)._repr_html_()
    assert shown.count("&lt;img") == MOST_ROWS
    assert "and 7 more rows: to_frame() holds them all" in shown


def test_every_result_shows_its_summary_and_table(tutorial: SupplyNetwork) -> None:
    asked = {"to": "MLT", "element": "Nd"}
    results = [
        sn.max_flow(tutorial, **asked),
        sn.min_cuts(tutorial, **asked),
        sn.unavoidable(tutorial, **asked),
        sn.chokepoints(tutorial, **asked),
        sn.interdict(tutorial, k=1, **asked),
        sn.fortify(tutorial, k_defend=1, k_attack=1, **asked),
        sn.bypass(tutorial, to="MLT", avoid="ISL"),
        sn.balance(tutorial),
        sn.disrupt(tutorial),
        sn.exposure(tutorial, to="MLT", exposed_to="FJI"),
        sn.indices(tutorial),
        sn.compare(tutorial, tutorial.replace(nodes=tutorial.node_rows)),
        sn.diff_graphs(tutorial, tutorial),
        sn.diff_tables(PRODUCTION, PRODUCTION.assign(tonnes=[75.0, 25.0])),
        dependence(TRADE, on="FJI", importers="MLT"),
    ]
    for one in results:
        shown = one._repr_html_()
        assert one.summary().splitlines()[0][:20] in shown, type(one)
        assert "<table" in shown


SCRIPT = """
import sys
import supplynet as sn
sn.max_flow(sn.load("tutorial"), to="MLT", element="Nd")._repr_html_()
assert not {"matplotlib", "supplynet.draw"} & set(sys.modules)
"""


def test_showing_a_result_draws_nothing(pytestconfig: pytest.Config) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=pytestconfig.rootpath, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
