"""A study that is killed at any moment goes on from its folder and ends with the same bytes."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from tools import resume


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("study", ["64 samples", "100 shocks", "200 scenarios and nations"])
def test_a_killed_study_ends_with_the_same_bytes(study: str, tmp_path: Path) -> None:
    assert resume.differs(study, 1, random.Random(7), tmp_path) == 0


def test_the_record_is_of_twenty_kills_of_each_study_and_none_differs() -> None:
    record = json.loads(resume.RECORD.read_text(encoding="utf-8"))
    assert all(told["kills"] >= 20 for told in record.values())
    assert {study: told["differ"] for study, told in record.items()} == dict.fromkeys(
        resume.STUDIES, 0
    )
