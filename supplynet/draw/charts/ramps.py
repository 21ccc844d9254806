"""Plants that are to come: when each starts and how it fills, a bar a plant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.analysis.provenance import versions
from supplynet.draw.charts.plot import (
    Drawing,
    is_whole,
    letters_for,
    name_beside,
    plot_of_rows,
    rows_between,
    rows_read,
    with_names,
    with_years,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Scene
from supplynet.draw.sheet import Entry, Frame, Words, source_of, weightiest
from supplynet.draw.style import RIBBONS, Size, find_size
from supplynet.draw.words import bare, text_width
from supplynet.errors import DataError
from supplynet.network.countries import country_name
from supplynet.network.selector import select
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import COUNTED
from supplynet.text import plain, share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node

_MOST_ROWS = 24
#: part of the width that capacities behind the bars may take, and that of names
_BESIDE, _NAMES = 0.2, 0.36
_LOOK = RIBBONS["sure"]


@dataclass(frozen=True, slots=True)
class _Ramp:
    """A plant that is to come, with the part of its capacity that there is in each year."""

    node: Node
    parts: tuple[tuple[int, float], ...]


def ramps_scene(
    net: SupplyNetwork,
    *,
    nodes: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw the plants that are to come: when each starts, and how it fills year by year.

    Parameters
    ----------
    net : SupplyNetwork
    nodes : str, optional
        Selector of the plants; default all.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`ramps`, what is laid out in it by :func:`ramps_scene`.

    Raises
    ------
    DataError
        If none is to come.

    Examples
    --------
    >>> import supplynet as sn
    >>> "bar" in {shape.role for shape in sn.draw.ramps(sn.load("tutorial")).scene.shapes}
    True
    """
    paper = find_size(size, theme)
    rows = _ramps(net, nodes)
    if not rows:
        raise DataError(
            f"no plant of {net.name} that is asked for is still to come",
            hint="one that is under construction or planned, with start year and capacity, is",
        )
    first, last = net.commodity.base_year, net.commodity.last_year
    entries = [
        Entry(f"{share(part)} of its capacity", fill=_LOOK.fill, opacity=_opacity(part))
        for part in (0.25, 0.5, 1.0)
    ]
    canvas = Drawing(_words(net, rows, 0), paper, entries)
    fits, n_shown = min(_MOST_ROWS, rows_read(canvas.top, canvas.bottom, paper)), 0
    while fits != n_shown:
        # words that say how many are drawn may have a line more, and rows less room
        n_shown = fits
        canvas = Drawing(_words(net, rows, n_shown), paper, entries)
        fits, (letters, room, beside, pitch) = _shown(net, rows[:n_shown], canvas.around, paper)
    shown = sorted(rows[:n_shown], key=_begins)
    left, right, n = paper.margin + room, paper.width - paper.margin - beside, len(shown)
    bottom = canvas.top + n * pitch
    plot = plot_of_rows(left, canvas.top, right, bottom, n, pitch, first, last + 1)
    names = [_name(net, row.node, letters, room - 10, pitch, paper.least) for row in shown]
    plot = with_years(plot, first, last, 0.9 * letters)
    canvas.plots.append(with_names(plot, names, letters, room - 10, paper.least))
    for place, row in enumerate(shown):
        told = f"{tonnes(row.node.capacity)} {row.node.unit}"
        end, y, small = plot.right + 5, plot.y(place), 0.9 * letters
        canvas.labels += name_beside(told, end, y, small, beside - 8, pitch, paper.least)
        for year, part in row.parts:
            hover = (row.node.name, f"{year}: {share(part)} of {told}", row.node.status)
            name, span, tall = (
                f"ramp-{place}-{year}",
                (year, year + 1),
                min(0.62 * pitch, 1.5 * letters),
            )
            canvas.bar(name, span, y, tall, _LOOK.fill, opacity=_opacity(part), hover=hover)
    return canvas.scene("A bar a plant by year, the fuller the darker.")


ramps = picture(ramps_scene)


def _shown(
    net: SupplyNetwork, rows: list[_Ramp], around: Frame, paper: Size
) -> tuple[int, tuple[float, float, float, float]]:
    """Return how many rows have room for whole words, the first ones first, and their field.

    The field is the size of letters, the room for names and for capacities, and the height of a
    row, points.
    """
    for n in range(len(rows), 0, -1):
        letters = letters_for(around.top, around.bottom, n, paper)
        told = [f"{tonnes(row.node.capacity)} {row.node.unit}" for row in rows[:n]]
        beside = max(text_width(text, 0.9 * letters) for text in told) + 8
        beside = min(beside, _BESIDE * paper.width)
        room = _NAMES * paper.width
        pitch = rows_between(around.top, around.bottom - 2.4 * letters, n, 2.6 * letters)
        names = [_name(net, row.node, letters, room - 10, pitch, paper.least) for row in rows[:n]]
        is_read = all(
            is_whole(name, letters, room - 10, pitch, paper.least) for name in names
        ) and all(is_whole(text, 0.9 * letters, beside - 8, pitch, paper.least) for text in told)
        if is_read:
            break
    return n, (letters, room, beside, pitch)


def _name(
    net: SupplyNetwork, node: Node, letters: float, room: float, pitch: float, least: float
) -> str:
    """The name of a plant with its country, which goes before the name is cut."""
    tries = [plain(_title(net, node)), bare(plain(_title(net, node))), plain(node.name)]
    fitting = (one for one in tries if is_whole(one, letters, room, pitch, least))
    return next(fitting, bare(plain(node.name)))


def _opacity(part: float) -> float:
    return 0.15 + 0.85 * min(1.0, part)


def _title(net: SupplyNetwork, node: Node) -> str:
    return f"{node.name}, {country_name(node.country, net.commodity.areas)}"


def _ramps(net: SupplyNetwork, nodes: str | None) -> list[_Ramp]:
    """Return the plants that start after the base year, the largest of their stage first."""
    asked = None if nodes is None else select(net, nodes).surely
    years = range(net.commodity.base_year, net.commodity.last_year + 1)
    ramps = []
    for node in net.node_rows:
        is_asked = asked is None or node.id in asked
        is_to_come = (
            node.status in COUNTED
            and node.status != "operating"
            and node.start_year is not None
            and node.start_year > years[0]
            and node.capacity
        )
        if not is_asked or not is_to_come:
            continue
        parts = []
        for year in years:
            step = capacities_in_force(net, year).get(node.id)
            if year >= cast(int, node.start_year):
                there = node.capacity if step is None else step.capacity
                parts.append((year, cast(float, there) / cast(float, node.capacity)))
        if parts:
            ramps.append(_Ramp(node, tuple(parts)))
    whole: dict[str, float] = defaultdict(float)
    for node in net.node_rows:
        whole[node.stage] += node.capacity or 0.0

    def size(row: _Ramp) -> tuple[float, str]:
        return -cast(float, row.node.capacity) / whole[row.node.stage], row.node.id

    return sorted(ramps, key=size)


def _begins(row: _Ramp) -> tuple[int, float, str]:
    """Sort plants by the year in which they start, large ones first."""
    return row.parts[0][0], -cast(float, row.node.capacity), row.node.id


def _words(net: SupplyNetwork, rows: list[_Ramp], n_shown: int) -> Words:
    first = min(rows, key=_begins)
    left_out, drawn = "", ""
    if 0 < n_shown < len(rows):
        drawn = f"; the {n_shown} largest are drawn"
        left_out = " Drawn are those that are the largest part of what their stage can make."
    return Words(
        plain(f"Plants that are to come by {net.commodity.last_year}:"),
        plain(f"{len(rows)}, the first {_title(net, first.node)} in {first.parts[0][0]}{drawn}"),
        plain(f"By the year in which they start; what each makes when it is full.{left_out}"),
        "Plants under construction or planned, by their own dates or the curve of their stage.",
        source_of(net, net.digest, versions(), mostly=weightiest(net, first.parts[0][0])),
        net.digest,
    )
