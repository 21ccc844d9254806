"""Files that are whole or not there: written under another name, then moved into place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from supplynet.errors import OutputError
from supplynet.io.paths import check_members

__all__ = ["write_bytes", "write_folder", "write_text"]

#: what a folder must hold to be replaced: nothing else is ever deleted
PACKAGE_FILE = "datapackage.json"

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
    with _readable(path):
        target = path.resolve() if path.is_symlink() else path
        mode = _mode(target)
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError(
                f"{path}: this is a folder", hint="give the name of a file to write into it"
            )
        if mode is not None and not stat.S_ISREG(mode):
            target.write_bytes(data)
            return
        _require_folder(target)
        temporary = _temporary_name(target)
        try:
            _write_new(temporary, data)
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)


def write_folder(path: Path, files: Mapping[str, str | bytes], *, overwrite: bool = False) -> None:
    """Write a folder of files so that it is whole or not there.

    Parameters
    ----------
    path : pathlib.Path
        The folder; one that is there must be empty, unless ``overwrite``.
    files : mapping of str to str or bytes
        Content by relative name with forward slashes.
    overwrite : bool, optional
        Replace the folder if it holds a ``datapackage.json``.

    Raises
    ------
    OutputError
        If it cannot be written, or something is there that must not be deleted.
    UnsafePathError
        If a name leads out of the folder.
    """
    check_members(files)
    with _readable(path):
        target = path.resolve() if path.is_symlink() else path.absolute()
        _require_folder(target)
        is_there = _check_replaceable(target, overwrite=overwrite)
        temporary = _temporary_name(target)
        old = _temporary_name(target)
        try:
            temporary.mkdir()
            for name, content in files.items():
                member = temporary.joinpath(*name.split("/"))
                member.parent.mkdir(parents=True, exist_ok=True)
                _write_new(member, content.encode() if isinstance(content, str) else content)
            if is_there:
                target.rename(old)
            temporary.rename(target)
        finally:
            if old.exists() and not target.exists():
                old.rename(target)  # the new folder did not get there: bring the old one back
            shutil.rmtree(temporary, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
        _sync_folder(target.parent)


def _check_replaceable(target: Path, *, overwrite: bool) -> bool:
    """Whether there is a folder to move away; refuse to touch anything else that is there."""
    mode = _mode(target)
    if mode is None:
        return False
    if not stat.S_ISDIR(mode):
        raise OutputError(f"{target}: there is a file of this name", hint="choose another folder")
    if not any(target.iterdir()):
        return True
    if not overwrite:
        raise OutputError(
            f"{target}: the folder is not empty",
            hint="choose another folder, or say that the graph in it may be overwritten",
        )
    if not (target / PACKAGE_FILE).is_file():
        raise OutputError(
            f"{target}: the folder holds no {PACKAGE_FILE}, so it is not replaced",
            hint="choose another folder",
        )
    return True


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _require_folder(target: Path) -> None:
    if not target.parent.is_dir():
        raise OutputError(
            f"{target}: there is no folder {target.parent}", hint="make the folder first"
        )


def _temporary_name(target: Path) -> Path:
    # The same folder: moving is one step only within one file system.
    return target.with_name(f".{secrets.token_hex(8)}.tmp")


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the move itself last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        code = error.errno if isinstance(error, OSError) else None
        reason = _REASONS.get(code or 0) or str(error)
        raise OutputError(f"{path}: cannot be written: {reason}") from error
