"""An exposure as a document: what came last from a jurisdiction, and what had passed it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.exposure.study import ANY
from supplynet.analysis.exposure.tables import TOGETHER, shares_between
from supplynet.network.countries import country_name
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import controller, country_set, select
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
    count,
    in_sentence,
    link_phrase,
    origins,
    scenario_phrase,
    selector_phrase,
    the,
)
from supplynet.reports.balance_parts import OPEN
from supplynet.reports.results_balance import CONTESTED
from supplynet.reports.unplaced import mined_of, unplaced_phrase, unplaced_sections
from supplynet.terms import CONFIDENCES, LENSES, RANGES, TRACED, one_of
from supplynet.text import integer, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.exposure.ranges import Span
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.analysis.exposure.tables import Concentration, StageExposure
    from supplynet.network.schema import Baseline


#: plants that are listed for an element
MOST = 5
#: elements that are named one by one
_NAMED = 4


def element_title(result: ExposureResult, name: str) -> str:
    """Return an element as the head of a line."""
    if name != TOGETHER:
        return name
    if len(result.elements) <= _NAMED:
        return f"{listing(result.elements)} together"
    return f"{len(result.elements)} elements together"


def element_cell(name: str) -> str:
    """Return an element in the first cell of a row."""
    return "Together" if name == TOGETHER else name


def nothing_arrives(result: ExposureResult) -> str:
    """Return that there is no supply to trace."""
    return f"{the(result.to_name)} gets none in this balance"


def hands(result: ExposureResult) -> Section:
    """In how few hands the supply is at each stage."""
    net = result.asked.net
    by_key = {(row.element, row.stage, row.by): row for row in result.concentrations}
    rows: list[dict[str, Any]] = []
    for name in result.names:
        for stage in result.asked.plants:
            where, owned, plants = (
                by_key[name, stage, by] for by in ("location", "control", "plant")
            )
            if where.passed <= 0.0:
                continue
            rows.append(
                {
                    "element": element_cell(name),
                    "stage": net.stage_by_name[stage].title,
                    "passed": where.passed,
                    "location": _index(where),
                    "control": _index(owned),
                    "plant": _index(plants),
                    "largest": _largest(result, where),
                }
            )
    if not rows:
        text = Paragraph(f"{capitalized(nothing_arrives(result))}.")
        return Section("In how few hands it is", (text,), "concentration")
    columns = (
        Column("element", "Element"),
        Column("stage", "Step"),
        Column("passed", "Passed it", kind="share"),
        Column("location", "Countries", align="right"),
        Column("control", "Owners' countries", align="right"),
        Column("plant", "Plants", align="right"),
        Column("largest", "Largest country"),
    )
    text = Paragraph(
        "The index is the sum of the squared shares of countries or plants (Herfindahl and "
        "Hirschman): 1 means all in one hand, 0.25 as concentrated as four equal ones. Supply "
        "that passed several plants of a step counts by the last of them. A range stands where "
        "owners are not known: from each of these plants having an owner of its own to all of "
        "them belonging to the largest known one."
    )
    caption = f"How concentrated the supply of {the(result.to_name)} is"
    table = Table(columns, tuple(rows), caption, "concentration")
    return Section("In how few hands it is", (text, table), "concentration")


def _index(row: Concentration) -> str:
    """An index with two digits, or its range."""
    low, high = f"{row.low:.2f}", f"{row.high:.2f}"
    return low if low == high else f"{low} to {high}"


def _largest(result: ExposureResult, row: Concentration) -> str:
    name = country_name(row.largest, result.asked.net.commodity.areas)
    return f"{name} {share(row.largest_share)}"


def plants_section(result: ExposureResult) -> Section:
    """The plants of the jurisdiction that most of the supply passed."""
    net = result.asked.net
    rows: list[dict[str, Any]] = []
    for name in result.elements:
        exposed = [row for row in result.plants if row.element == name and row.is_possibly_exposed]
        for row in exposed[:MOST]:
            node = net.node(row.node)
            owner = "not known"
            if controller(net, node) != UNKNOWN:
                owner = country_name(controller(net, node), net.commodity.areas)
            rows.append(
                {
                    "element": name,
                    "plant": node.name,
                    "stage": net.stage_by_name[row.stage].title,
                    "country": country_name(node.country, net.commodity.areas),
                    "owner": owner,
                    "share": row.share,
                }
            )
    title = "Through which of its plants"
    if not rows:
        text = f"Nothing of the supply passed a plant of {the(result.exposed_name)}."
        return Section(title, (Paragraph(text),), "plants")
    columns = (
        Column("element", "Element"),
        Column("plant", "Plant"),
        Column("stage", "Step"),
        Column("country", "Country"),
        Column("owner", "Owner's country"),
        Column("share", "Passed it", kind="share"),
    )
    caption = f"Up to {MOST} plants for each element, those that most of the supply passed"
    table = Table(columns, tuple(rows), caption, "plants")
    return Section(title, (table,), "plants")


def sureness(result: ExposureResult) -> Section:
    """What rests on estimates."""
    net = result.asked.net
    nodes = [net.node(node_id) for node_id in dict.fromkeys(row.node for row in result.plants)]
    items = []
    if nodes:
        known = [node.confidence for node in nodes]
        parts = [
            f"{integer(known.count(confidence))} {in_sentence(CONFIDENCES[confidence].title)}"
            for confidence in CONFIDENCES
            if confidence in known
        ]
        items.append(
            f"Figures of the {count(len(nodes), 'plant')} that the supply passed: {listing(parts)}."
        )
        n_unknown = sum(controller(net, node) == UNKNOWN for node in nodes)
        if n_unknown:
            verb = "has" if n_unknown == 1 else "have"
            items.append(f"{n_unknown} of them {verb} an owner that is not known.")
    items.append(
        "Who buys from whom is not observed everywhere: the "
        f"{'calibration' if result.is_measured else 'balance'} decides it, by its rule, "
        "wherever links leave a choice."
    )
    return Section("How sure the figures are", (Bullets(tuple(items)),), "confidence")


def method(result: ExposureResult, *, with_ranges: bool) -> Section:
    """How it is worked out, and the check."""
    done = TRACED[result.balance.objective].sentence.format(exposed_to="what is looked for")
    items = [
        f"The balance: {in_sentence(done)}; of the ways to do so, the one nearest to "
        f"{result.balance.provenance.options['nearest_to']}.",
        "The trace: where routes meet at a plant or in a corridor, what goes on holds the average "
        "of what came, by tonnes of the element that are kept. Trade in circles is solved, not "
        "cut.",
        "Came last from there: the last plant outside the nation's own plants is one looked for; "
        "what never was abroad counts by where it began. Had passed there: at least one plant on "
        "the way was one looked for.",
    ]
    if len(result.elements) > 1:
        items.append("Elements together are added up by tonnes, never by value.")
    if with_ranges:
        items.append(
            "Least and greatest: exact linear programs over all balances that serve as well, with "
            "a marked part of every flow."
        )
    items.append(proof(result))
    blocks: tuple[Block, ...] = (Bullets(tuple(items)),)
    return Section("Method", blocks, "method")


def proof(result: ExposureResult) -> str:
    """Return what the independent check found."""
    if not result.certificate.ok:
        return "The independent check did not accept the figures."
    return (
        f"An independent check confirmed {integer(len(result.certificate.checks))} conditions: "
        "what comes to a plant leaves it or is lost, marked tonnes are conserved to one part in "
        f"a billion of the largest flow, the parts of the {origins(result.asked.net)} add up to "
        "the whole, and the programs are solved to their optimum."
    )


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
        f"{scenario_phrase(question.net)}, with all nations buying at once on "
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
