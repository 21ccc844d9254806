"""The bypass by the balance is the potential of each tier, with everything open and without."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.potential.ask import bypass_balance
from supplynet.network.network import SupplyNetwork


def test_every_row_is_a_potential(tutorial: SupplyNetwork) -> None:
    found = bypass_balance(tutorial, to="MLT", avoid="ISL", year=2026, tier="possible")
    assert {row.tier for row in found.rows} >= {"operating", "committed"}
    for row in found.rows:
        words = {"to": "MLT", "year": 2026, "links": row.links, "plants": row.plants}
        apart = sn.coverage(tutorial, avoid="ISL", **words)
        is_open = sn.coverage(tutorial, **words)
        if row.kind == "form":
            (without,) = (one.served for one in apart.forms if one.form == row.what)
            (whole,) = (one.served for one in is_open.forms if one.form == row.what)
        else:
            (without,) = (one.within for one in apart.elements if one.element == row.what)
            (whole,) = (one.within for one in is_open.elements if one.element == row.what)
        assert row.without == pytest.approx(without)
        assert row.with_all == pytest.approx(max(whole, without))
        assert row.low <= row.without + 1e-9
        assert row.without <= row.high + 1e-9


def test_what_carries_the_widest_tier_and_its_conditions_are_told(tutorial: SupplyNetwork) -> None:
    """They are those of the potential on the same links and plants, in JSON and on the page."""
    words = {"to": "MLT", "avoid": "FJI", "year": 2026, "tier": "announced"}
    found = bypass_balance(tutorial, **words)  # type: ignore[arg-type]
    alone = sn.coverage(tutorial, **words)  # type: ignore[arg-type]
    assert found.carried_by == alone.carried_by != ()
    told, own = found.to_dict(), alone.to_dict()
    assert told["carried_by"] == own["carried_by"]
    assert told["conditions"] == own["conditions"] != {}
    assert (
        "announced in 2026: the rows of the graph without which"
        in sn.report.of(found).to_markdown()
    )
