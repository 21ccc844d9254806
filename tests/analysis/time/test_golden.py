"""Three months of the tutorial by hand: rows that join them, what is done, what is proved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.time.horizon import Horizon
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from supplynet.questions.run import run
from tests.analysis.time.networks import solved, stock
from tests.network.networks import added

#: goods that Malta needs in a month of 2024
NEED = 1000.0 / 12.0
SHOCK = {"avoid": "ISL", "during": "2024-02", "begin": "2024-01", "end": "2024-03"}


def held(net: SupplyNetwork, **values: Any) -> SupplyNetwork:
    """The network with goods that Malta holds; a half may leave in a month, a fifth comes back."""
    row = stock(holders="MLT", quantity=60.0, release=0.5, refill=0.2, loss=0.19)
    return added(net, "stocks", {**row, **values})


@pytest.fixture(scope="module")
def three() -> Horizon:
    return solved(held(sn.load("tutorial")), **SHOCK)


def rows_of_stocks(result: Horizon) -> list[str]:
    """The rows of the stock's own variables, as text: those of limits, then those of levels."""
    program = result.plan.program
    names = {}
    for moves in program.moves:
        names[moves.level] = f"level{moves.period}"
        names |= dict.fromkeys(moves.draw, f"draw{moves.period}")
        names |= dict.fromkeys(moves.fill, f"fill{moves.period}")
    lp = program.program(np.zeros(len(program)))
    told = []
    for matrix, side, sign in ((lp.a_ub, lp.b_ub, "<="), (lp.a_eq, lp.b_eq, "=")):
        for row in range(matrix.shape[0]):
            start, end = matrix.indptr[row : row + 2]
            columns, weights = matrix.indices[start:end], matrix.data[start:end]
            if all(column in names for column in columns):
                terms = sorted(
                    (names[column], round(weight, 4))
                    for column, weight in zip(columns.tolist(), weights.tolist(), strict=True)
                )
                words = " ".join(f"{weight:+g} {name}" for name, weight in terms)
                told.append(f"{words} {sign} {side[row]:g}")
    return told


def test_its_rows_are_those_worked_out_by_hand(three: Horizon) -> None:
    """Of 60 t 12 may come back and 30 leave in a month; 0.81 a year is 0.98259 a month."""
    kept = round(0.81 ** (1 / 12), 4)
    assert rows_of_stocks(three) == [
        "+1 fill0 <= 12",
        "+1 draw1 <= 30",
        "+1 fill2 <= 12",
        f"-1 fill0 +1 level0 = {60 * 0.81 ** (1 / 12):g}",
        f"+1 draw1 -{kept:g} level0 +1 level1 = 0",
        f"-1 fill2 -{kept:g} level1 +1 level2 = 0",
    ]


def test_what_is_done_is_what_is_worked_out_by_hand(three: Horizon) -> None:
    """In February nothing comes and half of the stock leaves; nothing is over to fill it."""
    kept = 0.81 ** (1 / 12)
    own = [row for row in three.months if row.nation == "MLT"]
    assert [row.demand for row in own] == pytest.approx([NEED] * 3)
    assert own[1].served == pytest.approx(30.0, abs=1e-4)
    assert (own[0].share, own[2].share) == pytest.approx((1.0, 1.0))
    levels = [60.0 * kept, 60.0 * kept**2 - 30.0, 60.0 * kept**3 - 30.0 * kept]
    assert [row.level for row in three.stocks] == pytest.approx(levels, abs=1e-4)
    assert three.endurance[0].lost == pytest.approx(own[1].normal - 30.0, abs=1e-4)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"behavior": "foresight"},
        {"anticipation": 0.5, "postponed": 1.0, "lead": 1},
        {"during": "2024-01..2024-02", "by": "month"},
    ],
    ids=str,
)
def test_all_that_is_done_keeps_every_row_of_the_whole_horizon(words: dict[str, Any]) -> None:
    result = solved(held(sn.load("tutorial")), **{**SHOCK, **words})
    program, x = result.plan.program, result.plan.x
    lp = program.program(np.zeros(len(program)))
    assert np.abs(lp.a_eq @ x - lp.b_eq).max() <= 1e-6
    assert (lp.a_ub @ x - lp.b_ub).max() <= 1e-6
    assert (x >= lp.lower - 1e-6).all() and (x <= lp.upper + 1e-6).all()
    assert result.certificate.ok


def test_what_is_served_does_not_depend_on_the_order_of_rows() -> None:
    net = held(sn.load("tutorial"))
    turned = {table: net.rows(table)[::-1] for table in TABLES}
    other = SupplyNetwork.from_rows(net.metadata, turned)
    first, second = (
        {(row.period, row.nation, row.form): row.served for row in run(each, **SHOCK).months}
        for each in (net, other)
    )
    assert first.keys() == second.keys()
    assert [second[key] for key in first] == pytest.approx(list(first.values()), abs=1e-5)
