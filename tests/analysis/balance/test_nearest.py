"""The answer that is shown is one, and the nearest to what was observed or to another answer."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from highspy import HighsModelStatus
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.balance import programs as solve
from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.ranges import link_flows, reference_of, settle
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp import solve as proved
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.solve import solve_linear
from tests.analysis.balance.test_ask import changed, shared
from tests.analysis.balance.test_laws import contested_networks
from tests.sweeps import only_whole, sweep

GRAPHS = Path(__file__).parents[3] / "graphs"
#: tables whose rows stand in no order that means something
TABLES = (
    "nodes", "edges", "rules", "demand", "assays", "contents", "recoveries", "capacities",
    "production", "products", "baseline", "scrap", "charges", "prices",
)  # fmt: skip
#: share of the largest flow that answers may differ by
SAME = 1e-6


def shuffled(name: str, target: Path, seed: int) -> SupplyNetwork:
    """A shipped graph with the rows of its tables in another order."""
    shutil.copytree(GRAPHS / name, target)
    draw = random.Random(seed)
    for table in TABLES:
        path = target / f"{table}.csv"
        if not path.exists():
            continue
        with path.open(newline="") as file:
            head, *rows = csv.reader(file)
        draw.shuffle(rows)
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    return sn.load(str(target))


def flows(result: SolvedBalance) -> dict[tuple[str, str, str, str], float]:
    return link_flows(result.run.model, result.x)


def assert_same(one: SolvedBalance, other: SolvedBalance) -> None:
    """No link carries more or less by a millionth of the largest flow."""
    first, second = flows(one), flows(other)
    size = max([*first.values(), 1e-300])
    for name in first.keys() | second.keys():
        assert abs(first.get(name, 0.0) - second.get(name, 0.0)) <= SAME * size, name


CASES: list[tuple[str, dict[str, Any]]] = [
    ("tutorial", {"objective": "fair"}),
    ("tutorial", {"objective": "max_supply"}),
    ("tutorial", {"objective": "cost"}),
    ("tutorial", {"objective": "price"}),
    ("rare-earths", {"objective": "fair", "year": 2030, "avoid": "CHN"}),
    ("rare-earths", {"objective": "max_supply", "year": 2030}),
    ("tutorial", {"objective": "observed"}),
    pytest.param("rare-earths", {"objective": "cost", "year": 2030}, marks=pytest.mark.slow),
    pytest.param("rare-earths", {"objective": "fair", "year": 2024}, marks=only_whole),
    pytest.param("rare-earths", {"objective": "observed", "year": 2024}, marks=only_whole),
]  # type: ignore[list-item]


@pytest.mark.parametrize(("name", "words"), CASES)
def test_the_order_of_rows_does_not_matter(
    tmp_path: Path, name: str, words: dict[str, Any]
) -> None:
    one = balance(sn.load(name), **words)
    other = balance(shuffled(name, tmp_path / name, seed=1), **words)
    assert_same(one, other)


@pytest.mark.parametrize("method", ["simplex", "ipm"])
@pytest.mark.parametrize(("name", "words"), sweep(CASES[:7], CASES[1:5]))
def test_the_method_of_the_solver_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, name: str, words: dict[str, Any], method: str
) -> None:
    """Another method ends at another optimum of what is served, and the same is shown."""
    net = sn.load(name)
    one = balance(net, **words)
    monkeypatch.setattr(
        proved,
        "solve_linear",
        lambda lp, **more: solve_linear(lp, **(more | {"method": method})),
    )
    engine = solve.LinearEngine
    monkeypatch.setattr(
        solve, "LinearEngine", lambda lp, **more: engine(lp, **(more | {"first": "simplex"}))
    )
    assert_same(one, balance(net, **words))


@given(contested_networks(), st.integers(0, 2**32))
@settings(max_examples=15)
def test_law_made_up_networks_have_one_answer_in_any_order(net: SupplyNetwork, seed: int) -> None:
    draw = random.Random(seed)

    def mixed(rows: tuple[Any, ...]) -> list[Any]:
        return draw.sample(rows, len(rows))

    other = net.replace(
        nodes=mixed(net.node_rows), edges=mixed(net.edge_rows), rules=mixed(net.rule_rows)
    )
    assert_same(balance(net), balance(other))


# -- what it is nearest to ---------------------------------------------------------------------


def two_mines() -> SupplyNetwork:
    """Each of two mines could send all of 60 t; 45 t were seen to come from the second."""
    net = shared([100.0, 100.0], {"KOR": 60.0}, {(0, "KOR"): None, (1, "KOR"): None})
    return changed(net, "edges", lambda row: row.source == "pit1", observed=45.0, unit="t")


def test_of_two_mines_that_would_do_the_one_that_was_seen_sends() -> None:
    net = two_mines()
    result = balance(net)
    sent = {name[0]: tonnes for name, tonnes in flows(result).items()}
    assert sent == pytest.approx({"pit0": 15.0, "pit1": 45.0})
    assert result.provenance.options["nearest_to"] == "the tonnages of observed links"


def test_a_program_without_an_end_goes_to_a_wider_one_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is tried twice, with and without presolve, and no other way takes another minute."""
    result, run, tries = balance(two_mines()), LinearEngine._run, []

    def endless(self: LinearEngine, *words: Any, **options: Any) -> Any:
        status = run(self, *words, **options)
        tries.append(self._tolerance)
        return HighsModelStatus.kUnknown if len(tries) <= 2 else status

    monkeypatch.setattr(LinearEngine, "_run", endless)
    shown = settle(result.run, reference_of(result.run.model))
    assert shown == pytest.approx(result.x, abs=1e-6)
    assert tries == [proved.CLOSE] * 3


def test_flows_near_the_calibrated_ones_are_those() -> None:
    """Where all that is asked for is served and nothing is in the way, 2024 is shown as it was."""
    net = sn.load("rare-earths")
    result = balance(net, year=2024)
    shown, seen = flows(result), reference_of(result.run.model).seen
    known = {"|".join(name): tonnes for name, tonnes in shown.items()}
    near = sum(min(one.tonnes, known.get(one.name, 0.0)) for one in seen)
    assert near >= 0.8 * sum(one.tonnes for one in seen)
    assert result.provenance.options["nearest_to"] == "the calibrated flows of 2024"


@pytest.mark.parametrize("objective", ["fair", "max_supply"])
def test_a_change_that_binds_nothing_moves_nothing(objective: str) -> None:
    """A plant that was idle is shut: near the answer before, nothing differs."""
    net = sn.load("rare-earths")
    words: dict[str, Any] = {"objective": objective, "year": 2030, "avoid": "CHN"}
    one = balance(net, **words)
    used = {end for flow in flows(one) for end in flow[:2]}
    frame = one.run.model.scope.frame
    idle = next(
        label
        for label, node in frame.nodes.items()
        if label not in used and not net.stage_by_name[node.stage].is_nation
    )
    shut = sn.Scenario.from_dict(
        {"change": [{"verb": "close", "nodes": f"node:{idle}"}]}, name="shut"
    )
    other = balance(net, scenario=shut, near=one, **words)
    assert_same(one, other)
    assert other.provenance.options["nearest_to"] == "the other answer"
