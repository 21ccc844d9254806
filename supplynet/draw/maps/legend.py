"""What stands below a map: its legend of ways, markers and colors, and notes on how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.draw.frame import scale_bar
from supplynet.draw.maps.fill import STEPS
from supplynet.draw.maps.markers import NATION, marker
from supplynet.draw.scene import Label, Shape, polyline, rectangle
from supplynet.draw.sheet import Entry, Swatch
from supplynet.draw.style import (
    CUT,
    FAINT,
    INK,
    MUTED,
    OPACITY_OF_THIN,
    PAPER,
    RAMP,
    RIBBONS,
    THIN,
    Size,
    thin,
    tonnes,
)
from supplynet.draw.words import SEVERAL, wrap
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.draw.answer import Bundle
    from supplynet.draw.maps.fill import Story
    from supplynet.draw.maps.markers import Site, Traffic
    from supplynet.network.network import SupplyNetwork

#: width below which notes take more lines, points
_NARROW = 400.0
#: part of the room that notes are made to fit: small letters are wider for their size
_SAFE = 0.95


def footnotes(
    notes: Sequence[str], size: Size, bottom: float, *, is_brief: bool = False
) -> tuple[tuple[Label, ...], float]:
    """Return notes that end at a height, and the height at which they begin.

    Those that fit are reported, the first ones first: into one line with ``is_brief``.
    """
    letters = size.small
    limit = 1 if is_brief else 2 if size.width > _NARROW else 7
    room = _SAFE * (size.width - 2 * size.margin)
    lines: list[str] = []
    text = ""
    for note in notes:
        more = f"{text} {note}".lstrip()
        longer = wrap(more, letters, room, limit=limit + 1)
        if len(longer) <= limit:
            text, lines = more, longer
    labels = []
    y = bottom - 0.7 * letters
    for line in reversed(lines):
        labels.append(Label(line, size.margin, y, letters, MUTED, role="note"))
        y -= 1.3 * letters
    return tuple(reversed(labels)), y + 0.7 * letters


#: how strong the stroke of a wide grey way is
_PALE = 0.45


def stroke(kind: str, width: float) -> tuple[str, float]:
    """Return color and opacity of a way: those of thin ones but for wide grey ones."""
    fill = RIBBONS[kind].fill
    if kind == "shut" and width > THIN:
        return fill, _PALE
    return thin(fill), OPACITY_OF_THIN[kind]


#: letters of a slide, points: what is drawn on other sizes shrinks with theirs
SLIDE = 11.0
#: the fewest words that a legend may have, and what it calls links that are sure
BRIEFEST, _FIRM = 2, "firm"
#: what red is; which limits they are is reported on pointing at them
AT_LIMIT = "at its limit"
#: lengths of swatches on a slide, points
_LONG, _BAR, _BOX, _DOT = 24.0, 18.0, 14.0, 10.0


def dash(kind: str, width: float) -> tuple[float, ...]:
    """Return the dashes of a way that is not sure, longer where it is wider."""
    return tuple(max(least, grown * width) for least, grown in RIBBONS[kind].dashes)


def stage_shape(net: SupplyNetwork, stage: str) -> int | str:
    """Return the shape of the markers of a stage."""
    row = net.stage_by_name[stage]
    return NATION if row.is_nation else list(net.stages).index(row)


def entries(
    story: Story,
    sites: Sequence[Site],
    kinds: set[str],
    *,
    has_cut: bool,
    scale: float,
    size: Size,
    brevity: int = 0,
) -> list[Entry]:
    """Explain what is in the picture, and nothing else.

    In brief with few words, in the briefest form with still fewer: those of :func:`in_brief` say
    the rest.

    Parameters
    ----------
    story : Story
    sites : sequence of Site
    kinds : set of str
        Of the ways.
    has_cut : bool
        Whether one of them is a member of the minimum cut.
    scale : float
        Points of width per t/yr.
    size : Size
    brevity : {0, 1, 2}
        In full, in brief, or in the briefest form.
    """
    is_brief, is_briefest = brevity > 0, brevity == BRIEFEST
    factor = size.label / SLIDE
    long = _LONG * factor
    shown = [kind for kind in RIBBONS if kind in kinds and kind != "shut"]
    lines = [_line(kind, 3.0 * factor, long) for kind in shown]
    titles = [RIBBONS[kind].title for kind in shown]
    if is_briefest:
        titles = [
            _FIRM if kind == "sure" else title for kind, title in zip(shown, titles, strict=True)
        ]
    if is_brief and shown:
        results = [
            _side_by_side(lines, long, 0.9 * size.legend, ", ".join(titles).replace("merely ", ""))
        ]
    else:
        lead = ["weakest link: ", *[""] * len(titles)]
        named = zip(lines, lead, titles, strict=False)
        results = [_own(line, long, f"{first}{title}") for line, first, title in named]
    if scale and kinds - {"shut"}:
        unit, height = scale_bar(2 * scale / factor)
        bar = _BAR * factor
        results.append(_own(_line("", height / 2 * factor, bar), bar, f"= {tonnes(unit)}/yr"))
    if "shut" in kinds and not is_briefest:
        text = story.shut.split(" would ")[0] if is_brief else story.shut
        text += ", not to scale"
        results.append(_own(_line("shut", 5.0 * factor, long), long, text))
    if has_cut or any(site.cut for site in sites):
        results.append(_own(_marker(1, CUT, CUT, size), _DOT, AT_LIMIT))
    results += _markers(story.question.net, sites, size, has_nations=not is_brief)
    return results + _colors(story, size, brevity=brevity, has_shut="shut" in kinds)


def in_brief(story: Story, kinds: set[str], *, brevity: int) -> str:
    """Return what a legend leaves out that is brief, or the briefest, with some kinds of ways."""
    more = [f"{_FIRM}: {RIBBONS['sure'].title}"] if "sure" in kinds else []
    more += ["grey: shut"] if "shut" in kinds else []
    text = f" ({', '.join(more)})" if more and brevity == BRIEFEST else ""
    sentence = f", countries by the {story.fill.title}" if story.fill.shares else ""
    return f"Colored: routes by weakest link{text}{sentence}."


def _markers(
    net: SupplyNetwork, sites: Sequence[Site], size: Size, *, has_nations: bool
) -> list[Entry]:
    """One entry a stage; nations have their names, so that a brief legend may do without them."""
    shown = [site for site in sites if not site.is_shut]
    staged = {site.stage for site in shown if site.stage}
    stated: list[tuple[int | str, str, str, str]] = []
    stated += [
        (stage_shape(net, stage.name), INK, PAPER, plain(stage.title))
        for stage in net.stages
        if stage.name in staged and (has_nations or not stage.is_nation)
    ]
    return [
        _own(_marker(shape, fill, stroke, size), _DOT, text) for shape, fill, stroke, text in stated
    ]


def _colors(story: Story, size: Size, *, brevity: int, has_shut: bool) -> list[Entry]:
    """One entry for all steps, their boxes side by side; ways may state what grey is."""
    wide = _BOX * size.label / SLIDE
    used = {story.fill.color(code) for code in story.fill.shares}
    bounds = [f"{100 * high:.0f}" for high in (*STEPS[1:], 1.0)]
    shown = [(color, end) for color, end in zip(RAMP, bounds, strict=True) if color in used]
    results = []
    if shown:
        title = "" if brevity else f"countries: {story.fill.title}, "
        upto = "≤ " if brevity == BRIEFEST else "up to "
        text = f"{title}{upto}{', '.join(end for _, end in shown)}%"
        results.append(_side_by_side([_box(color, size) for color, _ in shown], wide, 0.0, text))
    if story.shut_countries and not has_shut:
        results.append(_own(_box("shut", size), wide, "shut"))
    return results


def notes(
    story: Story, traffic: Traffic, drawn: Sequence[Bundle], *, floor: float, thin: float
) -> list[str]:
    """How a map is to be read.

    Parameters
    ----------
    story : Story
    traffic : Traffic
        Of the markers.
    drawn : sequence of Bundle
        Its ways that are drawn.
    floor : float
        t/yr below which ways are left out.
    thin : float
        t/yr below which ways are as thin as can be.
    """
    texts = [
        "Great circles, no sea routes; markers by t; borders take no side.",
    ]
    live = [bundle for bundle in traffic.ways if bundle.kind != "shut"]
    hidden = [route.tonnes for route in live if route.tonnes < floor and not route.cut]
    if hidden:
        what = "way" if len(hidden) == 1 else "ways"
        texts.append(f"{len(hidden)} {what} below {tonnes(floor)} not drawn.")
    if any(path.tonnes < thin for path in drawn if path.kind != "shut"):
        texts.append(f"Routes below {tonnes(thin)} are of one width.")
    areas = set(story.question.net.commodity.areas)
    sites = list(traffic.sites.values())
    shown = [site for site in sites if not site.is_shut]
    if any(site.stage and site.status == "building" for site in shown):
        texts.append("Hollow: not running yet.")
    if any(not site.flow for site in shown):
        texts.append("Grey: carry none.")
    if any(site.title.startswith(SEVERAL) for site in shown):
        texts.append(f"{SEVERAL} several plants.")
    n_guessed = sum(
        len(site.members)
        for site in sites
        if site.stage and not site.is_exact and site.country not in areas
    )
    if n_guessed:
        what = "plant" if n_guessed == 1 else "plants"
        texts.append(f"{n_guessed} {what} without coordinates in mid-country.")
    if any(site.country in areas for site in sites):
        texts.append("Groups of countries at one place.")
    return [*texts, *story.notes]


def no_room(count: int) -> str:
    """That places have no room for their names."""
    return f"{count} name{'s have' if count > 1 else ' has'} no room."


# -- swatches ------------------------------------------------------------------------------


def _own(draw: Swatch, wide: float, text: str) -> Entry:
    return Entry(text, draw=draw, wide=wide)


def _side_by_side(swatches: Sequence[Swatch], wide: float, gap: float, text: str) -> Entry:
    """Several swatches in a row, with the words of all of them in the same order."""

    def swatch(x: float, y: float) -> tuple[Shape, ...]:
        return tuple(
            shape for n, render in enumerate(swatches) for shape in render(x + n * (wide + gap), y)
        )

    return _own(swatch, len(swatches) * (wide + gap) - gap, text)


def _line(kind: str, width: float, long: float) -> Swatch:
    look = stroke(kind, width) if kind else (INK, 1.0)

    def swatch(x: float, y: float) -> tuple[Shape, ...]:
        return (
            Shape(
                f"legend-{kind or 'scale'}",
                polyline(((x, y), (x + long, y))),
                "legend",
                stroke=look[0],
                width=width,
                dash=dash(kind, width) if kind else (),
                stroke_opacity=look[1],
                layer="above",
            ),
        )

    return swatch


def _marker(shape: int | str, fill: str, stroke: str, size: Size) -> Swatch:
    def swatch(x: float, y: float) -> tuple[Shape, ...]:
        return (
            Shape(
                f"legend-marker-{shape}-{fill}",
                marker(shape, x + _DOT / 2, y, 0.5 * size.small),
                "legend",
                fill=fill,
                stroke=stroke,
                width=(1.2 if fill == PAPER else 0.5) * size.label / SLIDE,
                layer="above",
            ),
        )

    return swatch


def _box(color: str, size: Size) -> Swatch:
    def swatch(x: float, y: float) -> tuple[Shape, ...]:
        path = rectangle(x, y - size.small / 2, _BOX * size.label / SLIDE, size.small)
        name = f"legend-fill-{color}"
        return (Shape(name, path, "legend", fill=color, stroke=FAINT, width=0.4, layer="above"),)

    return swatch
