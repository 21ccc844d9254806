"""Where on the curve a stock is cheaper than a plant."""

from __future__ import annotations

from typing import Any, cast

import pytest

import supplynet as sn
from supplynet.analysis.decisions.stocks import Step, stocks_on_curve
from supplynet.network.schema import Option
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_plan import of_plan
from tests.analysis.decisions.networks import MAKER, ORE, STOCK, THRIFT, option, with_options

PLANT = option("plant", "build", nodes="node:maker-free")
NEXT = option("next", "expand", nodes="node:ref-small", capacity=9, unit=ORE)
ROWS = cast("tuple[Option, ...]", with_options(PLANT, NEXT, STOCK, THRIFT).rows("options"))


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ([(0.3, ("stock",), ()), (0.4, ("plant",), ())], "at 30%, before any plant"),
        ([(0.3, ("plant",), ()), (0.4, ("stock",), ())], "at 40%, beside plants"),
        (
            [(0.2, ("plant", "stock"), ()), (0.3, ("thrift",), ()), (0.4, ("next",), ())],
            "at 20%, beside plants, before Option next",
        ),
        (
            [(0.3, ("plant",), ()), (0.4, ("stock",), ("plant",))],
            "at 40%, in place of Option plant",
        ),
        (
            [(0.2, ("plant",), ()), (0.3, ("thrift",), ("plant",)), (0.4, ("stock",), ())],
            "at 40%, without any plant",
        ),
    ],
)
def test_a_stock_enters_before_beside_or_in_place_of_plants(steps: list[Step], where: str) -> None:
    assert stocks_on_curve(steps, ROWS) == f"Stocks enter the curve: Option stock {where}."


def test_that_no_stock_enters_is_told_where_there_is_one() -> None:
    steps = [(0.3, ("plant",), ())]
    assert stocks_on_curve(steps, ROWS).startswith("No stock enters the curve")
    assert stocks_on_curve(steps, [row for row in ROWS if row.kind != "stock"]) == ""


def test_the_curve_of_a_plan_tells_it() -> None:
    asked: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "until": 2026}
    asked["tier"] = "building"
    told = sn.plan(with_options(STOCK, MAKER), budget=20e6, curve=0.0, **asked)
    assert told.stocks == "Stocks enter the curve: Option stock at 50%, before any plant."
    assert told.stocks in told.notes and told.stocks in to_markdown(of_plan(told))
    alone = sn.plan(with_options(STOCK, MAKER), budget=20e6, **asked)
    assert alone.stocks == "" and not any("curve" in note for note in alone.notes)
