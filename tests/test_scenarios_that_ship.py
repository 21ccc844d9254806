"""The shipped scenarios: sound, sourced, and each with the headline that it exists for.

Headlines hold a direction and an order of size, with the reason, not a figure: the data may get
better. What the documents quote is held to the figure by the tests of the documents, which hold the
headlines of the agreement of South Korea and Viet Nam too.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[1] / "graphs" / "rare-earths" / "scenarios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
STOP = "china-full-stop"


@cache
def compared(*cases: str, year: int, **words: Any) -> Any:
    """Scenarios for South Korea, each comparison once for all tests."""
    asked = {"element": "Nd,Dy", "tier": "possible", **words}
    return sn.compare(sn.load("rare-earths"), *cases, to="KOR", year=year, **asked)


def potential(found: Any, element: str, tier: str) -> list[float]:
    return [found.potential(case, element, tier).value for case in found.cases]


def magnets(found: Any) -> list[float]:
    return [found.coverage(case, "magnet").coverage for case in found.cases]


# -- every file ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_sound_and_sourced(rare_earths: SupplyNetwork, name: str) -> None:
    scenario = rare_earths.scenarios[name]
    assert scenario.title and len(scenario.description.split()) > 15
    for change in scenario.change:
        assert change.reason
        assert change.source_ids or any(
            word in change.reason for word in ("what-if", "announced for")
        ), change
        assert set(change.source_ids) <= rare_earths.source_by_id.keys()
    for parameter in scenario.parameters.values():
        assert set(parameter.source_ids) <= rare_earths.source_by_id.keys()
    assert rare_earths.with_scenario(name).check().ok


def test_the_page_of_the_graph_names_every_one() -> None:
    """Variants of one name stand behind it, such as "-refining"."""
    page = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    words = {word.strip() for row in rows for word in row.split(",")}
    told = words | {f"china-full-stop{word}" for word in words if word.startswith("-")}
    assert set(NAMES) <= told


def test_a_file_is_read_as_it_stands(rare_earths: SupplyNetwork) -> None:
    """Comments are for readers; saving and loading loses none of the content."""
    for name in NAMES:
        content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        assert Scenario.from_dict(content, name=name) == rare_earths.scenarios[name]


def test_those_that_belong_together_compose_in_any_order(rare_earths: SupplyNetwork) -> None:
    """Different parts of one chain: no order is asked for."""
    names = [STOP, "korea-vietnam-center", "australia-lynas-to-korea"]
    names += ["europe-to-korea", "china-april-2025", "vietnam-exports-open"]
    assert rare_earths.with_scenario(*names) == rare_earths.with_scenario(*reversed(names))


def test_the_years_in_which_scenarios_act(rare_earths: SupplyNetwork) -> None:
    """What began in April 2025 changes nothing in 2024, and an outage one year only."""
    last = rare_earths.commodity.last_year
    firsts = {
        "china-april-2025": 2025,
        "china-october-2025": 2026,
        "china-japan-2026": 2026,
        "china-full-stop": 2024,
        "us-tariffs": 2026,
        "korea-vietnam-center": 2026,
    }
    for name, first in firsts.items():
        (effect,) = rare_earths.with_scenario(name).effects
        assert effect.years == tuple(range(first, last + 1)), name
    for name in ("outage-like-2010", "outage-like-2025"):
        assert rare_earths.with_scenario(name).effects[0].years == (2027,)
        assert rare_earths.with_scenario(f"{name}:year=2030").effects[0].years == (2030,)


# -- headlines -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_full_stop_takes_nearly_all_that_is_sure() -> None:
    """Almost all of Korea's magnets, and the metal of its own, come from China.

    What is observed and contracted without it is American metal of tens of tonnes.
    """
    found = compared("base", STOP, year=2026)
    before, after = potential(found, "Nd", "operating")
    assert after < 0.05 * before
    assert magnets(found)[0] > 0.99
    assert magnets(found)[1] < 0.4


@pytest.mark.slow
def test_licences_stop_dysprosium_and_the_magnets_that_hold_it() -> None:
    """April 2025: the seven elements and what holds them, by how many applications are refused.

    Neodymium by itself is free, so its potential does not move; what is sure of dysprosium falls
    with the strength, and so do the magnets, which all hold some on average.
    """
    name = "china-april-2025"
    found = compared("base", f"{name}:strength=0.5", f"{name}:strength=1", year=2025)
    nd, dy = potential(found, "Nd", "operating"), potential(found, "Dy", "operating")
    assert nd[0] == pytest.approx(nd[1]) == pytest.approx(nd[2])
    assert dy[0] > dy[1] > 20 * dy[2]
    shares = magnets(found)
    assert shares[0] > 0.99 > shares[1] > 2 * shares[2]


def sure_dysprosium(to: str, year: int, scenario: str | None) -> float:
    net = sn.load("rare-earths")
    words: dict[str, Any] = {"to": to, "element": "Dy", "year": year, "links": "contracted"}
    return float(sn.flow(net, scenario=scenario, **words).value)


def test_the_mean_of_a_year_is_far_from_the_depth_of_a_month() -> None:
    """In 2025 as a whole 5.5 % of a year's magnets were missing, in May three quarters."""
    name = "china-april-2025"
    base, year, month = (sure_dysprosium("KOR", 2025, one) for one in (None, name, f"{name}-month"))
    assert base > year > 2 * month
    need = sn.flow(
        sn.load("rare-earths"), to="KOR", element="Dy", year=2025, links="contracted"
    ).demand.value
    assert year > 0.9 * need


def test_an_outage_costs_its_year_alone() -> None:
    """All neighbours of the year are as they were; so is the year with nothing withheld."""
    for name, to in (("outage-like-2010", "JPN"), ("outage-like-2025", "KOR")):
        for year in (2026, 2027, 2028):
            base, cut = (sure_dysprosium(to, year, one) for one in (None, name))
            assert (cut < base) == (year == 2027)
            assert sure_dysprosium(to, year, f"{name}:withheld=0") == pytest.approx(base, rel=1e-12)


def test_the_measures_of_2026_reach_japan_alone() -> None:
    """And more of it the more reviews stand still."""
    name = "china-japan-2026"
    japan = [
        sure_dysprosium("JPN", 2026, one) for one in (None, name, f"{name}:strength=1:listed=1")
    ]
    assert japan[0] > japan[1] > 2 * japan[2]
    assert sure_dysprosium("KOR", 2026, name) == sure_dysprosium("KOR", 2026, None)
    assert sure_dysprosium("JPN", 2025, name) == sure_dysprosium("JPN", 2025, None)


@pytest.mark.slow
def test_metal_making_is_what_the_plan_adds_and_caps_bind_by_the_intensity() -> None:
    """Viet Nam's plan lifts what all get by its metal plants, not by its ore.

    The caps are those of the plan's lower end at central intensities: they bind at a third of it
    at high ones, and tailings and residue reach twice and three times as far at low ones.
    """
    cases = ("base", "vietnam-scale-up:output=60000+vietnam-caps")
    found = compared(*cases, year=2030, scenario=STOP)
    before, after = magnets(found)
    assert after > 1.04 * before
    capped = found.balances[1]
    rooms = {one.cap: one for one in capped.headroom}
    everything = rooms[""]
    assert everything.free == pytest.approx(60_000)
    assert 0.9 * 20_000 < everything.central <= 20_000 * (1 + 1e-6)
    assert everything.high == pytest.approx(20_000 / 3, rel=0.05)
    names = {one.burden: one.cap for one in capped.burdens}
    assert rooms[names["tailings"]].low == pytest.approx(40_000)
    assert rooms[names["radioactive-residue"]].low == pytest.approx(60_000)
    assert [one.central for one in capped.burdens][0] < 1  # the ore is not even needed
