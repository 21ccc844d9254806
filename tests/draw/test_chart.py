"""Charts on axes of matplotlib: marks end at figures of the answer, and a user may change all."""

from __future__ import annotations

import re

import pytest

from supplynet.contract.answer import Result
from supplynet.draw.chart import ticks
from supplynet.draw.mpl import render
from tests.contract.test_results import figures
from tests.draw.kinds import KINDS, STABILITY, Draw
from tests.draw.test_every_width import FLOWS

#: all but layers, Sankey diagrams and maps
CHARTS = (*(kind for kind in KINDS if kind not in (*FLOWS, "map")), STABILITY)
#: charts whose bars lie down and end at figures of what is drawn
LYING = (
    "losses",
    "ranges",
    "concentration",
    "outlook",
    "scenarios",
    "plan_waterfall",
    "sure_tornado",
)


@pytest.mark.parametrize("kind", LYING)
def test_bars_end_at_figures_of_the_answer(drawn: dict[str, Draw], kind: str) -> None:
    held = [cell.cell_contents for cell in drawn[kind].__closure__ or ()]
    answers = [one for part in held for one in (part if isinstance(part, list) else [part])]
    known = list(figures([one.to_dict() for one in answers if isinstance(one, Result)]))
    picture = drawn[kind]()
    bars = [bar for axes in picture.axes for bar in axes.patches]
    bars = [bar for bar in bars if picture.shown[bar.get_gid()].role == "bar"]
    assert bars and known
    for bar in bars:
        end = bar.get_x() + bar.get_width()
        assert min(abs(end - figure) for figure in known) < 1e-3, bar.get_gid()


def test_an_svg_in_a_browser_shows_the_marks_of_every_chart(drawn: dict[str, Draw]) -> None:
    """A clipping rectangle of negative height hides all in it, and no library says a word."""
    for name in CHARTS:
        text = render(drawn[name](), "svg").decode()
        sides = re.findall(r'<clipPath[^>]*>\s*<rect[^>]*? width="([^"]+)" height="([^"]+)"', text)
        assert all(float(side) > 0 for pair in sides for side in pair), name


def test_axes_of_a_picture_are_changed_with_words_of_matplotlib(drawn: dict[str, Draw]) -> None:
    picture = drawn["sure_exceedance"]()
    (axes,) = picture.axes
    before = render(picture, "svg")
    axes.set_xlim(0.5, 1.0)
    axes.set_ylabel("chance")
    axes.set_xticks([0.5, 0.75, 1.0], ["half", "three quarters", "all"])
    picture.legends[0].set_title("Draws")
    after = render(picture, "svg").decode()
    for words in ("chance", "three quarters", "Draws"):
        assert f">{words}</text>" in after
    assert before.decode() != after
    assert "20%" not in after


@pytest.mark.parametrize("high", [0.0031, 0.9, 1, 7, 99, 1000, 1001, 87_400, 3e9])
def test_ticks_are_round_few_and_reach_the_top(high: float) -> None:
    found = ticks(high)
    step = found[1] - found[0]
    assert found[0] == 0 and found[-1] >= high * (1 - 1e-9)
    assert found[-1] - step < high
    assert 2 <= len(found) <= 6
    assert f"{step:.6e}"[:4] in ("1.00", "2.00", "2.50", "5.00")
