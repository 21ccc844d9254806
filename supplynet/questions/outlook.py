"""Several nations, years and tiers side by side: what each could cover, with its range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.rows import CARRIED_BY, PRODUCT_UNIT, Carrier
from supplynet.analysis.potential.elements import Covered
from supplynet.contract import query
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import COVERAGE
from supplynet.contract.json_schema import array_of
from supplynet.contract.query import option, shared
from supplynet.contract.row import Row, Share, answered, col
from supplynet.contract.row import rows as table
from supplynet.errors import OptionError, UnknownNameError
from supplynet.questions.declared import question
from supplynet.terms import TIERS, USUAL_TIERS, did_you_mean
from supplynet.terms.parameters import PARAMETERS
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Coverages, Question
    from supplynet.contract.headline import Headline
    from supplynet.model.case import Case
    from supplynet.network.scenario.scenario import ScenarioLike


#: what tells rows from each other
_CELL = "to", "year", "tier", "form"
_CONDITIONS = "redesigned", "high_contents", "nothing_shut", "control"


class Query(query.Query):
    """Who, over which years and tiers, each answered by itself."""

    to: str | Iterable[str] = shared("to", said="--to WHO...", is_apart=True)
    avoid: str | Iterable[str] | None = shared("avoid", said="--avoid WHAT...")
    year: int | Iterable[int] | None = option(
        "Years, such as 2026,2030.",
        default=None,
        kind="int or iterable of int",
        usual=PARAMETERS["year"].usual,
        said="--year YEARS...",
        is_apart=True,
    )
    tier: str | Iterable[str] = option(
        "Tiers to set side by side.",
        default=USUAL_TIERS,
        kind="str or iterable of str",
        words=TIERS,
        usual=listing(USUAL_TIERS),
        said="--tier ...",
        is_apart=True,
    )
    form: str | None = option(
        "Show only products of this form; all are served.",
        default=None,
        kind="str",
        usual="every form that is needed",
        said="--form FORM",
        is_open=False,
    )
    lens: str = shared("lens")
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = shared("scenario")
    time_limit: float | None = shared("time_limit", is_open=False)


class Cell(Row):
    """A nation, a year, a tier and a form."""

    to: str = col("Selector of the nation or bloc.")
    name: str = col("As a reader knows it.")
    year: int = col("Calendar year.", by="names")
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


class OutlookResult(
    DeclaredResult,
    name="outlook",
    title="What nations could cover without a jurisdiction, by year and tier",
    headline=(replace(COVERAGE, of="{row.name}, {row.form}"),),
    also=("meaning", "unit", "notes"),
    by={
        "carried_by.coverage": "tonnes / rows[0].need",
        "carried_by.tonnes": answered("tonnes", "carried_by", "table id"),
        **{f"conditions.{of}.*": answered("itself", f"conditions.{of}") for of in _CONDITIONS},
        "rows.*": answered("itself", "rows", " ".join(_CELL)),
    },
    has_conditions=True,
    document="supplynet.reports.results_potential.of_outlook",
    nested={"questions": array_of({"$ref": "#/$defs/question"})},
):
    """Coverage of nations without a jurisdiction by year and tier, each with exclusive access."""

    rows: tuple[OutlookRow, ...] = table("Coverage by nation, year, tier and form")
    carried_by: tuple[Carrier, ...] = table(CARRIED_BY)
    tiers: tuple[str, ...] = col("Tiers of links and plants, the surest first.")
    questions: tuple[Question, ...]  #: one for each nation and year, in the order of the rows
    #: of the first cell under conditions that make it another
    coverages: Coverages = field(repr=False)

    @cached_property
    def answers(self) -> tuple[tuple[SolvedPotential, str], ...]:
        """What rows are read off, with its tier: no data of it, and solved anew in copies."""
        return tuple(_cells(self.questions, self.tiers))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "answers"}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be reported of years and scenarios, and who is known to ask for nothing."""
        from supplynet.network.demand import is_asked

        idle = [
            f"The demand of {options.to_name} in {options.year} is 0."
            for options in self.questions
            if is_asked(options.net, options.targets, options.year) is False
        ]
        texts = [note for request in self.questions for note in request.notes]
        return tuple(dict.fromkeys([*texts, *idle]))

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        from supplynet.analysis.question import headlines

        form = self.rows[0].form if self.rows else ""
        return headlines(self.coverages, form, self.headline)

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "potential: each nation or bloc with exclusive access"

    @property
    def unit(self) -> str:
        """Unit of needs and of what is served."""
        return PRODUCT_UNIT

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

    def answer(self, year: int, tier: str) -> SolvedPotential:
        """Return the potential that the rows of a year and tier of the first nation are read off.

        Raises
        ------
        KeyError
            If there is none.
        """
        for potential, name in self.answers:
            if (potential.question.year, name) == (year, tier):
                return potential
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
            span = f"{share(row.coverage_low)} to {share(row.coverage_high)}"
            lines.setdefault(key, []).append(f"{row.tier} {share(row.coverage)} ({span})")
        return "\n".join(f"{key[0]}: {', '.join(parts)}." for key, parts in lines.items())


@question(
    "outlook",
    title="",
    together="",
    metrics=("coverage", "coverage_low", "coverage_high", "served", "need"),
    judged=lambda answer: {
        f"{row.name}, {row.year}, {row.tier}, {row.title}": row for row in answer.rows
    },
)
def outlook(case: Case, query: Query) -> OutlookResult:
    """What could several nations cover without a jurisdiction, tier by tier, over the years?

    Potentials: each nation or bloc with exclusive access, with the range of the
    data.

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
    from supplynet.analysis.question import ask

    net, form = case.net, query.form
    nations, years, tiers = map(each_of, (query.to, query.year, query.tier))
    for name, inputs in (("to", nations), ("year", years), ("tier", tiers)):
        if not inputs:
            raise OptionError(f"{name} is empty, so that nothing is asked")
    if form is not None and form not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {form!r}; it has {', '.join(net.form_by_name)}",
            hint=did_you_mean(form, net.form_by_name),
        )
    options = {name: getattr(query, name) for name in ("avoid", "lens", "scenario")}
    questions = [ask(net, to=nation, year=when, **options) for nation in nations for when in years]
    seconds = query.time_limit
    return outlook_of(questions, tiers, nations=nations, form=form, time_limit=seconds)


def each_of(value: Any) -> list[Any]:
    """Return one or several, which are each answered by itself, as a list."""
    return [value] if value is None or isinstance(value, int | str) else list(value)


def outlook_of(
    questions: Sequence[Question],
    tiers: Sequence[str],
    *,
    nations: Sequence[str],
    known: Sequence[SolvedPotential] = (),
    form: str | None = None,
    time_limit: float | None = None,
) -> OutlookResult:
    """Return the answer of :func:`outlook` to checked questions.

    There is a question for each nation and year; nations are as they were asked for. `known` are
    answers that are at hand to one of the questions on one of the tiers.
    """
    from supplynet.analysis.provenance import provenance
    from supplynet.solve.check import worst

    answers: list[tuple[SolvedPotential, str]] = []
    rows: list[OutlookRow] = []
    first: SolvedPotential | None = None
    for answer, name in _cells(questions, tiers, known, time_limit):
        rows += [
            _row(answer, name, served_form, figures)
            for served_form, figures in answer.form_figures.items()
            if form in (None, served_form)
        ]
        answers.append((answer, name))
        first = first or (answer if rows else None)  # that of the first row
    certificate = worst(answer.certificate_so_far for answer, _ in answers)
    years = list(dict.fromkeys(options.year for options in questions))
    result = OutlookResult(
        rows=tuple(rows),
        carried_by=first.carried_by_of(rows[0].form) if first else (),
        tiers=tuple(tiers),
        questions=tuple(questions),
        coverages=first.coverages if first else {},
        certificate=certificate,
        provenance=provenance(questions[0], nations=tuple(nations), years=years, tiers=tiers),
    )
    vars(result)["answers"] = tuple(answers)
    return result


def _cells(
    questions: Sequence[Question],
    tiers: Sequence[str],
    potentials: Sequence[SolvedPotential] = (),
    time_limit: float | None = None,
) -> Iterator[tuple[SolvedPotential, str]]:
    """Yield what is solved of each question on each tier, with the tier."""
    from supplynet.analysis.potential.ask import on_floors, potential_of
    from supplynet.network.tiers import floors
    from supplynet.solve.together import in_turn

    answers: list[SolvedPotential] = []
    for about, name in in_turn(
        [(about, name) for about in questions for name in tiers],
        lambda cell: f"{cell[0].to_name}, {cell[0].year}, {cell[1]}",
    ):
        # Each tier is a program of its own: what it adds to the one before cannot be read off a
        # wider solution, which may use the surer links otherwise.
        options = on_floors(about, floors(tier=name))
        n_before = len(answers) % len(tiers)  # answers to the same question on other tiers
        before = (answer.asked_again(options) for answer in answers[len(answers) - n_before :])
        answers.append(
            next((answer for answer in potentials if answer.question == options), None)
            or next(filter(None, before), None)
            or potential_of(options, time_limit=time_limit, is_settled=False, is_by_form=True)
        )
        yield answers[-1], name


def _row(answer: SolvedPotential, tier: str, form: str, figures: tuple[float, ...]) -> OutlookRow:
    from supplynet.analysis.question import OF_CONTENTS

    question = answer.question
    title, others = question.net.form_by_name[form].title, []
    for name in (*OF_CONTENTS, "nothing_shut"):
        other = answer.under(name) or answer
        others += [row.coverage for row in other.central_forms if row.form == form]
    names = question.to, question.to_name, question.year, tier, form, title
    return OutlookRow(*names, *figures, *others)
