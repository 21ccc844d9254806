"""Whoever is killed while it writes leaves all as it was or as it should be, and nothing else."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tools import kills


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("kind", "sign"),
    [("file", signal.SIGKILL), ("folder", signal.SIGKILL), ("pictures", signal.SIGTERM)],
)
def test_a_turn(kind: str, sign: signal.Signals, tmp_path: Path) -> None:
    whole, _, after = kills.turn(kind, sign, 0.01, tmp_path)
    assert whole and not after


def test_what_is_half_written_or_left_is_seen(tmp_path: Path) -> None:
    assert kills.is_whole(tmp_path) and not kills.left_in(tmp_path)
    (tmp_path / ".1-0.tmp").write_bytes(b"A")
    assert kills.is_whole(tmp_path) and kills.left_in(tmp_path) == 1
    (tmp_path / "file").write_bytes(b"A" * kills.SIZE)
    assert kills.is_whole(tmp_path)
    (tmp_path / "file").write_bytes(b"A" * (kills.SIZE - 1))
    assert not kills.is_whole(tmp_path)


def test_the_record_is_of_two_hundred_kills_and_none_left_anything() -> None:
    told = json.loads(kills.RECORD.read_text(encoding="utf-8"))
    assert told["kills"] >= 200
    assert told["half_written"] == told["left_after_next_write"] == 0
