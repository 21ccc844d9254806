from __future__ import annotations

import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from supplynet import limits
from supplynet.errors import DataError, LimitError, OptionError


def test_reads_a_file_of_exactly_the_bound(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 8)
    (tmp_path / "a").write_bytes(b"12345678")
    assert limits.read_bytes(tmp_path / "a") == b"12345678"
    (tmp_path / "a").write_bytes(b"123456789")
    with pytest.raises(LimitError, match=r"shown: larger than 8 bytes"):
        limits.read_bytes(tmp_path / "a", file="shown")


def test_bounds_follow_the_memory_of_the_machine(monkeypatch: Any) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 5, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert limits.memory_bytes() == 20_480
    monkeypatch.delattr(os, "sysconf")
    assert limits.memory_bytes() == 0


def test_what_is_too_large_says_what_memory_it_needs(tmp_path: Path, monkeypatch: Any) -> None:
    """Before it is read, so that nobody waits for an end that does not come."""
    monkeypatch.setattr(limits, "MEMORY_BYTES", 2**31)
    monkeypatch.setattr(limits, "MAX_ROWS", 2**20)
    with pytest.raises(LimitError, match=r"edges.csv: more .* 1,048,576 rows: up to 5.7 GiB.* 2.0"):
        limits.require_rows(3_000_000, "edges.csv")
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 2**20)
    (tmp_path / "large").write_bytes(b"a" * 2**26)
    with pytest.raises(LimitError, match=r"up to 2.0 GiB of memory are needed, and 2.0 GiB may be"):
        limits.read_bytes(tmp_path / "large")


def test_what_is_too_large_by_its_size_is_not_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 8 * limits.MIB)
    with (tmp_path / "edges.csv").open("wb") as stream:
        stream.truncate(64 * limits.MIB)
    tracemalloc.start()
    with pytest.raises(LimitError, match=r"edges.csv: larger than 8,388,608 bytes: up to 2.0 GiB"):
        limits.read_bytes(tmp_path / "edges.csv")
    assert tracemalloc.get_traced_memory()[1] < limits.MIB
    tracemalloc.stop()


def test_memory_is_no_more_than_the_process_may_use(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "address_bytes", lambda: 4096)
    assert limits.memory_bytes() in (0, 4096)


def test_what_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        limits.read_bytes(tmp_path / "gone")
    with pytest.raises(DataError, match="a folder or a device"):
        limits.read_bytes(tmp_path)
    with pytest.raises(DataError):
        limits.read_bytes(tmp_path / "a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="device"):
        limits.read_bytes(tmp_path / "pipe")


def test_an_unreadable_file_says_why(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "a").write_bytes(b"")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"cannot be read \(permission denied\)"):
        limits.read_bytes(tmp_path / "a")


def test_decode_takes_a_byte_order_mark_away_and_names_the_line() -> None:
    assert limits.decode("\ufeffä".encode(), "x") == "ä"
    with pytest.raises(DataError, match=r"x\.csv, line 3: not UTF-8 text \(byte 0xe9\)") as caught:
        limits.decode(b"a\nb\ncaf\xe9", "x.csv")
    assert "UTF-8" in caught.value.hint


def nested(depth: int) -> Any:
    tree: Any = 1
    for _ in range(depth):
        tree = [tree]
    return tree


def test_depth() -> None:
    limits.check_tree(nested(32), "x")
    limits.check_tree({"a": nested(31)}, "x")
    with pytest.raises(LimitError, match="deeper than 32"):
        limits.check_tree(nested(33), "x")
    with pytest.raises(LimitError):
        limits.check_tree({"a": nested(32)}, "x")
    limits.check_tree([[]], "x")


@pytest.mark.parametrize("tree", [float("nan"), [float("inf")], {"a": [-float("inf")]}])
def test_numbers_that_are_not_finite(tree: Any) -> None:
    with pytest.raises(DataError, match="NaN and Infinity"):
        limits.check_tree(tree, "x")


def test_long_texts() -> None:
    limits.check_tree({"a": ["x" * limits.MAX_CELL_CHARS]}, "x")
    with pytest.raises(LimitError, match="a text has more than 131,072 characters"):
        limits.check_tree({"a": ["x" * (limits.MAX_CELL_CHARS + 1)]}, "x")


@pytest.mark.parametrize("tree", ["\ud800", {"\udfff": 1}, ["ok", {"a": "\udc00"}]])
def test_half_characters(tree: Any) -> None:
    with pytest.raises(DataError, match="half a character"):
        limits.check_tree(tree, "x")


@pytest.mark.parametrize("given", ["", " ", "38"])
def test_a_program_of_as_many_variables_as_are_allowed(given: str, monkeypatch: Any) -> None:
    monkeypatch.setenv(limits.SIZE_LIMIT, given)
    limits.require_solvable(38, 12, 2)


def test_a_larger_program_is_refused_with_what_makes_it_large(monkeypatch: Any) -> None:
    monkeypatch.delenv(limits.SIZE_LIMIT, raising=False)
    with pytest.raises(LimitError) as refused:
        limits.require_solvable(limits.MAX_VARIABLES + 1, 102_134, 1)
    assert refused.value.message == (
        "102,134 links x 1 element make a program of 120,001 variables; at most 120,000 are solved"
    )
    assert f"{limits.SIZE_LIMIT}=120001 in the environment" in refused.value.hint


@pytest.mark.parametrize("given", ["many", "-1", "1e6", "²"])
def test_what_is_allowed_is_a_whole_number(given: str, monkeypatch: Any) -> None:
    monkeypatch.setenv(limits.SIZE_LIMIT, given)
    with pytest.raises(OptionError, match="is no whole number"):
        limits.require_solvable(1, 1, 1)
