"""What is wrong in a graph, where, and what to do about it: a problem, and the report of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.errors import CheckError, DataError

if TYPE_CHECKING:
    from supplynet.network.schema import Accepted, Baseline

#: a message lists this many problems and counts the rest
MAX_LISTED = 25


@dataclass(frozen=True, slots=True)
class Problem:
    """A named problem with its place."""

    code: str  #: stable name of the check that found it, such as ``unknown-node``
    message: str  #: what is wrong and what is allowed
    file: str = ""  #: file of the graph, such as ``nodes.csv``
    row: int | None = None  #: row as a spreadsheet counts it: the header is row 1
    column: str = ""  #: column of the table
    value: str = ""  #: the value found
    hint: str = ""  #: what to do about it

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
    """Raise `error` with every problem in one message; do nothing when there is none.

    `what` was being read or checked, for the first line.
    """
    if not problems:
        return
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    lines = [f"{what}: {count}"]
    lines += [f"  {problem}" for problem in problems[:MAX_LISTED]]
    if len(problems) > MAX_LISTED:
        lines.append(f"  ... and {len(problems) - MAX_LISTED} more")
    raise error("\n".join(lines))


@dataclass(frozen=True)
class CheckReport:
    """What the checks found.

    Parameters
    ----------
    graph : str
        Id of the graph.
    errors, warnings : tuple of Problem
    n_checks : int
        How many checks ran.
    cited_share : float
        Share of the rows with figures that cite a source, 0 to 1.
    accepted : tuple of Accepted
        Rows of the table that gives reasons for warnings, those that were found: these are not
        among the warnings.
    unplaced : tuple of Baseline
        What plants sent nowhere in the calibrated flows.
    """

    graph: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    n_checks: int
    cited_share: float
    accepted: tuple[Accepted, ...] = ()
    unplaced: tuple[Baseline, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no check found an error; warnings made strict count as errors."""
        return not self.errors

    def require(self) -> None:
        """Raise CheckError with every error, if there is one."""
        raise_problems(self.errors, CheckError, what=f"check of {self.graph}")

    def summary(self) -> str:
        """Return the outcome in a line."""
        return (
            f"{self.graph}: {self.n_checks} checks, {len(self.errors)} errors, "
            f"{len(self.warnings)} warnings; {self.cited_share:.0%} of the rows with figures "
            "cite a source"
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "graph": self.graph,
            "ok": self.ok,
            "n_checks": self.n_checks,
            "cited_share": self.cited_share,
            "errors": [problem.to_dict() for problem in self.errors],
            "warnings": [problem.to_dict() for problem in self.warnings],
            "accepted": [row.model_dump() for row in self.accepted],
            "unplaced": [
                {"year": row.year, "plant": row.source, "element": row.item, "tonnes": row.flow}
                for row in self.unplaced
            ],
        }
