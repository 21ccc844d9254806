"""What a company's parts rest on, with its names unless the answer is to be anonymous."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import CERTIFICATES
from supplynet.contract.row import Row, Share, col
from supplynet.contract.row import rows as table
from supplynet.solve.check import Certificate
from supplynet.text import few, listing


class OfPart(Row):
    """A part of the company's file."""

    row: int = col("Row of the company's file, the head being row 1.")
    part: str = col("Its name, or ``row N`` in an anonymous answer.", head="Part")


class OfElement(OfPart):
    """An element of a part."""

    element: str = col("Symbol.")


class PartRow(OfPart):
    """A part: how far it rests on the jurisdiction, and how long its stock lasts."""

    supplier: str = col("Its supplier; empty in an anonymous answer.", head="Supplier")
    graph: str = col("Graph that holds it.")
    material: str = col("The product or element.", head="Material")
    known_by: str = col(
        "What states where it was made: plant, maker, supplier, country, or nothing.",
        head="Maker known by",
    )
    weakest: str = col("Element with the largest share that may have passed the jurisdiction.")
    direct: Share | None = col(
        "Share made in the jurisdiction itself; null where the maker is not known.",
        head="Made there",
    )
    traced: Share = col(
        "Share of the weakest element that surely passed the jurisdiction at some step, the "
        "part's own maker included.",
        head="Passed there",
    )
    traced_possibly: Share = col(
        "The same if all whose way back or owner is not known had passed it."
    )
    unknown: Share = col("Share of the weakest element whose way back ends where nothing is known.")
    assumed: Share | None = col(
        "Share of the weakest element that came on a planned or possible link, which nobody saw."
    )
    stock_days: float | None = col("Days of use in stock.", "days")
    survives: float | None = col(
        "Days until the part is short once the jurisdiction is shut, if what still comes is "
        "used on: stock over the share possibly lost; inf for never, null where the stock is "
        "not known.",
        "days",
        head="Stock lasts",
    )
    survives_possibly: float | None = col("The same with the share that is surely lost.", "days")


class MaterialRow(OfElement):
    """An element in a part."""

    strategic: str = col(
        "The strategic raw material of Regulation (EU) 2024/1252, Annex I, that it belongs "
        "to; empty for none. Some count in one grade only."
    )
    tonnes: float | None = col(
        "A year, as the part's weight and quantity tell; None where they do not, or in an "
        "anonymous answer.",
        "t of the element/yr",
    )
    traced: Share = col("Share that surely passed the jurisdiction.")
    traced_possibly: Share = col("Share that possibly passed it.")
    unknown: Share = col("Share whose way back ends where nothing is known.")
    assumed: Share | None = col("Share that came on a link that nobody saw.")


class PlaceRow(OfElement):
    """A plant or mine that an element of a part passed."""

    graph: str = col("Graph of the plant.")
    node: str = col("Id of the plant.")
    name: str = col("The plant as a reader knows it.")
    stage: str
    country: str
    owner: str = col("Country that controls it, or unknown.")
    is_origin: bool = col("Whether the element is mined or collected there.")
    share: Share = col("Of the element in the part.")
    is_exposed: bool = col("Whether the plant is of the jurisdiction.")


class CountryRow(OfElement):
    """A jurisdiction that an element of a part passed at some step."""

    country: str = col("Country by the lens asked for.")
    share: Share = col(
        "Of the element in the part; those of several countries may add up to more than 1."
    )


class FactorRow(Row):
    """How concentrated the world's supply of an element is at one stage."""

    graph: str = col("Graph of the plants.")
    element: str = col("Symbol.")
    stage: str
    country: str = col("The country through which most goes, by the lens asked for.")
    share: Share = col("Of that country.")
    hhi: float = col("Sum of the squared shares of all countries.", "0 to 1")
    countries: int = col("With a part in it.")


class UncoveredRow(OfPart):
    """A part that no graph covers, of which nothing is said."""

    supplier: str = col("Its supplier; empty in an anonymous answer.")
    material: str = col(
        "What it is or holds: the symbol of an element, or what the company calls it."
    )
    strategic: str = col(
        "The strategic raw material of Regulation (EU) 2024/1252, Annex I, that it belongs "
        "to; empty for none."
    )


class WayRow(OfPart):
    """A plant that makes the same and rests less on the jurisdiction."""

    graph: str = col("Graph of the plant.")
    node: str = col("Id of the plant.")
    name: str = col("The plant.", head="Plant")
    country: str = col(head="Country")
    status: str = col("Operating, under construction or planned.", head="State")
    product: str = col(
        "What it makes by the graph, of which the part is a grade or the same; empty where "
        "the graph states no product of it.",
        head="What it makes",
    )
    instead: str = col(
        "The product that would take the place of the part's, by an option of the graph; "
        "empty where the plant makes the part's own."
    )
    weakest: str = col(
        "Element of it with the largest share that may have passed the jurisdiction."
    )
    traced_possibly: Share = col("That share, 0 to 1.", head="May have passed there")


class AskRow(OfPart):
    """What to ask which supplier."""

    supplier: str = col("As in the rows of parts.")
    question: str = col("What to ask.")
    reason: str = col("What is not known without it.")


class CitedRow(Row):
    """A source of the graphs' rows that the answer rests on."""

    graph: str = col("Graph whose table of sources holds it.")
    id: str = col("Id of the row of that table.")
    title: str = col("The document.")
    publisher: str = col("Who published it.")
    url: str = col("Where it is.")


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
    nested={"certificates": CERTIFICATES},
    document="supplynet.reports.results_company.of_company",
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
    n_unmatched: int = col("Parts whose supplier runs no plant that their graph knows.")
    certificate: Certificate = field(repr=False)
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
    certificates: Mapping[str, Certificate] = field(repr=False)

    @property
    def measured_year(self) -> int | None:
        """Of the flows that were followed back; None where graphs have several."""
        return self.year if len(self.years) == 1 else None

    def _nested(self) -> dict[str, object]:
        return {"certificates": {name: one.to_dict() for name, one in self.certificates.items()}}

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
            text += " No stock that is reported runs out."
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
