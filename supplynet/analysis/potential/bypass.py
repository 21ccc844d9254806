"""The bypass by the balance: what could arrive without a jurisdiction, tier by tier.

As :func:`supplynet.bypass`, with every loss, shared plant and recipe as it is, and without its ways
and countries: those of a plan are told by :mod:`supplynet.analysis.potential.ways`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.flow.flow import floors_of
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.potential.evidence import bypass_proof
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import ask, headlines
from supplynet.analysis.words import YearWords
from supplynet.contract.answer import Answer
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import COVERAGE
from supplynet.contract.row import Row, Share, col, rows
from supplynet.errors import OptionError
from supplynet.solve.check import worst
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.contract.headline import Headline
    from supplynet.network.network import SupplyNetwork


class BypassRow(Row):
    """What could arrive of one thing with everything open and without what is avoided."""

    kind: str = col("A form or an element.")
    what: str = col("Form or element.")
    title: str = col("As a reader knows it.")
    tier: str = col("Name of the tier of links and plants.")
    links: str = col("Weakest standing of the links that count.")
    plants: str = col("Furthest from running that a plant may be that counts.")
    unit: str = col("Unit of the figures beside it.")
    demand: float | None = col("What is needed.", ITS_UNIT)
    with_all: float = col(
        "Per year with everything open, at most what is needed; of an element, if it alone "
        "counted.",
        ITS_UNIT,
    )
    without: float = col("The same without what is avoided.", ITS_UNIT)
    low: float = col("``without`` at the low end of the data.", ITS_UNIT)
    high: float = col("``without`` at the high end of the data.", ITS_UNIT)
    coverage: Share | None = col("``without`` over the demand; None where no demand is known.")
    coverage_low: Share | None = col("Its low end, of a form.", default=None)
    coverage_high: Share | None = col("Its high end, of a form.", default=None)


class BalanceBypassResult(
    Answer,
    name="bypass_balance",
    title="What could reach a nation or bloc without a jurisdiction, by the balance",
    headline=(
        replace(
            COVERAGE,
            of="{row.what}",
            where=lambda result, row: row.tier == result.question.tier,
        ),
    ),
    has_conditions=True,
    also=("model", "carried_by"),
    document="supplynet.reports.results_potential.of_bypass_balance",
):
    """What could reach a nation or bloc without a jurisdiction, if it alone drew, by tier."""

    rows: tuple[BypassRow, ...] = rows("With everything open and without what is avoided, by tier")
    #: without what is avoided, on all links and plants that count
    answer: SolvedPotential = field(repr=False)

    @property
    def model(self) -> str:
        """How it is worked out: balance."""
        return "balance"

    @property
    def carried_by(self) -> tuple[Carrier, ...]:
        """Rows without which the headline falls most, each by itself."""
        return self.answer.carried_by

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        form = next(iter(self.answer.form_figures), "")
        return headlines(self.answer.coverages, form, self.headline)

    def summary(self) -> str:
        """Return a sentence a form and tier."""
        head = f"Without {self.question.avoid_name}, {self.question.year}, {self.question.to_name}"
        parts = [
            f"{head}, {row.tier}: {tonnes(row.without)} of {tonnes(row.demand)} {row.unit} of "
            f"{row.title[:1].lower()}{row.title[1:]} ({share(row.coverage)}), "
            f"{tonnes(row.with_all)} with everything open."
            for row in self.rows
            if row.kind == "form"
        ]
        return "\n".join(parts)


def bypass_balance(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    **words: Unpack[YearWords],
) -> BalanceBypassResult:
    """Return what could still reach a nation when a jurisdiction is avoided, by the balance.

    Links and plants are the widest that are counted on; narrower tiers are told, too.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = bypass_balance(sn.load("tutorial"), to="MLT", avoid="ISL", tier="building")
    >>> all(row.without <= row.with_all + 1e-9 for row in found.rows)
    True
    """
    question = ask(net, to=to, avoid=avoid, **words)
    if not question.avoid:
        raise OptionError("bypass needs something to avoid", hint="for example avoid='CHN'")
    names = element if element is None or isinstance(element, str) else list(element)
    told: list[BypassRow] = []
    certificates = []
    answers: dict[str, tuple[SolvedPotential, SolvedPotential]] = {}
    for name, counted in floors_of(question).items():
        asked = on_floors(question, counted)
        answer = potential_of(asked, element=names)
        is_open = answer.under("nothing_shut") or answer
        told += _rows(answer, is_open, name)
        answers[name] = answer, is_open
        certificates += [answer.certificate_so_far, is_open.certificate_so_far]
    return BalanceBypassResult(
        question=question,
        rows=tuple(told),
        answer=answer,
        certificate=worst(certificates),
        provenance=provenance(question, model="balance"),
        evidence=partial(bypass_proof, answers, told),
    )


def _rows(found: SolvedPotential, is_open: SolvedPotential, tier: str) -> list[BypassRow]:
    """Return the rows of one tier: forms first, then elements."""
    asked = found.question
    common: dict[str, Any] = {"tier": tier, "links": asked.links, "plants": asked.plants}
    whole = {row.form: row.served for row in is_open.forms}
    told = [
        BypassRow(
            kind="form",
            what=row.form,
            title=row.title,
            unit="t of product/yr",
            demand=row.need,
            with_all=max(row.served, whole[row.form]),
            without=row.served,
            low=row.low,
            high=row.high,
            coverage=row.coverage,
            coverage_low=row.coverage_low,
            coverage_high=row.coverage_high,
            **common,
        )
        for row in found.forms
    ]
    alone = {row.element: row.within for row in is_open.elements}
    told += [
        BypassRow(
            kind="element",
            what=row.element,
            title=row.element,
            unit=row.unit,
            demand=row.need,
            with_all=max(row.within, alone[row.element]),
            without=row.within,
            low=row.low,
            high=row.high,
            coverage=row.coverage,
            **common,
        )
        for row in found.elements
    ]
    return told
