"""Chokepoints: what the loss of each plant, country or owner costs, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import ASKED_FOR
from supplynet.analysis.flow.worst_case import LOST_OF_DEMAND
from supplynet.contract.answer import Answer, solved_anew
from supplynet.contract.headline import Lead
from supplynet.contract.query import OfElement, option, page, sentence, shared
from supplynet.contract.row import (
    ITS_UNIT,
    Country,
    ElementId,
    Row,
    Share,
    Tonnes,
    answered,
    col,
    rows,
)
from supplynet.errors import OptionError
from supplynet.questions.declared import question
from supplynet.terms import CERTIFIED, CHOKEPOINTS, DISRUPTIONS, LOSSES
from supplynet.text import by_size, listing, share

if TYPE_CHECKING:
    from supplynet.analysis.losses import Left
    from supplynet.analysis.question import Question
    from supplynet.model.case import Case
    from supplynet.network.demand import DemandFigure
    from supplynet.present.document import Document, Section, Table
    from supplynet.solve.loss.losses import Progress

#: losses are the same from this part of each other on, and how many of them are named
_SAME, _NAMED = 1e-6, 3


class Query(OfElement):
    """Whose loss is asked about, and how it is counted and proved."""

    by: str = option("What is lost at once.", default="node", words=CHOKEPOINTS)
    lost: str | Iterable[str] | None = option(
        "Selectors in place of `by`, each lost as a whole.",
        default=None,
        kind="str or iterable of str",
        said="--lost WHAT...",
        is_open=False,
        in_place_of="by",
    )
    top: int | None = option(
        "Keep this many rows, largest loss first.",
        default=None,
        kind="int",
        said="--top N",
        least=1,
        most=100,
        usual="all; of commands and servers 20",
        unsaid=20,
    )
    certify: str = option(
        "Prove the losses shown, or of every candidate (slow), by solving again without each.",
        default="shown",
        words=CERTIFIED,
        is_open=False,
    )
    model: str = shared("model")
    count: str = shared("count")
    ranges: bool = option(
        "Work out the data range of each loss: every figure at its low and at its high end.",
        default=False,
        kind="bool",
    )
    both_lenses: bool = option(
        "Show losses by where plants stand beside those by who owns them, and which change.",
        default=False,
        kind="bool",
        is_open=False,
    )
    progress: Progress | None = option(
        "Called with the candidates searched and all that may have to be.",
        default=None,
        kind="callable",
        in_command=False,
        is_open=False,
    )


#: what losses in the balance follow from, which carry no programs
_IN_BALANCE = "{} if model == 'balance' else None"
_OPEN = "what is left in the balance, but by solving it anew"


class Chokepoint(Row):
    """One plant, country or owner, and what its loss costs."""

    id: str = col(
        "Node id, country code, code and stage, bloc, ``tail -> head (form)``, two ids with a plus "
        "between them, or selector."
    )
    name: str = col("As a reader knows it.", head="If this is lost")
    stage: str = col("Of a node or of a country's stage; empty for whole countries.")
    loss: Tonnes = col(
        "No longer arrive when it is gone and everything else is rerouted at best.",
        ITS_UNIT,
        head="Less arrives",
        by="max(0, value - remaining)",
    )
    loss_low: Tonnes | None = col(
        "The least of the loss with all figures at their low and at their high end.",
        ITS_UNIT,
        head="Data range",
        default=None,
    )
    loss_high: Tonnes | None = col("The most of it.", ITS_UNIT, default=None)
    loss_share: Share = col(
        "Loss over the flow with everything in place.",
        head="Share of supply",
        by="loss / value",
        default=0.0,
    )
    demand_share: Share | None = col(
        "Part of the demand that is no longer covered; null without a demand.",
        head="Share of demand",
        by=LOST_OF_DEMAND.format("value", "remaining", "need"),
        default=None,
    )
    remaining: Tonnes = col(
        "Still arrive.",
        ITS_UNIT,
        head="Still arrives",
        by=_IN_BALANCE.format(answered("remaining", "rows", "id stage")),
        default=0.0,
    )
    country: Country = col("Of what is lost; empty for several.", head="Country", default="")
    n_nodes: int = col(
        "Plants in it that carry flow.",
        head="Plants that carry",
        by=answered("n_nodes", "rows", "id stage"),
        default=0,
    )


class ChokepointResult(
    Answer,
    name="chokepoints",
    title="What the loss of each plant, country or owner costs a nation",
    headline=(Lead("largest loss", "loss_share", of="{row.name}", table="rows", is_zero=True),),
    also=("need",),
    by={"need": ASKED_FOR},
):
    """The exact loss for every plant, country or owner, largest first."""

    element: ElementId = col("Id of the element.")
    by: str = col("What is lost at once.")
    model: str = col("What the losses are of: flow or balance.", default="flow")
    count: str = col("Whether only tonnes up to demand count, or all.", default="need")
    value: Tonnes = col(
        "What arrives per year with everything in place.",
        ITS_UNIT,
        by=_IN_BALANCE.format(answered("value")),
    )
    unit: str = col("Unit of what arrives and is lost.")
    n_candidates: int = col("What could be lost.", by=answered("n_candidates"))
    n_evaluations: int = col(
        "For how many it had to be searched what goes around them.", by="names"
    )
    n_solved: int = col("For how many it was solved again as proof.", by="names")
    rows: tuple[Chokepoint, ...] = rows("Losses, the largest first", order="-loss")
    demand: DemandFigure
    hint: str = ""  #: what would have been faster; empty where nothing would
    by_owner: ChokepointResult | None = None  #: the same by who owns plants, where it was asked for

    @property
    def need(self) -> Tonnes | None:
        """Demand of the target; null where none is known."""
        return self.demand.value or None

    @property
    def is_up_to_need(self) -> bool:
        """Whether what counts ends at the demand of the target."""
        return self.count == "need" and self.demand.value > 0.0

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Return the data range of each loss by its id, t/yr; worked out where it was not yet.

        Raises
        ------
        OptionError
            If links are lost one by one.
        CertificateError
            If the independent check refuses a solution.
        """
        result = self if all(row.loss_low is not None for row in self.rows) else with_ranges(self)
        return {row.id: (row.loss_low or 0.0, row.loss_high or 0.0) for row in result.rows}


def with_ranges(answer: ChokepointResult) -> ChokepointResult:
    """Return an answer with the data range of each loss.

    A loss may be the larger where little is there, so that the range holds the central one, too.
    """
    from supplynet.analysis.flow.plant_losses import losses_at_ends

    named = [(row.id, row.stage) for row in answer.rows]
    bounds = losses_at_ends(
        answer.question, answer.element, named, by=answer.by, model=answer.model, count=answer.count
    )
    ranged = (
        replace(row, loss_low=min(row.loss, *bounds[key]), loss_high=max(row.loss, *bounds[key]))
        for key, row in zip(named, answer.rows, strict=True)
    )
    return replace(answer, rows=tuple(ranged))


def _require_fitting(query: Query) -> None:
    """Refuse options that do not go together."""
    two_sided = DISRUPTIONS.only(lambda loss: loss.has_two_sides)
    if query.lost is not None and query.by != "node":
        raise OptionError("by and lost both say what is lost", hint="give one of them")
    if query.both_lenses and (query.by not in two_sided or query.lost is not None):
        raise OptionError(f"both_lenses goes with by={' or '.join(map(repr, two_sided))}")
    if query.ranges and (query.by == "link" or query.both_lenses):
        raise OptionError("ranges goes neither with by='link' nor with both_lenses")


@question(
    "chokepoints",
    title="Chokepoints",
    together="Chokepoints of {target}",
    metrics={
        "loss_share": lambda answer: answer.rows[0].loss_share if answer.rows else 0.0,
        "loss": lambda answer: answer.rows[0].loss if answer.rows else 0.0,
        "demand_share": lambda answer: answer.rows[0].demand_share if answer.rows else 0.0,
        "value": lambda answer: answer.value,
    },
)
def chokepoints(case: Case, query: Query) -> ChokepointResult:
    """Which plant, country or owner costs a nation most when it is lost?

    Each loss is exact for the network at hand: every candidate of the result is proved by solving
    again without it, with the yields and richest feeds of the whole network. What is avoided works
    these out anew, so that it can leave a little less than what remains here.

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

    Notes
    -----
    Which candidates cost most is found from one flow: of what it sends over a candidate, that is
    lost which cannot be sent around it (:mod:`supplynet.solve.loss.losses`). ``owner`` is
    ``country`` under the control lens; with ``link`` a corridor of links is lost as a whole.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.chokepoints(sn.load("tutorial"), to="MLT", element="Nd", by="country")
    >>> found.rows == tuple(sorted(found.rows, key=lambda row: -row.loss))
    True
    """
    _require_fitting(query)
    if query.both_lenses:
        both = replace(query, both_lenses=False)
        owner = _ranked(case.seen("control"), both)
        return replace(_ranked(case.seen("location"), both), by_owner=owner)
    answer = _ranked(case, query)
    return with_ranges(answer) if query.ranges else answer


def _ranked(case: Case, query: Query) -> ChokepointResult:
    """Return what the loss of each costs, largest first, no more than were asked for."""
    kind = query.by if query.lost is None else "lost"
    lost = [query.lost] if isinstance(query.lost, str) else query.lost
    ranking = case.losses(
        query.model,
        by=query.by,
        lost=lost if lost is None else list(lost),
        top=query.top,
        is_all_proved=query.certify == "all",
        count=query.count,
        progress=query.progress,
    )
    value, need = ranking.value, ranking.need.value
    every = ((_told(case.question, kind, value, need, left), left) for left in ranking.left)
    costly = sorted(
        (pair for pair in every if pair[0].loss > 0.0),
        key=lambda pair: (by_size(pair[0].loss), pair[0].id),
    )[: query.top]
    shown, evidence = [left for _, left in costly], ranking.evidence
    return case.answer(
        ChokepointResult,
        options={"by": kind, "model": query.model, "count": query.count},
        by=kind,
        model=query.model,
        count=query.count,
        value=value,
        unit=ranking.unit,
        demand=ranking.need,
        rows=tuple(row for row, _ in costly),
        n_candidates=ranking.n_candidates,
        n_evaluations=ranking.n_evaluations,
        n_solved=ranking.n_solved,
        certificate=ranking.certificate,
        hint=ranking.hint,
        evidence=partial(solved_anew, _OPEN) if evidence is None else partial(evidence, shown),
    )


def _told(question: Question, by: str, value: float, need: float, left: Left) -> Chokepoint:
    """Return what a loss costs that leaves something of what could arrive."""
    (id_, name), net = left.named, question.net
    remaining = max(0.0, left.tonnes)  # a program may leave the last digits of nothing
    loss = max(0.0, value - remaining)
    # Of demand only what lies below demand counts.
    lost = min(value, need) - min(remaining, need)
    return Chokepoint(
        id=id_,
        name=name,
        stage=left.stage,
        loss=loss,
        remaining=remaining,
        loss_share=loss / value if value else 0.0,
        demand_share=lost / need if need else None,
        country=net.node(id_).country
        if by == "node"
        else id_.partition(":")[0]
        if LOSSES[by].is_of_country
        else "",
        n_nodes=left.n_nodes,
    )


def country_losses(
    question: Question, element: str, *, model: str = "flow", count: str = "need"
) -> ChokepointResult:
    """Return what the loss of each whole country costs, of a checked question."""
    from supplynet.model.case import Case

    options = {"to": question.to, "by": "country", "model": model, "count": count}
    query = Query.checked(options, "chokepoints")
    return _ranked(Case.about(question, element, query, "chokepoints"), query)


@sentence(ChokepointResult)
def say(answer: ChokepointResult) -> str:
    """Return what is there, and whose loss costs most."""
    from supplynet.network.countries import with_article
    from supplynet.present.words import amount, element_name, in_place, link_phrase, without

    question, loss = answer.question, LOSSES[answer.by]
    name = element_name(question.net, answer.element)
    need = answer.demand.value if answer.is_up_to_need else None
    there = in_place(question, answer.value, need, answer.unit, name)
    text = f"With everything in place{without(question)}, {there} on {link_phrase(question)}."
    if answer.model == "balance":
        text += " Every yield counts as it is on its route, every capacity as it is shared."
    if not answer.rows:
        return f"{text} No single {loss.singular} whose loss costs anything was found."
    top, *others = answer.rows
    # it is first by its name alone where others cost as much
    equal = [row for row in others if row.loss >= (1.0 - _SAME) * top.loss]
    names = [with_article(row.name) for row in equal[:_NAMED]]
    names += [f"{len(equal) - _NAMED} more"] if len(equal) > _NAMED else []
    as_bad = f"; the loss of {listing(names, 'or')} costs as much" if names else ""
    return (
        f"{text} The {loss.singular} whose loss costs most is {with_article(top.name)}: "
        f"{amount(top.loss, answer.unit)} less, {share(top.loss_share)} of it, with everything "
        f"rerouted as well as can be{as_bad}."
    )


@page(ChokepointResult)
def as_document(answers: Sequence[ChokepointResult]) -> Document:
    """Return the document of answers about several elements; those that nothing harms together."""
    from supplynet.analysis.losses import left_out
    from supplynet.present.document import of_result, section
    from supplynet.present.words import meaning, titled
    from supplynet.questions.chokepoints.page import (
        countries_instead,
        is_covered,
        names_together,
        unharmed_blocks,
    )

    if not answers:
        raise OptionError("a report needs at least one result")
    if answers[0].by_owner is not None:
        from supplynet.questions.chokepoints.page import of_lenses

        return of_lenses(
            *(
                (chokepoint_result, chokepoint_result.by_owner)
                for chokepoint_result in answers
                if chokepoint_result.by_owner is not None
            )
        )
    question = answers[0].question
    unharmed = [
        answer for answer in answers if not answer.rows and is_covered(answer, answer.value)
    ]
    sections = list(_sections([result for result in answers if result not in unharmed]))
    countries = countries_instead(unharmed)
    if unharmed:
        by = unharmed[0].by
        blocks = unharmed_blocks(unharmed, f"the loss of 1 {LOSSES[by].singular}", countries)
        title = f"{names_together(unharmed)}, {_seen_by(unharmed[0])}"
        sections.append(section(title, f"chokepoints-unharmed-{by}", *blocks))
    terms = filter(None, (meaning(question), left_out(question.net, answers[0].by)))
    sections.append(section("Terms", "terms", tuple(terms)))
    return of_result(titled(question, "Chokepoints of "), sections, *answers, *countries)


def _sections(answers: Iterable[ChokepointResult]) -> Iterator[Section]:
    """Yield the section of each element: what is there, whose loss costs most, and the table."""
    from supplynet.present.document import section
    from supplynet.present.words import element_name

    for answer in answers:
        name = f"chokepoints-{answer.element}-{answer.by}"
        title = f"{element_name(answer.question.net, answer.element)}, {_seen_by(answer)}"
        tables = (table(answer),) if answer.rows else ()
        yield section(title, name, answer.summary(), *tables)


def table(answer: ChokepointResult) -> Table:
    """Return the losses of an answer as people read them."""
    from supplynet.present.answers import table_of

    unfit = ["n_nodes"] if answer.by == "node" else ["country"]
    if answer.by == "link":
        unfit.append("n_nodes")
    name = f"chokepoints-{answer.element}-{answer.by}"
    shown = table_of(answer, answer.LAYOUT.table(), caption="", without=unfit)
    return replace(shown, name=name)


def _seen_by(answer: ChokepointResult) -> str:
    """Return what is lost, as it stands behind the name of an element."""
    loss = LOSSES[answer.by]
    is_of_owner = loss.has_two_sides and answer.question.lens == "control"
    return f"by {loss.singular}{' of the owner' if is_of_owner else ''}"
