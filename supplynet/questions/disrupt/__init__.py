"""Disruptions: how much less all nations together get when a plant, link or country is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import Counted, option, page, sentence, shared
from supplynet.contract.row import ITS_UNIT, Row, Share, Tonnes, answered, col, rows
from supplynet.questions.declared import question
from supplynet.terms import DISRUPTIONS

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.present.document import Document

MEANING = (
    "contested: how much less all nations together are served when they buy at once again "
    "without what is lost"
)


class Query(Counted):
    """Whose loss is asked about, and how supply counts."""

    element: str | Iterable[str] | None = shared("element")
    by: str = option("What is lost at once.", default="node", words=DISRUPTIONS)
    lost: str | Iterable[str] | None = option(
        "Selectors in place of `by`, each lost as a whole. Plants whose owners are not known count "
        "as those of what is avoided: they are lost too.",
        default=None,
        kind="str or iterable of str",
        said="--lost WHAT...",
        is_open=False,
        in_place_of="by",
    )
    weights: Mapping[str, float] | None = shared(
        "weights", said="--weight PRODUCT=NUMBER...", is_open=False
    )
    basis: str = shared("basis")
    top: int | None = option(
        "Keep this many rows, largest loss first.",
        default=None,
        kind="int",
        usual="all; of commands and servers 20",
        said="--top N",
        least=1,
        most=100,
        unsaid=20,
    )
    time_limit: float | None = shared("time_limit", said="--time-limit SECONDS", is_open=False)


class Disruption(Row):
    """One plant, link, country or owner, and what its loss costs all nations together."""

    id: str = col(
        "Node id, ``tail -> head (form)``, rule id, country code, code and stage, or selector."
    )
    name: str = col("As a reader knows it.", head="If this is lost")
    stage: str = col("Stage of a plant or of a country's plants; form of a link; else empty.")
    loss: Tonnes = col(
        "Per year less in all with everything else rerouted at best.",
        ITS_UNIT,
        head="Less is served",
        by="answer.served - served",
    )
    loss_share: Share = col(
        "Loss over what is served with everything in place.",
        head="Of all served",
        by="loss / answer.served if answer.served > 0 else 0",
    )
    served: Tonnes = col("Still served in all.", ITS_UNIT, head="Still served")
    n_plants: int = col(
        "Open plants that are lost at once; 0 for a link.",
        head="Plants",
        by=answered("n_plants", "rows", "id stage"),
    )


class DisruptionResult(
    Answer,
    name="disruptions",
    title="What the loss of each plant, link or country costs all nations together",
    headline=(Lead("largest loss", "loss_share", of="{row.name}", table="rows", is_zero=True),),
    also=("meaning",),
):
    """The exact contested loss of everything that can be lost, largest first."""

    by: str = col("What is lost at once.")
    served: Tonnes = col("Served per year in all with everything in place.", ITS_UNIT)
    demand: Tonnes | None = col(
        "Asked for per year in all; null where not known.", ITS_UNIT, by=answered("demand")
    )
    unit: str = col("Unit of what is served and lost.")
    n_candidates: int = col("What could be lost.", by=answered("n_candidates"))
    n_losses: int = col("How many of them cost something.", by=answered("n_losses"))
    n_solved: int = col("For how many a program was solved.", by="names")
    rows: tuple[Disruption, ...] = rows("Losses, the largest first")

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return MEANING


@question(
    "disrupt",
    title="Contested losses",
    together="Contested losses",
    metrics={
        "loss_share": lambda answer: answer.rows[0].loss_share if answer.rows else 0.0,
        "loss": lambda answer: answer.rows[0].loss if answer.rows else 0.0,
        "served": lambda answer: answer.rows[0].served if answer.rows else answer.served,
    },
    is_of_all=lambda _query: True,
)
def disrupt(case: Case, query: Query) -> DisruptionResult:
    """How much less do all nations together get when a plant, link or country is lost?

    The balance that serves the most tonnes is solved again without each of them, all nations
    drawing anew. The loss is that of all nations together: who of them goes short is open where
    several splits serve as much, and a balance that avoids what is lost states with its ranges.

    A loss is exact. What carries nothing in a solution that serves the most costs nothing: the
    solution stays possible without it, and nothing that was worse before can become better. A
    program is solved only for what every solution at hand uses, and each loss has a proof that is
    checked. Nations go on buying unless they are avoided.

    Returns
    -------
    DisruptionResult

    Raises
    ------
    UnknownNameError
        If a selector, element, product or scenario names nothing.
    OptionError
        If an option's value is not allowed.
    UnboundedError
        If nothing limits what a nation without a known demand could take.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.chokepoints.disrupt(sn.load("tutorial"), by="node", year=2024)
    >>> [(row.id, round(row.loss)) for row in found.rows][:2]
    [('ref-big', 1250), ('maker-big', 1068)]
    """
    from supplynet.model.interdiction import contested_losses

    lost = [query.lost] if isinstance(query.lost, str) else query.lost
    figures = contested_losses(
        case.net,
        by=query.by,
        lost=None if lost is None else list(lost),
        top=query.top,
        time_limit=query.time_limit,
        words={
            **query.asked(),
            "element": query.element,
            "weights": query.weights,
            "basis": query.basis,
        },
    )
    shown = tuple(Disruption(**row._asdict()) for row in figures.pop("losses"))
    return DisruptionResult(rows=shown, by=query.by if lost is None else "lost", **figures)


@sentence(DisruptionResult)
def say(answer: DisruptionResult) -> str:
    """Return what is served with everything in place, and what the worst loss costs."""
    from supplynet.questions.disrupt.page import words

    return words(answer)


@page(DisruptionResult)
def as_document(answers: Sequence[DisruptionResult]) -> Document:
    """Return the document of disruptions, the rows of the result in their order."""
    from supplynet.questions.disrupt.page import document

    return document(answers[0])
