"""What a place buys from whom: the rows of a trade table that an index rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.indices.supply import quantity, require_columns
from supplynet.errors import OptionError, TableError
from supplynet.network.countries import area

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("importer", "exporter", "hs6", "year", "tonnes")


@dataclass(frozen=True)
class Imports:
    """Imports of a place in a year, by origin."""

    tonnes: Mapping[str, float]  #: by exporter; members of the place are left out
    risks: Mapping[str, float]  #: governance risk of 0 to 1 where the table brings one
    exported: float = 0.0  #: tonnes that the place sold to others
    flags: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Sum over all origins, t."""
        return math.fsum(self.tonnes.values())


def imports_of(
    trade: pd.DataFrame, members: frozenset[str], *, year: int, hs: Iterable[str], name: str
) -> Imports:
    """Return what a place bought in a year.

    Trade has columns ``importer``, ``exporter`` (ISO 3166 alpha-3), ``hs6`` (text; several codes of
    one row joined by ``;``), ``year`` and ``tonnes``; optional ``value_usd`` and
    ``governance_risk``. What `members` trade among them is left out, codes `hs` are added up;
    `name` is for messages. A TableError if a row mixes a code asked for with others, an OptionError
    if nothing was bought, or nothing with a weight.
    """
    require_columns(trade, NEEDED, "trade")
    codes = tuple(hs)
    if not codes:
        raise OptionError("no HS code is asked for", hint="for example hs=['260400']")
    there = trade[trade["year"].astype(int) == year]
    wanted = there[[_is_asked(str(cell), codes) for cell in there["hs6"]]]
    tonnes: dict[str, list[float]] = {}
    risks: dict[str, float] = {}
    exported: list[float] = []
    no_weight: list[str] = []
    left_out = {"sums": 0, "inner": 0}
    for row in wanted.to_dict("records"):
        importer, exporter = str(row["importer"]), str(row["exporter"])
        where = f"trade, {exporter} to {importer}, {row['hs6']}, {year}"
        given = quantity(row["tonnes"], where)
        if importer in members and exporter in members:
            left_out["inner"] += 1
        elif importer in members and area(exporter).kind != "country":
            left_out["sums"] += 1
        elif importer in members and given is None:
            no_weight.append(exporter)
        elif importer in members:
            tonnes.setdefault(exporter, []).append(given or 0.0)
            _add_risk(risks, exporter, row.get("governance_risk"), where)
        elif exporter in members:
            exported.append(given or 0.0)
    if not tonnes and no_weight:
        raise OptionError(
            f"no import of {name} under {', '.join(codes)} in {year} has a weight in this table",
            hint="the index adds up tonnes; give a table with a column of them",
        )
    if not tonnes:
        raise OptionError(
            f"{name} bought nothing under {', '.join(codes)} in {year} by this table",
            hint=_hint(trade, members, year),
        )
    flags = []
    if no_weight:
        flags.append(f"Imports without a weight are left out, from {', '.join(no_weight)}.")
    if left_out["inner"]:
        flags.append(f"Trade inside {name} is left out ({left_out['inner']} rows).")
    if left_out["sums"]:
        flags.append(f"Rows of the world or of groups are left out ({left_out['sums']}).")
    added = {code: math.fsum(parts) for code, parts in tonnes.items()}
    return Imports(added, risks, math.fsum(exported), tuple(flags))


def _is_asked(cell: str, codes: tuple[str, ...]) -> bool:
    """Whether all codes of a row are asked for.

    A TableError if only some are: what belongs to which code cannot be told.
    """
    held = [code.strip() for code in cell.split(";")]
    asked = [code in codes for code in held]
    if any(asked) and not all(asked):
        raise TableError(
            f"trade: a row adds up the codes {', '.join(held)}, which cannot be parted",
            hint=f"ask for all of them: {','.join(held)}",
        )
    return all(asked)


def _add_risk(risks: dict[str, float], exporter: str, value: object, place: str) -> None:
    risk = quantity(value, place)
    if risk is None:
        return
    if risk > 1.0:
        raise TableError(
            f"{place}: a governance risk lies between 0 and 1 (found {risk:g})",
            hint="(2.5 - indicator) / 5",
        )
    if risks.setdefault(exporter, risk) != risk:
        raise TableError(f"{place}: {exporter} has two governance risks in one year")


def _hint(trade: pd.DataFrame, members: frozenset[str], year: int) -> str:
    own = trade[trade["importer"].isin(sorted(members))]
    if own.empty:
        return f"importers are {', '.join(sorted(set(map(str, trade['importer'])))[:12])}"
    years = sorted(set(own["year"].astype(int)))
    if year not in years:
        return f"its rows are of {', '.join(map(str, years[:12]))}"
    return f"its codes are {', '.join(sorted(set(map(str, own['hs6'])))[:12])}"
