"""How large a file and a question may be, and reading within those bounds.

A file from a stranger must not be able to fill the memory or the stack. What is read takes some
twenty times its text in memory, a row 1.6 KiB, so that bounds of size follow the memory of the
machine; below 2 GiB of it they are those of 2 GiB. How large a question may be is another matter:
whoever has the time and the memory may raise that bound.
"""

from __future__ import annotations

import gc
import math
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supplynet.errors import DataError, LimitError, OptionError

MIB = 1024 * 1024


def memory_bytes() -> int:
    """Return the bytes of memory that the process may use, 0 where the system does not say."""
    try:
        own = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf, others not these names
        return 0
    return min(own, address_bytes() or own)


def address_bytes() -> int | None:
    """Return the bytes of addresses that the process may use; None where nothing limits them."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


MEMORY_BYTES = max(memory_bytes(), 2048 * MIB)
#: bytes of memory for a byte of a file, and for a row of a table with what is asked of it
FILE_MEMORY, ROW_MEMORY = 32, 2048
#: bytes of one file: read, it fills most of the memory
MAX_FILE_BYTES = MEMORY_BYTES // FILE_MEMORY
#: rows of one table
MAX_ROWS = MEMORY_BYTES // ROW_MEMORY
#: characters of one cell
MAX_CELL_CHARS = 131_072
#: columns of one table
MAX_COLUMNS = 1_000
#: lists and objects inside each other in JSON and TOML
MAX_DEPTH = 32
#: tags of one GraphML file
MAX_XML_TAGS = 8_000_000
#: bytes of all members of an archive together, unpacked
MAX_ZIP_BYTES = MEMORY_BYTES // 4
#: unpacked size of a member over its packed size
MAX_ZIP_RATIO = 100
#: cells of a sheet of a workbook, empty ones between others included
MAX_SHEET_CELLS = 5_000_000
#: members of an archive
MAX_ZIP_MEMBERS = 10_000
#: tonnes, dollars or days in a cell or a scenario: all mines of the world turn out 1e11 t a year
MAX_AMOUNT = 1e18
#: what to do about a figure above it
AMOUNT_HINT = "no figure of a year is as large; leave a limit empty where there is none"
#: variables of the program of a year: the largest shipped graph has 8,000, and ten times as many
#: links of 15 elements 60,000. A potential of 109,000 took 28 s, a balance of 145,000 was not done
#: after 80 s and 2.1 GB
MAX_VARIABLES = 120_000
#: environment variable that allows another number
SIZE_LIMIT = "SUPPLYNET_SIZE_LIMIT"


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the search for cycles to the end of some work that makes many objects.

    It took a third of the time of a batch of draws, and half of that of reading a large graph.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


#: links from which on a search without a time limit gets one, and its seconds: of 102,134 links two
#: worst losses were not proved after 40 s, of 11,823 they take 2 s
SEARCHED_LINKS, SEARCH_SECONDS = 10_000, 60.0


def search_seconds(value: float | None, n_links: int) -> float | None:
    """Return the seconds after which a search stops: those that are given, else by the links.

    Examples
    --------
    >>> search_seconds(None, 300), search_seconds(None, 100_000), search_seconds(5.0, 100_000)
    (None, 60.0, 5.0)
    """
    return SEARCH_SECONDS if value is None and n_links > SEARCHED_LINKS else value


def require_solvable(n_variables: int, n_links: int, n_elements: int) -> None:
    """Refuse a program of a year that would take many minutes and more memory than most have.

    Refused are more than :data:`MAX_VARIABLES`, or than the environment variable :data:`SIZE_LIMIT`
    allows; links and elements, where they come from, are for the message.

    Examples
    --------
    >>> require_solvable(120_000, 9_000, 15)
    """
    text = os.environ.get(SIZE_LIMIT, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise OptionError(
            f"the environment variable {SIZE_LIMIT} is {text!r}, which is no whole number",
            hint=f"leave it out, or set it to variables of a program, such as {MAX_VARIABLES}",
        )
    most = int(text) if text else MAX_VARIABLES
    if n_variables > most:
        elements = "element" if n_elements == 1 else "elements"
        raise LimitError(
            f"{n_links:,} links x {n_elements} {elements} make a program of {n_variables:,} "
            f"variables; at most {most:,} are solved",
            hint="take fewer links (--tier operating) or a smaller graph; all elements are in the "
            "program whichever is given, but balance, disrupt and interdict --model balance follow "
            "fewer with --element; flow, cut, chokepoints and interdict need no program; "
            f"{SIZE_LIMIT}={n_variables} in the environment solves it all the same, which may "
            "take many minutes and some GB",
        )


def require_rows(n_rows: int, file: str) -> None:
    """Refuse a table for which there is not memory enough, before it is read.

    Examples
    --------
    >>> require_rows(1_000_000, "edges.csv")
    """
    if n_rows > MAX_ROWS:
        raise LimitError(f"{file}: more than {MAX_ROWS:,} rows: {_need(n_rows * ROW_MEMORY)}")


def _need(n_bytes: int) -> str:
    """Return how much memory some work needs, and how much there is."""
    need, own = (f"{n / 2**30:,.1f} GiB" for n in (n_bytes, MEMORY_BYTES))
    return f"up to {need} of memory are needed, and {own} may be used"


def read_bytes(path: Path, *, file: str = "") -> bytes:
    """Return the content of a regular file of at most :data:`MAX_FILE_BYTES`.

    `file` names it in messages, by default its path.
    """
    name = file or str(path)
    try:
        if not path.exists():
            raise DataError(f"{name}: there is no such file")
        if not path.is_file():
            raise DataError(f"{name}: this is a folder or a device, not a file")
        with path.open("rb") as stream:
            # What is too large by its size is not read at all. That may change: what counts in the
            # end is what is read, in pieces, as memory is taken for all that a reader is asked for.
            pieces, n_left = list[bytes](), MAX_FILE_BYTES + 1
            n_left *= os.fstat(stream.fileno()).st_size < n_left
            while piece := stream.read(min(MIB, n_left)):
                pieces.append(piece)
                n_left -= len(piece)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"{name}: cannot be read ({reason})") from error
    if not n_left:
        need = _need(path.stat().st_size * FILE_MEMORY)
        raise LimitError(f"{name}: larger than {MAX_FILE_BYTES:,} bytes: {need}")
    return b"".join(pieces)


def decode(content: bytes, file: str) -> str:
    """Return text from UTF-8 bytes, with or without a byte order mark; an error names the line."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{file}, line {line}: not UTF-8 text (byte 0x{content[error.start]:02x})",
            hint='save the file as "UTF-8" ("CSV UTF-8" in a spreadsheet)',
        ) from error


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Parse TOML that is not too deep and holds no NaN, no Infinity and no text without end.

    A DataError names file and line.
    """
    try:
        tree = tomllib.loads(text)
    except RecursionError as error:
        raise too_deep(file) from error
    except ValueError as error:  # TOMLDecodeError is one
        raise DataError(f"{file}: not TOML ({error})") from error
    check_tree(tree, file)
    return tree


def too_deep(file: str) -> LimitError:
    """Return the error of a file that nests too deep."""
    return LimitError(f"{file}: lists and objects nest deeper than {MAX_DEPTH}")


def check_tree(tree: Any, file: str) -> None:
    """Refuse parsed JSON or TOML that is too deep or holds what no graph can mean.

    A LimitError if lists and objects nest deeper than :data:`MAX_DEPTH` or a text is longer than
    :data:`MAX_CELL_CHARS`, a DataError if a number is not finite or a text holds half a character.
    """
    level, depth = [tree], 0
    while level:
        below: list[Any] = []
        is_nested = False
        for entry in level:
            if isinstance(entry, dict):
                is_nested = True
                below.extend(entry)
                below.extend(entry.values())
            elif isinstance(entry, list):
                is_nested = True
                below.extend(entry)
            elif isinstance(entry, float) and not math.isfinite(entry):
                raise DataError(f"{file}: NaN and Infinity are not numbers that a graph may hold")
            elif isinstance(entry, str):
                check_text(entry, file)
        depth += is_nested
        if depth > MAX_DEPTH:
            raise too_deep(file)
        level = below


def check_text(text: str, country: str) -> None:
    """Refuse a text that is too long or holds half a character, a lone surrogate."""
    if len(text) > MAX_CELL_CHARS:
        raise LimitError(f"{country}: a text has more than {MAX_CELL_CHARS:,} characters")
    if not _is_encodable(text):
        raise DataError(f"{country}: a text holds half a character (a lone surrogate)")


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
