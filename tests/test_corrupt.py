"""Changes of written answers at random: each is seen, or meets what is marked open."""

from __future__ import annotations

import pytest

from supplynet import verify
from tests.sweeps import sweep
from tools import corrupt

#: graphs whose answers are small
SMALL = "tutorial", "gallium-germanium"


def test_no_change_of_a_certified_figure_goes_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "Program", verify.Program)  # what is sped up is put back
    monkeypatch.setattr(verify.Program, "faults", verify.Program.faults)
    corrupt.quick()
    n = max(sweep((2_000, 50_000), (2_000,)))
    known = [*corrupt.answers(() if n > 2_000 else SMALL)]
    assert {one.question for one in known} >= {"risks", "plan", "uncertainty", "replay", "allocate"}
    assert corrupt.unseen(known, n, seed=0) == {}
