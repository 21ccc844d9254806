"""The map from the balance's variables to what they hold of an element."""

from __future__ import annotations

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.balance.columns import KINDS
from supplynet.analysis.exposure.moves import GONE, READERS, Pot, moves_of
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.trace import flow_of
from supplynet.network.network import SupplyNetwork
from tests.network.networks import added


def test_every_kind_of_variable_is_known() -> None:
    """A new kind of variable must say here what it holds; without, every trace would be wrong."""
    assert READERS.keys() == KINDS.keys()


@pytest.mark.parametrize("year", [2024, 2030])
def test_nations_get_of_each_element_what_the_balance_says(
    rare_earths: SupplyNetwork, year: int
) -> None:
    """Two systems that know nothing of each other: by product there, by move here."""
    result = sn.allocate(rare_earths, year=year).solved
    model = result.run.model
    for element in ("Nd", "Tb", "La"):
        moves = moves_of(model, element)
        flow = flow_of(moves, without_excess(model, result.x))
        for row in result.elements:
            if row.element == element:
                supply = moves.where(
                    lambda pot, row=row: pot.kind == "supply" and pot.label == row.nation
                )
                got = float(flow.arriving[supply[moves.head]].sum())
                assert got == pytest.approx(row.served, rel=1e-8, abs=1e-6)
        gap = (flow.inflow - flow.outflow)[moves.is_closed]
        assert np.abs(gap).max() <= 1e-9 * flow.largest


def test_what_nobody_there_can_use_is_gone(tutorial: SupplyNetwork) -> None:
    """The small refinery of the tutorial parts Nd only: its Dy goes nowhere."""
    model = sn.allocate(tutorial).solved.run.model
    moves = moves_of(model, "Dy")
    pots = set(moves.pots)
    assert GONE in pots
    assert Pot("separated", "ref-small") not in pots
    assert Pot("separated", "ref-small") in set(moves_of(model, "Nd").pots)


def test_products_that_are_mixed_have_ends(rare_earths: SupplyNetwork) -> None:
    moves = moves_of(sn.allocate(rare_earths).solved.run.model, "Nd")
    mixed = moves.is_mixed
    assert mixed.any()
    assert (moves.low[mixed] <= moves.high[mixed]).all()
    assert (moves.low[mixed] < moves.high[mixed]).any()
    assert (moves.low[~mixed] == moves.content[~mixed]).all()
    assert ((moves.kept >= 0.0) & (moves.kept <= 1.0)).all()


def test_a_mine_loses_only_what_its_ore_type_holds_back(tutorial: SupplyNetwork) -> None:
    """Shares of a mine's own basket are those that can be had: nothing is lost of them there."""
    net = added(tutorial, "recoveries", {"node_id": "mine-big", "group": "all", "recovery": 0.5})
    for one in (tutorial, net):
        moves = moves_of(sn.allocate(one).solved.run.model, "Nd")
        own = moves.where(lambda pot: pot.label == "mine-big" and pot.kind in ("ground", "raw"))
        assert moves.kept[own[moves.tail]].tolist() == [1.0, 1.0]


def test_what_moves_in_a_solution_is_read_alone_and_tells_the_same() -> None:
    balance = sn.allocate(sn.load("tutorial")).solved
    model, x = balance.run.model, balance.x
    whole, used = (flow_of(moves_of(model, "Nd", given), x) for given in (None, x))
    assert 0 < len(used.moves.column) < len(whole.moves.column)
    moved = whole.leaving > 0.0
    assert used.moves.column.tolist() == whole.moves.column[moved].tolist()
    assert used.leaving == pytest.approx(whole.leaving[moved])
    assert used.arriving == pytest.approx(whole.arriving[moved])
