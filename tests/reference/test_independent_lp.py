"""Potential and contested totals against a program that shares nothing with the package.

A slow run takes four questions; all years on every tier are run by
``SUPPLYNET_MANY=1 python -m pytest -m slow`` and the name of this file.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.analysis.balance.programs import Words, run_of
from supplynet.analysis.potential.ask import potential_of
from supplynet.analysis.question import ask
from tests.reference.independent_lp import TIERS, Tables, served
from tests.sweeps import sweep

GRAPHS = Path(__file__).parents[2] / "graphs"
PROGRAM = Path(__file__).with_name("independent_lp.py")
AGREES = 1e-9


def agrees(graph: str, year: int, tier: str, avoid: str, nations: list[str]) -> None:
    """Solve with contents as built and at both ends, for all nations at once and for some alone."""
    net, tables = sn.load(graph), Tables(GRAPHS / graph)
    both(net, tables, year, tier, avoid, nations)
    for design in ("redesigned", "high-contents") if graph == "rare-earths" else ():
        tables = Tables(GRAPHS / graph, design=design)
        both(net.with_scenario(design), tables, year, tier, avoid, nations)


def both(
    net: sn.SupplyNetwork, tables: Tables, year: int, tier: str, avoid: str, nations: list[str]
) -> None:
    words = {"year": year, "tier": tier, "avoid": avoid or None}
    asked = Words("max_supply", net.commodity.elements, "capacity", (), "", {}, None, is_firm=False)
    run, _ = run_of(ask(net, to="stage:nation", **words), asked)  # type: ignore[arg-type]
    ours = run.programs["max_supply"][1].objective
    theirs = served(tables, year=year, tier=tier, avoid=avoid)
    assert ours == pytest.approx(theirs, rel=AGREES, abs=AGREES), (year, tier, avoid)
    for nation in nations:
        alone = potential_of(ask(net, to=f"node:{nation}", **words)).served  # type: ignore[arg-type]
        theirs = served(tables, year=year, tier=tier, avoid=avoid, only=[nation])
        assert alone == pytest.approx(theirs, rel=AGREES, abs=AGREES), (nation, year, tier, avoid)


def test_the_program_is_short_and_knows_nothing_of_the_package() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 305
    assert "supplynet" not in text.replace('["supplynet"]', "")


@pytest.mark.parametrize("tier", list(TIERS))
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_tutorial(year: int, tier: str) -> None:
    for avoid in ("", "ISL", "FJI"):
        agrees("tutorial", year, tier, avoid, ["MLT"])


_SAMPLE = [(2024, "operating", "CHN"), (2026, "committed", ""), (2027, "committed", "CHN")]
_SAMPLE += [(2028, "announced", "CHN"), (2030, "possible", "CHN"), (2031, "announced", "CHN")]
_SAMPLE += [(2032, "operating", "")]


@pytest.mark.parametrize(("year", "tier", "avoid"), sweep(_SAMPLE, _SAMPLE[2:3]))
def test_rare_earths(year: int, tier: str, avoid: str) -> None:
    agrees("rare-earths", year, tier, avoid, ["KOR", "JPN"])


_EVERY = [*product(range(2024, 2033), TIERS, ("", "CHN"))]


@pytest.mark.slow
@pytest.mark.parametrize(("year", "tier", "avoid"), sweep(_EVERY, _EVERY[::29]))
def test_rare_earths_in_every_year_on_every_tier(year: int, tier: str, avoid: str) -> None:
    """Four of these questions, unless ``SUPPLYNET_MANY=1``: then all from 2024 to 2032."""
    agrees("rare-earths", year, tier, avoid, ["KOR", "JPN", "USA", "DEU"])
