"""Docstrings in numpydoc's form: their parameters read, and completed from what is declared."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Mapping

__all__ = ["documented", "entries", "wrapped"]

#: columns of a line of a docstring, its indentation left out
_WIDTH = 96
_SECTION = re.compile(r"^(Returns|Yields|Raises|See Also|Notes|References|Examples)\n-+$", re.M)
_HEAD = "Parameters\n----------\n"


def documented(docstring: str, names: Iterable[str], record: Mapping[str, str]) -> str:
    """Return a docstring with an entry for each parameter that it does not describe itself."""
    before, own, after = entries(inspect.cleandoc(docstring))
    values = {**record, **own}
    # entries that describe several parameters stand where the first of them does
    section = dict.fromkeys(values[name] for name in names if name in values)
    return f"{before}{_HEAD}{chr(10).join(section)}\n\n{after}"


def entries(text: str) -> tuple[str, dict[str, str], str]:
    """Return what stands before the parameters of a docstring, their entries, and the rest."""
    if _HEAD not in text:
        first = _SECTION.search(text)
        at = len(text) if first is None else first.start()
        return f"{text[:at].rstrip()}\n\n", {}, text[at:]
    before, _, tail = text.partition(_HEAD)
    section, _, after = tail.partition("\n\n")
    record: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", section):
        for name in re.split(r",\s*", entry.partition(" :")[0].partition("\n")[0]):
            record[name.lstrip("*")] = entry
    return before, record, after


def wrapped(entry: str) -> str:
    """Return an entry with its meaning in lines."""
    head, _, meaning = entry.partition("\n    ")
    return f"{head}\n{textwrap.indent(textwrap.fill(meaning, _WIDTH - 4), '    ')}"
