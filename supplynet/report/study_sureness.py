"""How sure the answer of a study is: its range, what it rests on, and its proof, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.report.document import Bullets, Section
from supplynet.report.evidence import assumed_share
from supplynet.report.words import capitalized, count, listing
from supplynet.text import between, share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.analysis.flow.bypass import BypassResult, ElementBypass


def section(result: BypassResult) -> Section:
    """Return the section: what moves the figures, and what could not move them."""
    fed = [element for element in result.elements if element.flow.value]
    items = [*_ranges(result, fed), *_links(fed), *_estimates(fed), *_needs(result)]
    items += [f"{capitalized(text)}." for text in result.idle_restrictions]
    return Section("How sure is that?", (Bullets((*items, _proof(result))),), "sureness")


def _ranges(result: BypassResult, found: Iterable[ElementBypass]) -> list[str]:
    texts = [
        f"{between(element.flow.low, element.flow.high)} {element.unit}"
        for element in found
        if element.flow.low != element.flow.high
    ]
    if not texts:
        return []
    wide = " in its widest form" if len(result.elements[0].tiers) > 1 else ""
    return [
        "Data range: with every capacity, limit, recovery and content at its low and at its "
        "high end, the "
        f"answer{wide} would be {listing(texts)}."
    ]


def _links(found: Iterable[ElementBypass]) -> list[str]:
    """How much of the widest figure is there in the surest tier alone."""
    texts: list[str] = []
    name = ""
    for element in found:
        first, last = element.tiers[0], element.tiers[-1]
        if last.without > first.without:
            name = first.name
            texts.append(f"{share(first.without / last.without)} of the {element.element}")
    if not texts:
        return []
    return [f"Tiers: {listing(texts)} could also come on what is {name} alone."]


def _estimates(found: Iterable[ElementBypass]) -> list[str]:
    texts = []
    for element in found:
        text = f"{share(element.flow.confidence['estimated'])} of the {element.element}"
        assumed = assumed_share(element.flow)
        if assumed:
            text += f" ({share(assumed)} by corridors that are assumed)"
        texts.append(text)
    if not texts:
        return []
    return [f"Estimates: an estimated capacity or link stands on the way of {listing(texts)}."]


def _needs(result: BypassResult) -> list[str]:
    texts = [
        f"{share(element.demand.estimated_share)} for {element.element}"
        for element in result.elements
        if element.demand.how != "none" and element.demand.estimated_share
    ]
    return [f"Demand: estimated to {listing(texts)}."] if texts else []


def _proof(result: BypassResult) -> str:
    n_all = len(result.elements)
    n_sure = sum(element.flow.certificate.ok for element in result.elements)
    return (
        f"Proof: an independent check accepted {n_sure} of {count(n_all, 'answer')}. With the "
        "figures as they are no plan brings more: the limits on the way let through exactly as "
        "much as the routes bring."
    )
