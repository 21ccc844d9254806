"""Risks: plants that may be out for longer than anybody can do without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.time.options import Solved
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, page, sentence, shared
from supplynet.contract.row import Country, Days, FormId, Row, answered, col, rows
from supplynet.questions.declared import question
from supplynet.terms import LENSES
from supplynet.text import steady

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.present.document import Content, Document

#: rows of the table before the rest is left to CSV and JSON
_MOST = 20


class Query(Solved):
    """Which form is needed, in which year."""

    year: int | None = shared("year")
    form: str | None = option(
        "Form that is needed.",
        default=None,
        kind="str",
        usual="each",
        said="--form FORM",
        example="magnet",
        is_open=False,
    )


class Risk(Row):
    """A plant, for how long all needs of a form can be met without it, and how long it is out."""

    plant: str = col("Id of the plant.")
    name: str = col(head="If this is lost")
    country: Country = col(head="Country")
    stage: str
    form: FormId = col(head="Form")
    survives: Days = col(
        "Until somebody is short of the form; 0 where somebody is at once.",
        head="All demand is met for",
    )
    recovers: Days = col(
        "Until the plant runs again.", head="It is out, days", by="outage(plant, 'days')"
    )
    recovers_low: Days = col(by="outage(plant, 'days_low days')")
    recovers_high: Days = col(by="outage(plant, 'days_high days')")
    is_hidden: bool = col(
        "Whether it is out for longer than can be survived.",
        head="Longer than survived",
        by="survives < recovers",
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
    by={"n_hidden": "count(rows, is_hidden == True)"},
):
    """All plants whose loss is felt within ten years, by how much longer they are out than that."""

    n_plants: int = col("How many were lost, each alone.", by=answered("n_plants"))
    rows: tuple[Risk, ...] = rows("How long all do without each plant, and how long it is out")

    @property
    def n_hidden(self) -> int:
        """Rows out for longer than all demand can be met without the plant."""
        return len(self.hidden)

    @property
    def hidden(self) -> tuple[Risk, ...]:
        """Those that are out for longer than can be survived."""
        return tuple(row for row in self.rows if row.is_hidden)


@question(
    "risks",
    title="",
    together="",
    metrics={
        "hidden": lambda answer: answer.n_hidden,
        "felt": lambda answer: len(answer.rows),
        "plants": lambda answer: answer.n_plants,
    },
)
def risks(case: Case, query: Query) -> RisksResult:
    """Which plants may be out for longer than all nations can do without them?

    Every plant is lost alone. How long all needs of a form can still be met from the other plants
    and from all stocks (time to survive) is set against how long the plant is out (time to
    recover), as the table outages says. Needs are what all nations are served with nothing lost.

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
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.time.evidence import risks_proof
    from supplynet.analysis.time.survival import felt_losses
    from supplynet.solve.check import worst

    question, program, n_plants, affected = felt_losses(case.net, query)
    results = [
        Risk(
            plant=node.id,
            name=node.name,
            country=node.country,
            stage=node.stage,
            form=form,
            survives=days,
            is_hidden=days < outage.days,
            recovers=outage.days,
            recovers_low=outage.days if outage.days_low is None else outage.days_low,
            recovers_high=outage.days if outage.days_high is None else outage.days_high,
        )
        for form, node, days, outage in affected
    ]
    results.sort(key=lambda row: (steady(row.survives - row.recovers), row.plant, row.form))
    return RisksResult(
        question=question,
        n_plants=n_plants,
        rows=tuple(results),
        certificate=worst(program.certificates.values()),
        provenance=provenance(question, form=query.form or ""),
        evidence=partial(risks_proof, program.solved, results),
    )


@sentence(RisksResult)
def say(answer: RisksResult) -> str:
    """Return how many hidden risks there are, and the first, in a sentence."""
    if not answer.hidden:
        return f"None of {answer.n_plants} plants is out for longer than all can do without it."
    first = answer.hidden[0]
    return (
        f"{len(answer.hidden)} of {answer.n_plants} plants are out for longer than all can do "
        f"without them; {first.name} for {first.recovers:,.0f} days, of which "
        f"{first.survives:,.0f} can be survived."
    )


@page(RisksResult)
def as_document(answers: Sequence[RisksResult]) -> Document:
    """Return the document of hidden risks."""
    from supplynet.present.document import of_result, section
    from supplynet.present.words import checked, scenario_phrase

    answer = answers[0]
    question = answer.question
    method = (
        "Time to survive: the longest time through which all needs of the form can be met from "
        "the other plants and from all stocks, by one program. Needs are what all nations are "
        "served with nothing lost.",
        "Time to recover: as the table outages says, with its ends. What a plan that lasts does "
        "not use is survived without end.",
        LENSES[question.lens].sentence,
        checked(answer.certificate, "every program, with no gap above"),
    )
    sections = (
        section("", "risks", *_blocks(answer)),
        section("Method", "method", method),
    )
    title = f"Hidden risks, {question.year}{scenario_phrase(question.net)}"
    return of_result(title, sections, answer)


def _blocks(answer: RisksResult) -> Iterator[Content]:
    from supplynet.present.answers import table_of
    from supplynet.present.words import count, link_phrase

    hidden, affected = len(answer.hidden), len({row.plant for row in answer.rows})
    yield (
        f"Each of {count(answer.n_plants, 'plant')} is lost alone, on "
        f"{link_phrase(answer.question)}. "
        f"{count(affected, 'of them is', 'of them are')} felt within ten years, in one form or "
        f"more; "
        f"{count(hidden, 'is', 'are') if hidden else 'none is'} out for longer than all demand can "
        "be met without it."
    )
    if not answer.rows:
        return
    caption = "Plants by how much longer they are out than can be survived"
    if len(answer.rows) > _MOST:
        caption += f", the first {_MOST} of {len(answer.rows)}"
    cells = {
        "recovers": lambda row: (
            f"{row.recovers:,.0f} ({row.recovers_low:,.0f} to {row.recovers_high:,.0f})"
        ),
        "is_hidden": lambda row: (
            "yes" if row.is_hidden else "perhaps" if row.may_be_hidden else "no"
        ),
    }
    yield table_of(answer, "rows", rows=answer.rows[:_MOST], caption=caption, cells=cells)
