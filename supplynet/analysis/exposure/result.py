"""What an exposure answers: how much of a nation's supply touched a jurisdiction, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.evidence import balance_proof
from supplynet.analysis.balance.summary import CONTESTED
from supplynet.analysis.exposure.ranges import Span, spans
from supplynet.analysis.exposure.study import ANY, Asked, Study
from supplynet.analysis.exposure.tables import (
    TOGETHER,
    Concentration,
    Holder,
    Passed,
    StageExposure,
    shares_between,
    trace_proof,
)
from supplynet.analysis.question import selector_name, selector_names, target_name
from supplynet.analysis.undecided import is_decided, not_decided
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import (
    CERTIFICATES,
    NUMBER,
    QUESTION,
    TEXT,
    TEXTS,
    array_of,
    record,
)
from supplynet.contract.row import rows
from supplynet.network.demand import unplaced_rows
from supplynet.solve.check import Certificate
from supplynet.terms import MEASURED
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.proofs import Proof
    from supplynet.network.schema import Baseline


class ExposureResult(
    Answer,
    name="exposure",
    title="Which share of a nation's supply touched a jurisdiction",
    headline=(
        Lead(
            "exposure",
            "traced",
            "traced",
            "traced_possibly",
            of="{row.element}",
            table="stages",
            where=lambda result, row: (row.lens, row.stage) == (result.lens, ANY),
        ),
    ),
    also=("meaning", "objective", "basis"),
    nested={
        "question": record(
            {
                **QUESTION["properties"],
                "exposed_to": TEXT,
                "elements": TEXTS,
                "products": TEXTS,
                "within": NUMBER,
            }
        ),
        "certificates": CERTIFICATES,
        "unplaced": array_of(record({"plant": TEXT, "element": TEXT, "tonnes": NUMBER})),
    },
    document="supplynet.reports.results_exposure.of_exposure",
):
    """The exposure of a nation's supply in a contested balance.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.trace(sn.load("tutorial"), to="MLT", exposed_to="ISL", element="Nd")
    >>> found.elements, found.lens, all(one.ok for one in found.certificates.values())
    (('Nd',), 'location', True)
    """

    balance: BalanceResult = field(repr=False)  #: the balance that it was traced through
    to: str  #: selector as it was asked
    exposed_to: str  #: the same
    lens: str  #: the lens that the answer leads with; `stages` hold both
    elements: tuple[str, ...]
    #: products whose supply is meant, or elements where the graph knows no demand
    products: tuple[str, ...] = field(repr=False)
    within: float  #: part of what the balance reached that the ranges may give up
    stages: tuple[StageExposure, ...] = rows("Shares by element, lens and stage")
    holders: tuple[Holder, ...] = rows("Countries' parts of the supply by stage")
    plants: tuple[Passed, ...] = rows("Plants that some of the supply passed")
    concentrations: tuple[Concentration, ...] = rows(
        "How few hold what passed a stage", name="concentration"
    )
    certificates: Mapping[str, Certificate] = field(repr=False)  #: of the trace of each element
    asked: Asked = field(repr=False)
    studies: tuple[Study, ...] = field(repr=False)

    @property
    def meaning(self) -> str:
        """What the figures count."""
        which = "measured" if self.is_measured else "contested"
        return f"share of a {which} supply, traced by proportional mixing"

    @property
    def objective(self) -> str:
        """By which rule the balance was shared out, or measured."""
        return self.balance.objective

    @property
    def basis(self) -> str:
        """Whether plants count with what they could make or with what they made."""
        return self.balance.basis

    @property
    def known_ranges(self) -> Mapping[tuple[str, str, bool], Span]:
        """The ranges that were asked for so far, by element, stage and whether direct."""
        return MappingProxyType(self._spans)

    def proof(self) -> list[Proof]:
        """Return the programs of the balance, and the moves that the trace mixes."""
        return [
            balance_proof(self.balance, has_figures=False),
            trace_proof(self.balance.run, self.asked, self.studies),
        ]

    def _nested(self) -> dict[str, Any]:
        return {
            "question": {
                **self.balance.question.to_dict(),
                "to": self.to,
                "exposed_to": self.exposed_to,
                "lens": self.lens,
                "elements": list(self.elements),
                "products": list(self.products),
                "within": self.within,
            },
            "certificates": {
                name: certificate.to_dict() for name, certificate in self.certificates.items()
            },
            "unplaced": [
                {"plant": row.source, "element": row.item, "tonnes": row.flow}
                for row in self.unplaced
            ],
        }

    @property
    def unplaced(self) -> tuple[Baseline, ...]:
        """What plants sent nowhere in the flows that were traced; empty for those of a balance."""
        rows = unplaced_rows(self.asked.net.rows("baseline")) if self.is_measured else ()
        year = self.question.year
        return tuple(row for row in rows if row.year == year and row.item in self.elements)

    @property
    def is_measured(self) -> bool:
        """Whether calibrated flows were traced, and not the answer of a balance."""
        return self.balance.objective == MEASURED

    def told(self, element: str, stage: str = ANY, *, is_direct: bool = False) -> str:
        """Return a share in words; *not decided* where solved ranges are wide.

        Parameters
        ----------
        element, stage, is_direct
            As in `ranges`, which must have been asked for; else the share is that of the answer
            shown.
        """
        span = self._spans.get((element, stage, is_direct))
        if span is not None and not self.is_decided(element, stage, is_direct=is_direct):
            return not_decided(span.least, span.greatest)
        return shares_between(*self._ends(element, stage, is_direct))

    def _ends(self, element: str, stage: str, is_direct: bool) -> tuple[float | None, float | None]:
        """Return a share of the answer shown: surely, and with owners that are not known."""
        row = self.at(element, stage)
        if is_direct:
            return row.direct, row.direct_possibly
        return row.traced, row.traced_possibly

    def is_decided(self, element: str, stage: str = ANY, *, is_direct: bool = False) -> bool | None:
        """Whether all balances that are as good say about the same; None if that was not asked.

        What owners that are not known leave open is no matter of the balance.
        """
        span = self._spans.get((element, stage, is_direct))
        if span is None:
            return None
        ends = self._ends(element, stage, is_direct)
        if None in (*ends, span.least, span.greatest):
            return True
        wide = float(ends[1] or 0.0) - float(ends[0] or 0.0)
        return is_decided(float(span.least or 0.0) + wide, span.greatest)

    @property
    def names(self) -> tuple[str, ...]:
        """The elements, and all together where there are several."""
        return self.elements if len(self.elements) == 1 else (*self.elements, TOGETHER)

    def at(self, element: str, stage: str = ANY, *, lens: str | None = None) -> StageExposure:
        """Return the exposure of an element at a stage; by default at any stage.

        Raises
        ------
        KeyError
            If there is none.
        """
        key = element, lens or self.lens, stage
        for row in self.stages:
            if (row.element, row.lens, row.stage) == key:
                return row
        raise KeyError(key)

    @cached_property
    def _spans(self) -> dict[tuple[str, str, bool], Span]:
        return {}

    def ranges(self, element: str, stage: str = ANY, *, is_direct: bool = False) -> Span:
        """Return the least and the greatest share over all optimal balances.

        Solved on first use: two linear programs, seconds each on a large graph, and up to a
        minute for several elements together.

        Parameters
        ----------
        element : str
            One of `names`.
        stage : str, optional
            Default: any stage.
        is_direct : bool
            Whether the last plant abroad counts, not all steps.

        Raises
        ------
        CertificateError
            If the independent check refuses a solution.
        InterruptedSolveError
            If the time limit was reached.
        """
        key = element, stage, is_direct
        if key not in self._spans and self.is_measured:  # what went is no choice of many
            self._spans[key] = Span(*self._ends(element, stage, is_direct))
        if key not in self._spans:
            chosen = [study for study in self.studies if element in (study.element, TOGETHER)]
            self._spans[key] = spans(
                self.balance.run,
                self.asked,
                chosen,
                lens=self.lens,
                stage=stage,
                is_direct=is_direct,
                within=self.within,
                point=self._ends(element, stage, is_direct),
            )
        return self._spans[key]

    @property
    def to_name(self) -> str:
        """The nations as a reader knows them."""
        return target_name(self.asked.net, self.to)

    @property
    def exposed_name(self) -> str:
        """The jurisdiction as a reader knows it."""
        return selector_name(self.asked.net, self.exposed_to)

    @property
    def is_of_several(self) -> bool:
        """Whether the jurisdiction has several names, so that a sentence speaks of them."""
        return len(selector_names(self.asked.net, self.exposed_to)) > 1

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        asked = self.balance.question
        if self.is_measured:
            lines = [
                f"Exposure of {self.to_name} to {self.exposed_name} in {asked.year}, measured: "
                f"traced through the calibrated flows of that year; plants count by {self.lens}."
            ]
        else:
            lines = [
                f"Exposure of {self.to_name} to {self.exposed_name} in {asked.year}, {CONTESTED}, "
                "on "
                f"{asked.counted}; plants count by {self.lens}."
            ]
        for name in self.names:
            row = self.at(name)
            if row.traced is None:
                lines.append(f"{name}: nothing arrives.")
                continue
            if name == TOGETHER and False in [
                self.is_decided(element) for element in self.elements
            ]:
                lines.append(f"{name}: not decided by these figures either.")
                continue
            last, passed = self.told(name, is_direct=True), self.told(name)
            where = self.exposed_name
            text = f"{name}: {last} came last from {where}, {passed} passed {where} at some step"
            if False in (self.is_decided(name), self.is_decided(name, is_direct=True)):
                text = f"{name}: came last from {where}: {last}; passed {where}: {passed}"
            span = self._spans.get((name, ANY, False))
            if span is not None and self.is_decided(name) and not self.is_measured:
                ends = f"{share(span.least)} to {share(span.greatest)}"
                text += f" ({ends} over all equally good balances)"
            lines.append(f"{text}.")
        if not self._spans and not self.is_measured:
            lines.append("Other balances may be as good; ranges() states what is settled.")
        return " ".join(lines)
