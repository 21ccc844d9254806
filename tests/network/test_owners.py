"""Owners with shares: who controls a plant, and whose it is by shares."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import Selection, controller, holder, holders, select, shares_of
from tests.analysis.indices.tables import stage_supply
from tests.network.networks import added, changed


def owned(shares: dict[str, float], owner: str = UNKNOWN) -> SupplyNetwork:
    """The tutorial with other owners of its big refiner, which stands in Iceland."""
    net = changed(
        sn.load("tutorial"), "nodes", lambda row: row.id == "ref-big", owner_country=owner
    )
    rows = [
        {"node_id": "ref-big", "country": country, "share": share}
        for country, share in shares.items()
    ]
    return added(net, "owners", *rows) if rows else net


def found(net: SupplyNetwork, text: str) -> tuple[bool, bool]:
    """Whether the refiner belongs to what a selector names by control, surely and possibly."""
    selection: Selection = select(net, text, lens="control")
    return "ref-big" in selection.surely, "ref-big" in selection.possibly


YES, NO, MAYBE = (True, True), (False, False), (False, True)


@pytest.mark.parametrize(
    ("shares", "owner", "who", "expected"),
    [
        ({"CHN": 0.6, "AUS": 0.4}, UNKNOWN, "CHN", {"CHN": YES, "AUS": NO, "CHN,AUS": YES}),
        # half is no majority, and there is nothing left that could make one
        ({"CHN": 0.5, "AUS": 0.5}, UNKNOWN, UNKNOWN, {"CHN": NO, "AUS": NO}),
        # what has no known holder may be anybody's
        ({"CHN": 0.4, "AUS": 0.1}, UNKNOWN, UNKNOWN, {"CHN": MAYBE, "AUS": MAYBE, "JPN": NO}),
        ({"CHN": 0.4}, UNKNOWN, UNKNOWN, {"JPN": MAYBE}),
        # the row of the node states who controls it without a majority
        ({"CHN": 0.4, "AUS": 0.35}, "CHN", "CHN", {"CHN": YES, "AUS": NO, "JPN": NO}),
        # a bloc may hold it together
        ({"FRA": 0.3, "DEU": 0.3, "CHN": 0.4}, UNKNOWN, UNKNOWN, {"EU": YES, "FRA": NO}),
        ({}, "CHN", "CHN", {"CHN": YES, "AUS": NO}),
        ({}, UNKNOWN, UNKNOWN, {"CHN": MAYBE, "AUS": MAYBE}),
    ],
)
def test_a_majority_controls(
    shares: dict[str, float], owner: str, who: str, expected: dict[str, tuple[bool, bool]]
) -> None:
    net = owned(shares, owner)
    assert net.check().ok
    assert controller(net, net.node("ref-big")) == holder(net, "ref-big", "control") == who
    for text, answer in expected.items():
        # bare countries need a node or a name that ISO 3166 knows
        assert (text, found(net, text)) == (text, answer)
    assert ("ref-big" in select(net, f"owner:{UNKNOWN}").surely) == (who == UNKNOWN)


def test_by_shares_every_owner_has_its_part() -> None:
    net = owned({"CHN": 0.45, "AUS": 0.35})
    assert shares_of(net, net.node("ref-big")) == pytest.approx(
        {"CHN": 0.45, "AUS": 0.35, UNKNOWN: 0.2}
    )
    assert holders(net, "ref-big", "location") == {net.node("ref-big").country: 1.0}
    assert holders(net, "ref-big", "control") == {UNKNOWN: 1.0}
    assert holders(net, "MLT", "shares") == {"MLT": 1.0}
    with pytest.raises(OptionError, match="lens must be one of location, control"):
        select(net, "CHN", lens="shares")


def test_concentration_by_owners_and_by_their_shares() -> None:
    """A stage of one plant: one owner has all of it, and by shares 60 : 40."""
    net = owned({"CHN": 0.6, "AUS": 0.4})
    found = {one.subject: one.value for one in sn.indices(net, element="Dy", year=2024).indices}
    stage = net.stage_by_name["refiner"].title
    assert found[f"{stage}, by owner"] == pytest.approx(10_000.0)
    assert found[f"{stage}, by shares of owners"] == pytest.approx(10_000.0 * (0.36 + 0.16))
    plain = {one.subject for one in sn.indices(owned({}), element="Dy", year=2024).indices}
    assert not any("shares of owners" in subject for subject in plain)


# -- plants of two stages ------------------------------------------------------------------


def test_at_a_further_stage_it_counts_with_what_it_takes_in() -> None:
    """maker-big turns out what its capacity says; at the stage before, that over its recovery."""
    plain = changed(
        sn.load("tutorial"), "recoveries", lambda row: row.node_id == "maker-big", recovery=0.8
    )
    net = changed(plain, "nodes", lambda row: row.id == "maker-big", also=("refiner",))
    words: dict[str, Any] = {"element": "Nd", "year": 2024}
    before, after = (stage_supply(one, "refiner", **words) for one in (plain, net))
    maker = stage_supply(plain, "maker", **words)
    assert before is not None and after is not None and maker is not None
    assert repr(stage_supply(net, "maker", **words)) == repr(maker)
    frame = skeleton(net, year=2024, links="possible", plants="construction")
    limits = Limits(net, frame, "Nd", 2024, "central")
    own = limits.node_limit(net.node("maker-big"))
    assert after.total - before.total == pytest.approx(own / 0.8)
