"""The sentences of an exposure: what came last from a jurisdiction, and what had passed it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplynet.analysis.exposure.tables import TOGETHER, shares_between
from supplynet.network.selector import country_set, select
from supplynet.network.units import flow_unit
from supplynet.present.words import (
    amount,
    avoided,
    link_phrase,
    origins,
    scenario_phrase,
    selector_phrase,
    the,
)
from supplynet.terms import LENSES
from supplynet.text import listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.exposure.tables import Range, StageExposure
    from supplynet.questions.exposure import ExposureResult

#: elements that are named one by one
_NAMED = 4


def title(result: ExposureResult, name: str) -> str:
    """Return an element as the head of a line."""
    if name != TOGETHER:
        return name
    is_named = len(result.elements) <= _NAMED
    named = listing(result.elements) if is_named else f"{len(result.elements)} elements"
    return f"{named} together"


def nothing(result: ExposureResult) -> str:
    """Return that there is no supply to trace."""
    return f"{the(result.to_name)} gets none in this balance"


def answers(result: ExposureResult) -> list[str]:
    """Return the answer by element, a sentence each."""
    sentences: list[str] = []
    where = the(result.exposed_name)
    wanted = select(result.asked.net, result.exposed_to, lens=result.lens).possibly
    for name in result.names:
        row, head = result.at(name), title(result, name)
        if row.traced is None:
            sentences.append(f"{head}: {nothing(result)}.")
            continue
        if result.is_open(name):
            sentences.append(f"{head}: not decided by these figures either.")
            continue
        unit = flow_unit(result.asked.net, name) if name != TOGETHER else "t/yr"
        last, span = (result.range_of(name, is_direct=is_direct) for is_direct in (True, False))
        of = f"{head}: of {amount(row.supply, unit)},"
        if last is not None and span is not None and not (last.is_decided and span.is_decided):
            sentences.append(
                f"{of} what came last from {where} is {result.told(name, is_direct=True)}; what "
                f"had passed through {_them(result)} at some step is {result.told(name)}."
            )
            continue
        sentence = f"{of} {split(result, row, last, span)}"
        own = [
            baseline.flow
            for baseline in result.unplaced
            if baseline.item == name and baseline.source in wanted
        ]
        lost = math.fsum(own)
        sentence += f"; where {tonnes(lost)} t of its plants went is not known." if lost else "."
        # what all are together answers the question, and the elements follow
        sentences.insert(0 if name == TOGETHER else len(sentences), sentence)
    return sentences


def _them(result: ExposureResult) -> str:
    return "them" if len(result.exposed_names) > 1 else "it"


def split(
    result: ExposureResult, row: StageExposure, last: Range | None = None, span: Range | None = None
) -> str:
    """Direct and traced in one sentence, each with its range where it is given."""
    direct, traced = (shares_between(*row.shares(is_direct=each)) for each in (True, False))
    again = "and the same share" if traced == direct else f"but {traced}"
    return (
        f"{direct}{_ends(last)} came last from {the(result.exposed_name)}, {again}{_ends(span)} "
        f"had passed through {_them(result)} at some step"
    )


def _ends(span: Range | None) -> str:
    """A range in brackets."""
    if span is None:
        return ""
    return f" (least {share(span.least)}, greatest {share(span.greatest)})"


def lead(result: ExposureResult) -> str:
    """Return what the figures are shares of."""
    question, whose = result.question, the(result.to_name)
    got = (
        f"would get in {question.year}{f', without {avoided(question)}' if question.avoid else ''}"
        f"{scenario_phrase(question.net)}, with all nations buying at once on "
        f"{link_phrase(question)},"
    )
    if result.is_measured:
        got = f"got in {question.year}, measured: the calibrated flows of that year,"
    return (
        f"What {whose} {got} traced back to the {origins(question.net)}. Looked for: "
        f"{exposed(result)}, counted by {LENSES[result.lens].phrase}."
    )


def exposed(result: ExposureResult) -> str:
    """The jurisdiction inside a sentence."""
    net = result.asked.net
    text = selector_phrase(net, result.exposed_to)
    is_place = all(country_set(net, piece.strip()) for piece in result.exposed_to.split(","))
    return f"plants of {text}" if is_place else text
