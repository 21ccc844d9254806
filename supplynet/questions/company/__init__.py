"""Company: what a company's parts rest on, direct and looked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from supplynet.analysis.company.rows import (
    AskRow,
    CitedRow,
    CountryRow,
    FactorRow,
    MaterialRow,
    PartRow,
    PlaceRow,
    UncoveredRow,
    WayRow,
)
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import CERTIFICATES
from supplynet.contract.query import Query as Options
from supplynet.contract.query import option, sentence, shared
from supplynet.contract.row import col
from supplynet.contract.row import rows as table
from supplynet.questions.declared import question
from supplynet.terms import LENSES, one_of
from supplynet.text import few, listing

if TYPE_CHECKING:
    from supplynet.analysis.company.lookup import Part
    from supplynet.model.case import Case
    from supplynet.solve.check import Certificate


class Query(Options):
    """Which parts, what they may rest on, and what of them is reported."""

    OF: ClassVar[str] = "SupplyNetwork | Iterable[SupplyNetwork]"

    parts: Iterable[Part] = option(
        "Rows of the bill of materials.",
        default=MISSING,
        kind="iterable of Part",
        in_command=False,
    )
    avoid: str | Iterable[str] = option(
        "Selector of the jurisdiction that is asked about, such as CHN, EU or owner:CHN.",
        default=MISSING,
        kind="str or iterable of str",
        said="--avoid WHAT...",
    )
    year: int | None = option(
        "Of the flows.", default=None, kind="int", usual="the base year of each graph"
    )
    lens: str = shared("lens")
    anonymous: bool = option(
        "Whether names, suppliers and amounts of the parts stay out of the answer: a part is then "
        "its row in the file.",
        default=False,
        kind="bool",
    )
    rows: Iterable[int] | None = option(
        "Row of each part in its file.",
        default=None,
        kind="iterable of int",
        usual="from 2 on",
        in_command=False,
    )
    file: str = option("Name of that file, for messages.", default="", kind="str", in_command=False)


#: share from which on a part rests on a jurisdiction
_HALF = 0.5


class CompanyResult(
    DeclaredResult,
    name="company",
    title="What a company's parts rest on",
    headline=(
        Lead("exposed parts", "n_exposed", "n_exposed", "n_possibly_exposed", year="measured_year"),
    ),
    also=("measured_year", "n_exposed", "n_possibly_exposed"),
    by={
        "measured_year": "names",
        "n_exposed": "count(rows, traced >= 0.5)",
        "n_possibly_exposed": "count(rows, traced_possibly >= 0.5)",
    },
    nested={"certificates": CERTIFICATES},
    document="supplynet.questions.company.page.of_company",
):
    """What a company's parts rest on, direct and looked through."""

    avoid: str = col("The jurisdiction that is asked about, as a selector.")
    lens: str = col("Whether a country means where a plant stands or who owns it.")
    avoid_name: str  #: the jurisdiction as a reader knows it
    year: int  #: of the flows that were followed back; of several graphs, the first year
    years: tuple[int, ...]  #: the same of all graphs, each once
    graphs: tuple[str, ...] = col("The graphs that the parts were looked up in.")
    has_names: bool = col(
        "Whether names, suppliers and amounts of the company's file are reported."
    )
    n_unmatched: int = col(
        "Parts whose supplier runs no plant that their graph knows.",
        by="0 if (count(rows, supplier != '') if has_names else 1) == 0 else None",
    )
    certificate: Certificate
    rows: tuple[PartRow, ...] = table(
        "How far each part rests on the jurisdiction, and how long its stock lasts"
    )
    materials: tuple[MaterialRow, ...] = table("The elements in each part")
    places: tuple[PlaceRow, ...] = table("Mines and plants that each element passed")
    countries: tuple[CountryRow, ...] = table("Jurisdictions that each element passed")
    factors: tuple[FactorRow, ...] = table("How concentrated the world's supply is at each stage")
    ways: tuple[WayRow, ...] = table("Plants that make the same and rest less on the jurisdiction")
    uncovered: tuple[UncoveredRow, ...] = table(
        "Parts that no graph covers, of which nothing is said"
    )
    questions: tuple[AskRow, ...] = table("What to ask which supplier")
    sources: tuple[CitedRow, ...] = table(
        "Sources of the plants and links that the answer rests on"
    )
    #: of the flows of each graph, and of the trace of each of its elements
    certificates: Mapping[str, Certificate]

    @property
    def measured_year(self) -> int | None:
        """Of the flows that were followed back; None where graphs have several."""
        return self.year if len(self.years) == 1 else None

    def _nested(self) -> dict[str, object]:
        return {
            "certificates": {
                name: certificate.to_dict() for name, certificate in self.certificates.items()
            }
        }

    @property
    def n_exposed(self) -> int:
        """How many parts surely rest by half or more on the jurisdiction."""
        return sum(row.traced >= _HALF for row in self.rows)

    @property
    def n_possibly_exposed(self) -> int:
        """How many do if all that is not known rests on it, too."""
        return sum(row.traced_possibly >= _HALF for row in self.rows)


def _by_part(answer: CompanyResult) -> dict[str, PartRow]:
    """Return the parts by name, and where several have one by their row, too."""
    named: dict[str, PartRow] = {}
    for row in answer.rows:
        named[f"{row.part}, row {row.row}" if row.part in named else row.part] = row
    return named


@question(
    "company",
    title="",
    together="",
    metrics=("direct", "traced", "traced_possibly", "unknown", "survives"),
    judged=_by_part,
    is_open=False,  # nothing of a company's file leaves its machine
)
def company(case: Case, query: Query) -> CompanyResult:
    """What do a company's parts rest on, and how long do its stocks last without a jurisdiction?

    Each part is looked up in the graph that holds its product or element. From its maker (a plant,
    a supplier's plants, or those of a country) the tonnes are followed back to the mines by what
    went between plants in the year, proportional mixing at each. What is not known stays open:
    a share is reported as what surely passed the jurisdiction and what may have.

    Parameters
    ----------
    net : SupplyNetwork or iterable of SupplyNetwork
        Graphs to look parts up in. Nothing of the parts enters them.

    Returns
    -------
    CompanyResult

    Raises
    ------
    DataError
        If there is no part.
    TableError
        If a part says neither product nor element, several graphs hold it, or a name in it is one
        of no plant, country or graph, or is near one that is known; all faults at once.
    OptionError
        If no graph is given.
    CertificateError
        If the independent check refuses a balance or a trace.

    Examples
    --------
    >>> import supplynet as sn
    >>> part = sn.Part(part="drive", product="goods", plant="Free Maker", stock_days=30)
    >>> found = sn.company(sn.load("tutorial"), parts=[part], avoid="ISL")
    >>> found.rows[0].part, found.rows[0].known_by, found.rows[0].traced
    ('drive', 'plant', 0.0)
    """
    from supplynet.analysis.company import study
    from supplynet.analysis.company.evidence import company_proof
    from supplynet.analysis.company.lookup import Part, held_parts
    from supplynet.analysis.provenance import provenance_of
    from supplynet.analysis.question import joined, selector_name
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import worst

    options, given = cast("Any", (case.net, query.parts))  # a part also as its columns
    nets = [options] if isinstance(options, SupplyNetwork) else list(options)
    one_of(query.lens, LENSES, "lens")
    avoid, has_names = joined(query.avoid), not query.anonymous
    bill = [Part.model_validate(part) if isinstance(part, dict) else part for part in given]
    numbers = list(range(2, len(bill) + 2)) if query.rows is None else list(query.rows)
    members = held_parts(bill, numbers, query.file, nets)
    used = {limit.net.name for limit in members if limit is not None}
    wanted = [net for net in nets if net.name in used]
    behind = {net.name: study.behind_of(net, avoid, query.year, query.lens) for net in wanted}
    rows = [*zip(bill, numbers, members, strict=True)]
    studied = [
        study.study(behind[entry.net.name], entry, index, has_names=has_names)
        for _, index, entry in rows
        if entry is not None
    ]
    years = {base.balance.question.year for base in behind.values()}
    years = years or {nets[0].commodity.base_year}
    certificates = dict(_certificates(behind))
    together = ("materials", "places", "countries", "ways")
    return CompanyResult(
        avoid=avoid,
        lens=query.lens,
        avoid_name=selector_name(nets[0], avoid),
        year=min(years),
        years=tuple(sorted(years)),
        graphs=tuple(behind),
        has_names=has_names,
        n_unmatched=sum(
            bool(member.part.supplier and not (member.maker or member.supplier))
            for member in filter(None, members)
        ),
        rows=tuple(candidate.row for candidate in studied),
        factors=tuple(row for base in behind.values() for row in study.factors(base)),
        uncovered=tuple(
            UncoveredRow(
                count, *study.named(part, count, has_names=has_names), *study.material_of(part)
            )
            for part, count, one in rows
            if one is None
        ),
        questions=tuple(row for one in studied for row in study.gaps(one)),
        sources=tuple(study.cited(behind, studied)),
        certificate=worst(certificates.values()),
        certificates=certificates,
        provenance=provenance_of(
            _asked(query, avoid, bill, numbers),
            graphs=[{"graph": name, "digest": base.net.digest} for name, base in behind.items()],
        ),
        evidence=partial(company_proof, behind, studied),
        **{name: tuple(row for one in studied for row in getattr(one, name)) for name in together},
    )


def _asked(
    query: Query, avoid: str, bill: Iterable[Part], numbers: Iterable[int]
) -> dict[str, Any]:
    """Return what was asked, with the parts unless the answer is anonymous; nobody reads notes."""
    stated = () if query.anonymous else bill
    return {
        "avoid": avoid,
        "lens": query.lens,
        "year": query.year,
        "anonymous": query.anonymous,
        "parts": [part.model_dump(exclude={"note"}, exclude_defaults=True) for part in stated],
        "rows": [*numbers],
    }


def _certificates(behind: Mapping[str, Any]) -> Iterator[tuple[str, Certificate]]:
    """Yield those of the flows of each graph, and of the trace of each of its elements."""
    for name, base in behind.items():
        yield name, base.balance.certificate
        for element, upstream in base.followed.items():
            yield f"{name}, {element}", upstream.certificate(base.exposed.surely)


@sentence(CompanyResult)
def say(answer: CompanyResult) -> str:
    """Return the answer in a few sentences."""
    n_parts = len(answer.rows) + len(answer.uncovered)
    if not answer.rows:
        return f"No graph covers any of the {n_parts} parts: nothing is said of them."
    covered = f"{len(answer.rows)} covered parts" if answer.uncovered else f"{n_parts} parts"
    text = ""
    if answer.n_unmatched:
        text = (
            f"Of {answer.n_unmatched} of {n_parts} parts the supplier runs no plant that a graph "
            "knows. "
        )
    text += (
        f"{answer.n_exposed} of {covered.removesuffix('s' if len(answer.rows) == 1 else '')} "
        f"{'rests' if len(answer.rows) == 1 else 'rest'} by half or more on {answer.avoid_name} by "
        f"the flows of {listing(map(str, answer.years))}, and "
        f"{answer.n_possibly_exposed} if all that is not known does too."
    )
    members = [row for row in answer.rows if row.survives is not None]
    short = [row for row in members if row.survives != float("inf")]
    if short:
        first = min(short, key=lambda row: (row.survives, row.row))
        lasts = f"{first.survives:,.0f} days"
        text += f" The first to be short is {first.part}: in {lasts} at the earliest."
    elif members:
        text += " No stock that is reported runs out."
    if answer.uncovered:
        materials = list(dict.fromkeys(row.material for row in answer.uncovered))
        verb = "is" if len(answer.uncovered) == 1 else "are"
        text += (
            f" {len(answer.uncovered)} of {n_parts} parts {verb} of materials that no graph "
            f"covers ({few(materials, most=20)}): nothing is said of them."
        )
    return text
