"""Plans: which options, from which year, reach a target of coverage at least cost, with proof.

A choice is a small integer program; its value in a year is the potential of that year. May
import potential, balance, uncertainty, network and solve.
"""

from __future__ import annotations
