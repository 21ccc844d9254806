"""The variables of a balance stand in one order, whatever the seed of the run.

Of many optima as good, which one a solver finds hangs on that order.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
found = model(scope(net, year=2030, links="plausible", closed=frozenset(),
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
