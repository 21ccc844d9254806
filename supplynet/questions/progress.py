"""Year by year: when a dependence falls below a level, and how fast a bypass carries.

Each year is answered as a potential: what could come if the nation or bloc had exclusive access,
with ramps as the tables say, on the links and plants of a tier. Plants that do not run yet may come
some years late. A year stands for its January; between two years all goes straight.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import MISSING
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, sentence, shared
from supplynet.contract.row import FormId, Row, Share, Tier, Tonnes, Year, answered, col
from supplynet.contract.row import rows as listed
from supplynet.errors import OptionError
from supplynet.network.timeline import Month
from supplynet.questions import outlook
from supplynet.questions.declared import question
from supplynet.text import listing
from supplynet.text import share as share_text

if TYPE_CHECKING:
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.analysis.question import Question
    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity
    from supplynet.solve.check import Certificate


#: years by which plants come late: those of a first page are on time, and the latest
_USUAL_SLIPS = (0, 1, 2)
FIRST_SLIPS = (_USUAL_SLIPS[0], _USUAL_SLIPS[-1])
_MOST_SLIP = 10
#: what a reader is reported of what does not come by the last year
NEVER = "not by then"
_A_YEAR, _A_MONTH = "t of product/yr", "t of product/month"


class ProgressRow(Row):
    """What a nation or bloc could cover in one year with exclusive access, and what it lacks."""

    slip: int = col("Years by which plants that do not run yet come late.", by="names")
    year: Year = col(head="Year", by="names")
    tier: Tier = col(head="Tier")
    form: FormId = col(head="Form")
    need: Tonnes = col(unit=_A_YEAR, head="Demand, t")
    served: Tonnes = col(unit=_A_YEAR)
    before: Tonnes = col(
        "``served`` without the scenarios of the question; the same where there are none.", _A_YEAR
    )
    dependence: Share = col("Part of demand that could not come.", head="Dependence")
    dependence_low: Share = col(head="Data range")
    dependence_high: Share
    step: str = col(
        "Limit of which one more by itself brings most; empty where none brings anything.",
        head="Binding constraint",
    )
    worth: Tonnes = col(
        "What it brings.", "t of product", by=answered("worth", "rows", "slip tier form year")
    )


class Crossing(Row):
    """When dependence falls below a level and stays there, straight between the years.

    Months are YYYY-MM; what is not so by the last year is null.
    """

    slip: int = col(
        "Years by which plants that do not run yet come late.",
        head="Plants late by",
        none="none",
        by="names",
    )
    tier: Tier = col(head="Tier")
    form: FormId = col(head="Form")
    month: str | None = col("By the central figures.", head="Month", none=NEVER)
    earliest: str | None = col("By those of the least dependence.", head="Data range")
    latest: str | None = col("By those of the greatest dependence.")
    halves: int | None = col(
        "Months from January of the first year until half of what could not come at first comes.",
        head="Months until half is made good",
        none=NEVER,
    )
    last: Share = col(
        "Dependence in the last year.",
        head="Left at last",
        by="sum(rows.dependence, slip, tier, form, year == max(rows.year, slip, tier, form))",
    )


def _between(column: str) -> str:
    """Return the arithmetic of a month's figure, straight between two years of the rows."""
    now, kind = "date(month) / 12", "rows.{}, slip, tier, form"
    first = f"max({kind.format('year')}, year <= {now})"
    last = f"min({kind.format('year')}, year > {now})"
    bounds = [f"sum({kind.format(column)}, year == {year})" for year in (first, last)]
    return (
        f"({bounds[0]} + ({now} - {first}) / ({last} - {first}) * ({bounds[1]} - {bounds[0]})) / 12"
    )


class MonthlyEffect(Row):
    """What the scenarios of a question bring in a month, straight between the years."""

    slip: int = col("Years by which plants that do not run yet come late.", by="names")
    month: str = col("As YYYY-MM.", head="Month")
    tier: Tier = col(head="Tier")
    form: FormId = col(head="Form")
    before: Tonnes = col(
        "Without the scenarios.", _A_MONTH, head="Without, t a month", by=_between("before")
    )
    served: Tonnes = col(
        "With the scenarios.", _A_MONTH, head="With, t a month", by=_between("served")
    )
    effect: Tonnes = col(
        "What the scenarios bring.", _A_MONTH, head="Effect, t a month", by="served - before"
    )


def _is_last(result: ProgressResult, row: ProgressRow) -> bool:
    """Whether a row is of the last year of the first slip, tier and form."""
    first, last = result.rows[0], result.rows[-1].year
    key = (first.slip, first.tier, first.form, last)
    return (row.slip, row.tier, row.form, row.year) == key


class Query(outlook.Query):
    """Whose dependence on what, and how low it is to be."""

    to: str | Iterable[str] = shared("to", said="--to WHO...")
    avoid: str | Iterable[str] = shared("avoid", default=MISSING, said="--avoid WHAT...")
    below: float = option(
        "Level that dependence is to fall below, 0 to 1.", default=0.5, kind="float", is_open=False
    )
    slip: int | Iterable[int] = option(
        "Years by which plants that do not run yet come late, each answered by itself.",
        default=_USUAL_SLIPS,
        first=FIRST_SLIPS,
        kind="int or iterable of int",
        usual="0, 1 and 2; on the first page of the terminal 0 and 2",
        said="--slip YEARS...",
        is_open=False,
        is_apart=True,
    )


class ProgressResult(
    Answer,
    name="progress",
    title="How a dependence falls year by year",
    headline=(
        Lead(
            "import dependence",
            "dependence",
            "dependence_low",
            "dependence_high",
            of="{row.form}",
            table="rows",
            where=_is_last,
        ),
    ),
    also=("meaning",),
    document="supplynet.reports.results_potential.of_progress",
):
    """How the dependence of a nation or bloc falls year by year, with exclusive access."""

    below: Share = col("The level that dependence is to fall below.", by="asked")
    rows: tuple[ProgressRow, ...] = listed(
        "What could come and the binding constraint, by slip, tier, form and year"
    )
    crossings: tuple[Crossing, ...] = listed("When dependence is low enough, and half made good")
    months: tuple[MonthlyEffect, ...] = listed("What the scenarios bring, month by month")

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "potential: the nation or bloc with exclusive access"


@question(
    "progress",
    title="",
    together="",
    metrics={
        "last": lambda row: row.last,
        "halves": lambda row: math.inf if row.halves is None else row.halves,
    },
    judged=lambda answer: {
        f"{row.tier}, {row.form}, {row.slip} years late": row for row in answer.crossings
    },
)
def progress(case: Case, query: Query) -> ProgressResult:
    """When does a dependence fall below a level, and what holds it up until then?

    Dependence is the part of demand that could not come without a jurisdiction if the nation or
    bloc had exclusive access to the network.

    Returns
    -------
    ProgressResult
        Dependence by slip, tier, form and year with ranges and the limit that binds most, when it
        is low enough, and what the scenarios bring by month.

    Raises
    ------
    UnknownNameError
        If a name names nothing.
    OptionError
        If a year, level, slip or tier is not allowed, or nothing is needed in any of these years.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.coverage.progress(
    ...     sn.load("tutorial"), to="MLT", avoid="ISL", year=[2024, 2026], slip=0, tier="announced"
    ... )
    >>> [(row.year, round(row.dependence, 2)) for row in result.rows]
    [(2024, 1.0), (2026, 0.75)]
    """
    from supplynet.analysis.potential.evidence import progress_proof
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import ask, joined, target_name
    from supplynet.network.scenario.years import present_year
    from supplynet.solve.check import worst
    from supplynet.solve.together import in_turn

    net, below, form, scenario = case.net, query.below, query.form, query.scenario
    total = range(present_year(net), net.commodity.last_year + 1)
    years = sorted(set(total if query.year is None else outlook.each_of(query.year)))
    slips, tiers = sorted(set(outlook.each_of(query.slip))), outlook.each_of(query.tier)
    if not years or not slips or not tiers:
        raise OptionError("no year, slip or tier is given, so that nothing is asked")
    if not 0.0 < below < 1.0:
        raise OptionError(f"below {below} lies outside 0..1", hint="0.5 is half of demand")
    if slips[0] < 0 or slips[-1] > _MOST_SLIP:
        raise OptionError(f"a slip of {slips[0]} to {slips[-1]} years is not 0 to {_MOST_SLIP}")
    record: dict[str, Any] = {"to": query.to, "avoid": query.avoid, "lens": query.lens}
    certificates: list[Certificate] = []
    rows: list[ProgressRow] = []
    answers: dict[tuple[int, str, int], tuple[SolvedPotential, SolvedPotential]] = {}
    question = ask(net, **record, year=years[0], scenario=scenario)
    # Every slip is answered by itself, with all plants that do not run yet late by as much: nothing
    # is read off another slip.
    late_nets = {late: late_by(net, late) for late in slips}
    for late, name, when in in_turn(
        list(itertools.product(slips, tiers, years)),
        lambda cell: f"{cell[2]}, {cell[1]}, plants {cell[0]} years late",
    ):
        inputs = late_nets[late]
        options = ask(inputs, **record, year=when, scenario=scenario)
        answer = bare = _answer(options, name, query.time_limit)
        if scenario is not None:
            plain = ask(inputs, **record, year=when)
            bare = _answer(plain, name, query.time_limit)
        rows += [row for row in _rows(answer, bare, late, name) if form in (None, row.form)]
        answers[late, name, when] = answer, bare
        certificates += [each.certificate_so_far for each in (answer, bare)]
    if not rows:
        raise OptionError(
            f"{net.name} knows no demand of {target_name(net, joined(query.to))} in these years"
            + ("" if form is None else f" for {form}"),
            hint="`supplynet graph nations` lists who needs what",
        )
    kinds = dict.fromkeys((row.slip, row.tier, row.form) for row in rows)
    several = [[row for row in rows if (row.slip, row.tier, row.form) == kind] for kind in kinds]
    return ProgressResult(
        question=question,
        below=below,
        rows=tuple(rows),
        crossings=tuple(_crossing(each, below) for each in several),
        months=()
        if scenario is None
        else tuple(month for each in several for month in _months(each)),
        certificate=worst(certificates),
        provenance=provenance(
            question, years=years, below=below, slips=slips, tiers=tiers, form=form or ""
        ),
        evidence=partial(progress_proof, answers),
    )


@sentence(ProgressResult)
def say(result: ProgressResult) -> str:
    """Return the answer in sentences: when each form is less dependent, by the surest tier."""
    from supplynet.present.document import grouped
    from supplynet.present.words import capitalized, in_sentence, target

    who, years = capitalized(target(result.question)), [row.year for row in result.rows]
    titles = result.question.net.form_by_name

    def named(alike: Iterable[Crossing]) -> str:
        forms = grouped(alike, lambda row: row.form).items()
        return listing(
            f"{in_sentence(titles[form].title)} ({', '.join(row.tier for row in rows)})"
            for form, rows in forms
        )

    # forms and tiers of which the same is said are reported together
    record = grouped(
        (row for row in result.crossings if row.slip == result.crossings[0].slip),
        lambda row: _when(row, result.below, years[0], years[-1]),
    )
    return " ".join(f"{who} {when} for {named(alike)}." for when, alike in record.items())


def _when(row: Crossing, below: float, first: int, last: int) -> str:
    if row.month is None:
        could = f", {row.earliest} at best" if row.earliest else ""
        return (
            f"does not come below a dependence of {share_text(below)} by {last}, with "
            f"{share_text(row.last)} left{could},"
        )
    span = f" ({row.earliest} to {row.latest or NEVER})"
    if row.earliest == row.month == row.latest:
        span = ""
    if row.month == f"{first}-01":
        return f"is below a dependence of {share_text(below)} from {row.month} on{span}"
    return f"comes below a dependence of {share_text(below)} in {row.month}{span}"


def _answer(asked: Question, tier: str, time_limit: float | None) -> SolvedPotential:
    """Return what could come by form on the links and plants of a tier; no flow is reported."""
    from supplynet.analysis.potential.ask import on_floors, potential_of
    from supplynet.network.tiers import floors

    question = on_floors(asked, floors(tier=tier))
    return potential_of(question, time_limit=time_limit, is_settled=False, is_by_form=True)


def _rows(
    answer: SolvedPotential, bare: SolvedPotential, late: int, tier: str
) -> list[ProgressRow]:
    """Return the dependence of each form in a year, and the limit of which one more brings most.

    `bare` is the answer without scenarios.
    """
    step = next(iter(answer.raised()), None)
    before = {row.form: row.served for row in bare.central_forms}
    return [
        ProgressRow(
            slip=late,
            tier=tier,
            form=form,
            year=answer.question.year,
            need=need,
            served=served,
            before=before.get(form, 0.0),
            dependence=1.0 - coverage,
            dependence_low=1.0 - most,
            dependence_high=1.0 - least,
            step="" if step is None else step.name,
            worth=0.0 if step is None else step.worth,
        )
        for form, (need, served, _, _, coverage, least, most) in answer.form_figures.items()
    ]


def late_by(net: SupplyNetwork, years: int) -> SupplyNetwork:
    """Return a network whose plants that do not run yet come some years late.

    Their first year and their dated capacities move; what runs already keeps its dates.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> late = late_by(net, 2)
    >>> moved = [node.id for node in net.node_rows if late.node(node.id) != node]
    >>> [late.node(name).start_year - net.node(name).start_year for name in moved]
    [2]
    """
    if not years:
        return net
    base = net.commodity.base_year
    moved = {
        node.id: node.model_copy(update={"start_year": node.start_year + years})
        for node in net.node_rows
        if node.status != "operating" and node.start_year is not None and node.start_year > base
    }
    steps = [
        step.model_copy(update={"year": step.year + years}) if step.node_id in moved else step
        for step in cast("tuple[Capacity, ...]", net.rows("capacities"))
    ]
    return net.replace(nodes=[moved.get(node.id, node) for node in net.node_rows], capacities=steps)


def reached(years: Sequence[int], values: Sequence[float], level: float) -> Month | None:
    """Return the month from which values stay below a level; None where they do not.

    A year stands for its January; between two years values go straight.

    Examples
    --------
    >>> str(reached([2024, 2026], [1.0, 0.0], 0.5))
    '2025-02'
    >>> reached([2024, 2026], [1.0, 0.5], 0.5) is None
    True
    """
    if values[-1] >= level:
        return None
    above = [index for index, value in enumerate(values) if value >= level]
    if not above:
        return Month(years[0], 1)
    last = above[-1]
    span = 12 * (years[last + 1] - years[last])
    share = (values[last] - level) / (values[last] - values[last + 1])
    return Month(years[last], 1).later(int(share * span) + 1)  # the first that is below


def _crossing(rows: Sequence[ProgressRow], below: float) -> Crossing:
    years = [row.year for row in rows]
    months = [
        reached(years, [getattr(row, name) for row in rows], below)
        for name in ("dependence", "dependence_low", "dependence_high")
    ]
    half = rows[0].dependence / 2.0
    halved = reached(years, [row.dependence for row in rows], half) if half > 0.0 else None
    month, earliest, latest = (None if each is None else str(each) for each in months)
    return Crossing(
        slip=rows[0].slip,
        tier=rows[0].tier,
        form=rows[0].form,
        month=month,
        earliest=earliest,
        latest=latest,
        halves=None if halved is None else Month(years[0], 1).until(halved),
        last=rows[-1].dependence,
    )


def _months(rows: Sequence[ProgressRow]) -> Iterable[MonthlyEffect]:
    """Yield what could come by month, straight from January to January."""
    for row, after in zip(rows, rows[1:], strict=False):
        span = 12 * (after.year - row.year)
        for month in range(span):
            share = month / span
            served, before = (
                (first + share * (last - first)) / 12.0
                for first, last in ((row.served, after.served), (row.before, after.before))
            )
            label = str(Month(row.year, 1).later(month))
            yield MonthlyEffect(
                row.slip, label, row.tier, row.form, before, served, served - before
            )
