"""Every error that a user can meet, in one tree, each class with its exit code.

::

    SupplynetError                 1   base of the tree, never raised itself
    +-- UsageError                 2   the question is wrong
    |   +-- UnknownNameError       2   a node, country, element ... that is not there
    |   +-- OptionError            2   an option's value is not allowed
    +-- DataError                  3   a file or table is wrong
    |   +-- TableError             3   rows that break the format: file, row, column
    |   +-- CheckError             3   the network fails its named checks
    |   +-- UnsafePathError        3   a path that leaves its folder
    |   +-- LimitError             3   a file or question beyond the bounds
    +-- SolverError                4   no certified answer
    |   +-- SolverInputError       4   arrays that are not a problem
    |   +-- UnboundedError         4   nothing limits the flow
    |   +-- InfeasibleError        4   no solution satisfies the constraints
    |   +-- InterruptedSolveError  4   a time limit or Ctrl-C ended the solve
    |   +-- CertificateError       4   the independent check refused a solution
    +-- MissingExtraError          5   an optional library is not installed
    +-- OutputError                6   a file could not be written

Exit code 7 is not an error: ``--fail-on`` found its condition true.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = [
    "CertificateError",
    "CheckError",
    "DataError",
    "InfeasibleError",
    "InterruptedSolveError",
    "LimitError",
    "MissingExtraError",
    "OptionError",
    "OutputError",
    "SolverError",
    "SolverInputError",
    "SupplynetError",
    "TableError",
    "UnboundedError",
    "UnknownNameError",
    "UnsafePathError",
    "UsageError",
    "requires_extra",
]


class SupplynetError(Exception):
    """Base of every error a user can meet.

    Parameters
    ----------
    message : str
        What is wrong, where, and the value found.
    hint : str, optional
        What to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nHint: {self.hint}" if self.hint else self.message


class UsageError(SupplynetError):
    """The question itself is wrong."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A node, country, element, stage, graph or scenario that is not there."""


class OptionError(UsageError):
    """An option's value is not allowed."""


class DataError(SupplynetError):
    """A file or table is wrong."""

    exit_code = 3


class TableError(DataError):
    """Rows that break the format, each named with file, row and column."""


class CheckError(DataError):
    """The network fails its named checks."""


class UnsafePathError(DataError):
    """A path that leaves the folder it belongs to."""


class LimitError(DataError):
    """A file or a question larger, longer or deeper than the bounds."""


class SolverError(SupplynetError):
    """No certified answer was found."""

    exit_code = 4


class SolverInputError(SolverError):
    """Arrays that do not describe a problem."""


class UnboundedError(SolverError):
    """Nothing limits the flow or the objective."""


class InfeasibleError(SolverError):
    """No solution satisfies the constraints."""


class InterruptedSolveError(SolverError):
    """A time limit or Ctrl-C ended the solve before it was proved."""


class CertificateError(SolverError):
    """The independent check refused a solution."""


class MissingExtraError(SupplynetError):
    """An optional library is not installed."""

    exit_code = 5


@contextmanager
def requires_extra(extra: str, use: str) -> Iterator[None]:
    """Import what an extra brings; say how to install it where it is missing.

    Parameters
    ----------
    extra : str
        The name of the extra in the metadata of the package.
    use : str
        What needs it, such as "reading Parquet"; the first words of the error.

    Raises
    ------
    MissingExtraError
        If a library that is imported within is not installed.

    Examples
    --------
    >>> with requires_extra("maps", "drawing the moon"):
    ...     import a_map_of_the_moon
    Traceback (most recent call last):
    ...
    supplynet.errors.MissingExtraError: drawing the moon needs a_map_of_the_moon
    Hint: pip install 'supplynet[maps]'
    """
    try:
        yield
    except ImportError as error:
        library = (error.name or "").partition(".")[0]
        message = f"{use} needs {library or 'a library that is not installed'}"
        raise MissingExtraError(message, hint=f"pip install 'supplynet[{extra}]'") from error


class OutputError(SupplynetError):
    """A file could not be written."""

    exit_code = 6


class NoEffectWarning(UserWarning):
    """An edit that changes no answer, such as a capacity that later steps overrule."""
