"""The balance closest to firm links: by hand, against every other way, and what counts as firm."""

from __future__ import annotations

import itertools

import pytest

from supplynet.analysis.balance.programs import Run
from supplynet.errors import InterruptedSolveError, OptionError, SolverError
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from tests.analysis.balance.money_networks import T, routes
from tests.analysis.balance.rules import flows_of, summary_of
from tests.analysis.balance.rules import most_served as balance
from tests.network.networks import changed, edge, headed


def tonnages(korea: float, japan: float, *, most: float | None = None) -> SupplyNetwork:
    """Viet Nam's shop to two nations with a tonnage each, Chile's to both without one."""
    return routes(
        [],
        demand={"KOR": 50.0, "JPN": 50.0},
        edges=[
            edge("vnm", "KOR", "material", observed=korea, capacity=most or korea, **T),
            edge("vnm", "JPN", "material", observed=japan, capacity=most or japan, **T),
            edge("chl", "KOR", "material"),
            edge("chl", "JPN", "material"),
        ],
    )


def test_a_tonnage_is_carried_where_it_can_be() -> None:
    """Chile could serve 60 of 100 t; the 20 and 30 t that were seen come first."""
    result = balance(tonnages(20.0, 30.0), objective="observed")
    assert [row.coverage for row in result.deliveries] == pytest.approx([1, 1])
    assert {row.id: row.carried for row in result.targets} == pytest.approx(
        {"vnm -> KOR (material)": 20, "vnm -> JPN (material)": 30}
    )
    assert [row.missing for row in result.targets] == pytest.approx([0, 0], abs=1e-6)
    assert "Of 2 links it is known what went or what is firm. 2 carry just that." in summary_of(
        result
    )
    assert result.certificate.ok
    assert {"max_supply", "least deviation", "observed"} <= set(result.certificates)


def test_of_several_as_close_one_is_chosen_whatever_the_order_of_rows() -> None:
    """Of 80 t that were seen 60 t can go: all ways to part them miss 20 t."""
    net = tonnages(40.0, 40.0)
    turned = net.replace(edges=net.edge_rows[::-1], demand=net.demand_rows[::-1])
    carried = [
        {row.id: row.carried for row in balance(one, objective="observed").targets}
        for one in (net, turned)
    ]
    assert carried[0] == pytest.approx(carried[1])
    assert sorted(carried[0].values()) == pytest.approx([20.0, 40.0])


def test_what_leaves_the_solver_no_room_is_chosen_with_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net, plain, tried = tonnages(40.0, 40.0), Run.solve, list[float]()
    errors: list[SolverError] = [SolverError("no inside"), SolverError("no inside")]

    def failing(self: Run, name: str, lp: LinearProgram) -> LinearSolution:
        if name == "least deviation by name":
            tried.append(float(lp.b_ub[-1]))
            if len(tried) <= len(errors):
                raise errors[len(tried) - 1]
        return plain(self, name, lp)

    monkeypatch.setattr(Run, "solve", failing)
    carried = [row.carried for row in balance(net, objective="observed").targets]
    assert sorted(carried) == pytest.approx([20.0, 40.0], abs=1e-3)
    assert tried == sorted(tried)
    assert len(tried) == 3
    errors += [SolverError("no inside")] * 2
    tried.clear()
    with pytest.raises(SolverError):  # of a network anew: an answer is remembered
        balance(tonnages(40.0, 40.0), objective="observed")
    errors[0] = InterruptedSolveError("no time")
    tried.clear()
    with pytest.raises(InterruptedSolveError):
        balance(tonnages(40.0, 40.0), objective="observed")
    assert len(tried) == 1


@pytest.mark.parametrize("korea", [0, 10, 25, 60])
@pytest.mark.parametrize("japan", [10, 35, 50])
def test_no_other_way_to_serve_the_most_comes_closer(korea: int, japan: int) -> None:
    """Every way in whole steps of 5 t, by brute force."""
    result = balance(tonnages(float(korea), float(japan)), objective="observed")
    served = sum(row.served for row in result.deliveries)
    missing = sum(row.missing for row in result.targets)
    steps = range(0, 61, 5)
    best = float("inf")
    for to_korea, to_japan, more, other in itertools.product(steps, repeat=4):
        fits = (
            to_korea <= korea
            and to_japan <= japan
            and to_korea + to_japan <= 60
            and more + other <= 60
            and to_korea + to_japan + more + other <= 100
            and to_korea + more <= 50
            and to_japan + other <= 50
        )
        if fits and to_korea + to_japan + more + other >= served - 1e-6:
            best = min(best, korea + japan - to_korea - to_japan)
    assert missing == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("korea", [5, 25])
@pytest.mark.parametrize("japan", [10, 35])
def test_beyond_what_went_counts_as_much_as_what_is_missing(korea: int, japan: int) -> None:
    """60 t may pass on each link; every way in whole steps of 5 t, by brute force."""
    net = tonnages(float(korea), float(japan), most=60.0)
    net = net.replace(edges=[row for row in net.edge_rows if row.source != "chl"])
    result = balance(net, objective="observed")
    off = {row.id[7:10]: (row.missing, row.beyond) for row in result.targets}
    steps = range(0, 61, 5)
    best = min(
        abs(one - korea) + abs(two - japan)
        for one, two in itertools.product(steps, repeat=2)
        if one + two == 60 and one <= 50 and two <= 50
    )
    assert sum(map(sum, off.values())) == pytest.approx(best, abs=1e-6)
    assert sum(row.served for row in result.deliveries) == pytest.approx(60)
    first = result.targets[0]
    if first.beyond > 1.0:
        span = result.range_of("gap", first.kind, first.id)
        assert span.low <= first.beyond <= span.high


def test_a_shut_end_is_no_target() -> None:
    """Neither a link of a shut plant, nor a corridor that nobody can enter."""
    net = tonnages(20.0, 30.0)
    with pytest.raises(OptionError, match="none holds here"):
        balance(net, objective="observed", avoid="VNM")
    rule = {
        "id": "sales",
        "source": "VNM:shop",
        "target": "nation",
        "form": "material",
        "standing": "contracted",
        "reason": "made up",
        "observed": 30,
        "capacity": 30,
        **T,
    }
    with_rule = routes([], edges=[edge("chl", "KOR", "material")], rules=[rule])
    (target,) = balance(with_rule, objective="observed").targets
    assert (target.kind, target.id, target.standing) == ("rule", "sales", "contracted")
    assert target.carried == pytest.approx(30)
    with pytest.raises(OptionError, match="none holds here"):
        balance(with_rule, objective="observed", avoid="VNM")


def test_a_tonnage_in_a_product_counts_what_it_holds(tutorial: SupplyNetwork) -> None:
    """Elements that travel as a product count together: 11 t of oxide are 100 t of goods."""
    net = changed(
        tutorial,
        "edges",
        lambda row: (row.source, row.target) == ("ref-big", "maker-home"),
        capacity=100.0,
        observed=100.0,
        unit="t goods",
    )
    units = [
        one.model_copy(update={"product": "goods"}) if one.name == "t goods" else one
        for one in net.commodity.units
    ]
    net = headed(net, units=tuple(units))
    result = balance(net, objective="observed")
    (row,) = [one for one in result.targets if one.id == "ref-big -> maker-home (oxide)"]
    table = flows_of(result)
    sent = table[(table["tail"] == "ref-big") & (table["head"] == "maker-home")]["tonnes"].sum()
    assert row.carried == pytest.approx(sent / 0.11, rel=1e-4)
    assert row.carried <= 100 * (1 + 1e-9)
    assert row.carried > 99
