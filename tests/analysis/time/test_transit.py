"""Goods on the way: what leaves arrives whole periods later, and not a tonne is lost."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.time.horizon import Horizon
from supplynet.network.network import SupplyNetwork
from supplynet.network.timeline import lead_days
from supplynet.questions.run import RunResult, run
from tests.analysis.time.networks import NEED, chains, in_need, solved, with_stock
from tests.network.networks import added, edge, node, rows

#: goods are a month on the way from Australia, two from Viet Nam to the nation; oxide one more
DAYS = (
    {"kind": "transport", "source": "AUS:maker", "target": "KOR", "days": 30.0},
    {"kind": "transport", "source": "VNM:maker", "target": "KOR", "form": "goods", "days": 61.0},
    {"kind": "processing", "source": "VNM:refiner", "days": 30.0, "days_low": 1.0},
)
SHOCK = {"avoid": "VNM", "during": "2024-04..2024-05", "begin": "2024-01", "end": "2024-12"}
BEHAVIORS = ("rolling", "foresight")


def far(net: SupplyNetwork, *rows: dict[str, Any]) -> SupplyNetwork:
    return added(net, "lead_times", *(rows or DAYS))


def served(result: RunResult | Horizon) -> list[float]:
    return [round(row.served, 4) for row in result.months]


@pytest.fixture(scope="module", params=BEHAVIORS)
def late(request: pytest.FixtureRequest) -> Horizon:
    return solved(far(chains()), **SHOCK, delays=True, behavior=request.param)


def test_a_shock_is_felt_as_late_as_goods_take_and_so_is_its_end(late: Horizon) -> None:
    """Two months of goods are at sea when it begins; oxide that had left waits until it is over."""
    assert served(late) == pytest.approx([NEED] * 5 + [NEED / 2] * 2 + [NEED] * 5)
    assert late.certificate.ok


def conserved(result: Horizon) -> None:
    """What was on the way and left has arrived, waits, or is still on the way."""
    program, x = result.plan.program, result.plan.x
    n = len(program.stretches)
    for number, way in enumerate(program.ways):
        own = program.carriages[number * n : (number + 1) * n]
        columns = [program.sent(number, period) for period in range(n)]
        sent = [0.0 if column is None else float(x[column]) for column in columns]
        arrived = sum(float(x[each.arrive]) for each in own if each.arrive is not None)
        left = sum(sent[n - way.n_periods :])
        assert sum(way.coming) + sum(sent) == pytest.approx(
            arrived + float(x[own[-1].wait]) + left, abs=1e-6
        )
        for period in range(n):
            come = sum(way.coming[: period + 1]) + sum(sent[: max(0, period + 1 - way.n_periods)])
            taken = sum(float(x[each.arrive]) for each in own[: period + 1] if each.arrive)
            assert taken <= come + 1e-6, "nothing arrives before it has come"


def test_not_a_tonne_is_lost(late: Horizon) -> None:
    assert len(late.plan.program.ways) == 3
    conserved(late)


# -- what has arrived is used before anybody is short ----------------------------------------------

MONTHS = tuple(f"2024-{month:02}" for month in range(1, 13))
#: what a line of plants passes, each with the link that follows it
LINE = (("mine", "refiner"), ("refiner", "maker"), ("maker", "nation"))


def line(days: Sequence[float], room: float = 120.0) -> SupplyNetwork:
    """One mine, refiner, maker and nation, and the days between them."""
    ends = {"mine": "mine", "refiner": "ref", "maker": "shop", "nation": "KOR"}
    country = {"mine": "AUS", "ref": "JPN", "shop": "VNM", "KOR": "KOR"}
    forms = ("ore", "oxide", "goods")
    return in_need(
        NEED,
        nodes=[
            node("mine", "mine", "AUS", capacity=room, unit="t ore"),
            node("ref", "refiner", "JPN", makes=("light",)),
            node("shop", "maker", "VNM", product="goods"),
            node("KOR", "nation", "KOR"),
        ],
        assays=[{"node_id": "mine", "element": "Nd", "share": 1.0}],
        recoveries=[
            {"node_id": plant, "group": "all", "recovery": 1.0} for plant in ("ref", "shop")
        ],
        edges=[
            edge(ends[one], ends[other], form)
            for (one, other), form in zip(LINE, forms, strict=True)
        ],
        lead_times=[
            {
                "kind": "transport",
                "source": f"{country[ends[one]]}:{one}",
                "target": country[ends[other]],
                "form": form,
                "days": long,
            }
            for (one, other), form, long in zip(LINE, forms, days, strict=True)
        ],
    )


def months_of(days: float) -> int:
    """Return whole months on the way."""
    return int(days / (365.0 / 12.0) + 0.5)


def test_a_named_link_and_a_corridor_with_the_same_ends_are_two_ways() -> None:
    """Half of the ore goes by each: all of it is at sea when the mine shuts, not one half."""
    net = line((60.0, 0.0, 0.0))
    half = {"capacity": 60.0, "unit": "t ore"}
    edges = [row.with_cells(**half) if row.form == "ore" else row for row in net.edge_rows]
    corridor = {
        "id": "any",
        "form": "ore",
        "source": "mine",
        "target": "refiner",
        "standing": "observed",
        "reason": "the rest goes there too",
    }
    net = added(net.replace(edges=edges), "rules", corridor)
    words = {"avoid": "AUS", "during": "2024-03..2024-08", "begin": "2024-01", "end": "2024-12"}
    result = solved(net, **words, delays=True)
    assert served(result) == pytest.approx([NEED] * 4 + [0.0] * 6 + [NEED] * 2)
    assert len({way.passage for way in result.plan.program.ways}) == 2
    conserved(result)


def growing(need: float, more: float, days: Sequence[float]) -> SupplyNetwork:
    """The line of plants, with what the nation needs in a month of 2024, and from 2025 on."""
    wanted = {"nation": "KOR", "use": "all", "product": "goods", "role": "final"}
    per_year = ((2024, need), (2025, more), (2026, more))
    demand = [
        {**wanted, "year": year, "quantity": 12.0 * each, "unit": "t goods"}
        for year, each in per_year
    ]
    return line(days, room=300.0).replace(demand=rows("demand", *demand))


@pytest.mark.parametrize("behavior", BEHAVIORS)
@pytest.mark.parametrize("more", [NEED / 2, 2 * NEED])
def test_nobody_is_short_without_a_shock_when_a_year_begins(more: float, behavior: str) -> None:
    """What leaves at the new rate in January arrives three months later: so long the old holds."""
    net = growing(NEED, more, (30.0, 30.0, 30.0))
    result = solved(net, begin="2024-10", end="2025-08", delays=True, behavior=behavior)
    late = 3 if more > NEED else 0
    assert [row.normal for row in result.months] == pytest.approx(
        [NEED] * (3 + late) + [more] * (8 - late)
    )
    assert served(result) == pytest.approx([row.normal for row in result.months], abs=1e-4)
    conserved(result)


@pytest.mark.slow
def test_nobody_is_short_in_a_january_of_rare_earths_without_a_shock() -> None:
    """Demands of 62 kinds change at once, with up to six months on the way: no shortage."""
    result = run(sn.load("rare-earths"), begin="2026-12", end="2027-07", delays=True)
    short = {
        (row.period, row.nation, row.form): row.normal - row.served
        for row in result.months
        if row.served < (1.0 - 1e-6) * row.normal
    }
    assert not short
    assert any(
        later.normal > 1.01 * row.normal
        for row, later in itertools.product(result.months, repeat=2)
        if (row.period, later.period) == ("2027-01", "2027-07")
        and (row.nation, row.form) == (later.nation, later.form)
    ), "some need rises on the way"


@given(
    st.tuples(*[st.sampled_from([0.0, 20.0, 35.0, 60.0])] * 3),
    st.sampled_from(["AUS", "JPN", "VNM"]),
    st.integers(2, 5),
    st.integers(1, 3),
    st.sampled_from([120.0, 300.0]),
)
@settings(max_examples=15)
def test_law_nobody_is_short_before_the_last_ship_is_in(
    days: tuple[float, float, float], shut: str, first: int, long: int, room: float
) -> None:
    """A shock is felt as late as all takes from who is shut to the nation, and as long as it lasts.

    No month gives up anything for a later one, and no more leaves than is used.
    """
    during = f"{MONTHS[first]}..{MONTHS[first + long - 1]}"
    words = {"avoid": shut, "during": during, "begin": MONTHS[0], "end": MONTHS[-1]}
    result = solved(line(days, room), **words, delays=True)
    late_by = sum(map(months_of, days[{"AUS": 0, "JPN": 1, "VNM": 2}[shut] :]))
    expected = [NEED] * (first + late_by) + [0.0] * long
    assert served(result)[: len(expected)] == pytest.approx(expected[: len(MONTHS)], abs=1e-4)
    conserved(result)


@given(
    st.lists(st.integers(5, 60), min_size=2, max_size=2),
    st.sampled_from([31.0, 61.0]),
    st.sampled_from(["VNM", "AUS:maker", "VNM:mine", "AUS,VNM:refiner"]),
    st.integers(3, 5),
)
@settings(max_examples=12)
def test_law_days_alike_for_all_are_a_lead(
    rooms: list[int], days: float, shut: str, last: int
) -> None:
    """Where all goods are as long on the way, the whole shock comes so much later."""
    net = chains()
    nodes = [
        row.with_cells(capacity=float(rooms[row.country == "AUS"])) if row.stage == "mine" else row
        for row in net.node_rows
    ]
    net = net.replace(nodes=nodes)
    words = {"avoid": shut, "during": f"2024-03..2024-{last:02}", "begin": "2024-01"}
    words["end"] = "2024-12"
    alike = far(net, {"kind": "transport", "source": "maker", "target": "KOR", "days": days})
    late_shock = run(net, **words, lead=months_of(days))
    assert served(run(alike, **words, delays=True)) == pytest.approx(served(late_shock), abs=1e-4)


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_stocks_bridge_what_is_late(behavior: str) -> None:
    result = run(far(with_stock(quantity=150.0)), **SHOCK, delays=True, behavior=behavior)
    assert served(result) == pytest.approx([NEED] * 12), "150 t are held where 100 are missing"


def test_the_first_row_that_fits_counts_and_ends_are_turned() -> None:
    net = far(chains())
    assert lead_days(net, "maker-vnm", "KOR", "goods") == 61.0
    assert lead_days(net, "maker-vnm", "KOR", "ore") == 0.0
    assert lead_days(net, "ref-vnm", "maker-vnm", "oxide", "high") == 1.0
    assert lead_days(net, "ref-vnm", "maker-vnm", "oxide", "low") == 30.0
