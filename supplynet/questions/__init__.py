"""One question a file: options, rows, answer, what computes it, and its words.

A file imports the contract and terms alone; what it computes with is imported where it computes, so
that commands and help texts load no mathematics. Nothing below knows a question.
"""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """A question as it is listed, without loading it."""

    asks: str  #: the question in a sentence
    public: tuple[str, ...]  #: public names of its module


#: every question, by the name of its module and command
QUESTIONS = {
    "flow": Listed("How much could reach a nation?", ("max_flow", "FlowResult")),
    "cut": Listed("What stops more from arriving?", ("min_cut", "min_cuts", "CutsResult")),
    "routes": Listed("By which mines and plants does it come?", ("routes", "RoutesResult")),
    "bypass": Listed("What could arrive without a country?", ("bypass", "BypassResult")),
    "unavoidable": Listed(
        "Which plants does every route pass?", ("unavoidable", "UnavoidableResult")
    ),
    "chokepoints": Listed(
        "Which plant or country matters most?", ("chokepoints", "ChokepointResult")
    ),
    "interdict": Listed(
        "Which losses, few at a time, cost most?", ("interdict", "InterdictionResult")
    ),
    "disrupt": Listed(
        "Whose loss costs all nations together most?", ("disrupt", "DisruptionResult")
    ),
    "fortify": Listed("What to protect against the worst losses?", ("fortify", "FortifyResult")),
}
#: module of each public name
PUBLIC = {
    name: f"supplynet.questions.{module}"
    for module, listed in QUESTIONS.items()
    for name in listed.public
}
