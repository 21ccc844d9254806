"""What a map tells, whatever result it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.exposure.streams import streams
from supplynet.draw import frame
from supplynet.draw.grouping import bloc_of
from supplynet.draw.maps.fill import NO_FILL, Fill, fill_of, shortfall_of
from supplynet.draw.maps.sites import Traffic, traffic_of, traffic_of_streams
from supplynet.draw.sheet import Words
from supplynet.draw.streams.words import words as stream_words
from supplynet.terms import DetailName
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.question import Question
    from supplynet.draw.answer import Answer
    from supplynet.questions.chokepoints import ChokepointResult


@dataclass(frozen=True)
class Story:
    """A result as the painter of maps needs it."""

    question: Question
    words: Words
    nothing: str  #: what stands on a map without any flow
    description: str  #: what the map shows, for readers who cannot see it
    traffic: Traffic
    fill: Fill
    unit: str
    total: float  #: t/yr that arrive
    need: float  #: t/yr; where it is far more than comes, no way has the full width
    shut: str  #: what grey ways mean
    shut_countries: frozenset[str]  #: countries all of whose plants are shut
    digest: str
    notes: tuple[str, ...] = ()  #: how the map is to be read, besides what every map says


def potential_story(
    answer: Answer, *, fill: str | ChokepointResult, level: DetailName, sites: str, with_cut: bool
) -> Story:
    """Return what a map states of a potential."""
    asked = answer.question
    traffic = traffic_of(answer, level=level, sites=sites, with_cut=with_cut)
    title, (told, meant) = frame.title(answer), frame.subtitles(answer)
    notes = []
    if bloc_of(asked):
        notes.append("Any member may take a tonne.")
    return Story(
        question=asked,
        words=Words(*title, told, meant, frame.sources(answer)),
        nothing=frame.nothing(answer),
        description=_description(told, meant, len(traffic.ways)),
        traffic=traffic,
        fill=fill_of(answer, fill),
        unit=answer.unit,
        total=answer.value,
        need=answer.need.value,
        shut=frame.shut_legend(answer),
        shut_countries=shut_countries(asked),
        digest=answer.provenance.digest,
        notes=tuple(notes),
    )


def contested_story(
    result: BalanceResult, *, element: str | None, to: str | None, has_fill: bool, level: DetailName
) -> Story:
    """Return what a map states of a balance: what all get when all buy at once."""
    asked = result.question
    name = element or asked.net.commodity.headline[0]
    found = streams(result, element=name, to=to)
    traffic = traffic_of_streams(result, found, level=level, to=to)
    words = stream_words((result,), (found,), to)
    areas = {asked.net.node(one).country for one in found.needed} & set(asked.net.commodity.areas)
    notes = [] if not areas or not has_fill else ["Groups of countries have no color."]
    return Story(
        question=asked,
        words=words,
        nothing=plain(f"Nothing arrives: {words.message}"),
        description=_description(words.figures, words.meaning, len(traffic.ways)),
        traffic=traffic,
        fill=shortfall_of(result, found) if has_fill else NO_FILL,
        unit=found.unit,
        total=sum(found.served.values()),
        need=0.0,
        shut="",
        shut_countries=shut_countries(asked),
        digest=result.provenance.digest,
        notes=tuple(notes),
    )


def shut_countries(question: Question) -> frozenset[str]:
    """Return the countries all of whose plants are shut."""
    net, shut = question.net, question.shut.possibly
    nations = frozenset(net.nation_ids)
    still_open = {one.country for one in net.node_rows if one.id not in shut | nations}
    return frozenset({net.node(one).country for one in shut} - still_open)


def _description(told: str, meant: str, n_ways: int) -> str:
    return plain(
        f"Map in the Equal Earth projection with {n_ways} routes as great circles. {told}. {meant}"
    )
