"""Axes and legends of charts: matplotlib's own, where the layout has them, in their figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from supplynet.contract.result import Result
from supplynet.draw.labels import extent
from supplynet.draw.mpl import Picture, figure_of, render
from supplynet.draw.scene import Axis, Label, Plot, Scene, Shape, circle, polyline, rectangle
from tests.contract.test_results import figures
from tests.draw.kinds import KINDS, STABILITY, Draw
from tests.draw.test_every_width import FLOWS, WIDTHS
from tests.sweeps import turns

if TYPE_CHECKING:
    from matplotlib.legend import Legend

#: all but layers, Sankey diagrams and maps
CHARTS = (*(kind for kind in KINDS if kind not in (*FLOWS, "map")), STABILITY)
#: points by which letters may stand beside where the layout has them, and over their size
NEAR, PART = 1.0, 0.2
#: by which a line may be less high than the layout reckons, over the size: by version of matplotlib
LOWER = 0.3
#: part of its line by which what stands in a legend may be further left: letters of the layout are
#: as wide as any could be
NARROWER = 0.05


def require_in_place(picture: Picture, text: Text, lines: tuple[Label, ...]) -> None:
    """A text stands where the scene has its lines."""
    assert text.get_text().split("\n") == [line.text for line in lines]
    box = text.get_window_extent().transformed(picture.dpi_scale_trans.inverted())
    left, right = 72 * box.x0, 72 * box.x1
    upper, lower = picture.scene.height - 72 * box.y1, picture.scene.height - 72 * box.y0
    first, last = lines[0], lines[-1]
    size, near = first.size, NEAR + PART * first.size
    at = {"left": left, "right": right, "middle": (left + right) / 2}[first.anchor]
    assert at == pytest.approx(first.x, abs=NEAR), lines
    assert (upper + lower) / 2 == pytest.approx((first.y + last.y) / 2, abs=near), lines
    reckoned = [extent(line) for line in lines]
    assert right - left <= max(one[2] - one[0] for one in reckoned) + NEAR, lines
    high = reckoned[-1][3] - reckoned[0][1]
    assert lower - upper == pytest.approx(high, abs=NEAR + LOWER * size), lines
    assert size == text.get_fontsize()


def require_axes(picture: Picture, plot: Plot, axes: Axes) -> None:
    """Axes are those of a plot: figures at the edges, ticks, lines and titles."""
    assert axes.get_xlim() == pytest.approx((plot.first, plot.last))
    assert axes.get_ylim() == pytest.approx((plot.low, plot.high))
    for axis, side in ((axes.xaxis, plot.across), (axes.yaxis, plot.up)):
        assert list(axis.get_ticklocs()) == pytest.approx(list(side.at))
        for text, lines in zip(axis.get_ticklabels(), side.words, strict=True):
            assert lines or not text.get_text()
            if lines:
                require_in_place(picture, text, lines)
        if side.title is not None:
            require_in_place(picture, axis.label, (side.title,))
        is_drawn = [line.get_visible() for line in axis.get_gridlines()]
        assert any(is_drawn) == any(line.role == "grid" for line in side.lines)
    if plot.title:
        require_in_place(picture, axes._left_title, plot.title)  # type: ignore[attr-defined]


def require_legend(picture: Picture) -> None:
    """Legends have the words and swatches of the scene, from its left end on, line by line."""
    legends: list[Legend] = picture.legends
    texts = [text for legend in legends for text in legend.get_texts()]
    handles = [handle for legend in legends for handle in legend.legend_handles]
    keys = picture.scene.legend
    assert [text.get_text() for text in texts] == [key.label.text for key in keys]
    for key, text, handle in zip(keys, texts, handles, strict=True):
        box = text.get_window_extent().transformed(picture.dpi_scale_trans.inverted())
        middle = picture.scene.height - 36 * (box.y0 + box.y1)
        near = NEAR + PART * key.label.size
        assert middle == pytest.approx(key.label.y, abs=near), key
        assert key.label.x * (1 - NARROWER) - NEAR <= 72 * box.x0 <= key.label.x + NEAR, key
        assert 72 * box.x1 <= extent(key.label)[2] + NEAR, key
        assert handle is not None


@pytest.mark.parametrize(("kind", "width"), turns(CHARTS, [*WIDTHS]))
def test_axes_and_legend_stand_where_the_layout_has_them(
    drawn: dict[str, Draw], kind: str, width: str
) -> None:
    """So what is checked of the scene, and seen on a page, holds in print."""
    picture = drawn[kind](size=WIDTHS[width])
    assert picture.scene.plots
    assert picture.scene.legend or kind == "losses"  # its panels say by their titles what they are
    with matplotlib.rc_context({"text.hinting": "none"}):  # as files are written
        picture.draw_without_rendering()
        for plot, axes in zip(picture.scene.plots, picture.axes, strict=True):
            require_axes(picture, plot, axes)
            assert axes.patches or axes.lines
        require_legend(picture)


def scene_of(*shapes: Shape) -> Scene:
    """Years up to 2030 across, shares upwards."""
    words = tuple((Label(f"{n}", 40, 50 - n, 8, "ink", anchor="right"),) for n in (0, 1))
    up = Axis((0.0, 1.0), words, title=Label("share", 50, 5, 8, "ink"))
    plot = Plot(50, 10, 150, 60, 2020, 2030, 0.0, 1.0, up=up)
    return Scene(200, 100, "t", "d", shapes=shapes, plots=(plot,))


def test_marks_are_in_the_figures_of_their_axes() -> None:
    bar = Shape("bar", rectangle(60, 35, 10, 25), "bar", fill="ink")
    line = Shape("line", polyline(((50, 60), (150, 10))), "curve", stroke="ink", width=1)
    dot = Shape("dot", circle(100, 35, 3), "dot", fill="ink")
    aside = Shape("aside", rectangle(160, 35, 10, 25), "bar", fill="ink")
    figure = figure_of(scene_of(bar, line, dot, aside))
    (axes,) = figure.axes
    (box,) = axes.patches
    assert isinstance(box, Rectangle)
    assert (box.get_x(), box.get_width()) == pytest.approx((2021, 1))
    assert sorted((box.get_y(), box.get_y() + box.get_height())) == pytest.approx([0, 0.5])
    drawn, mark = axes.lines
    assert isinstance(drawn, Line2D)
    assert drawn.get_xydata().ravel() == pytest.approx([2020, 0, 2030, 1])
    assert mark.get_xydata().ravel() == pytest.approx([2025, 0.5])
    assert (mark.get_marker(), mark.get_markersize()) == ("o", 6)
    assert len(figure.artists) == 1  # what lies outside any field


#: charts whose bars lie down and end at figures of what is drawn
LYING = ("losses", "ranges", "outlook", "scenarios", "concentration")
LYING += ("plan_waterfall", "sure_tornado")


@pytest.mark.parametrize("kind", LYING)
def test_bars_end_at_figures_of_the_answer(drawn: dict[str, Draw], kind: str) -> None:
    held = [cell.cell_contents for cell in drawn[kind].__closure__ or ()]
    answers = [one for part in held for one in (part if isinstance(part, list) else [part])]
    known = list(figures([one.to_dict() for one in answers if isinstance(one, Result)]))
    scene = drawn[kind]().scene
    bars = [shape for shape in scene.shapes if shape.role == "bar"]
    assert bars and known
    for bar in bars:
        end = max(x for _, points in bar.path for x, _ in points)
        ends = [one.first + (end - one.left) / (one.right - one.left) * (one.last - one.first)
                for one in scene.plots if one.left - 1 <= end <= one.right + 1]  # fmt: skip
        assert min(abs(one - figure) for one in ends for figure in known) < 1e-3, bar.id


def test_what_a_change_of_limits_moves_off_is_cut(drawn: dict[str, Draw]) -> None:
    picture = drawn["sure_tornado"]()
    (axes,) = picture.axes
    bar, x = axes.patches[0], axes.bbox.x1
    axes.set_xlim(0.0, 0.5 * bar.get_width())  # type: ignore[attr-defined]
    assert bar.get_window_extent().x1 > x + 20
    assert x < bar.get_clip_box().x1 < x + 20


def test_an_svg_in_a_browser_shows_the_marks_of_every_chart(drawn: dict[str, Draw]) -> None:
    """A clipping rectangle of negative height hides all in it, and no library says a word."""
    for name in CHARTS:
        text = render(drawn[name](), "svg").decode()
        sides = re.findall(r'<clipPath[^>]*>\s*<rect[^>]*? width="([^"]+)" height="([^"]+)"', text)
        assert sides, name
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
