"""The section on scrap: what arises, what goes back, what is lost, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.present.document import Paragraph, Table
from supplynet.reports.balance_limits import scrap_section
from tests.analysis.balance.test_scrap import loop, two

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def parts(net: SupplyNetwork, **words: Any) -> tuple[str, dict[str, Table]]:
    """Text and tables of the section."""
    section = scrap_section(sn.allocate(net, **words), with_ranges=False)
    texts = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    tables = {block.name: block for block in section.blocks if isinstance(block, Table)}
    return " ".join(texts), tables


def test_all_of_it_goes_back() -> None:
    """0.9 * 100 / (1.25 - 0.9 * 0.8 * 0.25) t of goods leave a quarter of that as scrap."""
    text, tables = parts(loop())
    assert text.startswith(
        "Makers leave 21 t made-up ores/yr in new scrap. All of it goes back to plants "
        "that use it, and 16.8 t made-up ores/yr come out again."
    )
    assert "scrap of used goods is not counted" in text
    assert text.endswith("How much scrap arises is estimated.")
    (row,) = tables["scrap-by-country"].rows
    assert row["country"] == "South Korea"
    made = 90 / (1.25 - 0.18)
    assert (row["arisen"], row["returned"]) == pytest.approx((made / 4, made / 4))
    (taker,) = tables["recycled"].rows
    assert (taker["name"], taker["taken"]) == ("Again", pytest.approx(made / 4))


def test_a_part_of_it_goes_back() -> None:
    """The Dy of the scrap, a fifth of it, is more than the recycler can part."""
    text, tables = parts(two("light"))
    assert "80% of it goes back" in text
    by_element = {row["element"]: row for row in tables["scrap-by-element"].rows}
    assert list(by_element) == ["Nd", "Dy"]
    assert by_element["Dy"]["lost"] == pytest.approx(4)
    assert by_element["Nd"]["lost"] == pytest.approx(0, abs=1e-9)
