"""Objectives of an allocation: one module each, of the name that selects it.

A module has ``solve(run, question, words)``, which solves the programs of its objective on a
run, fixes the value of each, and returns what is reported beside the flows. One that counts
money also has ``require(net)``: what the graph must have. May import the balance alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reached:
    """What an objective reached, beside the flows themselves."""

    #: coverage by nation and product, 0 to 1, where the objective raises each as far as can be
    levels: Mapping[tuple[str, str], float] = field(default_factory=dict)
    #: best value at the low, central and high end of money, US dollars per year
    optimum: Mapping[str, float] = field(default_factory=dict)
