"""Land and water under a map, and what the color of a country stands for: how much rests on it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from supplynet.analysis.exposure.streams import streams
from supplynet.draw import frame
from supplynet.draw.answer import bloc_of
from supplynet.draw.maps.markers import Traffic, traffic_of, traffic_of_streams
from supplynet.draw.maps.projection import LonLat, Outline, Point, outlines
from supplynet.draw.scene import Shape, Step, circle, polyline
from supplynet.draw.sheet import Words
from supplynet.draw.streams.words import words as stream_words
from supplynet.draw.style import FAINT, LAND, PAPER, RAMP, SHUT_RIBBON, WATER
from supplynet.errors import OptionError
from supplynet.network.countries import country_name
from supplynet.questions.chokepoints import ChokepointResult
from supplynet.terms import LOSSES, DetailName, did_you_mean, must_be_one_of
from supplynet.text import plain, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.exposure.streams import Streams
    from supplynet.analysis.question import Question
    from supplynet.draw.answer import Answer
    from supplynet.draw.maps.regions import Chart
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.chokepoints import ChokepointResult


FILLS = ("dependence", "none")
#: shares at which the colors of the ramp begin
STEPS = (0.0, 0.1, 0.25, 0.5, 0.75)
# below this a share is rounding
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Fill:
    """A share for each country."""

    title: str  #: what the shares are of, for the legend
    #: 0 to 1 by country code; countries that are not there keep the color of land
    shares: Mapping[str, float]
    words: Mapping[str, str]  #: what to show on hovering over a country

    def color(self, code: str) -> str:
        """Return the name of a country's color, or an empty string for none."""
        value = self.shares.get(code, 0.0)
        if value <= _LEAST:
            return ""
        return RAMP[max(n for n, step in enumerate(STEPS) if value >= step)]


NO_FILL = Fill("", {}, {})


def fill_of(answer: Answer, wish: str | ChokepointResult) -> Fill:
    """Return the colors of countries for a flow.

    Parameters
    ----------
    wish : {"dependence", "none"} or ChokepointResult
        Dependence is the share of the flow that passes plants that stand in the country. A
        result of :func:`supplynet.chokepoints` by country or owner gives the exact loss.

    Raises
    ------
    OptionError
        If it is another word, or a result about another question.
    """
    if isinstance(wish, ChokepointResult):
        return _loss(answer, wish)
    if wish not in FILLS:
        raise OptionError(
            f"fill {must_be_one_of(FILLS)} or the result of chokepoints by country or owner, "
            f"not {wish!r}",
            hint=did_you_mean(str(wish), FILLS),
        )
    return NO_FILL if wish == "none" else _dependence(answer)


def shortfall_of(result: SolvedBalance, streams: Streams) -> Fill:
    """Return the part of its demand that each nation does not get in a balance.

    Areas of several countries have no color.
    """
    net = result.question.net
    shares: dict[str, float] = {}
    options: dict[str, str] = {}
    for nation, need in sorted(streams.needed.items()):
        code = net.node(nation).country
        if code in net.commodity.areas or not 0.0 < need < math.inf:
            continue
        got = min(need, streams.served.get(nation, 0.0))
        shares[code] = 1.0 - got / need
        options[code] = (
            f"{tonnes(got)} of {tonnes(need)} {streams.unit} needed ({share(got / need)})"
        )
    return Fill("part of a nation's demand that is not met", shares, options)


def _dependence(answer: Answer) -> Fill:
    net = answer.question.net
    own = {net.node(target).country for target in answer.question.targets}
    through: dict[str, float] = defaultdict(float)
    for chain in answer.chains:
        plants = [net.node(node) for node in chain.nodes if node not in answer.question.targets]
        for code in {plant.country for plant in plants} - own:
            through[code] += chain.tonnes
    total = answer.value
    shares = {code: value / total for code, value in sorted(through.items())} if total else {}
    unit = answer.unit
    return Fill(
        "share of the flow that passes plants there",
        shares,
        {
            code: f"{share(shares[code])} of the flow pass plants there "
            f"({tonnes(through[code])} {unit})"
            for code in shares
        },
    )


def _loss(answer: Answer, result: ChokepointResult) -> Fill:
    if result.by == "bloc" or not LOSSES[result.by].is_whole:
        raise OptionError(
            f"countries can be filled by losses of countries or owners, not by {result.by}",
            hint="call chokepoints(..., by='country')",
        )
    question, other = answer.question, result.question
    if (_told(question), answer.element) != (_told(other), result.element):
        raise OptionError(
            "the chokepoints answer another question than the flow",
            hint="ask both of the same network with the same to, element, avoid, year, links and "
            "plants",
        )
    by_owner = LOSSES[result.by].seen_by(other.lens) == "control"
    whose = "all plants of its owners" if by_owner else "all its plants"
    return Fill(
        f"loss if {whose} stop, share of the flow",
        {row.id: row.loss_share for row in result.rows},
        {
            row.id: f"if {whose} stop, {tonnes(row.loss)} {result.unit} "
            f"({share(row.loss_share)}) no longer arrive"
            for row in result.rows
        },
    )


def _told(question: Question) -> tuple[object, ...]:
    """What a flow and the losses on it must have in common."""
    return (
        question.net.digest,
        question.targets,
        question.avoid,
        question.year,
        question.links,
        question.plants,
    )


#: degrees between the lines of the net of meridians and parallels
_NET = 30
#: radius of the dot for a place without an outline, points
_DOT = 2.2
_BORDER = 0.5


def land_shapes(
    chart: Chart, fill: Fill, shut: frozenset[str], net: SupplyNetwork
) -> tuple[Shape, ...]:
    """Return water, land and borders.

    Parameters
    ----------
    fill : Fill
        Colors of countries.
    shut : frozenset of str
        Countries that are drawn as shut.
    net : SupplyNetwork
        Names of countries and areas.
    """
    ground = _ground(chart)
    shapes = [
        Shape("water", ground.globe, "water", fill=WATER, stroke=FAINT, width=0.6),
        Shape("net", ground.net, "grid", stroke=FAINT, width=0.4, stroke_opacity=0.7),
    ]
    for code, outline in outlines().items():
        color = SHUT_RIBBON if code in shut else fill.color(code)
        path = _dot(chart, outline) if outline.is_point and color else ground.land[code]
        text = fill.words.get(code)
        name = plain(country_name(code, net.commodity.areas))
        hover = (name, *([text] if text else []), *(["shut"] if code in shut else []))
        shapes.append(Shape(f"land-{code}", path, "land", fill=color or LAND, hover=hover))
    shapes.append(Shape("borders", ground.borders, "border", stroke=PAPER, width=_BORDER))
    return tuple(shape for shape in shapes if shape.path)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every map of a chart has in common; land by code."""

    globe: tuple[Step, ...]
    net: tuple[Step, ...]
    land: Mapping[str, tuple[Step, ...]]
    borders: tuple[Step, ...]


@lru_cache(maxsize=8)
def _ground(chart: Chart) -> _Ground:
    borders: list[Step] = []
    land = {}
    for code, outline in outlines().items():
        land[code] = _closed([portion for ring in outline.rings for portion in chart.ring(ring)])
        for ring in outline.rings:
            for line in _coast(ring):
                borders += (step for piece in chart.line(line) for step in polyline(piece))
    return _Ground(_closed(chart.globe()), tuple(_net(chart)), land, tuple(borders))


def _dot(chart: Chart, outline: Outline) -> tuple[Step, ...]:
    """What stands for a place that is too small for an outline."""
    x, y = chart.place(outline.label)
    edge = chart.window
    is_inside = edge.left + _DOT <= x <= edge.right - _DOT
    is_inside &= edge.top + _DOT <= y <= edge.bottom - _DOT
    return circle(x, y, _DOT) if is_inside else ()


def _closed(parts: Sequence[Sequence[Point]]) -> tuple[Step, ...]:
    return tuple(step for portion in parts for step in polyline(portion, is_closed=True))


def _net(chart: Chart) -> Iterator[Step]:
    for longitude in range(-180, 180, _NET):
        line = [(float(longitude), float(latitude)) for latitude in range(-90, 91, 3)]
        for piece in chart.line(line):
            yield from polyline(piece)
    center = chart.region.center
    for latitude in range(-60, 90, _NET):
        # from edge to edge of the map, so that no piece jumps
        line = [(center + east, float(latitude)) for east in range(-180, 181, 3)]
        for piece in chart.line(line):
            yield from polyline(piece)


def _coast(ring: Sequence[LonLat]) -> Iterator[list[LonLat]]:
    """Yield the lines of a ring without the edges along the date line, where the data is cut."""
    line: list[LonLat] = [ring[0]]
    for before, point in zip(ring, ring[1:], strict=False):
        if abs(before[0]) == abs(point[0]) == 180.0:
            if len(line) > 1:
                yield line
            line = []
        line.append(point)
    if len(line) > 1:
        yield line


@dataclass(frozen=True)
class Story:
    """A result as the painter of maps needs it."""

    question: Question
    words: Words
    nothing: str  #: what stands on a map without any flow
    traffic: Traffic
    fill: Fill
    unit: str
    total: float  #: t/yr that arrive
    need: float  #: t/yr; where it is far more than comes, no way has the full width
    shut: str  #: what grey ways mean
    shut_countries: frozenset[str]  #: countries all of whose plants are shut
    notes: tuple[str, ...] = ()  #: how the map is to be read, besides what every map says

    @property
    def description(self) -> str:
        """What the map shows, for readers who cannot see it."""
        return (
            f"Map in the Equal Earth projection with {len(self.traffic.ways)} routes as great "
            f"circles. {self.words.figures}. {self.words.meaning}"
        )


def potential_story(
    answer: Answer, *, fill: str | ChokepointResult, level: DetailName, sites: str
) -> Story:
    """Return what a map states of a potential."""
    question = answer.question
    traffic = traffic_of(answer, level=level, sites=sites)
    notes = ("Any member may take a tonne.",) if bloc_of(question) else ()
    return Story(
        question=question,
        words=frame.words(answer),
        nothing=frame.nothing(answer),
        traffic=traffic,
        fill=fill_of(answer, fill),
        unit=answer.unit,
        total=answer.value,
        need=answer.need.value,
        shut=frame.shut_legend(answer),
        shut_countries=shut_countries(question),
        notes=notes,
    )


def contested_story(
    result: SolvedBalance, *, element: str | None, to: str | None, has_fill: bool, level: DetailName
) -> Story:
    """Return what a map states of a balance: what all get when all buy at once."""
    question = result.question
    name = element or question.net.commodity.headline[0]
    results = streams(result, element=name, to=to)
    traffic = traffic_of_streams(result, results, level=level, to=to)
    texts = stream_words((result,), (results,), to)
    areas = {question.net.node(text).country for text in results.needed} & set(
        question.net.commodity.areas
    )
    notes = ("Groups of countries have no color.",) if areas and has_fill else ()
    return Story(
        question=question,
        words=texts,
        nothing=plain(f"Nothing arrives: {texts.message}"),
        traffic=traffic,
        fill=shortfall_of(result, results) if has_fill else NO_FILL,
        unit=results.unit,
        total=sum(results.served.values()),
        need=0.0,
        shut="",
        shut_countries=shut_countries(question),
        notes=notes,
    )


def shut_countries(question: Question) -> frozenset[str]:
    """Return the countries all of whose plants are shut."""
    net, shut = question.net, question.shut.possibly
    nations = frozenset(net.nation_ids)
    still_open = {
        node_row.country for node_row in net.node_rows if node_row.id not in shut | nations
    }
    return frozenset({net.node(name).country for name in shut} - still_open)
