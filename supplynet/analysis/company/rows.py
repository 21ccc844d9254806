"""Rows of what a company's parts rest on, with its names unless the answer is anonymous."""

from __future__ import annotations

from supplynet.contract.row import Row, Share, col


class OfPart(Row):
    """A part of the company's file."""

    row: int = col("Row of the company's file, the head being row 1.", by="names")
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
    stock_days: float | None = col("Days of use in stock, as given.", "days", by="names")
    survives: float | None = col(
        "Days until the part is short once the jurisdiction is shut, if what still comes is "
        "used on: stock over the share possibly lost; inf for never, null where the stock is "
        "not known.",
        "days",
        by="stock_days / traced_possibly",
        head="Stock lasts",
    )
    survives_possibly: float | None = col(
        "The same with the share that is surely lost.", "days", by="stock_days / traced"
    )


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
