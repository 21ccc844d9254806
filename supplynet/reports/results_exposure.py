"""An exposure as a document: what came last from a jurisdiction, and what had passed it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.exposure.study import ANY
from supplynet.analysis.exposure.tables import TOGETHER, shares_between
from supplynet.network.selector import country_set, select
from supplynet.network.units import flow_unit
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import (
    amount,
    avoided,
    capitalized,
    link_phrase,
    origins,
    scenario_phrase,
    selector_phrase,
    the,
)
from supplynet.reports.balance_parts import OPEN
from supplynet.reports.exposure_parts import (
    element_cell,
    element_title,
    hands,
    method,
    nothing_arrives,
    plants_section,
    sureness,
)
from supplynet.reports.results_balance import CONTESTED
from supplynet.reports.unplaced import mined_of, unplaced_phrase, unplaced_sections
from supplynet.terms import LENSES, RANGES, one_of
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.exposure.ranges import Span
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.analysis.exposure.tables import StageExposure
    from supplynet.network.schema import Baseline

_MEASURED = (
    "Calibrated flows are those that come nearest to what customs, plants and agencies published "
    "of the year. They are measured as far as those figures go, and worked out between them."
)

_WITHOUT_RANGES = (
    "Without the least and greatest shares over all balances that are as good as the one shown, "
    "which may differ from these; --full or --ranges total adds them."
)

_FURTHER = "--full adds the steps of every element, owners, few hands, plants and the method."


def of_exposure(result: ExposureResult, *, ranges: str = "total", is_full: bool = True) -> Document:
    """Return the document of an exposure.

    `ranges` says which least and greatest shares over all optimal balances to show, two linear
    programs each: none, those of each element over all stages (total), or those of each stage and
    of the last plant abroad too (stages); all elements together are shown without. `is_full` adds
    steps of every element, the other lens, owners, plants and the method.
    """
    one_of(ranges, RANGES, "ranges")
    question = result.balance.question
    ranges = "none" if result.is_measured else ranges  # what went is no choice of many
    blocks: list[Block] = [Bullets(tuple(answers(result, ranges))), Paragraph(lead(result))]
    if result.is_measured:
        blocks += [Paragraph(_MEASURED), *_unplaced(result)]
    else:
        text = _WITHOUT_RANGES if ranges == "none" else _unsettled(result)
        blocks.append(Paragraph(text))
        blocks.append(Paragraph(CONTESTED))
    names = result.names if is_full else result.names[-1:]  # of several, all of them together
    sections = [
        Section("", tuple(blocks), "answer"),
        Section("Step by step", (stage_table(result, ranges, names),), "stages"),
    ]
    if is_full:
        sections += [_other_lens(result), hands(result), plants_section(result)]
    sections.append(sureness(result))
    if is_full:
        names_of = {node.id: node.name for node in result.asked.net.node_rows}
        sections += unplaced_sections(result.unplaced, names_of)
        sections.append(method(result, with_ranges=ranges != "none"))
    else:
        sections.append(Section("", (Paragraph(_FURTHER),), "further"))
    without = f" without {avoided(question)}" if question.avoid else ""
    title = (
        f"Exposure of {the(result.to_name)} to {the(result.exposed_name)}{without}, "
        f"{question.year}{scenario_phrase(question.net)}"
    )
    solved: list[dict[str, Any]] = [
        {
            "element": element,
            "stage": stage,
            "is_direct": is_direct,
            "least": span.least,
            "greatest": span.greatest,
            "is_decided": result.is_decided(element, stage, is_direct=is_direct),
        }
        for (element, stage, is_direct), span in result.known_ranges.items()
    ]
    # the proof of the trace is for machines, and takes longer to pack than the trace itself
    return of_result(
        title,
        tuple(sections),
        result,
        content=lambda: {**result.to_dict(), "ranges": solved},
    )


def _own(result: ExposureResult) -> list[Baseline]:
    """What plants that are looked for sent nowhere in the traced flows."""
    wanted = select(result.asked.net, result.exposed_to, lens=result.lens).possibly
    return [row for row in result.unplaced if row.source in wanted]


def _unplaced(result: ExposureResult) -> list[Block]:
    """What the traced flows do not place."""
    net, told = result.asked.net, list[str]()
    for element in result.elements:
        rows = [row for row in result.unplaced if row.item == element]
        if rows:
            text = unplaced_phrase(net, rows, mined_of(result.balance.run, element))
            told.append(f"{element}, not traced, as no plant sends it on: {text}.")
    return [Bullets(tuple(told))] if told else []


def lead(result: ExposureResult) -> str:
    """Return what the figures are shares of."""
    question = result.balance.question
    whose = the(result.to_name)
    if result.is_measured:
        return (
            f"What {whose} got in {question.year}, measured: the calibrated flows of that year, "
            f"traced back to the {origins(question.net)}. Looked for: {_exposed(result)}, "
            f"counted by {LENSES[result.lens].phrase}."
        )
    return (
        f"What {whose} would get in {question.year}"
        f"{f', without {avoided(question)}' if question.avoid else ''}"
        f"{scenario_phrase(question.net)}, with all nations drawing at once on "
        f"{link_phrase(question)}, traced back to the {origins(question.net)}. Looked for: "
        f"{_exposed(result)}, counted by {LENSES[result.lens].phrase}."
    )


def _exposed(result: ExposureResult) -> str:
    """The jurisdiction inside a sentence."""
    net = result.asked.net
    text = selector_phrase(net, result.exposed_to)
    parts = result.exposed_to.split(",")
    is_place = all(country_set(net, part.strip()) for part in parts)
    return f"plants of {text}" if is_place else text


def answers(result: ExposureResult, ranges: str) -> list[str]:
    """Return the answer by element, a sentence each."""
    sentences = []
    whose = the(result.exposed_name)
    for name in result.names:
        row = result.at(name)
        title = element_title(result, name)
        if row.traced is None or row.direct is None:
            sentences.append(f"{title}: {nothing_arrives(result)}.")
            continue
        if name == TOGETHER and False in [
            result.is_decided(element) for element in result.elements
        ]:
            sentences.append(f"{title}: not decided by these figures either.")
            continue
        unit = flow_unit(result.asked.net, name) if name != TOGETHER else "t/yr"
        last = span = None
        if name != TOGETHER:
            span = result.ranges(name) if ranges != "none" else None
            last = result.ranges(name, is_direct=True) if ranges != "none" else None
        is_told = [result.is_decided(name), result.is_decided(name, is_direct=True)]
        if span is not None and not all(is_told):
            sentences.append(
                f"{title}: of {amount(row.supply, unit)}, what came last from {whose} is "
                f"{result.told(name, is_direct=True)}; what had passed through "
                f"{'them' if result.is_of_several else 'it'} at some step is "
                f"{result.told(name)}."
            )
            continue
        ends = (None, None) if result.is_measured else (last, span)
        sentence = f"{title}: of {amount(row.supply, unit)}, {_split(result, row, *ends)}"
        own = math.fsum(one.flow for one in _own(result) if one.item == name)
        sentence += f"; where {tonnes(own)} t of its plants went is not known." if own else "."
        # what all are together answers the question, and the elements follow
        sentences.insert(0 if name == TOGETHER else len(sentences), sentence)
    return sentences


def _split(
    result: ExposureResult, row: StageExposure, last: Span | None = None, span: Span | None = None
) -> str:
    """Direct and traced in one sentence, each with its range where it is given."""
    direct = shares_between(row.direct, row.direct_possibly)
    traced = shares_between(row.traced, row.traced_possibly)
    again = "the same share" if traced == direct else traced
    link = "and" if traced == direct else "but"
    return (
        f"{direct}{_ends(last)} came last from {the(result.exposed_name)}, {link} {again}"
        f"{_ends(span)} had passed through {'them' if result.is_of_several else 'it'} at some step"
    )


def _ends(span: Span | None) -> str:
    """A range in brackets."""
    if span is None:
        return ""
    return f" (least {share(span.least)}, greatest {share(span.greatest)})"


def _unsettled(result: ExposureResult) -> str:
    """What least and greatest tell."""
    text = (
        "Least and greatest are the ends over every balance that is as good as the one shown, "
        "and over every way to tell what came from where out of a mix."
    )
    if result.within:
        text = text.replace("as good as", f"within {share(result.within)} of")
    spans = [result.ranges(name) for name in result.elements]
    known = [span for span in spans if span.least is not None and span.greatest is not None]
    if any((span.greatest or 0.0) - (span.least or 0.0) > 0.5 for span in known):
        text += (
            " Where they lie far apart, the rule by which supply is shared out does not settle "
            "the exposure: trade could as well run another way."
        )
    return text


def stage_table(result: ExposureResult, ranges: str, names: Sequence[str]) -> Table:
    """Direct and traced shares of elements by stage, with ranges where they are asked for."""
    net = result.asked.net
    rows: list[dict[str, Any]] = []
    for name in names:
        for stage in (ANY, *result.asked.plants):
            row = result.at(name, stage)
            record: dict[str, Any] = {
                "element": element_cell(name),
                "stage": "Any step" if stage == ANY else net.stage_by_name[stage].title,
                "direct": shares_between(row.direct, row.direct_possibly),
                "traced": OPEN
                if result.is_decided(name, stage) is False
                else shares_between(row.traced, row.traced_possibly),
                "least": "",
                "greatest": "",
            }
            is_shown = ranges == "stages" or (ranges == "total" and stage == ANY)
            if is_shown and name != TOGETHER:
                span = result.ranges(name, stage)
                record.update(least=share(span.least), greatest=share(span.greatest))
            rows.append(record)
    columns = [
        Column("element", "Element"),
        Column("stage", "Step"),
        Column("direct", "Came last from there", align="right"),
        Column("traced", "Had passed there", align="right"),
    ]
    if ranges != "none":
        columns += [
            Column("least", "Passed, least", align="right"),
            Column("greatest", "Passed, greatest", align="right"),
        ]
    caption = f"Share of the supply of {the(result.to_name)} that touched {_exposed(result)}"
    return Table(tuple(columns), tuple(rows), caption, "stages")


def _other_lens(result: ExposureResult) -> Section:
    """The same shares under the other lens."""
    other = "control" if result.lens == "location" else "location"
    items = []
    for name in result.names:
        row = result.at(name, lens=other)
        if row.traced is not None:
            items.append(f"{element_title(result, name)}: {_split(result, row)}.")
    blocks: list[Block] = [Bullets(tuple(items or [capitalized(f"{nothing_arrives(result)}.")]))]
    if any(row.traced != row.traced_possibly for row in result.stages if row.lens == "control"):
        blocks.append(
            Paragraph(
                "Under ownership, the first end of a range counts plants whose owner is known to "
                "be of the jurisdiction, the second those whose owner is not known as well."
            )
        )
    title = f"Counted by {LENSES[other].phrase} instead"
    return Section(title, tuple(blocks), "lens")
