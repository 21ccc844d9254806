"""What a run through time says: who is served how much when, and what stocks did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
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
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, Share, col
from supplynet.network.countries import country_name
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.plan import Plan
    from supplynet.analysis.time.responses import Response
    from supplynet.analysis.time.shocks import Part
    from supplynet.analysis.time.states import Normal, State

#: of what is asked for and served
_UNIT = "t of product"
_HELD = "t of what is held"


class StockRow(Row):
    """What a stock does in a period, in tonnes of the element, by the graph's basis, or product."""

    stock: str = col("Id of the stock.")
    name: str
    held: str = col("The element or product.")
    nation: str = col("Who draws it, where it is a product; else empty.")
    period: str = col("Month or other period.")
    drawn: float = col("Taken out.", _HELD)
    filled: float = col("Put in.", _HELD)
    level: float = col("What is there at the end.", _HELD)


class ResponseRow(Row):
    """What is begun when a shock comes, and what it gives."""

    option: str = col("Id of the option.")
    name: str
    kind: str = col("Of the option.")
    begins: str = col("First month in which it gives tonnes.")
    drawn: float | None = col(
        "What a substitute gives over the horizon; null of a plant, whose tonnes are among those "
        "that are served.",
        _UNIT,
    )
    cost: float = col(
        "What is spent once, and of a substitute the premium on what it gives.", "USD"
    )
    cost_low: float = col(unit="USD")
    cost_high: float = col(unit="USD")
    confidence: str = col("Of the row of the option.")


class RunResult(
    Answer,
    name="run",
    title="What all nations are served, period by period, and what stocks do",
    headline=(Lead("lost supply", "lost_share"),),
    also=(
        *("meaning", "unit", "normal", "lost", "lost_share", "shocks"),
        *("months", "endurance", "binding", "stocks", "responses"),
    ),
    document="supplynet.reports.results_time.of_run",
):
    """What all nations are served, period by period."""

    behavior: str = col("How stocks are drawn.")
    by: str = col("Length of the periods.")
    level: str = col("Which end of the stocks' figures counts.")
    cut: tuple[Period, ...]
    parts: tuple[Part, ...]  #: the shocks with their months
    #: what each period's year, or the period itself, brings without a shock
    normals: tuple[Normal, ...] = field(repr=False)
    states: tuple[State, ...] = field(repr=False)  #: what holds in each period
    plan: Plan = field(repr=False)
    begun: tuple[Response, ...] = ()  #: what is begun when the shock comes

    @cached_property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form."""
        return months_of(self.plan, self.normals)

    @cached_property
    def binding(self) -> tuple[HoldRow, ...]:
        """What holds down every need that is short of what is normal."""
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
        """What every stock does."""
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
        """What is begun when the shock comes."""
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
        """What all nations are served without a shock."""
        return sum(row.normal for row in self.months)

    @property
    def lost(self) -> float:
        """What of it is lost."""
        return max(0.0, self.normal - sum(row.served for row in self.months))

    @property
    def lost_share(self) -> Share:
        """What is lost as a part of it."""
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
