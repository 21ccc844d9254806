"""Nations, years and tiers side by side are the potentials that they would be alone."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import floors
from supplynet.questions.outlook import OutlookResult
from tests.network.networks import asking


@pytest.fixture(scope="module")
def found() -> OutlookResult:
    result: OutlookResult = sn.coverage.outlook(
        sn.load("tutorial"), to=["MLT", "ISL"], avoid="FJI", year=[2024, 2026]
    )
    return result


def test_who_asks_for_nothing_is_told(tutorial: SupplyNetwork) -> None:
    idle = asking(tutorial, "MLT", 2024, 0.0)
    result = sn.coverage.outlook(idle, to=["MLT", "ISL"], year=[2024, 2026])
    assert {(row.to, row.year) for row in result.rows} == {
        ("MLT", 2026),
        ("ISL", 2024),
        ("ISL", 2026),
    }
    assert "The demand of Malta in 2024 is 0." in result.notes
    assert len(result.notes) == 1


def test_every_cell_is_the_potential_of_its_own(
    tutorial: SupplyNetwork, found: OutlookResult
) -> None:
    assert len(found.rows) == 2 * 2 * 3
    for row in found.rows:
        alone = sn.coverage(tutorial, to=row.to, avoid="FJI", year=row.year, tier=row.tier)
        (form,) = (one for one in alone.forms if one.form == row.form)
        figures = form.coverage, form.coverage_low, form.coverage_high, form.need
        assert (row.coverage, row.coverage_low, row.coverage_high, row.need) == pytest.approx(
            figures
        )


def test_a_tier_that_adds_nothing_is_the_answer_of_the_one_before(found: OutlookResult) -> None:
    cells = {
        (answer.question.to, answer.question.year, tier): answer for answer, tier in found.answers
    }
    building, announced = (cells["MLT", 2024, tier] for tier in ("committed", "announced"))
    assert announced.plan is building.plan
    assert announced.plans == building.plans
    assert announced.question.plants != building.question.plants
    assert announced.provenance.options["plants"] == announced.question.plants
    assert cells["MLT", 2026, "operating"].plan is not cells["MLT", 2024, "operating"].plan


def test_a_wider_tier_never_covers_less(found: OutlookResult) -> None:
    for to in ("MLT", "ISL"):
        for year in (2024, 2026):
            parts = [found.row(to, year, tier).coverage for tier in found.tiers]
            assert parts == sorted(parts)


@pytest.mark.parametrize(
    ("graph", "competes"), [("rare-earths", False), ("cobalt", True)], ids=["apart", "competing"]
)
def test_forms_are_shared_out_only_where_they_compete(graph: str, competes: bool) -> None:
    # what is served of a form hangs on the even sharing of products only where one form takes what
    # another could have: all the rounds of it may be left out elsewhere
    asked = on_floors(ask(sn.load(graph), to="KOR", avoid="CHN"), floors(tier="operating"))
    even = potential_of(asked, is_settled=False)
    by_form = potential_of(asked, is_settled=False, is_by_form=True)
    assert "evenly 0" in even.plan.run.programs
    assert ("evenly 0" in by_form.plan.run.programs) == competes
    assert by_form.form_figures.keys() == even.form_figures.keys()
    for form, figures in even.form_figures.items():
        assert by_form.form_figures[form] == pytest.approx(figures, rel=1e-8, abs=1e-8)
