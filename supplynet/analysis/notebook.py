"""How the results of questions show themselves: see :mod:`supplynet.model.notebook`."""

from __future__ import annotations

from supplynet.model.notebook import MOST_ROWS, Shown, Told

__all__ = ["MOST_ROWS", "Shown", "Told"]
