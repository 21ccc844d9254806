"""What pydantic found wrong with rows, in the words of a table's reader."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from supplynet.limits import AMOUNT_HINT, MAX_AMOUNT
from supplynet.network.countries import country_codes, country_name
from supplynet.network.problems import Problem
from supplynet.network.schema import (
    COUNTRY_PATTERN,
    ID_PATTERN,
    SOME_COUNTRY_PATTERN,
    TABLES,
    Node,
    Row,
)
from supplynet.terms import did_you_mean, must_be_one_of
from supplynet.terms.vocabulary import MAX_SHOWN, clipped

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
