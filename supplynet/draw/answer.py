"""What a picture of a flow must know, from any of the results that hold one."""

from __future__ import annotations

from dataclasses import dataclass

from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.analysis.flow.flow import FlowResult, solve_question
from supplynet.analysis.flow.tiers import floors_of
from supplynet.analysis.question import Question
from supplynet.draw.chains import Chain, chains_of
from supplynet.errors import OptionError
from supplynet.network.problems import did_you_mean

Drawable = BypassResult | ElementBypass | FlowResult


@dataclass(frozen=True, slots=True)
class Answer:
    """A flow with what surrounds it.

    Parameters
    ----------
    flow : FlowResult
        The flow to highlight.
    tiers : tuple of (str, float)
        Name of a tier and t/yr that could arrive on what it counts on, surest first.
    chains : tuple of Chain
        The flow as ways.
    lost : tuple of Chain
        Ways of a largest flow with nothing shut that pass what is shut.
    open_value : float
        t/yr that could arrive with nothing shut.
    """

    flow: FlowResult
    tiers: tuple[tuple[str, float], ...]
    chains: tuple[Chain, ...]
    lost: tuple[Chain, ...]
    open_value: float

    @property
    def question(self) -> Question:
        """The question behind it."""
        return self.flow.question

    @property
    def lost_value(self) -> float:
        """Tonnes a year on the ways that pass what is shut."""
        return sum(chain.tonnes for chain in self.lost)


def answer_of(result: Drawable, element: str | None) -> Answer:
    """Return what to draw of a result.

    Raises
    ------
    OptionError
        If the result holds no flow, or none of the element.
    """
    flow, tiers = _flow_of(result, element)
    question = flow.question
    lost: tuple[Chain, ...] = ()
    open_value = flow.value
    if question.avoid:
        reference = solve_question(question, flow.element, closed=frozenset())
        shut = question.shut.possibly
        open_value = reference.value
        lost = tuple(one for one in chains_of(reference) if not shut.isdisjoint(one.nodes))
    return Answer(flow, tiers, chains_of(flow.solved), lost, open_value)


def _flow_of(
    result: Drawable, element: str | None
) -> tuple[FlowResult, tuple[tuple[str, float], ...]]:
    if isinstance(result, BypassResult):
        one = _pick(result, element)
    elif isinstance(result, ElementBypass | FlowResult):
        if element is not None and element.casefold() != result.element.casefold():
            raise OptionError(f"the result speaks of {result.element}, not of {element!r}")
        if isinstance(result, FlowResult):
            return result, _tiers_of(result)
        one = result
    else:
        raise OptionError(
            f"a picture of layers needs the result of bypass or max_flow, not {type(result)}"
        )
    return one.flow, tuple((tier.name, tier.without) for tier in one.tiers)


def _pick(result: BypassResult, element: str | None) -> ElementBypass:
    if element is None:
        return result.elements[0]
    for one in result.elements:
        if one.element.casefold() == element.casefold():
            return one
    names = [one.element for one in result.elements]
    raise OptionError(
        f"the result holds no element {element!r}; it holds {', '.join(names)}",
        hint=did_you_mean(element, names),
    )


def _tiers_of(flow: FlowResult) -> tuple[tuple[str, float], ...]:
    """The same tiers as a bypass has, for a plain flow."""
    question = flow.question
    found = {
        name: solve_question(question, flow.element, links=one.links, plants=one.plants).value
        for name, one in floors_of(question).items()
    }
    return tuple(found.items())
