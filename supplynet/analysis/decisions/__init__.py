"""What to do: which options, from when, reach a target at least cost, with proof.

A plan is a choice of rows of the table options with a first year each. What a choice brings is the
potential of :mod:`supplynet.analysis.potential` in every year of the target, with the capacities
that the choice gives; the choice itself is a small integer program.
"""

from __future__ import annotations
