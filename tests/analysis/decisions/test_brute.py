"""Plans against all choices tried one by one: made-up years, and a network changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.decisions.choice import Choices, Portfolio
from supplynet.analysis.decisions.offers import Horizon, Offer
from supplynet.analysis.decisions.planner import Planner
from supplynet.analysis.decisions.supply import Cut
from supplynet.errors import InfeasibleError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Option
from tests.analysis.decisions.networks import MAKER, OXIDE_LINK, REFINERY, option, with_options
from tests.sweeps import sweep

YEARS = Horizon(2024, 2025, 2026, 0.05)


class Made:
    """A made-up year: tonnes are the least of some straight lines of what is chosen."""

    def __init__(self, base: np.ndarray, worth: np.ndarray, wanted: float) -> None:
        self.base, self.worth, self.wanted, self.need = base, worth, wanted, 100.0

    def fits(self, amounts: np.ndarray, tonnes: float) -> bool:
        return False

    def known_cut(self, amounts: np.ndarray) -> None:
        """It is like no other year."""

    def reaches(self, amounts: np.ndarray, tonnes: float) -> bool:
        return bool(self.value(amounts).tonnes >= tonnes)

    def value(self, amounts: np.ndarray) -> Any:
        lines = self.base + self.worth @ amounts
        least = int(np.argmin(lines))
        cut = Cut(float(self.base[least]), self.worth[least])
        return type("Told", (), {"tonnes": float(lines[least]), "cut": cut})()


def made(rng: np.random.Generator, *, is_even: bool = False) -> Planner:
    """Four options of a year or two, with costs and worths by chance.

    Even ones are a few whole numbers, all in one year: sets of options often cost, or bring, the
    same.
    """
    offered = []
    for number in range(4):
        row = Option(
            id=f"o{number}",
            name=f"Option {number}",
            kind="build",
            nodes="all",
            capex=float(rng.integers(1, 4 if is_even else 20)) * 1e6,
            premium=0.0 if is_even else float(rng.integers(0, 3)) * 1e5,
            earliest_year=2024,
            lead=0,
            requires=("o0",) if number == 2 and rng.random() < 0.5 else (),
            excludes=("o1",) if number == 3 and rng.random() < 0.5 else (),
            confidence="estimated",
            note="made up",
        )
        starts = (2025, 2026) if not is_even and rng.random() < 0.7 else (2025,)
        shape = {f"p{number}": (float(rng.choice([0.5, 1.0])), 1.0)}
        offered.append(Offer(row, 1.0, shape, 10.0, starts))
    years = {}
    for year in YEARS.target_years:
        base = rng.integers(0, 30, 3).astype(float)
        worth = 30.0 * rng.integers(0, 3, (3, 4)) if is_even else rng.integers(0, 60, (3, 4))
        years[year] = Made(base, worth.astype(float), float(rng.integers(20, 120)))
    return Planner(Choices(tuple(offered), YEARS), years)  # type: ignore[arg-type]


def allowed(choices: Choices) -> Iterator[dict[str, int]]:
    """What can be chosen together: starts by option."""
    for starts in product(*[(None, *offer.starts) for offer in choices.offered]):
        pairs = zip(choices.offered, starts, strict=True)
        chosen = {offer.id: start for offer, start in pairs if start is not None}
        rows = [offer.row for offer in choices.offered if offer.id in chosen]
        if not any(
            set(row.requires) - set(chosen) or set(row.excludes) & set(chosen) for row in rows
        ):
            yield chosen


def every_choice(planner: Planner) -> Iterator[tuple[dict[str, int], float, dict[int, float]]]:
    """What can be chosen together, what it costs, and what it brings by year."""
    choices = planner.choices
    for chosen in allowed(choices):
        x = choices.vector(Portfolio(chosen))
        tonnes = {year: value.tonnes for year, value in planner.values(x).items()}
        yield chosen, float(choices.cost @ x), tonnes


def is_enough(planner: Planner, tonnes: dict[int, float]) -> bool:
    return all(tonnes[year] >= planner.supplies[year].wanted - 1e-9 for year in tonnes)


def rank(planner: Planner, chosen: Iterable[str]) -> tuple[int, int]:
    """How many options, and the sum of their places in the table: less is plainer."""
    places = [planner.choices.place[name] for name in chosen]
    return len(places), sum(places)


def tried(planner: Planner, budget: float = np.inf) -> tuple[float, float]:
    """The least cost of all choices that reach the targets, and the most covered for a budget."""
    least, most = np.inf, -np.inf
    for _, cost, tonnes in every_choice(planner):
        if is_enough(planner, tonnes):
            least = min(least, cost)
        if cost <= budget:
            most = max(most, min(1.0, *(one / 100.0 for one in tonnes.values())))
    return least, most


def compare(seed: int) -> None:
    planner = made(np.random.default_rng(seed))
    least, _ = tried(planner)
    if least == np.inf:
        with pytest.raises(InfeasibleError):
            planner.least()
    else:
        plan, bound = planner.cheapest()
        assert plan.cost == pytest.approx(least)
        assert bound.certificate.ok and bound.value == pytest.approx(least)
    budget = float(planner.choices.cost.max())
    choices = Choices(planner.choices.offered, YEARS, {}, budget * 1e6)
    short = Planner(choices, planner.supplies)
    _, most = tried(short, budget * (1.0 + 1e-9))
    _, part, proof = short.most_covered()
    assert part == pytest.approx(most, abs=1e-6)
    assert proof.certificate.ok


@pytest.mark.parametrize("seed", range(24))
def test_made_up_plans_are_the_best_of_all(seed: int) -> None:
    compare(seed)


def test_of_plans_of_the_same_cost_the_one_with_the_fewest_options_comes() -> None:
    """Among those the one whose options stand first: the least sum of their places."""
    n_decided = 0
    for seed in range(60):
        planner = made(np.random.default_rng(seed), is_even=True)
        least, _ = tried(planner)
        if least == np.inf:
            continue
        ranks = {
            rank(planner, chosen)
            for chosen, cost, tonnes in every_choice(planner)
            if is_enough(planner, tonnes) and cost <= least + 1e-9
        }
        n_decided += len(ranks) > 1
        plan, _ = planner.cheapest()
        assert plan.cost == pytest.approx(least)
        assert rank(planner, plan.portfolio.ids) == min(ranks)
    assert n_decided >= 5


def test_of_plans_that_cover_as_much_for_a_budget_the_plainest_of_the_cheapest_comes() -> None:
    n_decided = 0
    for seed in range(30):
        planner = made(np.random.default_rng(seed), is_even=True)
        budget = 2.0 * float(planner.choices.cost.max())
        choices = Choices(planner.choices.offered, YEARS, {}, budget * 1e6)
        short = Planner(choices, planner.supplies)
        _, most = tried(short, budget + 1e-9)
        plans = [
            (cost, rank(short, chosen))
            for chosen, cost, tonnes in every_choice(short)
            if cost <= budget + 1e-9 and min(tonnes.values()) >= 100.0 * most - 1e-4
        ]
        least = min(cost for cost, _ in plans)
        ranks = {its_rank for cost, its_rank in plans if cost <= least + 1e-9}
        n_decided += len(ranks) > 1
        plan, bound = short.widest()
        assert plan.cost == pytest.approx(least) and bound.certificate.ok
        assert rank(short, plan.portfolio.ids) == min(ranks)
    assert n_decided >= 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", sweep(range(24, 300), range(24, 300, 10)))
def test_more_made_up_plans_are_the_best_of_all(seed: int) -> None:
    compare(seed)


# -- a network changed by hand -----------------------------------------------------------------

SMALL = option(
    "home", "contract", nodes="node:ref-new", target="node:maker-home", form="oxide", capacity=4
)
OPTIONS = (
    {**REFINERY, "lead": 0},
    {**MAKER, "lead": 0},
    OXIDE_LINK,
    {**SMALL, "unit": "t oxide", "capex": 2e6, "lead": 0},
)


def changed(net: SupplyNetwork, chosen: frozenset[str]) -> SupplyNetwork:
    """The network with some of the options, by its own verbs."""
    for row in OPTIONS:
        if row["id"] not in chosen:
            continue
        if row["kind"] == "expand":
            plant = str(row["nodes"]).removeprefix("node:")
            held = net.node(plant).capacity or 0.0
            net = net.with_capacity(plant, held + row["capacity"])
        else:
            ends = (str(row[end]).removeprefix("node:") for end in ("nodes", "target"))
            words = {"capacity": row["capacity"], "unit": row["unit"], "standing": "contracted"}
            net = net.with_link(*ends, form=row["form"], **words)
    return net


@pytest.fixture(scope="module")
def by_hand() -> list[tuple[float, float]]:
    """Cost and coverage of every choice, each by a network changed by hand."""
    net = with_options(*OPTIONS)
    asked: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "tier": "committed"}
    price = {
        str(row["id"]): sn.plan(net, by=2026, target=1e-3, include=[row["id"]], **asked).cost
        for row in OPTIONS
    }
    found = []
    for taken in product((False, True), repeat=len(price)):
        chosen = frozenset(name for name, is_in in zip(price, taken, strict=True) if is_in)
        other = changed(sn.load("tutorial"), chosen)
        told = sn.coverage(other, year=2026, **asked)
        found.append((sum(price[name] for name in chosen), told.coverage))
    return found


@pytest.mark.parametrize("target", [0.28, 0.4, 0.55, 0.65])
def test_a_network_changed_by_hand_agrees(
    target: float, by_hand: list[tuple[float, float]]
) -> None:
    net = with_options(*OPTIONS)
    told = sn.plan(net, to="MLT", avoid="ISL", by=2026, target=target, tier="committed")
    least = min(cost for cost, coverage in by_hand if coverage >= target - 1e-6)
    assert told.cost == pytest.approx(least)
