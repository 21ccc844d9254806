"""File names that come from a file: none may lead out of the folder it belongs to.

The rules are those of the strictest system, so that a graph that opens on one machine opens on
every machine: names that Windows reserves are refused on Linux too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from supplynet.errors import UnsafePathError

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

    Raises
    ------
    UnsafePathError
        If it is empty, absolute, climbs with ``..``, names a drive, a stream or a device,
        holds hidden characters, or is one that some system would change or refuse.
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


def _problem_with_part(part: str) -> str:
    if part in ("", ".", ".."):
        return f"has the step {part!r}"
    if part != part.strip() or part.endswith("."):
        return "has a part that starts or ends with a space or ends with a dot"
    # Windows opens nul.csv as the device, whatever its ending.
    if _RESERVED.match(part.split(".")[0].strip()):
        return "is a device on some systems"
    if len(part.encode("utf-8")) > MAX_PART_BYTES:
        return f"has a part of more than {MAX_PART_BYTES} bytes"
    return ""


def check_members(names: Iterable[str]) -> tuple[str, ...]:
    """Check several names of one folder, which must also differ in more than case.

    Raises
    ------
    UnsafePathError
        If a name is unsafe, occurs twice, or two differ by case only.
    """
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

    Parameters
    ----------
    root : pathlib.Path
        Folder of the graph.
    name : str
        Relative name with forward slashes, as read from a file.

    Raises
    ------
    UnsafePathError
        If the name is unsafe, or a link leads out of the folder.
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
