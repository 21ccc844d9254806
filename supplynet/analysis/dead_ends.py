"""Dead ends of an answer: what plants could make in its tier and year, and no buyer is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Unpack

from supplynet.analysis.flow.evidence import dead_ends_proof
from supplynet.analysis.flow.rows import DEAD_ENDS, DeadEnd
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import rows
from supplynet.errors import OptionError
from supplynet.network.rules import without_outlet
from supplynet.network.tiers import Floors
from supplynet.network.units import BASKET
from supplynet.solve.check import Certificate, worst
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.network.network import SupplyNetwork

#: why what a plant makes goes nowhere
NO_BUYER, SHUT = "no buyer named", "buyers shut"
# plants that a sentence names
_NAMED = 3
# below this a plant makes nothing
_LEAST = 1e-6


class DeadEndsResult(
    Answer,
    name="dead_ends",
    title="Plants that could make something which nobody is named to buy",
    headline=(Lead("plants without a buyer", table="dead_ends"),),
    document="supplynet.reports.results.of_dead_ends",
):
    """Plants that could make something which nobody is named to buy; every nation is asked."""

    dead_ends: tuple[DeadEnd, ...] = rows(DEAD_ENDS.title)
    #: of what could leave them, at its worst; None where no plant is without a buyer
    certificate: Certificate | None = field(repr=False)  # type: ignore[assignment]

    def summary(self) -> str:
        """Return what is made and has no buyer, in a sentence."""
        text = dead_end_sentence(self.dead_ends)
        n_shut = sum(row.why == SHUT for row in self.dead_ends)
        if n_shut:
            plants = "1 plant that sells" if n_shut == 1 else f"{n_shut} plants that sell"
            text = f"{text} {plants} to nobody else has its buyers shut.".strip()
        return text or "All that could be made has somebody who is named to buy it."


@takes(QuestionWords)
def dead_ends(
    net: SupplyNetwork,
    **words: Unpack[QuestionWords],
) -> DeadEndsResult:
    """Which plants could make something that nobody is named to buy?

    What they make is in no figure of the tier: neither in what nations could get nor in what
    they get when all buy at once.

    Parameters
    ----------
    net : SupplyNetwork

    Returns
    -------
    DeadEndsResult

    Raises
    ------
    UnknownNameError
        If a selector or scenario names nothing.
    OptionError
        If an option's value is not allowed, or the network has no nations.

    Examples
    --------
    >>> import supplynet as sn
    >>> sn.allocate.dead_ends(sn.load("tutorial"), tier="committed", year=2026).dead_ends
    ()
    """
    stages = [f"stage:{stage.name}" for stage in net.stages if stage.is_nation]
    if not stages:
        raise OptionError(f"{net.name} has no stage of nations, so that nobody buys")
    known_words(words, dead_ends)
    question = ask(net, to=stages, **words)
    flows = _flows(question)
    return DeadEndsResult(
        question=question,
        dead_ends=_rows(question, flows),
        certificate=worst(solved.certificate for solved in flows.values()) if flows else None,
        provenance=provenance(question),
        evidence=partial(dead_ends_proof, flows) if flows else None,
    )


def dead_ends_of(question: Question) -> tuple[DeadEnd, ...]:
    """Return the dead ends of a checked question, those that it asks for left out."""
    return _rows(question, _flows(question))


def _flows(question: Question) -> dict[str, Solved]:
    """Return what could leave each plant without an outlet, by its id."""
    from supplynet.analysis.flow.flow import solve_question

    counted = Floors(question.links, question.plants)
    return {
        plant: solve_question(replace(question, targets=frozenset({plant})), BASKET)
        for plant in without_outlet(question.net, question.year, counted, question.shut.possibly)
        if plant not in question.targets
    }


def _rows(question: Question, flows: Mapping[str, Solved]) -> tuple[DeadEnd, ...]:
    """Return the plants that could make something, the most tonnes first."""
    net = question.net
    counted = Floors(question.links, question.plants)
    unnamed = frozenset(without_outlet(net, question.year, counted)) if flows else frozenset()
    nodes = ((net.node(plant), solved) for plant, solved in flows.items())
    dead_ends = (
        DeadEnd(
            node.id,
            node.name,
            node.stage,
            node.country,
            solved.value,
            solved.graph.unit,
            NO_BUYER if node.id in unnamed else SHUT,
            question.tier,
            question.year,
        )
        for node, solved in nodes
        if solved.value > _LEAST
    )
    return tuple(sorted(dead_ends, key=lambda row: (row.why != NO_BUYER, -row.tonnes, row.plant)))


def dead_end_sentence(dead_ends: Iterable[DeadEnd]) -> str:
    """Return what is made and has no buyer, in a sentence; empty where there is nothing.

    Tonnes of several plants are not added up: one may feed another.
    """
    unnamed = [row for row in dead_ends if row.why == NO_BUYER]
    if not unnamed:
        return ""
    texts = [f"{tonnes(row.tonnes)} {row.unit} at {row.name}" for row in unnamed[:_NAMED]]
    remainder = len(unnamed) - len(texts)
    if remainder:
        texts.append(f"at {remainder} more plant{'' if remainder == 1 else 's'}")
    return f"Could be made, but no buyer is named: {listing(texts)}."
