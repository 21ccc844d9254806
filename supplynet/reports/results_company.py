"""The dossier of a company: where its materials come from, what may stop them, what is not known.

Its chapters are those that Article 24 of Regulation (EU) 2024/1252 names: a mapping, the factors
that might affect supply, the vulnerabilities, ways to mitigate them, requests and sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.company.result import days
from supplynet.network.countries import country_name
from supplynet.network.elements import REGULATION, REGULATION_URL
from supplynet.reports.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.reports.words import count
from supplynet.text import listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.company.result import CompanyResult
    from supplynet.analysis.company.rows import PartRow

#: plants that the map names of a part and element; the rest is in the tables of files
_MOST_PLACES = 12

_ARTICLE = (
    "Article 24(1): member states identify the large companies operating on their territory that "
    "use strategic raw materials to make batteries for energy storage and electric mobility, "
    "equipment for making and using hydrogen, for renewable energy, to transmit and store data, "
    "for additive manufacturing or for robotics, aircraft, traction motors, heat pumps, mobile "
    "electronic devices, drones, rocket launchers, satellites or advanced chips. Large: more than "
    "500 employees on average and more than 150 million euros of net worldwide turnover "
    "(Article 2, point 29).",
    "Article 24(2): these companies assess the risk of their supply of strategic raw materials at "
    "least every three years, as far as they have the information: a map of where the materials "
    "they use are extracted, processed or recycled, the factors that might affect their supply, "
    "and how vulnerable they are to disruptions.",
    "Article 24(3): where suppliers do not give the information when asked, what the Commission "
    "publishes, or other public information, may stand in as far as possible.",
    "Article 24(4): where the assessment finds significant vulnerabilities, the company makes "
    "efforts to mitigate them, and weighs among them whether it can diversify its supply or "
    "substitute the materials.",
    "Article 24(5): the company may present a report to its board of directors: the results, the "
    "sources they rest on, the significant risks, and the measures planned or taken.",
    "Article 24(6): a member state may make it a duty to show the board that report and the "
    "requests to suppliers.",
    f"The text is at {REGULATION_URL}; this page is no legal advice.",
)


def of_company(result: CompanyResult) -> Document:
    """Return the dossier of a company."""
    sections = [
        Section("", tuple(_answer(result)), "answer"),
        Section("Parts", (_parts(result),), "parts"),
        Section("Mapping: where the materials come from", tuple(_mapping(result)), "mapping"),
        Section("Factors that might affect supply", tuple(_factors(result)), "factors"),
        Section("Vulnerability to disruption", tuple(_vulnerability(result)), "vulnerability"),
        Section("Ways to mitigate", tuple(_mitigation(result)), "mitigation"),
        Section("Gaps: what to ask which supplier", tuple(_gaps(result)), "gaps"),
    ]
    if result.sources:
        sections.append(Section("Sources", (_sources(result),), "sources"))
    sections += [
        Section("What the article asks", (Bullets(_ARTICLE),), "article"),
        Section("Method", (Bullets(tuple(_method(result))),), "method"),
    ]
    title = f"Where the parts come from, and what stops without {result.avoid_name}"
    return of_result(title, tuple(sections), result)


def _answer(result: CompanyResult) -> list[Block]:
    blocks: list[Block] = [Paragraph(result.summary())]
    if not result.has_names:
        blocks.append(
            Paragraph(
                "Parts are told by their row in the company's file; its names, suppliers and "
                "amounts are left out (--names tells them)."
            )
        )
    return blocks


def _range(low: float, high: float) -> str:
    return share(low) if share(low) == share(high) else share_range(low, high)


def _parts(result: CompanyResult) -> Table:
    rows = tuple(
        {
            "part": row.part,
            "supplier": row.supplier,
            "material": row.material,
            "known": row.known_by,
            "direct": row.direct,
            "traced": _range(row.traced, row.traced_possibly),
            "weakest": row.weakest,
            "unknown": row.unknown,
            "survives": _survives(row),
        }
        for row in result.rows
    )
    columns = [
        Column("part", "Part"),
        Column("supplier", "Supplier"),
        Column("material", "Material"),
        Column("known", "Maker known by"),
        Column("direct", "Made there", kind="share"),
        Column("traced", "Passed there", align="right"),
        Column("weakest", "By"),
        Column("unknown", "Not known", kind="share"),
        Column("survives", "Stock lasts", align="right"),
    ]
    if not result.has_names:
        del columns[1]
    caption = (
        f"Made there: made in {result.avoid_name} itself. Passed there: the share of the weakest "
        "element that passed it at some step, surely and possibly"
    )
    return Table(tuple(columns), rows, caption, "parts")


def _survives(row: PartRow) -> str:
    first, last = days(row.survives), days(row.survives_possibly)
    return first if first == last else f"{first.removesuffix(' days')} to {last}"


def _mapping(result: CompanyResult) -> list[Block]:
    strategic: dict[str, set[str]] = {}
    for material in result.materials:
        if material.strategic:
            strategic.setdefault(material.strategic, set()).add(material.element)
    blocks: list[Block] = []
    if strategic:
        named = listing(
            f"{name[0].lower()}{name[1:]} ({', '.join(sorted(elements))})"
            for name, elements in sorted(strategic.items())
        )
        blocks.append(
            Paragraph(
                f"Strategic raw materials here: {named}, by {REGULATION}; some of that list count "
                "in one grade only."
            )
        )
    shown = [
        row
        for part in result.rows
        for element in dict.fromkeys(m.element for m in result.materials if m.row == part.row)
        for row in [p for p in result.places if (p.row, p.element) == (part.row, element)][
            :_MOST_PLACES
        ]
    ]
    columns = (
        Column("part", "Part"),
        Column("element", "Element"),
        Column("stage", "Stage"),
        Column("name", "Mine or plant"),
        Column("country", "Country"),
        Column("owner", "Controlled from"),
        Column("share", "Passed it", kind="share"),
    )
    rows = tuple(
        {
            "part": row.part,
            "element": row.element,
            "stage": row.stage,
            "name": row.name,
            "country": country_name(row.country),
            "owner": "unknown" if row.owner == "unknown" else country_name(row.owner),
            "share": row.share,
        }
        for row in shown
    )
    if rows:
        left = len(result.places) - len(shown)
        more = f"; {count(left, 'further place')} in JSON and by to_frame('places')" if left else ""
        text = f"Share of the element in the part that passed each, largest first{more}"
        blocks.append(Table(columns, rows, text, "places"))
    blocks.append(_countries(result))
    return blocks


def _countries(result: CompanyResult) -> Table:
    rows = tuple(
        {
            "part": row.part,
            "element": row.element,
            "country": country_name(row.country) if row.country != "unknown" else "unknown",
            "share": row.share,
        }
        for row in result.countries
    )
    columns = (
        Column("part", "Part"),
        Column("element", "Element"),
        Column("country", "Jurisdiction"),
        Column("share", "Passed it", kind="share"),
    )
    text = "Share of the element that passed a plant of each jurisdiction at some step"
    return Table(columns, rows, text, "countries")


def _factors(result: CompanyResult) -> list[Block]:
    rows = tuple(
        {
            "element": row.element,
            "stage": row.stage,
            "country": country_name(row.country) if row.country != "unknown" else "unknown",
            "share": row.share,
            "hhi": f"{row.hhi:.2f}",
            "countries": row.countries,
        }
        for row in result.factors
    )
    columns = (
        Column("element", "Element"),
        Column("stage", "Stage"),
        Column("country", "Largest"),
        Column("share", "Its share", kind="share"),
        Column("hhi", "HHI", align="right"),
        Column("countries", "Countries", kind="int"),
    )
    text = "World supply of each element by stage; HHI is 1 where one country has all"
    asked = "".join(f" supplynet scenarios {name}." for name in result.graphs)
    return [
        Table(columns, rows, text, "concentration"),
        Paragraph(f"Export controls, stops and delays that the graphs hold, with sources:{asked}"),
    ]


def _vulnerability(result: CompanyResult) -> list[Block]:
    rows = tuple(
        {
            "part": row.part,
            "element": row.element,
            "strategic": row.strategic,
            "tonnes": row.tonnes,
            "traced": _range(row.traced, row.traced_possibly),
            "unknown": row.unknown,
            "assumed": row.assumed,
        }
        for row in result.materials
    )
    columns = [
        Column("part", "Part"),
        Column("element", "Element"),
        Column("strategic", "Strategic raw material"),
        Column("tonnes", "t/yr", kind="tonnes"),
        Column("traced", "Passed there", align="right"),
        Column("unknown", "Not known", kind="share"),
        Column("assumed", "On links nobody saw", kind="share"),
    ]
    if not result.has_names:
        del columns[3]
    text = f"What of each element passed {result.avoid_name}, surely and possibly"
    blocks: list[Block] = [Table(tuple(columns), rows, text, "materials")]
    short = [row for row in result.rows if row.survives is not None]
    blocks += [
        Bullets(
            tuple(
                f"{row.part}: its stock lasts {_survives(row)} once {result.avoid_name} is shut."
                for row in sorted(short, key=lambda row: (row.survives or 0.0, row.row))
            )
        )
    ] * bool(short)
    return blocks


def _mitigation(result: CompanyResult) -> list[Block]:
    if not result.ways:
        return [Paragraph("No other plant of the graphs makes the same and rests less on it.")]
    rows = tuple(
        {
            "part": row.part,
            "name": row.name,
            "country": country_name(row.country),
            "status": row.status,
            "traced": row.traced_possibly,
        }
        for row in result.ways
    )
    columns = (
        Column("part", "Part"),
        Column("name", "Plant"),
        Column("country", "Country"),
        Column("status", "State"),
        Column("traced", "Of it may have passed there", kind="share"),
    )
    text = (
        "Diversify: plants that make the same and rest less on it; an empty share is not known. "
        "Whether they have room, and for whom, supplynet potential and balance tell"
    )
    return [Table(columns, rows, text, "ways")]


def _gaps(result: CompanyResult) -> list[Block]:
    if not result.questions:
        return [Paragraph("Nothing is left to ask: every part is traced to its mines.")]
    rows = tuple(
        {
            "part": row.part,
            "supplier": row.supplier,
            "question": row.question,
            "reason": row.reason,
        }
        for row in result.questions
    )
    columns = [
        Column("part", "Part"),
        Column("supplier", "Ask"),
        Column("question", "Question"),
        Column("reason", "Because"),
    ]
    if not result.has_names:
        del columns[1]
    return [Table(tuple(columns), rows, "", "questions")]


def _sources(result: CompanyResult) -> Table:
    columns = (
        Column("title", "Document"),
        Column("publisher", "Publisher"),
        Column("url", "Where"),
    )
    rows: Sequence[dict[str, Any]] = [
        {"title": row.title, "publisher": row.publisher, "url": row.url} for row in result.sources
    ]
    return Table(columns, tuple(rows), "Of the plants and links above", "sources")


def _method(result: CompanyResult) -> Iterable[str]:
    yield (
        f"Flows of {result.year} between plants, measured where the graph holds calibrated flows, "
        "are followed back from each part's maker to the mines. Where ways meet, what goes on "
        "holds the average of what came (proportional mixing, Bialek 1996)."
    )
    yield (
        "Passed there: surely, and if all whose way back or owner is not known had passed it. Of a "
        "maker that is not known, nothing is: 0 to 100%."
    )
    yield (
        "Stock lasts: days in stock over the share that is lost, if what still comes is used on "
        "(time to survive, Simchi-Levi et al. 2015). Others may take more of what still comes."
    )
    n_checks = len(result.certificate.checks)
    yield f"An independent check holds: {n_checks} kinds of check on {listing(result.graphs)}."
