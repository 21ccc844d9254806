"""The periods of a run as states of a page: a slider over months, and what holds in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.time.months import SHORT, added_up
from supplynet.network.countries import country_name
from supplynet.present.words import count
from supplynet.reports.live import Axis, Choice, Fact, Live, State
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.result import RunResult

#: figures of a state by name of the fact: the number in full, and as it is written
Figures = dict[str, tuple[float | None, str]]


def live_months(result: RunResult, nations: frozenset[str] | None = None) -> Live:
    """Return the periods of a run, one state each; the page opens with the worst."""
    forms = list(dict.fromkeys(row.form for row in result.months))
    titles = {form: result.question.net.form_by_name[form].title for form in forms}
    facts = [Fact(form, titles[form]) for form in forms]
    if result.stocks:
        facts.append(Fact("stocks", "Left in stocks"))
    states: dict[tuple[int, ...], State] = {
        (number,): State(_summary(result, period), _figures(result, period, nations), {})
        for number, period in enumerate(result.cut)
    }
    worst = min(
        range(len(result.cut)),
        key=lambda number: min(
            (row.share for row in result.months if row.period == result.cut[number].label),
            default=1.0,
        ),
    )
    choices = tuple(Choice(period.label, period.label) for period in result.cut)
    axis = Axis("period", "Period", choices, is_scale=True)
    return Live((axis,), (worst,), tuple(facts), (), states)


def _figures(result: RunResult, period: Period, nations: frozenset[str] | None) -> Figures:
    """Return what is served of each form, and what is left of all stocks by their share."""
    rows = [
        row
        for row in result.months
        if row.period == period.label and (nations is None or row.nation in nations)
    ]
    figures: Figures = {row.form: (None, "none is needed") for row in result.months}
    for row in added_up(rows):
        text = f"{share(row.share)} ({tonnes(row.served)} of {tonnes(row.normal)} t)"
        figures[row.form] = (row.share, text)
    if result.stocks:
        first = sum(line.tonnes for line in result.plan.program.lines if line.begins is None)
        left = sum(row.level for row in result.stocks if row.period == period.label)
        figures["stocks"] = (left / first, f"{share(left / first)} of {tonnes(first)} t")
    return figures


def _summary(result: RunResult, period: Period) -> str:
    """Return what is in force in a period, who is short in it, and who most."""
    net = result.question.net
    parts = [part.what for part in result.parts if part.holds(period)]
    shocks = ", ".join(parts) or "no shock"
    rows = [row for row in result.months if row.period == period.label]
    short = [row for row in rows if row.share < SHORT]
    if not short:
        return f"{period.label}, {shocks}: nobody is short."
    worst = min(short, key=lambda row: row.share)
    return (
        f"{period.label}, {shocks}: {count(len(short), 'need')} of {len(rows)} short, most "
        f"{country_name(worst.nation, net.commodity.areas)}, "
        f"{net.form_by_name[worst.form].title.lower()}: {share(worst.share)} of normal."
    )
