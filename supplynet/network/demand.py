"""What a nation needs: sums of the demand table, and the years between."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.network.cache import cache_of, kept
from supplynet.network.units import (
    basis_per_metal,
    content_share,
    contents,
    element_tonnes,
    find_unit,
    tonnage,
)
from supplynet.terms import LEVEL_NAMES, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Demand


@dataclass(frozen=True, slots=True)
class DemandFigure:
    """A nation's demand for an element in a year."""

    value: float  #: t/yr of the element on the graph's basis, contained in the products
    #: the given years that it rests on: one, or the two that it lies between
    years: tuple[int, ...]
    #: one of "given", "interpolated", "held", "none". given: the year stands in the table;
    #: interpolated: linearly between two years; held: outside the given years, the nearest one is
    #: kept; none: no demand is known. Where several nations or forms are added, that of the
    #: largest.
    how: str
    estimated_share: float  #: share of the tonnes whose rows are estimates, 0 to 1

    def __str__(self) -> str:
        if self.how == "none":
            return "not known"
        given = " and ".join(str(year) for year in self.years)
        words = {
            "given": f"given for {given}",
            "interpolated": f"interpolated between {given}",
            "held": f"held at {given}",
        }
        return words[self.how]


def demand(
    net: SupplyNetwork,
    nations: frozenset[str] | set[str],
    element: str,
    year: int,
    *,
    form: str | None = None,
    level: LevelName = "central",
    need: LevelName = "central",
) -> DemandFigure:
    """Return what some nations together need of an element in a year.

    Final rows only. The rows of one nation and form are complete for each year they name; other
    years are interpolated linearly, or held at the nearest given year. `form` counts only products
    that travel in it, `level` is the end of the product contents and `need` that of the quantities.
    The figure is in t/yr on the graph's basis.
    """
    figures = [
        _interpolate(points, year)
        for nation in _demand_rows(net)
        if nation in nations
        for one_form, points in _series(net, nation, element, level, need).items()
        if form in (None, one_form)
    ]
    if not figures:
        return DemandFigure(0.0, (), "none", 0.0)
    value = sum(figure.value for figure in figures)
    # the larger part is told: a small form given for fewer years does not mask it
    leading = max(figures, key=lambda figure: figure.value)
    estimated = sum(figure.value * figure.estimated_share for figure in figures)
    return DemandFigure(value, leading.years, leading.how, estimated / value if value else 0.0)


def is_asked(net: SupplyNetwork, nations: Collection[str], year: int) -> bool | None:
    """Tell whether some nations ask for anything in a year; None where no demand is known.

    Years between and outside the given ones are read as `demand` reads them.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> is_asked(net, {"MLT"}, 2025), is_asked(net, {"FJI"}, 2025)
    (True, None)
    """
    series: dict[tuple[str, str], _Points] = {}
    for nation, rows in _demand_rows(net).items():
        for row in rows if nation in nations else ():
            # products that are not there are named by checks
            product = net.product_by_id.get(row.product)
            form = product.form if product else row.product
            points = series.setdefault((nation, form), {})
            points[row.year] = (points.get(row.year, (0.0, 0.0))[0] + row.quantity, 0.0)
    if not series:
        return None
    return any(_interpolate(points, year).value > 0.0 for points in series.values())


# value and estimated part, t/yr, by year
_Points = dict[int, tuple[float, float]]


@kept("demand rows")
def _demand_rows(net: SupplyNetwork) -> Mapping[str, list[Demand]]:
    """Return the final rows of each nation."""
    by_nation: dict[str, list[Demand]] = {}
    for row in net.demand_rows:
        if row.role == "final":
            by_nation.setdefault(row.nation, []).append(row)
    return by_nation


def _series(
    net: SupplyNetwork, nation: str, element: str, level: LevelName, need: LevelName
) -> dict[str, _Points]:
    """Totals of the final rows of a nation by form, then by year."""
    assert {level, need} <= set(LEVEL_NAMES)  # noqa: S101  callers pass the literal type
    # one entry for all nations: many must push nothing else out of the cache
    by_nation: dict[str, dict[str, _Points]]
    by_nation = cache_of(net).setdefault(("demand", element, level, need), {})
    if nation not in by_nation:
        series: dict[str, _Points] = {}
        known: dict[tuple[str, str], float] = cache_of(net).setdefault(
            ("in a need", element, level), {}
        )
        for row in _demand_rows(net)[nation]:
            form = net.product_by_id[row.product].form
            quantity = tonnage(net, row, "quantity", need) or 0.0
            of = (row.product, row.unit)
            if of not in known:
                known[of] = _element_in(net, row, element, level)
            tonnes = quantity * known[of]
            points = series.setdefault(form, {})
            total, guessed = points.get(row.year, (0.0, 0.0))
            estimate = tonnes if row.confidence == "estimated" else 0.0
            points[row.year] = (total + tonnes, guessed + estimate)
        by_nation[nation] = series
    return by_nation[nation]


def _element_in(net: SupplyNetwork, row: Demand, element: str, level: LevelName) -> float:
    """Return the tonnes of an element in one unit of a demand.

    Several elements of a product share a demand in tonnes of metal, or of the mix, as the
    product holds them.
    """
    held = tonnes_held(net, row)
    if held is None:
        return element_tonnes(
            net, row.unit, element, product=row.product, basket_share=0.0, level=level
        )
    return find_unit(net, row.unit).factor / held * content_share(net, row.product, element, level)


def tonnes_held(net: SupplyNetwork, row: Demand) -> float | None:
    """Return how much a tonne of a product weighs in a demand's unit of metal, oxide or mix.

    None where the unit measures a product, or nothing says what the product holds.
    """
    measures = find_unit(net, row.unit).measures
    if measures == "product":
        return None
    inside = (
        content.share * (1.0 if measures == "metal" else basis_per_metal(net, element))
        for (product, element), content in contents(net).items()
        if product == row.product
    )
    return sum(inside) or None


def _interpolate(points: _Points, year: int) -> DemandFigure:
    def share(part: float, whole: float) -> float:
        return part / whole if whole else 0.0

    if year in points:
        total, guessed = points[year]
        return DemandFigure(total, (year,), "given", share(guessed, total))
    before = [given for given in points if given < year]
    after = [given for given in points if given > year]
    if not before or not after:
        nearest = max(before) if before else min(after)
        total, guessed = points[nearest]
        return DemandFigure(total, (nearest,), "held", share(guessed, total))
    low, high = max(before), min(after)
    weight = (year - low) / (high - low)
    total = points[low][0] * (1 - weight) + points[high][0] * weight
    guessed = points[low][1] * (1 - weight) + points[high][1] * weight
    return DemandFigure(total, (low, high), "interpolated", share(guessed, total))
