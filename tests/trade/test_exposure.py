"""Dependence by customs records: shares that can be worked out by hand, and laws that hold."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import DataError, OptionError, SupplynetError, UnknownNameError
from supplynet.questions.dependence import DependenceResult, dependence

NAMES = ["exporter", "importer", "value_usd", "tonnes"]


def trade(
    *rows: tuple[str, str, float, float], code: str = "111111", year: int = 2022
) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=NAMES).assign(hs6=code, year=year)


#: Malta buys from Fiji and Iceland; Iceland bought half as much from Fiji as it sold
CHAIN = trade(
    ("FJI", "MLT", 60.0, 10.0),
    ("ISL", "MLT", 40.0, 30.0),
    ("FJI", "ISL", 20.0, 30.0),
)


def by_measure(result: DependenceResult) -> dict[str, object]:
    return {row.measure: row for row in result.rows}


def test_a_dependence_by_hand() -> None:
    rows = by_measure(dependence(CHAIN, on="FJI", importers="MLT"))
    value, weight = rows["value"], rows["weight"]
    assert (value.total, value.direct, value.unit) == (100.0, 60.0, "US dollars")
    assert (value.direct_share, value.low, value.high) == pytest.approx((0.6, 0.6, 0.8))
    assert (value.without_on, value.without_top, value.top) == (40.0, 40.0, "FJI")
    assert (value.hhi, value.top_share, value.n_suppliers) == pytest.approx((0.52, 0.6, 2))
    assert (weight.direct_share, weight.low, weight.high) == pytest.approx((0.25, 0.25, 1.0))
    assert (weight.top, weight.unit, weight.covered) == ("ISL", "t", 1.0)


def test_a_declared_hub_lifts_the_low_end_to_what_it_can_pass_on() -> None:
    result = dependence(CHAIN, on="FJI", importers="MLT", hubs="ISL")
    value = by_measure(result)["value"]
    assert (value.low, value.high) == pytest.approx((0.8, 0.8))
    assert value.low_without_hubs == pytest.approx(0.6)
    assert result.hubs == ("ISL",)
    effect = next(one for one in result.effects if one.measure == "value")
    assert (effect.hub, effect.share, effect.passed, effect.on_share) == ("ISL", 0.4, 0.5, 1.0)
    assert effect.added == pytest.approx(0.2)
    assert value.low == pytest.approx(value.direct_share + effect.added)


def test_a_bloc_buys_as_one_and_not_from_itself() -> None:
    frame = trade(("CHN", "DEU", 80.0, 8.0), ("DEU", "FRA", 70.0, 7.0), ("JPN", "FRA", 20.0, 2.0))
    value = by_measure(dependence(frame, on="CHN", importers="EU"))["value"]
    assert (value.importer, value.total, value.direct_share) == ("EU", 100.0, 0.8)


def test_weights_that_are_not_known_are_in_no_figure_by_weight() -> None:
    frame = CHAIN.assign(
        tonnes=[10.0, math.nan, math.nan], tonnes_how=["reported"] + ["missing"] * 2
    )
    weight = by_measure(dependence(frame, on="FJI", importers="MLT"))["weight"]
    assert (weight.total, weight.direct_share, weight.covered) == (10.0, 1.0, 0.6)


def test_suppliers_that_are_not_listed_widen_the_range() -> None:
    more = pd.DataFrame(
        [("MLT", "111111", 2022, 100.0, math.nan), ("MLT", "999999", 2022, 5.0, 1.0)],
        columns=["importer", "hs6", "year", "value_usd", "tonnes"],
    )
    rows = by_measure(dependence(CHAIN, on="FJI", importers="MLT", unlisted=more))
    value = rows["value"]
    assert (value.total, value.unlisted, value.direct_share) == (200.0, 100.0, 0.3)
    assert (value.low, value.high) == pytest.approx((0.3, 0.9))
    assert rows["weight"].unlisted == 0.0
    assert (
        by_measure(dependence(CHAIN, on="FJI", importers="MLT", unlisted=more[:0]))["value"].total
        == 100
    )


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ({"on": "CHN", "importers": "CHN"}, OptionError, "cannot depend on itself"),
        ({"on": "EU", "importers": "DEU"}, OptionError, "DEU belongs to EU"),
        ({"on": "CHNN", "importers": "MLT"}, UnknownNameError, "'CHNN' is no country"),
        ({"on": "FJI", "importers": "MLT", "hubs": "XX"}, UnknownNameError, "'XX' is no country"),
    ],
)
def test_wrong_names_are_told(
    words: dict[str, str], error: type[SupplynetError], message: str
) -> None:
    with pytest.raises(error, match=message):
        dependence(CHAIN, **words)


COUNTRIES = ("FJI", "MLT", "ISL", "NZL", "CHN")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(COUNTRIES),
            st.sampled_from(COUNTRIES),
            st.integers(1, 50).map(float),
            st.integers(1, 50).map(float),
        ).filter(lambda row: row[0] != row[1]),
        min_size=1,
        max_size=15,
    ),
    st.sets(st.sampled_from(("ISL", "NZL"))),
)
def test_laws_of_a_dependence(rows: list[tuple[str, str, float, float]], hubs: set[str]) -> None:
    """direct <= low <= high, hubs lift only the low end, and units do not matter."""
    frame = trade(("PER", "ISL", 1.0, 1.0), ("CHL", "NZL", 1.0, 1.0), *rows)  # many report
    plain = dependence(frame, on="CHN", importers="MLT")
    lifted = dependence(frame, on="CHN", importers="MLT", hubs=hubs)
    scaled = dependence(frame.assign(value_usd=frame["value_usd"] * 1e6), on="CHN", importers="MLT")
    for one, other, third in zip(plain.rows, lifted.rows, scaled.rows, strict=True):
        if one.low is None:
            continue
        assert one.direct_share == pytest.approx(one.low)
        assert one.low - 1e-9 <= other.low <= one.high + 1e-9
        assert other.high == pytest.approx(one.high)
        assert (third.low, third.high, third.hhi) == pytest.approx((one.low, one.high, one.hhi))
        assert 1 / one.n_suppliers - 1e-9 <= one.hhi <= 1 + 1e-9
        assert one.without_on + one.direct == pytest.approx(one.total)


def test_the_export_table_of_one_country_is_refused() -> None:
    """It would say that everybody depends on that country alone."""
    one = trade(("FJI", "MLT", 60.0, 10.0), ("FJI", "ISL", 20.0, 30.0))
    with pytest.raises(DataError, match="name one exporter, Fiji") as error:
        dependence(one, on="FJI", importers="MLT")
    assert "BACI or UN Comtrade" in error.value.hint


def test_the_import_table_of_one_country_cannot_be_looked_through() -> None:
    one = trade(("FJI", "MLT", 60.0, 10.0), ("ISL", "MLT", 40.0, 30.0))
    found = dependence(one, on="FJI", importers="MLT")
    row = found.rows[0]
    assert (row.direct_share, row.low, row.high) == (0.6, 0.6, 1.0)
    assert "the imports of Malta alone" in found.notes[0]
    assert found.notes[0] in found.summary()
