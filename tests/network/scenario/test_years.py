"""What scenarios change, and when: a scenario that does nothing says so."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.effect import Effect
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.scenario.years import (
    common_year,
    default_year,
    this_year,
    years_of_scenario,
)
from tests.network.scenarios import scenario

EVERY = (2024, 2025, 2026)
HELD = {"verb": "restrict", "links": {"target": "MLT"}}
DEARER = {"verb": "price", "nodes": "MLT", "form": "goods"}


def effect(net: SupplyNetwork, *changes: dict[str, Any]) -> Effect:
    (found,) = net.with_scenario(scenario("x", *changes)).effects
    return found


@pytest.mark.parametrize(
    ("change", "years"),
    [
        ({"verb": "close", "nodes": "ref-big"}, EVERY),
        ({"verb": "close", "nodes": "ref-big", "from_year": 2025}, (2025, 2026)),
        ({"verb": "close", "nodes": "ref-big", "from_year": 2025, "end_year": 2025}, (2025,)),
        ({"verb": "scale", "nodes": "refiner", "factor": 0.5, "end_year": 2024}, (2024,)),
        ({"verb": "scale", "nodes": "refiner", "factor": 1.0}, ()),
        ({"verb": "close", "rules": "goods-to-malta", "from_year": 2026}, (2026,)),
        ({"verb": "close", "links": {"source": "mine"}, "from_year": 2026}, (2026,)),
        ({"verb": "close", "nodes": "ref-big", "from_year": 2030}, ()),
        ({**HELD, "withheld": 0}, ()),
        ({**HELD, "withheld": 1, "from_year": 2025}, (2025, 2026)),
        ({**DEARER, "factor": 1}, ()),
        ({**DEARER, "factor": 2, "end_year": 2025}, (2024, 2025)),
    ],
)
def test_the_years_in_which_a_scenario_acts(
    tutorial: SupplyNetwork, change: dict[str, Any], years: tuple[int, ...]
) -> None:
    assert effect(tutorial, change).years == years
    assert years_of_scenario(tutorial, scenario("x", change)) == years


def test_a_plant_that_comes_later_changes_nothing_before(tutorial: SupplyNetwork) -> None:
    """Neither do its links and recoveries, which bear no year."""
    row = {**tutorial.node("ref-big").model_dump(), "id": "ref-next", "start_year": 2026}
    link = {"source": "mine-big", "target": "ref-next", "form": "ore", "standing": "planned"}
    how = {"node_id": "ref-next", "group": "all", "recovery": 0.5}
    sure = {"confidence": "estimated"}
    found = effect(
        tutorial,
        {"verb": "add", "table": "nodes", "row": row},
        {"verb": "add", "table": "edges", "row": {**link, **sure}},
        {"verb": "add", "table": "recoveries", "row": {**how, **sure}},
    )
    assert found.years == (2026,)


def test_each_of_several_scenarios_has_its_years(tutorial: SupplyNetwork) -> None:
    late = {"verb": "close", "nodes": "ref-big", "from_year": 2026}
    both = tutorial.with_scenario(
        scenario("now", {"verb": "scale", "nodes": "ref-big", "factor": 0.5}),
        scenario("late", late),
    )
    assert {one.name: one.years for one in both.effects} == {"late": (2026,), "now": EVERY}
    assert both.at(2025).effects == both.effects
    step = tutorial.with_scenario(scenario("late", late))
    assert [one.name for one in step.effects] == ["late"]


def test_money_alone_moves_no_potential(tutorial: SupplyNetwork) -> None:
    duty = {
        "verb": "charge",
        "kind": "tariff",
        "links": {"target": "MLT", "form": "goods"},
        "amount": 0.5,
        "unit": "share",
    }
    years = effect(tutorial, duty).years
    assert effect(tutorial, duty).special == {"charges or prices": years, "caps": ()}
    assert effect(tutorial, {"verb": "close", "nodes": "ref-big"}).special["caps"] == ()
    made = scenario("duty", duty)
    note = "duty changes charges or prices in 2026: only a balance by cost or price counts these."
    flow = sn.flow(tutorial, to="MLT", element="Nd", scenario=made)
    assert flow.question.notes == (note,)
    assert sn.allocate(tutorial, scenario=made).question.notes == (note,)  # it shares out fairly
    paid = sn.allocate(tutorial, scenario=made, objective="price")
    assert paid.question.notes == ()


def test_changes_without_effect_are_told(tutorial: SupplyNetwork) -> None:
    found = effect(
        tutorial,
        {"verb": "scale", "nodes": "ref-small", "factor": 0.5},
        {"verb": "open", "nodes": "ref-big"},
        {"verb": "scale", "nodes": "ref-big", "factor": 1, "end_year": 2025},
    )
    assert found.idle == ("change 2 (open)", "change 3 (scale)")
    assert found.notes(2024) == (
        "x: change 2 (open) changes nothing.",
        "x: change 3 (scale) changes nothing.",
    )
    nothing = effect(tutorial, {"verb": "open", "nodes": "ref-big"})
    assert nothing.notes(2024) == ("x changes nothing in any year of the graph.",)


@pytest.mark.parametrize(
    ("years", "note"),
    [
        ((2024, 2025), "x ends in 2025 and changes nothing in 2026."),
        ((2027, 2028), "x begins in 2027 and changes nothing in 2026."),
        ((2024, 2025, 2028), "x acts in 2024 to 2025, 2028 and changes nothing in 2026."),
    ],
)
def test_a_year_in_which_nothing_changes(years: tuple[int, ...], note: str) -> None:
    assert Effect("x", years).notes(2026) == (note,)
    assert Effect("x", years).notes(years[0]) == ()


LATE = {"verb": "close", "nodes": "ref-big", "from_year": 2025, "end_year": 2025}


def test_the_year_is_one_in_which_scenarios_act(tutorial: SupplyNetwork) -> None:
    """It is 2026; a question without a year must not pass by a scenario of another year."""
    late = scenario("late", LATE)
    asked = sn.flow(tutorial, to="MLT", element="Nd", scenario=late)
    assert asked.question.year == 2025
    assert asked.question.notes == ("The year is 2025, as late acts in it and not in 2026.",)
    assert asked.value < sn.flow(tutorial, to="MLT", element="Nd", year=2025).value
    told = sn.flow(tutorial, to="MLT", element="Nd", year=2024, scenario=late)
    assert told.question.notes == ("late begins in 2025 and changes nothing in 2024.",)
    assert told.to_dict()["question"]["notes"] == list(told.question.notes)
    always = scenario("always", {"verb": "scale", "nodes": "mine", "factor": 0.5})
    assert default_year(tutorial.with_scenario(late, always)) == 2025
    assert default_year(tutorial.with_scenario(always)) == 2026
    apart = scenario("apart", {**LATE, "from_year": 2026, "end_year": 2026})
    assert default_year(tutorial.with_scenario(late, apart)) == 2026  # no year has both


@pytest.mark.parametrize(
    ("now", "years", "expected"),
    [
        (2030, (), 2030),
        (2020, (), 2024),  # the graph begins later
        (2040, (), 2032),  # and ends earlier
        (2030, (2024, 2030), 2030),
        (2030, (2024, 2031, 2032), 2031),  # the first after this year comes before earlier ones
        (2030, (2024, 2027), 2027),  # the last before it where there is none after it
    ],
)
def test_the_year_is_that_of_today_or_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
    rare_earths: SupplyNetwork,
    now: int,
    years: tuple[int, ...],
    expected: int,
) -> None:
    seconds = datetime.datetime(now, 7, 1, tzinfo=datetime.UTC).timestamp()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{seconds:.0f}")
    assert this_year() == now
    assert common_year(rare_earths, [Effect("x", years)]) == expected


def test_cases_are_compared_in_one_year(tutorial: SupplyNetwork) -> None:
    words: dict[str, Any] = {"to": "MLT", "element": "Nd"}
    found = sn.compare(tutorial, "base", scenario("late", LATE), **words)
    assert {one.question.year for one in found.balances} == {found.question.year} == {2025}
    assert found.notes == ("The year is 2025 and not 2026, as most of the scenarios act in it.",)
    base, late = (row.value for row in found.potentials)
    assert late < base
    told = sn.compare(tutorial, "base", scenario("late", LATE), year=2024, **words)
    assert told.notes == ("late begins in 2025 and changes nothing in 2024.",)
    assert told.to_dict()["notes"] == list(told.notes)
    assert told.notes[0] in told.summary()


# -- opposites -----------------------------------------------------------------------------


def test_opposites_do_not_hold_together(tutorial: SupplyNetwork) -> None:
    one = Scenario.from_dict(
        {"excludes": ["shut"], "change": [{"verb": "scale", "nodes": "mine", "factor": 2}]},
        name="grown",
    )
    other = scenario("shut", {"verb": "scale", "nodes": "mine", "factor": 0.5})
    for order in ((one, other), (other, one)):
        with pytest.raises(OptionError, match="'grown' and 'shut' say the opposite"):
            tutorial.with_scenario(*order)
    with pytest.raises(OptionError, match="say the opposite"):
        tutorial.with_scenario(other).with_scenario(one)
    assert tutorial.with_scenario(one).applied == ("grown",)
    assert one.to_content()["excludes"] == ["shut"]


# -- files ---------------------------------------------------------------------------------

TEXT = """
[parameters.rest]
default = 0.5
low = 0.0
high = 1.0
meaning = "part that goes on"

[[change]]
verb = "scale"
nodes = "ref-big"
factor = "$rest"
"""


def test_a_file_is_taken_wherever_a_name_is(tutorial: SupplyNetwork, tmp_path: Path) -> None:
    path = tmp_path / "half.toml"
    path.write_text(TEXT)
    words: dict[str, Any] = {"to": "MLT", "element": "Nd"}
    values = {
        sn.flow(tutorial, scenario=one, **words).value
        for one in (path, str(path), [path], Scenario.from_dict(_content(), name="half"))
    }
    assert len(values) == 1
    none = sn.flow(tutorial, scenario=f"{path}:rest=0", **words)
    assert none.question.net.applied == ("half:rest=0",)
    assert none.value < values.pop()
    assert tutorial.with_scenario(path).applied == ("half:rest=0.5",)
    found = sn.compare(tutorial, "base", str(path), **words)
    assert found.cases == ("base", "half")


def _content() -> dict[str, Any]:
    import tomllib

    return tomllib.loads(TEXT)
