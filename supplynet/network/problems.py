"""One problem found in a graph: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.errors import DataError
from supplynet.terms.vocabulary import did_you_mean as did_you_mean

#: a message lists this many problems and counts the rest
MAX_LISTED = 25


@dataclass(frozen=True, slots=True)
class Problem:
    """A named problem with its place.

    Parameters
    ----------
    code : str
        Stable name of the check that found it, such as ``unknown-node``.
    message : str
        What is wrong and what is allowed.
    file : str, optional
        File of the graph, such as ``nodes.csv``.
    row : int or None, optional
        Row as a spreadsheet counts it: the header is row 1.
    column : str, optional
        Column of the table.
    value : str, optional
        The value found.
    hint : str, optional
        What to do about it.
    """

    code: str
    message: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    hint: str = ""

    @property
    def place(self) -> str:
        """File, row and column as one phrase, empty where none is known."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if self.value:
            text += f" (found {self.value!r})"
        if self.hint:
            text += f" - {self.hint}"
        return f"{text} [{self.code}]"

    def to_dict(self) -> dict[str, str | int | None]:
        """All fields, for JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "hint": self.hint,
        }


def raise_problems(problems: Sequence[Problem], error: type[DataError], *, what: str) -> None:
    """Raise ``error`` with every problem in one message; do nothing when there is none.

    Parameters
    ----------
    problems : sequence of Problem
    error : type of DataError
    what : str
        What was being read or checked, for the first line.

    Raises
    ------
    DataError
        Of the class given, when there is at least one problem.
    """
    if not problems:
        return
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    lines = [f"{what}: {count}"]
    lines += [f"  {problem}" for problem in problems[:MAX_LISTED]]
    if len(problems) > MAX_LISTED:
        lines.append(f"  ... and {len(problems) - MAX_LISTED} more")
    raise error("\n".join(lines))
