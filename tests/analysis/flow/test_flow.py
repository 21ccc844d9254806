"""Potential and minimum cut: the tutorial by hand, ranges, coverage, and what a reader is given."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import TableError, UnboundedError
from supplynet.network.network import SupplyNetwork
from tests.network.networks import changed, edge, metadata, network, node

FLOORS = ("observed", "contracted", "planned", "memorandum", "possible")


# -- the tutorial, worked out by hand in its README --------------------------------------


@pytest.mark.parametrize(
    ("element", "year", "avoid", "expected"),
    [
        ("Nd", 2024, None, (120, 150, 150, 150, 160)),
        ("Nd", 2024, "ISL", (0, 30, 30, 30, 40)),
        ("Dy", 2024, None, (15, 15, 15, 15, 15)),
        ("Dy", 2024, "ISL", (0, 0, 0, 0, 0)),
        ("Dy", 2025, None, (15, 15, 15, 15, 15)),
        ("Dy", 2026, None, (15, 15, 30, 30, 30)),
        ("Dy", 2026, "ISL", (0, 0, 15, 15, 15)),
    ],
)
def test_the_tutorial_by_hand(
    tutorial: SupplyNetwork,
    element: str,
    year: int,
    avoid: str | None,
    expected: tuple[float, ...],
) -> None:
    found = [
        sn.flow(tutorial, to="MLT", element=element, year=year, avoid=avoid, links=links).value
        for links in FLOORS
    ]
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_tutorial_cut(tutorial: SupplyNetwork) -> None:
    """The rule 100 t, and the links of 30, 20 and 10 t: no other set is as small."""
    cut = sn.flow.cut(tutorial, to="MLT", element="Nd", year=2024, tier="possible").nearest_mines
    assert [(one.kind, one.id, one.capacity) for one in cut] == [
        ("rule", "goods-to-malta", 100),
        ("link", "ref-small -> maker-free", 30),
        ("link", "ref-big -> maker-home", 20),
        ("link", "ref-small -> maker-home", 10),
    ]
    assert [one.confidence for one in cut] == ["estimated"] * 4
    assert cut[0].name == "makers in Iceland to Malta (Goods; rule goods-to-malta)"
    assert (cut[1].stage, cut[1].country) == ("refiner", "FJI")
    assert cut[1].name == "Small Refinery to Free Maker (Oxide)"
    ores = sn.flow.cut(tutorial, to="MLT", element="Dy", year=2024, tier="possible").nearest_mines
    assert sorted(one.capacity for one in ores) == pytest.approx([5, 10])


def test_a_plant_in_the_cut(tutorial: SupplyNetwork) -> None:
    """Without ore from Big Mine and the small links, Small Refinery's 75 t at 80 % bind."""
    wide = changed(tutorial, "edges", lambda row: row.source == "ref-small", capacity=None)
    flow = sn.flow(wide, to="MLT", element="Nd", avoid="ISL", year=2024, tier="possible")
    assert flow.value == pytest.approx(60)
    (member,) = flow.cut
    assert (member.kind, member.id, member.stage, member.country) == (
        "node",
        "ref-small",
        "refiner",
        "FJI",
    )


def test_the_cut_adds_up_to_the_flow(rare_earths: SupplyNetwork) -> None:
    for to, element in (("KOR", "Nd"), ("JPN", "Dy"), ("DEU", "Tb")):
        flow = sn.flow(rare_earths, to=to, element=element)
        assert flow.value > 0
        assert sum(one.capacity for one in flow.cut) == pytest.approx(flow.value, rel=1e-9)
        assert flow.certificate.ok
        # closing the cut leaves nothing: it is one
        names = [one.id for one in flow.cut if one.kind == "node"]
        if len(names) == len(flow.cut):
            shut = sn.flow(
                rare_earths, to=to, element=element, avoid=[f"node:{one}" for one in names]
            )
            assert shut.value == 0


def test_unknown_owners_give_a_range(tutorial: SupplyNetwork) -> None:
    """Nobody knows who owns maker-free: 10 t if it is Icelandic, 40 t if it is not."""
    flow = sn.flow(
        tutorial, to="MLT", element="Nd", avoid="ISL", lens="control", year=2024, tier="possible"
    )
    assert flow.value == pytest.approx(10)
    assert flow.value_if_unknown_open == pytest.approx(40)
    assert (flow.low, flow.high) == pytest.approx((10, 40))
    known = sn.flow(tutorial, to="MLT", element="Nd", avoid="ISL", year=2024, tier="possible")
    assert known.value_if_unknown_open == known.value


def test_demand_and_coverage(tutorial: SupplyNetwork) -> None:
    """Malta needs 100 t Nd2O3 in 2024: 40 t without Iceland cover 40 % of it."""
    flow = sn.flow(tutorial, to="MLT", element="Nd", avoid="ISL", year=2024, tier="possible")
    assert flow.demand.value == pytest.approx(100, rel=1e-5)
    assert flow.coverage == pytest.approx(0.4, rel=1e-5)
    assert (
        sn.flow(tutorial, to="MLT", element="Nd", year=2024, tier="possible").coverage == 1.0
    )  # never more than all
    bare = tutorial.replace(demand=())
    flow = sn.flow(bare, to="MLT", element="Nd", year=2024, tier="possible")
    assert flow.coverage is None
    assert flow.summary().endswith("The demand is not known.")


# -- targets -------------------------------------------------------------------------------


def test_several_nations_share_what_there_is(tutorial: SupplyNetwork) -> None:
    """Malta and Iceland together: 180 t from Big Refinery at most, 40 t from Small."""
    both = sn.flow(tutorial, to="nation", element="Nd", year=2024, tier="possible").value
    assert (
        both == sn.flow(tutorial, to=["MLT", "ISL"], element="Nd", year=2024, tier="possible").value
    )
    alone = [
        sn.flow(tutorial, to=one, element="Nd", year=2024, tier="possible").value
        for one in ("MLT", "ISL")
    ]
    assert max(alone) <= both <= sum(alone)
    # maker-big 150 t + 20 t to maker-home + 30 + 10 t from Small Refinery
    assert both == pytest.approx(210)


def test_a_bloc_means_its_nations(tutorial: SupplyNetwork, rare_earths: SupplyNetwork) -> None:
    assert sn.flow(
        tutorial, to="EU", element="Nd", year=2024, tier="possible"
    ).value == pytest.approx(160)  # Malta
    names = sorted({"DEU", "GBR", "JPN", "USA", "CAN", "FRA", "ITA"} & set(rare_earths.nation_ids))
    assert len(names) >= 3
    bloc = sn.flow(rare_earths, to="G7", element="Nd", year=2024, tier="possible").value
    assert bloc == sn.flow(rare_earths, to=names, element="Nd", year=2024, tier="possible").value
    assert bloc >= sn.flow(rare_earths, to="JPN", element="Nd", year=2024, tier="possible").value


# -- wrong questions -----------------------------------------------------------------------


def test_a_network_without_any_limit_is_unbounded() -> None:
    """An answer of infinity would be a fault in the data, not a finding."""
    net = network(
        metadata(groups={}),
        nodes=[node("a", "mine", "AUS"), node("b", "maker", "AUS"), node("KOR", "nation", "KOR")],
        edges=[edge("a", "b", "oxide"), edge("b", "KOR", "goods")],
    )
    with pytest.raises(UnboundedError):
        sn.flow(net, to="KOR", element="Nd")


def test_a_unit_that_is_not_declared_stops_the_answer(tutorial: SupplyNetwork) -> None:
    bad = changed(tutorial, "nodes", lambda row: row.id == "ref-big", unit="lb")
    with pytest.raises(TableError, match="declares no unit 'lb'"):
        sn.flow(bad, to="MLT", element="Nd")


# -- scenarios -----------------------------------------------------------------------------
