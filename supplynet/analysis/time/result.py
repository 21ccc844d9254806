"""What a run through time says: who is served how much when, and what stocks did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from supplynet.analysis.declared import Layout, Table, text, texts
from supplynet.analysis.result import Result
from supplynet.network.countries import country_name
from supplynet.solve.check import worst
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.responses import Response
    from supplynet.analysis.time.shocks import Part
    from supplynet.analysis.time.states import Normal, State
    from supplynet.solve.check import Certificate

#: a part of what is normal below which a nation counts as short
SHORT = 0.99
#: part of a need below which what is missing is rounding of the programs
_WHOLE = 1e-6
_UNIT = "t of product"


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What a nation needs and is served in a period, all products of a form together.

    Parameters
    ----------
    period : str
        Month or other period.
    nation, form : str
    demand : float
        What is asked for, t of product in the period.
    normal, served : float
        What is served without the shock and with it.
    share : float
        Served over normal; above 1 where what waited is served too.
    coverage : float
        Served over demand.
    """

    period: str
    nation: str
    form: str
    demand: float
    normal: float
    served: float
    share: float
    coverage: float


@dataclass(frozen=True, slots=True)
class StockRow:
    """What a stock does in a period.

    Parameters
    ----------
    stock, name, held : str
        Id and name of the stock, and the element or product.
    nation : str
        Who draws it, where it is a product; else empty.
    period : str
        Month or other period.
    drawn, filled, level : float
        Tonnes of the element on the graph's basis, or of product; ``level`` at the end.
    """

    stock: str
    name: str
    held: str
    nation: str
    period: str
    drawn: float
    filled: float
    level: float


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """What is begun when a shock comes, and what it gives.

    Parameters
    ----------
    option, name, kind : str
        Id, name and kind of the option.
    begins : str
        First month in which it gives tonnes.
    drawn : float or None
        t of product that a substitute gives over the horizon; None of a plant, whose tonnes are
        among those that are served.
    cost, cost_low, cost_high : float
        USD: what is spent once, and of a substitute the premium on what it gives.
    confidence : str
        Of the row of the option.
    """

    option: str
    name: str
    kind: str
    begins: str
    drawn: float | None
    cost: float
    cost_low: float
    cost_high: float
    confidence: str


@dataclass(frozen=True, slots=True)
class Endurance:
    """How long a nation endures in a form, and when it is over.

    Parameters
    ----------
    nation, form : str
    survives : int or None
        Whole months from the first month of the shock in which nobody is short; None where
        nobody ever is.
    recovers : int or None
        Months from the first month of the shock until what is served is normal again and stays so
        to the end of the horizon; 0 where it always is, None where it does not come to that.
    normal, lost : float
        What is served without the shock over the horizon, and how much less it is with it.
    worst : float
        The least of what is served over what is normal, of all periods.
    """

    nation: str
    form: str
    survives: int | None
    recovers: int | None
    normal: float
    lost: float
    worst: float

    @property
    def lost_share(self) -> float:
        """What is lost over what is normal."""
        return self.lost / self.normal if self.normal else 0.0


RUN_LAYOUT = Layout(
    name="run",
    title="What all nations are served, period by period, and what stocks do",
    figures=(
        text("meaning", "What the figures count."),
        text("unit", "Unit of what is asked for and served."),
        texts("shocks", "The shocks with their months."),
        text("behavior", "How stocks are drawn."),
        text("by", "Length of the periods."),
        text("level", "Which end of the stocks' figures counts."),
    ),
    tables=(
        Table(
            "months",
            "What is needed and served by period, nation and form",
            MonthRow,
            units=dict.fromkeys(("demand", "normal", "served"), "t of product/period"),
        ),
        Table(
            "endurance",
            "How long each nation endures in each form",
            Endurance,
            units=dict.fromkeys(("normal", "lost"), _UNIT) | {"worst": "share, 0 to 1"},
        ),
        Table(
            "stocks",
            "What every stock does",
            StockRow,
            units=dict.fromkeys(("drawn", "filled", "level"), "t of what is held"),
        ),
        Table(
            "responses",
            "What is begun when the shock comes",
            ResponseRow,
            units={"drawn": _UNIT} | dict.fromkeys(("cost", "cost_low", "cost_high"), "USD"),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class RunResult(Result):
    """What all nations are served, period by period.

    Parameters
    ----------
    question : Question
        Of the first year, without a shock.
    cut : tuple of Period
    parts : tuple of Part
        The shocks with their months.
    behavior, by, level : str
    normals : tuple of Normal
        What each period's year, or the period itself, brings without a shock.
    states : tuple of State
        What holds in each period.
    plan : Plan
    provenance : Provenance
    begun : tuple of Response
        What is begun when the shock comes.
    """

    LAYOUT = RUN_LAYOUT

    question: Question
    cut: tuple[Period, ...]
    parts: tuple[Part, ...]
    behavior: str
    by: str
    level: str
    normals: tuple[Normal, ...] = field(repr=False)
    states: tuple[State, ...] = field(repr=False)
    plan: Plan = field(repr=False)
    provenance: Provenance
    begun: tuple[Response, ...] = ()

    @cached_property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form, periods in order."""
        net = self.question.net
        rows: list[MonthRow] = []
        for number, period in enumerate(self.cut):
            columns = self.plan.program.served
            sums: dict[tuple[str, str], list[float]] = {}
            normal = self.normals[number]
            needs = self.plan.program.stretches[number].needs
            for claim, asked in needs.items():
                need = normal.served[claim] * period.length
                column = columns.get((number, *claim))
                served = 0.0 if column is None else max(0.0, float(self.plan.x[column]))
                form = net.product_by_id[claim[1]].form
                held = sums.setdefault((claim[0], form), [0.0, 0.0, 0.0])
                held[0] += normal.demand[claim] * period.length
                held[1] += need
                held[2] += asked if served >= asked * (1.0 - _WHOLE) else served
            rows += [
                MonthRow(
                    period.label,
                    nation,
                    form,
                    demand,
                    need,
                    served,
                    served / need if need else 1.0,
                    served / demand,
                )
                for (nation, form), (demand, need, served) in sums.items()
            ]
        return tuple(rows)

    @cached_property
    def stocks(self) -> tuple[StockRow, ...]:
        """What every stock does, stock by stock, periods in order."""
        program, x = self.plan.program, self.plan.x
        return tuple(
            StockRow(
                program.lines[moves.line].stock.id,
                program.lines[moves.line].stock.name,
                program.lines[moves.line].held,
                program.lines[moves.line].nation,
                self.cut[moves.period].label,
                max(0.0, float(sum(x[column] for column in moves.draw))),
                max(0.0, float(sum(x[column] for column in moves.fill))),
                max(0.0, float(x[moves.level])),
            )
            for moves in program.moves
            if program.lines[moves.line].begins is None
        )

    @cached_property
    def responses(self) -> tuple[ResponseRow, ...]:
        """What is begun when the shock comes, in the order in which it was asked for."""
        program, x = self.plan.program, self.plan.x
        drawn = {line.stock.id: 0.0 for line in program.lines if line.begins is not None}
        for moves in program.moves:
            name = program.lines[moves.line].stock.id
            if name in drawn:
                drawn[name] += max(0.0, float(sum(x[column] for column in moves.draw)))
        rows = []
        for response in self.begun:
            row = response.option
            tonnes = drawn.get(row.id, 0.0) if response.is_substitute else None
            central = row.capex + row.premium * (tonnes or 0.0)
            low, high = (
                (row.capex if capex is None else capex)
                + (row.premium if premium is None else premium) * (tonnes or 0.0)
                for capex, premium in (
                    (row.capex_low, row.premium_low),
                    (row.capex_high, row.premium_high),
                )
            )
            rows.append(
                ResponseRow(
                    row.id,
                    row.name,
                    row.kind,
                    str(response.begins),
                    tonnes,
                    central,
                    low,
                    high,
                    row.confidence,
                )
            )
        return tuple(rows)

    @cached_property
    def endurance(self) -> tuple[Endurance, ...]:
        """How long each nation endures in each form; the shortest first."""
        rows: dict[tuple[str, str], dict[str, MonthRow]] = {}
        for row in self.months:
            rows.setdefault((row.nation, row.form), {})[row.period] = row
        endured = [self._endures(*key, by_period) for key, by_period in rows.items()]
        return tuple(
            sorted(
                endured,
                key=lambda row: (
                    row.survives is None,
                    row.survives or 0,
                    -row.lost_share,
                    row.nation,
                    row.form,
                ),
            )
        )

    def endured(self, nations: frozenset[str], form: str) -> Endurance:
        """Return how long some nations together endure in a form; the nation is empty."""
        rows = [row for row in self.months if row.nation in nations and row.form == form]
        return self._endures("", form, {row.period: row for row in added_up(rows)})

    def _endures(self, nation: str, form: str, rows: Mapping[str, MonthRow]) -> Endurance:
        begin = min((part.begin for part in self.parts), default=self.cut[0].begin)
        after = [period for period in self.cut if period.end >= begin]
        short = [
            period for period in after if period.label in rows and rows[period.label].share < SHORT
        ]
        survives = max(0, begin.until(short[0].begin)) if short else None
        recovers: int | None = 0
        if short:
            is_over = short[-1] != after[-1]
            recovers = begin.until(short[-1].end) + 1 if is_over else None
        counted = list(rows.values())
        normal = sum(row.normal for row in counted)
        return Endurance(
            nation=nation,
            form=form,
            survives=survives,
            recovers=recovers,
            normal=normal,
            lost=max(0.0, normal - sum(row.served for row in counted)),
            worst=min(row.share for row in counted),
        )

    @property
    def certificate(self) -> Certificate:
        """Every check at its worst over all programs."""
        return worst(
            [
                *self.plan.certificates.values(),
                *(
                    certificate
                    for state in self.states
                    for certificate in state.certificates.values()
                ),
                *(
                    certificate
                    for normal in self.normals
                    for certificate in normal.run.certificates.values()
                ),
            ]
        )

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "contested: what all nations are served when they draw at once"

    @property
    def unit(self) -> str:
        """Unit of what is asked for and served."""
        return _UNIT

    @property
    def shocks(self) -> tuple[str, ...]:
        """The shocks with their months."""
        return tuple(part.label for part in self.parts)

    def summary(self) -> str:
        """Return who is short first and what is lost, in a few sentences."""
        normal = sum(row.normal for row in self.months)
        lost = normal - sum(row.served for row in self.months)
        head = (
            f"{self.cut[0].begin} to {self.cut[-1].end}: of {tonnes(normal)} {_UNIT} that all "
            f"nations are served without a shock, {tonnes(max(0.0, lost))} are lost "
            f"({share(max(0.0, lost) / normal if normal else 0.0)})."
        )
        short = [row for row in self.endurance if row.survives is not None]
        if not short:
            return f"{head} Nobody is short."
        first = short[0]
        areas = self.question.net.commodity.areas
        when = "at once" if not first.survives else f"after {first.survives} months"
        return (
            f"{head} The first to be short is {country_name(first.nation, areas)}, of "
            f"{first.form}, {when}."
        )


def added_up(rows: Iterable[MonthRow]) -> list[MonthRow]:
    """Return the months of all nations together, form by form; their nation is empty.

    Examples
    --------
    >>> both = [MonthRow("2024-01", name, "goods", 9.0, 8.0, 4.0, 0.5, 0.4) for name in "AB"]
    >>> [(row.normal, row.served, row.share) for row in added_up(both)]
    [(16.0, 8.0, 0.5)]
    """
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        held = sums.setdefault((row.period, row.form), [0.0, 0.0, 0.0])
        held[0] += row.demand
        held[1] += row.normal
        held[2] += row.served
    return [
        MonthRow(
            period,
            "",
            form,
            demand,
            normal,
            served,
            served / normal if normal else 1.0,
            served / demand,
        )
        for (period, form), (demand, normal, served) in sums.items()
    ]
