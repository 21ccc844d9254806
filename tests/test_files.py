"""A file is whole or not changed, and what the system says becomes an error for people."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from supplynet import files
from supplynet.errors import OutputError
from supplynet.files import write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "ä\r\n")
    assert path.read_bytes() == "ä\r\n".encode()
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    umask = os.umask(0o027)
    try:
        write_text(path, "x")
    finally:
        os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o604)
    write_text(path, "y")
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_link_keeps_pointing_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="no device to write to")
def test_devices_are_written_to_and_stay_devices() -> None:
    write_text(Path(os.devnull), "x")
    assert Path(os.devnull).is_char_device()


def test_messages(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no folder") as caught:
        write_text(tmp_path / "gone" / "a.txt", "x")
    assert caught.value.hint == "make the folder first"
    with pytest.raises(OutputError, match="this is a folder"):
        write_text(tmp_path, "x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="a part of the path is a file"):
        write_text(tmp_path / "file" / "a.txt", "x")
    with pytest.raises(OutputError, match="the name is too long"):
        write_text(tmp_path / ("a" * 300), "x")
    with pytest.raises(OutputError, match="null"):
        write_text(tmp_path / "a\0b", "x")
    with pytest.raises(OutputError, match="half a character"):
        write_text(tmp_path / "a", "\ud800")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EACCES, "you may not write there"),
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "open"])
def test_failures_leave_the_old_file(
    code: int, words: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        for owner in (os,) if step == "fsync" else (os, Path):
            patch.setattr(owner, step, fail)
        with pytest.raises(OutputError, match=words):
            write_text(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_that_cannot_be_synced_is_no_failure(tmp_path: Path, monkeypatch: Any) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.EINVAL, "no")

    monkeypatch.setattr(os, "open", fail)
    write_bytes(tmp_path / "a.txt", b"x")
    assert (tmp_path / "a.txt").read_bytes() == b"x"


def test_ctrl_c_leaves_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "a.txt", "x")
    assert names(tmp_path) == []


def test_a_failed_move_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.md"
    target.write_text("old")

    def fail(self: Path, other: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="you may not write there"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_request_to_end_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGTERM while a file is written: the old one stays, and what was begun is removed."""
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def ended(place: Path, data: bytes) -> None:
        place.write_bytes(data[:1])
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(files, "write_new", ended)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught:
        files.write_bytes(path, b"new")
    assert caught.value.code == 128 + signal.SIGTERM
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert path.read_bytes() == b"old" and signal.getsignal(signal.SIGTERM) == before


def test_files_are_written_from_any_thread(tmp_path: Path) -> None:
    """Signals belong to the main thread; others write without asking for them."""
    writer = threading.Thread(target=files.write_bytes, args=(tmp_path / "a", b"new"))
    writer.start()
    writer.join()
    assert (tmp_path / "a").read_bytes() == b"new"


#: a writer that is killed: it states when it begins, and writes without pause
_WRITER = """
import sys
from pathlib import Path
from supplynet.files import write_bytes
print("ready", flush=True)
while True:
    write_bytes(Path(sys.argv[1]) / "file", b"x" * 3_000_000)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_kill_leaves_nothing_behind(tmp_path: Path) -> None:
    """What has no name is gone with its writer; the next write removes what has one."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    root = str(Path(files.__file__).parents[1])
    for turn in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**clean, "PYTHONPATH": root},
        ) as child:
            assert child.stdout is not None and child.stdout.readline() == b"ready\n"
            time.sleep(0.003 * turn)
            child.kill()
        left = set(names(tmp_path)) - {"file"}
        assert len(left) <= 1  # one moment between the two steps of a move
        write_bytes(tmp_path / "file", b"y")
        assert names(tmp_path) == ["file"]


def test_what_others_left_is_removed_and_what_they_write_is_not(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        pass
    here, own = files._here(), os.getpid()
    stale = [f".{gone.pid}-{here}-{n:016x}.tmp" for n in range(2)]
    kept = [
        f".{own}-{here}-{0:016x}.tmp",
        f".{gone.pid}-{'0' * 8}-{0:016x}.tmp",  # of another machine
        f".{gone.pid}.tmp",
    ]
    (tmp_path / stale[0]).mkdir()
    (tmp_path / stale[0] / "half").write_text("x")
    for name in [stale[1], *kept]:
        (tmp_path / name).write_text("x")
    write_text(tmp_path / "a.txt", "x")
    assert names(tmp_path) == sorted([*kept, "a.txt"])
    files.remove_stale(tmp_path / "nowhere")


def test_a_process_that_cannot_be_asked_for_is_running(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> None:
        raise PermissionError(1, "no")

    assert files._is_running(os.getpid())
    assert not files._is_running(10**30)
    monkeypatch.setattr(os, "kill", forbid)
    assert files._is_running(1)
    monkeypatch.setattr(files.os, "name", "nt")
    assert files._is_running(10**30)


@pytest.mark.parametrize("what", ["O_TMPFILE", "link"])
def test_where_no_file_can_be_without_a_name_it_is_written_under_one(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "no")

    if what == "link":
        monkeypatch.setattr(os, "link", fail)
    else:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    write_text(tmp_path / "a.txt", "x")
    write_text(tmp_path / "a.txt", "y")
    assert (tmp_path / "a.txt").read_text() == "y" and names(tmp_path) == ["a.txt"]
