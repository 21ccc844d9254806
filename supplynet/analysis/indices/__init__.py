"""Indices that analysts already trust, with formula, source and what was estimated."""

from __future__ import annotations

from supplynet.analysis.indices.ask import indices

__all__ = ["indices"]
