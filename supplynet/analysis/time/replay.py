"""A shock that happened, run again and held against what was seen: a scorecard, misses included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Unpack, cast

from supplynet.analysis.declared import Layout, Table, count, text, texts
from supplynet.analysis.question import target_nodes
from supplynet.analysis.result import Result
from supplynet.analysis.time.ask import run
from supplynet.analysis.time.months import SHORT, MonthRow
from supplynet.analysis.time.result import RunResult
from supplynet.analysis.time.shocks import named_shocks
from supplynet.analysis.words import OwnedWords, known_words, takes
from supplynet.errors import DataError, UnknownNameError
from supplynet.network.months import month_of
from supplynet.network.selector import select
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.provenance import Provenance
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Replay, Shock
    from supplynet.solve.check import Certificate


@dataclass(frozen=True, slots=True)
class Score:
    """What was seen, and what the run says.

    Parameters
    ----------
    id : str
        Of the row of the table replays.
    title : str
        What happened.
    measure : str
        What is measured.
    seen, low, high : float
        What was seen, with its ends.
    modeled : float
        inf where nobody is ever short.
    confidence : str
        Of what was seen.
    source_ids : tuple of str
        Where it was seen.
    note : str
        What a reader must know of it.
    """

    id: str
    title: str
    measure: str
    seen: float
    low: float
    high: float
    modeled: float
    confidence: str
    source_ids: tuple[str, ...]
    note: str

    @property
    def is_hit(self) -> bool:
        """Whether the run lies within the ends of what was seen."""
        return self.low <= self.modeled <= self.high


REPLAY_LAYOUT = Layout(
    name="replay",
    title="A shock that happened, held against what was seen",
    figures=(
        text("name", "The shock as a reader knows it."),
        texts("shocks", "What was held back, with its months."),
        count("n_hits", "How much of what was seen the run gives back."),
    ),
    tables=(
        Table(
            "rows",
            "What was seen, and what the run says",
            Score,
            units=dict.fromkeys(("seen", "low", "high", "modeled"), "share, months, or 1 for yes"),
            also=("is_hit",),
        ),
        Table(
            "months",
            "What is needed and served by period, nation and form",
            MonthRow,
            units=dict.fromkeys(("demand", "normal", "served"), "t of product/period"),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class ReplayResult(Result):
    """The scorecard of a shock.

    Parameters
    ----------
    name : str
        The shock as a reader knows it.
    run : RunResult
    rows : tuple of Score
        In the order of the table.
    """

    LAYOUT = REPLAY_LAYOUT

    name: str
    run: RunResult = field(repr=False)
    rows: tuple[Score, ...]

    @property
    def shocks(self) -> tuple[str, ...]:
        """What was held back, with its months."""
        return self.run.shocks

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form."""
        return self.run.months

    @property
    def certificate(self) -> Certificate:
        """Every check at its worst over all programs."""
        return self.run.certificate

    @property
    def provenance(self) -> Provenance:
        """That of the run."""
        return self.run.provenance

    @property
    def n_hits(self) -> int:
        """How much of what was seen the run gives back."""
        return sum(row.is_hit for row in self.rows)

    def summary(self) -> str:
        """Return the score in a sentence."""
        return f"{self.name}: {self.n_hits} of {len(self.rows)} observations are met."


@takes(OwnedWords, tier="firm")
def replay(
    net: SupplyNetwork,
    shock: str,
    *,
    behavior: str = "rolling",
    postponed: float = 0.0,
    time_limit: float | None = None,
    **words: Unpack[OwnedWords],
) -> ReplayResult:
    """Run a shock that happened, and hold the run against what was seen.

    Parameters
    ----------
    net : SupplyNetwork
    shock : str
        Name of a shock of the graph, of which the table replays tells what was seen. A row that
        is added to it is scored.
    behavior : {"rolling", "foresight"}
        As in :func:`supplynet.run`.

    Raises
    ------
    UnknownNameError
        If the graph has no such shock, or a place names nothing.
    DataError
        If nothing is told of what was seen.
    OptionError
        As :func:`supplynet.run`.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.
    """
    known_words(words, replay)
    known = named_shocks(net)
    if shock not in known:
        raise UnknownNameError(
            f"{net.name} has no shock {shock!r}",
            hint=did_you_mean(shock, known) or f"there are {', '.join(known) or 'none'}",
        )
    seen = [row for row in cast("tuple[Replay, ...]", net.rows("replays")) if row.shock == shock]
    if not seen:
        raise DataError(
            f"nothing is told of what was seen in {shock}", hint="add rows to replays.csv"
        )
    told: list[Shock | Replay] = [*known[shock], *seen]
    result = run(
        net,
        shock=shock,
        begin=min(row.begin for row in told),
        end=max(row.end for row in told),
        behavior=behavior,
        postponed=postponed,
        time_limit=time_limit,
        **words,
    )
    return ReplayResult(known[shock][0].name, result, tuple(_score(result, row) for row in seen))


def _score(result: RunResult, row: Replay) -> Score:
    nations = target_nodes(result.question.net, row.place)
    modeled = MEASURES[row.measure](result, row, nations)
    return Score(
        id=row.id,
        title=row.title,
        measure=row.measure,
        seen=row.value,
        low=row.value if row.value_low is None else row.value_low,
        high=row.value if row.value_high is None else row.value_high,
        modeled=modeled,
        confidence=row.confidence,
        source_ids=row.source_ids,
        note=row.note,
    )


def _within(row: Replay, result: RunResult) -> frozenset[str]:
    """Return the periods that lie in the months of an observation."""
    begin, end = month_of(row.begin), month_of(row.end)
    return frozenset(
        period.label for period in result.cut if begin <= period.begin and period.end <= end
    )


def _lost_share(result: RunResult, row: Replay, nations: frozenset[str]) -> float:
    """Part of what is served without the shock that is not, in the months of an observation."""
    labels = _within(row, result)
    counted = [
        month
        for month in result.months
        if month.nation in nations and month.form == row.form and month.period in labels
    ]
    normal = sum(month.normal for month in counted)
    return 1.0 - sum(month.served for month in counted) / normal if normal else 0.0


def _made_good(result: RunResult, row: Replay, nations: frozenset[str]) -> float:
    """Of what did not arrive, the part that is put back until the end of an observation.

    What did not arrive is what was drawn from own stocks of the form, and what was not served; what
    is put back fills stocks again, or is served on top of what is normal.
    """
    net, labels = result.question.net, _within(row, result)
    own = select(net, row.place).surely
    lines = [
        line.stock.id
        for line in result.plan.program.lines
        if line.stock.form == row.form and (line.nation in nations or line.plants & own)
    ]
    moves = [
        stock
        for stock in result.stocks
        if stock.stock in lines
        and stock.period in labels
        and (stock.nation in nations or not stock.nation)
    ]
    less = [
        month.normal - month.served
        for month in result.months
        if month.nation in nations and month.form == row.form and month.period in labels
    ]
    missing = sum(max(0.0, tonnes) for tonnes in less) + sum(stock.drawn for stock in moves)
    back = sum(max(0.0, -tonnes) for tonnes in less) + sum(stock.filled for stock in moves)
    return back / missing if missing > 0.0 else 1.0


def _survives(result: RunResult, row: Replay, nations: frozenset[str]) -> float:
    """Whole months before anybody of a place is short; inf where nobody is."""
    lasts = [
        endurance.survives
        for endurance in result.endurance
        if endurance.nation in nations
        and endurance.form == row.form
        and endurance.survives is not None
    ]
    return float(min(lasts, default=float("inf")))


def _is_short(result: RunResult, row: Replay, nations: frozenset[str]) -> float:
    """1 where anybody of a place is short in the months of an observation, else 0."""
    labels = _within(row, result)
    return float(
        any(
            month.share < SHORT
            for month in result.months
            if month.nation in nations and month.form == row.form and month.period in labels
        )
    )


#: what is measured of a run, by its word in the table replays
MEASURES: Mapping[str, Callable[[RunResult, Replay, frozenset[str]], float]] = {
    "lost_share": _lost_share,
    "made_good": _made_good,
    "survives": _survives,
    "is_short": _is_short,
}
