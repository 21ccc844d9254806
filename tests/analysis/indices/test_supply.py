"""Tables into supplies: sums are no suppliers, and nothing is counted twice or guessed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.indices.supply import quantity, supply_of, years_of
from supplynet.errors import DataError, OptionError, TableError
from tests.analysis.indices.tables import production


def test_kinds_are_told_from_names() -> None:
    found = supply_of(production(Australia=5, Other=3, Total=10, Chile=None))
    assert found.tonnes == {"AUS": 5.0}
    assert (found.other, found.stated_total) == (3.0, 10.0)
    assert found.unpublished == ("Chile",)
    assert (found.total, found.largest) == (8.0, "AUS")
    assert found.of(frozenset(("AUS", "CHL"))) == 5.0


def test_a_row_of_an_unknown_name_that_is_like_the_sum_of_all_is_doubted() -> None:
    found = supply_of(production(Australia=5, Chile=3, Atlantis=8.1))
    assert any("'Atlantis' (8 t) is no country that is known" in flag for flag in found.flags)
    for other in (production(Australia=5, Chile=3, Peru=8), production(Atlantis=5, Chile=5)):
        assert supply_of(other).flags == ()
    assert supply_of(production(Australia=5, Chile=3, Monde=8)).total == 8.0


def test_the_last_year_with_a_figure_is_taken() -> None:
    table = pd.DataFrame(
        {"country": ["AUS"] * 3, "year": [2020, 2021, 2022], "tonnes": [1.0, 2.0, None]}
    )
    assert supply_of(table).year == 2021
    assert supply_of(table, year=2020).total == 1.0
    with pytest.raises(OptionError, match="no quantity for 2022; it holds 2020, 2021"):
        supply_of(table, year=2022)
    assert years_of(table) == (("production", 2020), ("production", 2021))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"country": ["AUS"], "year": [2022]}), "no column 'tonnes'"),
        (production(AUS=-1), "not a quantity"),
        (production(AUS=float("inf")), "not a quantity"),
        (pd.DataFrame({"country": ["AUS"], "year": [2022], "tonnes": ["x"]}), "not a quantity"),
        (production(AUS=0), "no row holds a quantity"),
        (production(Total=5), "no row holds a quantity for 2022"),
        (production(AUS=1, Australia=2), "stands twice in 2022"),
    ],
)
def test_faults_are_refused(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(TableError, match=message):
        supply_of(table)


@given(st.one_of(st.none(), st.floats(), st.text(max_size=4), st.integers()))
def test_any_value_is_a_quantity_or_our_error(value: object) -> None:
    try:
        found = quantity(value, "here")
    except DataError:
        return
    assert found is None or found >= 0


def test_kinds_of_the_table_count_before_names() -> None:
    table = production(AUS=5, CHL=3)
    table["kind"] = ["country", "group"]
    found = supply_of(table)
    assert found.tonnes == {"AUS": 5.0}
    assert any("Left out, as their members" in flag for flag in found.flags)
