"""Several nations, years and tiers side by side: what each could cover, with its range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplynet.analysis.conditions import OF_CONTENTS
from supplynet.analysis.losses import CARRIED_BY
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.potential.elements import UNIT, Covered
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import takes
from supplynet.contract.declared import Layout, Table, text, texts
from supplynet.contract.headline import COVERAGE
from supplynet.contract.json_schema import array_of
from supplynet.contract.result import Result
from supplynet.contract.row import Row, Share, col
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.demand import is_asked
from supplynet.network.problems import did_you_mean
from supplynet.network.tiers import floors
from supplynet.solve.check import worst
from supplynet.solve.together import in_turn
from supplynet.terms import TIERS
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import Carrier
    from supplynet.analysis.potential.result import PotentialResult
    from supplynet.analysis.proofs import Proof
    from supplynet.contract.headline import Headline
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike
    from supplynet.solve.check import Certificate

#: tiers that are set side by side: what would only be possible is asked for by name
USUAL_TIERS = TIERS.only(lambda tier: tier.name != "conceivable").names


class Cell(Row):
    """A nation, a year, a tier and a form."""

    to: str = col("Selector of the nation or bloc.")
    name: str = col("As a reader knows it.")
    year: int = col("Calendar year.")
    tier: str = col("Name of the tier of links and plants.")
    form: str = col("Form of the products.")
    title: str = col("As a reader knows it.")


class OutlookRow(Covered, Cell):
    """What one nation could cover of one form in one year on the links and plants of one tier."""

    coverage_redesigned: Share = col(
        "With products re-designed to hold as little of what is scarce as they could."
    )
    coverage_high_contents: Share = col("With products that hold the high ends of their contents.")
    coverage_nothing_shut: Share = col(
        "On the same links and plants with nothing shut: business as usual."
    )


OUTLOOK_LAYOUT = Layout(
    name="outlook",
    title="What nations could cover without a jurisdiction, by year and tier",
    headline=(replace(COVERAGE, of="{row.name}, {row.form}"),),
    has_conditions=True,
    document="supplynet.reports.results_potential.of_outlook",
    figures=(
        text("meaning", "What the figures count."),
        text("unit", "Unit of needs and of what is served."),
        texts("tiers", "Tiers of links and plants, the surest first."),
        texts("notes", "What is to be told of years and scenarios."),
    ),
    tables=(
        Table("rows", "Coverage by nation, year, tier and form", OutlookRow),
        CARRIED_BY,
    ),
    nested={"questions": array_of({"$ref": "#/$defs/question"})},
)


@dataclass(frozen=True, eq=False)
class OutlookResult(Result):
    """What nations could cover without a jurisdiction, by year and tier, each if it alone drew."""

    LAYOUT = OUTLOOK_LAYOUT

    rows: tuple[OutlookRow, ...]
    questions: tuple[Question, ...]  #: one for each nation and year, in the order of the rows
    tiers: tuple[str, ...]
    #: what the rows are read off, with its tier
    answers: tuple[tuple[PotentialResult, str], ...] = field(repr=False)
    certificate: Certificate
    nations: tuple[str, ...] = field(repr=False)  #: as they were asked for

    @cached_property
    def provenance(self) -> Provenance:
        """Of the first question, with all nations, years and tiers; told on first use."""
        return provenance(
            self.questions[0],
            nations=self.nations,
            years=[asked.year for asked in self.questions],
            tiers=self.tiers,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be told of years and scenarios, and who is known to ask for nothing."""
        idle = [
            f"The demand of {asked.to_name} in {asked.year} is 0."
            for asked in self.questions
            if is_asked(asked.net, asked.targets, asked.year) is False
        ]
        told = [note for asked in self.questions for note in asked.notes]
        return tuple(dict.fromkeys([*told, *idle]))

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        (answer, _), *_ = self.answers
        return answer.conditions_of(self.rows[0].form, self.headline) if self.rows else {}

    @property
    def carried_by(self) -> tuple[Carrier, ...]:
        """The rows without which the coverage of the first row falls most; solved on first use."""
        (answer, _), *_ = self.answers
        return answer.carried_by_of(self.rows[0].form) if self.rows else ()

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "potential: each nation or bloc as if it alone drew on the network"

    @property
    def unit(self) -> str:
        """Unit of needs and of what is served."""
        return UNIT

    def proof(self) -> list[Proof]:
        """Return the programs of every row with their solutions and duals."""
        from supplynet.analysis.potential.evidence import outlook_proof

        return [outlook_proof(self)]

    def _nested(self) -> dict[str, Any]:
        return {"questions": [question.to_dict() for question in self.questions]}

    def row(self, to: str, year: int, tier: str, form: str | None = None) -> OutlookRow:
        """Return one row; without a form, the first that the nation needs.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.rows:
            if (row.to, row.year, row.tier) == (to, year, tier) and form in (None, row.form):
                return row
        raise KeyError((to, year, tier, form))

    def answer(self, year: int, tier: str) -> PotentialResult:
        """Return the potential that the rows of a year and tier of the first nation are read off.

        Raises
        ------
        KeyError
            If there is none.
        """
        for found, name in self.answers:
            if (found.question.year, name) == (year, tier):
                return found
        raise KeyError((year, tier))

    def summary(self) -> str:
        """Return a sentence a nation, year and form: coverage by tier with its range."""
        lines: dict[tuple[str, int, str], list[str]] = {}
        for row in self.rows:
            key = (
                f"{row.name}, {row.year}, {row.title[:1].lower()}{row.title[1:]}",
                row.year,
                row.to,
            )
            ends = f"{share(row.coverage_low)} to {share(row.coverage_high)}"
            lines.setdefault(key, []).append(f"{row.tier} {share(row.coverage)} ({ends})")
        return "\n".join(f"{key[0]}: {', '.join(parts)}." for key, parts in lines.items())


@takes()
def outlook(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str] | None = None,
    year: int | Iterable[int] | None = None,
    tier: str | Iterable[str] = USUAL_TIERS,
    form: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    time_limit: float | None = None,
) -> OutlookResult:
    """What could several nations cover without a jurisdiction, tier by tier, over the years?

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selectors of nations or blocs, each answered as if it alone drew on the network.
    year : int or iterable of int, optional
        Default: that of today.
    tier : str or iterable of str
        Of firm, building, announced and conceivable.
    form : str, optional
        Only products of this form are shown; all are served.

    Returns
    -------
    OutlookResult
        One row a nation, year, tier and form, each with its data range.

    Raises
    ------
    UnknownNameError
        If a selector, form or scenario names nothing.
    OptionError
        If a year or tier is not allowed, or a nation asks for nothing.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> asked = {"to": ["MLT", "ISL"], "avoid": "FJI", "year": [2024, 2026]}
    >>> found = sn.coverage.outlook(sn.load("tutorial"), **asked)
    >>> len({(row.to, row.year) for row in found.rows}), found.certificate.ok
    (4, True)
    """
    nations = [to] if isinstance(to, str) else list(to)
    years = [year] if year is None or isinstance(year, int) else list(year)
    tiers = [tier] if isinstance(tier, str) else list(tier)
    for name, given in (("to", nations), ("year", years), ("tier", tiers)):
        if not given:
            raise OptionError(f"{name} is empty, so that nothing is asked")
    if form is not None and form not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {form!r}; it has {', '.join(net.form_by_name)}",
            hint=did_you_mean(form, net.form_by_name),
        )
    words: dict[str, Any] = {"avoid": avoid, "lens": lens, "scenario": scenario}
    questions = [ask(net, to=nation, year=when, **words) for nation in nations for when in years]
    return outlook_of(questions, tiers, nations=nations, form=form, time_limit=time_limit)


def outlook_of(
    questions: Sequence[Question],
    tiers: Sequence[str],
    *,
    nations: Sequence[str],
    known: Sequence[PotentialResult] = (),
    form: str | None = None,
    time_limit: float | None = None,
) -> OutlookResult:
    """Return the answer of :func:`outlook` to checked questions.

    There is a question for each nation and year; nations are as they were asked for. `known` are
    answers that are at hand to one of the questions on one of the tiers.
    """
    rows, certificates = [], []
    answers: list[tuple[PotentialResult, str]] = []
    for question, name in in_turn(
        [(question, name) for question in questions for name in tiers],
        lambda cell: f"{cell[0].to_name}, {cell[0].year}, {cell[1]}",
    ):
        # Each tier is a program of its own: what it adds to the one before cannot be read off a
        # wider solution, which may use the surer links otherwise.
        asked = on_floors(question, floors(tier=name))
        n_before = len(answers) % len(tiers)  # answers to the same question on other tiers
        before = (answer.asked_again(asked) for answer, _ in answers[len(answers) - n_before :])
        answer = (
            next((answer for answer in known if answer.question == asked), None)
            or next(filter(None, before), None)
            or potential_of(asked, time_limit=time_limit, is_settled=False, is_by_form=True)
        )
        rows += [
            _row(answer, question, name, served_form, figures)
            for served_form, figures in answer.form_figures.items()
            if form in (None, served_form)
        ]
        answers.append((answer, name))
        certificates.append(answer.certificate_so_far)
    return OutlookResult(
        rows=tuple(rows),
        questions=tuple(questions),
        tiers=tuple(tiers),
        answers=tuple(answers),
        certificate=worst(certificates),
        nations=tuple(nations),
    )


def _row(
    answer: PotentialResult, question: Question, tier: str, form: str, figures: tuple[float, ...]
) -> OutlookRow:
    title, others = question.net.form_by_name[form].title, []
    for name in (*OF_CONTENTS, "nothing_shut"):
        other = answer.under(name) or answer
        others += [row.coverage for row in other.central_forms if row.form == form]
    names = question.to, question.to_name, question.year, tier, form, title
    return OutlookRow(*names, *figures, *others)
