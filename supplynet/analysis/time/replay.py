"""A shock that happened, run again and held against what was seen: a scorecard, misses included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Unpack, cast

from supplynet.analysis.time.ask import run
from supplynet.analysis.time.months import MonthRow
from supplynet.analysis.time.result import RunResult
from supplynet.analysis.time.seen import MEASURES, starts_of
from supplynet.analysis.time.shocks import named_shocks
from supplynet.analysis.time.states import asked_of, normal_of
from supplynet.analysis.words import OwnedWords, known_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, col, rows
from supplynet.errors import DataError, UnknownNameError
from supplynet.network.checks.tables import ranges
from supplynet.network.checks.time import replays
from supplynet.network.months import month_of
from supplynet.network.problems import raise_problems
from supplynet.network.scenario.rows import with_free_contents
from supplynet.network.schema import TABLES
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Replay, Shock, Stock

#: by how much a run may miss an end, of it: the rounding of its programs
_ROUNDED = 1e-6
_MEASURED = "share, months, place, tonnes, or 1 for yes"


class Score(Row):
    """What was seen, and what the run says."""

    id: str = col("Of the row of the table replays.")
    title: str = col("What happened.", head="What happened")
    measure: str = col("What is measured, a word of the table replays.")
    seen: float = col("What was seen.", _MEASURED, head="Seen")
    low: float = col("Its low end.", _MEASURED)
    high: float = col("Its high end.", _MEASURED)
    modeled: float = col(
        "What the run says; inf where nobody is ever short.", _MEASURED, head="The run"
    )
    is_hit: bool = col("Whether the run lies within the ends of what was seen.", head="Score")
    confidence: str = col("Of what was seen.", head="Known")
    source_ids: tuple[str, ...] = col("Where it was seen.")
    note: str
    fitted: tuple[str, ...] = col(
        "Rows of the graph that were set by it, with their table; empty where it is a test."
    )


class ReplayResult(
    Answer,
    name="replay",
    title="A shock that happened, held against what was seen",
    headline=(Lead("observations met", "n_hits"),),
    also=("shocks", "tier", "year", "n_hits", "n_fitted", "n_fitted_hits", "months"),
    document="supplynet.reports.results_risks.of_replay",
):
    """The scorecard of a shock."""

    name: str = col("The shock as a reader knows it.")
    run: RunResult = field(repr=False)
    rows: tuple[Score, ...] = rows("What was seen, and what the run says")
    left_out: tuple[str, ...] = col("What plants made without the shock, where it is not scored.")

    @property
    def tier(self) -> str:
        """Links and plants that count."""
        return self.run.question.tier

    @property
    def year(self) -> int:
        """Year of the network that the shock is run on."""
        return self.run.question.year

    @property
    def shocks(self) -> tuple[str, ...]:
        """What was held back, with its months."""
        return self.run.shocks

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """What is needed and served by period, nation and form."""
        return self.run.months

    @property
    def n_hits(self) -> int:
        """How much of what was seen the run gives back."""
        return sum(row.is_hit for row in self.rows)

    @property
    def n_fitted(self) -> int:
        """How much of what was seen rows of the graph were set by."""
        return sum(bool(row.fitted) for row in self.rows)

    @property
    def n_fitted_hits(self) -> int:
        """How much of that the run gives back: no test of it."""
        return sum(bool(row.fitted) and row.is_hit for row in self.rows)

    @property
    def verdict(self) -> str:
        """How much is met, what was fitted to it apart."""
        are = "is" if self.n_hits == 1 else "are"
        text = f"{self.n_hits} of {len(self.rows)} observations {are} met"
        if not self.n_fitted:
            return text
        rest = len(self.rows) - self.n_fitted
        return (
            f"{text}, of which {self.n_fitted_hits} were fitted to; of the {rest} that nothing was "
            f"fitted to {self.n_hits - self.n_fitted_hits} are met"
        )

    def proof(self) -> list[Proof]:
        """Return what the run carries for the months that are told."""
        return [
            {
                **proof,
                "figures": [one for one in proof["figures"] if one["table"] == "months"],
                "open": [*proof["open"], "what was seen, and how the run scores by it"],
            }
            for proof in self.run.proof()
        ]

    def summary(self) -> str:
        """Return the score in a sentence."""
        return f"{self.name}: {self.verdict}."


@takes(OwnedWords)
def replay(
    net: SupplyNetwork,
    shock: str,
    *,
    behavior: str = "rolling",
    postponed: float = 0.0,
    every: bool = True,
    time_limit: float | None = None,
    **words: Unpack[OwnedWords],
) -> ReplayResult:
    """Run a shock that happened, and hold the run against what was seen.

    What a maker put into a use then is not known, and free between the ends of the use.

    Parameters
    ----------
    net : SupplyNetwork
    shock : str
        Name of a shock of the graph, of which the table replays tells what was seen. A row that
        is added to it is scored.
    behavior : {"rolling", "foresight"}
        As in :func:`supplynet.shock`.
    every : bool
        Whether what plants made without the shock is scored too, which takes a year without it for
        each of its quarters. It is scored, too, where nothing else was seen.

    Raises
    ------
    UnknownNameError
        If the graph has no such shock, or a place names nothing.
    DataError
        If nothing is told of what was seen, or a row of it cannot be scored.
    OptionError
        As :func:`supplynet.shock`.
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
    crossed = [problem for problem in ranges(net) if problem.file == "replays.csv"]
    raise_problems([*replays(net), *crossed], DataError, what=f"network {net.name}")
    net = with_free_contents(net)
    told: list[Shock | Replay] = [*known[shock], *(row for row in seen if row.measure != "output")]
    begin = month_of(min(row.begin for row in told))
    # the year of the run first, from which quarters of what was made in it go on
    asked = asked_of(net, words, time_limit=time_limit)
    normal_of(asked, begin.year, starts_of(asked.question(begin.year).net, begin.year))
    result = run(
        net,
        shock=shock,
        # The horizon holds the shock and all that was seen of it, before and after.
        begin=str(begin),
        end=max(row.end for row in told),
        behavior=behavior,
        postponed=postponed,
        time_limit=time_limit,
        **words,
    )
    # by their dates: those of much the same plants go on from each other
    scored = seen if every else [row for row in seen if row.measure != "output"] or seen
    fitted = _fitted(net)
    scores = {
        row.id: _score(result, row, fitted.get(row.id, ()))
        for row in sorted(scored, key=lambda row: row.begin)
    }
    return ReplayResult(
        question=result.question,
        name=known[shock][0].name,
        run=result,
        rows=tuple(scores[row.id] for row in scored),
        left_out=tuple(row.title for row in seen if row.id not in scores),
        certificate=result.certificate,
        provenance=result.provenance,
    )


def _fitted(net: SupplyNetwork) -> Mapping[str, tuple[str, ...]]:
    """Return the rows that were set by what was seen, by its id."""
    known: dict[str, tuple[str, ...]] = {}
    for table, model in TABLES.items():
        for row in net.rows(table) if "fitted_to" in model.model_fields else ():
            words = [table, *(str(getattr(row, column)) for column in model.key)]
            for seen in cast("Stock", row).fitted_to:
                known[seen] = (*known.get(seen, ()), " ".join(words))
    return known


def _score(result: RunResult, row: Replay, fitted: tuple[str, ...]) -> Score:
    modeled = MEASURES[row.measure](result, row)
    low = row.value if row.value_low is None else row.value_low
    high = row.value if row.value_high is None else row.value_high
    room = _ROUNDED * max(1.0, high)
    return Score(
        id=row.id,
        title=row.title,
        measure=row.measure,
        seen=row.value,
        low=low,
        high=high,
        modeled=modeled,
        confidence=row.confidence,
        source_ids=row.source_ids,
        note=row.note,
        fitted=fitted,
        is_hit=low - room <= modeled <= high + room,
    )
