"""Where on the curve a stock is cheaper than a plant."""

from __future__ import annotations

from typing import cast

import pytest

from supplynet.analysis.decisions.offers import Step, stocks_on_curve
from supplynet.network.schema import Option
from tests.analysis.decisions.networks import ORE, STOCK, THRIFT, option, with_options

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
