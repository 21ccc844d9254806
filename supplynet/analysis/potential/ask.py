"""The question of a potential, checked and solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.balance.programs import Run, supply
from supplynet.analysis.flow.flow import floors_of
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.potential.evidence import bypass_proof
from supplynet.analysis.potential.programs import Plan, model_of
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import ask, headlines, joined
from supplynet.analysis.words import YearWords
from supplynet.contract.answer import Answer
from supplynet.contract.headline import COVERAGE
from supplynet.contract.row import ITS_UNIT, Row, Share, col, rows
from supplynet.errors import OptionError
from supplynet.network.tiers import Floors
from supplynet.network.units import BASKET, baskets_in, elements_of
from supplynet.solve.check import worst
from supplynet.solve.lp.engine import Starts
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.contract.headline import Headline
    from supplynet.network.network import SupplyNetwork


def potential_of(
    question: Question,
    *,
    element: str | Iterable[str] | None = None,
    time_limit: float | None = None,
    starts: Starts | None = None,
    is_settled: bool = True,
    is_by_form: bool = False,
) -> SolvedPotential:
    """Serve the target of a checked question the most that it could get with exclusive access.

    `starts` is where the same programs ended in other figures: they are quicker, and may end
    elsewhere by rounding. Without `is_settled`, whether flows are wanted, the solution is any that
    serves as much, as evenly. With `is_by_form` what is served of each form is enough: of products
    nothing is decided where that is quicker. An OptionError if the target is no nation, or asks for
    nothing; an UnboundedError if nothing limits what is taken.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> found = potential_of(ask(sn.load("tutorial"), to="MLT", avoid="ISL"))
    >>> found.coverage <= 1.0
    True
    """
    require_drawing(question)
    texts = element if element is None or isinstance(element, str) else list(element)
    elements = elements_of(question.net, texts)
    if BASKET in elements:
        raise OptionError(
            "a potential follows elements, and the basket is all of them",
            hint="leave element out for the headline elements, or write all",
        )
    plan = Plan(model_of(question), time_limit, starts or Starts())
    plan.solve(is_by_form=is_by_form)
    return SolvedPotential(
        question=question,
        asked_elements=tuple(elements),
        asked_baskets=baskets_in(question.net, texts),
        plan=plan,
        x=plan.shown() if is_settled else plan.x,
        is_by_form=is_by_form,
    )


def on_floors(question: Question, floors: Floors) -> Question:
    """Return a question on other links and plants.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> from supplynet.network.tiers import floors
    >>> on_floors(ask(sn.load("tutorial"), to="MLT"), floors(tier="operating")).plants
    'operating'
    """
    return replace(question, links=floors.links, plants=floors.plants)


def served_of(question: Question, *, closed: frozenset[str] | None = None) -> float:
    """Return the tonnes of product that the target could get in all: one certified program.

    `closed` nodes are shut in place of those that the question avoids.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> round(served_of(ask(sn.load("tutorial"), to="MLT")))
    1091
    """
    run = Run(model_of(question, closed=closed))
    return run.maximize("max_supply", supply(run.model)).objective


def require_drawing(question: Question) -> None:
    """Refuse a target that does not draw: no nation, or one that asks for nothing."""
    net = question.net
    asking = [
        nation for nation in net.nation_ids if any(row.nation == nation for row in net.demand_rows)
    ]
    if not question.targets <= frozenset(net.nation_ids):
        raise OptionError(
            f"{question.to!r} is no nation, and a potential is of what nations ask for",
            hint="use flow for the most that could reach other places",
        )
    if asking and not question.targets & set(asking):
        raise OptionError(
            f"{net.name} knows no demand of {question.to_name}",
            hint=f"it knows that of {', '.join(asking)}",
        )


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
    by={
        "carried_by.coverage": "tonnes / rows[0].demand",
        "rows.demand": "demand(asked.to, what, asked.year) if kind == 'element' else None",
    },
    document="supplynet.reports.results_potential.of_bypass_balance",
):
    """What could reach a nation or bloc without a jurisdiction, with exclusive access, by tier."""

    rows: tuple[BypassRow, ...] = rows("With everything open and without what is avoided, by tier")
    #: without what is avoided, on all links and plants that count
    answer: SolvedPotential
    #: by tier the same, and with nothing shut
    answers: Mapping[str, tuple[SolvedPotential, SolvedPotential]]

    def proof(self) -> list[Proof]:
        """Return the programs of every tier, of what carries it and of the conditions."""
        return [bypass_proof(self.answers, self)]

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

    Links and plants are the widest that are counted on; narrower tiers are reported, too.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = bypass_balance(sn.load("tutorial"), to="MLT", avoid="ISL", tier="committed")
    >>> all(row.without <= row.with_all + 1e-9 for row in found.rows)
    True
    """
    question = ask(net, to=to, avoid=avoid, **words)
    if not question.avoid:
        raise OptionError("bypass needs something to avoid", hint="for example avoid='CHN'")
    names = element if element is None or isinstance(element, str) else list(element)
    bypass_rows: list[BypassRow] = []
    certificates = []
    answers: dict[str, tuple[SolvedPotential, SolvedPotential]] = {}
    for name, counted in floors_of(question).items():
        query = on_floors(question, counted)
        answer = potential_of(query, element=names)
        is_open = answer.under("nothing_shut") or answer
        bypass_rows += _rows(answer, is_open, name)
        answers[name] = answer, is_open
        certificates += [answer.certificate_so_far, is_open.certificate_so_far]
    return BalanceBypassResult(
        question=question,
        rows=tuple(bypass_rows),
        answer=answer,
        certificate=worst(certificates),
        provenance=provenance(question, model="balance", element=names and joined(names)),
        answers=answers,
    )


def _rows(potential: SolvedPotential, is_open: SolvedPotential, tier: str) -> list[BypassRow]:
    """Return the rows of one tier: forms first, then elements."""
    question = potential.question
    common: dict[str, Any] = {"tier": tier, "links": question.links, "plants": question.plants}
    totals = {row.form: row.served for row in is_open.forms}
    bypass_rows = [
        BypassRow(
            kind="form",
            what=row.form,
            title=row.title,
            unit="t of product/yr",
            demand=row.need,
            with_all=max(row.served, totals[row.form]),
            without=row.served,
            low=row.low,
            high=row.high,
            coverage=row.coverage,
            coverage_low=row.coverage_low,
            coverage_high=row.coverage_high,
            **common,
        )
        for row in potential.forms
    ]
    alone = {row.element: row.within for row in is_open.elements}
    bypass_rows += [
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
        for row in potential.elements
    ]
    return bypass_rows
