"""Folders of files that are whole or not there, whatever happens while they are written.

A new folder is written under another name and moved into place. In a folder that is there, only
what its graph owns is replaced: the tables that its ``datapackage.json`` lists, its scenarios and
that file itself. The new files are first written as a whole into :data:`READY` inside it; from the
moment that this has its name it is what counts (:func:`folder_in_force`). The descriptor in the
folder then leads into it, the old files are removed, and the new ones put in their places: who
reads the folder in between and knows nothing of this finds the old graph, the new one, or files
missing, and never some of each. Whatever else lies in the folder is never touched.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from supplynet.errors import OutputError, UnsafePathError
from supplynet.files import (
    explained,
    mode_of,
    remove_stale,
    require_folder,
    sync_folder,
    temporary_name,
    write_new,
)

MAX_NAME_CHARS = 240
MAX_PART_BYTES = 200

_RESERVED = re.compile(
    r"^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])$", re.IGNORECASE
)
_FORBIDDEN = frozenset('<>:"|?*\\')
# Control, format (such as right-to-left override), surrogate, private and unassigned characters,
# line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_HINT = "use a relative name such as nodes.csv or data/nodes.csv"


def check_member(name: str) -> str:
    """Return ``name`` if it is a harmless relative name with forward slashes.

    Refused (UnsafePathError) are names that are empty, absolute, climb with ``..``, name a drive, a
    stream or a device, hold hidden characters, or that some system would change or refuse.
    """
    problem = _problem_with(name)
    if problem:
        raise UnsafePathError(f"file name {name[:80]!r} {problem}", hint=_HINT)
    return name


def _problem_with(name: str) -> str:
    if not name:
        return "is empty"
    if len(name) > MAX_NAME_CHARS:
        return f"is longer than {MAX_NAME_CHARS} characters"
    # A name that turns its letters round, or looks like another, deceives who reads it.
    if any(unicodedata.category(char) in _HIDDEN for char in name):
        return "holds a character that cannot be seen"
    if not _FORBIDDEN.isdisjoint(name):
        return f"holds one of the characters {' '.join(sorted(_FORBIDDEN))}"
    # One file system stores composed letters, another decomposed ones: the same name would be two
    # files, or two names one.
    if unicodedata.normalize("NFC", name) != name:
        return "is not in Unicode normal form C"
    if name.startswith("/"):
        return "is absolute"
    if name.startswith("~"):
        return "starts with ~"
    return next(filter(None, map(_problem_with_part, name.split("/"))), "")


def _problem_with_part(piece: str) -> str:
    if piece in ("", ".", ".."):
        return f"has the step {piece!r}"
    if piece != piece.strip() or piece.endswith("."):
        return "has a part that starts or ends with a space or ends with a dot"
    # Windows opens nul.csv as the device, whatever its ending.
    if _RESERVED.match(piece.split(".")[0].strip()):
        return "is a device on some systems"
    if len(piece.encode("utf-8")) > MAX_PART_BYTES:
        return f"has a part of more than {MAX_PART_BYTES} bytes"
    return ""


def check_members(names: Iterable[str]) -> tuple[str, ...]:
    """Check several names of one folder, which must also differ in more than case."""
    seen: dict[str, str] = {}
    for name in names:
        check_member(name)
        other = seen.get(name.casefold())
        if other is not None:
            raise UnsafePathError(
                f"file names {other!r} and {name!r} are the same file on some systems",
                hint="rename one of them",
            )
        seen[name.casefold()] = name
    return tuple(seen.values())


def safe_member(root: Path, name: str) -> Path:
    """Return the path of a file named inside ``root``, which it cannot leave.

    An unsafe name, or a link that leads out of the folder, is an UnsafePathError.
    """
    path = root.joinpath(*check_member(name).split("/"))
    try:
        # The name is harmless by itself; a link that lies in the folder may still lead out of it.
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise UnsafePathError(f"file name {name!r} cannot be followed: {error}") from error
    if not inside:
        raise UnsafePathError(
            f"file name {name!r} leads out of the folder by a link",
            hint="put the file itself into the folder",
        )
    return path


#: how names of tables end
CSV, PARQUET = ".csv", ".parquet"
#: what a folder must hold to be replaced
PACKAGE_FILE = "datapackage.json"
#: folder of the files of a write that was decided and is not finished
READY = ".supplynet-ready"
#: key of a descriptor that leads into it: the files of the graph that it replaces
_REPLACES = "replaces"
_SCENARIOS, _SCENARIO = "scenarios", ".toml"


def folder_in_force(folder: Path) -> Path:
    """Return where the files of a graph's folder are: inside it, where a write was cut off."""
    ready = folder / READY
    return ready if (ready / PACKAGE_FILE).is_file() else folder


def write_folder(path: Path, files: Mapping[str, str | bytes], *, overwrite: bool = False) -> None:
    """Write a folder of files so that it is whole or as it was.

    A folder that is there must be empty or, with `overwrite`, hold a ``datapackage.json``: files of
    the old graph that the new one has not are then removed, and nothing else. What is there and no
    graph is an OutputError, a name that leads out of the folder an UnsafePathError.
    """
    check_members(files)
    with explained(path):
        target = path.resolve() if path.is_symlink() else path.absolute()
        require_folder(target)
        is_there = _check_replaceable(target, overwrite=overwrite)
        remove_stale(target if is_there else target.parent)
        if is_there:
            _finish(target)
        # A new folder comes into being by one rename. Into a folder that is there the files are
        # first written whole into a hidden one, whose rename is the moment of decision: before it
        # the old graph is in force, after it the new one, whatever stops the program.
        temporary = temporary_name(target / READY if is_there else target)
        try:
            _write_all(temporary, files, target)
            temporary.rename(target / READY if is_there else target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        if is_there:
            sync_folder(target)
            _finish(target)
        sync_folder(target.parent)


def _write_all(folder: Path, files: Mapping[str, str | bytes], target: Path) -> None:
    """Write files into a new folder, with the permissions of those whose places they will take."""
    folder.mkdir()
    for name, content in files.items():
        member = folder.joinpath(*name.split("/"))
        member.parent.mkdir(parents=True, exist_ok=True)
        write_new(member, content.encode() if isinstance(content, str) else content)
        mode = mode_of(target / name)
        if mode is not None and stat.S_ISREG(mode):
            member.chmod(stat.S_IMODE(mode))


def _finish(target: Path) -> None:
    """Put the files of a decided write in their places, of this one or of one that was cut off."""
    ready = target / READY
    if not (ready / PACKAGE_FILE).is_file():
        shutil.rmtree(ready, ignore_errors=True)
        return
    names = {path.relative_to(ready).as_posix() for path in ready.rglob("*") if path.is_file()}
    # Only files that the old graph lists are removed: notes and data of others in the folder stay.
    old = _owned(target)
    _put(_leading_to(ready, old), target / PACKAGE_FILE, mode_of(ready / PACKAGE_FILE))
    for name in sorted((old | names) - {PACKAGE_FILE}):
        with contextlib.suppress(FileNotFoundError):
            (target / name).unlink()
    for name in sorted(names - {PACKAGE_FILE}):
        _put((ready / name).read_bytes(), target / name, mode_of(ready / name))
    with contextlib.suppress(OSError):  # others' files may be in it
        (target / _SCENARIOS).rmdir()
    content, mode = (ready / PACKAGE_FILE).read_bytes(), mode_of(ready / PACKAGE_FILE)
    _put(
        content, target / PACKAGE_FILE, mode
    )  # last: until then it states what the old graph owned
    # Renamed before it is removed, so that a cut-off removal leaves no half of it that looks like a
    # decided write.
    done = temporary_name(ready)
    ready.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _leading_to(ready: Path, old: Iterable[str]) -> bytes:
    """Return the descriptor of a decided write with paths into its folder, and what it replaces."""
    descriptor: object = None
    with contextlib.suppress(ValueError):
        descriptor = json.loads((ready / PACKAGE_FILE).read_bytes())
    record = descriptor if isinstance(descriptor, dict) else {}
    resources = [
        {**entry, "path": f"{READY}/{entry['path']}"}
        for entry in record.get("resources") or ()
        if isinstance(entry, dict) and isinstance(entry.get("path"), str)
    ]
    return json.dumps({**record, "resources": resources, _REPLACES: sorted(old)}).encode()


def _put(content: bytes, path: Path, mode: int | None) -> None:
    """Put a file with its permissions in its place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    try:
        write_new(temporary, content)
        temporary.chmod(stat.S_IMODE(mode or stat.S_IRUSR | stat.S_IWUSR))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _owned(target: Path) -> set[str]:
    """Names of the files that the graph in a folder is made of."""
    files = {PACKAGE_FILE}
    with contextlib.suppress(OSError, ValueError, UnsafePathError):
        descriptor = json.loads((target / PACKAGE_FILE).read_bytes())
        files |= set(_listed(descriptor))
        if isinstance(descriptor, dict) and isinstance(descriptor.get(_REPLACES), list):
            files |= set(check_members(map(str, descriptor[_REPLACES])))
    scenarios = target / _SCENARIOS
    if scenarios.is_dir() and not scenarios.is_symlink():
        files |= {
            f"{_SCENARIOS}/{path.name}"
            for path in scenarios.iterdir()
            if path.suffix == _SCENARIO and path.is_file()
        }
    return {name for name in files if (target / name).is_file()}


def _listed(descriptor: object) -> Iterator[str]:
    """Paths of the tables that a descriptor lists."""
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    for resource in resources if isinstance(resources, list) else ():
        name = resource.get("path") if isinstance(resource, dict) else None
        is_ready = isinstance(name, str) and name.startswith(f"{READY}/")
        if isinstance(name, str) and name.endswith((CSV, PARQUET)) and not is_ready:
            check_members([name])
            yield name


def _check_replaceable(target: Path, *, overwrite: bool) -> bool:
    """Whether there is a folder to write into; refuse to touch anything else that is there."""
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
    if not (folder_in_force(target) / PACKAGE_FILE).is_file():
        raise OutputError(
            f"{target}: the folder holds no {PACKAGE_FILE}, so it is not replaced",
            hint="choose another folder",
        )
    return True
