"""The scenarios of a study compared: the same question without them, with each, and with all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.bypass import BypassResult, bypass
from supplynet.report.document import Column, Paragraph, Section, Table
from supplynet.report.parts import ELEMENT
from supplynet.report.words import count, element_cell, listing, tier_title, without

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario

# what two solves of one network may differ by
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Case:
    """The answer under some of the scenarios.

    Parameters
    ----------
    title : str
    result : BypassResult
    """

    title: str
    result: BypassResult


def cases(
    net: SupplyNetwork, scenarios: Sequence[str | Scenario], result: BypassResult
) -> tuple[Case, ...]:
    """Answer the question of a study without its scenarios and, of several, with each alone.

    Parameters
    ----------
    net : SupplyNetwork
        Without the scenarios.
    scenarios : sequence of str or Scenario
    result : BypassResult
        With all of them.
    """
    asked = result.question
    words: dict[str, Any] = {
        "to": asked.to,
        "avoid": asked.avoid,
        "via": result.via,
        "element": [element.element for element in result.elements],
        "year": asked.year,
        "links": asked.links,
        "plants": asked.plants,
        "lens": asked.lens,
    }
    answers = [Case("No scenario", bypass(net, **words))]
    if len(scenarios) > 1:
        for scenario in scenarios:
            name = scenario if isinstance(scenario, str) else scenario.name
            answers.append(Case(name, bypass(net, scenario=scenario, **words)))
    last = "All together" if len(scenarios) > 1 else asked.net.applied[-1]
    return (*answers, Case(last, result))


def section(found: Sequence[Case]) -> Section:
    """Return the section: what could arrive, a column a case."""
    result = found[-1].result
    asked = result.question
    rows = tuple(
        {
            "element": element_cell(asked.net, element.element) if at == 0 else "",
            "tier": tier_title(tier.name),
            **{
                f"case-{number}": case.result.elements[e].tiers[at].without
                for number, case in enumerate(found)
            },
        }
        for e, element in enumerate(result.elements)
        for at, tier in enumerate(element.tiers)
    )
    columns = (
        ELEMENT,
        Column("tier", "Tier"),
        *(Column(f"case-{number}", case.title, kind="tonnes") for number, case in enumerate(found)),
    )
    names = [case.title for case in found[1:]]
    lead = Paragraph(
        f"The same question with the network as it is, and under {listing(names)}: tonnes a year "
        f"that could arrive{without(asked)} in {asked.year}. {_moved(found)}"
    )
    caption = "Potential by scenario and tier"
    return Section(
        "Scenarios compared", (lead, Table(columns, rows, caption, "scenarios")), "scenarios"
    )


def _moved(found: Sequence[Case]) -> str:
    """How many of the figures the scenarios change."""
    pairs = [
        (before.without, after.without)
        for before_element, other in zip(
            found[0].result.elements, found[-1].result.elements, strict=True
        )
        for before, after in zip(before_element.tiers, other.tiers, strict=True)
    ]
    n_moved = sum(not math.isclose(*pair, rel_tol=_ROUNDING) for pair in pairs)
    if not n_moved:
        return "None of the figures moves."
    return f"{n_moved} of {count(len(pairs), 'figure')} {'moves' if n_moved == 1 else 'move'}."
