"""Sections of an exposure's document: how few hands, which plants, how sure, how it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.analysis.exposure.tables import TOGETHER
from supplynet.network.countries import country_name
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import controller
from supplynet.present.document import Block, Bullets, Column, Paragraph, Section, Table
from supplynet.present.words import capitalized, count, in_sentence, origins, the
from supplynet.terms import CONFIDENCES, TRACED
from supplynet.text import integer, listing, share

if TYPE_CHECKING:
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.analysis.exposure.tables import Concentration

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
        "The trace: where ways meet at a plant or in a corridor, what goes on holds the average "
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
