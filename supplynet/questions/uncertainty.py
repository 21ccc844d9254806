"""Uncertainty: how sure an answer is, when every figure behind it is drawn many times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from supplynet.analysis.uncertainty.rows import (
    DRAWS,
    ChanceRow,
    DifferenceRow,
    DriverRow,
    FigureRow,
    Query,
    StabilityRow,
    WorthRow,
)
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.query import sentence
from supplynet.contract.row import answered, col, rows
from supplynet.errors import OptionError
from supplynet.network.tiers import Floors, tier_name
from supplynet.questions.declared import question
from supplynet.terms import ENDS
from supplynet.text import between, share, share_range, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.inputs import Input
    from supplynet.analysis.uncertainty.plan import Plan
    from supplynet.analysis.uncertainty.programs import Output
    from supplynet.arrays import Floats
    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork

#: analyses that follow elements, and those that need no graph of each draw
_BY_ELEMENT = ("flow", "bypass", "chokepoints", "interdict")
_OF_NO_GRAPH = ("potential", "balance", "flow")
#: draws of the smallest batch: of fewer nothing is reported
_FEWEST = 32
#: draws that are kept and resumed as one, where nothing is worked out for a whole batch at once
_PIECE, _AT_ONCE = 8, (*_OF_NO_GRAPH, "contested")
#: stands for no scenario
BASE = "base"


#: what a figure is, where neither its name nor its unit says it beside what it is of
_MEANINGS = {
    "in the cut": "in the cut",
    "is the worst": "the worst loss",
    "left": "left after the worst loss",
    "loss": "lost",
    "lost_share": "share of demand that is lost",
}


#: a figure that is reported of
Told: TypeAlias = "Output | FigureRow | DifferenceRow"


def what_of(net: SupplyNetwork, row: Told, *, in_sentence: bool = False) -> str:
    """Return what a figure is of and what it is, without its unit; empty where it is of all."""
    form, product = net.form_by_name.get(row.product), net.product_by_id.get(row.product)
    name = form.title if form else product.name if product else ""
    name = name.lower() if in_sentence and form else name
    subject = net.node(row.subject).name if row.subject in net.node_by_id else row.subject
    texts = [name, row.element, subject, _MEANINGS.get(row.figure, "")]
    return ", ".join(word for word in texts if word)


def value_of(row: Told, value: float) -> str:
    """Return a value of a figure, without its unit where it is no share."""
    return share(value) if row.unit == "share" else tonnes(value)


def axis_of(row: Told) -> str:
    """Return what values of a figure are, as the title of an axis: its meaning, or its unit."""
    meaning = "coverage of demand" if row.figure == "coverage" else _MEANINGS.get(row.figure)
    if meaning is None or row.unit == "share":
        return meaning or row.unit
    return f"{meaning}, {row.unit}"


def ends_of(row: Told, low: float, high: float, *, with_unit: bool = False) -> str:
    """Return two values of a figure as one phrase; in a sentence with the unit, "t" for tonnes."""
    if row.unit == "share":
        return share_range(low, high)
    span, unit = between(low, high), row.unit
    if not with_unit:
        return span
    if unit[:1].isdigit():  # an index
        return f"{span} on the scale {unit}"
    return f"{span} {'t' if unit.startswith('t ') else unit}"


#: part of the data range within which draws of estimates are not reported
_NARROW = 0.1
# part of a figure by which draws that are all alike may differ
_ROUNDING = 1e-6
#: values of draws up to which a result carries them
MOST_VALUES = 200_000
#: arithmetic of whether P10 to P90, no amount below 0, is wider than the data range
_WIDER = f"figures[0].p90 - figures[0].p10 > data_high - data_low + {_ROUNDING} * figures[0].p90"
_SPREAD = ("mean", "p5", "p10", "p50", "p90", "p95", "worst_tenth")
# what tells the values of one figure from those of others, in a proof
OF_ROW = ("scenario", "nation", "product", "element", "subject", "year")
_OF = "".join(f", {{{key}}}" for key in OF_ROW)


class Study(
    DeclaredResult,
    name="draws",
    title="How sure an answer is: many draws of every figure",
    headline=(
        Lead(
            "{row.figure}",
            "central",
            "low",
            "high",
            of=lambda study, row: study.about(row),
            table="figures",
        ),
    ),
    also=("low", "high", "data_low", "data_high", "n_draws", "n_inputs"),
    by={
        end: f"figures[0].{tenth} if {_WIDER} else data_{end}"
        for end, tenth in zip(ENDS, ("p10", "p90"), strict=True)
    }
    | dict.fromkeys(("data_low", "data_high"), answered("itself"))
    | {
        "n_inputs": "names",
        "figures.central": answered("central", "figures", f"figure {' '.join(OF_ROW)}"),
    },
    document="supplynet.reports.results_plan.of_draws",
):
    """Draws of an answer."""

    question: Question  #: of the first year, without a scenario where there is such a strand
    measure: str = col("What was asked of every draw.")
    method: str = col("How the draws are spread.")
    seed: int = col("What the draws begin with.", by="asked")
    figures: tuple[FigureRow, ...] = rows("What the draws say of each figure")
    chances: tuple[ChanceRow, ...] = rows("Chance that a coverage reaches a value")
    differences: tuple[DifferenceRow, ...] = rows(
        "What scenarios change against the first, draw by draw"
    )
    drivers: tuple[DriverRow, ...] = rows("What drives the headline, the weightiest first")
    worth: tuple[WorthRow, ...] = rows("Rows that would narrow the headline if they were looked up")
    stability: tuple[StabilityRow, ...] = rows("How firmly chokepoints hold their rank")
    #: scenario and figure of each column of the values, which have shape (n_batches, n_draws,
    #: n_outputs)
    outputs: tuple[tuple[str, Output], ...]
    inputs: tuple[Input, ...]
    values: Floats
    least: tuple[float, ...]  #: coverages whose chance is reported
    n_programs: int  #: that were solved
    is_brief: bool = False  #: whether they are the few draws of a first answer
    ends: tuple[tuple[float, float] | None, ...]  #: data range of each figure

    @property
    def n_draws(self) -> int:
        """Draws."""
        return int(self.values.shape[0] * self.values.shape[1])

    @property
    def n_inputs(self) -> int:
        """Uniform numbers that a draw takes."""
        return len(self.inputs)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that share the draws, by name."""
        return tuple(dict.fromkeys(name for name, _ in self.outputs))

    @property
    def is_provable(self) -> bool:
        """Whether there are few enough values to carry them."""
        return bool(self.values.size <= MOST_VALUES)

    def proof(self) -> list[Proof]:
        """Return the value of each figure in every draw; none where those are too many."""
        if not self.is_provable:
            return []
        from supplynet.analysis.proofs import Programs, figure

        programs = Programs()
        figures: list[Proof] = []
        for index, row in enumerate(self.figures):
            name = f"{row.figure}{_OF.format(**{key: getattr(row, key) for key in OF_ROW})}"
            programs.add_values(name, self.values[:, :, index].ravel())
            figures.append(figure("", "n_draws", name, is_each=True, end="count"))
        figures += [
            figure("figures", key, f"{{figure}}{_OF}", is_each=True, end=key) for key in _SPREAD
        ]
        reached = {"is_each": True, "least": "least", "end": "mean"}
        figures.append(figure("chances", "chance", f"coverage{_OF}", **reached))
        return [
            programs.proof(
                figures,
                "that each value is the best of its draw, which was proved when it was drawn",
                "standard errors, differences, drivers, worth of knowing and ranks",
            )
        ]

    @property
    def first(self) -> FigureRow:
        """The first figure: coverage where a demand is known."""
        return self.figures[0]

    @cached_property
    def lead(self) -> FigureRow:
        """The figure that drivers, worth and pictures are of: the first that moves in the draws.

        Of the kind of the first, which it is itself where it moves, or where none does.
        """
        from supplynet.analysis.uncertainty.study import leading

        return self.figures[leading(self.outputs, self.values)]

    def data_range(self, row: FigureRow) -> tuple[float, float] | None:
        """Return the ends of a figure with all figures of the graph low, and with all high.

        None where none is worked out: of other scenarios than the first, and of what is no headline
        of the analysis that is asked of every draw.
        """
        return self.ends[self.figures.index(row)]

    @property
    def data_low(self) -> float | None:
        """Low end of the data range of the first figure."""
        return (self.data_range(self.first) or (None, None))[0]

    @property
    def data_high(self) -> float | None:
        """High end of the data range of the first figure."""
        return (self.data_range(self.first) or (None, None))[1]

    @property
    def low(self) -> float | None:
        """Low end of the headline, in its unit: of data range and P10 to P90 the wider."""
        return self.first.p10 if self._is_wider(self.first) else self.data_low

    @property
    def high(self) -> float | None:
        """High end of the headline, in its unit."""
        return self.first.p90 if self._is_wider(self.first) else self.data_high

    def _is_wider(self, row: FigureRow) -> bool:
        """Whether P10 to P90 of a figure is wider than its data range."""
        values, rounding = self.data_range(row), _ROUNDING * abs(row.p90)
        return values is not None and row.p90 - row.p10 > values[1] - values[0] + rounding

    def ranges(self, row: FigureRow) -> list[str]:
        """Return the data range of a figure and that of the draws in words, the wider first.

        Where most of what is drawn are estimates, draws that stay within a tenth of the data range
        are not reported: how narrow they are is not known better than the estimates are. Nor are
        they without a data range.
        """
        values = self.data_range(row)
        if values is None:
            return []
        sampled = f"{ends_of(row, row.p10, row.p90, with_unit=True)} in 8 of 10 draws"
        text = f"data range {ends_of(row, *values, with_unit=True)}"
        if self._is_wider(row):
            return [sampled, text]
        names = [pair.confidence == "estimated" for pair in self.inputs if pair.kind == "figure"]
        is_narrow = row.p90 - row.p10 < _NARROW * (values[1] - values[0])
        return [text] if is_narrow and 2 * sum(names) > len(names) else [text, sampled]

    @property
    def tier(self) -> str:
        """Which links and plants count, in a word."""
        return tier_name(Floors(self.question.links, self.question.plants))

    def draws(self) -> pd.DataFrame:
        """Return every draw of every figure, one a row.

        Returns
        -------
        DataFrame
            Columns draw, scenario, figure, nation, product, element, subject, year, unit, value.
        """
        import numpy as np
        import pandas as pd

        flat = self.values.reshape(self.n_draws, -1)
        frames = [
            pd.DataFrame(
                {"draw": np.arange(self.n_draws), "scenario": scenario, **output._asdict()}
            ).assign(value=flat[:, index])
            for index, (scenario, output) in enumerate(self.outputs)
        ]
        return pd.concat(frames, ignore_index=True)

    @property
    def to_name(self) -> str:
        """Of whom the figures are: a balance states those of all nations together."""
        is_of_all = self.provenance.options["of"] == "balance"
        return "All nations together" if is_of_all else self.question.to_name

    def about(self, row: FigureRow) -> str:
        """Whose figure a row is and of which form or element, as a reader knows them."""
        what = what_of(self.question.net, row, in_sentence=True)
        return f"{self.to_name}{f', {what}' if what else ''}"


def _named(row: FigureRow) -> str:
    """Return what a figure is of and what it is, told from all others by its ids."""
    return ", ".join(filter(None, (*(str(getattr(row, name)) for name in OF_ROW), row.figure)))


@question(
    "uncertainty",
    title="",
    together="",
    metrics=("central", "mean", "p10", "p50", "p90", "worst_tenth"),
    judged=lambda study: {_named(row): row for row in study.figures},
)
def sample(case: Case, query: Query) -> Study:
    """How sure is an answer, when every figure behind it is drawn from what is known of it?

    Capacities, links, needs, recoveries and scrap are drawn between their ends, from the
    distributions that the graph declares (the table uncertainty, and shapes by confidence);
    plants stop, projects are late or never come. What shares a country, an owner, a technology or
    a source moves together. Every draw is one linear program with its certificate. Told are P10 to
    P90, the mean of the worst tenth, the chance that coverage reaches a value, what drives the
    spread, and which rows would narrow it if they were looked up. It is asked on the tier operating
    unless stated otherwise, for on links that are merely possible hardly anything is unsure.
    --fail-on judges every figure.

    Returns
    -------
    Study

    Raises
    ------
    DataError
        If the graph does not say how its figures are drawn, or says what no distribution can be.
        Also if the folder holds another study: of another graph, question or version.
    UnknownNameError
        If a selector or scenario names nothing.
    OptionError
        If a word is not allowed.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    No figure of the tutorial has a range, so that all draws are alike:

    >>> import supplynet as sn
    >>> asked = {"to": "MLT", "avoid": "ISL", "year": 2026, "tier": "possible"}
    >>> study = sample(sn.load("tutorial"), **asked, draws=256)
    >>> [(row.product, round(row.p10, 3), round(row.p90, 3)) for row in study.figures[:1]]
    [('goods', 0.25, 0.25)]
    """
    from supplynet.analysis.jobs import batches, timed, workers_of
    from supplynet.analysis.uncertainty.folder import Raw, folder_of
    from supplynet.analysis.uncertainty.plan import Prepared
    from supplynet.analysis.uncertainty.shapes import BATCH
    from supplynet.analysis.uncertainty.study import told_of

    if query.until is not None and not query.until > 0.0:
        raise OptionError(
            f"until must be above 0, not {query.until:g}", hint="in Python None draws all"
        )
    few = _FEWEST if query.of not in _OF_NO_GRAPH else BATCH
    draws = query.draws or (few if query.brief else DRAWS)
    plan = _plan(case.net, query, draws)
    prepared = Prepared(plan)
    if not prepared.outputs:
        raise OptionError(
            f"{query.of} with the central figures states nothing, so that nothing can be drawn of "
            "it",
            hint='ask for something else, such as of="potential", or of another nation or element',
        )
    folder = None if query.folder is None else folder_of(Path(query.folder), prepared)
    n_draws, progress = -(-draws // plan.batch) * plan.batch, query.progress or timed("draws")
    with Raw(plan.batch) as raw, workers_of(query.executor, folder) as executor:
        # In the order of their numbers, whoever is done first: where the study stops must not
        # depend on which worker was quick.
        n_pieces = n_draws // plan.piece
        for batch in batches(prepared, n_pieces, folder, query.workers, executor):
            raw.add(batch)
            progress(raw.n_draws, n_draws)
            if query.until is not None and raw.is_known(query.until):
                break
        if folder is not None:
            folder.finish(raw.n_draws // plan.piece, draws=raw.n_draws)
        record = told_of(prepared, raw, tuple(query.least), drivers=query.drivers)
    return Study(**record, is_brief=query.brief and not query.draws)


def _plan(net: SupplyNetwork, query: Query, draws: int) -> Plan:
    """Return what is asked of every draw."""
    from supplynet.analysis.question import joined
    from supplynet.analysis.uncertainty.plan import Plan
    from supplynet.analysis.uncertainty.shapes import BATCH
    from supplynet.network.scenario.scenario import scenario_list
    from supplynet.network.units import elements_of

    options, year = dict(query.options or {}), query.year
    if query.element:
        elements_of(net, joined(query.element))
        if query.of in _BY_ELEMENT:
            options.setdefault("element", joined(query.element))
    if query.shock:
        options.setdefault("shock", query.shock)
    request = query.asked() | {"to": joined(query.to)}
    request |= {"avoid": None if query.avoid is None else joined(query.avoid)}
    # as Sobol points want them a power of two, which hold some
    few = min(BATCH, max(_FEWEST, 1 << (draws - 1).bit_length()))
    batch = BATCH if query.folder is not None and query.of in _OF_NO_GRAPH else few
    return Plan(
        net=net,
        of=query.of,
        words={name: request[name] for name in ("to", "avoid", "links", "plants", "tier", "lens")},
        years=(year,) if year is None or isinstance(year, int) else tuple(dict.fromkeys(year)),
        scenarios=tuple(
            (name, tuple(scenario_list(strand))) for name, strand in _strands(query).items()
        ),
        seed=query.seed,
        method=query.method,
        policy=query.policy,
        options=options,
        batch=batch,
        piece=batch if query.of in _AT_ONCE else _PIECE,
    )


def _strands(query: Query) -> Mapping[str, Any]:
    """Return the scenarios that share the draws by name: what is set against first."""
    scenario, against = query.scenario, query.against
    if isinstance(scenario, Mapping):
        return scenario or {BASE: None}
    # called as they were written, and not as a file calls itself
    group = scenario if isinstance(scenario, list | tuple) else filter(None, [scenario])
    named = {",".join(map(str, group)) or BASE: scenario}
    return (
        named if against is None else {str(against): None if against == BASE else against} | named
    )


@sentence(Study)
def say(answer: Study) -> str:
    """Return the headline with its range and its chance, in a sentence or two."""
    row = answer.first
    middle = f"{value_of(row, row.p50)} in the middle of {answer.n_draws:,} draws"
    text = "; ".join([*answer.ranges(row), middle])
    sentence = f"{answer.about(row)}, {row.year}, tier {answer.tier}: {text}"
    if row.figure != "coverage":
        return f"{sentence}."
    reached, central = share(answer.chances[0].chance), value_of(row, row.central)
    return f"{sentence}; {reached} of them reach {central}, as the central figures do."
