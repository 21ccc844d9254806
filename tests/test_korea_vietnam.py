"""The page on the agreement: every figure is what the commands beside it print today."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.text import between, share, tonnes
from tests.sweeps import only_whole, sweep

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "korea-vietnam.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
COMMANDS = re.findall(r"^ *\$ (supplynet .+?) \|", PAGE, flags=re.MULTILINE)
WITHOUT, WITH = "base", "korea-vietnam-center"
STOP = "china-full-stop"


@cache
def compared(*cases: str, year: int = 2030, **words: Any) -> Any:
    net = sn.load("rare-earths")
    asked = {"tier": "possible", **words}
    return sn.compare(net, *cases, to="KOR", year=year, **asked)


def potentials(found: Any, element: str, tier: str) -> list[float]:
    return [found.potential(case, element, tier).value for case in found.cases]


def magnets(found: Any) -> list[float]:
    return [found.coverage(case, "magnet").coverage for case in found.cases]


def cell(row: Any) -> str:
    """A potential as the command prints it."""
    return f"{tonnes(row.value)} ({between(row.low, row.high)})"


@pytest.mark.slow
@pytest.mark.parametrize("year", sweep([2028, 2030, 2032], [2030]))
def test_the_tables_by_year(year: int) -> None:
    found = compared(WITHOUT, WITH, year=year, scenario=STOP, element="Nd,Dy")
    planned = [
        cell(found.potential(case, element, "announced"))
        for element in ("Nd", "Dy")
        for case in (WITHOUT, WITH)
    ]
    assert f"| {year} | {' | '.join(planned)} |" in PAGE
    magnets = [share(found.coverage(case, "magnet").coverage) for case in (WITHOUT, WITH)]
    assert f"| {year} | {' | '.join(magnets)} |" in PAGE


@pytest.mark.slow
def test_what_is_said_of_2030() -> None:
    found = compared(WITHOUT, WITH, year=2030, scenario=STOP, element="Nd,Dy")
    shares = [share(found.potential(case, "Nd", "announced").coverage) for case in (WITHOUT, WITH)]
    assert f"lifts this from {shares[0]} to {shares[1]} of the demand for Nd" in TEXT
    sure = found.potential(WITH, "Nd", "operating")
    assert sure.value == pytest.approx(found.potential(WITHOUT, "Nd", "operating").value, rel=1e-9)
    assert f"{tonnes(sure.value)} t Nd2O3/yr in 2030, {share(sure.coverage)} of the demand" in TEXT
    built = found.potential(WITH, "Nd", "committed").value
    assert f"what is being built could bring {tonnes(built)} t." in TEXT
    _adds_little_of_its_own_ore_and_no_heavies(found)


def _adds_little_of_its_own_ore_and_no_heavies(found: Any) -> None:
    """A slow mine of light ore: tens of tonnes of Nd in 2030, below a tenth of demand.

    What else it adds is foreign oxide and metal that LS Eco and SGI Vina may pass on to South
    Korea once their links are agreed; the dysprosium that it lets pass is Lynas's.
    """
    nd, dy = potentials(found, "Nd", "committed"), potentials(found, "Dy", "committed")
    assert 50 < nd[1] - nd[0] < 600
    assert -1e-6 < dy[1] - dy[0] < 40
    flow = sn.flow(
        sn.load("rare-earths"),
        to="KOR",
        element="Nd",
        year=2030,
        tier="committed",
        scenario=[STOP, WITH],
    )
    own = sum(one.tonnes for one in flow.routes if "dong-pao" in one.nodes)
    assert 0 < own < 100


@only_whole
@pytest.mark.slow
def test_where_the_ore_is_processed() -> None:
    """With the same mine, plants in Viet Nam bring Korea more of what is planned.

    LS Eco and SGI Vina are there or nearly so; a Korean chain has little metal making. When all
    draw at once neither helps: the ore of one mine is not what is short.
    """
    korea, vietnam = "roles-vietnam-resource-korea-processing", "roles-processing-in-vietnam"
    found = compared("base", korea, vietnam, scenario=STOP, element="Nd,Dy")
    values = {case: tonnes(found.potential(case, "Nd", "announced").value) for case in found.cases}
    assert f"could bring South Korea {values[vietnam]} t Nd2O3/yr in 2030" in TEXT
    assert f"to a Korean separator {values[korea]} t," in TEXT
    assert f"today's roles {values['base']} t." in TEXT
    building = potentials(found, "Nd", "committed")
    assert building == sorted(set(building))
    assert max(magnets(found)) - min(magnets(found)) < 0.02


@only_whole
@pytest.mark.slow
def test_how_the_law_is_read() -> None:
    """Viet Nam has next to no oxide to sell; the metal that it tolls is another thing."""
    cases = (WITH, f"{WITH}+vietnam-exports-open", f"{WITH}+vietnam-2026-strict")
    found = compared(*cases, scenario=STOP, element="Nd,Dy")
    center, free, strict = magnets(found)
    assert strict < center
    assert share(free) == share(center)
    for tier in ("operating", "committed", "possible"):
        values = [found.potential(case, "Nd", tier).value for case in found.cases[:2]]
        assert values[0] == pytest.approx(values[1])
    assert f"would fall from {share(center)} to {share(strict)}" in TEXT
    all_of_it = potentials(found, "Nd", "possible")
    assert all_of_it[2] < 0.95 * all_of_it[0]


@only_whole
@pytest.mark.slow
def test_who_pays_more() -> None:
    words = {"objective": "price", "arrivals": "oxide", "lens": "control", "tier": "operating"}
    found = compared("base", "china-buyback", "us-tariffs", **words)
    base, buyback, tariffs = map(share, magnets(found))
    assert f"a balance by price leaves it {base} of its magnets" in TEXT
    assert f"with China buying back {buyback}, with American tariffs {tariffs}" in TEXT


@pytest.mark.slow
def test_what_it_costs_nature() -> None:
    net = sn.load("rare-earths")
    today = sn.trace.footprint(net, to="KOR", flows="calibrated")
    route = sn.trace.footprint(
        net,
        to="KOR",
        year=2030,
        avoid="mine,!VNM",
        scenario=[STOP, "vietnam-scale-up", "redesigned"],
        links="possible",
        plants="planned",
        objective="priority",
        priority="KOR",
    )
    for burden, words in (
        ("co2", "carbon dioxide"),
        ("tailings", "tailings of rock and sands"),
        ("radioactive-residue", "radioactive residue"),
    ):
        cells = [
            f"{tonnes(one.central)} ({tonnes(one.low)} to {tonnes(one.high)})"
            for one in (today.at(burden), route.at(burden))
        ]
        assert f"| {words} | {' | '.join(cells)} |" in PAGE
        assert route.at(burden).central < today.at(burden).central
    assert route.at("leached-soil").high == 0.0


@only_whole
@pytest.mark.slow
def test_beside_australia_and_europe() -> None:
    """Alone Australia adds most: it has oxide, a heavy circuit, and a metal plant that grows.

    Together they add less than the sum, for two of them feed the same Korean metal plant.
    """
    three = (WITH, "australia-lynas-to-korea", "europe-to-korea")
    found = compared("base", *three, "+".join(three), scenario=STOP, element="Nd,Dy")
    for element, unit in (("Nd", "t Nd2O3/yr"), ("Dy", "t Dy2O3/yr")):
        row = next(
            one
            for one in found.additions
            if (one.kind, one.what) == ("potential", (element, "announced"))
        )
        values = [gain for _, gain in row.alone]
        told = (*values, row.together, row.interaction)
        figures = " | ".join(tonnes(one if abs(one) > 1e-9 else 0.0) for one in told)
        assert f"| {element}, {unit} | {figures} |" in PAGE
    (built,) = [
        one for one in found.additions if (one.kind, one.what) == ("potential", ("Nd", "committed"))
    ]
    alone = dict(built.alone)
    assert max(alone, key=lambda name: alone[name]) == "australia-lynas-to-korea"
    assert built.together > max(alone.values())
    assert built.interaction < 0


def test_its_commands_name_scenarios_that_are_there() -> None:
    names = {*sn.load("rare-earths").scenarios, "redesigned"}
    assert len(COMMANDS) == 7
    for line in COMMANDS:
        words = shlex.split(line.replace("trace footprint", "footprint"))
        assert words[1] in ("compare", "footprint") and words[2] == "rare-earths"
        cases = words[3 : words.index("--to")] if words[1] == "compare" else []
        cases += [words[place + 1] for place, word in enumerate(words) if word == "--scenario"]
        named = {one.partition(":")[0] for case in cases for one in case.split("+")}
        assert named - {"base"} <= names
