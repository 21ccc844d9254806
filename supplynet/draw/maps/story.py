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
    from supplynet.analysis.balance.solved import SolvedBalance
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
    question = answer.question
    traffic = traffic_of(answer, level=level, sites=sites, with_cut=with_cut)
    title, (text, meant) = frame.title(answer), frame.subtitles(answer)
    notes = []
    if bloc_of(question):
        notes.append("Any member may take a tonne.")
    return Story(
        question=question,
        words=Words(*title, text, meant, frame.sources(answer)),
        nothing=frame.nothing(answer),
        description=_description(text, meant, len(traffic.ways)),
        traffic=traffic,
        fill=fill_of(answer, fill),
        unit=answer.unit,
        total=answer.value,
        need=answer.need.value,
        shut=frame.shut_legend(answer),
        shut_countries=shut_countries(question),
        digest=answer.provenance.digest,
        notes=tuple(notes),
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
    notes = [] if not areas or not has_fill else ["Groups of countries have no color."]
    return Story(
        question=question,
        words=texts,
        nothing=plain(f"Nothing arrives: {texts.message}"),
        description=_description(texts.figures, texts.meaning, len(traffic.ways)),
        traffic=traffic,
        fill=shortfall_of(result, results) if has_fill else NO_FILL,
        unit=results.unit,
        total=sum(results.served.values()),
        need=0.0,
        shut="",
        shut_countries=shut_countries(question),
        digest=result.provenance.digest,
        notes=tuple(notes),
    )


def shut_countries(question: Question) -> frozenset[str]:
    """Return the countries all of whose plants are shut."""
    net, shut = question.net, question.shut.possibly
    nations = frozenset(net.nation_ids)
    still_open = {
        node_row.country for node_row in net.node_rows if node_row.id not in shut | nations
    }
    return frozenset({net.node(name).country for name in shut} - still_open)


def _description(text: str, meant: str, n_ways: int) -> str:
    return plain(
        f"Map in the Equal Earth projection with {n_ways} routes as great circles. {text}. {meant}"
    )
