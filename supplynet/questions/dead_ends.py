"""Dead ends: what plants could make, and nobody is named to buy."""

from __future__ import annotations

from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.rows import DEAD_ENDS, DeadEnd
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import Counted, page, sentence
from supplynet.contract.row import rows
from supplynet.errors import OptionError
from supplynet.questions.declared import question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document, Section, Table
    from supplynet.solve.check import Certificate


class DeadEndsResult(
    Answer,
    name="dead_ends",
    title="Plants that could make something which nobody is named to buy",
    headline=(Lead("plants without a buyer", table="dead_ends"),),
):
    """Plants that could make something which nobody is named to buy; every nation is asked."""

    dead_ends: tuple[DeadEnd, ...] = rows(DEAD_ENDS.title)
    #: of what could leave them, at its worst; None where no plant is without a buyer
    certificate: Certificate | None = field(repr=False)  # type: ignore[assignment]


@question(
    "dead_ends",
    title="",
    together="",
    metrics={"plants": lambda answer: float(len(answer.dead_ends))},
    is_of_all=lambda _query: True,
    judged=lambda answer: {"all plants": answer},
)
def dead_ends(case: Case, query: Counted) -> DeadEndsResult:
    """Which plants could make something that nobody is named to buy?

    What they make is in no figure of the tier: neither in what nations could get nor in what
    they get when all buy at once.

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
    from supplynet.analysis.flow.evidence import dead_ends_proof
    from supplynet.analysis.flow.names import flows_of, rows_of
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import ask
    from supplynet.solve.check import worst

    stages = [f"stage:{stage.name}" for stage in case.net.stages if stage.is_nation]
    if not stages:
        raise OptionError(f"{case.net.name} has no stage of nations, so that nobody buys")
    asked = ask(case.net, to=stages, **query.asked())
    flows = flows_of(asked)
    return DeadEndsResult(
        question=asked,
        dead_ends=rows_of(asked, flows),
        certificate=worst(solved.certificate for solved in flows.values()) if flows else None,
        provenance=provenance(asked),
        evidence=partial(dead_ends_proof, flows),
    )


@sentence(DeadEndsResult)
def say(answer: DeadEndsResult) -> str:
    """Return what is made and has no buyer, in a sentence."""
    from supplynet.analysis.flow.names import SHUT, dead_end_sentence

    told = dead_end_sentence(answer.dead_ends)
    n_shut = sum(row.why == SHUT for row in answer.dead_ends)
    if n_shut:
        plants = "1 plant that sells" if n_shut == 1 else f"{n_shut} plants that sell"
        told = f"{told} {plants} to nobody else has its buyers shut.".strip()
    return told or "All that could be made has somebody who is named to buy it."


@page(DeadEndsResult)
def as_document(answers: Sequence[DeadEndsResult]) -> Document:
    """Return the document of plants that could make something which nobody is named to buy."""
    from supplynet.present.document import of_result, section
    from supplynet.present.words import meaning, without

    (answer,) = answers
    asked = answer.question
    lead = section("", "answer", answer.summary(), meaning(asked))
    title = f"Plants without a buyer{without(asked)}, {asked.year}"
    return of_result(title, (lead, *sections(asked.net, answer.dead_ends)), answer)


def sections(net: SupplyNetwork, ends: Sequence[DeadEnd]) -> tuple[Section, ...]:
    """Return the section, or nothing where everything that is made has an outlet.

    Rows are of one tier or several, the surest first.
    """
    from supplynet.analysis.flow.names import dead_end_sentence
    from supplynet.present.document import section

    if not ends:
        return ()
    tiers = list(dict.fromkeys(row.tier for row in ends))
    told = [
        f"On the tier {tier}: {sentence[0].lower()}{sentence[1:]}" if len(tiers) > 1 else sentence
        for tier in tiers
        if (sentence := dead_end_sentence(row for row in ends if row.tier == tier))
    ]
    lead = told[0] if told else "All that goes nowhere has buyers that are shut."
    if len(told) > 1:
        lead += " The table states it for every tier."
    text = (
        f"{lead} It is in no figure here. Tonnes are the most that could leave each plant in "
        f"{ends[0].year}, and do not add up where one feeds another."
    )
    return (section("Made, no buyer named", "dead-ends", text, _table(net, ends)),)


def _table(net: SupplyNetwork, ends: Sequence[DeadEnd]) -> Table:
    """A row a plant and reason, with the tiers in which it goes nowhere."""
    from supplynet.network.countries import country_name
    from supplynet.present.document import Head, table_from
    from supplynet.present.words import capitalized

    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for row in ends:
        cell = cells.setdefault(
            (row.plant, row.why),
            {
                "plant": row.name,
                "stage": net.stage_by_name[row.stage].title,
                "country": country_name(row.country, net.commodity.areas),
                "tonnes": row.tonnes,
                "why": capitalized(row.why),
                "tiers": row.tier,
            },
        )
        if row.tier not in cell["tiers"].split(", "):
            cell["tiers"] += f", {row.tier}"
        cell["tonnes"] = max(cell["tonnes"], row.tonnes)
    return table_from(
        "dead-ends",
        cells.values(),
        "Plants that can be supplied and have no outlet",
        plant="Plant",
        stage="Kind",
        country="Country",
        tonnes=Head("Could leave it", "tonnes", unit=ends[0].unit),
        why="Why it goes nowhere",
        tiers="In the tiers",
    )
