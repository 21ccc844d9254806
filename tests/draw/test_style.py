"""Numbers, colors and sizes."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.layered import layer_scene
from supplynet.draw.streams.scene import sankey_scene
from supplynet.draw.style import (
    ACCENT,
    COUNTRY_COLORS,
    CUT,
    INK,
    LAND,
    MUTED,
    OTHERS,
    PAPER,
    RAMP,
    RIBBONS,
    SECOND,
    SHUT_BOX,
    THEMES,
    Theme,
    country_colors,
)
from supplynet.network.countries import BLOCS
from tests.draw.vision import apart, ciede2000
from tests.sweeps import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

#: CIEDE2000 between two colors that touch
LEAST = 10.0


#: who asks for what of each shipped graph
ASKED = {
    "rare-earths": (("KOR", "Nd"), ("USA", "Dy"), ("EU", "Nd"), ("JPN", "Dy")),
    "cobalt": (("KOR", None), ("EU", None), ("USA", None)),
    "gallium-germanium": (("JPN", "Ga"), ("USA", "Ge"), ("KOR", "Ga")),
    "tutorial": (("MLT", None),),
}


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_no_country_has_the_color_of_the_cut_or_of_what_is_shut(theme: Theme) -> None:
    countries = [theme.color(name) for name in COUNTRY_COLORS]
    assert not {theme.color(CUT), theme.color(SHUT_BOX), theme.color(PAPER)} & set(countries)
    assert len(set(countries)) == len(countries)


def test_every_theme_has_a_color_for_every_name() -> None:
    names = {name for theme in THEMES.values() for name in theme.colors}
    assert {one for style in RIBBONS.values() for one in (style.fill, style.outline)} <= names
    for theme in THEMES.values():
        assert set(theme.colors) == names
        assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in theme.colors.values())
        assert theme.color("#123456") == "#123456"


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(one: str, other: str, share: float) -> str:
    """A color of which a part is one and the rest another."""
    pairs = ((int(color[n : n + 2], 16) for color in (one, other)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("ink", [INK, MUTED, CUT, ACCENT, SECOND])
def test_words_stand_out_from_the_paper(theme: Theme, ink: str) -> None:
    assert contrast(theme.color(ink), theme.color(PAPER)) >= 4.5  # WCAG AA


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_the_surer_a_link_the_more_its_ribbon_stands_out(theme: Theme) -> None:
    def distance(kind: str) -> float:
        style = RIBBONS[kind]
        fill, paper = theme.color(style.fill), theme.color(PAPER)
        pairs = [(int(fill[n : n + 2], 16), int(paper[n : n + 2], 16)) for n in (1, 3, 5)]
        return abs(sum(style.opacity * (f - p) for f, p in pairs))

    assert distance("sure") > distance("planned") > distance("possible")


def test_differences_are_those_of_the_published_pairs() -> None:
    """Five pairs of Sharma, Wu and Dalal (2005)."""
    for first, second, known in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ):
        assert round(ciede2000(first, second), 4) == known
        assert round(ciede2000(second, first), 4) == known


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_colors_of_countries_are_told_apart_by_all(theme: Theme) -> None:
    names = [*COUNTRY_COLORS, OTHERS, CUT, PAPER]
    close = {
        pair: apart(*map(theme.color, pair))
        for pair in itertools.combinations(names, 2)
        if apart(*map(theme.color, pair)) < LEAST
    }
    assert close == {}


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_steps_of_a_map_are_told_apart_by_all(theme: Theme) -> None:
    steps = [theme.color(name) for name in (LAND, *RAMP)]
    assert min(itertools.starmap(apart, itertools.pairwise(steps))) >= LEAST


def test_a_country_has_one_color_in_all_graphs(demo: SupplyNetwork) -> None:
    """Also that two have the same only where no graph holds both, but for members of a bloc."""
    turned = demo.replace(nodes=tuple(reversed(demo.node_rows)))
    assert country_colors(demo) == country_colors(turned)
    assert len({country_colors(demo)[code] for code in ("ISL", "FJI", "NZL", "MLT")}) == 4
    seen: dict[str, str] = {}
    for name in ASKED:
        colors = country_colors(sn.load(name))
        assert {code: seen.get(code, color) for code, color in colors.items()} == colors
        seen |= colors
        own: dict[str, set[str]] = defaultdict(set)
        for code, color in colors.items():
            own[color].add("EU" if code in BLOCS["EU"] else code)
        assert all(len(codes) == 1 for color, codes in own.items() if color != OTHERS), own


@pytest.mark.parametrize(
    "graph", [*ASKED][1:] + [pytest.param([*ASKED][0], marks=pytest.mark.slow)]
)
def test_what_touches_in_a_picture_is_told_apart(graph: str) -> None:
    """Streams leave and enter boxes and each other there; what is grey is reported by its name."""
    net, tried, wrong = sn.load(graph), 0, set()
    for to, element in sweep(ASKED[graph], ASKED[graph][:1]):
        for tier in ("operating", "possible"):
            found = sn.coverage(net, to=to, element=element, year=2026, tier=tier)
            for scene in (
                layer_scene(net, found, element=element or found.elements[0].element),
                sankey_scene(found, element=element or found.elements[0].element),
            ):
                for theme in THEMES.values():
                    for pair in _touching(scene, theme):
                        tried += 1
                        if apart(*pair) < LEAST:
                            wrong.add((to, tier, theme.name, *pair, round(apart(*pair), 1)))
    assert tried > 8
    assert wrong == set()


def _touching(scene: Scene, theme: Theme) -> Iterator[tuple[str, str]]:
    """Yield the colors of two countries that touch: box and stream, or two streams at a box."""
    paper, grey = theme.color(PAPER), theme.color(OTHERS)
    fills = {box.id: theme.color(box.fill) for box in scene.boxes if box.height > 0.5}
    columns: dict[int, list[tuple[float, str]]] = defaultdict(list)
    entering: dict[str, set[str]] = defaultdict(set)
    for box in scene.boxes:
        if box.id in fills:
            columns[box.column].append((box.y, fills[box.id]))
    pairs = {
        (one, other)
        for column in columns.values()
        for (_, one), (_, other) in itertools.pairwise(sorted(column))
    }
    for shape in scene.shapes:
        if shape.role == "stream" and shape.ends and shape.width == 0.5:  # not a hairline
            assert shape.stroke_opacity == 1.0
            stroke = mixed(theme.color(shape.stroke), paper, shape.stroke_opacity)
            entering[shape.ends[1]].add(stroke)
            pairs.add((stroke, fills.get(shape.ends[1], paper)))
    for strokes in entering.values():
        pairs.update(itertools.combinations(sorted(strokes), 2))
    yield from (pair for pair in pairs if pair[0] != pair[1] and set(pair) != {grey})
