"""The rows of what a company's parts rest on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfPart:
    """A part of the company's file.

    Parameters
    ----------
    row : int
        Row of the company's file.
    part : str
        As in the rows of parts.
    """

    row: int
    part: str


@dataclass(frozen=True, slots=True)
class OfElement(OfPart):
    """An element of a part.

    Parameters
    ----------
    element : str
        Symbol.
    """

    element: str


@dataclass(frozen=True, slots=True)
class PartRow(OfPart):
    """A part: how far it rests on the jurisdiction, and how long its stock lasts.

    Parameters
    ----------
    row : int
        Row of the company's file, the head being row 1.
    part : str
        Its name, or ``row N`` in an anonymous answer.
    supplier : str
        Its supplier; empty in an anonymous answer.
    graph : str
        Graph that holds it.
    material : str
        The product or element.
    known_by : str
        What tells where it was made: plant, maker (plants that a company runs), supplier, country,
        or nothing.
    weakest : str
        Element with the largest share that may have passed the jurisdiction.
    direct : float or None
        Share, 0 to 1, made in the jurisdiction itself; None where the maker is not known.
    traced, traced_possibly : float
        Share of the weakest element that passed the jurisdiction at some step, the part's own
        maker included: surely; and if all whose way back or owner is not known had passed it.
    unknown : float
        Share of the weakest element whose way back ends where nothing is known.
    assumed : float or None
        Share of the weakest element that came on a planned or plausible link, which nobody saw.
    stock_days : float or None
        Days of use in stock.
    survives, survives_possibly : float or None
        Days until the part is short once the jurisdiction is shut, if what still comes is used
        on: stock over the share that is lost; inf for never. With the share possibly lost and
        with that surely lost. None where the stock is not known.
    """

    supplier: str
    graph: str
    material: str
    known_by: str
    weakest: str
    direct: float | None
    traced: float
    traced_possibly: float
    unknown: float
    assumed: float | None
    stock_days: float | None
    survives: float | None
    survives_possibly: float | None


@dataclass(frozen=True, slots=True)
class MaterialRow(OfElement):
    """An element in a part.

    Parameters
    ----------
    strategic : str
        The strategic raw material of Regulation (EU) 2024/1252, Annex I, that it belongs to;
        empty for none. Some count in one grade only.
    tonnes : float or None
        A year, as the part's weight and quantity tell; None where they do not, or in an anonymous
        answer.
    traced, traced_possibly : float
        Share, 0 to 1, that passed the jurisdiction: surely, and possibly.
    unknown : float
        Share, 0 to 1, whose way back ends where nothing is known.
    assumed : float or None
        Share, 0 to 1, that came on a link that nobody saw.
    """

    strategic: str
    tonnes: float | None
    traced: float
    traced_possibly: float
    unknown: float
    assumed: float | None


@dataclass(frozen=True, slots=True)
class PlaceRow(OfElement):
    """A plant or mine that an element of a part passed.

    Parameters
    ----------
    graph : str
        Graph of the plant.
    node : str
        Id of the plant.
    name, stage, country : str
        The plant as a reader knows it.
    owner : str
        Country that controls it, or unknown.
    is_origin : bool
        Whether the element is mined or collected there.
    share : float
        Of the element in the part, 0 to 1.
    is_exposed : bool
        Whether the plant is of the jurisdiction.
    """

    graph: str
    node: str
    name: str
    stage: str
    country: str
    owner: str
    is_origin: bool
    share: float
    is_exposed: bool


@dataclass(frozen=True, slots=True)
class CountryRow(OfElement):
    """A jurisdiction that an element of a part passed at some step.

    Parameters
    ----------
    country : str
        Country by the lens asked for.
    share : float
        Of the element in the part, 0 to 1; those of several countries may add up to more than 1.
    """

    country: str
    share: float


@dataclass(frozen=True, slots=True)
class FactorRow:
    """How concentrated the world's supply of an element is at one stage.

    Parameters
    ----------
    graph : str
        Graph of the plants.
    element : str
        Symbol.
    stage : str
        Stage of the chain.
    country : str
        The country through which most goes, by the lens asked for.
    share : float
        Of that country, 0 to 1.
    hhi : float
        Sum of the squared shares of all countries, 0 to 1.
    countries : int
        With a part in it.
    """

    graph: str
    element: str
    stage: str
    country: str
    share: float
    hhi: float
    countries: int


@dataclass(frozen=True, slots=True)
class UncoveredRow(OfPart):
    """A part that no graph covers, of which nothing is said.

    Parameters
    ----------
    supplier : str
        Its supplier; empty in an anonymous answer.
    material : str
        What it is or holds: the symbol of an element, or what the company calls it.
    strategic : str
        The strategic raw material of Regulation (EU) 2024/1252, Annex I, that it belongs to;
        empty for none.
    """

    supplier: str
    material: str
    strategic: str


@dataclass(frozen=True, slots=True)
class WayRow(OfPart):
    """A plant that makes the same and rests less on the jurisdiction.

    Parameters
    ----------
    graph : str
        Graph of the plant.
    node : str
        Id of the plant.
    name, country : str
        The plant.
    status : str
        Operating, under construction or planned.
    product : str
        What it makes by the graph, of which the part is a grade or the same; empty where the graph
        tells no product of it.
    instead : str
        The product that would take the place of the part's, by an option of the graph; empty where
        the plant makes the part's own.
    weakest : str
        Element of it with the largest share that may have passed the jurisdiction.
    traced_possibly : float
        That share, 0 to 1.
    """

    graph: str
    node: str
    name: str
    country: str
    status: str
    product: str
    instead: str
    weakest: str
    traced_possibly: float


@dataclass(frozen=True, slots=True)
class AskRow(OfPart):
    """What to ask which supplier.

    Parameters
    ----------
    part, supplier : str
        As in the rows of parts.
    question : str
        What to ask.
    reason : str
        What is not known without it.
    """

    supplier: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class CitedRow:
    """A source of the graphs' rows that the answer rests on.

    Parameters
    ----------
    graph : str
        Graph whose table of sources holds it.
    id : str
        Id of the row of that table.
    title, publisher, url : str
        The document.
    """

    graph: str
    id: str
    title: str
    publisher: str
    url: str
