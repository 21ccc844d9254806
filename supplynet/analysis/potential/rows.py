"""The rows of a potential: what of each product, form and element could come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductPotential:
    """What a nation or bloc needs of a product and could get of it, t of product per year.

    Parameters
    ----------
    product, name, form : str
    need, served, coverage : float
    low, high : float
        ``served`` with every figure at its low and high end: the data range.
    coverage_low, coverage_high : float
        The same as shares of the need, which has ends of its own.
    """

    product: str
    name: str
    form: str
    need: float
    served: float
    low: float
    high: float
    coverage: float
    coverage_low: float
    coverage_high: float


@dataclass(frozen=True, slots=True)
class FormPotential:
    """What a nation or bloc needs in a form and could get in it, t of product per year.

    Parameters
    ----------
    form, title : str
    need, served, coverage : float
    low, high, coverage_low, coverage_high : float
        As in `ProductPotential`.
    alone : float
        The most that could come in this form if no other counted.
    """

    form: str
    title: str
    need: float
    served: float
    low: float
    high: float
    coverage: float
    coverage_low: float
    coverage_high: float
    alone: float


@dataclass(frozen=True, slots=True)
class ElementPotential:
    """What a nation or bloc needs of an element and could get of it, t/yr on the graph's basis.

    Parameters
    ----------
    element, unit : str
    need : float or None
        In the products that are asked for, by their central contents; None where no demand is
        known.
    served : float
        In the products that the potential serves, as their makers mixed them; at most the need.
    within : float
        The most if this element alone counted, within the need.
    low, high : float
        ``within`` with every figure at its low and high end.
    beyond : float
        What more could come than is needed, if this element alone counted and products in a
        final form were taken without end; inf where nothing limits it.
    bound : float
        Maximum flow of the element: the most by every plan, not held to the need.
    reasons : tuple of str
        Why ``within`` and ``beyond`` together stay below the bound; empty where they do not.
    """

    element: str
    unit: str
    need: float | None
    served: float
    within: float
    low: float
    high: float
    beyond: float
    bound: float
    reasons: tuple[str, ...]

    @property
    def coverage(self) -> float | None:
        """Share of the need that could come if this element alone counted."""
        return self.within / self.need if self.need else None

    @property
    def most(self) -> float:
        """The most that could come, whatever is needed."""
        return self.within + self.beyond


@dataclass(frozen=True, slots=True)
class BasketPotential:
    """What a nation or bloc needs of several elements as one, and could get, t/yr.

    Parameters
    ----------
    basket : str
        The word that was asked for.
    members : str
        The elements that count: those of which a demand is known.
    unit : str
    need : float
        Of all of them, in the products that are asked for.
    served : float
        In the products that the potential serves; at most the need.
    within : float
        The most of all of them together if nothing else counted, within the need.
    low, high : float
        ``within`` with every figure at its low and high end.
    bound : float
        Sum of the maximum flows of each: no plan brings more.
    """

    basket: str
    members: str
    unit: str
    need: float
    served: float
    within: float
    low: float
    high: float
    bound: float

    @property
    def coverage(self) -> float:
        """Share of the need that could come if these elements alone counted."""
        return self.within / self.need
