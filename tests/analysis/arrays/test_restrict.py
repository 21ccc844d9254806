"""Restrictions in potentials: gates at receivers, senders that are shut out, corridors split."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.arrays.restrict import told_apart
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.network.networks import added, changed, without

ROW = {"id": "ban", "source": "ISL", "target": "MLT", "elements": ("Dy",), "reason": "why"}


def held(net: SupplyNetwork, withheld: float, **more: Any) -> SupplyNetwork:
    return added(net, "restrictions", {**ROW, "withheld": withheld, **more})


def potential(net: SupplyNetwork, element: str = "Dy", **words: Any) -> float:
    return float(sn.max_flow(net, to="MLT", element=element, **words).value)


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


def test_it_holds_in_its_years_only(tutorial: SupplyNetwork) -> None:
    late = held(tutorial, 1, start_year=2026)
    assert potential(late, year=2024) == potential(tutorial)
    assert potential(late, year=2026) < potential(tutorial, year=2026)


def test_the_tightest_of_several_counts(tutorial: SupplyNetwork) -> None:
    both = added(held(tutorial, 0.5), "restrictions", {**ROW, "id": "more", "withheld": 0.9})
    assert potential(both) == potential(held(tutorial, 0.9))


def test_a_cut_names_the_restriction(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(held(tutorial, 0.9), to="MLT", element="Dy")
    names = {(member.kind, member.name) for member in flow.cut}
    assert ("restriction", "What restrictions let pass to Malta (Goods)") in names
    assert flow.certificate.ok
    assert "Restriction" in sn.report(flow).to_markdown()


def test_routes_leave_the_gates_out(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(held(tutorial, 0.9), to="MLT", element="Dy")
    assert all(one in tutorial.node_by_id for route in flow.routes for one in route.nodes)
    assert sum(route.tonnes for route in flow.routes) == pytest.approx(flow.value)


def test_the_basket_is_held_back_with_every_element(tutorial: SupplyNetwork) -> None:
    assert potential(held(tutorial, 1), "basket") == potential(tutorial, "basket")
    assert potential(held(tutorial, 1, elements=()), "basket") < potential(tutorial, "basket")


def test_a_mixed_corridor_is_split(tutorial: SupplyNetwork) -> None:
    """Makers of both countries sell to Malta through one hub; only those of one are held back."""
    rule = {"id": "goods-to-malta", "source": "maker,!MLT", "capacity": None, "unit": ""}
    net = changed(tutorial, "rules", lambda row: row.id == rule["id"], **rule)
    split = told_apart(held(net, 0.9))
    assert [row.id for row in split.rule_rows] == ["goods-to-malta.1", "goods-to-malta.2"]
    assert [row.source for row in split.rule_rows] == ["node:maker-big", "node:maker-free"]
    assert told_apart(net) is net
    assert potential(held(net, 0.9)) == pytest.approx(5, rel=1e-5)
    # all receivers are meant: the senders are shut out where they enter
    assert told_apart(held(net, 1)).rule_rows == net.rule_rows
    assert potential(held(net, 1)) == 0


def test_a_bounded_corridor_cannot_be_split_but_shut(tutorial: SupplyNetwork) -> None:
    net = changed(tutorial, "rules", lambda row: True, source="maker,!MLT")
    with pytest.raises(OptionError, match="rule goods-to-malta has one tonnage") as caught:
        potential(held(net, 0.9))
    assert "restrict all of its links" in str(caught.value.hint)
    assert potential(held(net, 1)) == 0


def test_what_could_be_taken_must_be_known_for_a_part(tutorial: SupplyNetwork) -> None:
    nobody = without(tutorial, "demand", lambda row: row.nation == "MLT")
    with pytest.raises(OptionError, match="MLT could take, and its demand is not known"):
        potential(held(nobody, 0.5))
    endless = changed(tutorial, "nodes", lambda row: row.id == "maker-home", capacity=None)
    with pytest.raises(OptionError, match="maker-home could take, and its capacity is not given"):
        potential(held(endless, 0.5))
    assert potential(held(endless, 1)) == 0


@pytest.mark.parametrize("withheld", [0.9, 1.0])
def test_every_analysis_takes_it(tutorial: SupplyNetwork, withheld: float) -> None:
    """Gates and split corridors are vertices that no analysis may stumble over."""
    rule = {"source": "maker,!MLT", "capacity": None, "observed": None, "unit": ""}
    net = held(changed(tutorial, "rules", lambda row: True, **rule), withheld, target="node:MLT")
    words: dict[str, Any] = {"to": "MLT", "element": "Dy"}
    flow = sn.max_flow(net, **words)
    assert sn.bypass(net, avoid="FJI", **words).is_certified
    assert sn.chokepoints(net, **words).rows
    assert sn.interdict(net, k=1, **words).value <= flow.value
    assert sn.unavoidable(net, **words) is not None
    assert sn.min_cuts(net, **words) is not None
    balance = sn.balance(net, objective="fair")
    assert balance.certificate.ok
    assert sn.exposure_of(balance, to="MLT", exposed_to="ISL").certificate.ok
    assert sn.disrupt(net).certificate.ok
    assert sn.balance(net, objective="price").certificate.ok
    assert sn.draw.layers(net, flow) is not None


def test_what_binds_nothing_is_told(tutorial: SupplyNetwork) -> None:
    """Half of what Malta could take is more than comes; a ban on other elements stops nothing."""
    late = held(tutorial, 1, start_year=2026)
    loose = added(held(tutorial, 0.9), "restrictions", {**ROW, "id": "loose", "withheld": 0.5})
    other = held(tutorial, 1, elements=("Nd",))
    reasons = [
        {one.id: one.reason for one in sn.max_flow(net, to="MLT", element="Dy").idle_restrictions}
        for net in (tutorial, late, loose, other)
    ]
    none = "without it no more could arrive"
    assert reasons == [
        {},
        {"ban": "it does not hold in 2024 but from 2026 on"},
        {"loose": none},
        {"ban": none},
    ]
    text = sn.report(sn.max_flow(late, to="MLT", element="Dy")).to_markdown()
    assert "Restriction ban binds nothing: it does not hold in 2024 but from 2026 on." in text
