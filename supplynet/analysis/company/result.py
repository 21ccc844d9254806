"""What a company's parts rest on, with its names unless the answer is to be anonymous."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
from supplynet.contract.declared import Layout, Table, count, flag, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import CERTIFICATES
from supplynet.contract.result import Result
from supplynet.solve.check import Certificate, worst
from supplynet.text import few, listing

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance

_SHARE = "share, 0 to 1"
#: share from which on a part rests on a jurisdiction
_HALF = 0.5

COMPANY_LAYOUT = Layout(
    name="company",
    title="What a company's parts rest on",
    headline=(
        Lead("exposed parts", "n_exposed", "n_exposed", "n_possibly_exposed", year="measured_year"),
    ),
    document="supplynet.reports.results_company.of_company",
    figures=(
        text("avoid", "The jurisdiction that is asked about, as a selector."),
        text("lens", "Whether a country means where a plant stands or who owns it."),
        texts("graphs", "The graphs that the parts were looked up in."),
        count(
            "measured_year",
            "Of the flows that were followed back; none where graphs have several.",
            optional=True,
        ),
        count("n_unmatched", "Parts whose supplier runs no plant that their graph knows."),
        count("n_exposed", "Parts that surely rest by half or more on it."),
        count("n_possibly_exposed", "The same if all that is not known rests on it, too."),
        flag("has_names", "Whether names, suppliers and amounts of the company's file are told."),
    ),
    tables=(
        Table(
            "rows",
            "How far each part rests on the jurisdiction, and how long its stock lasts",
            PartRow,
            units={
                **dict.fromkeys(
                    ("direct", "traced", "traced_possibly", "unknown", "assumed"), _SHARE
                ),
                **dict.fromkeys(("stock_days", "survives", "survives_possibly"), "days"),
            },
        ),
        Table(
            "materials",
            "The elements in each part",
            MaterialRow,
            units={
                "tonnes": "t of the element/yr",
                **dict.fromkeys(("traced", "traced_possibly", "unknown", "assumed"), _SHARE),
            },
        ),
        Table("places", "Mines and plants that each element passed", PlaceRow),
        Table("countries", "Jurisdictions that each element passed", CountryRow),
        Table(
            "factors",
            "How concentrated the world's supply is at each stage",
            FactorRow,
            units={"hhi": "0 to 1"},
        ),
        Table(
            "ways",
            "Plants that make the same and rest less on the jurisdiction",
            WayRow,
            units={"traced_possibly": _SHARE},
        ),
        Table("uncovered", "Parts that no graph covers, of which nothing is said", UncoveredRow),
        Table("questions", "What to ask which supplier", AskRow),
        Table("sources", "Sources of the plants and links that the answer rests on", CitedRow),
    ),
    nested={"certificates": CERTIFICATES},
)


@dataclass(frozen=True, eq=False)
class CompanyResult(Result):
    """What a company's parts rest on, direct and looked through.

    Parameters
    ----------
    avoid, lens : str
    avoid_name : str
        The jurisdiction as a reader knows it.
    year : int
        Of the flows that were followed back; of several graphs, the first year.
    years : tuple of int
        The same of all graphs, each once.
    graphs : tuple of str
    has_names : bool
        Whether names, suppliers and amounts of the company's file are told.
    n_unmatched : int
        Parts of no known maker whose supplier runs no plant that their graph knows.
    rows : tuple of PartRow
    materials : tuple of MaterialRow
    places : tuple of PlaceRow
    countries : tuple of CountryRow
    factors : tuple of FactorRow
    ways : tuple of WayRow
    uncovered : tuple of UncoveredRow
    questions : tuple of AskRow
    sources : tuple of CitedRow
    certificates : mapping of str to Certificate
        Of the flows of each graph, and of the trace of each of its elements.
    provenance : Provenance
    evidence : callable or None
        Writes the proof, when it is asked for.
    """

    LAYOUT = COMPANY_LAYOUT

    avoid: str
    lens: str
    avoid_name: str
    year: int
    years: tuple[int, ...]
    graphs: tuple[str, ...]
    has_names: bool
    n_unmatched: int
    rows: tuple[PartRow, ...]
    materials: tuple[MaterialRow, ...] = field(repr=False)
    places: tuple[PlaceRow, ...] = field(repr=False)
    countries: tuple[CountryRow, ...] = field(repr=False)
    factors: tuple[FactorRow, ...] = field(repr=False)
    ways: tuple[WayRow, ...] = field(repr=False)
    uncovered: tuple[UncoveredRow, ...] = field(repr=False)
    questions: tuple[AskRow, ...] = field(repr=False)
    sources: tuple[CitedRow, ...] = field(repr=False)
    certificates: Mapping[str, Certificate] = field(repr=False)
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def measured_year(self) -> int | None:
        """Of the flows that were followed back; None where graphs have several."""
        return self.year if len(self.years) == 1 else None

    @property
    def certificate(self) -> Certificate:
        """Every check at its worst over all graphs and elements."""
        return worst(self.certificates.values())

    def _nested(self) -> dict[str, object]:
        return {"certificates": {name: one.to_dict() for name, one in self.certificates.items()}}

    @property
    def unknown_share(self) -> float:
        """Mean over the parts of what is not known of the weakest element of each, 0 to 1."""
        return sum(row.unknown for row in self.rows) / max(len(self.rows), 1)

    @property
    def n_exposed(self) -> int:
        """How many parts surely rest by half or more on the jurisdiction."""
        return sum(row.traced >= _HALF for row in self.rows)

    @property
    def n_possibly_exposed(self) -> int:
        """How many do if all that is not known rests on it, too."""
        return sum(row.traced_possibly >= _HALF for row in self.rows)

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        n_parts = len(self.rows) + len(self.uncovered)
        if not self.rows:
            return f"No graph covers any of the {n_parts} parts: nothing is said of them."
        covered = f"{len(self.rows)} covered parts" if self.uncovered else f"{n_parts} parts"
        text = ""
        if self.n_unmatched:
            text = (
                f"Of {self.n_unmatched} of {n_parts} parts the supplier runs no plant that a graph "
                "knows. "
            )
        text += (
            f"{self.n_exposed} of {covered.removesuffix('s' if len(self.rows) == 1 else '')} "
            f"{'rests' if len(self.rows) == 1 else 'rest'} by half or more on {self.avoid_name} by "
            f"the flows of {listing(map(str, self.years))}, and "
            f"{self.n_possibly_exposed} if all that is not known does too."
        )
        held = [row for row in self.rows if row.survives is not None]
        short = [row for row in held if row.survives != float("inf")]
        if short:
            first = min(short, key=lambda row: (row.survives, row.row))
            text += (
                f" The first to be short is {first.part}: in {days(first.survives)} at the "
                "earliest."
            )
        elif held:
            text += " No stock that is told runs out."
        if self.uncovered:
            materials = list(dict.fromkeys(row.material for row in self.uncovered))
            verb = "is" if len(self.uncovered) == 1 else "are"
            text += (
                f" {len(self.uncovered)} of {n_parts} parts {verb} of materials that no graph "
                f"covers ({few(materials, most=20)}): nothing is said of them."
            )
        return text


def days(value: float | None) -> str:
    """Return a number of days in words.

    Examples
    --------
    >>> days(45.4), days(float("inf")), days(None)
    ('45 days', 'never', 'not known')
    """
    if value is None:
        return "not known"
    if value == float("inf"):
        return "never"
    return f"{value:,.0f} days"
