"""What a study of draws tells: figures with their spread, their chances, and the draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.proofs import Programs, figure
from supplynet.analysis.provenance import provenance
from supplynet.analysis.uncertainty.statistics import Spread, chance, spread
from supplynet.analysis.uncertainty.told import (
    ChanceRow,
    DifferenceRow,
    DriverRow,
    FigureRow,
    StabilityRow,
    WorthRow,
    differences,
    leading,
    stability,
)
from supplynet.analysis.uncertainty.words import ends_of, value_of, what_of
from supplynet.contract.declared import Layout, Table, count, number, text
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.network.tiers import Floors, tier_name
from supplynet.text import share

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.inputs import Input
    from supplynet.analysis.uncertainty.measures import Output
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.solve.check import Certificate

#: part of the data range within which draws of estimates are not told
_NARROW = 0.1
# part of a figure by which draws that are all alike may differ
_ROUNDING = 1e-6
#: values of draws up to which a result carries them
MOST_VALUES = 200_000
_SPREAD = ("mean", "p5", "p10", "p50", "p90", "p95", "worst_tenth")
# what tells the values of one figure from those of others, in a proof
_TOLD = ("scenario", "nation", "product", "element", "subject", "year")
_OF = "".join(f", {{{key}}}" for key in _TOLD)


_ERRORS = tuple(f"{name}_se" for name in _SPREAD)

_ITS_OWN = "unit of the first figure"

STUDY_LAYOUT = Layout(
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
    document="supplynet.reports.results_draws.of_draws",
    figures=(
        text("measure", "What was asked of every draw."),
        text("method", "How the draws are spread."),
        count("seed", "What the draws begin with."),
        number(
            "low",
            _ITS_OWN,
            "Low end of the headline: of data range and P10 to P90 the wider; none without both.",
            optional=True,
        ),
        number("high", _ITS_OWN, "High end of the headline.", optional=True),
        number("data_low", _ITS_OWN, "Low end of its data range.", optional=True),
        number("data_high", _ITS_OWN, "High end of its data range.", optional=True),
        count("n_draws", "Draws."),
        count("n_inputs", "Uniform numbers that a draw takes."),
    ),
    tables=(
        Table("figures", "What the draws say of each figure", FigureRow),
        Table("chances", "Chance that a coverage reaches a value", ChanceRow),
        Table(
            "differences", "What scenarios change against the first, draw by draw", DifferenceRow
        ),
        Table("drivers", "What drives the headline, the weightiest first", DriverRow),
        Table("worth", "Rows that would narrow the headline if they were looked up", WorthRow),
        Table("stability", "How firmly chokepoints hold their rank", StabilityRow),
    ),
)


@dataclass(frozen=True, eq=False)
class Study(Result):
    """Draws of an answer.

    Parameters
    ----------
    question : Question
        The first year, without a scenario where there is such a strand.
    measure : str
        What was asked of every draw.
    outputs : tuple of (str, Output)
        Scenario and figure of each column of the values.
    inputs : tuple of Input
    values : ndarray of float64, shape (n_batches, n_draws, n_outputs)
    central : ndarray of float64, shape (n_outputs,)
    drivers : tuple of DriverRow
        What drives the leading figure, year by year, the weightiest first.
    worth : tuple of WorthRow
        Rows that would narrow it if they were looked up, the worthiest first.
    least : tuple of float
        Coverages whose chance is told, beside that of the central figures.
    method : str
    seed : int
    n_kept, n_programs : int
        Programs whose optimum lay at the basis at hand, of all.
    certificate : Certificate or None
        Every check at its worst over all programs of all draws; None where nothing is solved.
    options : mapping of str to object
        Words of the question that the provenance tells.
    """

    LAYOUT = STUDY_LAYOUT

    question: Question
    measure: str
    outputs: tuple[tuple[str, Output], ...] = field(repr=False)
    inputs: tuple[Input, ...] = field(repr=False)
    values: Vector = field(repr=False)
    central: Vector = field(repr=False)
    drivers: tuple[DriverRow, ...] = field(repr=False)
    worth: tuple[WorthRow, ...] = field(repr=False)
    least: tuple[float, ...]
    method: str
    seed: int
    n_kept: int
    n_programs: int
    certificate: Certificate | None = field(repr=False)
    options: Mapping[str, Any] = field(repr=False)

    @cached_property
    def provenance(self) -> Provenance:
        """Of the first question, with what was drawn; told on first use."""
        return provenance(self.question, **self.options)

    @property
    def n_draws(self) -> int:
        """How many draws."""
        return int(self.values.shape[0] * self.values.shape[1])

    @property
    def n_inputs(self) -> int:
        """How many uniform numbers a draw takes."""
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
        for place, row in enumerate(self.figures):
            name = f"{row.figure}{_OF.format(**{key: getattr(row, key) for key in _TOLD})}"
            programs.add_values(name, self.values[:, :, place].ravel())
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

    @cached_property
    def figures(self) -> tuple[FigureRow, ...]:
        """What the draws say of each figure."""
        return tuple(
            _figure(scenario, output, float(self.central[place]), self.spreads[place])
            for place, (scenario, output) in enumerate(self.outputs)
        )

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """What the draws say of each column of the values."""
        return tuple(spread(self.values[:, :, place]) for place in range(len(self.outputs)))

    @cached_property
    def chances(self) -> tuple[ChanceRow, ...]:
        """Chances that coverages reach the values asked for."""
        return tuple(self._chances())

    def _chances(self) -> Iterator[ChanceRow]:
        for place, (scenario, output) in enumerate(self.outputs):
            if output.figure == "coverage":
                # a level is told once, also where it is that of the central figures
                for least in dict.fromkeys((float(self.central[place]), *self.least)):
                    share_of, error = chance(self.values[:, :, place], least)
                    # of all that an output is of, its figure and its unit are told by the table
                    yield ChanceRow(scenario, *output[1:-1], least, share_of, error)

    @cached_property
    def differences(self) -> tuple[DifferenceRow, ...]:
        """What each scenario changes against the first, draw by draw."""
        return tuple(differences(self.outputs, self.values))

    @cached_property
    def stability(self) -> tuple[StabilityRow, ...]:
        """How firmly each chokepoint holds its rank; of chokepoints alone."""
        return tuple(stability(self.outputs, self.values, self.central))

    @property
    def first(self) -> FigureRow:
        """The first figure: coverage where a need is known."""
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
            measure = measure_of(self.measure, asked, self.options["options"])
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
        """Low end of the headline: of data range and P10 to P90 the wider; None without both."""
        return self.first.p10 if self._is_wider(self.first) else self.data_low

    @property
    def high(self) -> float | None:
        """High end of the headline."""
        return self.first.p90 if self._is_wider(self.first) else self.data_high

    def _is_wider(self, row: FigureRow) -> bool:
        """Whether P10 to P90 of a figure is wider than its data range."""
        data, rounding = self.data_range(row), _ROUNDING * abs(row.p90)
        return data is not None and row.p90 - row.p10 > data[1] - data[0] + rounding

    def ranges(self, row: FigureRow) -> list[str]:
        """Return the data range of a figure and that of the draws in words, the wider first.

        Where most of what is drawn are estimates, draws that stay within a tenth of the data range
        are not told: how narrow they are is not known better than the estimates are. Nor are they
        without a data range.
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
            ).assign(value=flat[:, place])
            for place, (scenario, output) in enumerate(self.outputs)
        ]
        return pd.concat(frames, ignore_index=True)

    @property
    def to_name(self) -> str:
        """Of whom the figures are: a balance tells those of all nations together."""
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


def _figure(scenario: str, output: Output, central: float, told: Spread) -> FigureRow:
    named = (*_SPREAD, *_ERRORS, "precision")
    told_of = {name: getattr(told, name) for name in named}
    return FigureRow(scenario=scenario, **output._asdict(), central=central, **told_of)
