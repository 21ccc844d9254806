"""Compare: what scenarios change for a nation, alone and together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet.analysis.scenario_rows import (
    Addition,
    Arrival,
    CaseRow,
    ContestedPart,
    ContestedRow,
    Figure,
    PotentialRow,
    additions_of,
    figures_of,
)
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import OfElements, option, page, sentence, shared
from supplynet.contract.row import col, rows
from supplynet.questions.declared import question
from supplynet.terms import COMPARED, WORKED_OUT

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.model.case import Case
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.present.document import Document


#: arithmetic of what a case by itself brings: what a nation gets of a form, or of an element
_ALONE = (
    "sum(contested.served, case == here[0], nation == what[0], form == what[1]) "
    "if kind == 'contested' else "
    "sum(potentials.value, case == here[0], element == what[0], tier == what[1])"
)


def _is_last(result: Any, row: Any) -> bool:
    """Whether a row is of the last case."""
    return bool(row.case == result.cases[-1])


class Query(OfElements):
    """Which scenarios are set side by side, and what is worked out of each."""

    cases: tuple[ScenarioLike | Sequence[ScenarioLike], ...] = option(
        '``"base"`` is the network as it is; scenarios that hold at once are joined by ``+`` or '
        "given as a sequence. Of a scenario with parameters ``name:strength=0.5`` sets one.",
        default=(),
        kind="str, path, Scenario or sequence of them",
        said="SCENARIO...",
        example="base china-full-stop",
        is_argument=True,
        is_several=True,
        most=12,
    )
    objective: str = option(
        "How the contested picture is shared out, as in allocate.",
        default="fair",
        words=COMPARED,
        is_open=False,
    )
    arrivals: str | None = option(
        "Form, such as oxide, of which to show too which country's plants get how much.",
        default=None,
        kind="str",
        said="--arrivals FORM",
        example="oxide",
        is_open=False,
    )
    model: str = shared("model", is_open=False)
    ranges: bool = option(
        "Report what nations get with all figures at their low and their high end, too.",
        default=True,
        kind="bool",
        is_open=False,
        for_readers=True,
    )
    detail: str = option(
        "What is worked out: with ``coverage``, an objective fair and no arrivals what nations get "
        "by form and product alone.",
        default="all",
        words=WORKED_OUT,
        is_open=False,
        in_command=False,
        first=lambda texts: "all" if texts.get("model") == "balance" else "coverage",
        fills=True,
    )
    time_limit: float | None = shared("time_limit", is_open=False)


class ScenariosResult(
    Answer,
    name="scenarios",
    title="Scenarios side by side, potentials and contested figures apart",
    headline=(
        Lead(
            "coverage",
            "coverage",
            of="{row.form}, {row.case}",
            table="contested",
            where=_is_last,
        ),
        Lead("maximum flow", "value", "low", "high", table="potentials", where=_is_last),
    ),
    frames=("figures",),
    by={"additions.alone.1": f"({_ALONE}) - base"},
):
    """Scenarios side by side, potentials and contested figures apart."""

    objective: str = col("How the contested picture is shared out.")
    is_certified: bool = col("Whether the independent check accepted every flow and program.")
    common: str = col("Scenarios that hold in every case; empty for none.")
    notes: tuple[str, ...] = col("What is to be reported of the scenarios.")
    assumed: tuple[CaseRow, ...] = rows("The cases", name="cases")
    potentials: tuple[PotentialRow, ...] = rows(
        "What could reach the target by case, element and tier"
    )
    contested: tuple[ContestedRow, ...] = rows("What nations get in each form when all buy at once")
    parts: tuple[ContestedPart, ...] = rows(
        "Products that nations get, and elements in them", name="contested_parts"
    )
    arrivals: tuple[Arrival, ...] = rows("What arrives at the plants of countries")
    additions: tuple[Addition, ...] = rows("What scenarios change alone and together")
    questions: Mapping[str, Question]  #: by case
    balances: tuple[SolvedBalance, ...]  #: one a case, for further questions
    #: by case and tier: the programs of potentials by the balance
    alone: Mapping[tuple[str, str], SolvedPotential] = field(default_factory=dict, repr=False)
    #: by case, nation and form: coverage at the ends of the data, where the rule settles who gets
    #: what; None where it was not asked for
    ends: Mapping[tuple[str, str, str], tuple[float, float]] | None

    @property
    def cases(self) -> tuple[str, ...]:
        """What each case is called."""
        return tuple(case.name for case in self.assumed)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """One row a figure, potentials and contested figures distinguished."""
        return figures_of(self.potentials, self.contested)

    def potential(self, case: str, element: str, tier: str) -> PotentialRow:
        """Return one potential.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.potentials:
            if (row.case, row.element, row.tier) == (case, element, tier):
                return row
        raise KeyError((case, element, tier))

    def coverage(self, case: str, form: str, nation: str | None = None) -> ContestedRow:
        """Return what a nation gets in a form, by default the first target.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.contested:
            if (row.case, row.form) == (case, form) and nation in (None, row.nation):
                return row
        raise KeyError((case, form, nation))

    @property
    def is_provable(self) -> bool:
        """Whether balances were solved."""
        return bool(self.balances)

    def proof(self) -> list[Proof]:
        """Return the flows and balances of every case."""
        from supplynet.analysis.scenarios import proof_of

        return [proof_of(self)] if self.is_provable else []


def _judged(answer: ScenariosResult) -> dict[str, ContestedRow]:
    """Return what nations get by case and form, and by nation where there are several."""
    is_alone = len({row.nation for row in answer.contested}) == 1
    return {
        f"{row.case}, {row.form}" + ("" if is_alone else f", {row.nation}"): row
        for row in answer.contested
    }


@question(
    "compare",
    title="",
    together="",
    metrics={name: attrgetter(name) for name in ("coverage", "served")},
    is_of_all=lambda _query: True,
    judged=_judged,
    figure="scenarios",
)
def compare(case: Case, query: Query) -> ScenariosResult:
    """What do scenarios change for a nation, alone and together?

    SCENARIO is the name of one of the graph's scenarios or a TOML file, base for the network as
    it is, or several that hold at once, joined by + such as a+b. Parameters are set by
    a:strength=0.5. Potentials, of the elements asked for, and contested figures, of all, stand in
    tables of their own. --scenario holds in every case. A command sets one SCENARIO alone against
    base. The year is one for all: that of today if the most scenarios act in it, else the nearest.
    With -o FILE.svg (.png, .pdf) all are drawn in one diagram.

    Returns
    -------
    ScenariosResult

    Raises
    ------
    OptionError
        If no case is given, one is given twice, an option is not allowed, or scenarios clash.
    UnknownNameError
        If a scenario, selector or element names nothing.

    Examples
    --------
    >>> import supplynet as sn
    >>> late = sn.Scenario.from_dict(
    ...     {"change": [{"verb": "close", "nodes": "node:ref-big"}]}, name="late")
    >>> result = sn.compare(sn.load("tutorial"), "base", late, to="MLT", element="Nd")
    >>> [round(row.value) for row in result.potentials]
    [150, 30]
    """
    from supplynet.analysis.scenarios import data_ends, shares_of, sides_of, whole_of
    from supplynet.errors import UnknownNameError
    from supplynet.network.units import elements_of
    from supplynet.solve.together import tell, within
    from supplynet.terms import did_you_mean

    net, objective, form, wanted = case.net, query.objective, query.arrivals, query.element
    if form is not None and form not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {form!r}", hint=did_you_mean(form, net.form_by_name)
        )
    options = {**query.asked(), "time_limit": query.time_limit}
    options.pop("element", None)
    sides = sides_of(net, query.cases, **options)
    texts = wanted if wanted is None or isinstance(wanted, str) else list(wanted)
    elements = elements_of(sides.first.net, texts)
    with within(0.0, 0.6):
        if query.detail == "coverage" and objective == "fair" and not form:
            record = shares_of(sides)
        else:
            record = whole_of(sides, elements, objective, form, query.model)
    bounds = None
    if query.ranges:
        tell("Low and high ends of the data", 0.6)
        bounds = data_ends(sides) if objective == "fair" else {}
    return ScenariosResult(
        question=sides.first,
        objective=objective,
        common=sides.common,
        notes=sides.notes,
        assumed=sides.assumed,
        additions=additions_of(list(sides.questions), record["potentials"], record["contested"]),
        questions=sides.questions,
        ends=bounds,
        **record,
    )


@sentence(ScenariosResult)
def say(answer: ScenariosResult) -> str:
    """Return what each scenario changes, and what each nation gets in it."""
    from supplynet.questions.compare.page import gets, potential_sentences, verdict

    bounds = answer.ends or {}
    texts = verdict(answer, bounds), *gets(answer, bounds), *potential_sentences(answer)
    return " ".join(filter(None, (*answer.notes, *texts)))


@page(ScenariosResult)
def as_document(answers: Sequence[ScenariosResult]) -> Document:
    """Return the document of scenarios side by side."""
    from supplynet.questions.compare.page import of_scenarios

    return of_scenarios(answers[0])
