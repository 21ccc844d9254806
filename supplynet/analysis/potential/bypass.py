"""The bypass by the balance: what could arrive without a jurisdiction, tier by tier.

As :func:`supplynet.bypass`, with every loss, shared plant and recipe as it is, and without its ways
and countries: those of a plan are told by :mod:`supplynet.analysis.potential.ways`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.flow.tiers import floors_of
from supplynet.analysis.losses import CARRIED_BY
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.potential.evidence import bypass_proof
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import YearWords, known_words, takes
from supplynet.contract.declared import ITS_UNIT, Layout, Table, text
from supplynet.contract.headline import COVERAGE
from supplynet.contract.result import Result
from supplynet.errors import OptionError
from supplynet.solve.check import worst
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.losses import Carrier
    from supplynet.analysis.potential.result import PotentialResult
    from supplynet.analysis.proofs import Proof
    from supplynet.contract.headline import Headline
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import Certificate


@dataclass(frozen=True, slots=True)
class BypassRow:
    """What could arrive of one thing with everything open and without what is avoided.

    Parameters
    ----------
    kind : {"form", "element"}
    what, title : str
        Form or element, and as a reader knows it.
    tier, links, plants : str
    unit : str
    demand : float or None
    with_all, without : float
        Per year, at most what is needed; of an element, if it alone counted.
    low, high : float
        ``without`` at the low and the high end of the data.
    coverage : float or None
        ``without`` over the demand; None where no demand is known.
    coverage_low, coverage_high : float or None
        Its ends, of a form.
    """

    kind: str
    what: str
    title: str
    tier: str
    links: str
    plants: str
    unit: str
    demand: float | None
    with_all: float
    without: float
    low: float
    high: float
    coverage: float | None
    coverage_low: float | None = None
    coverage_high: float | None = None


BALANCE_BYPASS_LAYOUT = Layout(
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
    document="supplynet.reports.results_potential.of_bypass_balance",
    figures=(text("model", "How it is worked out: balance."),),
    tables=(
        Table(
            "rows",
            "With everything open and without what is avoided, by tier",
            BypassRow,
            units=dict.fromkeys(("demand", "with_all", "without", "low", "high"), ITS_UNIT),
        ),
        CARRIED_BY,
    ),
)


@dataclass(frozen=True, eq=False)
class BalanceBypassResult(Result):
    """What could reach a nation or bloc without a jurisdiction, if it alone drew, by tier.

    Parameters
    ----------
    question : Question
    rows : tuple of BypassRow
    answer : PotentialResult
        Without what is avoided, on all links and plants that count.
    certificate : Certificate
        Every check at its worst over all programs.
    provenance : Provenance
    evidence : callable or None
        Writes the proof, when it is asked for.
    """

    LAYOUT = BALANCE_BYPASS_LAYOUT

    question: Question
    rows: tuple[BypassRow, ...]
    answer: PotentialResult = field(repr=False)
    certificate: Certificate
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def model(self) -> str:
        """How it is worked out."""
        return "balance"

    @property
    def carried_by(self) -> tuple[Carrier, ...]:
        """The three rows without which the coverage of the first form falls most."""
        return self.answer.carried_by

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        return self.answer.conditions

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


@takes(YearWords)
def bypass_balance(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    **words: Unpack[YearWords],
) -> BalanceBypassResult:
    """What could still reach a nation when a jurisdiction is avoided, by the balance?

    Links and plants are the widest that are counted on; narrower tiers are told, too.

    Parameters
    ----------
    net : SupplyNetwork
    element : str or iterable of str, optional
        Elements that are told apart; default: the graph's headline elements.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed, or nothing is avoided.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.bypass_balance(sn.load("tutorial"), to="MLT", avoid="ISL", tier="building")
    >>> all(row.without <= row.with_all + 1e-9 for row in found.rows)
    True
    """
    known_words(words, bypass_balance)
    question = ask(net, to=to, avoid=avoid, **words)
    if not question.avoid:
        raise OptionError("bypass needs something to avoid", hint="for example avoid='CHN'")
    names = element if element is None or isinstance(element, str) else list(element)
    rows: list[BypassRow] = []
    certificates = []
    answers: dict[str, tuple[PotentialResult, PotentialResult]] = {}
    for name, counted in floors_of(question).items():
        asked = on_floors(question, counted)
        answer = potential_of(asked, element=names)
        is_open = answer.under("nothing_shut") or answer
        rows += _rows(answer, is_open, name)
        answers[name] = answer, is_open
        certificates += [answer.certificate_so_far, is_open.certificate_so_far]
    return BalanceBypassResult(
        question,
        tuple(rows),
        answer,
        worst(certificates),
        provenance(question, model="balance"),
        evidence=partial(bypass_proof, answers, rows),
    )


def _rows(found: PotentialResult, is_open: PotentialResult, tier: str) -> list[BypassRow]:
    """Return the rows of one tier: forms first, then elements."""
    asked = found.question
    common: dict[str, Any] = {"tier": tier, "links": asked.links, "plants": asked.plants}
    whole = {row.form: row.served for row in is_open.forms}
    rows = [
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
    rows += [
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
    return rows
