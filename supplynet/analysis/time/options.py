"""What questions through time are asked by: which shock, how a run goes, and what is begun."""

from __future__ import annotations

from collections.abc import Iterable

from supplynet.contract.query import Setting, option, shared
from supplynet.terms import BEHAVIORS, PERIODS


class Solved(Setting):
    """What is solved within some seconds a program."""

    time_limit: float | None = shared("time_limit", is_open=False)


class Ways(Solved):
    """What is assumed of plants, seasons, goods on the way, and what is begun."""

    gradual: bool = shared("gradual")
    seasonal: bool = shared("seasonal")
    delays: bool = shared("delays")
    respond: Iterable[str] | None = shared(
        "respond", said="--respond IDS...", example="heavy-free-auxiliary"
    )


class Through(Ways):
    """The shocks, the months that are shown, and how a run goes through them."""

    avoid: str | Iterable[str] | None = option(
        "Selector of what is shut in the months of `during`. A nation among it does not draw then.",
        default=None,
        kind="str or iterable of str",
        said="--avoid WHAT...",
    )
    shock: str | Iterable[str] | None = option(
        "Shocks of the graph by name, or scenarios with their months, "
        "``NAME:PARAMETER=VALUE@2026-01..2026-06``.",
        default=None,
        kind="str or iterable of str",
        said="--shock NAME...",
        example="china-full-stop@2026-01..2026-06",
    )
    during: str | None = option(
        "First and last month in which `avoid` is shut, such as ``2026-01..2026-06``.",
        default=None,
        kind="str",
        usual="the whole horizon",
        said="--during --months MONTHS",
        example="2026-01..2026-06",
        is_open=False,
    )
    begin: str | None = option(
        "First month of the horizon.",
        default=None,
        kind="str",
        usual="the first of the shocks; without shocks January of the year of today, or of one "
        "in which scenarios act",
        said="--begin MONTH",
        example="2026-01",
        is_open=False,
    )
    end: str | None = option(
        "Last month of the horizon.",
        default=None,
        kind="str",
        usual="half a year after the shocks; without shocks that of a year",
        said="--end MONTH",
        example="2026-12",
        is_open=False,
    )
    by: str = option("How long a period is.", default="month", words=PERIODS, is_open=False)
    behavior: str = option(
        "rolling: each period is decided with what is known in it. foresight: one program over "
        "the horizon, the best that could be done by who knew all of it.",
        default="rolling",
        words=BEHAVIORS,
    )
    lead: int = shared("lead", said="--lead MONTHS", least=0, largest=12, is_open=False)
    anticipation: float = shared(
        "anticipation", said="--anticipation PART", least=0.0, largest=1.0, is_open=False
    )
    postponed: float = shared(
        "postponed", said="--postponed PART", least=0.0, largest=1.0, is_open=False
    )


def ranges(taken: str) -> bool:
    """Declare whether all is worked out at the ends of the data too; `taken` says what else is."""
    value: bool = option(
        f"Whether all is worked out with all figures at their low and their high end too.{taken}",
        default=True,
        kind="bool",
        usual="of commands with --full, in files and for --fail-on, but not with --delays, where "
        "it takes minutes",
        is_open=False,
        first=False,
    )
    return value
