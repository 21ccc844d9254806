"""Stockpile: what a nation has to hold to bridge each of several shocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from supplynet.analysis.time.options import Ways, ranges
from supplynet.analysis.time.rows import (
    Cover,
    CurvePoint,
    Holding,
    ReleaseRule,
    Shorter,
)
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, page, sentence, shared
from supplynet.contract.row import col, rows
from supplynet.questions.declared import question
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.present.document import Document

_METRICS = ("days", "days_low", "days_high", "alone_days", "tonnes", "held_days")


class Query(Ways):
    """Who holds, against which shocks, and what else is worked out."""

    to: str | Iterable[str] = shared("to", said="--to WHO...")
    element: str | list[str] | None = option(
        "Elements that are reported.",
        default=None,
        kind="str or list of str",
        usual="the graph's headline elements",
        said="--element NAME...",
    )
    avoid: str | Iterable[str] | None = option(
        "Selector of what is shut in the months of `during`, as a shock of its own. A nation among "
        "it does not draw then.",
        default=None,
        kind="str or iterable of str",
        said="--avoid WHAT...",
    )
    shock: str | Iterable[str] | None = option(
        "Shocks of the graph by name, or scenarios with their months, "
        "``NAME:PARAMETER=VALUE@2026-01..2026-06``.",
        default=None,
        kind="str or iterable of str",
        usual="what is avoided, or else all of the graph, each by itself",
        said="--shock NAME...",
        example="china-full-stop@2026-01..2026-06",
    )
    during: str | None = option(
        "First and last month in which `avoid` is shut, such as ``2026-01..2026-06``.",
        default=None,
        kind="str",
        usual="the year of today",
        said="--during --months MONTHS",
        example="2026-01..2026-06",
        is_open=False,
    )
    rate: float = option(
        "What it costs to hold in a year, as a share of the value: money and store.",
        default=0.1,
        kind="float",
        said="--holding-rate SHARE",
        least=0.0,
        largest=1.0,
        is_open=False,
    )
    ranges: bool = ranges("")
    alone: bool = option(
        "Whether the gap with exclusive access is worked out, which takes a fifth of the time.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
        first=False,
    )
    every: bool = option(
        "Whether every shock is worked out. Else those are left out, and named in ``shorter``, "
        "that last fewer days than a longer one takes of every form: none of them can take more.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
        first=lambda texts: bool(texts.get("shock")),
    )


class StockpileResult(
    Answer,
    name="stockpile",
    title="What to hold to bridge each of several shocks",
    headline=(
        Lead(
            "stock",
            "days",
            "days_low",
            "days_high",
            of="{row.form}",
            table="covers",
            where=lambda result, row: row in result.hardest[:1],
        ),
    ),
):
    """What a nation or bloc has to hold to bridge each of several shocks."""

    shocks: tuple[str, ...] = col("The shocks with their months.")
    unit: str = col("Unit of what is held of an element.")
    rate: float = col("What it costs to hold, as a share of the value.", "share a year", by="asked")
    covers: tuple[Cover, ...] = rows("Days of cover of each element that bridge each shock")
    holdings: tuple[Holding, ...] = rows("What it costs to hold what bridges each shock")
    rules: tuple[ReleaseRule, ...] = rows(
        "How a stock of half the days is given out, and what is lost"
    )
    curve: tuple[CurvePoint, ...] = rows("What is lost against what is held")
    shorter: tuple[Shorter, ...] = rows(
        "Shocks that are not worked out, as none of them can be the hardest"
    )

    @property
    def hardest(self) -> tuple[Cover, ...]:
        """The longest cover of each form that any shock takes something of."""
        most: dict[str, Cover] = {}
        for row in self.covers:
            if row.days > (most[row.form].days if row.form in most else 0.0):
                most[row.form] = row
        return tuple(most.values())


@question(
    "stockpile",
    title="",
    together="",
    metrics={name: attrgetter(name) for name in _METRICS},
    is_of_all=lambda _query: True,
    judged=lambda answer: {f"{row.shock}, {row.form}, {row.element}": row for row in answer.covers},
)
def stockpile(case: Case, query: Query) -> StockpileResult:
    """How many days of each element does a nation or bloc have to hold to bridge each shock?

    Days of cover of each element, what they cost, the rule of release that loses least, and what
    is lost against what is held. With delays what is missing is reported to the month in which the
    last has come that left in the shock; what it would miss with exclusive access is reported with
    nothing on the way. The first page of the command leaves that out and, where no shock is asked
    for by name, those that are too short to be the hardest.

    Returns
    -------
    StockpileResult
        Days of cover by shock, form and element with ranges, costs, rules of release and the
        curve of what is lost against what is held.

    Raises
    ------
    UnknownNameError
        If a name names nothing.
    DataError
        If no shock is given and the graph has none.
    OptionError
        If the target is no nation or is served nothing, the rate is no share, or as
        :func:`supplynet.shock`.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import TABLES
    >>> net = sn.load("tutorial")
    >>> closed = {"change": [{"verb": "close", "nodes": "ISL:refiner"}]}
    >>> stop = sn.Scenario.from_dict(closed, name="stop")
    >>> rows = {table: net.rows(table) for table in TABLES}
    >>> net = sn.SupplyNetwork.from_rows(net.metadata, rows, scenarios={"stop": stop})
    >>> result = sn.shock.stockpile(net, to="MLT", shock="stop@2024-01..2024-03", element="Nd")
    >>> [(row.element, round(row.days)) for row in result.covers]
    [('Nd', 91)]
    """
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import joined
    from supplynet.analysis.time.advice import CENTRAL, Advice, shocks_of, solved_gaps
    from supplynet.analysis.time.evidence import Solved, stockpile_proof
    from supplynet.analysis.time.horizon import require_tables
    from supplynet.analysis.time.states import asked_of
    from supplynet.network.units import elements_of
    from supplynet.solve.check import worst

    net, to = case.net, joined(query.to)
    require_tables(net, query)
    # The central figures come first: later steps show them, and the others as their range.
    levels = [entry.name for entry in LEVELS.values() if entry.name == CENTRAL or query.ranges]
    levels.sort(key=lambda name: name != CENTRAL)
    queries = {level: asked_of(net, query, level) for level in levels}
    shocks = shocks_of(queries, query.shock, query.avoid, query.during, query)
    advice, elements = Advice(to, queries, shocks, query), elements_of(net, query.element)
    is_late = {"alone": query.alone, "every": query.every, "side_by_side": query.delays}
    at_ends, own = solved_gaps(advice, levels, elements, **is_late)
    central = at_ends[0]
    forms = advice.forms(central)
    priced = advice.priced(forms, central)
    tables = advice.advised(elements, at_ends, own, query.rate, priced)
    solved = Solved(shocks, forms, at_ends, own, advice.content, priced, query.rate)
    question = queries[CENTRAL].question(shocks[0].cut[0].year, to=to)
    names = ("rate", "ranges", "alone", "every", "gradual", "seasonal", "delays")
    return StockpileResult(
        question=question,
        shocks=tuple(part.label for each in shocks for part in each.parts),
        unit=f"t of the element, as {net.commodity.basis}",
        rate=query.rate,
        shorter=tuple(
            Shorter(
                shock.name, shock.title, str(shock.cut[0].begin), str(shock.cut[-1].end), shock.days
            )
            for index, shock in enumerate(shocks)
            if index not in central
        ),
        certificate=worst(advice.certificates),
        provenance=provenance(
            question,
            shocks=[each.name for each in shocks],
            elements=elements,
            **{name: getattr(query, name) for name in names},
            respond=list(query.respond or ()),
        ),
        evidence=partial(
            stockpile_proof, solved, tables["covers"], tables["rules"], tables["curve"]
        ),
        **tables,
    )


@sentence(StockpileResult)
def say(answer: StockpileResult) -> str:
    """Return what the hardest shock takes, and what bridges it."""
    from supplynet.questions.stockpile.page import stockpile_answer

    return stockpile_answer(answer)


@page(StockpileResult)
def as_document(answers: Sequence[StockpileResult]) -> Document:
    """Return the document of a stock adviser."""
    from supplynet.questions.stockpile.page import of_stockpile

    return of_stockpile(answers[0])
