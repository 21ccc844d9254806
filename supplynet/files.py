"""Files that are whole or not there: written without a name of their own, then moved into place.

Every room writes its files by these functions. Where the system can, a file has no name until it is
whole, so that nothing is left of one whose writer was killed. What has a name before that, folders
among it, is called after its process: the next write into the same folder removes what those left
behind that are gone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import secrets
import shutil
import signal
import stat
import threading
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO

from supplynet.errors import OutputError

_REASONS = {
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
}


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, line ends as they are; see :func:`write_bytes`."""
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise OutputError(f"{path}: the text holds half a character (a lone surrogate)") from error
    write_bytes(path, content)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it is whole or not changed at all, whatever happens meanwhile.

    An existing file is replaced and keeps its permissions; a link keeps pointing at the file. A
    device or pipe is written to directly. What cannot be written is an OutputError.
    """
    with explained(path):
        target = path.resolve() if path.is_symlink() else path
        mode = mode_of(target)
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError(
                f"{path}: this is a folder", hint="give the name of a file to write into it"
            )
        if mode is not None and not stat.S_ISREG(mode):
            target.write_bytes(content)
            return
        require_folder(target)
        remove_stale(target.parent)
        temporary = temporary_name(target)
        try:
            write_new(temporary, content)
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)


def mode_of(path: Path) -> int | None:
    """Return the type and permissions of what is there; None for nothing."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def require_folder(target: Path) -> None:
    """Refuse a place in a folder that is not there."""
    if not target.parent.is_dir():
        raise OutputError(
            f"{target}: there is no folder {target.parent}", hint="make the folder first"
        )


def temporary_name(target: Path) -> Path:
    """Return a name beside a file that nothing else has, and that states whose it is."""
    # The same folder: moving is one step only within one file system.
    return target.with_name(f".{os.getpid()}-{_here()}-{secrets.token_hex(8)}.tmp")


@cache
def _here() -> str:
    """Return what this machine is reported from others by that may write into the same folder."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


#: a temporary name: the process and the machine that it is of
_TEMPORARY = re.compile(r"\.(\d+)-([0-9a-f]{8})-[0-9a-f]{16}\.tmp")


def remove_stale(folder: Path) -> None:
    """Remove what processes of this machine left in a folder that were killed while they wrote."""
    with contextlib.suppress(OSError):
        for stale in list(folder.iterdir()):
            record = _TEMPORARY.fullmatch(stale.name)
            if record and record[2] == _here() and not _is_running(int(record[1])):
                with contextlib.suppress(OSError):
                    if stale.is_dir() and not stale.is_symlink():
                        shutil.rmtree(stale)
                    else:
                        stale.unlink()


def _is_running(process: int) -> bool:
    """Whether there is a process of this number; True where that cannot be known."""
    if os.name != "posix":  # elsewhere to ask would end it
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass
    return True


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, through to the disk; it has its name once it is whole."""
    if not _is_linked(path, content):
        with path.open("xb") as stream:
            _write_through(stream, content)


def _is_linked(path: Path, content: bytes) -> bool:
    """Write a file without a name, then give it one; False where the system cannot."""
    if not hasattr(os, "O_TMPFILE"):
        return False
    try:
        handle = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except OSError:  # what hinders all files is reported by the usual way
        return False
    with os.fdopen(handle, "wb") as stream:
        _write_through(stream, content)
        try:
            # with a folder to start from, for only then the link is followed to the file itself
            os.link(f"/proc/self/fd/{handle}", path, src_dir_fd=handle, follow_symlinks=True)
        except OSError:
            return False
    return True


def _write_through(stream: IO[bytes], content: bytes) -> None:
    stream.write(content)
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make the move itself last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the system says into an error for people, and clean up if asked to end."""
    try:
        with _tidied():
            yield
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        code = error.errno if isinstance(error, OSError) else None
        # not the whole text: it names the file under which it was written first
        text = error.strerror if isinstance(error, OSError) else None
        reason = _REASONS.get(code or 0) or text or str(error)
        raise OutputError(f"{path}: cannot be written: {reason}") from error


@contextlib.contextmanager
def _tidied() -> Iterator[None]:
    """Let a request to end (SIGTERM) remove what is half written, as Ctrl-C does.

    Only while a file is written: elsewhere the system ends the program at once.
    """
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return

    def end(index: int, _: object) -> None:
        raise SystemExit(128 + index)

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
