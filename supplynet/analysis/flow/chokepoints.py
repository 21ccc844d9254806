"""Chokepoints: what the loss of each plant, country or owner costs, exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.flow.attackable import counted_flow, groups_in_flow, is_up_to_need
from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.link_losses import link_losses
from supplynet.analysis.flow.plant_losses import plant_losses
from supplynet.analysis.losses import told
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.declared import ITS_UNIT, Layout, Table, count, number, text
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.errors import OptionError
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.units import flow_unit, one_element
from supplynet.solve.check import Certificate, worst
from supplynet.solve.loss.losses import Progress
from supplynet.terms import CERTIFIED, CHOKEPOINTS, COUNTS, LOSSES, MODELS, one_of
from supplynet.text import by_size, share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

# An answer may be rounded to one part in this, see `solve.certificate`.
LOSS_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Chokepoint:
    """One plant, country or owner, and what its loss costs.

    Parameters
    ----------
    id : str
        Node id, country code, code and stage, bloc, ``tail -> head (form)``, two ids with a plus
        between them, or selector.
    name : str
        As a reader knows it.
    stage : str
        Of a node or of a country's stage; empty for whole countries.
    loss : float
        t/yr that no longer arrive when it is gone and everything else is rerouted at best.
    remaining : float
        t/yr that still arrive.
    loss_share : float
        Loss over the flow with everything in place, 0 to 1.
    demand_share : float or None
        Part of the demand that is no longer covered; None without a demand.
    n_nodes : int
        Plants in it that carry flow.
    """

    id: str
    name: str
    stage: str
    loss: float
    remaining: float
    loss_share: float
    demand_share: float | None
    n_nodes: int


CHOKEPOINT_LAYOUT = Layout(
    name="chokepoints",
    title="What the loss of each plant, country or owner costs a nation",
    headline=(Lead("largest loss", "loss_share", of="{row.name}", table="rows", is_zero=True),),
    document="supplynet.reports.results_losses.of_chokepoints",
    figures=(
        text("element", "Id of the element."),
        text("by", "What is lost at once."),
        text("model", "What the losses are of: flow or balance."),
        text("count", "Whether only tonnes up to the need count, or all."),
        number("value", ITS_UNIT, "What arrives per year with everything in place."),
        text("unit", "Unit of what arrives and is lost."),
        count("n_candidates", "What could be lost."),
        count("n_evaluations", "For how many it had to be searched what goes around them."),
        count("n_solved", "For how many it was solved again as proof."),
    ),
    tables=(
        Table(
            "rows",
            "Losses, the largest first",
            Chokepoint,
            units={"loss": ITS_UNIT, "remaining": ITS_UNIT},
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class ChokepointResult(Result):
    """The exact loss for every plant, country or owner, largest first.

    Parameters
    ----------
    question : Question
    element : str
    by : str
    value : float
        t/yr that arrive with everything in place.
    unit : str
    demand : DemandFigure
    rows : tuple of Chokepoint
        Those whose loss costs something.
    n_candidates, n_evaluations, n_solved : int
        How many there are, for how many it had to be searched what can be sent around them, and
        for how many the flow was solved again as proof.
    certificate : Certificate
        Each check at its worst over the flow with everything in place and those without the
        candidates that cost something.
    provenance : Provenance
    hint : str
        What would have been faster; empty where nothing would.
    model : {"flow", "balance"}
        What the losses are of: the maximum flow, or the potential by the balance.
    count : {"need", "all"}
        Whether only tonnes up to the need count.
    evidence : callable or None
        Makes what others need to check the flow with everything in place.
    """

    LAYOUT = CHOKEPOINT_LAYOUT

    question: Question
    element: str
    by: str
    value: float
    unit: str
    demand: DemandFigure
    rows: tuple[Chokepoint, ...]
    n_candidates: int
    n_evaluations: int
    n_solved: int
    certificate: Certificate = field(repr=False)
    provenance: Provenance
    hint: str = ""
    model: str = "flow"
    count: str = "need"
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def is_up_to_need(self) -> bool:
        """Whether what counts ends at the need of the target."""
        return is_up_to_need(self.count, self.demand)

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Return the data range of each loss by its id, t/yr.

        All figures at their low and at their high end, everything rerouted anew: a loss may be the
        larger where little is there, so that the range holds the central one, too.

        Raises
        ------
        OptionError
            If links are lost one by one.
        CertificateError
            If the independent check refuses a solution.
        """
        from supplynet.analysis.flow.loss_ranges import losses_at_ends

        named = [(row.id, row.stage) for row in self.rows]
        ends = losses_at_ends(
            self.question, self.element, named, by=self.by, model=self.model, count=self.count
        )
        return {
            row.id: (min(row.loss, *ends[key]), max(row.loss, *ends[key]))
            for key, row in zip(named, self.rows, strict=True)
        }

    def summary(self) -> str:
        """Return the largest chokepoint in a sentence."""
        asked = self.question
        if not self.rows:
            return (
                f"No single {self.by} whose loss costs {asked.to_name} any {self.element} "
                f"in {asked.year}."
            )
        first = self.rows[0]
        is_country = LOSSES[self.by].is_whole
        what = f"all plants of {first.name}" if is_country else first.name
        return (
            f"First comes the loss of {what}: {asked.to_name} could then receive "
            f"{tonnes(first.loss)} {self.unit} of {self.element} less ({share(first.loss_share)}) "
            f"in {asked.year}."
        )


@takes(QuestionWords)
def chokepoints(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    by: str = "node",
    lost: str | Iterable[str] | None = None,
    top: int | None = None,
    certify: str = "shown",
    model: str = "flow",
    count: str = "need",
    progress: Progress | None = None,
    **words: Unpack[QuestionWords],
) -> ChokepointResult:
    """Which plant, country or owner costs a nation most when it is lost?

    Each loss is exact for the network at hand: every candidate of the result is proved by
    solving again without it, with the yields and richest feeds of the whole network.
    ``max_flow(avoid=...)`` works these out anew, so that what it finds can lie a little below
    ``remaining``. Which candidates cost most is found from one flow: of what it sends over a
    candidate, that is lost which cannot be sent around it (:mod:`supplynet.solve.loss.losses`).

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        One element, or ``"basket"``; default: the first of the graph's
        headline elements.
    by : {"node", "link", "country", "owner", "country-stage", "bloc", "pair"}
        What is lost at once. ``edge``: a link, or a corridor of links as a whole. ``owner`` is
        ``country`` under the control lens. ``bloc``: all plants of a bloc's countries. ``pair``:
        any two plants.
    lost : str or iterable of str, optional
        Selectors in place of `by`, each lost as a whole.
    top : int, optional
        Keep this many rows.
    certify : {"shown", "all"}
        Solve again without the candidates that the result shows, or without every candidate,
        which takes long on large networks.
    model : {"flow", "balance"}
        What a loss is one of. ``flow``: the maximum flow, a bound where yields differ by route or
        plants are shared. ``balance``: the potential of the element by the balance, solved anew
        without each candidate, with every yield and shared capacity as it is.
    count : {"need", "all"}
        Whether only tonnes up to the need of the target count, so that a loss is one of coverage,
        or all that could arrive. Without a known need all count.
    progress : callable, optional
        Called with the candidates searched and all that may have to be.

    Returns
    -------
    ChokepointResult

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.
    CertificateError
        If solving again finds another loss.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.chokepoints(sn.load("tutorial"), to="MLT", element="Nd", by="country")
    >>> found.rows == tuple(sorted(found.rows, key=lambda row: -row.loss))
    True
    """
    one_of(by, CHOKEPOINTS, "by")
    if top is not None and top < 1:
        raise OptionError(f"top must be at least 1, not {top}")
    one_of(certify, CERTIFIED, "certify")
    one_of(model, MODELS, "model")
    one_of(count, COUNTS, "count")
    known_words(words, chokepoints)
    question = ask(net, to=to, **words)
    wanted = one_element(question.net, element, "chokepoints")
    if model == "balance":
        return _by_balance(question, wanted, by=by, lost=lost, top=top, count=count)
    return _by_flow(
        question,
        wanted,
        by=by,
        lost=lost,
        top=top,
        certify=certify,
        count=count,
        progress=progress,
    )


def country_losses(
    question: Question, element: str, *, model: str = "flow", count: str = "need"
) -> ChokepointResult:
    """Return what the loss of each whole country costs, of a checked question."""
    words: dict[str, Any] = {"by": "country", "lost": None, "top": None, "count": count}
    if model == "balance":
        return _by_balance(question, element, **words)
    return _by_flow(question, element, certify="shown", progress=None, **words)


def _by_flow(
    question: Question,
    element: str,
    *,
    by: str,
    lost: str | Iterable[str] | None,
    top: int | None,
    certify: str,
    count: str,
    progress: Progress | None,
) -> ChokepointResult:
    """Return the losses of the largest flow."""
    base, need = counted_flow(question, element, count)
    # A search may stop as soon as no other loss can come among the first; with all to be proved
    # there is nothing to stop for.
    least = None if certify == "all" else top
    kind = by if lost is None else "lost"
    if kind == "link":
        losses = link_losses(
            question,
            base,
            top=least,
            certify_all=certify == "all",
            tolerance=LOSS_TOLERANCE,
            progress=progress,
        )
    else:
        words = [lost] if isinstance(lost, str) else lost
        losses = plant_losses(
            base,
            groups_in_flow(question, base, by, words),
            top=least,
            certify_all=certify == "all",
            tolerance=LOSS_TOLERANCE,
            named=partial(told, question.net, kind),
            progress=progress,
        )
    rows = [_told(base.value, need.value, *left) for left in losses.left]
    ranked = sorted(
        (row for row in rows if row.loss > 0.0), key=lambda row: (by_size(row.loss), row.id)
    )
    return ChokepointResult(
        question=question,
        element=element,
        by=kind,
        value=base.value,
        unit=base.graph.unit,
        demand=need,
        rows=tuple(ranked[:top]),
        n_candidates=losses.n_candidates,
        n_evaluations=losses.n_evaluations,
        n_solved=losses.n_solved,
        certificate=worst([base.certificate, *losses.certificates]),
        hint=losses.hint,
        count=count,
        evidence=partial(flow_proof, base),
        provenance=provenance(question, element=element, by=kind, model="flow", count=count),
    )


def _by_balance(
    question: Question,
    element: str,
    *,
    by: str,
    lost: str | Iterable[str] | None,
    top: int | None,
    count: str,
) -> ChokepointResult:
    """Return the losses of the potential by the balance."""
    from supplynet.analysis.potential.losses import losses_of

    need = demand(question.net, question.targets, element, question.year)
    words = [lost] if isinstance(lost, str) else lost if lost is None else list(lost)
    up_to_need = is_up_to_need(count, need)
    losses = losses_of(question, element, by=by, lost=words, is_up_to_need=up_to_need)
    kind = by if lost is None else "lost"
    most = need.value if up_to_need else math.inf  # products may hold more than is needed of it
    # Both ends are cut at the need, so that losing what nobody needed costs nothing.
    value = min(most, losses.value)
    rows = [
        _told(
            value, need.value, (group.id, group.name), group.stage, min(most, left), group.n_plants
        )
        for group, left in losses.found
    ]
    ranked = sorted(
        (row for row in rows if row.loss > 0.0), key=lambda row: (by_size(row.loss), row.id)
    )
    return ChokepointResult(
        question=question,
        element=element,
        by=kind,
        value=value,
        unit=flow_unit(question.net, element),
        demand=need,
        rows=tuple(ranked[:top]),
        n_candidates=len(rows),
        n_evaluations=losses.n_solved,
        n_solved=losses.n_solved,
        certificate=losses.certificate,
        provenance=provenance(question, element=element, by=kind, model="balance", count=count),
        model="balance",
        count=count,
    )


def _told(
    value: float, need: float, named: tuple[str, str], stage: str, remaining: float, n_nodes: int
) -> Chokepoint:
    """Return what a loss costs that leaves something of what could arrive."""
    remaining = max(0.0, remaining)  # a program may leave the last digits of nothing
    loss = max(0.0, value - remaining)
    # Of demand only what lies below the need counts.
    lost = min(value, need) - min(remaining, need)
    return Chokepoint(
        id=named[0],
        name=named[1],
        stage=stage,
        loss=loss,
        remaining=remaining,
        loss_share=loss / value if value else 0.0,
        demand_share=lost / need if need else None,
        n_nodes=n_nodes,
    )
