"""How sure an answer is: figures drawn from what a graph says of them, and what follows."""

from __future__ import annotations

from supplynet.analysis.uncertainty.ask import sample

__all__ = ["sample"]
