"""Files that are whole or not there: written under another name, then moved into place.

Every room writes its files by these functions.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from supplynet.errors import OutputError

__all__ = ["write_bytes", "write_text"]

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
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise OutputError(f"{path}: the text holds half a character (a lone surrogate)") from error
    write_bytes(path, data)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that it is whole or not changed at all, whatever happens meanwhile.

    An existing file is replaced and keeps its permissions; a link keeps pointing at the file.
    A device or pipe is written to directly.

    Raises
    ------
    OutputError
        If it cannot be written: no folder, no permission, no space, a folder of that name.
    """
    with explained(path):
        target = path.resolve() if path.is_symlink() else path
        mode = mode_of(target)
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError(
                f"{path}: this is a folder", hint="give the name of a file to write into it"
            )
        if mode is not None and not stat.S_ISREG(mode):
            target.write_bytes(data)
            return
        require_folder(target)
        temporary = temporary_name(target)
        try:
            write_new(temporary, data)
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
    """Return a name beside a file that nothing else has."""
    # The same folder: moving is one step only within one file system.
    return target.with_name(f".{secrets.token_hex(8)}.tmp")


def write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there, through to the disk."""
    with path.open("xb") as stream:
        stream.write(data)
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
        told = error.strerror if isinstance(error, OSError) else None
        reason = _REASONS.get(code or 0) or told or str(error)
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

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
