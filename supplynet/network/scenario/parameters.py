"""Parameters of a scenario: figures that a question may set, within what the file allows."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.terms import must_be_one_of

#: what starts a word that stands for the value of a parameter
SIGN = "$"
Value = float | str


class Parameter(BaseModel):
    """A figure, or one of a few words, that changes of a scenario may use.

    Parameters
    ----------
    default : float or str
    low, high : float or None
        Ends of what a figure may be.
    choices : tuple of str
        What a word may be; empty for a figure.
    meaning : str
        What it says, with its unit.
    source_ids : tuple of str
        Where the default and the ends come from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, allow_inf_nan=False)

    default: float | str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    meaning: str = Field(min_length=1)
    source_ids: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Parameter:
        is_figure = not isinstance(self.default, str)
        if is_figure and (self.low is None or self.high is None):
            raise ValueError("a figure needs low and high")
        if is_figure == bool(self.choices):
            raise ValueError("a word needs choices, a figure has none")
        problem = self.problem(self.default)
        if problem:
            raise ValueError(f"default {problem}")
        return self

    def problem(self, value: Value) -> str:
        """Return what is wrong with a value; empty if it may be used."""
        if self.choices:
            return "" if value in self.choices else must_be_one_of(self.choices)
        if isinstance(value, str):
            return "must be a number"
        low, high = self.low or 0.0, self.high or 0.0
        return "" if low <= value <= high else f"must lie from {low:g} to {high:g}"

    def ends(self) -> tuple[Value, ...]:
        """Return the values at which a file is tried: the ends, or every choice."""
        return self.choices or (self.low or 0.0, self.high or 0.0)


def split_values(text: str) -> tuple[str, dict[str, str]]:
    """Return the name of a scenario and the values that are set after it.

    An OptionError if a part is not ``parameter=value``, or one is set twice.

    Examples
    --------
    >>> split_values("licences:strength=0.5")
    ('licences', {'strength': '0.5'})
    """
    name, *parts = (part.strip() for part in text.split(":"))
    values: dict[str, str] = {}
    for part in parts:
        key, sign, value = (word.strip() for word in part.partition("="))
        if not (key and sign and value):
            raise OptionError(
                f"scenario {text!r}: {part!r} sets no parameter",
                hint="write for example name:strength=0.5",
            )
        if key in values:
            raise OptionError(f"scenario {text!r} sets {key} twice")
        values[key] = value
    return name, values


def checked(
    scenario: str, parameters: Mapping[str, Parameter], values: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the value of every parameter: as set, or its default.

    An unknown parameter is an UnknownNameError, a value that is not allowed an OptionError.
    """
    for name in values:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise UnknownNameError(
                f"scenario {scenario!r} has no parameter {name!r}; it has {known}",
                hint=did_you_mean(name, parameters),
            )
    accepted: dict[str, Value] = {}
    for name, parameter in parameters.items():
        value = values.get(name, parameter.default)
        if isinstance(value, str) and not parameter.choices:
            with contextlib.suppress(ValueError):  # told as not a number
                value = float(value)
        problem = parameter.problem(value)
        if problem:
            raise OptionError(
                f"scenario {scenario!r}: {name} {problem}, not {value}", hint=parameter.meaning
            )
        accepted[name] = value
    return accepted


def filled(content: Any, values: Mapping[str, Value]) -> Any:
    """Return content of a file with the value of each parameter in place of ``$name``."""
    if isinstance(content, str) and content.startswith(SIGN):
        return values[content[len(SIGN) :]]
    if isinstance(content, Mapping):
        return {key: filled(value, values) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [filled(value, values) for value in content]
    return content
