"""Time to survive: closed forms in days, against the run of all nations, and hidden risks."""

from __future__ import annotations

from itertools import product, takewhile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.time import survival as module
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from supplynet.questions.risks import risks
from supplynet.questions.survive import survive
from supplynet.questions.survive.page import survive_answer
from supplynet.reports.results import document_of
from supplynet.terms import LEVELS
from tests.analysis.time.networks import HELD, NEED, chains, stock, with_stock
from tests.network.networks import added, changed, edge, node
from tests.sweeps import sweep

MONTH = 365.0 / 12.0
ALL_SHUT = {"to": "KOR", "avoid": "AUS,VNM", "during": "2024-01..2024-06"}
HALF_SHUT = {**ALL_SHUT, "avoid": "VNM"}
OUT = {"days": 60.0, "days_low": 30.0, "days_high": 120.0}


@pytest.mark.parametrize("tonnes", [0.0, 30.0, 150.0, 590.0])
def test_days_are_what_is_held_over_what_is_needed(tonnes: float) -> None:
    (row,) = survive(with_stock(quantity=tonnes), **ALL_SHUT).rows
    assert row.days == pytest.approx(tonnes / NEED * MONTH, rel=1e-6, abs=1e-3)
    assert row.survives == int(tonnes / NEED)
    assert row.bare_days == 0.0
    assert row.need == pytest.approx(NEED)


def test_an_element_lasts_as_long_as_its_maker_runs_on_it() -> None:
    held = stock(holders="KOR,VNM", form="oxide", element="Nd", quantity=20.0, unit="t oxide")
    net = changed(added(chains(), "stocks", held), "nodes", _is("maker-vnm"), country="KOR")
    (row,) = survive(net, **{**HALF_SHUT, "avoid": "node:ref-vnm"}).rows
    assert row.days == pytest.approx(20.0 / (HELD * NEED / 2) * MONTH, rel=1e-5)


def test_the_stocks_of_others_are_not_its_own() -> None:
    """The maker abroad holds oxide, which the run uses and the nation alone does not count on."""
    held = stock(holders="VNM", form="oxide", element="Nd", quantity=20.0, unit="t oxide")
    result = survive(added(chains(), "stocks", held), **{**HALF_SHUT, "avoid": "node:ref-vnm"})
    (row,) = result.rows
    assert (row.days, result.worths) == (0.0, ())
    assert row.survives == 4
    carried = "What lasts longer in competition than alone is carried by stocks of others"
    assert carried in survive_answer(result)
    assert carried not in survive_answer(survive(with_stock(), **ALL_SHUT))


# -- ends of the days ------------------------------------------------------------------------------

#: tables by what their figures are of, with the column that has ends
FIGURES = {
    "supply": {"nodes": "capacity", "edges": "capacity", "recoveries": "recovery"},
    "needs": {"demand": "quantity"},
    "stocks": {"stocks": "quantity"},
}


def at_ends(net: SupplyNetwork, **ends: str) -> SupplyNetwork:
    """Return a network with each kind of figures at one end, and no ends left."""
    for kind, end in ends.items():
        for table, column in FIGURES[kind].items():
            rows = []
            for row in net.rows(table):
                low, high = getattr(row, f"{column}_low"), getattr(row, f"{column}_high")
                value = {"low": low, "high": high}.get(end)
                cells = {f"{column}_low": None, f"{column}_high": None}
                if value is not None:
                    cells[column] = value
                rows.append(row.with_cells(**cells))
            net = net.replace(**{table: rows})
    return net


def ranged(net: SupplyNetwork, table: str, column: str, *ends: float) -> SupplyNetwork:
    """Return a network with ends of a column, as parts of its figures."""
    rows = [
        row
        if getattr(row, column) is None
        else row.with_cells(
            **{
                f"{column}_{end}": part * getattr(row, column)
                for end, part in zip(("low", "high"), ends, strict=True)
            }
        )
        for row in net.rows(table)
    ]
    return net.replace(**{table: rows})


def with_ends(mines: dict[str, float], **held: Any) -> SupplyNetwork:
    """The chains with ends of mines, needs and a stock."""
    net = with_stock(**{"quantity": 250.0, "quantity_low": 150.0, "quantity_high": 400.0, **held})
    nodes = [
        row.with_cells(capacity=mines[row.id]) if row.id in mines else row for row in net.node_rows
    ]
    net = ranged(net.replace(nodes=nodes), "demand", "quantity", 1100 / 1200, 1300 / 1200)
    return ranged(net, "nodes", "capacity", 1000 / 1200, 1500 / 1200)


def with_rival(net: SupplyNetwork) -> SupplyNetwork:
    """The same with a second nation that buys from both makers."""
    sells = [edge(f"maker-{one}", "JPN", "goods") for one in ("aus", "vnm")]
    (asked,) = net.rows("demand")
    demand = [asked, asked.with_cells(nation="JPN")]
    wider = added(net, "nodes", node("JPN", "nation", "JPN"))
    return added(wider, "edges", *sells).replace(demand=demand)


ENDS = [
    (with_ends({"mine-aus": 1.0, "mine-vnm": 119.0}), "AUS,VNM"),
    (with_ends({"mine-aus": 60.0, "mine-vnm": 60.0}), "VNM"),
    (with_ends({"mine-aus": 30.0, "mine-vnm": 100.0}), "VNM:mine"),
    (with_ends({"mine-aus": 40.0, "mine-vnm": 70.0}, quantity_low=60.0), "AUS"),
    (with_rival(with_ends({"mine-aus": 50.0, "mine-vnm": 90.0})), "VNM"),
]


@pytest.mark.parametrize(("net", "shut"), sweep(ENDS, ENDS[:1]))
def test_days_lie_within_their_ends_whichever_end_figures_are_at(
    net: SupplyNetwork, shut: str
) -> None:
    """All 27 combinations of plants, needs and stocks at their low, central and high figures.

    A low capacity lowers what is normal too: with all figures at one end at once a third of the
    combinations of the first network lay outside.
    """
    words = {"to": "KOR", "avoid": shut, "during": "2024-01", "end": "2024-01", "makers": False}
    (row,) = survive(net, **words).rows
    days = []
    for supply, needs, stocks in product(LEVELS, LEVELS, LEVELS):
        plain = at_ends(net, supply=supply, needs=needs, stocks=stocks)
        (told,) = survive(plain, **words, ranges=False).rows
        days.append(told.days)
    close = 1e-6 * row.days
    assert row.days_low - close <= min(days), (row.days_low, min(days))
    assert max(days) <= row.days_high + close, (row.days_high, max(days))
    assert row.days_low < row.days < row.days_high


def test_what_is_met_without_end_has_no_days(tutorial: SupplyNetwork) -> None:
    result = survive(tutorial, to="ISL", avoid="node:maker-home", during="2024-01")
    (row,) = result.rows
    assert row.days == float("inf")
    assert (row.survives, row.recovers, row.lost) == (None, 0, pytest.approx(0.0, abs=1e-6))
    assert result.to_dict()["rows"][0]["days"] is None
    assert "more than ten years of goods" in survive_answer(result)
    assert "never short" in survive_answer(result)


def test_a_shock_may_have_other_values_of_a_scenario_in_other_months() -> None:
    change = {"verb": "scale", "nodes": "ref-vnm", "factor": "$left", "reason": "what-if"}
    part = {"default": 0.0, "low": 0.0, "high": 1.0, "meaning": "part that is left"}
    less = sn.Scenario.from_dict({"parameters": {"left": part}, "change": [change]}, name="less")
    head, tables = with_stock().metadata, {name: with_stock().rows(name) for name in TABLES}
    net = sn.SupplyNetwork.from_rows(head, tables, scenarios={"less": less})
    known = {"id": "spring", "name": "Spring", "confidence": "estimated", "note": "made up"}
    shocks = [
        {**known, "scenario": f"less:left={left}", "begin": month, "end": month}
        for left, month in ((0.5, "2024-03"), (0.0, "2024-04"))
    ]
    result = survive(added(net, "shocks", *shocks), to="KOR", shock="spring")
    (row,) = result.rows
    (alone,) = survive(net, to="KOR", shock="less:left=0@2024-03..2024-04").rows
    assert row.days == alone.days > 0.0
    assert row.bare_lost_share < alone.bare_lost_share
    assert document_of(result).title.startswith(
        "How long South Korea survives under the shock spring,"
    )


SHUT = st.sampled_from(["mine-small", "ref-big", "ref-small", "maker-big", "maker-home"])


@given(SHUT, st.integers(0, 300))
@example("ref-big", 74)  # less than 1% is missing in the first month: survived when all buy at once
@settings(max_examples=10)
def test_alone_its_whole_need_is_met_as_long_as_with_the_others(shut: str, tonnes: int) -> None:
    """The program in which it has exclusive access is a bound of the run."""
    held = stock(holders="MLT", quantity=float(tonnes))
    net = added(sn.load("tutorial"), "stocks", held)
    result = survive(net, to="MLT", avoid=f"node:{shut}", during="2024-01..2024-06", ranges=False)
    for row in result.rows:
        months = [
            month for month in result.months if (month.nation, month.form) == ("MLT", row.form)
        ]
        n_whole = sum(1 for _ in takewhile(lambda month: month.share >= 1.0 - 1e-8, months[:6]))
        assert row.survives is None or row.survives >= n_whole
        assert row.days / MONTH >= n_whole - 1e-4


# -- hidden risks ------------------------------------------------------------------------------


def _is(node_id: str) -> Any:
    return lambda row: row.id == node_id


def test_plants_are_set_against_how_long_they_are_out() -> None:
    """Without one chain 50 t a month are missing: 150 t last for three months."""
    net = added(with_stock(), "outages", OUT, {"nodes": "VNM:maker", "days": 200.0})
    result = risks(net)
    assert result.n_plants == len(result.rows) == 6
    assert [row.survives for row in result.rows] == pytest.approx([3.0 * MONTH] * 6)
    assert [row.plant for row in result.hidden] == ["maker-vnm"]
    first, second = result.rows[:2]
    assert (first.recovers, first.recovers_low, first.recovers_high) == (200.0, 200.0, 200.0)
    assert (second.is_hidden, second.may_be_hidden) == (False, True)
    assert result.certificate.ok
    assert "1 of 6 plants" in result.summary()
    assert len(result.to_frame()) == 6


def test_what_differs_by_rounding_adds_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of two programs that are the same but for their last digits are the same."""
    least = module._least

    def rounded(*asked: Any, **words: Any) -> float:
        days = least(*asked, **words)
        return days if words.get("stocks") != ["reserve"] else days * (1.0 - 1e-15)

    monkeypatch.setattr(module, "_least", rounded)
    idle = {**stock(quantity=5.0, release=0.0), "id": "other"}
    net = added(with_stock(quantity=150.0), "stocks", idle)
    worths = {row.stock: row.days for row in survive(net, **ALL_SHUT, ranges=False).worths}
    assert worths["other"] == 0.0
    assert worths["reserve"] > 1.0
