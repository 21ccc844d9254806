"""The variables of a balance stand in one order, whatever the seed of the run.

Of many optima as good, which one a solver finds hangs on that order.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from supplynet.analysis.balance.columns import Columns, columns
from supplynet.analysis.balance.scope import scope
from supplynet.network.network import SupplyNetwork
from supplynet.terms import LevelName
from tests.analysis.balance.test_model import example
from tests.network.networks import changed

PROGRAM = """
import hashlib
import supplynet as sn
from supplynet.analysis.balance.model import model
from supplynet.analysis.balance.scope import scope

def plain(thing):
    if isinstance(thing, frozenset):
        return sorted(map(plain, thing))
    return [plain(one) for one in thing] if isinstance(thing, tuple | list) else thing

net = sn.load("rare-earths")
found = model(scope(net, year=2030, links="possible", plants="construction", closed=frozenset(),
                    elements=net.commodity.elements, basis="capacity"))
keys = [plain(key) for key in found.columns.keys]
rows = [plain(list(block.labels)) for block in found.blocks]
print(hashlib.sha256(repr((keys, rows)).encode()).hexdigest())
"""


@pytest.mark.slow
def test_variables_and_rows_stand_in_one_order_whatever_the_hash_seed() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(digests) == 1


def at_end(net: SupplyNetwork, level: LevelName) -> Columns:
    """The variables of a network at an end of its figures."""
    given = scope(
        net,
        year=2026,
        links="possible",
        plants="construction",
        closed=frozenset(),
        elements=net.commodity.elements,
        basis="capacity",
        level=level,
    )
    return columns(given)


@pytest.mark.parametrize(
    ("table", "name", "level", "ends"),
    [
        ("recoveries", "ref-small", "low", {"recovery_low": 0.0, "recovery_high": 1.0}),
        ("scrap", "maker-home", "high", {"ratio_low": 0.0, "ratio_high": 0.9}),
    ],
)
def test_variables_that_are_fewer_at_an_end_of_the_data_are_worked_out_anew(
    table: str, name: str, level: LevelName, ends: dict[str, float]
) -> None:
    """What a plant recovers none of leaves nothing, and what makes no scrap sends none."""
    net = changed(example(), table, lambda row: name in str(row), **ends)
    before = at_end(net, "central")
    assert before.keys
    again, anew = at_end(net, level), at_end(net.replace(), level)
    assert len(again) == len(again.keys) < len(before)
    assert again.keys == anew.keys
