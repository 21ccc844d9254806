"""Coverage by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.text import share, tonnes
from tests.draw.structure import parts_of

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult


def test_bars_tell_the_figures_of_the_result(korea: BypassResult) -> None:
    picture = sn.draw.years(korea)
    bars = {name: part for name, part in picture.shown.items() if part.role == "bar"}
    dy = next(one for one in korea.elements if one.element == "Dy")
    row = next(row for row in dy.years if row["year"] == 2030)
    part = share(min(1.0, row["committed"] / row["demand"]))
    told = f"Dy, 2030, committed: {tonnes(row['committed'])} t Dy2O3/yr, {part} of demand"
    assert bars["Dy-committed-2030"].hover == (told,)
    first = korea.elements[0]
    last = first.years[-1]
    told = f"at most {first.element} {share(last['operating'] / last['demand'])}, operating"
    assert told in picture.title
    # each element has its panel: the message has a figure or two
    assert picture.title.count("%") <= 2 and "Dy" not in picture.title
    assert "possible" not in " ".join(bars)


def test_tiers_stand_on_each_other(korea: BypassResult) -> None:
    bars = parts_of(sn.draw.years(korea))
    for one in korea.elements:
        for row in one.years:
            tiers = ("operating", "committed", "announced")
            operating, committed, announced = (
                bars[f"{one.element}-{t}-{row['year']}"] for t in tiers
            )
            assert operating.get_height() == pytest.approx(min(1, row["operating"] / row["demand"]))
            assert committed.get_y() == pytest.approx(operating.get_height())
            assert announced.get_y() == pytest.approx(committed.get_y() + committed.get_height())
