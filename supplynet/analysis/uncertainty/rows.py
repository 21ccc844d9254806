"""What a study of draws is asked by, and the rows that it states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from supplynet.contract.query import Jobs, Setting, option, shared
from supplynet.contract.row import ITS_UNIT, Row, Share, Year, col
from supplynet.terms import DRAWN, SPREADS
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.network.scenario.scenario import ScenarioLike

    #: by name what is applied, None for nothing
    Strands: TypeAlias = Mapping[str, ScenarioLike | Iterable[ScenarioLike] | None]

#: draws at the most, and how well P10 and P90 must be known to stop before
DRAWS, UNTIL = 4096, 0.01
#: coverages whose chance is reported where none are asked for
LEAST = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)


def _is_brief(options: Mapping[str, Any]) -> bool:
    """Whether a first page may be of few draws: who says how many, or by whom, has time."""
    is_long = any(options.get(name) for name in ("draws", "folder", "executor"))
    return not is_long and options.get("workers", 1) == 1 and options.get("until", UNTIL) == UNTIL


class Shared(Setting):
    """Of whom it is asked, and under which scenarios and years that share their draws."""

    to: str | Iterable[str] = shared("to", said="--to WHO...")
    element: str | Iterable[str] | None = option(
        "Elements of flow, bypass, chokepoints and interdict.",
        default=None,
        kind="str or iterable of str",
        usual="the graph's headline elements",
        said="--element NAME...",
    )
    avoid: str | Iterable[str] | None = shared("avoid", said="--avoid WHAT...")
    year: int | Iterable[int] | None = option(
        "Years, which share their draws; sentences are about the first.",
        default=None,
        kind="int or iterable of int",
        usual=PARAMETERS["year"].usual,
        said="--year YEARS...",
        is_apart=True,
    )
    scenario: Strands | ScenarioLike | Iterable[ScenarioLike] | None = option(
        "Changes to apply first: scenarios of the graph or TOML files; or by name several that "
        "share all draws, None for nothing.",
        default=None,
        kind="str, path, Scenario, several, or mapping of str to these",
    )
    against: ScenarioLike | None = option(
        "What the scenario is set against, draw by draw: another scenario, or base for none.",
        default=None,
        kind="str, path or Scenario",
        said="--against base|NAME|FILE",
        example="base",
        is_open=False,
    )


class Query(Jobs, Shared):
    """What is asked of every draw, of how many, and by whom it is worked out."""

    of: str = option(
        "What is asked of every draw. A potential, or a balance of all nations together, is one "
        "program whose figures change from draw to draw; anything else is asked of the graph of "
        "each draw, which takes longer.",
        default="potential",
        words=DRAWN,
    )
    shock: str | Iterable[str] | None = option(
        "Shocks that are survived, with survive.",
        default=None,
        kind="str or iterable of str",
        said="--shock NAME...",
        example="full-stop-6",
        is_open=False,
    )
    draws: int | None = option(
        "Draws at the most, rounded up to whole batches of 256; fewer are one batch of the next "
        "power of two, 32 at least, but 256 of a program that a folder keeps.",
        default=None,
        kind="int",
        usual=f"{DRAWS}; on the first page of the terminal 256, or 32 of what is asked of the "
        "graph of each draw, if nothing else is said of how many or of who works them out",
        said="--draws N",
        least=1,
        most=DRAWS,
    )
    until: float | None = option(
        "Stop before, once P10 and P90 of the first figure are known to this part of their median, "
        "at 95 %; in Python None draws all.",
        default=UNTIL,
        kind="float",
        said="--until SHARE",
        is_open=False,
    )
    seed: int = option(
        "The same seed gives the same draws, whoever works them out.",
        default=0,
        kind="int",
        said="--seed N",
        is_open=False,
    )
    method: str = option(
        "How draws are spread: Latin hypercubes, scrambled Sobol points or plain random numbers. "
        "Sobol points are the more even for a few dozen inputs; of hundreds, a batch has pairs "
        "that go together.",
        default="lhs",
        words=SPREADS,
        is_open=False,
    )
    policy: bool = option(
        "Whether controls of the table uncertainty are drawn, too.",
        default=False,
        kind="bool",
        said="--policy/--no-policy",
        is_open=False,
    )
    least: Iterable[float] = option(
        "Coverages whose chance is reported.",
        default=LEAST,
        kind="iterable of float",
        usual="0.01 to 1 in seven steps",
        said="--reach SHARE...",
        is_open=False,
    )
    options: Mapping[str, Any] | None = option(
        'Further words of the analysis that is asked of every draw, such as ``{"k": 1}``.',
        default=None,
        kind="mapping of str to object",
        in_command=False,
        is_open=False,
    )
    drivers: bool = option(
        "Whether what drives the spread is worked out, and what would narrow it if it were known.",
        default=True,
        kind="bool",
        in_command=False,
        is_open=False,
    )
    brief: bool = option(
        "Whether a first answer of few draws is enough, where none are asked for.",
        default=False,
        unsaid=True,
        kind="bool",
        in_command=False,
        is_open=False,
        first=_is_brief,
    )


class Spread(Row):
    """What draws say of a figure, each number with its standard error."""

    mean: float = col("Of all draws.", ITS_UNIT)
    p5: float = col("What 5 % of the draws do not pass.", ITS_UNIT)
    p10: float = col("What 10 % of the draws do not pass.", ITS_UNIT)
    p50: float = col("What half of the draws do not pass.", ITS_UNIT)
    p90: float = col("What 90 % of the draws do not pass.", ITS_UNIT)
    p95: float = col("What 95 % of the draws do not pass.", ITS_UNIT)
    worst_tenth: float = col("Mean of the lowest tenth of the draws: what is at risk.", ITS_UNIT)
    mean_se: float | None = col(unit=ITS_UNIT)
    p5_se: float | None = col(unit=ITS_UNIT)
    p10_se: float | None = col(unit=ITS_UNIT)
    p50_se: float | None = col(unit=ITS_UNIT)
    p90_se: float | None = col(unit=ITS_UNIT)
    p95_se: float | None = col(unit=ITS_UNIT)
    worst_tenth_se: float | None = col(unit=ITS_UNIT)
    precision: float | None = col(
        "How well P10 and P90 are known: the wider 95 % half-interval over the median.",
        "share of the median",
    )


class OfDraws(Row):
    """What a row of a study is about."""

    scenario: str = col("Name of the scenario, base for none.", head="Scenario")
    nation: str = col("As it was asked for.")
    product: str = col("Id of the form or product; empty for all.")
    element: str = col("Id of the element; empty for all.")
    subject: str = col("Plant, country or index that it is about; empty for none.")
    year: Year = col(head="Year", by="names")


class FigureRow(Spread, OfDraws):
    """A figure of a study: what the central figures give, and what the draws say."""

    figure: str = col("What it is: coverage, or what is served.")
    unit: str = col("Of the figure.")
    central: float = col("With every figure at its central value, and nothing stopped.", ITS_UNIT)


class ChanceRow(OfDraws):
    """The chance that a coverage reaches a value."""

    least: Share = col("The coverage, 0 to 1.", by="names")
    chance: Share = col("Share of the draws that reach it.")
    chance_se: Share | None


class DifferenceRow(OfDraws):
    """What a scenario changes, draw by draw, against the first."""

    against: str = col("The scenario that it is set against.")
    figure: str = col("What it is: coverage, or what is served.", head="Figure")
    unit: str = col("Of the figure.")
    mean: float = col("Of all draws.", ITS_UNIT)
    p50: float = col("What half of the draws do not pass.", ITS_UNIT, head="Middle (P50)")
    p10: float = col("What 10 % of the draws do not pass.", ITS_UNIT, head="P10 to P90")
    p90: float = col("What 90 % of the draws do not pass.", ITS_UNIT)
    mean_se: float | None = col(unit=ITS_UNIT)
    lower_share: Share = col("Of draws in which the scenario has less.", head="Lower in")
    higher_share: Share = col("Of draws in which the scenario has more.", head="Higher in")


class DriverRow(Row):
    """What an input does to the headline: a bar of the tornado."""

    year: Year = col(head="Year")
    name: str = col(head="Drawn")
    kind: str = col(
        "A figure of the graph, a cause that several share, or what stops plants or makes them "
        "late."
    )
    table: str = col("Table of the figure; empty where it is none.")
    row: int = col("Row in its file, the head being row 1; 0 where it is no figure.")
    confidence: str = col("Of the figure; empty where it is none.", head="Known how")
    first_share: Share = col(
        "Of the variance: what is the input's alone.", head="Of the spread, alone"
    )
    total_share: Share | None = col(
        "Of the variance: what it has a part in; null where it was too small to be fitted.",
        head="In all",
        none="below what is seen",
    )
    low: float = col(
        "Mean of the headline in the lowest tenth of the input.",
        ITS_UNIT,
        head="At its lowest tenth",
    )
    high: float = col("The same in the highest tenth.", ITS_UNIT, head="At its highest tenth")


class WorthRow(Row):
    """A row of the graph that would narrow the headline if it were looked up."""

    year: Year = col(head="Year")
    name: str = col(head="Figure")
    table: str = col("Its table.", head="Where it stands")
    row: int = col("Row in its file, the head being row 1.")
    confidence: str = col("How well it is known.", head="Known how")
    narrows_share: Share = col(
        "Part of the width from P10 to P90 that knowing it takes away, on average.",
        head="Narrows P10 to P90 by",
    )


class StabilityRow(Row):
    """How firmly a plant or country holds its rank among the chokepoints."""

    scenario: str = col("Name of the scenario, base for none.")
    year: int
    subject: str = col("Id of the plant, country or owner.", head="If this is lost")
    element: str = col(head="Element")
    rank: int = col("With the central figures; 1 for the largest loss.", head="Rank", none="-")
    rank_low: int = col("That 1 in 10 draws does not pass.", head="P10 to P90 of it")
    rank_high: int = col("That 9 in 10 draws do not pass.")
    top_share: Share = col("Of the draws in which it comes first.", head="First in")
    top_three_share: Share = col(
        "Of the draws in which it is among the first three.", head="Of the first three in"
    )
