"""Small made-up networks whose answers are worked out by hand."""

from pathlib import Path

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.rules import most_served as balance

CASES = Path(__file__).parent / "model"


def _served(net: SupplyNetwork, product: str, **words: object) -> float:
    result = balance(net, **words)  # type: ignore[arg-type]
    return sum(row.served for row in result.deliveries if row.product == product)


def test_an_output_capacity_holds_what_is_left_over_too() -> None:
    """A plant of 100 t/yr at its output parts a mix of 90 % A and 10 % B: 10 t of B."""
    net = sn.load(CASES / "joint-output")
    result = balance(net)
    assert [row.served for row in result.deliveries] == pytest.approx([10.0])
    left = {row.element: row.tonnes for row in result.surplus}
    assert left == pytest.approx({"A": 90.0})


def test_a_by_product_comes_with_its_host_and_no_more() -> None:
    """0.85 Mt/yr at the output, alumina recovered by 0.9 and gallium by 0.4, purified by 0.98."""
    alumina, gallium = 0.9999 * 0.9, 0.0001111 * 0.4
    by_hand = 850_000.0 * gallium / (alumina + gallium) * 0.98
    net = sn.load(CASES / "gallium-by-product")
    words = {
        "avoid": "CHN",
        "year": 2028,
        "links": "possible",
        "plants": "planned",
        "objective": "priority",
        "priority": "JPN",
    }
    assert _served(net, "ga6n", **words) == pytest.approx(by_hand, rel=1e-3)
    assert by_hand == pytest.approx(41.0, abs=0.2)


def test_yields_that_differ_by_route_count_as_they_are() -> None:
    """Ten tonnes by the plant that yields 0.9, the rest of the ore by the one of 0.45."""
    net = sn.load(CASES / "two-yields")
    by_hand = 10.0 + (100.0 - 10.0 / 0.9) * 0.45
    assert _served(net, "b") == pytest.approx(by_hand)
    assert by_hand == pytest.approx(50.0)
