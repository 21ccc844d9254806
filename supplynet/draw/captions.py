"""The words around a picture: the message, what the figures mean, and where they come from."""

from __future__ import annotations

from supplynet.draw.answer import Answer
from supplynet.draw.sheet import source_of
from supplynet.draw.style import tonnes
from supplynet.draw.words import plain
from supplynet.terms import PLANTS, STANDINGS, TIERS
from supplynet.text import between


def title(answer: Answer) -> tuple[str, str]:
    """The message: the question, and what the tier that is drawn could carry of the need."""
    asked, flow = answer.question, answer.flow
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    tier, value = answer.tiers[-1][0], flow.value
    head = f"{asked.to_name}{without}, {flow.element}, {asked.year}"
    need = flow.demand.value
    if need <= 0:
        amount = tonnes(value) if value else "nothing"
    elif value > need:
        amount = f"{tonnes(value)}, more than the {tonnes(need)} needed"
    else:
        amount = f"{tonnes(value) if value else 'nothing'} of the {tonnes(need)} needed"
    return plain(f"{head}:"), plain(f"{_counted(tier)} could carry {amount}")


def _counted(tier: str) -> str:
    """What a tier counts on at the most, as the subject of a sentence.

    A tier without a name of its own is called by its weakest links.
    """
    if tier in TIERS:
        return TIERS[tier].subject
    links = STANDINGS[tier]
    return links.plural if links.is_firm else f"{links.plural} of {PLANTS['operating'].phrase}"


def subtitles(answer: Answer) -> tuple[str, str]:
    """The tiers with their range, and how the figures are to be read."""
    asked, flow = answer.question, answer.flow
    parts = [f"{tonnes(value)} {tier}" for tier, value in answer.tiers]
    if flow.high > 0:
        parts[-1] += f" (data range {between(flow.low, flow.high)} t)"
    tiers = f"Potential if {asked.to_name} had the network to itself: {', '.join(parts)}"
    meaning = [f"Tonnes are {flow.unit} that arrive; one of possibly many largest flows."]
    if flow.demand.value > 0:
        share = flow.demand.estimated_share
        rests = f", {share:.0%} of it estimated" if share else ""
        meaning.append(f"Need: {flow.demand}{rests}.")
    if flow.is_upper_bound:
        meaning.append("Plants count as if they handled this element alone.")
    if asked.lens == "control":
        unsure = asked.shut.possibly != asked.shut.surely
        meaning.append(f"Countries are the owners'{', unknown ones shut' if unsure else ''}.")
    return plain(tiers), plain(" ".join(meaning))


def nothing(answer: Answer) -> str:
    """What a picture without any flow says in its middle."""
    asked, flow = answer.question, answer.flow
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    return plain(
        f"Nothing arrives: no open way brings {flow.element} to {asked.to_name}{without} "
        f"in {asked.year} on {asked.counted}"
    )


def sources(answer: Answer) -> str:
    """The line at the bottom: graph, licence, attribution, digest, software."""
    proof = answer.flow.provenance
    return source_of(answer.question.net, proof.digest, proof.versions)


def shut_legend(answer: Answer, reduction: int) -> str:
    """What the grey parts mean, with their scale where it is another one."""
    shut = answer.question.shut
    name = answer.question.avoid_name
    if shut.possibly != shut.surely:
        name += " or plants of unknown owners"
    text = f"shut: {tonnes(answer.lost_value)} would pass {name} if all were open"
    if reduction > 1:
        text += f" (drawn at 1/{reduction} of the scale)"
    return plain(text)


def cut_legend(answer: Answer) -> str:
    """What red means: the minimum cut, whose members add up to the flow."""
    return f"at its limit: the minimum cut, together {tonnes(answer.flow.value)}"


def description(answer: Answer, columns: list[str]) -> str:
    """What the picture shows, for readers who cannot see it."""
    tiers, meaning = subtitles(answer)
    chain = ", ".join(columns)
    return plain(
        f"Flow diagram from left to right: {chain}. {tiers}. {meaning} "
        f"{len(answer.chains)} ways carry the flow."
    )
