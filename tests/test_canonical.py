"""One question, one page: whatever the random seed of the solver, and with its scaling on and off.

A linear program may have many optima, and the solver comes to one of them by its seed and by the
size of its figures. What a page shows is chosen by a rule, or told as a span, so that layers round
the solver can be exchanged without a change of an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from supplynet.solve.lp import engine, loading, scaling
from tests.cli.conftest import Invoke, invoke

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["invoke"]

Solved = "Callable[[int, bool], None]"
#: random seed of the solver, and whether it is given figures of a middling size
WAYS = [(1, True), (2, True), (0, False)]
#: questions that solve, a few that take little as a sample, and the others
SAMPLE = (
    "balance tutorial --year 2026 --tier conceivable --objective max_supply --ranges --full",
    "balance tutorial --year 2026 --tier building --objective cost --full",
    "balance cobalt --year 2024 --tier conceivable --objective max_supply --full",
    "exposure tutorial --to MLT --exposed-to ISL --year 2026 --tier building --full",
    "footprint tutorial --to MLT --year 2026 --tier building --full",
    "disrupt tutorial --year 2026 --tier building --full",
    "run tutorial --avoid ISL --during 2024-02..2024-03 --begin 2024-01 --end 2024-05 --full",
    "potential tutorial --to MLT --avoid ISL --year 2026 --tier building --full",
    "routes tutorial --to MLT --year 2026 --tier building --full",
)


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, bool], None]:
    """Return what sets the seed of the solver, and whether programs are scaled for it."""
    quiet = loading._quiet_highs

    def set_to(seed: int, is_scaled: bool) -> None:
        def seeded() -> Any:
            highs = quiet()
            highs.setOptionValue("random_seed", seed)
            return highs

        monkeypatch.setattr(loading, "_quiet_highs", seeded)
        scaled = scaling.scaling_of if is_scaled else scaling.no_scaling
        monkeypatch.setattr(engine, "scaling_of", scaled)

    return set_to


def pages(
    command: str, ask: Invoke, solver: Callable[[int, bool], None]
) -> dict[tuple[int, bool], str]:
    """Return what a command prints by seed and scaling, the usual way first."""
    told = {}
    for way in ((0, True), *WAYS):
        solver(*way)
        ran = ask(*command.split())
        told[way] = f"{ran.code}\n{ran.out}\n{ran.err}"
    return told


@pytest.mark.parametrize("command", SAMPLE)
def test_a_page_does_not_hang_on_the_solver(
    command: str, invoke: Invoke, solver: Callable[[int, bool], None]
) -> None:
    first, *others = pages(command, invoke, solver).items()
    for way, page in others:
        assert page == first[1], f"seed and scaling {way}"
