"""What each country made, bought, sold, worked up and kept of each form: the books of a draft.

Production is known of some forms, by a table; trade of all. A country works up the form before
into a form as far as that one was made there; what it neither sells nor works up it keeps. Where
it sells more than it makes and buys, the rest is unexplained: stocks, another grade, or records
that do not fit. All is in tonnes of content.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.errors import OptionError
from supplynet.io.production import read_production
from supplynet.network.countries import is_country
from supplynet.trade.lines import digest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Account:
    """The books of one country, form and year, in tonnes of content."""

    country: str
    form: str
    year: int
    made: float  #: mined, or made of the form before
    #: whether a table of production states it; else it is the least that explains the rest
    is_known: bool
    bought: float
    sold: float
    worked_up: float  #: what went into the form that follows
    kept: float  #: what nations use, or what else became of it
    unexplained: float  #: sold and worked up beyond what was made and bought


@dataclass(frozen=True)
class Made:
    """Production of one form by a published table, in tonnes of content."""

    form: str
    tonnes: Mapping[tuple[int, str], float]  #: by year and country
    #: by year, of rows that are no country: all others, and names that are not known
    left_out: Mapping[int, float] = field(default_factory=dict)
    #: years and countries whose figure the table marks as an estimate
    estimated: frozenset[tuple[int, str]] = frozenset()
    #: what the table calls it, such as mine production
    labels: tuple[str, ...] = ()
    name: str = ""  #: of the file
    sha256: str = ""

    @property
    def years(self) -> tuple[int, ...]:
        """Years that the table states of some country."""
        return tuple(sorted({year for (year, _), tonnes in self.tonnes.items() if tonnes > 0.0}))

    def of(self, year: int) -> dict[str, float]:
        """Return the tonnes of each country in a year."""
        if year not in self.years:
            raise OptionError(
                f"{self.name or 'the production table'} holds no production of {year}; it holds "
                f"{', '.join(map(str, self.years)) or 'none'}",
                hint="choose years that both know with --year (year=)",
            )
        return {code: tonnes for (of, code), tonnes in self.tonnes.items() if of == year}


def read_made(
    path: str | os.PathLike[str],
    form: str,
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> Made:
    """Read the production of one form; see :func:`supplynet.io.production.read_production`."""
    frame = read_production(path, columns=columns, where=where)
    tonnes: dict[tuple[int, str], float] = {}
    left_out: dict[int, float] = {}
    estimated = set()
    rows = frame[frame["statistic"].eq("production") & frame["tonnes"].notna()]
    for row in rows.to_dict("records"):
        year, code = int(row["year"]), str(row["country"])
        if row["kind"] == "country" and is_country(code):
            tonnes[year, code] = float(row["tonnes"])
            if row["is_estimated"]:
                estimated.add((year, code))
        elif row["kind"] in ("country", "other"):
            left_out[year] = left_out.get(year, 0.0) + float(row["tonnes"])
    labels = tuple(label for label in dict.fromkeys(rows["label"]) if label)
    name, sha256 = Path(path).name, digest(Path(path))
    return Made(form, tonnes, left_out, frozenset(estimated), labels, name, sha256)


def accounts(
    flows: pd.DataFrame,
    forms: Sequence[str],
    made: Mapping[str, Made],
    yields: Mapping[str, float],
    grades: Mapping[str, float],
) -> list[Account]:
    """Return the books of every country, form and year.

    Flows have columns form, exporter, importer, year and tonnes as customs weigh them; forms go
    from the first of the chain, whose production is needed, to the last. `yields` are the content
    of a form over that of the form before which it is made of, `grades` the content of a tonne of a
    form; 1 where not given.

    Examples
    --------
    >>> import pandas as pd
    >>> flows = pd.DataFrame(
    ...     [["ore", "FJI", "MLT", 2024, 10.0], ["metal", "MLT", "ISL", 2024, 3.0]],
    ...     columns=["form", "exporter", "importer", "year", "tonnes"])
    >>> books = accounts(flows, ["ore", "metal"], {"ore": Made("ore", {(2024, "FJI"): 12.0})},
    ...     yields={"metal": 0.5}, grades={})
    >>> [(one.country, one.form, one.kept, one.worked_up) for one in books if one.form == "ore"]
    [('FJI', 'ore', 2.0, 0.0), ('MLT', 'ore', 4.0, 6.0)]
    """
    trade: dict[tuple[str, str, int], list[float]] = {}
    for row in flows.to_dict("records"):
        tonnes = row["tonnes"] * grades.get(row["form"], 1.0)
        for side, column in (("importer", 0), ("exporter", 1)):
            trade.setdefault((row[side], row["form"], row["year"]), [0.0, 0.0])[column] += tonnes
    years = sorted({int(year) for year in flows["year"]})
    values = {(form, year): book.of(year) for form, book in made.items() for year in years}
    countries = {country for country, _, _ in trade}
    countries |= {country for of in values.values() for country in of}
    rows = []
    for year in years:
        for country in sorted(countries):
            rows += _of(country, year, forms, trade, values, yields)
    return rows


def _of(
    country: str,
    year: int,
    forms: Sequence[str],
    trade: Mapping[tuple[str, str, int], Sequence[float]],
    names: Mapping[tuple[str, int], Mapping[str, float]],
    yields: Mapping[str, float],
) -> list[Account]:
    """The books of a country and year, from the last form back to the first."""
    rows: list[Account] = []
    worked_up = 0.0
    for form in reversed(forms):
        bought, sold = trade.get((country, form, year), (0.0, 0.0))
        needed = sold + worked_up
        table = names.get((form, year))  # of countries that it does not name: nothing
        made = max(0.0, needed - bought) if table is None else table.get(country, 0.0)
        over = made + bought - needed
        if made or bought or needed:
            rows.append(
                Account(
                    country,
                    form,
                    year,
                    made,
                    table is not None,
                    bought,
                    sold,
                    worked_up,
                    max(0.0, over),
                    max(0.0, -over),
                )
            )
        worked_up = made / yields.get(form, 1.0)
    return rows[::-1]
