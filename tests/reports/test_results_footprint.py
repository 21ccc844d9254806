"""The document of a footprint: the answer, its steps, what is not counted."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.reports.results import document_of
from supplynet.reports.results_footprint import of_footprint
from tests.questions.test_footprint import parted
from tests.reports.test_results_balance import said, table


def test_the_answer_is_for_a_tonne_with_its_range() -> None:
    result = sn.trace.footprint(parted(), to="KOR", year=2024, tier="possible")
    what = of_footprint(result)
    assert document_of(result).title == what.title
    assert what.title == "What comes with the supply of South Korea, 2024"
    assert "South Korea gets 40 t of product a year" in said(what, "answer")
    assert "tailings: 20 t (10 to 40)." in said(what, "answer")
    assert what.data == result.to_dict()


def test_steps_and_plants_are_told() -> None:
    what = of_footprint(sn.trace.footprint(parted(), to="KOR"))
    (step,) = table(what, "steps").rows
    assert (step["stage"], step["country"]) == ("Mine", "Australia")
    assert step["span"] == pytest.approx((10.0, 40.0))
    assert step["counted"] == 1.0
    (plant,) = table(what, "plants").rows
    assert (plant["central"], plant["part"]) == pytest.approx((800.0, 1.0))
    assert plant["span"] == pytest.approx((400.0, 1600.0))
