"""What the color of a country on a map stands for: how much rests on it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.flow.chokepoints import ChokepointResult
from supplynet.draw.style import RAMP
from supplynet.errors import OptionError
from supplynet.network.problems import did_you_mean
from supplynet.terms import LOSSES, must_be_one_of
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.exposure.streams import Streams
    from supplynet.analysis.question import Question
    from supplynet.draw.answer import Answer

FILLS = ("dependence", "none")
#: shares at which the colors of the ramp begin
STEPS = (0.0, 0.1, 0.25, 0.5, 0.75)
# below this a share is rounding
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Fill:
    """A share for each country.

    Parameters
    ----------
    title : str
        What the shares are of, for the legend.
    shares : mapping of str to float
        0 to 1 by country code; countries that are not there keep the color of land.
    words : mapping of str to str
        What to show on hovering over a country.
    """

    title: str
    shares: Mapping[str, float]
    words: Mapping[str, str]

    def color(self, code: str) -> str:
        """Return the name of a country's color, or an empty string for none."""
        value = self.shares.get(code, 0.0)
        if value <= _LEAST:
            return ""
        return RAMP[max(n for n, step in enumerate(STEPS) if value >= step)]


NO_FILL = Fill("", {}, {})


def fill_of(answer: Answer, wish: str | ChokepointResult) -> Fill:
    """Return the colors of countries for a flow.

    Parameters
    ----------
    answer : Answer
    wish : {"dependence", "none"} or ChokepointResult
        Dependence is the share of the flow that passes plants that stand in the country. A
        result of :func:`supplynet.chokepoints` by country or owner gives the exact loss.

    Raises
    ------
    OptionError
        If it is another word, or a result about another question.
    """
    if isinstance(wish, ChokepointResult):
        return _loss(answer, wish)
    if wish not in FILLS:
        raise OptionError(
            f"fill {must_be_one_of(FILLS)} or the result of chokepoints by country or owner, "
            f"not {wish!r}",
            hint=did_you_mean(str(wish), FILLS),
        )
    return NO_FILL if wish == "none" else _dependence(answer)


def shortfall_of(result: BalanceResult, found: Streams) -> Fill:
    """Return the part of its need that each nation does not get in a balance.

    Areas of several countries have no color.
    """
    net = result.question.net
    shares: dict[str, float] = {}
    words: dict[str, str] = {}
    for nation, need in sorted(found.needed.items()):
        code = net.node(nation).country
        if code in net.commodity.areas or not 0.0 < need < math.inf:
            continue
        got = min(need, found.served.get(nation, 0.0))
        shares[code] = 1.0 - got / need
        words[code] = f"{tonnes(got)} of {tonnes(need)} {found.unit} needed ({share(got / need)})"
    return Fill("part of a nation's need that is not met", shares, words)


def _dependence(answer: Answer) -> Fill:
    net = answer.question.net
    own = {net.node(one).country for one in answer.question.targets}
    through: dict[str, float] = defaultdict(float)
    for chain in answer.chains:
        plants = [net.node(one) for one in chain.nodes if one not in answer.question.targets]
        for code in {plant.country for plant in plants} - own:
            through[code] += chain.tonnes
    total = answer.value
    shares = {code: value / total for code, value in sorted(through.items())} if total else {}
    unit = answer.unit
    return Fill(
        "share of the flow that passes plants there",
        shares,
        {
            code: f"{share(shares[code])} of the flow pass plants there "
            f"({tonnes(through[code])} {unit})"
            for code in shares
        },
    )


def _loss(answer: Answer, result: ChokepointResult) -> Fill:
    if result.by == "bloc" or not LOSSES[result.by].is_whole:
        raise OptionError(
            f"countries can be filled by losses of countries or owners, not by {result.by}",
            hint="call chokepoints(..., by='country')",
        )
    asked, other = answer.question, result.question
    if (_told(asked), answer.element) != (_told(other), result.element):
        raise OptionError(
            "the chokepoints answer another question than the flow",
            hint="ask both of the same network with the same to, element, avoid, year, links and "
            "plants",
        )
    by_owner = LOSSES[result.by].seen_by(other.lens) == "control"
    whose = "all plants of its owners" if by_owner else "all its plants"
    return Fill(
        f"loss if {whose} stop, share of the flow",
        {row.id: row.loss_share for row in result.rows},
        {
            row.id: f"if {whose} stop, {tonnes(row.loss)} {result.unit} "
            f"({share(row.loss_share)}) no longer arrive"
            for row in result.rows
        },
    )


def _told(asked: Question) -> tuple[object, ...]:
    """What a flow and the losses on it must have in common."""
    return (asked.net.digest, asked.targets, asked.avoid, asked.year, asked.links, asked.plants)
