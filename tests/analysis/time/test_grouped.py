"""Plants of one stage in one country as one: exact where they are alike, and told where not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.time.ask import run
from supplynet.analysis.time.result import RunResult
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.reports.results import document_of
from tests.analysis.time.networks import in_need, stock, with_scenarios
from tests.network.networks import added, edge, node
from tests.network.scenarios import scenario

#: a month's need of goods, t, and the tonnes of oxide in a tonne of them
NEED, HELD = 60.0, 0.1


def chains(
    *plants: tuple[str, float, float], losses: tuple[float, ...] = (), **tables: Any
) -> SupplyNetwork:
    """Chains of mine, refiner and maker: country, and what mine and refiner bring, t goods/month.

    A refiner loses a part of what it takes in. The nation needs 60 t of goods a month.
    """
    nodes, edges, recoveries, assays = [node("KOR", "nation", "KOR")], [], [], []
    for number, (country, mined, refined) in enumerate(plants):
        mine, refiner, maker = f"mine-{number}", f"ref-{number}", f"maker-{number}"
        nodes += [
            node(mine, "mine", country, capacity=12.0 * HELD * mined, unit="t ore"),
            node(
                refiner,
                "refiner",
                country,
                capacity=12.0 * HELD * refined,
                unit="t ore",
                makes=("light",),
            ),
            node(maker, "maker", country, capacity=900.0, unit="t goods", product="goods"),
        ]
        kept = 1.0 - (losses[number] if losses else 0.0)
        recoveries += [
            {"node_id": refiner, "group": "all", "recovery": kept},
            {"node_id": maker, "group": "all", "recovery": 1.0},
        ]
        assays.append({"node_id": mine, "element": "Nd", "share": 1.0})
        edges += [
            edge(mine, refiner, "ore"),
            edge(refiner, maker, "oxide"),
            edge(maker, "KOR", "goods"),
        ]
    ways = {"nodes": nodes, "edges": edges, "assays": assays, "recoveries": recoveries}
    return in_need(NEED, **ways, **tables)


SHOCK = {"avoid": "VNM", "during": "2024-02..2024-03", "begin": "2024-01", "end": "2024-04"}


def served(net: SupplyNetwork, **words: Any) -> tuple[float, float]:
    """What is served over the horizon with plants as one, and with each by itself."""
    result = run(net, **SHOCK, aggregate=True, **words)
    assert result.certificate.ok
    (row,) = result.errors
    assert row.error == row.served - row.alone
    assert row.served == pytest.approx(sum(month.served for month in result.months))
    plain = run(net, **SHOCK, **words)
    assert row.alone == pytest.approx(sum(month.served for month in plain.months))
    return row.served, row.alone


@pytest.mark.parametrize("behavior", ["rolling", "foresight"])
def test_plants_that_are_alike_are_exact(behavior: str) -> None:
    """Two plants in AUS bring 20 t each, one in VNM the other 20; a stock of 25 t bridges some."""
    alike = chains(("AUS", 20.0, 20.0), ("AUS", 20.0, 20.0), ("VNM", 20.0, 20.0))
    net = added(alike, "stocks", stock(quantity=25.0))
    assert served(net, behavior=behavior) == pytest.approx((225.0, 225.0), rel=1e-6)


def test_what_stands_still_lends_nothing_to_others() -> None:
    """A mine of 200 t whose refiner keeps nothing of it: its limit is not for the one beside it."""
    net = chains(
        ("AUS", 20.0, 20.0), ("AUS", 200.0, 200.0), ("VNM", 40.0, 40.0), losses=(0.0, 1.0, 0.0)
    )
    grouped, alone = served(net)
    assert alone == pytest.approx(2 * 60.0 + 2 * 20.0)
    assert grouped == pytest.approx(alone, rel=1e-6)


@settings(max_examples=6)
@given(
    n_alike=st.integers(1, 3),
    tonnes=st.integers(5, 30),
    loss=st.sampled_from([0.0, 0.25]),
    held=st.integers(0, 60),
)
@example(n_alike=3, tonnes=20, loss=0.0, held=0)  # without the shock one of the three is idle
def test_alike_plants_are_exact_on_any_such_network(
    n_alike: int, tonnes: int, loss: float, held: int
) -> None:
    plants = [("AUS", tonnes, tonnes)] * n_alike + [("VNM", 20.0, 20.0)]
    net = chains(*plants, losses=(loss,) * n_alike + (0.0,))
    if held:
        net = added(net, "stocks", stock(quantity=float(held)))
    grouped, alone = served(net)
    assert grouped == pytest.approx(alone, rel=1e-6)


def test_limits_that_add_up_serve_more() -> None:
    """Mines of 10 and 30 t before refiners of 30 and 10 t bring 20 t; as one they bring 40."""
    unlike = chains(("AUS", 10.0, 30.0), ("AUS", 30.0, 10.0), ("VNM", 60.0, 60.0))
    grouped, alone = served(unlike)
    assert alone == pytest.approx(60.0 * 2 + 20.0 * 2)
    assert grouped == pytest.approx(60.0 * 2 + 40.0 * 2)


def test_a_mix_that_stays_serves_less() -> None:
    """Half of 40 t of ore is left: one refiner loses nothing of it, the mean of both a quarter."""
    net = chains(("AUS", 40.0, 20.0), ("AUS", 40.0, 20.0), losses=(0.0, 0.5))
    one_mine = net.replace(
        nodes=[row for row in net.node_rows if row.id != "mine-1"],
        edges=[
            *(row for row in net.edge_rows if row.source != "mine-1"),
            *(
                row.model_copy(update={"source": "mine-0"})
                for row in net.edge_rows
                if row.source == "mine-1"
            ),
        ],
        assays=[row for row in net.rows("assays") if row.node_id == "mine-0"],
    )
    half = scenario("half", {"verb": "scale", "nodes": "node:mine-0", "factor": 0.5})
    asked = with_scenarios(one_mine, half=half)
    words = {"begin": "2024-01", "end": "2024-02", "aggregate": True}
    result = run(asked, shock="half@2024-02..2024-02", **words)
    assert [month.served for month in result.months] == pytest.approx([30.0, 15.0])
    (row,) = result.errors
    assert (row.alone, row.error) == pytest.approx((50.0, -5.0))
    assert "less than with every plant" in str(document_of(result).sections)


def test_a_plant_that_is_left_is_alone_in_its_group() -> None:
    unlike = chains(("AUS", 20.0, 20.0), ("AUS", 20.0, 20.0), losses=(0.0, 0.5))
    words = {"begin": "2024-01", "end": "2024-02", "aggregate": True}
    result = run(unlike, avoid="node:ref-0", during="2024-02", **words)
    assert [month.served for month in result.months] == pytest.approx([30.0, 10.0])
    assert max(abs(row.error) for row in result.errors) == pytest.approx(0.0, abs=1e-6)


def test_the_year_without_a_shock_stays_possible(tutorial: SupplyNetwork) -> None:
    result = run(tutorial, begin="2024-01", end="2024-03", aggregate=True)
    assert [row.share for row in result.months] == pytest.approx([1.0] * len(result.months))


@pytest.fixture(scope="module")
def unlike() -> RunResult:
    net = chains(("AUS", 10.0, 30.0), ("AUS", 30.0, 10.0), ("VNM", 60.0, 60.0))
    return run(net, **SHOCK, aggregate=True)


def test_it_is_told_in_words_and_tables(unlike: RunResult) -> None:
    document = document_of(unlike)
    (section,) = [each for each in document.sections if each.name == "errors"]
    text = str(section.blocks[0])
    assert "40 t of product more" in text
    assert "no bound" in text
    assert len(unlike.to_frame("errors")) == 1
    assert unlike.to_dict()["errors"][0]["error"] == pytest.approx(40.0)
    (method,) = [each for each in document.sections if each.name == "method"]
    assert "Plants of one stage in one country are as one" in str(method.blocks[0])


def test_the_error_may_be_left_out() -> None:
    net = chains(("AUS", 10.0, 30.0), ("VNM", 60.0, 60.0))
    result = run(net, **SHOCK, aggregate=True, error=False)
    assert result.errors == ()
    (section,) = [each for each in document_of(result).sections if each.name == "errors"]
    assert "was not asked for" in str(section.blocks[0])


def test_no_error_is_told_as_none() -> None:
    alike = chains(("AUS", 20.0, 20.0), ("AUS", 20.0, 20.0), ("VNM", 20.0, 20.0))
    result = run(alike, **SHOCK, aggregate=True)
    (section,) = [each for each in document_of(result).sections if each.name == "errors"]
    assert str(section.blocks[0]).count("Nothing") == 1


def test_goods_on_the_way_are_refused() -> None:
    with pytest.raises(OptionError, match="link by link"):
        run(chains(("AUS", 20.0, 20.0)), aggregate=True, delays=True)


def test_it_is_smaller_and_its_flows_add_up() -> None:
    """Of two chains as one all is half as large; what flows is what each plant's part of it is."""
    alike = chains(("AUS", 20.0, 20.0), ("AUS", 20.0, 20.0))
    result = run(alike, begin="2024-01", end="2024-01", aggregate=True, error=False)
    program = result.plan.program
    small = program.solved(np.zeros(len(program)))
    assert small.c.size < len(program)
    assert small.b_eq.size < program.program(np.zeros(len(program))).b_eq.size
    assert result.plan.x.size == len(program)


def test_survive_takes_it(tutorial: SupplyNetwork) -> None:
    words: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "during": "2024-01..2024-02"}
    plain = sn.survive(tutorial, **words, ranges=False)
    grouped = sn.survive(tutorial, **words, ranges=False, aggregate=True)
    assert [row.days for row in grouped.rows] == [row.days for row in plain.rows]
    assert "errors" in {section.name for section in document_of(grouped).sections}
