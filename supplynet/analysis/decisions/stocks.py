"""Where a stock is cheaper than a plant: read off the points of the cost of resilience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from supplynet.analysis.decisions.offers import SOONER, is_of_plants
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.network.schema import Option

#: coverage of a point, ids that enter at it and ids that leave
Step: TypeAlias = tuple[float, tuple[str, ...], tuple[str, ...]]


def stocks_on_curve(steps: Sequence[Step], rows: Iterable[Option]) -> str:
    """Return at which points a stock enters, before, beside or in place of plants, in words.

    Points come with the cheapest first; it is empty where there is no stock to choose.

    Examples
    --------
    >>> stocks_on_curve([], [])
    ''
    """
    by_id = {row.id: row for row in rows}
    stocks = {name for name, row in by_id.items() if row.kind == "stock"}
    plants = {
        name for name, row in by_id.items() if row.kind in ("expand", SOONER) or is_of_plants(row)
    }
    if not stocks:
        return ""

    def names(ids: Iterable[str], of: set[str]) -> str:
        return " and ".join(by_id[name].name for name in ids if name in of)

    told, taken, known = [], frozenset[str](), frozenset[str]()
    for number, (coverage, entering, leaving) in enumerate(steps, start=1):
        taken = (taken - set(leaving)) | (plants & set(entering))
        known |= taken
        held, gone = names(entering, stocks), names(leaving, plants)
        if not held:
            continue
        if gone:
            where = f"in place of {gone}"
        elif taken:
            later = next((step[1] for step in steps[number:] if plants & set(step[1])), ())
            where = f"beside plants{', before ' * bool(later)}{names(later, plants)}"
        else:
            where = "without any plant" if known else "before any plant"
        told.append(f"{held} at {share(coverage)}, {where}")
    if not told:
        return "No stock enters the curve: at each point what else is taken costs no more."
    return f"Stocks enter the curve: {'; '.join(told)}."
