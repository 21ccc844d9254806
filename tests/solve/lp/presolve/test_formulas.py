"""Numbers that follow from entries are the same, worked out one by one or all at once."""

from __future__ import annotations

import numpy as np

from supplynet.solve.lp.presolve.reduction import Formulas


def test_numbers_follow_from_others_that_follow() -> None:
    formulas = Formulas(np.array([2.0, 3.0, -4.0]))
    first = formulas.replaced(0, 1, 1, 2)  # 2 + 9 / 4
    second = formulas.mixed([first, 1], [2.0, 1.0])
    third = formulas.replaced(None, second, 0, 1)
    entries = np.array([[2.0, 3.0, -4.0], [1.0, 2.0, -1.0]])
    values = formulas.values(entries)
    assert values[[first, second, third]].T.tolist() == [
        [4.25, 11.5, -11.5 * 2.0 / 3.0],
        [5.0, 12.0, -6.0],
    ]
    assert values[:, 0].tolist() == formulas.own


def test_a_sign_is_told_only_where_all_figures_have_it() -> None:
    formulas = Formulas(np.array([2.0, 3.0, -4.0, 0.0]))
    assert formulas.signs == [1, 1, -1, 0]
    assert formulas.signs[formulas.replaced(0, 1, 1, 2)] == 1
    assert formulas.signs[formulas.replaced(0, 1, 1, 1)] == 0
    assert formulas.signs[formulas.mixed([0, 2], [1.0, -1.0])] == 1
    assert formulas.signs[formulas.mixed([0, 2], [1.0, 1.0])] == 0
    assert formulas.signs[formulas.replaced(None, 3, 0, 1)] == 0
    assert formulas.signs[formulas.replaced(None, 0, 3, 1)] == 0
    assert formulas.signs[formulas.replaced(None, 0, 1, 2)] == 1
    unknown = formulas.mixed([0, 2], [1.0, 1.0])
    assert formulas.signs[formulas.replaced(None, 0, 1, unknown)] == 0
