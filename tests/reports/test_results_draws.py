"""The page of a study of draws says what its draws can state."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.reports.results_draws import of_draws
from tests.analysis.uncertainty.networks import STOPS, with_ranges


@pytest.mark.parametrize("is_drawn", [False, True])
def test_a_figure_that_no_draw_moves_says_why_drawing_stops(is_drawn: bool) -> None:
    """Eight batches are enough to know it as well as anybody may ask."""
    net = with_ranges(STOPS) if is_drawn else with_ranges(low=1.0, high=1.0)
    asked = {"to": "MLT", "year": 2026, "tier": "possible", "until": 1e-9}
    study = sn.uncertainty(net, **asked, draws=10 * 256)
    assert study.n_draws == (10 if is_drawn else 8) * 256
    assert ("drawing stops early" in str(of_draws(study))) == (not is_drawn)


def test_draws_that_are_all_the_same_have_no_standard_error() -> None:
    study = sn.uncertainty(sn.load("tutorial"), to="MLT", year=2026, tier="possible", draws=32)
    text = of_draws(study, is_first=True).sections[0].blocks[1].text
    assert text.startswith("32 draws for a first answer. --full draws")
