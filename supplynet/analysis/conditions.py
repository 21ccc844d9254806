"""Under which conditions a coverage would be another: the same question, one thing otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.question import Question, ask
from supplynet.network.scenario.compose import REDESIGNED
from supplynet.network.selector import Selection
from supplynet.network.units import reducible

if TYPE_CHECKING:
    from supplynet.analysis.headline import Headline
    from supplynet.analysis.potential.result import PotentialResult

#: a coverage that owners move by less than this part of it stands without that of the other lens
LEAST_OF_OWNERS = 0.1
#: the conditions, and what each is called beside the answer as it was asked
CONDITIONS = {
    "redesigned": "re-designed",
    "nothing_shut": "with nothing shut",
    "control": "by who owns plants",
}


def alternatives(question: Question) -> dict[str, Question]:
    """Return a question under each condition that would make it another one, by name.

    ``redesigned``: every use may hold as little of what is scarce as the low ends of its contents;
    ``nothing_shut``: business as usual; ``control``: plants count by who owns them.

    Examples
    --------
    >>> import supplynet as sn
    >>> list(alternatives(ask(sn.load("tutorial"), to="MLT", avoid="ISL")))
    ['nothing_shut']
    """
    net, others = question.net, dict[str, Question]()
    asked = {row.product for row in net.demand_rows if row.nation in question.targets}
    if any(net.product_by_id[product].design == "as-built" for product in reducible(net) & asked):
        others["redesigned"] = replace(question, net=net.with_scenario(REDESIGNED))
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


def headlines_under(answer: PotentialResult, form: str, headline: Headline) -> dict[str, Headline]:
    """Return the headline of a form under each condition that makes it another, by name.

    By who owns plants only where that moves it by more than a tenth.
    """
    told: dict[str, Headline] = {}
    own = answer.form_figures[form][4]
    for name in CONDITIONS:
        other = answer.under(name)
        figures = None if other is None else other.form_figures.get(form)
        if figures is not None and (
            name != "control" or abs(figures[4] - own) > LEAST_OF_OWNERS * own
        ):
            value, low, high = figures[4:]
            nowhere = dict.fromkeys(headline.read_off)
            told[name] = replace(headline, value=value, low=low, high=high, read_off=nowhere)
    return told
