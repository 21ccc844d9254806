"""Pairs of bars by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from tests.draw.structure import parts_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_bars_end_at_their_shares(rare_earths: SupplyNetwork) -> None:
    found = sn.trace(rare_earths, to="KOR", exposed_to="CHN", element="Nd", year=2024)
    assert found.is_measured
    row = found.at("Nd")
    picture = sn.draw.dependence(found)
    (axes,), bars = picture.axes, parts_of(picture, "Nd-")
    assert axes.get_xlabel() == "share of what arrives"
    assert axes.get_xlim() == (0.0, 1.0)  # the length of a bar is the share
    for name, share in (("came last from", row.direct), ("passed", row.traced)):
        (bar,) = [bars[one] for one in bars if one.startswith(f"Nd-{name}")]
        assert (bar.get_x(), bar.get_width()) == (0.0, pytest.approx(share))
    assert f"Nd {row.traced:.0%}" in picture.title
