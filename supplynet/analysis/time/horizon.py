"""A run through time: its periods are put together, decided month by month or at once, and read.

Stocks are used for what a shock takes, and filled again when none is in force. What is served
without the shock is what is needed here.

Month by month nothing is known of later periods. In each the worst covered need is served as well
as can be, and stocks are drawn as far as that takes them and their release allows. What is missing
may be asked for again in the next period: demand that waits comes on top of what is needed then.

Where goods are on the way, what leaves now serves later. Each period is then decided as if the
shocks of it went on until what leaves now has arrived, and the first period of that plan is done
(receding horizon control; Mayne and others, 2000, doi:10.1016/S0005-1098(99)00214-9). The tables
tell the years to come, so that who needs more in January orders in time. A plan serves
its periods in turn: what has arrived is used as it is needed, and nobody is short for the sake of
a month to come. As long as no shock comes or goes, what a plan says of later periods stays the
best, so that one further period is raised a month, not all of them anew.

At once is the best that could be done by who knew the horizon. Periods in a row in which the same
holds, and in which stocks lose nothing, are then solved as one. That gives up nothing: the mean of
a plan over them is a plan too, and serves the worst of them better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from supplynet.analysis.question import joined
from supplynet.analysis.time.periods import Part, Period, parts_of, periods, require_cut
from supplynet.analysis.time.plan import Plan, Warm, as_before, hold_rows, plan_of, usual_flows
from supplynet.analysis.time.program import HorizonProgram, Stretch
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
    later,
    longest,
    normal_of,
    state_of,
    ways_of,
    words_by_period,
)
from supplynet.analysis.time.stocks import (
    lines_of,
    responses_of,
    restarted,
    shown_of,
    stocks_in,
    stored_at,
    substitutes_in,
)
from supplynet.arrays import Floats
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.timeline import Month, month_of, span_of
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.engine import nearest
from supplynet.solve.together import tell
from supplynet.terms import PERIODS, did_you_mean
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.options import Through, Ways
    from supplynet.analysis.time.plan import Hold
    from supplynet.analysis.time.program import PeriodClaim
    from supplynet.analysis.time.states import Asked
    from supplynet.analysis.time.stocks import Line, Response
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Stock

T = TypeVar("T")

# part of a demand below which what is missing is rounding of the programs
_LEAST = 1e-6


def rolling_of(
    stretches: Sequence[Stretch],
    lines: Sequence[Line],
    *,
    ways: Sequence[Way] = (),
    ahead: Sequence[Sequence[Stretch]] = (),
    postponed: float = 0.0,
    time_limit: float | None = None,
) -> Plan:
    """Decide period after period, and return what was done as a plan of the whole horizon.

    `ways` are on the way longer than a period; `ahead` is what is known in each period of itself
    and of those in which what leaves in it arrives, by default of itself alone. `postponed` is the
    part of what is missing in a period that is asked for again in the next. The plan's program is
    that of the whole horizon, in which what was done is feasible; the time limit, in seconds, is
    that of each program.
    """
    horizon_program = HorizonProgram(
        tuple(stretches), tuple(lines), tuple(line.tonnes for line in lines), tuple(ways)
    )
    on_the_way = horizon_program.ways
    x = np.zeros(len(horizon_program))
    members = horizon_program.levels
    certificates: dict[str, Certificate] = {}
    levels: dict[PeriodClaim, float] = {}
    holds: dict[PeriodClaim, Hold] = {}
    plans: dict[tuple[object, ...], Plan] = {}
    warm: dict[tuple[object, ...], Warm] = {}
    near = nearest()
    waiting: dict[Claim, float] = {}
    request: list[Stretch] = []
    promises, room = _Promises({}, {}), 0.0
    before: tuple[object, ...] = ()
    for index, (first, *further) in enumerate(ahead or [(each,) for each in stretches]):
        tell(f"Solving for {first.period.label}", index / len(stretches))
        stretch = _with(first, waiting)
        request.append(stretch)
        same = tuple(_what_holds(each, lines) for each in (stretch, *further))
        if same[:-1] != before[1:]:
            promises = _Promises({}, {})
        before = same
        if (*same, members, on_the_way) not in plans:
            # What arrives late is sent for a period that is still to come: the program looks as far
            # ahead as the longest way, on the assumption that the shocks of now hold on. Nobody in
            # it knows when they end.
            program = HorizonProgram((stretch, *further), tuple(lines), members, on_the_way)
            started = warm.setdefault(same, Warm(near))
            started.room = max(room, started.room)
            own = as_before(program, time_limit) or plan_of(
                program,
                time_limit=time_limit,
                warm=started,
                in_turn=True,
                promised=promises.levels,
            )
            room = started.room
            plans[*same, members, on_the_way] = replace(own, holds={**promises.holds, **own.holds})
        plan = plans[*same, members, on_the_way]
        promises = _Promises.of(plan)
        _copy(horizon_program, index, plan, x)
        members = tuple(
            # Only the first period is done; those behind it were an assumption.
            max(0.0, float(plan.x[moves.level]))
            for moves in plan.program.moves
            if not moves.period
        )
        on_the_way = _later(plan)
        waiting = _missing(plan, postponed)
        levels |= _as_of(plan.levels, index)
        holds |= _as_of(plan.holds, index)
        certificates |= {
            f"{stretch.period.label} {name}": certificate
            for name, certificate in plan.certificates.items()
        }
    return Plan(replace(horizon_program, stretches=tuple(request)), x, levels, certificates, holds)


def _what_holds(stretch: Stretch, lines: Sequence[Line]) -> tuple[object, ...]:
    """Return all that a period's program depends on beside stocks and goods on the way.

    Months in which the same holds and stocks stand alike are one solve; those in which only stocks
    differ go on from its basis.
    """
    return (
        id(stretch.model),
        stretch.is_calm,
        stretch.headroom,
        stretch.period.n_months,
        tuple(stretch.needs.items()),
        tuple(line.is_open(stretch.period) for line in lines),
    )


class _Promises(NamedTuple):
    """What the plan of a period says of those after it, by the number that they have in theirs."""

    levels: Mapping[PeriodClaim, float]
    holds: Mapping[PeriodClaim, Hold]

    @classmethod
    def of(cls, plan: Plan) -> _Promises:
        """Return what a plan promises."""
        return cls(_a_period_on(plan.levels), _a_period_on(plan.holds))


def _a_period_on(record: Mapping[PeriodClaim, T]) -> dict[PeriodClaim, T]:
    return {(claim[0] - 1, *claim[1:]): value for claim, value in record.items() if claim[0]}


def _as_of(record: Mapping[PeriodClaim, T], index: int, run: int = 0) -> dict[PeriodClaim, T]:
    """Return what is reported of a period of a plan, as of a period of the horizon."""
    return {(index, *claim[1:]): value for claim, value in record.items() if claim[0] == run}


def _with(stretch: Stretch, waiting: Mapping[Claim, float]) -> Stretch:
    """Return a period in which what waited is needed on top."""
    if not waiting:
        return stretch
    needs = {claim: need + waiting.get(claim, 0.0) for claim, need in stretch.needs.items()}
    return replace(stretch, needs=needs)


def _missing(plan: Plan, share: float) -> dict[Claim, float]:
    """Return a part of what a period's own plan leaves missing, by claim."""
    missing = {
        claim[1:]: share * (need - float(plan.x[plan.program.served[claim]]))
        for claim, need in plan.program.claims.items()
        if share > 0.0 and not claim[0]
    }
    needs = plan.program.stretches[0].needs
    # Crumbs of rounding would make every month another program, and none would be found again.
    return {claim: tonnes for claim, tonnes in missing.items() if tonnes > _LEAST * needs[claim]}


def _copy(
    program: HorizonProgram, index: int, plan: Plan, x: Floats, run: int = 0, share: float = 1.0
) -> None:
    """Write a part of what a plan says of a period into the columns of one of the horizon."""
    own, start = plan.program, program.starts[index]
    first, last = own.starts[run : run + 2]
    x[start : start + last - first] = share * plan.x[first:last]
    for moves in own.moves:
        if moves.period == run:
            same = program.moves[moves.line * len(program.stretches) + index]
            x[list(same.draw)] = share * plan.x[list(moves.draw)]
            x[list(same.fill)] = share * plan.x[list(moves.fill)]
            x[same.level] = plan.x[moves.level]
    for carriage in own.carriages:
        if carriage.period == run:
            to = program.carriages[carriage.way * len(program.stretches) + index]
            if to.arrive is not None and carriage.arrive is not None:
                x[to.arrive] = plan.x[carriage.arrive]
            x[to.wait] = plan.x[carriage.wait]


def _later(plan: Plan) -> tuple[Way, ...]:
    """Return what is on the way after the first period of a plan."""
    program, x = plan.program, plan.x
    routes = []
    for carriage in program.carriages:
        if carriage.period == 0:
            sent = program.sent(carriage.way, 0)
            routes.append(
                later(
                    program.ways[carriage.way],
                    0.0 if sent is None else float(x[sent]),
                    0.0 if carriage.arrive is None else float(x[carriage.arrive]),
                )
            )
    return tuple(routes)


def foresight_of(
    stretches: Sequence[Stretch],
    lines: Sequence[Line],
    *,
    ways: Sequence[Way] = (),
    time_limit: float | None = None,
) -> Plan:
    """Solve a horizon at once, periods in which the same holds as one.

    `ways` are on the way longer than a period: then no two periods are one. The plan is of the
    whole horizon, every period by itself; the time limit, in seconds, is that of each program.
    """
    members = tuple(line.tonnes for line in lines)
    program = HorizonProgram(tuple(stretches), tuple(lines), members, tuple(ways))
    # Months cannot be joined where goods are on the way: what leaves in one arrives in another.
    if ways:
        return plan_of(program, time_limit=time_limit)
    # Months in which the same holds are one long period: a plan of the long one, cut by length, is
    # a plan of the months, and the other way round their sum is one of it. The program shrinks to
    # as many periods as there are changes.
    runs = _runs(stretches, lines)
    joint = tuple(_as_one([stretches[count] for count in numbers]) for numbers in runs)
    merged = HorizonProgram(joint, tuple(lines), members)
    plan = plan_of(merged, time_limit=time_limit)
    if len(runs) == len(stretches):
        return plan
    x = np.zeros(len(program))
    levels: dict[PeriodClaim, float] = {}
    holds: dict[PeriodClaim, Hold] = {}
    for run, numbers in enumerate(runs):
        for index in numbers:
            share = stretches[index].period.n_months / joint[run].period.n_months
            _copy(program, index, plan, x, run, share)
            levels |= _as_of(plan.levels, index, run)
            holds |= _as_of(plan.holds, index, run)
    for moves in program.moves:  # of the end of each period, from what was drawn and put back
        before = program.levels[moves.line]
        if moves.period:
            before = float(x[program.before(moves).level])
        change = float(sum(x[list(moves.fill)]) - sum(x[list(moves.draw)]))
        x[moves.level] = program.kept(moves) * before + change
    return Plan(program, x, levels, plan.certificates, holds)


def _runs(stretches: Sequence[Stretch], lines: Sequence[Line]) -> list[list[int]]:
    """Return the numbers of the periods that are solved as one."""
    # A stock that loses by the month is no linear sum over months, so that these stay apart.
    loses = any(line.stock.loss > 0.0 for line in lines)
    runs: list[list[int]] = []
    for index, stretch in enumerate(stretches):
        before = stretches[runs[-1][-1]] if runs else stretch
        opens = any(
            line.is_open(stretch.period) and not line.is_open(before.period) for line in lines
        )
        if runs and not loses and not opens and _is_alike(before, stretch):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _is_alike(before: Stretch, after: Stretch) -> bool:
    """Whether the same holds in two periods of one year, each by its length."""
    return (
        before.model is after.model
        and before.is_calm == after.is_calm
        and before.headroom == after.headroom
        and before.period.year == after.period.year
    )


def _as_one(stretches: Sequence[Stretch]) -> Stretch:
    """Return periods in a row as one."""
    first = stretches[0]
    needs: dict[tuple[str, str], float] = {}
    for stretch in stretches:
        for claim, tonnes in stretch.needs.items():
            needs[claim] = needs.get(claim, 0.0) + tonnes
    n_months = sum(stretch.period.n_months for stretch in stretches)
    return replace(first, period=Period(first.period.begin, n_months), needs=needs)


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
