"""Hidden risks: plants that may be out for longer than anybody can do without them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from supplynet.analysis.balance.candidates import Candidate, candidates
from supplynet.analysis.provenance import provenance
from supplynet.analysis.time.endure import TimeToSurvive
from supplynet.analysis.time.evidence import risks_proof, without
from supplynet.analysis.time.states import asked_of, normal_of, state_of
from supplynet.analysis.time.stocks import DAYS_A_YEAR, lines_of, stocks_in, stored_at
from supplynet.analysis.words import OwnedWords, known_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Country, Days, FormId, Row, col, rows
from supplynet.errors import DataError
from supplynet.network.timeline import outages_of
from supplynet.solve.check import worst
from supplynet.terms import one_of
from supplynet.text import steady

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Claim
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Outage

# a part of the largest flow below which a plant is not used
_UNUSED = 1e-9


class Risk(Row):
    """A plant, for how long all needs of a form can be met without it, and how long it is out."""

    plant: str = col("Id of the plant.")
    name: str = col(head="If this is lost")
    country: Country = col(head="Country")
    stage: str
    form: FormId = col(head="Form")
    survives: Days = col(
        "Until somebody is short of the form; 0 where somebody is at once.",
        head="All needs are met for",
    )
    recovers: Days = col("Until the plant runs again.", head="It is out, days")
    recovers_low: Days
    recovers_high: Days
    is_hidden: bool = col(
        "Whether it is out for longer than can be endured.", head="Longer than endured"
    )

    @property
    def may_be_hidden(self) -> bool:
        """Whether it is hidden at the high end of how long it is out."""
        return self.survives < self.recovers_high


class RisksResult(
    Answer,
    name="risks",
    title="Plants that may be out for longer than anybody can do without them",
    headline=(Lead("hidden risks", "n_hidden"),),
    also=("n_hidden",),
    document="supplynet.reports.results_risks.of_risks",
):
    """All plants whose loss is felt within ten years, by how much longer they are out than that."""

    n_plants: int = col("How many were lost, each alone.")
    rows: tuple[Risk, ...] = rows("How long all do without each plant, and how long it is out")

    @property
    def n_hidden(self) -> int:
        """Rows out for longer than all needs can be met without the plant."""
        return len(self.hidden)

    @property
    def hidden(self) -> tuple[Risk, ...]:
        """Those that are out for longer than can be endured."""
        return tuple(row for row in self.rows if row.is_hidden)

    def summary(self) -> str:
        """Return how many hidden risks there are, and the first, in a sentence."""
        if not self.hidden:
            return f"None of {self.n_plants} plants is out for longer than all can do without it."
        first = self.hidden[0]
        return (
            f"{len(self.hidden)} of {self.n_plants} plants are out for longer than all can do "
            f"without them; {first.name} for {first.recovers:,.0f} days, of which "
            f"{first.survives:,.0f} are endured."
        )


@takes(OwnedWords)
def risks(
    net: SupplyNetwork,
    *,
    form: str | None = None,
    year: int | None = None,
    time_limit: float | None = None,
    **words: Unpack[OwnedWords],
) -> RisksResult:
    """Which plants may be out for longer than all nations can do without them?

    Every plant is lost alone. How long all needs of a form can still be met from the other plants
    and from all stocks (time to survive) is set against how long the plant is out (time to
    recover), as the table outages says. Needs are what all nations are served with nothing lost.

    Parameters
    ----------
    net : SupplyNetwork
    form : str, optional
        Form that is needed; default each.

    Returns
    -------
    RisksResult

    Raises
    ------
    DataError
        If the graph does not say how long plants are out.
    OptionError
        If a word is not allowed, or nobody needs anything.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    References
    ----------
    Simchi-Levi and others (2015), "Identifying risks and mitigating disruptions in the automotive
    supply chain", doi:10.1287/inte.2014.0804.
    """
    known_words(words, risks)
    asked = asked_of(net, words, time_limit=time_limit)
    normal = normal_of(asked, asked.default_year if year is None else year)
    question = normal.question
    outages = outages_of(question.net)
    if not outages:
        raise DataError(
            f"{net.name} does not say how long plants are out",
            hint="add the table outages.csv",
        )
    lines = lines_of(normal, stocks_in(question.net, question.year))
    state = state_of(asked, question.year, (), stored_at(lines), firm=False)
    needs = {claim: tonnes for claim, tonnes in normal.served.items() if tonnes > 0.0}
    forms: dict[str, list[Claim]] = {}
    for claim in needs:
        forms.setdefault(question.net.product_by_id[claim[1]].form, []).append(claim)
    if form is not None:
        one_of(form, forms, "form")
    program = TimeToSurvive(state.model, needs, lines, time_limit)
    lost = [
        candidate
        for candidate in candidates(state.model, question, "node")
        if candidate.id in outages
    ]
    rows = [
        risk
        for name, claims in forms.items()
        if form in (None, name)
        for risk in _felt(program, question, lost, outages, name, claims)
    ]
    rows.sort(key=lambda row: (steady(row.survives - row.recovers), row.plant, row.form))
    return RisksResult(
        question=question,
        rows=tuple(rows),
        n_plants=len(lost),
        certificate=worst([*program.certificates.values(), *state.certificates.values()]),
        provenance=provenance(question, form=form or ""),
        evidence=partial(risks_proof, program.solved, rows),
    )


def _felt(
    program: TimeToSurvive,
    question: Question,
    lost: Iterable[Candidate],
    outages: Any,
    form: str,
    claims: list[Claim],
) -> list[Risk]:
    """Return the plants whose loss is felt in a form.

    What a plan that lasts does not use can be lost without changing it.
    """
    lasting = []
    if math.isinf(program.years(claims)):
        lasting.append(program.x)
    felt = []
    for candidate in lost:
        if any(_is_unused(x, candidate) for x in lasting):
            continue
        known_as = without(form, candidate.id)
        years = program.years(claims, lost=candidate.columns.tolist(), known_as=known_as)
        if math.isinf(years):
            del program.solved[known_as]  # of no row
            lasting.append(program.x)
            continue
        node = question.net.node(candidate.id)
        row: Outage = outages[candidate.id]
        felt.append(
            Risk(
                plant=candidate.id,
                name=candidate.name,
                country=node.country,
                stage=node.stage,
                form=form,
                survives=years * DAYS_A_YEAR,
                is_hidden=years * DAYS_A_YEAR < row.days,
                recovers=row.days,
                recovers_low=row.days if row.days_low is None else row.days_low,
                recovers_high=row.days if row.days_high is None else row.days_high,
            )
        )
    return felt


def _is_unused(x: Any, candidate: Candidate) -> bool:
    """Whether nothing happens at a plant in a solution."""
    largest = float(np.max(x, initial=0.0))
    return bool((np.abs(x[candidate.columns]) <= _UNUSED * largest).all())
