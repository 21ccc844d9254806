"""The answer that is shown is the same whatever the number of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
import supplynet as sn
from supplynet.analysis.balance.ranges import link_flows
from supplynet.solve.lp import loading

quiet = loading._quiet_highs

def with_threads():
    highs = quiet()
    highs.setOptionValue("threads", int(sys.argv[1]))
    highs.setOptionValue("parallel", "on" if sys.argv[1] != "1" else "off")
    return highs

loading._quiet_highs = with_threads
net, words = sn.load(sys.argv[2]), json.loads(sys.argv[3])
shown = sn.allocate(net, **words).solved
alone = sn.coverage(net, to=sys.argv[4], **words, detail="coverage").solved
flows = {f"balance {'|'.join(name)}": t for name, t in link_flows(shown.run.model, shown.x).items()}
flows |= {f"potential {n}": x for n, x in enumerate(alone.x.tolist())}
flows |= {f"served {row.nation} {row.product}": row.served for row in shown.deliveries}
print(json.dumps(flows))
"""
NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
CASES = [
    ("tutorial", {}, "MLT"),
    pytest.param("rare-earths", {"avoid": "CHN", "year": 2030}, "KOR", marks=pytest.mark.slow),
]


def answered(threads: int, name: str, words: dict[str, object], to: str) -> dict[str, float]:
    """What a balance and a potential say in a process with so many threads."""
    env = {**os.environ, **dict.fromkeys(NAMES, str(threads))}
    command = [sys.executable, "-c", PROGRAM, str(threads), name, json.dumps(words), to]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    found: dict[str, float] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("name", "words", "to"), CASES)
def test_the_number_of_threads_does_not_matter(
    name: str, words: dict[str, object], to: str
) -> None:
    one, two = (answered(threads, name, words, to) for threads in (1, 2))
    largest = max(one.values())
    assert largest > 0.0
    for key in one.keys() | two.keys():
        assert abs(one.get(key, 0.0) - two.get(key, 0.0)) <= 1e-6 * largest, key
