"""What a study of draws states: figures with their spread, their chances, and the draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from supplynet.analysis.proofs import Programs, figure
from supplynet.analysis.uncertainty.shapes import normal, uniform
from supplynet.analysis.uncertainty.statistics import (
    ROUNDED,
    Spread,
    chance,
    narrowing,
    ratios,
    sobol,
    spread,
)
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, Share, Year, col, rows
from supplynet.network.tiers import Floors, tier_name
from supplynet.text import between, share, share_range, tonnes

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.inputs import Input, Inputs
    from supplynet.analysis.uncertainty.measures import Output
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.network.network import SupplyNetwork


#: rows of a tornado, and of a work list
MOST = 10
#: draws whose inputs are looked at
LOOKED_AT = 4096


class OfDraws(Row):
    """What a row of a study is about."""

    scenario: str = col("Name of the scenario, base for none.", head="Scenario")
    nation: str = col("As it was asked for.")
    product: str = col("Id of the form or product; empty for all.")
    element: str = col("Id of the element; empty for all.")
    subject: str = col("Plant, country or index that it is about; empty for none.")
    year: Year = col(head="Year")


class FigureRow(Spread, OfDraws):
    """A figure of a study: what the central figures give, and what the draws say."""

    figure: str = col("What it is: coverage, or what is served.")
    unit: str = col("Of the figure.")
    central: float = col("With every figure at its central value, and nothing stopped.", ITS_UNIT)


class ChanceRow(OfDraws):
    """The chance that a coverage reaches a value."""

    least: Share = col("The coverage, 0 to 1.")
    chance: Share = col("Share of the draws that reach it.")
    chance_se: Share | None


class DifferenceRow(OfDraws):
    """What a scenario changes, draw by draw, against the first."""

    against: str = col("The scenario that it is set against.")
    figure: str = col("What it is: coverage, or what is served.", head="Figure")
    unit: str = col("Of the figure.")
    mean: float = col("Of all draws.", ITS_UNIT)
    p50: float = col("What half of the draws do not pass.", ITS_UNIT, head="Middle (P50)")
    p10: float = col("What 10 % of the draws do not pass.", ITS_UNIT, head="P10 to P90")
    p90: float = col("What 90 % of the draws do not pass.", ITS_UNIT)
    mean_se: float | None = col(unit=ITS_UNIT)
    lower_share: Share = col("Of draws in which the scenario has less.", head="Lower in")
    higher_share: Share = col("Of draws in which the scenario has more.", head="Higher in")


class DriverRow(Row):
    """What an input does to the headline: a bar of the tornado."""

    year: Year = col(head="Year")
    name: str = col(head="Drawn")
    kind: str = col(
        "A figure of the graph, a cause that several share, or what stops plants or makes them "
        "late."
    )
    table: str = col("Table of the figure; empty where it is none.")
    row: int = col("Row in its file, the head being row 1; 0 where it is no figure.")
    confidence: str = col("Of the figure; empty where it is none.", head="Known how")
    first_share: Share = col(
        "Of the variance: what is the input's alone.", head="Of the spread, alone"
    )
    total_share: Share | None = col(
        "Of the variance: what it has a part in; null where it was too small to be fitted.",
        head="In all",
        none="below what is seen",
    )
    low: float = col(
        "Mean of the headline in the lowest tenth of the input.",
        ITS_UNIT,
        head="At its lowest tenth",
    )
    high: float = col("The same in the highest tenth.", ITS_UNIT, head="At its highest tenth")


class WorthRow(Row):
    """A row of the graph that would narrow the headline if it were looked up."""

    year: Year = col(head="Year")
    name: str = col(head="Figure")
    table: str = col("Its table.", head="Where it stands")
    row: int = col("Row in its file, the head being row 1.")
    confidence: str = col("How well it is known.", head="Known how")
    narrows_share: Share = col(
        "Part of the width from P10 to P90 that knowing it takes away, on average.",
        head="Narrows P10 to P90 by",
    )


class StabilityRow(Row):
    """How firmly a plant or country holds its rank among the chokepoints."""

    scenario: str = col("Name of the scenario, base for none.")
    year: int
    subject: str = col("Id of the plant, country or owner.", head="If this is lost")
    element: str = col(head="Element")
    rank: int = col("With the central figures; 1 for the largest loss.", head="Rank", none="-")
    rank_low: int = col("That 1 in 10 draws does not pass.", head="P10 to P90 of it")
    rank_high: int = col("That 9 in 10 draws do not pass.")
    top_share: Share = col("Of the draws in which it comes first.", head="First in")
    top_three_share: Share = col(
        "Of the draws in which it is among the first three.", head="Of the first three in"
    )


def leading(outputs: Sequence[tuple[str, Output]], values: Vector) -> int:
    """Return the column of the first figure of its kind that moves in the draws, else 0.

    What a demand that is always met takes moves with demand alone: a coverage is looked for first.
    `outputs` are scenario and figure of each column, of which those of the first scenario and kind
    are looked at; values are batches by draws by outputs.
    """
    scenario, first = outputs[0]
    for index, (name, output) in enumerate(outputs):
        if (name, output.figure) == (scenario, first.figure):
            own = values[:, :, index]
            if own.max() - own.min() > ROUNDED * np.abs(own).max():
                return index
    return 0


def figures(
    outputs: Sequence[tuple[str, Output]], values: Vector, central: Vector
) -> Iterator[FigureRow]:
    """Yield what the draws say of each figure."""
    for index, (scenario, output) in enumerate(outputs):
        told, middle = spread(values[:, :, index]), float(central[index])
        yield FigureRow(scenario=scenario, **output._asdict(), central=middle, **vars(told))


def chances(
    outputs: Sequence[tuple[str, Output]], values: Vector, central: Vector, least: Iterable[float]
) -> Iterator[ChanceRow]:
    """Yield the chances that coverages reach those of the central figures and some others."""
    for index, (scenario, output) in enumerate(outputs):
        if output.figure == "coverage":
            # a level is reported once, also where it is that of the central figures
            for level in dict.fromkeys((float(central[index]), *least)):
                reached = chance(values[:, :, index], level)
                # of all that an output is of, its figure and its unit are reported by the table
                yield ChanceRow(scenario, *output[1:-1], level, *reached)


def differences(outputs: Sequence[tuple[str, Output]], values: Vector) -> Iterator[DifferenceRow]:
    """Yield what each scenario changes against the first, draw by draw.

    `outputs` are scenario and figure of each column; values are batches by draws by outputs.
    """
    against = outputs[0][0]
    first = {one: index for index, (name, one) in enumerate(outputs) if name == against}
    for index, (scenario, output) in enumerate(outputs):
        if scenario != against and output in first:
            before, after = values[:, :, first[output]], values[:, :, index]
            nothing = ROUNDED * float(max(np.abs(before).max(), np.abs(after).max()))
            change = after - before
            change[np.abs(change) <= nothing] = 0.0  # what differs by rounding is the same
            told = spread(change)
            yield DifferenceRow(
                scenario=scenario,
                against=against,
                **output._asdict(),
                **{name: getattr(told, name) for name in ("mean", "p10", "p50", "p90", "mean_se")},
                lower_share=float((change < 0.0).mean()),
                higher_share=float((change > 0.0).mean()),
            )


def tornado(inputs: Inputs, points: Vector, values: Vector, year: int) -> tuple[DriverRow, ...]:
    """Return what drives a figure, the weightiest first."""
    at, reached, rows = points[:LOOKED_AT], values[:LOOKED_AT], list[DriverRow]()
    found, tenth = sobol(at, reached), max(1, reached.size // 10)
    for place in np.argsort(-found.first, kind="stable")[:MOST].tolist():
        first, total = float(found.first[place]), float(found.total[place])
        if first > 0.0:
            row = inputs.rows[place]
            about = row.name, row.kind, row.table, row.row + 2 if row.table else 0, row.confidence
            known = reached[np.argsort(at[:, place], kind="stable")]
            ends = float(known[:tenth].mean()), float(known[-tenth:].mean())
            rows.append(DriverRow(year, *about, first, None if np.isnan(total) else total, *ends))
    return tuple(rows)


def worth_of_knowing(
    inputs: Inputs, points: Vector, values: Vector, year: int
) -> tuple[WorthRow, ...]:
    """Return the figures that would narrow an answer most if they were looked up.

    What a figure shares with others counts as known with it.
    """
    at, reached = points[:LOOKED_AT], values[:LOOKED_AT]
    n_causes = sum(row.kind == "cause" for row in inputs.rows)
    known = uniform(normal(at) @ inputs.weights.T)
    figures = [
        (number, row)
        for number, row in enumerate(inputs.rows[n_causes : n_causes + known.shape[1]])
        if row.can_be_looked_up
    ]
    if not figures:
        return ()
    columns = known[:, [number for number, _ in figures]]
    rows = list[WorthRow]()
    for place in np.argsort(-ratios(columns, reached), kind="stable")[: 2 * MOST].tolist():
        row, narrows = figures[place][1], narrowing(columns[:, place], reached)
        rows.append(WorthRow(year, row.name, row.table, row.row + 2, row.confidence, narrows))
    rows.sort(key=lambda row: -row.narrows_share)
    return tuple(row for row in rows[:MOST] if row.narrows_share > 0.0)


def stability(
    outputs: Sequence[tuple[str, Output]], values: Vector, central: Vector
) -> Iterator[StabilityRow]:
    """Yield how firmly each plant or country holds its rank, by its loss.

    Equal losses share the better rank.
    """
    groups: dict[tuple[str, int, str], list[int]] = {}
    for index, (scenario, output) in enumerate(outputs):
        if output.figure == "loss":
            groups.setdefault((scenario, output.year, output.element), []).append(index)
    n_draws = values.shape[0] * values.shape[1]
    for (scenario, year, element), places in groups.items():
        own = _ranks(central[None, places])[0]
        # how often each has each rank, counted batch by batch: draws may lie in a file
        counts = np.zeros((len(places), len(places) + 1), dtype=np.int64)
        for batch in values:
            for number, ranks in enumerate(_ranks(batch[:, places]).T):
                counts[number] += np.bincount(ranks, minlength=len(places) + 1)
        for number in np.argsort(own, kind="stable").tolist():
            if not values[:, :, places[number]].any():
                continue
            passed = np.cumsum(counts[number])
            low, high = np.searchsorted(passed, [0.1 * n_draws, 0.9 * n_draws])
            yield StabilityRow(
                scenario,
                year,
                outputs[places[number]][1].subject,
                element,
                int(own[number]),
                int(low),
                int(high),
                float(passed[1] / n_draws),
                float(passed[min(3, len(places))] / n_draws),
            )


def _ranks(losses: Vector) -> NDArray[np.int64]:
    """Return the rank of each loss in its row: 1 and how many are larger."""
    ordered = np.sort(-losses, axis=1)
    pairs = zip(ordered, -losses, strict=True)
    return 1 + np.array([np.searchsorted(row, own, side="left") for row, own in pairs])


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
    words = [name, row.element, subject, _MEANINGS.get(row.figure, "")]
    return ", ".join(word for word in words if word)


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
    ends, unit = between(low, high), row.unit
    if not with_unit:
        return ends
    if unit[:1].isdigit():  # an index
        return f"{ends} on the scale {unit}"
    return f"{ends} {'t' if unit.startswith('t ') else unit}"


#: part of the data range within which draws of estimates are not reported
_NARROW = 0.1
# part of a figure by which draws that are all alike may differ
_ROUNDING = 1e-6
#: values of draws up to which a result carries them
MOST_VALUES = 200_000
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
    document="supplynet.reports.results_draws.of_draws",
):
    """Draws of an answer.

    Parameters
    ----------
    question : Question
        The first year, without a scenario where there is such a strand.
    outputs : tuple of (str, Output)
        Scenario and figure of each column of the values.
    values : ndarray of float64, shape (n_batches, n_draws, n_outputs)
    least : tuple of float
        Coverages whose chance is reported, beside that of the central figures.
    n_programs : int
        Programs that were solved.
    """

    question: Question
    measure: str = col("What was asked of every draw.")
    method: str = col("How the draws are spread.")
    seed: int = col("What the draws begin with.")
    figures: tuple[FigureRow, ...] = rows("What the draws say of each figure")
    chances: tuple[ChanceRow, ...] = rows("Chance that a coverage reaches a value")
    differences: tuple[DifferenceRow, ...] = rows(
        "What scenarios change against the first, draw by draw"
    )
    drivers: tuple[DriverRow, ...] = rows("What drives the headline, the weightiest first")
    worth: tuple[WorthRow, ...] = rows("Rows that would narrow the headline if they were looked up")
    stability: tuple[StabilityRow, ...] = rows("How firmly chokepoints hold their rank")
    outputs: tuple[tuple[str, Output], ...] = field(repr=False)
    inputs: tuple[Input, ...] = field(repr=False)
    values: Vector = field(repr=False)
    least: tuple[float, ...]
    n_programs: int

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

    def proof(self) -> list[Proof]:
        """Return the value of each figure in every draw; none where those are too many."""
        if self.values.size > MOST_VALUES:
            return []
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
        return self.figures[leading(self.outputs, self.values)]

    def data_range(self, row: FigureRow) -> tuple[float, float] | None:
        """Return the ends of a figure with all figures of the graph low, and with all high.

        None where none is worked out: of other scenarios than the first, and of what is no headline
        of the analysis that is asked of every draw.
        """
        if row.scenario != self.scenarios[0]:
            return None
        if row.year not in self._ends:
            from supplynet.analysis.uncertainty.plan import measure_of

            asked = replace(self.question, year=row.year)
            measure = measure_of(self.measure, asked, self.provenance.options["options"])
            self._ends[row.year] = measure.ends()
        _, output = self.outputs[self.figures.index(row)]
        return self._ends[row.year].get(output)

    @cached_property
    def _ends(self) -> dict[int, Mapping[Output, tuple[float, float]]]:
        return {}

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
        data, rounding = self.data_range(row), _ROUNDING * abs(row.p90)
        return data is not None and row.p90 - row.p10 > data[1] - data[0] + rounding

    def ranges(self, row: FigureRow) -> list[str]:
        """Return the data range of a figure and that of the draws in words, the wider first.

        Where most of what is drawn are estimates, draws that stay within a tenth of the data range
        are not reported: how narrow they are is not known better than the estimates are. Nor are
        they without a data range.
        """
        data = self.data_range(row)
        if data is None:
            return []
        sampled = f"{ends_of(row, row.p10, row.p90, with_unit=True)} in 8 of 10 draws"
        told = f"data range {ends_of(row, *data, with_unit=True)}"
        if self._is_wider(row):
            return [sampled, told]
        known = [one.confidence == "estimated" for one in self.inputs if one.kind == "figure"]
        is_narrow = row.p90 - row.p10 < _NARROW * (data[1] - data[0])
        return [told] if is_narrow and 2 * sum(known) > len(known) else [told, sampled]

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

    def summary(self) -> str:
        """Return the headline with its range and its chance, in a sentence or two."""
        row = self.first
        middle = f"{value_of(row, row.p50)} in the middle of {self.n_draws:,} draws"
        told = "; ".join([*self.ranges(row), middle])
        sentence = f"{self.about(row)}, {row.year}, tier {self.tier}: {told}"
        if row.figure != "coverage":
            return f"{sentence}."
        reached, central = share(self.chances[0].chance), value_of(row, row.central)
        return f"{sentence}; {reached} of them reach {central}, as the central figures do."
