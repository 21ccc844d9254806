"""What a few nations get when all draw at once, the worst covered served first: no flows.

Rounds of fair shares end where the last need of these nations is closed, and nothing chooses among
the plans that give it: a fraction of the work of a whole balance, and the same shares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.analysis.balance.programs import run_of
from supplynet.analysis.balance.spread import at_levels, coverage_of, ends_of
from supplynet.analysis.balance.tables import deliveries, served_by
from supplynet.analysis.flow.rows import Delivery
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplynet.analysis.balance.programs import Words
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.question import Question
    from supplynet.solve.lp.starts import Starts
    from supplynet.terms import LevelName


@dataclass(frozen=True, slots=True)
class FairShare:
    """What some nations get together in one form."""

    form: str
    need: float  #: t of product per year, central figures
    served: float
    #: shares of the need with every figure at its low and at its high end, 0 to 1; both the central
    #: one where the ends were not asked for
    low: float
    high: float


def fair_shares(
    question: Question, words: Words, nations: frozenset[str], *, most_with_ends: int = 0
) -> tuple[FairShare, ...]:
    """Return what some nations get when all draw, by form in the order of the demand.

    The question is one of all nations, and the words have the objective ``fair``. Up to so many
    forms as `most_with_ends` have both ends of the data, too: twice the work more.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.balance.programs import Words
    >>> from supplynet.analysis.question import ask
    >>> net = sn.load("tutorial")
    >>> question = ask(net, to="stage:nation", counts="balance")
    >>> words = Words("fair", net.commodity.elements, "capacity", (), "", {}, None)
    >>> (row,) = fair_shares(question, words, frozenset({"MLT"}))
    >>> row.form, round(row.need), round(row.served)
    ('goods', 1200, 938)
    """
    told = replace(words, told=nations)
    central = _sums(question, told, "central")
    if not 0 < len(central) <= most_with_ends:
        return tuple(
            FairShare(form, need, served, served / need, served / need)
            for form, (need, served) in central.items()
        )
    low, high = (_sums(question, told, end.name) for end in ENDS.values())
    return tuple(
        FairShare(form, need, served, *ends_of(_share(low, form), _share(high, form)))
        for form, (need, served) in central.items()
    )


def served_by_claim(
    question: Question,
    words: Words,
    level: LevelName = "central",
    *,
    starts: Starts | None = None,
) -> tuple[Run, list[Delivery]]:
    """Return the run, and what each nation that is told gets of each product.

    `starts` is as in :func:`supplynet.analysis.balance.programs.run_of`.

    Examples
    --------
    >>> import supplynet as sn
    >>> balance = sn.allocate(sn.load("tutorial"))
    >>> _, (row,) = served_by_claim(
    ...     balance.question, replace(balance.words, told=frozenset({"MLT"})))
    >>> row.product, round(row.served)
    ('goods', 938)
    """
    run, reached = run_of(question, words, level, starts=starts)
    rows = deliveries(run.model, at_levels(run, reached.levels))
    told = words.told
    return run, [
        row for row in rows if row.coverage is not None and (not told or row.nation in told)
    ]


def coverage_by_claim(
    question: Question, words: Words, level: LevelName, *, starts: Starts | None = None
) -> dict[tuple[str, str], float]:
    """Return which part of their need the nations that are told get, by nation and form, 0 to 1.

    `starts` is as in :func:`supplynet.analysis.balance.programs.run_of`.

    Examples
    --------
    >>> import supplynet as sn
    >>> balance = sn.allocate(sn.load("tutorial"))
    >>> coverage = coverage_by_claim(balance.question, balance.words, "low")
    >>> {claim: round(part, 3) for claim, part in coverage.items()}
    {('MLT', 'goods'): 0.781, ('ISL', 'goods'): 0.781}
    """
    run, reached = run_of(question, words, level, starts=starts)
    coverage = coverage_of(run, at_levels(run, reached.levels), lambda *claim: claim)
    return {
        claim: part for claim, part in coverage.items() if not words.told or claim[0] in words.told
    }


def _sums(question: Question, words: Words, level: LevelName) -> dict[str, tuple[float, float]]:
    """Return need and served by form at one end of the data."""
    _, rows = served_by_claim(question, words, level)
    return served_by(rows, lambda row: row.form)


def _share(sums: Mapping[str, tuple[float, float]], form: str) -> float:
    """Return the share that is served of a form; all where nothing is asked for."""
    need, served = sums.get(form, (1.0, 1.0))
    return min(1.0, max(0.0, served / need))
