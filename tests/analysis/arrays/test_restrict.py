"""Restrictions in potentials: gates at receivers, senders that are shut out, corridors split."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.arrays.restrict import split_by_restrictions
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.money_networks import T, routes
from tests.analysis.balance.rules import most_served as balance
from tests.network.networks import added, changed, edge

ROW = {"id": "ban", "source": "ISL", "target": "MLT", "elements": ("Dy",), "reason": "why"}


def held(net: SupplyNetwork, withheld: float, **more: Any) -> SupplyNetwork:
    return added(net, "restrictions", {**ROW, "withheld": withheld, **more})


def potential(net: SupplyNetwork, element: str = "Dy", **words: Any) -> float:
    asked = {"year": 2024, "tier": "possible", **words}
    return float(sn.flow(net, to="MLT", element=element, **asked).value)


def test_nothing_passes_a_full_ban(tutorial: SupplyNetwork) -> None:
    """Of what comes from Iceland alone; the other element goes on as before."""
    assert potential(tutorial) == pytest.approx(15)
    assert potential(held(tutorial, 1)) == 0
    assert potential(held(tutorial, 1), "Nd") == potential(tutorial, "Nd")
    assert potential(held(tutorial, 1, elements=()), "Nd") < potential(tutorial, "Nd")


def test_a_part_of_what_each_receiver_could_take_passes(tutorial: SupplyNetwork) -> None:
    """A tenth of Malta's 10 t in goods, and of the 40 t that its maker can handle: 1 + 4."""
    assert potential(held(tutorial, 0.9)) == pytest.approx(5, rel=1e-5)
    assert potential(held(tutorial, 0.9, form="goods")) == pytest.approx(1 + 14, rel=1e-5)
    assert potential(held(tutorial, 0.9, target="node:MLT")) == pytest.approx(1 + 14, rel=1e-5)


def test_more_is_held_back_the_higher_the_part(tutorial: SupplyNetwork) -> None:
    parts = (0, 0.2, 0.5, 0.8, 0.9, 0.99, 1)
    values = [potential(held(tutorial, part)) for part in parts]
    assert values == sorted(values, reverse=True)
    assert values[0] == potential(tutorial)


def test_a_mixed_corridor_is_split(tutorial: SupplyNetwork) -> None:
    """Makers of both countries sell to Malta through one hub; only those of one are held back."""
    rule = {"id": "goods-to-malta", "source": "maker,!MLT", "capacity": None, "unit": ""}
    net = changed(tutorial, "rules", lambda row: row.id == rule["id"], **rule)
    split = split_by_restrictions(held(net, 0.9))
    assert [row.id for row in split.rule_rows] == ["goods-to-malta.1", "goods-to-malta.2"]
    assert [row.source for row in split.rule_rows] == ["node:maker-big", "node:maker-free"]
    assert split_by_restrictions(net) is net
    assert potential(held(net, 0.9)) == pytest.approx(5, rel=1e-5)
    # all receivers are meant: the senders are shut out where they enter
    assert split_by_restrictions(held(net, 1)).rule_rows == net.rule_rows
    assert potential(held(net, 1)) == 0


def test_a_bounded_corridor_cannot_be_split_but_shut(tutorial: SupplyNetwork) -> None:
    net = changed(tutorial, "rules", lambda row: True, source="maker,!MLT")
    with pytest.raises(OptionError, match="rule goods-to-malta has one tonnage") as caught:
        potential(held(net, 0.9))
    assert "restrict all of its links" in str(caught.value.hint)
    assert potential(held(net, 1)) == 0


@pytest.mark.parametrize("withheld", [0.9, 1.0])
def test_every_analysis_takes_it(tutorial: SupplyNetwork, withheld: float) -> None:
    """Gates and split corridors are vertices that no analysis may stumble over."""
    rule = {"source": "maker,!MLT", "capacity": None, "observed": None, "unit": ""}
    net = held(changed(tutorial, "rules", lambda row: True, **rule), withheld, target="node:MLT")
    words: dict[str, Any] = {"to": "MLT", "element": "Dy"}
    flow = sn.flow(net, **words)
    assert sn.bypass(net, avoid="FJI", **words).is_certified
    assert sn.chokepoints(net, **words).rows
    assert sn.chokepoints.interdict(net, k=1, **words).value <= flow.value
    assert sn.chokepoints.unavoidable(net, **words) is not None
    assert sn.flow.cut(net, is_all=True, **words) is not None
    balance = sn.allocate(net, objective="fair")
    assert balance.certificate.ok
    assert sn.trace.exposure_of(balance, to="MLT", exposed_to="ISL").certificate.ok
    assert sn.chokepoints.disrupt(net).certificate.ok
    assert sn.allocate(net, objective="price").certificate.ok
    assert sn.draw.layers(net, flow) is not None


def test_what_binds_nothing_is_told(tutorial: SupplyNetwork) -> None:
    """Half of what Malta could take is more than comes; a ban on other elements stops nothing."""
    late = held(tutorial, 1, start_year=2026)
    loose = added(held(tutorial, 0.9), "restrictions", {**ROW, "id": "loose", "withheld": 0.5})
    other = held(tutorial, 1, elements=("Nd",))
    reasons = [
        {
            one.id: one.reason
            for one in sn.flow(
                net, to="MLT", element="Dy", year=2024, tier="possible"
            ).idle_restrictions
        }
        for net in (tutorial, late, loose, other)
    ]
    none = "without it no more could arrive"
    assert reasons == [
        {},
        {"ban": "it does not hold in 2024 but from 2026 on"},
        {"loose": none},
        {"ban": none},
    ]
    text = sn.report.of(
        sn.flow(late, to="MLT", element="Dy", year=2024, tier="possible")
    ).to_markdown()
    assert "Restriction ban binds nothing: it does not hold in 2024 but from 2026 on." in text


RULE = {
    "id": "sales",
    "source": "VNM:shop",
    "target": "nation",
    "form": "material",
    "standing": "observed",
    "reason": "made up",
}


def sold(withheld: float, relative_to: str = "observed", **more: Any) -> SupplyNetwork:
    """Viet Nam's shop could sell 60 t, and was seen to sell 20 to Korea and 10 to Japan."""
    net = routes(
        [],
        demand={"KOR": 200.0, "JPN": 200.0},
        edges=[
            edge("vnm", "KOR", "material", observed=20, capacity=40, **T),
            edge("vnm", "JPN", "material", observed=10, capacity=50, **T),
        ],
    )
    ban = {"id": "ban", "source": "VNM", "target": "!VNM", "withheld": withheld, "reason": "why"}
    return added(net, "restrictions", {**ban, "relative_to": relative_to, **more})


def served(net: SupplyNetwork) -> dict[str, float]:
    return {row.nation: row.served for row in balance(net).deliveries}


@pytest.mark.parametrize("withheld", [0.2, 0.5, 0.8, 1.0])
def test_a_part_of_what_was_observed_passes(withheld: float) -> None:
    passes = 1.0 - withheld
    net = sold(withheld)
    got = {"KOR": 20 * passes, "JPN": 10 * passes}
    assert served(net) == pytest.approx(got, abs=1e-6)
    for nation, tonnes in got.items():
        assert sn.flow(net, to=nation).value == pytest.approx(tonnes)


@pytest.mark.parametrize("withheld", [0.5, 0.9, 1.0])
def test_a_part_of_each_limit_passes(withheld: float) -> None:
    passes = 1.0 - withheld
    net = sold(withheld, "capacity")
    assert sum(served(net).values()) == pytest.approx(min(60.0, 90 * passes), abs=1e-6)
    for nation, tonnes in {"KOR": 40 * passes, "JPN": 50 * passes}.items():
        assert sn.flow(net, to=nation).value == pytest.approx(tonnes)


def test_parallel_contracts_and_unseen_links_count_together() -> None:
    """A second contract adds 6 t to what was seen; one that carried nothing adds nothing."""
    net = added(
        sold(0.5),
        "edges",
        edge("vnm", "KOR", "material", observed=6, standing="contracted", **T),
        edge("vnm", "KOR", "material", standing="possible"),
    )
    assert served(net) == pytest.approx({"KOR": 13, "JPN": 5})
    assert sn.flow(net, to="KOR").value == pytest.approx(13)


def test_receivers_of_one_corridor_count_together() -> None:
    """30 t were seen to go to the two nations together, 15 may go: a bound for each alone."""
    net = sold(0.5).replace(edges=[row for row in sold(0.5).edge_rows if row.source != "vnm"])
    net = added(net, "rules", {**RULE, "observed": 30, **T})
    assert sum(served(net).values()) == pytest.approx(15)
    assert sn.flow(net, to="KOR").value == pytest.approx(15)
    (use,) = [row for row in balance(net).utilization if row.kind == "restriction"]
    assert (use.id, use.used, use.capacity, use.unit) == (
        "ban.1: KOR+JPN, material",
        pytest.approx(15),
        15.0,
        "t",
    )
    cut = sn.flow(net, to="KOR").cut
    assert [row.name for row in cut] == ["What restrictions let pass to Kor and Jpn (material)"]


def test_what_nothing_tells_is_refused() -> None:
    unseen = changed(sold(0.5), "edges", lambda row: row.source == "vnm", observed=None)
    with pytest.raises(OptionError, match="ban lets pass a part of what was observed") as caught:
        balance(unseen)
    assert "fill the column observed" in str(caught.value.hint)
    endless = changed(
        sold(0.5, "capacity"), "edges", lambda row: row.target == "KOR", capacity=None
    )
    with pytest.raises(OptionError, match="vnm -> KOR .material. has no limit"):
        sn.flow(endless, to="KOR")
