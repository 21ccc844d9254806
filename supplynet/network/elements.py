"""Atomic weights, formulas and usual oxides; which elements a law calls strategic.

The figures stand in ``data/elements.csv``, one row an element. Atomic weights are the abridged
ones, to five digits, of the Commission on Isotopic Abundances and Atomic Weights (CIAAW),
Standard Atomic Weights 2021; elements without a standard atomic weight are left out. The column
``oxide`` is the oxide in which the element is usually traded or reported; it is empty where
several are in use, such as MnO and MnO2, or none is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from supplynet.errors import TableError

#: a symbol or a bracket, and how often it comes
_PART = re.compile(r"([A-Z][a-z]?|\(|\))(\d*)")


@dataclass(frozen=True, slots=True)
class Compound:
    """What an element is traded as."""

    name: str  #: formula, or words where only a factor is known
    per_metal: float  #: tonnes of it that hold a tonne of the element


@lru_cache(maxsize=1)
def _rows() -> tuple[Mapping[str, str], ...]:
    file = resources.files("supplynet.network").joinpath("data", "elements.csv")
    return tuple(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@lru_cache(maxsize=1)
def atomic_weights() -> Mapping[str, float]:
    """Return the standard atomic weight of every element that has one.

    Examples
    --------
    >>> atomic_weights()["W"]
    183.84
    """
    return MappingProxyType({row["symbol"]: float(row["atomic_weight"]) for row in _rows()})


@lru_cache(maxsize=1)
def usual_oxides() -> Mapping[str, str]:
    """Return the formula of the usual oxide of every element that has one.

    Examples
    --------
    >>> usual_oxides()["Pr"], usual_oxides()["W"], usual_oxides().get("Mn")
    ('Pr6O11', 'WO3', None)
    """
    return MappingProxyType({row["symbol"]: row["oxide"] for row in _rows() if row["oxide"]})


@lru_cache(maxsize=1)
def element_names() -> Mapping[str, str]:
    """Return the English name of every element that has an atomic weight, by symbol.

    Examples
    --------
    >>> element_names()["W"]
    'tungsten'
    """
    return MappingProxyType({row["symbol"]: row["name"] for row in _rows()})


def parse_formula(formula: str) -> dict[str, int]:
    """Return the number of atoms of each element in a formula.

    A TableError if it is none, or names an element without a standard atomic weight.

    Examples
    --------
    >>> parse_formula("Pr6O11")
    {'Pr': 6, 'O': 11}
    >>> parse_formula("Nd2(CO3)3")
    {'Nd': 2, 'C': 3, 'O': 9}
    """
    parts = _PART.findall(formula)
    if not parts or "".join(symbol + count for symbol, count in parts) != formula:
        raise _no_formula(formula)
    open_groups: list[dict[str, int]] = [{}]
    for symbol, count in parts:
        if symbol == "(":
            if count:
                raise _no_formula(formula)
            open_groups.append({})
            continue
        times = int(count or 1)
        if symbol != ")":
            if symbol not in atomic_weights():
                raise TableError(
                    f"formula {formula!r}: no standard atomic weight of {symbol!r} is known",
                    hint="write symbols as in the periodic table, such as WO3",
                )
            inside = {symbol: 1}
        elif len(open_groups) > 1:
            inside = open_groups.pop()
        else:
            raise _no_formula(formula)
        for element, atoms in inside.items():
            open_groups[-1][element] = open_groups[-1].get(element, 0) + atoms * times
    if len(open_groups) > 1 or 0 in open_groups[0].values():
        raise _no_formula(formula)
    return open_groups[0]


def _no_formula(formula: str) -> TableError:
    return TableError(
        f"{formula!r} is no chemical formula", hint="write for example WO3, Pr6O11 or Li2CO3"
    )


@lru_cache(maxsize=4096)
def compound(element: str, formula: str) -> Compound:
    """Return a compound that an element is traded as, whose formula must hold the element.

    Examples
    --------
    >>> round(compound("Dy", "Dy2O3").per_metal, 4)
    1.1477
    """
    atoms, weights = parse_formula(formula), atomic_weights()
    if element not in atoms:
        raise TableError(
            f"{formula} holds no {element}; it holds {', '.join(atoms)}",
            hint="give a formula that holds the element, or the factor as a number",
        )
    total = sum(index * weights[element] for element, index in atoms.items())
    return Compound(formula, total / (atoms[element] * weights[element]))


def usual_oxide(element: str) -> Compound | None:
    """Return the oxide in which an element is usually traded, or None where none is usual.

    Examples
    --------
    >>> round(800.0 * usual_oxide("W").per_metal)
    1009
    >>> usual_oxide("graphite") is None
    True
    """
    formula = usual_oxides().get(element)
    return None if formula is None else compound(element, formula)


#: where the list of strategic raw materials stands
REGULATION = "Regulation (EU) 2024/1252, Annex I, Section 1"
REGULATION_URL = "http://data.europa.eu/eli/reg/2024/1252/oj"


@lru_cache(maxsize=1)
def strategic_materials() -> Mapping[str, str]:
    """Return the strategic raw material that each element belongs to.

    ``data/strategic.csv`` has a row an element, with the material as the annex names it: some
    count in one grade only, such as battery grade, which a graph may not distinguish.

    Examples
    --------
    >>> len(set(strategic_materials().values()))
    17
    """
    file = resources.files("supplynet.network").joinpath("data", "strategic.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["element"]: row["material"] for row in rows})
