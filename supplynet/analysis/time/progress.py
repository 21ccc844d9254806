"""Year by year: when a dependence falls below a level, and how fast a bypass carries.

Each year is answered as a potential: what could come if the nation or bloc alone drew, with ramps
as the tables say, on the links and plants of a tier. Plants that do not run yet may come some years
late. A year stands for its January; between two years all goes straight.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.potential.outlook import USUAL_TIERS
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import ask, joined, target_name
from supplynet.analysis.time.progress_evidence import progress_proof
from supplynet.analysis.time.progress_result import (
    Crossing,
    MonthlyEffect,
    ProgressResult,
    ProgressRow,
)
from supplynet.analysis.words import takes
from supplynet.errors import OptionError
from supplynet.network.months import Month
from supplynet.network.scenario.years import present_year
from supplynet.network.tiers import floors
from supplynet.solve.check import worst
from supplynet.solve.together import in_turn

if TYPE_CHECKING:
    from supplynet.analysis.potential.result import PotentialResult
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike
    from supplynet.network.schema import Capacity
    from supplynet.solve.check import Certificate

#: years by which plants come late where none are given
USUAL_SLIPS = (0, 1, 2)
#: those of a first page: on time, and the latest
FIRST_SLIPS = (USUAL_SLIPS[0], USUAL_SLIPS[-1])
_MOST_SLIP = 10


@takes()
def progress(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str],
    year: int | Iterable[int] | None = None,
    below: float = 0.5,
    slip: int | Iterable[int] = USUAL_SLIPS,
    tier: str | Iterable[str] = USUAL_TIERS,
    form: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    time_limit: float | None = None,
) -> ProgressResult:
    """When does a dependence fall below a level, and what holds it up until then?

    Dependence is the part of the need that could not come without a jurisdiction if the nation or
    bloc alone drew on the network.

    Parameters
    ----------
    net : SupplyNetwork
    to, avoid : str or iterable of str
        Selectors of the nation or bloc, and of what is shut.
    year : int or iterable of int, optional
        Years that are answered; default all from that of today on.
    below : float
        Level that dependence is to fall below, 0 to 1.
    slip : int or iterable of int
        Years by which plants that do not run yet come late, each answered by itself.
    tier : str or iterable of str
        Of firm, building, announced and conceivable; default all but the last.
    form : str, optional
        Only this form is told.
    scenario : str, path, Scenario or several, optional
        Changes to apply first; what they bring is told by month.

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
    whole = range(present_year(net), net.commodity.last_year + 1)
    years = sorted(set(whole if year is None else [year] if isinstance(year, int) else year))
    slips = sorted({slip} if isinstance(slip, int) else set(slip))
    tiers = [tier] if isinstance(tier, str) else list(tier)
    if not years or not slips or not tiers:
        raise OptionError("no year, slip or tier is given, so that nothing is asked")
    if not 0.0 < below < 1.0:
        raise OptionError(f"below {below} lies outside 0..1", hint="0.5 is half of the need")
    if slips[0] < 0 or slips[-1] > _MOST_SLIP:
        raise OptionError(f"a slip of {slips[0]} to {slips[-1]} years is not 0 to {_MOST_SLIP}")
    words = {"to": to, "avoid": avoid, "lens": lens}
    certificates: list[Certificate] = []
    rows: list[ProgressRow] = []
    answers: dict[tuple[int, str, int], tuple[PotentialResult, PotentialResult]] = {}
    question = ask(net, **words, year=years[0], scenario=scenario)  # type: ignore[arg-type]
    # Every slip is answered by itself, with all plants that do not run yet late by as much: nothing
    # is read off another slip.
    late_nets = {late: late_by(net, late) for late in slips}
    for late, name, when in in_turn(
        list(itertools.product(slips, tiers, years)),
        lambda cell: f"{cell[2]}, {cell[1]}, plants {cell[0]} years late",
    ):
        given = late_nets[late]
        asked = ask(given, **words, year=when, scenario=scenario)  # type: ignore[arg-type]
        answer = bare = _answer(asked, name, time_limit)
        if scenario is not None:
            plain = ask(given, **words, year=when)  # type: ignore[arg-type]
            bare = _answer(plain, name, time_limit)
        rows += [row for row in _rows(answer, bare, late, name) if form in (None, row.form)]
        answers[late, name, when] = answer, bare
        certificates += [each.certificate_so_far for each in (answer, bare)]
    if not rows:
        raise OptionError(
            f"{net.name} knows no need of {target_name(net, joined(to))} in these years"
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


def _answer(asked: Question, tier: str, time_limit: float | None) -> PotentialResult:
    """Return what could come by form on the links and plants of a tier; no flow is told."""
    question = on_floors(asked, floors(tier=tier))
    return potential_of(question, time_limit=time_limit, is_settled=False, is_by_form=True)


def _rows(
    answer: PotentialResult, bare: PotentialResult, late: int, tier: str
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
    above = [place for place, value in enumerate(values) if value >= level]
    if not above:
        return Month(years[0], 1)
    last = above[-1]
    span = 12 * (years[last + 1] - years[last])
    part = (values[last] - level) / (values[last] - values[last + 1])
    return Month(years[last], 1).later(int(part * span) + 1)  # the first that is below


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
            part = month / span
            served, before = (
                (first + part * (last - first)) / 12.0
                for first, last in ((row.served, after.served), (row.before, after.before))
            )
            label = str(Month(row.year, 1).later(month))
            yield MonthlyEffect(
                row.slip, label, row.tier, row.form, before, served, served - before
            )
