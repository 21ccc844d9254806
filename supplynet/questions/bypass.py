"""Bypass: what could still arrive when a jurisdiction is avoided, by which routes, and how sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.contract.query import OfElements, option, sentence, shared
from supplynet.errors import OptionError
from supplynet.questions.declared import question
from supplynet.questions.flow import FlowResult
from supplynet.text import by_size, listing

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import Tier
    from supplynet.analysis.question import Question
    from supplynet.contract.answer import Answer
    from supplynet.model.case import Case

__all__ = ["BypassResult", "bypass"]

#: countries that are looked at where via= names none
DEFAULT_VIA = 6


class Query(OfElements):
    """What is avoided, and by which countries it may come."""

    avoid: str | Iterable[str] = shared("avoid", default=MISSING)
    via: str | Iterable[str] | None = option(
        "Countries whose part is worked out.",
        default=None,
        kind="str or iterable of str",
        usual="those that carry most",
        said="--via WHAT...",
        is_open=False,
    )
    model: str = shared("model", is_open=False)


def _widest(answer: Answer) -> Mapping[str, Any]:
    """Return the rows of the widest tier that was asked for, by form or element."""
    rows = tuple(answer.LAYOUT.tables[0].rows_of(answer))
    last = (row for row in rows if row.tier == rows[-1].tier)
    return {getattr(row, "title", "") or row.element: row for row in last}


def _lost(row: Any) -> float | None:
    return 1.0 - row.without / row.with_all if row.with_all else None


@question(
    "bypass",
    title="{asked}",
    together="Supply of {target}",
    metrics={
        "value": lambda row: row.without,
        "coverage": lambda row: row.coverage,
        "loss_share": _lost,
        "low": lambda row: row.low,
        "high": lambda row: row.high,
        "coverage_low": lambda row: row.coverage_low,
        "coverage_high": lambda row: row.coverage_high,
        "demand": lambda row: row.demand or None,
    },
    is_of_all=lambda _query: True,
    judged=_widest,
)
def bypass(case: Case, query: Query) -> BypassResult:
    """What could still reach a nation when a jurisdiction is avoided, by which routes, how sure?

    Leads with what is firm, then adds what is being built, what is announced and what is merely
    possible, up to the links and plants or the tier asked for. With the model balance by form
    and element, without countries on the way.

    Returns
    -------
    BypassResult
        With the model balance a BalanceBypassResult.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.bypass(sn.load("tutorial"), to="MLT", avoid="ISL")
    >>> result.is_certified
    True
    """
    from supplynet.analysis.flow.flow import potential, solve_tiers_ahead, tiers_of
    from supplynet.analysis.potential.ask import bypass_balance
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import via_list
    from supplynet.solve.check import worst

    if query.model == "balance":
        if query.via is not None:
            raise OptionError("via goes with model='flow'")
        answer: Any = bypass_balance(case.net, element=query.element, **query.asked())
        return cast("BypassResult", answer)
    options = case.question
    if not options.avoid:
        raise OptionError("bypass needs something to avoid", hint="for example avoid='CHN'")
    solve_tiers_ahead(options, case.elements)
    flows = {name: potential(options, name) for name in case.elements}
    via = (
        _carriers(options, flows.values())
        if query.via is None
        else via_list(options.net, query.via)
    )
    by_element = tuple(
        ElementBypass(
            question=options,
            element=name,
            unit=flow.unit,
            demand=flow.demand,
            tiers=tiers_of(options, name, flow.demand.value),
            flow=flow,
            via=tuple(via),
        )
        for name, flow in flows.items()
    )
    return BypassResult(
        question=options,
        elements=by_element,
        via=tuple(via),
        certificate=worst(flow.certificate for flow in flows.values()),
        provenance=provenance(options, **({} if query.via is None else {"via": list(via)})),
        is_via_asked=query.via is not None,
    )


def _carriers(question: Question, flows: Iterable[FlowResult]) -> list[str]:
    """Countries that carry most of the flows, each flow counted as one whole."""
    from supplynet.network.selector import country_set, holder

    net = question.net
    weight: dict[str, float] = defaultdict(float)
    for flow in flows:
        for route in flow.routes:
            passed = {holder(net, node_id, question.lens) for node_id in route.nodes[:-1]}
            for country in passed:
                weight[country] += route.tonnes / flow.value if flow.value else 0.0
    own = {net.node(nation).country for nation in question.targets}
    own |= {code for piece in question.to.split(",") for code in country_set(net, piece.strip())}
    ranked = sorted(weight, key=lambda carrier: (by_size(weight[carrier]), carrier))
    return [carrier for carrier in ranked if carrier not in own and carrier != "unknown"][
        :DEFAULT_VIA
    ]


@sentence(BypassResult)
def say(result: BypassResult) -> str:
    """Return the answer in two sentences, what is firm first."""
    from supplynet.present.words import (
        added_phrase,
        avoided,
        capitalized,
        link_phrase,
        scenario_phrase,
        target,
    )

    question = result.question
    n_tiers = len(result.elements[0].tiers)

    first = result.elements[0].tiers[0]
    text = (
        f"Without {avoided(question)}{scenario_phrase(question.net)}, {link_phrase(first)} "
        f"could bring {target(question)} {_figures(result, 0)} in {question.year}."
    )
    later = []
    for tier_number in range(1, n_tiers):
        tiers = result.elements[0].tiers
        word = added_phrase(tiers[tier_number], tiers[tier_number - 1])
        if all(_is_same(element.tiers, tier_number) for element in result.elements):
            later.append(f"{word} add nothing")
        else:
            later.append(f"with {word} too it would be {_figures(result, tier_number)}")
    if not later:
        return text
    return f"{text} {capitalized('; '.join(later))}."


def _is_same(tiers: Sequence[Tier], position: int) -> bool:
    return tiers[position].without == tiers[position - 1].without


def _figures(result: BypassResult, place: int) -> str:
    """Figures of one tier: those that differ from the tier before, then those that do not.

    The first has its range; those of the others stand in the table.
    """
    from supplynet.present.words import amount

    texts_told, same, near, none = [], [], [], []
    for index, element in enumerate(result.elements):
        tier = element.tiers[place]
        text = amount(tier.without, element.unit)
        if not tier.without:
            none.append(element.element)
        elif place and _is_same(element.tiers, place):
            same.append(element.element)
        elif place and text == amount(element.tiers[place - 1].without, element.unit):
            near.append(element.element)
        else:
            texts_told.append(f"{text} ({_covers(tier, element.element, has_ends=not index)})")
    others = [f"hardly more {listing(near, 'or')}"] if near else []
    if same:
        others.append(f"no more {listing(same, 'or')}")
    if none:
        others.append(f"{'still ' if place else ''}no {listing(none, 'or')}")
    texts = [f"at most {listing(texts_told)}"] if texts_told else []
    return ", and ".join([*texts, *([listing(others)] if others else [])])


def _covers(tier: Tier, element: str, *, has_ends: bool) -> str:
    from supplynet.present.words import covers

    bounds = (tier.coverage_low, tier.coverage_high) if has_ends else (None, None)
    return covers(tier.coverage, element, *bounds)
