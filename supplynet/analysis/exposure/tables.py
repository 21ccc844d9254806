"""The figures of an exposure, read off the traces of its elements."""

from __future__ import annotations

from collections.abc import Mapping

from supplynet.contract.row import Row, Share, answered, col
from supplynet.sums import added
from supplynet.text import share

#: stand for all stages together, and for all elements, tonnes added up
ANY, TOGETHER = "", "together"
#: the figures of a stage
KEYS = ("direct", "direct_possibly", "traced", "traced_possibly")
#: share of the supply below which a part of it is rounding
ROUNDING = 1e-12


_ALIKE = "element, stage"
_HELD = f"{_ALIKE}, lens == by"
_NOBODY = f"count(holders, {_HELD}, country == 'unknown')"
_ANEW = answered("itself", "concentration", "element stage by")
# where plants of a stage pass no more than all of them did, each is the last of its kind
_APART = f"sum(plants.share, {_ALIKE}) <= 1.000000001 * passed"


def _of_holders(countries: str, plants: str) -> str:
    """Return the arithmetic of countries and, where none passes what another does, of plants."""
    by_plant = f"({plants} if {_APART} else {_ANEW})"
    return f"0 if passed == 0 else {by_plant} if by == 'plant' else {countries}"


class Concentration(Row):
    """How few hold what passed a stage."""

    element: str = col('Id of the element, or ``"together"`` for all that were asked about.')
    stage: str
    by: str = col("Whether countries are counted by location or control, or plants.")
    passed: Share = col(
        "Share of the supply that passed the stage. The index is that of this part.",
        by=f"sum(holders.share, {_ALIKE}, lens == 'location')",
    )
    low: Share = col(
        "Herfindahl-Hirschman index: the sum of squared shares; 1 means all in one hand, 0 "
        "that nothing passed. Each plant of unknown owners has an owner of its own.",
        by=_of_holders(
            f"({_ANEW} if {_NOBODY} > 0 else squares(holders.share, {_HELD}) / (passed * passed))",
            f"squares(plants.share, {_ALIKE}) / (passed * passed)",
        ),
    )
    high: Share = col(
        "The same if all of them belong to the largest known owner.",
        by=f"{_ANEW} if {_NOBODY} > 0 else low",
    )
    n: int = col(
        "Holders that are known, or plants.",
        by=_of_holders(
            f"count(holders, {_HELD}, country != 'unknown')", f"count(plants, {_ALIKE})"
        ),
    )
    largest: str = col("The largest known holder: a country code or node id; empty for none.")
    largest_share: Share = col(
        "Its share of what passed the stage.",
        by=_of_holders(
            f"(max(holders.share, {_HELD}, country != 'unknown') / passed if n > 0 else 0)",
            f"max(plants.share, {_ALIKE}) / passed",
        ),
    )


def concentration(
    element: str, stage: str, by: str, by_plant: Mapping[str, float], holders: Mapping[str, str]
) -> Concentration:
    """Return the concentration of a stage.

    By plant are given the shares of the supply by the last plant of the stage that it passed, at
    most 1 together, and who holds it, ``"unknown"`` where nobody knows.

    References
    ----------
    Herfindahl (1950); Hirschman (1964), "The paternity of an index".

    Examples
    --------
    >>> found = concentration("Nd", "mine", "control", {"a": 0.5, "b": 0.5}, {"a": "X", "b": "Y"})
    >>> found.low, found.high, found.largest_share
    (0.5, 0.5, 0.5)
    """
    from supplynet.network.schema import UNKNOWN

    plants = {plant: fraction for plant, fraction in by_plant.items() if fraction > 0.0}
    passed = sum(plants.values())
    values = added((holders[plant], value / passed) for plant, value in plants.items())
    values.pop(UNKNOWN, None)
    unknown = [portion / passed for plant, portion in plants.items() if holders[plant] == UNKNOWN]
    largest = max(sorted(values), key=values.__getitem__, default="")
    low = sum(amount**2 for amount in (*values.values(), *unknown))
    one_hand = values.get(largest, 0.0) + sum(unknown)
    high = sum(part**2 for holder, part in values.items() if holder != largest) + one_hand**2
    return Concentration(
        element=element,
        stage=stage,
        by=by,
        passed=passed,
        low=low,
        high=max(low, high),
        n=len(values),
        largest=largest,
        largest_share=values.get(largest, 0.0),
    )


class StageExposure(Row):
    """Which share of the supply touched the jurisdiction at one stage, or at any."""

    element: str = col('Or ``"together"`` for the tonnes of all that were asked about.')
    lens: str = col("location or control.")
    stage: str = col("Empty for any stage.")
    supply: float = col("What the nations get in the balance.", "t/yr on the graph's basis")
    direct: Share | None = col(
        "Share whose last plant abroad is surely one of the jurisdiction at this stage; null "
        "without a supply."
    )
    direct_possibly: Share | None = col("The same if unknown owners turn out so.")
    traced: Share | None = col(
        "Share that surely passed the jurisdiction at this stage on its way from the mine."
    )
    traced_possibly: Share | None = col("The same if unknown owners turn out so.")

    def shares(self, *, is_direct: bool) -> tuple[float | None, float | None]:
        """Return what touched it surely and possibly: last of all plants abroad, or at any step."""
        if is_direct:
            return self.direct, self.direct_possibly
        return self.traced, self.traced_possibly


class Holder(Row):
    """A country's part in the supply at a stage, by the last plant of the stage that it passed."""

    element: str
    lens: str = col("location or control.")
    stage: str
    country: str = col('Country code; under the lens control perhaps ``"unknown"``.')
    share: Share = col("Of the supply.")


class Passed(Row):
    """A plant that some of the supply passed."""

    element: str
    node: str
    stage: str
    is_exposed: bool = col(
        "Whether the plant is surely of the jurisdiction, under the lens asked for."
    )
    is_possibly_exposed: bool = col("Whether it possibly is.")
    share: Share = col(
        "Of the supply that passed it. Those of several plants may add up to more than 1."
    )


class Range(Row):
    """The least and the greatest share over all balances that are as good."""

    element: str
    stage: str = col("Empty for any stage.")
    is_direct: bool = col("Whether the last plant abroad counts, and not every step.")
    least: Share | None = col(
        "The least, of plants that are surely of there; null without a supply.",
        by=answered("least", "ranges", "element stage is_direct"),
    )
    greatest: Share | None = col(
        "The greatest, of plants that possibly are.",
        by=answered("greatest", "ranges", "element stage is_direct"),
    )
    is_decided: bool = col("Whether all these balances say about the same.")


def shares_between(surely: float | None, possibly: float | None) -> str:
    """Return a share, or a range where unknown owners widen it.

    Examples
    --------
    >>> shares_between(0.25, 0.25), shares_between(0.25, 0.5)
    ('25%', '25% to 50%')
    """
    first, last = share(surely), share(possibly)
    return first if first == last else f"{first} to {last}"
