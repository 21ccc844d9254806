"""Folders that are whole or not there: written under another name, then moved into place."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from supplynet.errors import OutputError
from supplynet.files import (
    explained,
    mode_of,
    require_folder,
    sync_folder,
    temporary_name,
    write_new,
)
from supplynet.io.paths import check_members

__all__ = ["write_folder"]

#: what a folder must hold to be replaced: nothing else is ever deleted
PACKAGE_FILE = "datapackage.json"


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
    with explained(path):
        target = path.resolve() if path.is_symlink() else path.absolute()
        require_folder(target)
        is_there = _check_replaceable(target, overwrite=overwrite)
        temporary = temporary_name(target)
        old = temporary_name(target)
        try:
            temporary.mkdir()
            for name, content in files.items():
                member = temporary.joinpath(*name.split("/"))
                member.parent.mkdir(parents=True, exist_ok=True)
                write_new(member, content.encode() if isinstance(content, str) else content)
            if is_there:
                target.rename(old)
            temporary.rename(target)
        finally:
            if old.exists() and not target.exists():
                old.rename(target)  # the new folder did not get there: bring the old one back
            shutil.rmtree(temporary, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
        sync_folder(target.parent)


def _check_replaceable(target: Path, *, overwrite: bool) -> bool:
    """Whether there is a folder to move away; refuse to touch anything else that is there."""
    mode = mode_of(target)
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
