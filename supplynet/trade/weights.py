"""Tonnes from values where customs gave no weight, by what a tonne costs elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: rows with a weight from which an exporter has a price of its own
MIN_ROWS = 3


def with_weights(rows: pd.DataFrame, unit_values: Mapping[str, float]) -> pd.DataFrame:
    """Return rows with a weight each where one can be had, and how it was got.

    A missing weight (or one of 0 for goods that cost something) is the value over a price: that
    of the same exporter, code and year if at least three of its rows have a weight, else that
    of all rows of the code and year, else the one given, else the shipped one of the nearest
    year (``data/prices.csv``). Prices are sums of values over sums of
    weights, so that small shipments of dear goods do not set them.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns exporter, hs6, year, value_usd (US dollars), tonnes.
    unit_values : mapping of str to float
        US dollars a tonne by code, for codes without any weight.

    Returns
    -------
    pandas.DataFrame
        With ``tonnes_how``: ``reported``, ``estimated`` or ``missing``.
    """
    import pandas as pd

    known = rows["tonnes"].gt(0) | (rows["tonnes"].eq(0) & rows["value_usd"].eq(0))
    priced = rows[rows["tonnes"].gt(0) & rows["value_usd"].gt(0)]
    own = _prices(rows, priced, ["year", "hs6", "exporter"], MIN_ROWS)
    world = _prices(rows, priced, ["year", "hs6"], 1)
    pairs = list(zip(rows["hs6"], rows["year"], strict=True))
    last = {pair: unit_values.get(pair[0], shipped_price(*pair)) for pair in set(pairs)}
    given = pd.Series([last[pair] for pair in pairs], index=rows.index, dtype=float)
    price = own.fillna(world).fillna(given)
    tonnes = rows["tonnes"].where(known, rows["value_usd"] / price)
    how = known.map({True: "reported", False: "estimated"}).where(tonnes.notna(), "missing")
    return rows.assign(tonnes=tonnes, tonnes_how=how)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[int, float]]:
    text = resources.files("supplynet.trade").joinpath("data/prices.csv").read_text("utf-8")
    by_code: dict[str, dict[int, float]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        by_code.setdefault(row["code"], {})[int(row["year"])] = float(row["usd_per_t"])
    return by_code


def shipped_price(code: str, year: int) -> float | None:
    """Return the shipped price of the nearest year, in US dollars a tonne; None for none.

    Examples
    --------
    >>> shipped_price("999999", 2022) is None
    True
    """
    prices = _shipped().get(code)
    return prices[min(prices, key=lambda priced: (abs(priced - year), priced))] if prices else None


def _prices(
    rows: pd.DataFrame, priced: pd.DataFrame, key: list[str], least: int
) -> pd.Series[float]:
    """US dollars a tonne for each row by its key; NaN where too few rows have a weight."""
    groups = priced.groupby(key)
    sums = groups[["value_usd", "tonnes"]].sum()
    price = (sums["value_usd"] / sums["tonnes"])[groups.size() >= least]
    named = rows[key].merge(price.rename("price").reset_index(), on=key, how="left")
    prices = named["price"].astype(float)
    prices.index = rows.index
    return prices
