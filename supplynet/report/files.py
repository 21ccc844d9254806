"""Text into a file that is whole or not changed at all."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from supplynet.errors import OutputError


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 to another name in the same folder, then move it into place.

    A file that is there is replaced and keeps its permissions; a link keeps pointing at it; a
    device or pipe is written to directly.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        _write(path.resolve() if path.is_symlink() else path, text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise OutputError(f"{path}: the text holds half a character") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        hint = "" if _is_folder(path.parent) else f"make the folder {path.parent} first"
        raise OutputError(f"{path}: cannot be written: {reason}", hint=hint) from error


def _write(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        target.write_bytes(data)
        return
    # moving is one step only within one file system, hence the same folder
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None and stat.S_ISREG(mode):
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
