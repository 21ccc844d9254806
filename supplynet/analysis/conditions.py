"""Under which conditions a coverage would be another: the same question, one thing otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from supplynet.analysis.question import Question, ask
from supplynet.contract.headline import Headline
from supplynet.network.scenario.compose import DESIGNS
from supplynet.network.selector import Selection
from supplynet.network.units import designed

#: by condition and form: a coverage, its low and its high end
Coverages = Mapping[str, Mapping[str, tuple[float, float, float]]]
#: a coverage that owners move by less than this part of it stands without that of the other lens
LEAST_OF_OWNERS = 0.1
#: the conditions, and what each is called beside the answer as it was asked
CONDITIONS = {
    "redesigned": "re-designed",
    "high_contents": "high contents",
    "nothing_shut": "with nothing shut",
    "control": "by who owns plants",
}
#: those that have contents at their ends
OF_CONTENTS = ("redesigned", "high_contents")


def alternatives(question: Question) -> dict[str, Question]:
    """Return a question under each condition that would make it another one, by name.

    ``redesigned``: every use may hold as little of what is scarce as the low ends of its contents;
    ``high_contents``: every use holds their high ends;
    ``nothing_shut``: business as usual; ``control``: plants count by who owns them.

    Examples
    --------
    >>> import supplynet as sn
    >>> list(alternatives(ask(sn.load("tutorial"), to="MLT", avoid="ISL")))
    ['nothing_shut', 'control']
    """
    net, others = question.net, dict[str, Question]()
    asked = {row.product for row in net.demand_rows if row.nation in question.targets}
    for design, scenario in DESIGNS.items():
        able = designed(net, design) & asked
        if any(net.product_by_id[product].design == "as-built" for product in able):
            others[design.replace("-", "_")] = replace(question, net=net.with_scenario(scenario))
    if question.avoid:
        nothing = Selection(frozenset(), frozenset())
        others["nothing_shut"] = replace(question, avoid="", shut=nothing)
        if question.lens == "location":
            owned = ask(
                net,
                to=question.to,
                avoid=question.avoid,
                year=question.year,
                links=question.links,
                plants=question.plants,
                lens="control",
            )
            if owned.shut != question.shut:
                others["control"] = owned
    return others


def headlines(coverages: Coverages, form: str, headline: Headline) -> dict[str, Headline]:
    """Return a headline of a form under each condition that makes it another, by name.

    By who owns plants only where that moves it by more than a tenth.
    """
    own, nowhere = headline.value or 0.0, dict.fromkeys(headline.read_off)
    others = {name: by_form[form] for name, by_form in coverages.items() if form in by_form}
    return {
        name: replace(headline, value=value, low=low, high=high, read_off=nowhere)
        for name, (value, low, high) in others.items()
        if name != "control" or abs(value - own) > LEAST_OF_OWNERS * own
    }
