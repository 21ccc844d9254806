"""Targets in words: their figures and tolerances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.text import tonnes

if TYPE_CHECKING:
    from supplynet.network.schema import Target


def figure(target: Target, value: float) -> str:
    """Return a value of a target as it is written: a share to three places, or tonnes."""
    if target.kind == "share":
        return f"{value:.3f}"
    unit = "US dollars" if target.values else target.unit
    return f"{tonnes(value)} {unit}"


def span(target: Target) -> str:
    """Return what is accepted of a target, as in ``0.900 to 0.960``."""
    if target.kind == "share":
        return f"{target.value_low:.3f} to {target.value_high:.3f}"
    return f"{tonnes(target.value_low)} to {figure(target, target.value_high)}"
