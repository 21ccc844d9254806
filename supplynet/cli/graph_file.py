"""Where a command writes a graph: what is wrong with the place is said before anything is read."""

from __future__ import annotations

import os
from pathlib import Path

from supplynet.errors import OutputError


def require_free(target: Path, *, force: bool) -> None:
    """Refuse a file, or a folder that holds something, unless it may be replaced."""
    is_taken = any(target.iterdir()) if target.is_dir() else os.path.lexists(target)
    if is_taken and not force:
        raise OutputError(f"{target}: is there already", hint="give --force to replace it")


def graph_target(text: str, *, force: bool) -> Path:
    """Return where a graph goes, if one can be written there."""
    from supplynet.io.load import require_kind

    target = Path(text)
    require_kind(target)
    require_free(target, force=force)
    if not target.absolute().parent.is_dir():
        raise OutputError(
            f"{target}: there is no folder {target.parent}", hint="make the folder first"
        )
    return target
