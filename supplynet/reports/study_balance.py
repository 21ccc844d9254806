"""The chapters of a study by the balance: forms and elements by tier, and what each loss costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.potential.ask import BalanceBypassResult, bypass_balance
from supplynet.present.document import Document, section
from supplynet.questions.chokepoints import ChokepointResult, as_document, chokepoints
from supplynet.reports.results_potential import of_bypass_balance

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.brief import Brief

#: plants that a ranking of losses lists
_MOST_LOSSES = 10


@dataclass(frozen=True)
class BalanceStudy:
    """What the chapters by the balance are made of."""

    bypass: BalanceBypassResult
    losses: tuple[ChokepointResult, ...]  #: one per element


def work_out(
    net: SupplyNetwork,
    *,
    avoid: str | Iterable[str],
    elements: Iterable[str],
    **words: Any,
) -> BalanceStudy:
    """Solve what the chapters by the balance show.

    Parameters
    ----------
    **words
        As in :func:`supplynet.bypass`.
    """
    names = list(elements)
    bypass = bypass_balance(net, avoid=avoid, element=names, **words)
    losses = tuple(
        chokepoints(net, avoid=avoid, element=name, model="balance", top=_MOST_LOSSES, **words)
        for name in names
    )
    return BalanceStudy(bypass, losses)


def document_of(study: BalanceStudy, page: Brief) -> Document:
    """Return the page with the chapters by the balance below it."""
    from supplynet.reports import brief_sections

    document = brief_sections.document_of(page)
    (by_tier,) = of_bypass_balance(study.bypass).sections
    losses = tuple(
        replace(section, title=f"What each loss costs: {section.title}")
        if number < len(study.losses)
        else section
        for number, section in enumerate(as_document(study.losses).sections)
    )
    chapters = (section("By form, element and tier", by_tier.name, *by_tier.blocks), *losses)

    def content() -> dict[str, Any]:
        return {
            **document.data,
            "bypass": study.bypass.to_dict(),
            "chokepoints": [result.to_dict() for result in study.losses],
        }

    sections = brief_sections.sections_with_sources(page, *chapters)
    return Document(document.title, sections, content, head={}, headline=document.headline)
