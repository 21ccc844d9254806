"""Weights from values: the nearest price is taken, and what is estimated says so."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from supplynet.trade.clean import shipped_price, with_weights

NAN = math.nan


def rows(
    *records: tuple[str, float, float], code: str = "111111", year: int = 2022
) -> pd.DataFrame:
    frame = pd.DataFrame(list(records), columns=["exporter", "value_usd", "tonnes"])
    return frame.assign(hs6=code, year=year)


def test_the_price_of_the_exporter_goes_before_that_of_all() -> None:
    own = [("FJI", 10.0, 1.0), ("FJI", 20.0, 2.0), ("FJI", 30.0, 3.0)]
    found = with_weights(
        rows(*own, ("MLT", 140.0, 1.0), ("FJI", 50.0, NAN), ("ISL", 50.0, NAN)), {}
    )
    assert found["tonnes"].tolist()[4:] == pytest.approx([5.0, 50.0 / (200.0 / 7.0)])
    assert found["tonnes_how"].tolist() == ["reported"] * 4 + ["estimated"] * 2


def test_two_rows_make_no_price_of_an_exporter() -> None:
    found = with_weights(rows(("FJI", 10.0, 1.0), ("MLT", 90.0, 1.0), ("FJI", 50.0, NAN)), {})
    assert found["tonnes"].iloc[2] == pytest.approx(1.0)


def test_no_weight_for_goods_that_cost_something_is_a_missing_one() -> None:
    found = with_weights(rows(("FJI", 10.0, 1.0), ("FJI", 50.0, 0.0), ("FJI", 0.0, 0.0)), {})
    assert found["tonnes"].tolist() == pytest.approx([1.0, 5.0, 0.0])
    assert found["tonnes_how"].tolist() == ["reported", "estimated", "reported"]


def test_a_given_price_counts_where_no_row_has_a_weight() -> None:
    found = with_weights(rows(("FJI", 50.0, NAN)), {"111111": 25.0})
    assert found["tonnes"].tolist() == [2.0]
    assert with_weights(rows(("FJI", 50.0, NAN)), {})["tonnes_how"].tolist() == ["missing"]


def test_a_shipped_price_is_that_of_the_nearest_year() -> None:
    assert shipped_price("850511", 1999) == shipped_price("850511", 2019)
    found = with_weights(rows(("FJI", 1e6, NAN), code="850511", year=2024), {})
    assert found["tonnes"].iloc[0] == pytest.approx(1e6 / (shipped_price("850511", 2024) or 0.0))
    given = with_weights(rows(("FJI", 1e6, NAN), code="850511"), {"850511": 1e5})
    assert given["tonnes"].iloc[0] == pytest.approx(10.0)
