"""One question, one page: whatever the random seed of the solver, and with its scaling on and off.

A linear program may have many optima, and the solver comes to one of them by its seed and by the
size of its figures. What a page shows is chosen by a rule, or told as a span, so that layers round
the solver can be exchanged without a change of an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from supplynet.questions.run import run
from supplynet.solve.lp import engine, loading
from supplynet.solve.lp import loading as scaling
from tests.analysis.time.networks import chains, stock
from tests.analysis.time.test_transit import SHOCK, far
from tests.cli.conftest import Invoke, invoke
from tests.network.networks import added
from tests.sweeps import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["invoke"]

#: random seed of the solver, and whether it is given figures of a middling size
WAYS = [(1, True), (2, True), (0, False)]
#: questions that solve, a few that take little as a sample, and the others
SAMPLE = (
    "allocate tutorial --year 2026 --tier possible --objective max_supply --ranges --full",
    "allocate tutorial --year 2026 --tier committed --objective cost --full",
    "trace tutorial --to MLT --exposed-to ISL --year 2026 --tier committed --full",
    "chokepoints disrupt tutorial --year 2026 --tier committed --full",
    "chokepoints fortify tutorial --to MLT --defend 1 --attack 1 --year 2026 --tier committed "
    "--model balance",
    "chokepoints interdict tutorial --to MLT --year 2026 --tier committed --model balance --full",
    "shock tutorial --avoid ISL --during 2024-02..2024-03 --begin 2024-01 --end 2024-05 --full",
    "coverage tutorial --to MLT --avoid ISL --year 2026 --tier committed --full",
    "flow routes tutorial --to MLT --year 2026 --tier committed --full",
)
REST = (
    "allocate cobalt --year 2024 --tier possible --objective max_supply --full",
    "allocate cobalt --year 2024 --tier possible --objective cost --full",
    "allocate cobalt --year 2030 --tier announced --objective price --full",
    "allocate cobalt --year 2030 --tier announced --objective observed --full",
    "allocate cobalt --year 2030 --tier announced --objective priority --priority KOR,JPN --full",
    "allocate gallium-germanium --year 2026 --tier operating --full",
    "allocate rare-earths --avoid CHN --year 2030 --tier operating --full",
    "allocate rare-earths --avoid CHN --year 2030 --tier committed --objective cost --ranges",
    "bypass rare-earths --to KOR --avoid CHN --via VNM,AUS --year 2030 --tier committed --full",
    "graph calibrate cobalt --full",
    "chokepoints cobalt --to KOR --year 2030 --tier operating --full",
    "compare cobalt base cod-quota-2026 --to KOR --year 2026 --objective cost --full",
    "flow cut rare-earths --to JPN --element Dy --year 2030 --tier committed --full",
    "chokepoints disrupt cobalt --year 2030 --tier operating --full",
    "trace rare-earths --to KOR --exposed-to CHN --element Nd,Dy --year 2030 --tier operating "
    "--full",
    "flow rare-earths --to JPN --element Dy --year 2030 --tier committed --full",
    "trace footprint rare-earths --to KOR --year 2030 --tier operating --full",
    "chokepoints fortify cobalt --to KOR --avoid CHN --year 2030 --tier committed --full",
    "chokepoints fortify cobalt --to KOR --avoid CHN --year 2030 --tier committed "
    "--model balance --full",
    "indices rare-earths --year 2030 --tier committed --full",
    "chokepoints interdict cobalt --to KOR --avoid CHN --year 2030 --tier committed "
    "--model balance --full",
    "chokepoints interdict rare-earths --to KOR --avoid CHN --year 2030 --tier committed "
    "--element Nd --full",
    "coverage outlook cobalt --to KOR,JPN --avoid CHN --year 2026,2030 --full",
    "plan rare-earths --to KOR --avoid CHN --target coverage=0.5 --by 2030 --full",
    "coverage rare-earths --to KOR --avoid CHN --year 2030 --tier committed --full",
    "coverage progress cobalt --to KOR --avoid CHN --full",
    "shock replay cobalt cod-2025 --full",
    "report cobalt --to KOR --avoid CHN --year 2026,2030 --full",
    "chokepoints risks cobalt --year 2026 --full",
    "flow routes rare-earths --to KOR --avoid CHN --element Nd --tier operating --year 2026 --full",
    "shock cobalt --shock cod-2025 --full",
    "shock stockpile cobalt --to KOR --shock cod-2025 --full",
    "shock survive cobalt --to KOR --shock cod-2025 --full",
    "chokepoints unavoidable rare-earths --to JPN --element Dy --year 2030 --tier committed --full",
)

#: those of them that run every time; all do where ``SUPPLYNET_MANY=1``
OFTEN = [
    asked
    for asked in REST
    if asked.startswith(
        (
            "graph calibrate",
            "compare",
            "flow cut",
            "flow",
            "chokepoints fortify",
            "coverage rare-earths",
            "chokepoints risks",
            "shock cobalt",
            "chokepoints unavoidable",
        )
    )
]


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


@pytest.mark.parametrize(
    "command",
    [*SAMPLE, *(pytest.param(asked, marks=pytest.mark.slow) for asked in sweep(REST, OFTEN))],
)
def test_a_page_does_not_hang_on_the_solver(
    command: str, invoke: Invoke, solver: Callable[[int, bool], None]
) -> None:
    first, *others = pages(command, invoke, solver).items()
    assert first[1].startswith("0\n"), f"no answer: {first[1]}"
    for way, page in others:
        assert page == first[1], f"seed and scaling {way}"


def test_months_with_goods_on_the_way_do_not_hang_on_the_solver(
    solver: Callable[[int, bool], None],
) -> None:
    """What leaves in a month decides those after it, so that a choice of the solver would show."""
    net = added(far(chains()), "stocks", stock(quantity=20.0, refill=0.5))
    told = []
    for way in ((0, True), *WAYS):
        solver(*way)
        result = run(net, **SHOCK, delays=True)
        months = [(row.period, row.nation, row.form, round(row.served, 4)) for row in result.months]
        levels = [(row.period, row.stock, round(row.level, 4)) for row in result.stocks]
        told.append((months, levels))
    assert told[1:] == told[:1] * len(WAYS)
    assert any(served < 99.0 for *_, served in told[0][0]), "somebody is short"
