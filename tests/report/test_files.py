from __future__ import annotations

import os
from pathlib import Path

import pytest

from supplynet.errors import OutputError
from supplynet.report.files import write_text


def test_writes_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "a.md"
    write_text(target, "one")
    target.chmod(0o640)
    write_text(target, "two é\n")
    assert target.read_bytes() == "two é\n".encode()
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_link_keeps_pointing(tmp_path: Path) -> None:
    target, link = tmp_path / "a.md", tmp_path / "b.md"
    target.write_text("old")
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_failed_move_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.md"
    target.write_text("old")

    def fail(self: Path, other: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="Permission denied"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_folder_that_no_system_knows() -> None:
    with pytest.raises(OutputError) as caught:
        write_text(Path("a\x00b") / "a.md", "text")
    assert "make the folder" in caught.value.hint


def test_a_folder_that_may_not_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", fail)
    with pytest.raises(OutputError, match="cannot be written"):
        write_text(tmp_path / "no" / "a.md", "text")


@pytest.mark.parametrize("name", ["no/such/folder.md", "a\x00b.md", "x" * 300 + ".md"])
def test_names_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_text(tmp_path / name, "text")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_text(tmp_path / "no" / "a.md", "text")
    assert "make the folder" in caught.value.hint


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_text(tmp_path, "text")
    assert tmp_path.is_dir()


def test_half_a_character(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="half a character"):
        write_text(tmp_path / "a.md", "\ud800")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no such device here")
def test_a_device_is_written_to() -> None:
    write_text(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()
