"""Exposures and footprints as documents: what came last from a jurisdiction, what with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.exposure.tables import ANY, TOGETHER, shares_between
from supplynet.analysis.question import selector_name
from supplynet.analysis.undecided import OPEN
from supplynet.network.countries import country_name
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import controller
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Section,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    CONTESTED,
    capitalized,
    count,
    in_sentence,
    origins,
    the,
    titled,
)
from supplynet.questions.calibrate.page import mined_of, unplaced_phrase, unplaced_sections
from supplynet.questions.exposure.words import answers, exposed, lead, nothing, split, title
from supplynet.questions.footprint import CALIBRATED, burdens
from supplynet.questions.footprint import lead as footprint_lead
from supplynet.terms import CONFIDENCES, LENSES, LEVEL_NAMES, TRACED
from supplynet.text import integer, listing, share

if TYPE_CHECKING:
    from supplynet.analysis.exposure.tables import Concentration, Passed, StageExposure
    from supplynet.questions.exposure import ExposureResult
    from supplynet.questions.footprint import FootprintResult, PlantBurden


#: plants that are listed for an element
MOST = 5

_MEASURED = (
    "Calibrated flows are those that come nearest to what customs, plants and agencies published "
    "of the year. They are measured as far as those figures go, and worked out between them."
)
_WITHOUT_RANGES = (
    "Without the least and greatest shares over all balances that are as good as the one shown, "
    "which may differ from these; --full or --ranges total adds them."
)
_HANDS = (
    "The index is the sum of the squared shares of countries or plants (Herfindahl and "
    "Hirschman): 1 means all in one hand, 0.25 as concentrated as four equal ones. Supply that "
    "passed several plants of a step counts by the last of them. A range stands where owners are "
    "not known: from each of these plants having an owner of its own to all of them belonging to "
    "the largest known one."
)
_OWNERS = (
    "Under ownership, the first end of a range counts plants whose owner is known to be of the "
    "jurisdiction, the second those whose owner is not known as well."
)


def of_exposure(result: ExposureResult) -> Document:
    """Return the document of an exposure."""
    net, question = result.asked.net, result.question
    blocks: list[Content] = [tuple(answers(result)), lead(result)]
    if result.is_measured:
        blocks += [_MEASURED, *_unplaced(result)]
    else:
        text = _unsettled(result) if result.ranges else _WITHOUT_RANGES
        blocks += [text, CONTESTED]
    sections = [
        section("", "answer", *blocks),
        section("Step by step", "stages", _stages(result)),
        _other_lens(result),
        _hands(result),
        _plants(result),
        _sureness(result),
        *unplaced_sections(result.unplaced, {node.id: node.name for node in net.node_rows}),
        section("Method", "method", tuple(_method(result))),
    ]
    whose = f"{the(result.to_name)} to {the(result.exposed_name)}"
    return of_result(titled(question, "Exposure of ", whose), sections, result)


def _element(name: str) -> str:
    """Return an element in the first cell of a row."""
    return "Together" if name == TOGETHER else name


# -- the answer --------------------------------------------------------------------------------


def _unplaced(result: ExposureResult) -> list[Content]:
    """What the traced flows do not place."""
    net, texts = result.asked.net, list[str]()
    for element in result.elements:
        rows = [row for row in result.unplaced if row.item == element]
        if rows:
            text = unplaced_phrase(net, rows, mined_of(result.balance.run, element))
            texts.append(f"{element}, not traced, as no plant sends it on: {text}.")
    return [tuple(texts)] if texts else []


def _unsettled(result: ExposureResult) -> str:
    """What least and greatest tell."""
    good = f"within {share(result.within)} of" if result.within else "as good as"
    text = (
        f"Least and greatest are the ends over every balance that is {good} the one shown, and "
        "over every way to tell what came from where out of a mix."
    )
    spans = [result.range_of(name) for name in result.elements]
    if any(span and span.greatest and span.greatest - (span.least or 0.0) > 0.5 for span in spans):
        text += (
            " Where they lie far apart, the rule by which supply is shared out does not settle "
            "the exposure: trade could as well run another way."
        )
    return text


# -- tables ------------------------------------------------------------------------------------


def _stage(result: ExposureResult, stage: str) -> str:
    return result.asked.net.stage_by_name[stage].title


def _country(result: ExposureResult, code: str) -> str:
    return country_name(code, result.asked.net.commodity.areas)


def _stages(result: ExposureResult) -> Table:
    """Direct and traced shares by stage, all elements together first; ranges if asked for."""

    def traced(row: StageExposure) -> str:
        is_open = result.is_decided(row.element, row.stage) is False
        return OPEN if is_open else shares_between(*row.shares(is_direct=False))

    def end(name: str, row: StageExposure) -> str:
        span = result.range_of(row.element, row.stage)
        return "" if span is None else share(getattr(span, name))

    bounds = {
        name: Head(f"Passed, {name}", of=partial(end, name), align="right")
        for name in ("least", "greatest")
    }
    names = sorted(result.names, key=lambda name: name != TOGETHER)
    return table_from(
        "stages",
        [result.at(name, stage) for name in names for stage in (ANY, *result.asked.plants)],
        f"Share of the supply of {the(result.to_name)} that touched {exposed(result)}",
        element=Head("Element", of=lambda row: _element(row.element)),
        stage=Head("Step", of=lambda row: _stage(result, row.stage) if row.stage else "Any step"),
        direct=Head(
            "Came last from there",
            of=lambda row: shares_between(*row.shares(is_direct=True)),
            align="right",
        ),
        traced=Head("Had passed there", of=traced, align="right"),
        **(bounds if result.ranges else {}),
    )


def _other_lens(result: ExposureResult) -> Section:
    """The same shares under the other lens."""
    other = "control" if result.lens == "location" else "location"
    exposures = {name: result.at(name, lens=other) for name in result.names}
    items = tuple(
        f"{title(result, name)}: {split(result, row)}."
        for name, row in exposures.items()
        if row.traced is not None
    )
    blocks: list[Content] = [(items or (capitalized(f"{nothing(result)}."),))]
    if any(row.traced != row.traced_possibly for row in result.stages if row.lens == "control"):
        blocks.append(_OWNERS)
    return section(f"Counted by {LENSES[other].phrase} instead", "lens", *blocks)


def _hands(result: ExposureResult) -> Section:
    """In how few hands the supply is at each stage."""
    by_key = {(row.element, row.stage, row.by): row for row in result.concentrations}

    def index(by: str, row: Concentration) -> str:
        """An index with two digits, or its range."""
        other = by_key[row.element, row.stage, by]
        low, high = f"{other.low:.2f}", f"{other.high:.2f}"
        return low if low == high else f"{low} to {high}"

    heads = {"location": "Countries", "control": "Owners' countries", "plant": "Plants"}
    table = table_from(
        "concentration",
        [row for row in result.concentrations if row.by == "location" and row.passed > 0.0],
        f"How concentrated the supply of {the(result.to_name)} is",
        element=Head("Element", of=lambda row: _element(row.element)),
        stage=Head("Step", of=lambda row: _stage(result, row.stage)),
        passed=Head("Passed it", "share"),
        **{by: Head(head, of=partial(index, by), align="right") for by, head in heads.items()},
        largest=Head(
            "Largest country",
            of=lambda row: f"{_country(result, row.largest)} {share(row.largest_share)}",
        ),
    )
    blocks: tuple[Content, ...] = (_HANDS, table)
    if not table.rows:
        blocks = (f"{capitalized(nothing(result))}.",)
    return section("In how few hands it is", "concentration", *blocks)


def _plants(result: ExposureResult) -> Section:
    """The plants of the jurisdiction that most of the supply passed."""
    net, heading = result.asked.net, "Through which of its plants"
    exposed = (
        [row for row in result.plants if row.element == name and row.is_possibly_exposed]
        for name in result.elements
    )
    rows = [row for each in exposed for row in each[:MOST]]
    if not rows:
        text = f"Nothing of the supply passed a plant of {the(result.exposed_name)}."
        return section(heading, "plants", text)

    def owner(row: Passed) -> str:
        code = controller(net, net.node(row.node))
        return "not known" if code == UNKNOWN else _country(result, code)

    table = table_from(
        "plants",
        rows,
        f"Up to {MOST} plants for each element, those that most of the supply passed",
        element="Element",
        plant=Head("Plant", of=lambda row: net.node(row.node).name),
        stage=Head("Step", of=lambda row: _stage(result, row.stage)),
        country=Head("Country", of=lambda row: _country(result, net.node(row.node).country)),
        owner=Head("Owner's country", of=owner),
        share=Head("Passed it", "share"),
    )
    return section(heading, "plants", table)


# -- what it rests on --------------------------------------------------------------------------


def _sureness(result: ExposureResult) -> Section:
    """What rests on estimates."""
    net = result.asked.net
    nodes = [net.node(node_id) for node_id in dict.fromkeys(row.node for row in result.plants)]
    items = []
    if nodes:
        names = [node.confidence for node in nodes]
        parts = [
            f"{integer(names.count(confidence))} {in_sentence(CONFIDENCES[confidence].title)}"
            for confidence in CONFIDENCES
            if confidence in names
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
    return section("How sure the figures are", "confidence", tuple(items))


def _method(result: ExposureResult) -> Iterator[str]:
    """How it is worked out, and the check."""
    done = TRACED[result.objective].sentence.format(exposed_to="what is looked for")
    yield (
        f"The balance: {in_sentence(done)}; of all that do so, the one nearest to "
        f"{result.provenance.options['nearest_to']}."
    )
    yield (
        "The trace: where routes meet at a plant or in a corridor, what goes on holds the average "
        "of what came, by tonnes of the element that are kept. Trade in circles is solved, not "
        "cut."
    )
    yield (
        "Came last from there: the last plant outside the nation's own plants is one looked for; "
        "what never was abroad counts by where it began. Had passed there: at least one plant on "
        "the way was one looked for."
    )
    if len(result.elements) > 1:
        yield "Elements together are added up by tonnes, never by value."
    if result.ranges:
        yield (
            "Least and greatest: exact linear programs over all balances that serve as well, with "
            "a marked part of every flow."
        )
    yield proof(result)


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


_SPAN = Head("Low to high", "tonnes", lambda row: (row.low, row.high), align="right")


def of_footprint(result: FootprintResult) -> Document:
    """Return the document of a footprint."""
    question = result.question
    whose = the(selector_name(question.net, result.to))
    blocks: list[Content] = [footprint_lead(result)]
    if texts := burdens(result):
        blocks.append(tuple(texts))
    sections = [section("", "answer", *blocks)]
    if result.rows:
        sections += [
            section("Step by step", "steps", _steps(result)),
            section("Plants that bring most", "plants", _plant_burdens(result)),
        ]
    sections.append(section("Method", "method", tuple(_burden_method(result))))
    title = titled(question, "What comes with the supply of ", whose)
    return of_result(title, sections, result)


def _steps(result: FootprintResult) -> Table:
    """Each burden by step and country, for a tonne served."""
    net = result.question.net
    groups: dict[tuple[str, str, str], list[PlantBurden]] = defaultdict(list)
    for row in result.rows:
        groups[row.burden, row.stage, row.country].append(row)
    burdens = [total.burden for total in result.totals]
    stages = [stage.name for stage in net.stages]

    def order(row: PlantBurden) -> tuple[int, int, float, str]:
        return burdens.index(row.burden), stages.index(row.stage), -row.central, row.country

    steps = [
        replace(
            own[0],
            **{end: sum(getattr(row, end) for row in own) / result.served for end in LEVEL_NAMES},
        )
        for own in groups.values()
    ]
    return table_from(
        "steps",
        sorted(steps, key=order),
        "Tonnes of each burden for a tonne served",
        burden="Burden",
        stage=Head("Step", of=lambda row: net.stage_by_name[row.stage].title),
        country=Head("Where", of=lambda row: country_name(row.country, net.commodity.areas)),
        central=Head("For a tonne served", "tonnes"),
        span=_SPAN,
        counted=Head(
            "Of the step counted", "share", lambda row: result.at(row.burden).counted.get(row.stage)
        ),
    )


def _plant_burdens(result: FootprintResult) -> Table:
    every = ([row for row in result.rows if row.burden == entry.burden] for entry in result.totals)

    def part(row: PlantBurden) -> float | None:
        total = result.at(row.burden).central * result.served
        return row.central / total if total else None

    return table_from(
        "plants",
        [row for own in every for row in own[:MOST]],
        f"At most {MOST} plants a burden; JSON and CSV hold all",
        burden="Burden",
        plant=Head("Plant", of=lambda row: row.name),
        central=Head("t a year", "tonnes"),
        span=_SPAN,
        part=Head("Of the burden", "share", part),
    )


def _burden_method(result: FootprintResult) -> Iterator[str]:
    what, where, others = "balance", "links", "another balance that is"
    if result.flows == CALIBRATED:
        what, where, others = "calibration", "figures", "other flows that are"
    yield (
        "What a plant brings goes with all that leaves it in use or is left over separated, by "
        "weight on the graph's basis, never by value: rare and dear things bear no more than "
        "common ones. What is lost or thrown away bears nothing. Where routes meet, what goes on "
        "bears the average of what came."
    )
    yield (
        f"Which plants it passes is not observed everywhere: the {what} decides it, by its rule, "
        f"wherever {where} leave a choice. By {others} as good it may bring more or less."
    )
    yield (
        "Low and high are all intensities at one end together; flows and yields are the central "
        "ones."
    )
    yield (
        "Of the step counted: the share of what passes the step on its way to the supply at "
        "plants that have an intensity of the burden. The rest brings an amount that is not known."
    )
    missing = [
        f"{total.burden} {share(least)} at one step"
        for total in result.totals
        if total.counted and (least := min(total.counted.values())) < 0.5
    ]
    if missing:
        yield f"Less than half is counted of {', '.join(missing)}."
