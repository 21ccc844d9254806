"""Disruptions: how much less all nations together get when a plant, link or country is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Unpack

from supplynet.analysis.balance.ask import asked
from supplynet.analysis.balance.candidates import Candidate, candidates
from supplynet.analysis.balance.evidence import disruptions_proof
from supplynet.analysis.balance.programs import model_of
from supplynet.analysis.balance.words import LossWords
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.words import known_words, takes
from supplynet.contract.declared import ITS_UNIT, Layout, Table, count, number, text
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.errors import OptionError
from supplynet.solve.check import Certificate
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.terms import DISRUPTIONS, LOSSES, one_of
from supplynet.text import by_size, integer, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork

MEANING = (
    "contested: how much less all nations together are served when they draw at once again "
    "without what is lost"
)


#: decimals of a share that tell losses apart: as many as the certificate does
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Disruption:
    """One plant, link, country or owner, and what its loss costs all nations together.

    Parameters
    ----------
    id : str
        Node id, ``tail -> head (form)``, rule id, country code, code and stage, or selector.
    name : str
        As a reader knows it.
    stage : str
        Stage of a plant or of a country's plants; form of a link; else empty.
    loss : float
        Per year less in all, in the result's unit, with everything else rerouted at best.
    loss_share : float
        Loss over what is served with everything in place, 0 to 1.
    served : float
        Still served in all.
    n_plants : int
        Open plants that are lost at once; 0 for a link.
    """

    id: str
    name: str
    stage: str
    loss: float
    loss_share: float
    served: float
    n_plants: int


DISRUPTION_LAYOUT = Layout(
    name="disruptions",
    title="What the loss of each plant, link or country costs all nations together",
    headline=(Lead("largest loss", "loss_share", of="{row.name}", table="rows", is_zero=True),),
    document="supplynet.reports.results_disrupt.of_disrupt",
    figures=(
        text("meaning", "What the figures count."),
        text("by", "What is lost at once."),
        number("served", ITS_UNIT, "Served per year in all with everything in place."),
        number("demand", ITS_UNIT, "Asked for per year in all; null where it is not known."),
        text("unit", "Unit of what is served and lost."),
        count("n_candidates", "What could be lost."),
        count("n_losses", "How many of them cost something."),
        count("n_solved", "For how many a program was solved."),
    ),
    tables=(
        Table(
            "rows",
            "Losses, the largest first",
            Disruption,
            units={"loss": ITS_UNIT, "served": ITS_UNIT},
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class DisruptionResult(Result):
    """The exact contested loss of everything that can be lost, largest first.

    Parameters
    ----------
    question : Question
        Its target is every nation.
    by : str
        What is lost at once; ``"lost"`` for selectors.
    served : float
        Per year in all with everything in place.
    demand : float or None
        Per year in all; None where the graph knows none.
    unit : str
    rows : tuple of Disruption
        Those whose loss costs something; of selectors all.
    n_candidates, n_losses, n_solved : int
        How many there are, how many cost something, and for how many a program was solved.
    certificate : Certificate
        Each check at its worst over the proofs of all losses.
    provenance : Provenance
    evidence : callable or None
        Writes the proof, when it is asked for.
    """

    LAYOUT = DISRUPTION_LAYOUT

    question: Question
    by: str
    served: float
    demand: float | None
    unit: str
    rows: tuple[Disruption, ...]
    n_candidates: int
    n_losses: int
    n_solved: int
    certificate: Certificate = field(repr=False)
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return MEANING

    def summary(self) -> str:
        """Return the largest loss in a sentence."""
        asked = self.question
        start = (
            f"Of {tonnes(self.served)} {self.unit} served in {asked.year} when all nations draw "
            "on the network at once,"
        )
        if not self.n_losses:
            return f"{start} nothing is lost without any one of {integer(self.n_candidates)}."
        first = self.rows[0]
        what = f"all plants of {first.name}" if LOSSES[self.by].is_whole else first.name
        return (
            f"{start} {tonnes(first.loss)} ({share(first.loss_share)}) are lost without {what}; "
            f"no other of {integer(self.n_candidates)} losses costs more."
        )


@takes(LossWords)
def disrupt(
    net: SupplyNetwork,
    *,
    by: str = "node",
    lost: str | Iterable[str] | None = None,
    time_limit: float | None = None,
    top: int | None = None,
    **words: Unpack[LossWords],
) -> DisruptionResult:
    """How much less do all nations together get when a plant, link or country is lost?

    The balance that serves the most tonnes is solved again without each of them, all nations
    drawing anew. The loss is that of all nations together: who of them goes short is open where
    several splits serve as much, and ``balance(avoid=...)`` with its ``ranges()`` tells.

    A loss is exact. What carries nothing in a solution that serves the most costs nothing: the
    solution stays possible without it, and nothing that was worse before can become better. A
    program is solved only for what every solution at hand uses, and each loss has a proof that is
    checked. Nations draw on unless they are avoided.

    Parameters
    ----------
    net : SupplyNetwork
    by : {"node", "link", "country", "owner", "country-stage"}
        What is lost at once: a plant; a named link, or a whole corridor; all plants of a
        country, by lens, of an owner country, or of one stage of a country.
    lost : str or iterable of str, optional
        Selectors in place of `by`, each lost as a whole. Plants whose owners are not known count
        as those of `avoid`: they are lost too.
    top : int, optional
        Keep this many rows.

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
    >>> found = disrupt(sn.load("tutorial"), by="node", year=2024)
    >>> [(row.id, round(row.loss)) for row in found.rows][:2]
    [('ref-big', 1250), ('maker-big', 1068)]
    """
    from supplynet.analysis.balance.solve import limited, need, supply
    from supplynet.solve.lp.removals import removals

    one_of(by, DISRUPTIONS, "by")
    if top is not None and top < 1:
        raise OptionError(f"top must be at least 1, not {top}")
    known_words(words, disrupt)
    selectors = None if lost is None else [lost] if isinstance(lost, str) else list(lost)
    given: LossWords = {"basis": "capacity", **words}
    question, balanced, options = asked(
        net,
        **given,
        time_limit=time_limit,
        objective="max_supply",
        firm=False,  # a contract ends with the plant or link that is lost
    )
    model, weights = model_of(question, balanced), balanced.weights
    lp = model.program(supply(model, weights=weights), maximize=True)
    chosen = candidates(model, question, by, selectors)
    with limited():
        removed = removals(lp, [one.columns for one in chosen], time_limit=time_limit)
    rows = [
        _row(candidate, removed.objective, float(value))
        for candidate, value in zip(chosen, removed.values, strict=True)
    ]
    n_losses = sum(row.loss > 0.0 for row in rows)
    shown = [row for row in rows if row.loss > 0.0 or selectors is not None]
    # losses that differ by rounding alone stand in the order of their names
    shown.sort(key=lambda row: (by_size(row.loss_share), row.id))
    demand, unit = need(model, weights=weights)
    columns = {(one.id, one.stage): one.columns for one in chosen}
    return DisruptionResult(
        question=question,
        by=by if selectors is None else "lost",
        served=removed.objective,
        demand=demand,
        unit=unit,
        rows=tuple(shown[:top]),
        n_candidates=len(rows),
        n_losses=n_losses,
        n_solved=removed.n_solved,
        certificate=removed.certificate,
        provenance=provenance(
            question,
            by=by,
            lost=selectors or [],
            **{name: options[name] for name in ("elements", "basis", "weights")},
        ),
        evidence=partial(
            disruptions_proof, lp, removed.objective, shown[:top], columns, time_limit
        ),
    )


def _row(one: Candidate, served: float, value: float) -> Disruption:
    """Return what a loss costs; what the certificate cannot tell from nothing is nothing."""
    loss = served - value
    if loss <= GAP_TOLERANCE * served:
        loss, value = 0.0, served
    return Disruption(
        id=one.id,
        name=one.name,
        stage=one.stage,
        loss=loss,
        loss_share=loss / served if served else 0.0,
        served=value,
        n_plants=one.n_plants,
    )
