"""Which column holds the value and which the weight, and in which unit."""

from __future__ import annotations

import pytest

from supplynet.trade.measures import value_columns, weight_columns


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["cifvalue", "fobvalue", "primaryValue"], "primaryValue"),
        (["value_eur", "value_usd"], "value_usd"),
        (["unit_value_usd", "value"], "value"),
        (["TradeValue", "CIFValue", "FOBValue"], "TradeValue"),
        (["Trade Value (US$)", "Flag"], "Trade Value (US$)"),
        (["cif_value_usd", "v"], "v"),
    ],
)
def test_the_best_column_of_the_value(names: list[str], best: str) -> None:
    assert [one.name for one in value_columns(names)] == [best]


@pytest.mark.parametrize(
    ("names", "best", "factor"),
    [
        (["qty", "netWgt", "isNetWgtEstimated", "grossWgt"], "netWgt", 1e-3),
        (["t", "q"], "q", 1.0),
        (["Qty Unit", "Netweight (kg)"], "Netweight (kg)", 1e-3),
        (["quantity_1000_t"], "quantity_1000_t", 1e3),
        (["tonnes", "net_weight_kg"], "net_weight_kg", 1e-3),
        (["weight"], "weight", 1e-3),
    ],
)
def test_the_best_column_of_the_weight(names: list[str], best: str, factor: float) -> None:
    assert [(one.name, one.factor) for one in weight_columns(names)] == [(best, factor)]


@pytest.mark.parametrize("names", [[], ["t"], ["qty"], ["weight_unit"], ["value per t"]])
def test_no_column_of_the_weight(names: list[str]) -> None:
    assert weight_columns(names) == []
