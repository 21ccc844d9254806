"""The dossier of a company: where its materials come from, what may stop them, what is not known.

Its chapters are those that Article 24 of Regulation (EU) 2024/1252 names: a mapping, the factors
that might affect supply, the vulnerabilities, ways to mitigate them, requests and sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.network.countries import brief_name
from supplynet.network.elements import REGULATION, REGULATION_URL, element_names
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Paragraph,
    Section,
    Table,
    of_result,
    plain_table,
    section,
    table_from,
)
from supplynet.present.words import count
from supplynet.sums import added
from supplynet.text import few, listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.company.rows import (
        CountryRow,
        FactorRow,
        PartRow,
        PlaceRow,
        UncoveredRow,
        WayRow,
    )
    from supplynet.questions.company import CompanyResult

#: rows and words that a page has room for; the tables of JSON and .xlsx have all
_MOST_WAYS, _MOST_QUESTIONS, _MOST_PARTS, _MOST_NAMED, _MOST_PUBLISHERS = 4, 20, 4, 2, 20
_MORE = "in .xlsx, JSON and by to_frame"

_ARTICLE = (
    "Article 24(1) and (2): large companies that member states identify, as they use strategic raw "
    "materials for the technologies that it lists, assess the risk of their supply at least every "
    "three years, as far as they have the information: (a) a map of where the materials are "
    "extracted, processed or recycled, (b) the factors that might affect supply, (c) how "
    "vulnerable they are to disruptions.",
    "Article 24(3): where suppliers do not give the information when asked, what the Commission "
    "publishes, or other public information, may stand in as far as possible.",
    "Article 24(4): where there are significant vulnerabilities, the company makes efforts to "
    "mitigate them, and weighs whether it can diversify its supply or substitute the materials.",
    "Article 24(5) and (6): it may present a report to its board, with the results, their sources, "
    "the significant risks and the measures; a member state may make that a duty.",
    f"The text is at {REGULATION_URL}; this page is no legal advice.",
)


def of_company(result: CompanyResult) -> Document:
    """Return the dossier of a company, a few pages however long its list of parts is."""
    sections = [
        section("", "answer", result.summary(), *_anonymous(result)),
        section("Risk preparedness by raw material (Article 24)", "article24", _article(result)),
        section("Parts, and how vulnerable each is", "parts", *_parts(result)),
        section("Mapping and factors, stage by stage", "mapping", *_stages(result)),
        section("Ways to mitigate", "mitigation", *_mitigation(result)),
        section("Gaps: what to ask which supplier", "gaps", *_gaps(result)),
    ]
    if result.sources:
        sections.append(section("Sources", "sources", *_sources(result)))
    sections += [
        section("What the article asks", "article", _ARTICLE),
        section("Method", "method", tuple(_method(result))),
    ]
    title = f"Where the parts come from, and what stops without {result.avoid_name}"
    return of_result(title, sections, result)


def whole(result: CompanyResult) -> Document:
    """Return the dossier with every table of the answer whole, for a workbook."""
    dossier = of_company(result)
    shown = {table.name for table in dossier.tables()}
    tables = [
        replace(
            plain_table([column.name for column in declared.columns], declared.records(result)),
            caption=declared.title,
            name=f"all_{declared.name}" if declared.name in shown else declared.name,
        )
        for declared in result.LAYOUT.tables
    ]
    return dossier.plus(Section("All rows", tuple(table for table in tables if table.rows)))


def _anonymous(result: CompanyResult) -> list[Content]:
    if result.has_names:
        return []
    text = "Anonymous: a part is its row in the company's file, without name, supplier and amounts."
    return [Paragraph(text, is_note=True)]


def days(value: float | None) -> str:
    """Return a number of days in words.

    Examples
    --------
    >>> days(45.4), days(float("inf")), days(None)
    ('45 days', 'never', 'not known')
    """
    if value is None:
        return "not known"
    return "never" if value == float("inf") else f"{value:,.0f} days"


def _weights(result: CompanyResult, element: str) -> dict[int, float]:
    """Return how much each part that holds an element counts: its tonnes, where all are known."""
    tonnes = {row.row: row.tonnes for row in result.materials if row.element == element}
    values = {row: tonne for row, tonne in tonnes.items() if tonne is not None}
    return values if len(values) == len(tonnes) else dict.fromkeys(tonnes, 1.0)


def _passed(
    result: CompanyResult,
    element: str,
    rows: Iterable[PlaceRow] | Iterable[CountryRow],
    named: Callable[[Any], str],
) -> str:
    """Return the names of some rows that an element most passed, over parts of a known maker."""
    weights = _weights(result, element)
    traced = {row.row for row in result.places if row.element == element}
    total = sum(weights[row] for row in traced) or 1.0
    shares = added((named(row), weights[row.row] * row.share / total) for row in rows)
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_NAMED]
    return ", ".join(f"{name} {share(fraction)}" for name, fraction in ranked)


def _asked(result: CompanyResult, element: str, narrow: FactorRow | None) -> dict[str, Any]:
    """Return what the article asks of an element; `narrow` is where most is in one hand."""
    rows = [row for row in result.materials if row.element == element]
    weights, strategic = _weights(result, element), rows[0].strategic
    lasts = [row.survives for row in result.rows if row.row in weights and row.survives is not None]
    low, high = (
        sum(weights[row.row] * getattr(row, key) for row in rows) / (sum(weights.values()) or 1.0)
        for key in ("traced", "traced_possibly")
    )
    tonnes = [row.tonnes for row in rows if row.tonnes is not None]
    mined = [row for row in result.places if row.element == element and row.is_origin]
    passed = [row for row in result.countries if row.element == element]
    stage = narrow and f"{_country(narrow.country)}, {share(narrow.share)} ({narrow.stage})"
    return {
        "material": _called(element, strategic),
        "is_strategic": bool(strategic),
        "parts": len(weights),
        "tonnes": sum(tonnes) if len(tonnes) == len(rows) else None,
        "mined": _passed(result, element, mined, lambda row: _country(row.country)),
        "passed": _passed(result, element, passed, lambda row: _country(row.country)),
        "narrow": stage or "",
        "traced": share_range(low, high),
        "survives": days(min(lasts)) if lasts else "",
        "ways": len({route.node for route in result.ways if route.row in weights}),
    }


def _country(code: str) -> str:
    return "unknown" if code == "unknown" else brief_name(code)


def _article(result: CompanyResult) -> Table:
    """Return what the article asks of each raw material, a row each."""
    factors: dict[str, tuple[tuple[bool, float], FactorRow]] = {}
    passed = {(place_row.graph, place_row.element, place_row.stage) for place_row in result.places}
    for row in result.factors:  # of the stages that the parts passed, where that is known
        rank = (row.graph, row.element, row.stage) in passed, row.hhi
        if row.element not in factors or rank > factors[row.element][0]:
            factors[row.element] = rank, row
    bare = _uncovered(result)
    rows = [
        _asked(result, element, factors[element][1] if element in factors else None)
        for element in dict.fromkeys(row.element for row in result.materials)
    ]
    rows.sort(key=lambda row: not row["is_strategic"])
    rows += [
        {
            **dict.fromkeys(("tonnes", "passed", "narrow", "traced", "survives", "ways")),
            "material": f"{listing(materials)}{'' if is_strategic else ' (other)'}",
            "parts": sum(len(bare[material]) for material in materials),
            "mined": "not covered",
        }
        for is_strategic in (True, False)
        if (materials := [name for name in bare if bool(bare[name][0].strategic) is is_strategic])
    ]
    caption = (
        f"In brackets the paragraph of Article 24. Strategic raw materials by {REGULATION} stand "
        "first (some of that list count in one grade only), then (other) ones. Shares are means "
        "over the parts, by tonnes where all are known"
    )
    tonnes = {"tonnes": Head("t/yr", "tonnes")} if result.has_names else {}
    return table_from(
        "article24",
        rows,
        caption,
        material="Raw material",
        parts=Head("Parts", "int"),
        **tonnes,
        mined="Extracted in (2a)",
        passed="Passed plants in (2a)",
        narrow="Narrowest stage of the world (2b)",
        traced=Head(f"Passed {result.avoid_name} (2c)", align="right"),
        survives=Head("First short after (2c)", align="right"),
        ways=Head("Other makers (4)", "int"),
    )


def _called(material: str, strategic: str) -> str:
    name = element_names().get(material)
    return f"{material}{f', {name}' if name else ''}{'' if strategic else ' (other)'}"


def _uncovered(result: CompanyResult) -> dict[str, list[UncoveredRow]]:
    rows: dict[str, list[UncoveredRow]] = {}
    for row in result.uncovered:
        rows.setdefault(row.material, []).append(row)
    return rows


def _parts(result: CompanyResult) -> Iterator[Content]:
    ranked = sorted(
        result.rows,
        key=lambda row: (row.survives is None, row.survives or 0.0, -row.traced_possibly, row.row),
    )
    caption = (
        f"First to be short first. Made there: made in {result.avoid_name} itself. Passed there: "
        "the share of the weakest element (in brackets) that passed it at some step, surely and "
        "possibly, which is all where nothing is known"
    )
    cells: dict[str, Callable[[PartRow], str]] = {
        "traced": lambda row: f"{share_range(row.traced, row.traced_possibly)} ({row.weakest})",
        "survives": _survives,
    }
    if ranked:
        hidden = () if result.has_names else ("supplier",)
        shown = table_of(result, "rows", rows=ranked, caption=caption, without=hidden, cells=cells)
        yield replace(shown, name="parts")
    if result.uncovered:
        listed = "; ".join(
            f"{material}: {few([row.part for row in parts], most=_MOST_PARTS)}"
            for material, parts in _uncovered(result).items()
        )
        yield f"Not covered, as no graph is about these materials: {listed}."


def _survives(row: PartRow) -> str:
    first, last = days(row.survives), days(row.survives_possibly)
    return first if first == last else f"{first.removesuffix(' days')} to {last}"


def _stages(result: CompanyResult) -> Iterator[Content]:
    """Yield which plants each element passed, beside how concentrated the world is there."""

    def passed(row: FactorRow) -> str:
        places = [
            place_row
            for place_row in result.places
            if (place_row.graph, place_row.stage, place_row.element)
            == (row.graph, row.stage, row.element)
        ]
        return _passed(
            result, row.element, places, lambda entry: f"{entry.name} ({_country(entry.country)})"
        )

    rows = [row for row in result.factors if passed(row)]
    text = (
        "Plants: part of the element in the parts whose maker is known. World: part of the largest "
        f"country at the stage; HHI is 1 where one has all. All {len(result.places):,} places, "
        f"part by part: {_MORE}('places')"
    )
    if rows:
        yield table_from(
            "stages",
            rows,
            text,
            element="Element",
            stage="Stage",
            plants=Head("Plants that most of it passed", of=passed),
            country=Head(
                "World: largest", of=lambda row: f"{_country(row.country)} {share(row.share)}"
            ),
            hhi=Head("HHI", of=lambda row: f"{row.hhi:.2f}", align="right"),
        )
    query = "".join(f" supplynet graph scenarios {name}." for name in result.graphs)
    if query:
        yield f"Export controls, stops and delays that the graphs hold, with sources:{query}"


def _mitigation(result: CompanyResult) -> Iterator[Content]:
    materials = {row.row: row.material for row in result.rows}
    best: dict[str, dict[str, WayRow]] = {}
    for route in result.ways:
        best.setdefault(materials[route.row], {}).setdefault(route.node, route)
    rows = [
        path
        for routes in best.values()
        for path in sorted(routes.values(), key=lambda way: (way.instead, way.traced_possibly))[
            :_MOST_WAYS
        ]
    ]
    cells: dict[str, Callable[[WayRow], str]] = {
        "part": lambda way: materials[way.row],
        "country": lambda way: _country(way.country),
        "product": lambda way: (
            f"{way.product}{f' (in its place: {way.instead})' if way.instead else ''}"
        ),
        "traced_possibly": lambda way: f"{share(way.traced_possibly)} ({way.weakest})",
    }
    text = (
        "Diversify: plants that make the same and surely rest less on it. A maker counts where the "
        "graph says that it makes the product, or that its own product can hold as much of every "
        "element; whether it is certified for the part, has room, and for whom, no graph says"
    )
    if rows:
        yield table_of(result, "ways", rows=rows, caption=text, heads={"part": "For"}, cells=cells)
    else:
        yield "No plant of the graphs is known to make the same and rest less on it."
    bare = sum(row.material == row.weakest for row in result.rows)
    if bare:
        yield (
            f"{count(bare, 'part')} tell an element and no product: who else makes the same cannot "
            "be said of them."
        )


def _gaps(result: CompanyResult) -> Iterator[Content]:
    if not result.questions:
        yield "Nothing is left to ask: every covered part is traced to its mines."
        return
    options: dict[tuple[str, str, str], list[str]] = {}
    for row in result.questions:
        options.setdefault((row.supplier, row.question, row.reason), []).append(row.part)
    left = len(options) - _MOST_QUESTIONS
    caption = f"{left} more {_MORE}('questions')" if left > 0 else ""
    supplier = {"supplier": Head("Ask", of=lambda pair: pair[0][0])} if result.has_names else {}
    yield table_from(
        "asked",
        [*options.items()][:_MOST_QUESTIONS],
        caption,
        **supplier,
        part=Head("Part", of=lambda pair: few(pair[1], most=_MOST_PARTS)),
        question=Head("Question", of=lambda pair: pair[0][1]),
        reason=Head("Because", of=lambda pair: pair[0][2]),
    )


def _sources(result: CompanyResult) -> Iterator[Content]:
    """Yield who published the documents, with how many; each of them is in the tables."""
    publishers = Counter(row.publisher or row.title for row in result.sources)
    named = [f"{name} ({index})" if index > 1 else name for name, index in publishers.most_common()]
    yield (
        f"{count(len(result.sources), 'document')} of the plants and links behind the parts, each "
        f"with title and address {_MORE}('sources'): {few(named, most=_MOST_PUBLISHERS)}."
    )


def _method(result: CompanyResult) -> Iterable[str]:
    yield (
        f"Flows of {result.year} between plants, measured where the graph holds calibrated flows, "
        "are followed back from each part's maker to the mines. Where routes meet, what goes on "
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
