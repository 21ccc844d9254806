"""Other plans are stored as they are found, and a search that was stopped goes on the same."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.decisions.alternatives import Exchanges, Nearby, farthest
from supplynet.errors import DataError, InfeasibleError
from tests.analysis.decisions.networks import THRIFT, usual, with_options
from tests.analysis.decisions.test_brute import made

ALIKE = [
    {**THRIFT, "id": f"thrift-{number}", "capex": 6e6 + 1e5 * number} for number in range(5)
]  # of two or three of these the target is made
ASKED: dict[str, Any] = {
    "to": "MLT",
    "avoid": "ISL",
    "by": 2026,
    "tier": "committed",
    "target": 0.3,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[sn.PlanResult, str]:
    path = tmp_path_factory.mktemp("kept") / "plans.jsonl"
    told = sn.plan(with_options(*ALIKE), alternatives=4, keep=path, **ASKED)
    return told, path.read_text("utf-8")


def test_each_plan_that_was_looked_for_is_in_the_file(whole: tuple[sn.PlanResult, str]) -> None:
    told, text = whole
    _, *rows = [json.loads(line) for line in text.splitlines()]
    kept = {frozenset(row["starts"]) for row in rows}
    assert len(kept) == len(rows) > 0
    assert kept <= {frozenset(row.options) for row in told.alternatives}


@pytest.mark.parametrize("n_lines", [0, 1, 2])
def test_a_search_that_was_stopped_ends_the_same(
    whole: tuple[sn.PlanResult, str], tmp_path: Path, n_lines: int
) -> None:
    told, text = whole
    path = tmp_path / "plans.jsonl"
    if n_lines:
        path.write_text("".join(text.splitlines(keepends=True)[:n_lines]), "utf-8")
    again = sn.plan(with_options(*ALIKE), alternatives=4, keep=path, **ASKED)
    assert again == told
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not JSON", "holds no plans"),
        ('{"format": 1, "of": "something else"}', "another question, graph or version"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "plans.jsonl"
    path.write_text(f"{line}\n", "utf-8")
    with pytest.raises(DataError, match=message):
        sn.plan(with_options(*ALIKE), alternatives=2, keep=path, **ASKED)


def test_a_plan_that_does_not_hold_is_refused(
    whole: tuple[sn.PlanResult, str], tmp_path: Path
) -> None:
    head = whole[1].splitlines()[0]
    path = tmp_path / "plans.jsonl"
    path.write_text(f'{head}\n{{"starts": {{}}, "draws": []}}\n', "utf-8")
    with pytest.raises(DataError, match="is no such plan"):
        sn.plan(with_options(*ALIKE), alternatives=2, keep=path, **ASKED)


@pytest.mark.parametrize("seed", range(10))
def test_exchanges_keep_every_cut_and_the_limit(seed: int) -> None:
    planner = made(np.random.default_rng(seed))
    try:
        best = planner.least()
    except InfeasibleError:
        return
    rows, limit = planner.rows(planner.wanted()), 2.0 * best.cost + 5.0
    n_offers = len(planner.choices.offered)
    for x in Exchanges(planner.choices, rows, limit, {}).of(best.x):
        assert planner.choices.cost @ x <= limit
        assert all(row @ x <= value + 1e-9 for row, value in rows)
        assert x[:n_offers].sum() == x[n_offers:].sum()
    nearby = Nearby(planner, best, most=0.5)
    nearby.search(6)
    sets = [plan.portfolio.ids for plan in nearby.plans]
    assert len(set(sets)) == len(sets)
    for plan in nearby.plans:
        assert plan.cost <= best.cost * 1.5 + 1e-5
        assert planner.reaches(plan.x, planner.wanted())


def test_what_is_included_stays_and_what_is_excluded_stays_out() -> None:
    """Of a plan that takes one of its four options whatever it costs, and another never."""
    n_seen = 0
    for seed in range(20):
        planner = made(np.random.default_rng(seed))
        fixed = {"o1": 1, "o2": 0}
        try:
            best = planner.least(fixed=fixed)
        except InfeasibleError:
            continue
        exchanges = Exchanges(planner.choices, planner.rows(planner.wanted()), 1e6, fixed)
        for x in exchanges.of(best.x):
            n_seen += 1
            assert x[1] == 1.0 and x[2] == 0.0
    assert n_seen


def test_the_furthest_is_taken_and_none_that_is_known() -> None:
    known = [np.array([1.0, 0.0, 0.0])]
    some = [np.array(one) for one in ([1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0])]
    assert farthest(some, known, np.array([1.0, 1.0, 9.0])) == 2
    assert farthest(some[:1], known, np.ones(1)) is None and farthest([], known, np.ones(0)) is None
    both = [some[1], np.array([1.0, 0.0, 1.0])]
    assert farthest(both, known, np.array([5.0, 4.0])) == 1


def test_what_a_known_solution_uses_is_enough() -> None:
    """Years are not asked again where all that a solution used is still there."""
    from supplynet.analysis.decisions.case import Asked, case_of

    planner = case_of(Asked(usual(), until=2026, **ASKED)).planner
    supply = planner.supplies[2026]
    full = np.ones(len(supply.given))
    tonnes, n_before = supply.value(full).tonnes, supply.n_solved
    assert supply.fits(full, tonnes) and not supply.fits(np.zeros_like(full), tonnes)
    assert supply.reaches(full, tonnes) and supply.n_solved == n_before
    for size in (1, 2):
        for lost in combinations(range(full.size), size):
            amounts = np.array(full)
            amounts[list(lost)] = 0.0
            exact = supply.value(amounts).tonnes
            for part in (0.5, 0.9, 1.0):
                if supply.fits(amounts, part * tonnes):
                    assert exact >= part * tonnes - 1e-6 * tonnes
                is_reached = supply.reaches(amounts, part * tonnes)
                assert is_reached == (exact >= part * tonnes) or exact == pytest.approx(
                    part * tonnes
                )
