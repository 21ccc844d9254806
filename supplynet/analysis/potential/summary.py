"""A potential in a few sentences: coverage first, then tonnes by element, then what stops more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.dead_ends import dead_end_sentence
from supplynet.text import between, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.result import PotentialResult
    from supplynet.analysis.potential.rows import ElementPotential, FormPotential

POTENTIAL = "if it alone drew on the network"
_ROUNDING = 1e-9
# limits that are named
_NAMED = 2


def summary_of(result: PotentialResult) -> str:
    """Return the answer in a few sentences."""
    return " ".join(
        [
            headline(result),
            *(element_sentence(row) for row in result.elements),
            *_limits(result),
            *filter(None, [dead_end_sentence(result.dead_ends)]),
        ]
    )


def headline(result: PotentialResult) -> str:
    """Return the first sentence: coverage by form with its data range."""
    asked = result.question
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    condition = f"in {asked.year}{without}, on {asked.counted}, {POTENTIAL}"
    if not result.forms:
        return (
            f"{asked.to_name} could get {tonnes(result.served)} t/yr {condition}; its demand is "
            "not known."
        )
    parts = " and ".join(_form(row) for row in result.forms)
    return f"{asked.to_name} could cover {parts} {condition}."


def _form(row: FormPotential) -> str:
    """Coverage of one form, such as "12% (7% to 15%) of the 9,000 t/yr it needs as magnet"."""
    low, high = share(row.coverage_low), share(row.coverage_high)
    spread = f" ({low} to {high})" if low != high else ""
    part = "all" if row.coverage >= 1.0 - _ROUNDING else share(row.coverage)
    part = "none" if row.coverage <= _ROUNDING else part
    return f"{part}{spread} of the {tonnes(row.need)} t/yr that it needs as {row.title.lower()}"


def element_sentence(row: ElementPotential) -> str:
    """Return what could come of an element if it alone counted, within the need and beyond."""
    spread = between(row.low, row.high)
    text = f"Of {row.element}, if it alone counted, {tonnes(row.within)} {row.unit}"
    if spread != tonnes(row.within):
        text += f" ({spread})"
    if row.coverage is not None:
        text += f", {share(row.coverage)} of the {tonnes(row.need)} that its products hold"
    if row.beyond > _ROUNDING * max(1.0, row.within):
        is_full = row.coverage is None or row.coverage >= 1.0 - _ROUNDING
        what = "beyond it" if is_full else "more that these products cannot use"
        text += f", and up to {tonnes(row.beyond)} {what}"
    return f"{text}."


def _limits(result: PotentialResult) -> list[str]:
    """Where the next tonne is worth most, in a sentence."""
    if not result.binding:
        return []
    named = "; ".join(
        f"one more {row.unit} at {row.name} would serve {tonnes(row.worth)} t of product more"
        for row in result.binding[:_NAMED]
    )
    return [f"What stops more: {named}."]
