"""A run through time: the question, checked and solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, cast

from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined
from supplynet.analysis.time.columns import Stretch
from supplynet.analysis.time.filling import gradually
from supplynet.analysis.time.foresight import foresight_of
from supplynet.analysis.time.horizon import Period, periods
from supplynet.analysis.time.responses import responses_of, restarted, substitutes_in
from supplynet.analysis.time.result import RunResult
from supplynet.analysis.time.rolling import rolling_of
from supplynet.analysis.time.seasons import in_season
from supplynet.analysis.time.shocks import Part, parts_of, require_cut
from supplynet.analysis.time.states import (
    Asked,
    Normal,
    State,
    asked_of,
    normal_of,
    states_of,
)
from supplynet.analysis.time.stocks import lines_of, shown_of, stocks_in, stored_at
from supplynet.analysis.time.transit import (
    MOST_AHEAD,
    Way,
    as_it_arrives,
    awaited,
    longest,
    ways_of,
)
from supplynet.analysis.time.usual import usual_flows
from supplynet.analysis.words import OwnedWords, known_words, takes
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.months import Month, month_of, span_of
from supplynet.solve.check import worst
from supplynet.terms import BEHAVIORS, LEVELS, PERIODS, LevelName, did_you_mean, one_of
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Vector
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.stocks import Line
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Stock

T = TypeVar("T")

#: months after a shock that a horizon shows where its end is not given
_AFTER = 6
#: the longest time on the way, months
_MOST_LEAD = 12
#: months of a horizon without a shock
_USUAL = 12


@takes(OwnedWords)
def run(
    net: SupplyNetwork,
    *,
    shock: str | Iterable[str] | None = None,
    avoid: str | Iterable[str] | None = None,
    during: str | None = None,
    begin: str | None = None,
    end: str | None = None,
    by: str = "month",
    behavior: str = "rolling",
    stocks: Iterable[str] | None = None,
    lead: int = 0,
    anticipation: float = 0.0,
    postponed: float = 0.0,
    gradual: bool = False,
    seasonal: bool = False,
    delays: bool = False,
    respond: Iterable[str] | None = None,
    level: LevelName = "central",
    time_limit: float | None = None,
    **words: Unpack[OwnedWords],
) -> RunResult:
    """Who is served how much, month by month, when a shock comes and stocks are used?

    All nations draw at once. What each is served without the shock is what it needs here: a nation
    that is short in every year is not made short by the shock. Stocks are used for what the shock
    takes, and filled again when none is in force. Scenarios hold throughout.

    Parameters
    ----------
    net : SupplyNetwork
    shock : str or iterable of str, optional
        Shocks of the graph by name, or scenarios with their months,
        ``NAME:PARAMETER=VALUE@2026-01..2026-06``.
    avoid : str or iterable of str, optional
        Selector of what is shut in the months of `during`. A nation among it does not draw then.
    during : str, optional
        First and last month in which `avoid` is shut, such as ``2026-01..2026-06``; default the
        whole horizon.
    begin, end : str, optional
        First and last month of the horizon. Default: from the first month of the shocks to half a
        year after the last; without shocks the year of today, or one in which scenarios act.
    by : {"month", "quarter", "year"}
        How long a period is.
    behavior : {"rolling", "foresight"}
        rolling: each period is decided with what is known in it. foresight: one program over the
        horizon, the best that could be done by who knew all of it.
    stocks : iterable of str, optional
        Ids of the stocks that there are; default all of the graph; empty for none.
    level : {"low", "central", "high"}
        End of all figures, stocks among them.

    Returns
    -------
    RunResult
        What is served by period, nation and product, stocks, and certificates.

    Raises
    ------
    UnknownNameError
        If a shock, scenario, stock or selector names nothing.
    OptionError
        If months, horizon or an option's value is not allowed, or the graph knows no demand.
    DataError
        If seasons or delays count and the graph has no table of them.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> result = run(net, avoid="ISL", during="2024-02", begin="2024-01", end="2024-03")
    >>> [f"{row.period} {row.share:.2f}" for row in result.months if row.nation == "MLT"]
    ['2024-01 1.00', '2024-02 0.00', '2024-03 1.00']
    """
    known_words(words, run)
    one_of(level, LEVELS, "level")
    asked = asked_of(net, words, level, time_limit)
    _require_options(lead, delays, anticipation, postponed, behavior)
    require_tables(net, {"seasons": seasonal, "lead_times": delays})
    cut, parts = horizon_of(asked, shock, avoid, during, begin, end, by, lead)
    felt = tuple(part.later(lead) for part in parts)
    known = (*cut, *_after(net, cut[-1], by)) if delays else cut
    each = words_by_period(asked, known, gradual=gradual, seasonal=seasonal)
    normals = tuple(normal_of(own, period.year) for own, period in zip(each, known, strict=True))
    lines = lines_of(normal_of(asked, cut[0].year), _chosen(net, cut[0].year, stocks), level)
    responses = responses_of(net, respond or (), _begun(parts, cut), level)
    lines += substitutes_in(net, responses, cut[-1].end)
    ways = _ways(normals[: len(cut)], cut[0], by, level) if delays else ()
    shown = [shown_of(normal) if ways else normal.run.x for normal in normals]
    normals = as_it_arrives(normals, shown, ways)
    acting = tuple(map(partial(restarted, responses=responses), each, known))
    n_seen = 1 + (min(longest(ways), MOST_AHEAD) if behavior == "rolling" else 0)
    seen, now = partial(_seen, len(cut), n_seen), [each for each in cut for _ in range(n_seen)]
    states = _states(seen(acting), seen(known), felt, lines, ways, now)
    tail = longest(ways) * PERIODS[by].n_months
    told = seen(known), states, seen(normals), felt, anticipation, tail, seen(shown)
    every = stretches_of(*told, seen_from=now)
    stretches, normals = every[::n_seen], normals[: len(cut)]
    solved = partial(foresight_of, lines=lines, ways=ways, time_limit=time_limit)
    if behavior == "rolling":
        ahead = [every[i : i + n_seen] for i in range(0, len(every), n_seen)] if ways else ()
        solved = partial(rolling_of, **solved.keywords, ahead=ahead, postponed=postponed)
    question, plan = _asked_of(asked, cut, parts), solved(stretches)
    solved_all: Sequence[Any] = (plan, *states[::n_seen], *(normal.run for normal in normals))
    return RunResult(
        question=question,
        cut=cut,
        parts=parts,
        behavior=behavior,
        by=by,
        level=level,
        normals=normals,
        states=states[::n_seen],
        plan=plan,
        certificate=worst(one for each in solved_all for one in each.certificates.values()),
        begun=responses,
        provenance=provenance(
            question,
            shocks=[part.label for part in parts],
            begin=str(cut[0].begin),
            end=str(cut[-1].end),
            by=by,
            behavior=behavior,
            level=level,
            stocks=sorted({line.stock.id for line in lines if line.begins is None}),
            lead=lead,
            anticipation=anticipation,
            postponed=postponed,
            gradual=gradual,
            seasonal=seasonal,
            delays=delays,
            respond=[response.option.id for response in responses],
        ),
    )


def _asked_of(asked: Asked, cut: Sequence[Period], parts: Sequence[Part]) -> Question:
    """Return the question of a run, which tells where no shock is asked for."""
    question = asked.question(cut[0].year)
    if parts:
        return question
    return replace(question, notes=(*question.notes, _without_shock(question.net, cut)))


def _without_shock(net: SupplyNetwork, cut: Sequence[Period]) -> str:
    """Return that a run has no shock; who gives a scenario alone may have meant it as one."""
    text = "No shock is asked for, so that nothing is lost"
    if not net.applied:
        return f"{text}: give a shock, or what is avoided."
    hold = "holds" if len(net.applied) == 1 else "hold"
    text += f": {listing(net.applied)} {hold} throughout, in what is served without a shock too."
    first = net.applied[0]
    if first.partition(":")[0] not in net.scenarios:  # one of a file has no name to ask for
        return text
    return f"{text} As a shock it is {first}@{cut[0].begin}..{cut[-1].end}."


def words_by_period(
    asked: Asked, cut: Iterable[Period], *, gradual: bool, seasonal: bool
) -> tuple[Asked, ...]:
    """Return the words of each period: with the capacities and the part of a year that are its."""
    filled = ((gradually(asked, period) if gradual else asked, period) for period in cut)
    return tuple(in_season(words, period) if seasonal else words for words, period in filled)


def months_on_the_way(asked: Asked, year: int) -> int:
    """Return after how many months all has come that left, by the table of lead times."""
    require_tables(asked.net, {"lead_times": True})
    first = Period(Month(year, 1), 1)
    return longest(_ways((normal_of(asked, year),), first, "month", asked.level))


def _ways(normals: Sequence[Normal], first: Period, by: str, level: LevelName) -> tuple[Way, ...]:
    """Return what is on the way longer than a period, at first what goes without a shock.

    That is what is shown of the year, and so is what goes on as usual.
    """
    before = normals[0].run.model, shown_of(normals[0])
    return ways_of([normal.run.model for normal in normals], before, first, by, level)


def _begun(parts: Iterable[Part], cut: Sequence[Period]) -> Month:
    """Return the month in which the first shock begins, without any that of the horizon."""
    return min((part.begin for part in parts), default=cut[0].begin)


def _states(
    acting: Sequence[Asked],
    periods: Sequence[Period],
    felt: Sequence[Part],
    lines: Iterable[Line],
    ways: Iterable[Way],
    seen_from: Sequence[Period],
) -> tuple[State, ...]:
    """Return the state of every period, with what stocks and ships may bring to plants."""
    awaits = awaited(ways)
    held = _joint(stored_at(lines), awaits.elements)
    return states_of(acting, periods, felt, held, awaits.feeds, seen_from=seen_from)


def _seen(n_periods: int, n_seen: int, each: Sequence[T]) -> list[T]:
    """Return what is known in each period: itself, and those in which what leaves in it arrives.

    The last one stands for all after it.

    Examples
    --------
    >>> _seen(2, 3, ["July", "August", "September"])
    ['July', 'August', 'September', 'August', 'September', 'September']
    """
    return [
        each[min(now + further, len(each) - 1)]
        for now in range(n_periods)
        for further in range(n_seen)
    ]


def _after(net: SupplyNetwork, last: Period, by: str) -> tuple[Period, ...]:
    """Return the periods after a horizon in which what leaves in it arrives, if the graph knows."""
    after: list[Period] = []
    for _ in range(MOST_AHEAD):
        begin, step = last.end.later(1), PERIODS[by].n_months
        if begin.year > net.commodity.last_year:
            break
        last = Period(begin, step - (begin.month - 1) % step)
        after.append(last)
    return tuple(after)


def _joint(
    held: Mapping[str, frozenset[str]], awaits: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Return the elements by plant of both."""
    return {
        plant: held.get(plant, frozenset()) | awaits.get(plant, frozenset())
        for plant in {**held, **awaits}
    }


#: what a graph lacks without a table that a run asks for
_UNTOLD = {
    "seasons": "which part of a year goes in which month",
    "lead_times": "how long goods are on the way",
}


def require_tables(net: SupplyNetwork, asked: Mapping[str, bool]) -> None:
    """Refuse what a graph has no table for."""
    for table, is_asked in asked.items():
        if is_asked and not net.rows(table):
            raise DataError(
                f"{net.name} does not say {_UNTOLD[table]}", hint=f"add the table {table}.csv"
            )


def _require_options(
    lead: int,
    delays: bool,
    anticipation: float,
    postponed: float,
    behavior: str,
) -> None:
    """Refuse what is no share, number of months or behavior, and words that exclude each other."""
    one_of(behavior, BEHAVIORS, "behavior")
    if not 0 <= lead <= _MOST_LEAD:
        raise OptionError(f"a lead of {lead} months is not 0 to {_MOST_LEAD}")
    for name, part in (("anticipation", anticipation), ("postponed", postponed)):
        if not 0.0 <= part <= 1.0:
            raise OptionError(f"{name} {part} lies outside 0..1")
    if lead and delays:
        raise OptionError(
            "lead= and delays= both tell how long goods are on the way", hint="leave lead=0"
        )
    if postponed and behavior != "rolling":
        raise OptionError(
            "demand that waits is decided month by month", hint='leave behavior="rolling"'
        )


def horizon_of(
    asked: Asked,
    shock: str | Iterable[str] | None,
    avoid: str | Iterable[str] | None,
    during: str | None,
    begin: str | None,
    end: str | None,
    by: str,
    lead: int = 0,
) -> tuple[tuple[Period, ...], tuple[Part, ...]]:
    """Return the periods of a horizon and the parts of its shocks, checked."""
    net = asked.net
    parts = list(parts_of(net, shock))
    if during is not None and avoid is None:
        raise OptionError(
            "during= and avoid= go together",
            hint='for example avoid="CHN"; begin= and end= are the months that are shown',
        )
    shut = span_of(during, "during") if during is not None else None
    if avoid is not None and shut is not None:
        parts.append(Part(shut[0], shut[1], avoid=joined(avoid)))
    first = month_of(begin, "begin") if begin is not None else None
    last = month_of(end, "end") if end is not None else None
    if first is None:
        first = min((part.begin for part in parts), default=Month(asked.default_year, 1))
    if last is None:
        usual = first.later(_USUAL - 1)
        last = max((part.end.later(_AFTER + lead) for part in parts), default=usual)
        last = min(last, Month(net.commodity.last_year, 12))
    if avoid is not None and shut is None:
        parts.append(Part(first, last, avoid=joined(avoid)))
    cut = periods(net, first, last, by)
    require_cut((part.later(lead) for part in parts), cut)
    return cut, tuple(parts)


def _chosen(net: SupplyNetwork, year: int, stocks: Iterable[str] | None) -> tuple[Stock, ...]:
    """Return the stocks that count."""
    chosen = None if stocks is None else list(stocks)
    known = [row.id for row in cast("tuple[Stock, ...]", net.rows("stocks"))]
    for name in chosen or ():
        if name not in known:
            raise UnknownNameError(
                f"{net.name} has no stock {name!r}", hint=did_you_mean(name, known)
            )
    return stocks_in(net, year, chosen)


def stretches_of(
    cut: Sequence[Period],
    states: Sequence[State],
    normals: Sequence[Normal],
    parts: Sequence[Part],
    anticipation: float = 0.0,
    tail: int = 0,
    moved: Sequence[Vector] = (),
    *,
    seen_from: Sequence[Period] = (),
) -> tuple[Stretch, ...]:
    """Return the periods with what holds and what is needed in them.

    Stocks are drawn as long as a shock can be felt: in its months, and so many after it. What moves
    without a shock is by default what the run of the year ended with. A period is as calm as that
    which it is seen from, by default itself.
    """
    first = _begun(parts, cut)
    stretches: list[Stretch] = []
    usual: dict[tuple[int, int], Vector | None] = {}
    flows = moved or [normal.run.x for normal in normals]
    for period, state, normal, x, now in zip(
        cut, states, normals, flows, seen_from or cut, strict=True
    ):
        needs = {
            claim: tonnes * period.length
            for claim, tonnes in normal.served.items()
            if claim in state.model.scope.demand and claim[0] not in state.silent
        }
        is_calm = not any(replace(part, end=part.end.later(tail)).holds(now) for part in parts)
        headroom = anticipation if period.end < first else 0.0
        key = id(state.model), id(normal)
        if key not in usual:  # once for all months in which the same holds
            usual[key] = usual_flows(state.model, normal.run.model, x)
        stretches.append(Stretch(period, state.model, needs, is_calm, headroom, usual=usual[key]))
    return tuple(stretches)
