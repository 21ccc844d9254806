"""What nations need, and the years between."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.network.demand import demand, is_asked
from supplynet.network.network import SupplyNetwork
from tests.network.networks import metadata, network, node


def need(nation: str, year: int, quantity: float, **values: Any) -> dict[str, Any]:
    return {
        "nation": nation,
        "use": "cars",
        "product": "goods",
        "year": year,
        "quantity": quantity,
        "unit": "t goods",
        **values,
    }


def make(*records: dict[str, Any]) -> SupplyNetwork:
    return network(
        metadata(basis="element"),
        nodes=[node("KOR", "nation", "KOR"), node("JPN", "nation", "JPN")],
        products=[
            {"id": "goods", "name": "Goods", "form": "goods"},
            {"id": "powder", "name": "Powder", "form": "oxide"},
        ],
        contents=[
            {
                "product_id": "goods",
                "element": "Nd",
                "share": 0.5,
                "share_low": 0.25,
                "share_high": 1.0,
            },
            {"product_id": "powder", "element": "Nd", "share": 1.0},
        ],
        demand=list(records),
    )


KOR = frozenset({"KOR"})


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """1,000 t of goods with 0.1 t Nd2O3 each; 1,200 t in 2026."""
    malta = frozenset({"MLT"})
    assert demand(tutorial, malta, "Nd", 2024).value == pytest.approx(100, rel=1e-5)
    assert demand(tutorial, malta, "Dy", 2026).value == pytest.approx(12, rel=1e-5)
    assert demand(tutorial, malta, "Dy", 2025).value == pytest.approx(11, rel=1e-5)
    both = demand(tutorial, frozenset({"MLT", "ISL"}), "Nd", 2024)
    assert both.value == pytest.approx(140, rel=1e-5)
    assert both.estimated_share == pytest.approx(1.0)


def test_between_two_years_the_line_between_them() -> None:
    net = make(need("KOR", 2024, 10), need("KOR", 2028, 30), need("KOR", 2030, 0))
    figure = demand(net, KOR, "Nd", 2025)
    assert figure.value == pytest.approx(5 + 0.25 * 10)
    assert (figure.how, figure.years) == ("interpolated", (2024, 2028))
    assert str(figure) == "interpolated between 2024 and 2028"
    assert demand(net, KOR, "Nd", 2029).value == pytest.approx(7.5)


def test_without_rows_the_demand_is_not_known() -> None:
    """Not known is not zero: a coverage must not be made of it."""
    figure = demand(make(need("JPN", 2024, 10)), KOR, "Nd", 2024)
    assert (figure.value, figure.how, figure.years) == (0.0, "none", ())
    assert str(figure) == "not known"
    assert demand(make(), KOR, "Nd", 2024).how == "none"


def test_only_final_rows_count() -> None:
    """Intermediates are counted in what they are made into, references are for comparison."""
    net = make(
        need("KOR", 2024, 10),
        need("KOR", 2024, 99, use="motors", role="intermediate"),
        need("KOR", 2024, 999, use="total", role="reference"),
    )
    assert demand(net, KOR, "Nd", 2024).value == 5.0


def test_rows_of_a_year_add_up_and_forms_can_be_told_apart() -> None:
    net = make(
        need("KOR", 2024, 10),
        need("KOR", 2024, 4, use="phones"),
        need("KOR", 2024, 3, product="powder"),
    )
    assert demand(net, KOR, "Nd", 2024).value == 5 + 2 + 3
    assert demand(net, KOR, "Nd", 2024, form="oxide").value == 3
    assert demand(net, KOR, "Nd", 2024, form="goods").value == 7
    assert demand(net, KOR, "Nd", 2024, form="ore").how == "none"


def test_where_nations_are_known_in_different_ways_the_larger_part_is_told() -> None:
    """A small nation given for other years does not hide how the sum is known."""
    net = make(need("KOR", 2025, 10), need("JPN", 2024, 4))
    figure = demand(net, frozenset({"KOR", "JPN"}), "Nd", 2025)
    assert (figure.value, figure.how, figure.years) == (7.0, "given", (2025,))
    net = make(need("KOR", 2025, 4), need("JPN", 2024, 10))
    figure = demand(net, frozenset({"KOR", "JPN"}), "Nd", 2025)
    assert (figure.value, figure.how, figure.years) == (7.0, "held", (2024,))


def test_the_estimated_part() -> None:
    net = make(need("KOR", 2024, 30, confidence="sourced"), need("KOR", 2024, 10, use="other"))
    assert demand(net, KOR, "Nd", 2024).estimated_share == pytest.approx(0.25)
    nothing = demand(make(need("KOR", 2024, 0)), KOR, "Nd", 2024)
    assert (nothing.value, nothing.how, nothing.estimated_share) == (0.0, "given", 0.0)


@given(
    st.dictionaries(st.integers(2000, 2050), st.integers(0, 100), min_size=1, max_size=5),
    st.integers(1990, 2060),
)
def test_law_a_figure_lies_between_its_neighbors(points: dict[int, int], year: int) -> None:
    """Interpolation never leaves the range of the years it rests on."""
    net = make(*(need("KOR", when, amount) for when, amount in points.items()))
    figure = demand(net, KOR, "Nd", year)
    ends = [points[when] / 2 for when in figure.years]
    assert min(ends) - 1e-9 <= figure.value <= max(ends) + 1e-9
    assert figure.how == (
        "given"
        if year in points
        else "interpolated"
        if min(points) < year < max(points)
        else "held"
    )


def test_nothing_asked_for_is_told_from_nothing_known() -> None:
    net = make(need("KOR", 2024, 0.0), need("KOR", 2026, 10.0))
    told = [is_asked(net, {"KOR"}, year) for year in (2023, 2024, 2025, 2026, 2030)]
    assert told == [False, False, True, True, True]
    assert is_asked(net, {"JPN"}, 2024) is None
    assert is_asked(net, {"KOR", "JPN"}, 2024) is False
    assert is_asked(make(need("KOR", 2024, 5.0, role="intermediate")), {"KOR"}, 2024) is None
