"""Figures are put in the places of a program's own."""

from __future__ import annotations

import numpy as np

from supplynet.solve.lp.program import Figures, LinearProgram, entries_of


def test_some_of_the_figures_are_those_of_their_numbers() -> None:
    lp = LinearProgram([1.0], [[2.0]], [6.0], [[3.0]], [9.0], [0.0], [9.0])
    figures = Figures(
        np.array([[1.0], [2.0], [3.0]]), np.array([[4.0], [5.0], [6.0]]),
        np.array([[7.0], [8.0], [9.0]]), np.array([1]),
    )  # fmt: skip
    for number in range(2):
        part, whole = figures.some(1, 3).program(lp, number), figures.program(lp, number + 1)
        assert (part.b_ub, part.b_eq) == (whole.b_ub, whole.b_eq)
        assert entries_of(part).tolist() == entries_of(whole).tolist() == [2.0, 8.0 + number]
