"""A run through time: its periods are put together, solved, and read in several ways.

Stocks are used for what a shock takes, and filled again when none is in force. What is served
without the shock is what is needed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.question import joined
from supplynet.analysis.time.limits import hold_rows
from supplynet.analysis.time.periods import Part, Period, parts_of, periods, require_cut
from supplynet.analysis.time.plan import usual_flows
from supplynet.analysis.time.program import Stretch
from supplynet.analysis.time.responses import responses_of, restarted, substitutes_in
from supplynet.analysis.time.rolling import foresight_of, rolling_of
from supplynet.analysis.time.rows import (
    Endurance,
    HoldRow,
    MonthRow,
    ResponseRow,
    StockRow,
    added_up,
    endurance_of,
    endurances,
)
from supplynet.analysis.time.states import (
    MOST_AHEAD,
    Normal,
    State,
    Way,
    as_it_arrives,
    longest,
    normal_of,
    state_of,
    ways_of,
    words_by_period,
)
from supplynet.analysis.time.stocks import lines_of, shown_of, stocks_in, stored_at
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.months import Month, month_of, span_of
from supplynet.solve.check import Certificate, worst
from supplynet.terms import PERIODS, did_you_mean
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.options import Through, Ways
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.responses import Response
    from supplynet.analysis.time.states import Asked
    from supplynet.analysis.time.stocks import Line
    from supplynet.arrays import Floats
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Stock

#: months after a shock that a horizon shows where its end is not given
_AFTER = 6
#: months of a horizon without a shock
_USUAL = 12
#: part of a demand below which what is missing is rounding of the programs
_WHOLE = 1e-6


@dataclass(frozen=True, repr=False)
class Horizon:
    """What is done over a horizon, and what is read of it."""

    question: Question
    cut: tuple[Period, ...]
    parts: tuple[Part, ...]  #: the shocks with their months
    normals: tuple[Normal, ...]  #: what each period brings without a shock
    plan: Plan
    begun: tuple[Response, ...]  #: what is begun when the shock comes
    certificate: Certificate

    @property
    def begin(self) -> Month:
        """First month of the shocks."""
        return _begun(self.parts, self.cut)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The stocks; what is begun is none."""
        return tuple(line for line in self.plan.program.lines if line.begins is None)

    @cached_property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form."""
        plan, rows = self.plan, list[MonthRow]()
        for index, (stretch, normal) in enumerate(
            zip(plan.program.stretches, self.normals, strict=True)
        ):
            products, length = normal.question.net.product_by_id, stretch.period.length
            sums: dict[tuple[str, str], list[float]] = {}
            for claim, need in stretch.needs.items():
                column = plan.program.served.get((index, *claim))
                served = 0.0 if column is None else max(0.0, float(plan.x[column]))
                members = sums.setdefault((claim[0], products[claim[1]].form), [0.0, 0.0, 0.0])
                members[0] += normal.demand[claim] * length
                members[1] += normal.served[claim] * length
                members[2] += need if served >= need * (1.0 - _WHOLE) else served
            label = stretch.period.label
            rows += [MonthRow.of(label, *key, several) for key, several in sums.items()]
        return tuple(rows)

    @property
    def binding(self) -> tuple[HoldRow, ...]:
        """What holds down every demand that is short of what is normal."""
        program = self.plan.program
        normal = [
            self.normals[index].served[nation, product] * program.stretches[index].period.length
            for index, nation, product in program.claims
        ]
        return hold_rows(program, self.plan.x, self.plan.holds, normal)

    @cached_property
    def stocks(self) -> tuple[StockRow, ...]:
        """What every stock does, and what is given in place of products."""
        program, x = self.plan.program, self.plan.x

        def row(line: Line, moves: Any) -> StockRow:
            drawn, filled = (float(sum(x[list(of)])) for of in (moves.draw, moves.fill))
            figures = (max(0.0, each) for each in (drawn, filled, float(x[moves.level])))
            label = self.cut[moves.period].label
            return StockRow(line.stock.id, line.stock.name, line.held, line.nation, label, *figures)

        return tuple(
            row(line, moves)
            for moves in program.moves
            if (line := program.lines[moves.line]).begins is None
        )

    @property
    def responses(self) -> tuple[ResponseRow, ...]:
        """What is begun when the shock comes."""
        program, x = self.plan.program, self.plan.x
        drawn = {line.stock.id: 0.0 for line in program.lines if line.begins is not None}
        for moves in program.moves:
            name = program.lines[moves.line].stock.id
            if name in drawn:
                drawn[name] += max(0.0, float(sum(x[list(moves.draw)])))
        rows = []
        for response in self.begun:
            row = response.option
            tonnes = drawn.get(row.id, 0.0) if response.is_substitute else None
            central, low, high = (
                (row.capex if capex is None else capex)
                + (row.premium if premium is None else premium) * (tonnes or 0.0)
                for capex, premium in (
                    (None, None),
                    (row.capex_low, row.premium_low),
                    (row.capex_high, row.premium_high),
                )
            )
            begins, names = str(response.begins), row.confidence
            what = (row.id, row.name, row.kind)
            rows.append(ResponseRow(*what, begins, tonnes, central, low, high, names))
        return tuple(rows)

    @cached_property
    def endurance(self) -> tuple[Endurance, ...]:
        """Time to survive of each nation in each form; the shortest first."""
        return tuple(endurances(self.months, self.cut, self.begin))

    def endured(self, nations: frozenset[str], form: str) -> Endurance:
        """Return how long some nations together survive in a form; the nation is empty."""
        rows = [row for row in self.months if row.nation in nations and row.form == form]
        return endurance_of("", form, added_up(rows), self.cut, self.begin)


def horizon(query: Asked, through: Through, stocks: Iterable[str] | None = None) -> Horizon:
    """Solve a horizon; `stocks` are the ids of those that there are, by default all of the graph.

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
    """
    net, level, is_rolling = query.net, query.level, through.behavior == "rolling"
    _require_options(net, through)
    cut, parts = horizon_of(query, through)
    names = (*cut, *_after(net, cut[-1], through.by)) if through.delays else cut
    each = words_by_period(query, names, through)
    normals = tuple(normal_of(own, period.year) for own, period in zip(each, names, strict=True))
    lines = lines_of(normal_of(query, cut[0].year), _chosen(net, cut[0].year, stocks), level)
    responses = responses_of(net, through.respond or (), _begun(parts, cut), level)
    lines += substitutes_in(net, responses, cut[-1].end)
    routes = _ways(normals[: len(cut)], cut[0], through.by, level) if through.delays else ()
    shown = [shown_of(normal) if routes else normal.run.x for normal in normals]
    normals = as_it_arrives(normals, shown, routes)
    acting = [restarted(*texts, responses) for texts in zip(each, names, strict=True)]
    seen = _Seen(names, acting, normals, shown, parts, lines, routes, through)
    # What leaves now arrives later: each period is decided with those up to then in view.
    n_ahead = min(longest(routes), MOST_AHEAD) if is_rolling else 0
    ahead = [
        [seen.stretch(now, min(now + more, len(names) - 1)) for more in range(n_ahead + 1)]
        for now in range(len(cut))
    ]
    stretches = [first for first, *_ in ahead]
    limit = query.time_limit
    if is_rolling:
        at = ahead if routes else ()
        waits = through.postponed
        plan = rolling_of(
            stretches, lines, ways=routes, ahead=at, postponed=waits, time_limit=limit
        )
    else:
        plan = foresight_of(stretches, lines, ways=routes, time_limit=limit)
    question = query.question(cut[0].year)
    if not parts:
        question = replace(question, notes=(*question.notes, _without_shock(question.net, cut)))
    every: Sequence[Any] = (
        plan,
        *seen.states.values(),
        *(member.run for member in normals[: len(cut)]),
    )
    certificate = worst(entry for group in every for entry in group.certificates.values())
    return Horizon(question, cut, parts, normals[: len(cut)], plan, responses, certificate)


@dataclass
class _Seen:
    """Periods as they are seen from others: what holds and is needed in them."""

    known: Sequence[Period]
    acting: Sequence[Asked]
    normals: Sequence[Normal]
    moved: Sequence[Floats]  #: what moves in each without a shock
    parts: Sequence[Part]
    lines: Sequence[Line]
    ways: Sequence[Way]
    through: Through
    states: dict[tuple[object, ...], State] = field(default_factory=dict)
    usual: dict[tuple[int, int], Floats | None] = field(default_factory=dict)

    def stretch(self, now: int, index: int) -> Stretch:
        """Return a period with what holds in it if the shocks of another one go on until then.

        Stocks are drawn as long as a shock can be felt: in its months, and so many after it.
        """
        seen_from, period, normal = self.known[now], self.known[index], self.normals[index]
        affected = [interval.later(self.through.lead) for interval in self.parts]
        state = self._state(index, tuple(share for share in affected if share.holds(seen_from)))
        needs = {
            claim: tonnes * period.length
            for claim, tonnes in normal.served.items()
            if claim in state.model.scope.demand and claim[0] not in state.silent
        }
        tail = longest(self.ways) * PERIODS[self.through.by].n_months
        is_felt = any(
            replace(portion, end=portion.end.later(tail)).holds(seen_from) for portion in affected
        )
        is_before = period.end < _begun(affected, self.known)
        headroom = self.through.anticipation if is_before else 0.0
        key = id(state.model), id(normal)
        if key not in self.usual:  # once for all months in which the same holds
            before = normal.run.model
            self.usual[key] = usual_flows(state.model, before, self.moved[index])
        return Stretch(period, state.model, needs, not is_felt, headroom, usual=self.usual[key])

    def _state(self, index: int, in_force: tuple[Part, ...]) -> State:
        """Return what holds in a period; that of one year under the same shocks is one."""
        query, year = self.acting[index], self.known[index].year
        # By identity: two periods share a network only if it is the same object, and comparing
        # tables would take longer than building the state.
        key = id(query.net), year, in_force
        if key not in self.states:
            awaited = [route.passage for route in self.ways]
            pairs = ((row.head, row.thing) for row in awaited if row.kind == "element")
            feeds = frozenset((pair.head, pair.thing) for pair in awaited if pair.kind == "feed")
            contents = stored_at(self.lines, pairs)
            self.states[key] = state_of(query, year, in_force, contents, coming=feeds)
        return self.states[key]


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


def months_on_the_way(query: Asked, year: int) -> int:
    """Return after how many months all has come that left, by the table of lead times."""
    first = Period(Month(year, 1), 1)
    return longest(_ways((normal_of(query, year),), first, "month", query.level))


def _ways(normals: Sequence[Normal], first: Period, by: str, level: Any) -> tuple[Way, ...]:
    """Return what is on the way longer than a period, at first what goes without a shock.

    That is what is shown of the year, and so is what goes on as usual.
    """
    before = normals[0].run.model, shown_of(normals[0])
    return ways_of([normal.run.model for normal in normals], before, first, by, level)


def _begun(parts: Iterable[Part], cut: Sequence[Period]) -> Month:
    """Return the month in which the first shock begins, without any that of the horizon."""
    return min((interval.begin for interval in parts), default=cut[0].begin)


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


#: what a graph lacks without a table that a run asks for
_UNTOLD = {
    "seasons": "which part of a year goes in which month",
    "lead_times": "how long goods are on the way",
}


def require_tables(net: SupplyNetwork, ways: Ways) -> None:
    """Refuse what a graph has no table for."""
    for table, is_asked in (("seasons", ways.seasonal), ("lead_times", ways.delays)):
        if is_asked and not net.rows(table):
            raise DataError(
                f"{net.name} does not say {_UNTOLD[table]}", hint=f"add the table {table}.csv"
            )


def _require_options(net: SupplyNetwork, through: Through) -> None:
    """Refuse what the graph has no table for, and words that exclude each other."""
    if through.lead and through.delays:
        raise OptionError(
            "lead= and delays= both state how long goods are on the way", hint="leave lead=0"
        )
    if through.postponed and through.behavior != "rolling":
        raise OptionError(
            "demand that waits is decided month by month", hint='leave behavior="rolling"'
        )
    require_tables(net, through)


def horizon_of(query: Asked, through: Through) -> tuple[tuple[Period, ...], tuple[Part, ...]]:
    """Return the periods of a horizon and the parts of its shocks, checked."""
    net, avoid, lead = query.net, through.avoid, through.lead
    parts = list(parts_of(net, through.shock))
    if through.during is not None and avoid is None:
        raise OptionError(
            "during= and avoid= go together",
            hint='for example avoid="CHN"; begin= and end= are the months that are shown',
        )
    shut = None if through.during is None else span_of(through.during, "during")
    if avoid is not None and shut is not None:
        parts.append(Part(*shut, avoid=joined(avoid)))
    if through.begin is not None:
        first = month_of(through.begin, "begin")
    else:
        first = min((portion.begin for portion in parts), default=Month(query.default_year, 1))
    if through.end is not None:
        last = month_of(through.end, "end")
    else:
        usual = first.later(_USUAL - 1)
        last = max((share.end.later(_AFTER + lead) for share in parts), default=usual)
        last = min(last, Month(net.commodity.last_year, 12))
    if avoid is not None and shut is None:
        parts.append(Part(first, last, avoid=joined(avoid)))
    cut = periods(net, first, last, through.by)
    require_cut((interval.later(lead) for interval in parts), cut)
    return cut, tuple(parts)


def _chosen(net: SupplyNetwork, year: int, stocks: Iterable[str] | None) -> tuple[Stock, ...]:
    """Return the stocks that count; ``none`` alone is the word for none."""
    selection = None if stocks is None else [name for name in stocks if name != "none"]
    names = [row.id for row in cast("tuple[Stock, ...]", net.rows("stocks"))]
    for name in selection or ():
        if name not in names:
            raise UnknownNameError(
                f"{net.name} has no stock {name!r}", hint=did_you_mean(name, names)
            )
    return stocks_in(net, year, selection)
