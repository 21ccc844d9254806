"""Indices that analysts already trust, with formula, source and what was estimated."""

from __future__ import annotations

from supplynet.analysis.indices.ask import indices
from supplynet.analysis.indices.of_tables import table_indices

__all__ = ["indices", "table_indices"]
