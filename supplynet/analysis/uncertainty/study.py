"""What a study of draws tells: figures with their spread, their chances, and the draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.proofs import Programs, figure
from supplynet.analysis.uncertainty.told import (
    ChanceRow,
    DifferenceRow,
    DriverRow,
    FigureRow,
    StabilityRow,
    WorthRow,
    leading,
)
from supplynet.analysis.uncertainty.words import ends_of, value_of, what_of
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.row import col, rows
from supplynet.network.tiers import Floors, tier_name
from supplynet.text import share

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.inputs import Input
    from supplynet.analysis.uncertainty.measures import Output
    from supplynet.analysis.uncertainty.shapes import Vector

#: part of the data range within which draws of estimates are not told
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
        Coverages whose chance is told, beside that of the central figures.
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
        for place, row in enumerate(self.figures):
            name = f"{row.figure}{_OF.format(**{key: getattr(row, key) for key in OF_ROW})}"
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
