"""Countries that both buy and sell the same goods, and so may pass on those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: economies that studies of re-exports name first (Feenstra and Hanson 2004 on Hong Kong;
#: Mellens, Noordman and Verbruggen 2007 on the Netherlands, Belgium and Singapore)
ENTREPOTS = ("HKG", "SGP", "NLD", "BEL", "ARE")


@dataclass(frozen=True, slots=True)
class Hub:
    """A country that bought and sold goods of one code in one year.

    Parameters
    ----------
    country, hs6 : str
    year : int
    bought, sold : float
        US dollars.
    passed : float
        The most that can be re-exports, US dollars: the smaller of the two.
    is_entrepot : bool
        Whether studies name it as a place of re-exports.
    """

    country: str
    hs6: str
    year: int
    bought: float
    sold: float
    passed: float
    is_entrepot: bool


def hubs(trade: pd.DataFrame, *, top: int | None = None) -> list[Hub]:
    """Which countries may pass on goods of others?

    Parameters
    ----------
    trade : pandas.DataFrame
        Columns importer, exporter, hs6, year, value_usd (US dollars).
    top : int, optional
        Return this many for each code and year, and every known entrepot.

    Returns
    -------
    list of Hub
        By code and year, those that could pass on most first.

    Examples
    --------
    >>> import pandas as pd
    >>> trade = pd.DataFrame(
    ...     [["HKG", "FJI", "850511", 2024, 9.0], ["MLT", "HKG", "850511", 2024, 7.0]],
    ...     columns=["importer", "exporter", "hs6", "year", "value_usd"])
    >>> [(hub.country, hub.passed, hub.is_entrepot) for hub in hubs(trade)]
    [('HKG', 7.0, True)]
    """
    names = ["country", "hs6", "year"]
    trade = trade[trade["value_usd"].notna()]
    bought = trade.groupby(["importer", "hs6", "year"])["value_usd"].sum().rename_axis(names)
    sold = trade.groupby(["exporter", "hs6", "year"])["value_usd"].sum().rename_axis(names)
    both = bought.rename("bought").to_frame().join(sold.rename("sold"), how="inner").reset_index()
    hubs = [
        Hub(
            row["country"],
            row["hs6"],
            int(row["year"]),
            float(row["bought"]),
            float(row["sold"]),
            # No more can have been passed on than was bought, nor than was sold.
            float(min(row["bought"], row["sold"])),
            row["country"] in ENTREPOTS,
        )
        for row in both.to_dict("records")
    ]
    hubs.sort(key=lambda hub: (hub.hs6, hub.year, -hub.passed, hub.country))
    if top is None:
        return hubs
    seen: dict[tuple[str, int], int] = {}
    kept = []
    for hub in hubs:
        rank = seen[hub.hs6, hub.year] = seen.get((hub.hs6, hub.year), 0) + 1
        if rank <= top or hub.is_entrepot:
            kept.append(hub)
    return kept
