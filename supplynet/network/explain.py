"""What is wrong in a graph, where, and what to do about it; what pydantic found, in these words."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from supplynet.errors import CheckError, DataError
from supplynet.limits import AMOUNT_HINT, MAX_AMOUNT
from supplynet.network.countries import country_codes, country_name
from supplynet.network.schema import (
    COUNTRY_PATTERN,
    ID_PATTERN,
    SOME_COUNTRY_PATTERN,
    TABLES,
    Node,
    Row,
)
from supplynet.terms import must_be_one_of
from supplynet.terms.vocabulary import MAX_SHOWN, clipped
from supplynet.terms.vocabulary import did_you_mean as did_you_mean

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


#: faults of one table that are put into words; the rest are counted
MAX_EXPLAINED = 200

_ID = "must be an id: at most 80 letters, digits and . _ - that start with a letter or digit"
_COUNTRY = "must be a country code of three capital letters (ISO 3166 alpha-3)"
_PLAIN_NUMBER = "write it plain, such as 1234.5: no thousands separator, no unit"


def problems_of(
    error: ValidationError,
    model: type[BaseModel],
    file: str,
    *,
    rows: Sequence[int] | None = None,
) -> list[Problem]:
    """Return every fault that pydantic found as a :class:`Problem`.

    `rows` gives the row of each item as a spreadsheet counts it, where a list of rows was
    validated.
    """
    problems = []
    faults = error.errors(include_url=False, include_context=True)
    for fault in faults[:MAX_EXPLAINED]:
        where = list(fault["loc"])
        row = rows[int(where.pop(0))] if rows is not None and where else None
        message, hint = _explain(fault, model, where)
        problems.append(
            Problem(
                _CODES.get(fault["type"], "bad-value"),
                message,
                file=file,
                row=row,
                column=".".join(map(str, where)),
                value="" if fault["type"] == "missing" else show(fault["input"]),
                hint=hint,
            )
        )
    if len(faults) > MAX_EXPLAINED:
        message = f"has {len(faults) - MAX_EXPLAINED:,} more faults"
        problems.append(Problem("more-faults", message, file=file))
    return problems


def validate_records(records: Sequence[Mapping[str, Any]], model: type[Row]) -> list[Row]:
    """Turn records of text or JSON values into rows, or raise every fault of the table at once."""
    try:
        # Sound tables, nearly all there are, are read row by row; the adapter of a list is built
        # only to name the faults of others.
        return [model.model_validate(record) for record in records]
    except ValidationError:
        # in one step, which names every fault but takes long to set up
        return typing.cast("list[Row]", _adapter(model).validate_python(records))


@lru_cache(maxsize=64)
def _adapter(model: type[Row]) -> TypeAdapter[Any]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


_ROWS = frozenset(TABLES.values())
_CODES = {"missing": "missing-value", "extra_forbidden": "unknown-column"}


def show(value: Any) -> str:
    """Return a value as a message shows it: one line, not too long.

    Examples
    --------
    >>> show("a" * 100)[-5:]
    'aa...'
    """
    return clipped(value if isinstance(value, str) else repr(value))


def _explain(entry: Any, model: type[BaseModel], position: list[int | str]) -> tuple[str, str]:
    """Message and hint for one fault."""
    kind, context, value = entry["type"], entry.get("ctx", {}), entry["input"]
    if kind == "missing":
        return "a value is needed here", ""
    if kind == "extra_forbidden":
        owner = _owner(model, position[:-1])
        names = list(owner.model_fields) if owner else []
        hint = did_you_mean(str(position[-1]), names)
        if names and not hint:
            hint = f"known are {', '.join(names)}"
        return "there is no such " + ("column" if model in _ROWS else "key"), hint
    if kind == "literal_error":
        return must_be_one_of([context["expected"]]), _near_literal(value, context["expected"])
    if kind == "string_pattern_mismatch":
        return _explain_pattern(context["pattern"], value)
    if kind in ("float_parsing", "float_type"):
        return "must be a number", _PLAIN_NUMBER
    if kind in ("int_parsing", "int_type", "int_from_float", "int_parsing_size"):
        return "must be a whole number", _PLAIN_NUMBER
    if kind in _BOUNDS:
        text, key = _BOUNDS[kind]
        hint = AMOUNT_HINT if context[key] == MAX_AMOUNT else ""
        return f"must be {text} {context[key]:g}", hint
    if kind == "string_too_short":
        return "must not be empty", ""
    return str(entry["msg"]).removeprefix("Value error, "), ""


_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
}


def _explain_pattern(pattern: str, value: Any) -> tuple[str, str]:
    if pattern == ID_PATTERN:
        return _ID, ""
    if pattern in (COUNTRY_PATTERN, SOME_COUNTRY_PATTERN):
        return _COUNTRY, _near_country(str(value))
    if pattern == _OWNER_PATTERN:
        return f"{_COUNTRY}, or unknown", _near_country(str(value))
    return f"must match the pattern {pattern}", ""


_OWNER_PATTERN = next(
    piece.pattern
    for piece in Node.model_fields["owner_country"].metadata
    if getattr(piece, "pattern", None)
)


def _near_country(value: str) -> str:
    """Hint for a country that is written as a name, in small letters or with a slip."""
    codes = _country_words()
    if value.lower() in codes:
        return f"write {codes[value.lower()]}"
    near = difflib.get_close_matches(value[:MAX_SHOWN].lower(), codes, n=1, cutoff=0.7)
    return f"did you mean {codes[near[0]]}?" if near else ""


@lru_cache(maxsize=1)
def _country_words() -> dict[str, str]:
    """Code of each country by its name and by the code itself, in small letters."""
    codes = country_codes()
    return {
        **{country_name(code).lower(): code for code in codes},
        **{code.lower(): code for code in codes},
    }


def _near_literal(value: Any, expected: str) -> str:
    # pydantic lists what it expects as "'a', 'b' or 'c'"
    return did_you_mean(str(value), re.findall(r"'([^']*)'", expected))


def _owner(model: type[BaseModel], position: Sequence[int | str]) -> type[BaseModel] | None:
    """Return the model that a place inside ``model`` belongs to, None if it is a plain mapping."""
    annotation: Any = model
    for step in position:
        if isinstance(step, int):
            continue
        field = annotation.model_fields.get(step)
        inner = [] if field is None else _models_in(field.annotation)
        if not inner:
            return None
        annotation = inner[0]
    return typing.cast("type[BaseModel]", annotation)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for piece in typing.get_args(annotation) for model in _models_in(piece)]
