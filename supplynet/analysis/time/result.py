"""What a run through time says: who is served how much when, and what stocks did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from supplynet.analysis.time.evidence import run_proof
from supplynet.analysis.time.limits import HoldRow, hold_rows
from supplynet.analysis.time.months import (
    Endurance,
    MonthRow,
    added_up,
    endurance_of,
    months_of,
    shortest_first,
)
from supplynet.contract.declared import ITS_UNIT, Layout, Table, number, text, texts
from supplynet.contract.declared import share as part
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.network.countries import country_name
from supplynet.solve.check import worst
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.responses import Response
    from supplynet.analysis.time.shocks import Part
    from supplynet.analysis.time.states import Normal, State
    from supplynet.solve.check import Certificate

#: of what is asked for and served
_UNIT = "t of product"


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


RUN_LAYOUT = Layout(
    name="run",
    title="What all nations are served, period by period, and what stocks do",
    headline=(Lead("lost supply", "lost_share"),),
    document="supplynet.reports.results_time.of_run",
    figures=(
        text("meaning", "What the figures count."),
        text("unit", "Unit of what is asked for and served."),
        number("normal", ITS_UNIT, "What all nations are served without a shock."),
        number("lost", ITS_UNIT, "What of it is lost."),
        part("lost_share", "What is lost as a part of it."),
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
            "binding",
            "What holds down every need that is short of what is normal",
            HoldRow,
            units={
                "missing": "t of product/period",
                "capacity": "in its unit, of the period",
                "price": "share per unit of it",
            },
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
        return months_of(self.plan, self.normals)

    @cached_property
    def binding(self) -> tuple[HoldRow, ...]:
        """What holds down every need that is short of what is normal, periods in order."""
        program = self.plan.program
        return hold_rows(
            program,
            self.plan.x,
            self.plan.holds,
            [
                self.normals[number].served[nation, product]
                * program.stretches[number].period.length
                for number, nation, product in program.claims
            ],
        )

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
        several: dict[tuple[str, str], list[MonthRow]] = {}
        for row in self.months:
            several.setdefault((row.nation, row.form), []).append(row)
        endured = [self._endures(*key, rows) for key, rows in several.items()]
        return tuple(sorted(endured, key=shortest_first))

    def endured(self, nations: frozenset[str], form: str) -> Endurance:
        """Return how long some nations together endure in a form; the nation is empty."""
        rows = [row for row in self.months if row.nation in nations and row.form == form]
        return self._endures("", form, added_up(rows))

    def _endures(self, nation: str, form: str, rows: Sequence[MonthRow]) -> Endurance:
        begin = min((part.begin for part in self.parts), default=self.cut[0].begin)
        return endurance_of(nation, form, rows, self.cut, begin)

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

    def proof(self) -> list[Proof]:
        """Return what is done in the rows of the horizon, and what there is without a shock."""
        return [run_proof(self)]

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

    @property
    def normal(self) -> float:
        """What all nations are served without a shock, t of product."""
        return sum(row.normal for row in self.months)

    @property
    def lost(self) -> float:
        """What of it is lost, t of product."""
        return max(0.0, self.normal - sum(row.served for row in self.months))

    @property
    def lost_share(self) -> float:
        """What is lost as a part of what is served without a shock."""
        return self.lost / self.normal if self.normal else 0.0

    def summary(self) -> str:
        """Return who is short first and what is lost, in a few sentences."""
        head = (
            f"{self.cut[0].begin} to {self.cut[-1].end}: of {tonnes(self.normal)} {_UNIT} that "
            f"all nations are served without a shock, {tonnes(self.lost)} are lost "
            f"({share(self.lost_share)})."
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
