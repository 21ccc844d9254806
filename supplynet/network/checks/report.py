"""What checks of a network found: errors, warnings, and the warnings that a graph accepts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from supplynet.errors import CheckError
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.schema import Accepted


def sheet_of(table: str, file: str) -> str:
    """Return where a table, a scenario or the head of a graph stands in a workbook.

    Examples
    --------
    >>> sheet_of("edges.csv", "a.xlsx"), sheet_of("datapackage.json", "a.xlsx")
    ('a.xlsx, sheet edges', 'a.xlsx, sheet graph')
    """
    if table.startswith("scenarios/"):
        return f"{file}, sheet scenarios, {table.removeprefix('scenarios/').removesuffix('.toml')}"
    name = "graph" if table.endswith(".json") else table.removesuffix(".csv")
    return f"{file}, sheet {name}"


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
    """

    graph: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    n_checks: int
    cited_share: float
    accepted: tuple[Accepted, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no check found an error; warnings made strict count as errors."""
        return not self.errors

    def require(self) -> None:
        """Raise CheckError with every error, if there is one."""
        raise_problems(self.errors, CheckError, what=f"check of {self.graph}")

    def in_sheets(self, file: str) -> CheckReport:
        """Return the report of a graph that is a workbook: a table is a sheet of it.

        Examples
        --------
        >>> from supplynet.network.problems import Problem
        >>> report = CheckReport("a", (Problem("x", "wrong", "nodes.csv", 2),), (), 1, 0.0)
        >>> report.in_sheets("a.xlsx").errors[0].place
        'a.xlsx, sheet nodes, row 2'
        """
        errors, warnings = (
            tuple(
                replace(problem, file=sheet_of(problem.file, file)) if problem.file else problem
                for problem in problems
            )
            for problems in (self.errors, self.warnings)
        )
        return replace(self, errors=errors, warnings=warnings)

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
        }
