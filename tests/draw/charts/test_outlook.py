"""The picture of an outlook: its headline is what is drawn."""

from __future__ import annotations

import pytest
from matplotlib.text import Text

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.text import share
from tests.draw.structure import parts_of, require_good, words_of


@pytest.fixture(scope="module")
def wide(rare_earths):
    return sn.coverage.outlook(rare_earths, to=["KOR", "USA"], avoid="CHN", year=2030)


@pytest.mark.slow
def test_figures_beside_a_bar_name_their_tiers_and_stay_on_the_canvas(wide) -> None:
    assert wide.row("USA", 2030, "announced", form="magnet").coverage_high == 1.0
    picture = sn.draw.outlook(wide, form="magnet")
    texts = [label.text for label in words_of(picture)]
    for to in ("USA", "KOR"):
        firm, announced = (
            share(wide.row(to, 2030, tier, form="magnet").coverage)
            for tier in ("operating", "announced")
        )
        assert f"{firm} operating, {announced} announced" in texts
    require_good(picture)


def test_nations_that_need_different_forms_are_all_drawn() -> None:
    """Whoever was asked for is drawn: with the first form that all demand, or by form."""
    cobalt = sn.load("cobalt")
    wide = sn.coverage.outlook(cobalt, to=["KOR", "JPN", "EU", "USA"], year=2026, tier="operating")
    firsts = {row.name for row in wide.rows if row.form == wide.rows[0].form}
    names = {row.name for row in wide.rows}
    assert firsts < names
    texts = [text.get_text() for text in sn.draw.outlook(wide).findobj(Text)]
    assert all(any(text.startswith(f"{name}, 2026") for text in texts) for name in names)
    with pytest.raises(OptionError, match="no demand of .* is known in the form"):
        sn.draw.outlook(wide, form=wide.rows[0].form)


@pytest.mark.slow
def test_a_mark_shows_what_the_surest_tier_would_cover_with_products_redesigned(wide) -> None:
    """On the same axis as the bars, and explained in the legend; none where it is the same."""
    picture = sn.draw.outlook(wide, form="magnet")
    marks = parts_of(picture, "dot-").values()
    rows = [wide.row(to, 2030, "operating", form="magnet") for to in ("KOR", "USA")]
    assert [mark.get_xdata()[0] for mark in marks] == [row.coverage_redesigned for row in rows]
    assert any("re-designed" in label.text for label in words_of(picture))
    assert "With products re-designed United States" in picture.description
