"""How a command ends: conditions of ``--fail-on`` (exit code 7), searches without a proof."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from supplynet.cli.console import say
from supplynet.cli.program import EXIT_INTERRUPTED
from supplynet.cli.words import Kind
from supplynet.errors import InterruptedSolveError

#: exit code when a condition is true
EXIT_CODE = 7
#: what every command can judge
HEADLINE = "headline"

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_FORM = re.compile(
    r"\s*(?P<metric>[\w-]*)\s*(?P<sign>[<>=!]+)\s*(?P<number>\S*?)\s*(?P<percent>%?)\s*"
)


if TYPE_CHECKING:
    from supplynet.contract.headline import Headline


@dataclass(frozen=True, slots=True)
class Condition:
    """A metric, an operator and a number."""

    metric: str
    sign: str  #: one of ``< <= > >= == !=``
    number: float
    text: str  #: as it was written

    def holds(self, value: float) -> bool:
        """Whether the condition is true of a value."""
        return _OPERATORS[self.sign](value, self.number)


@dataclass(frozen=True, slots=True)
class Facts:
    """The metrics of one part of a result."""

    values: Mapping[str, float | None]  #: None where the result cannot tell
    of: str = ""  #: what they are about, such as an element


def told_by(row: object, metrics: Iterable[str], of: str = "") -> Facts:
    """Return the metrics that a row of a result, or the result itself, states by their names."""
    return Facts({name: getattr(row, name) for name in metrics}, of=of)


#: conditions that a reader may want, the first of a command's metrics counts
_EXAMPLES = (
    "coverage<0.5",
    "loss_share>0.5",
    "direct_share>0.5",
    "traced>0.5",
    "errors>0",
    "outside>0",
    "changed>0",
    "unavoidable>0",
    "hhi>2500",
)


def example_of(metrics: Sequence[str]) -> str:
    """Return a condition on one of some metrics, for help texts and messages.

    Examples
    --------
    >>> example_of(["value", "coverage"]), example_of(["value"])
    ('coverage<0.5', 'value<10')
    """
    fitting = (condition for condition in _EXAMPLES if re.split("[<>]", condition)[0] in metrics)
    return next(fitting, f"{metrics[0]}<10")


class ConditionType(Kind[Condition]):
    """The values of ``--fail-on``, by what the command can judge."""

    def __init__(self, metrics: Sequence[str]) -> None:
        super().__init__("condition")
        self.metrics = (*metrics, HEADLINE)

    def read(self, text: str) -> Condition:
        """Return the condition that a text stands for."""
        example = f"write for example '{example_of(self.metrics)}'"
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no condition: {example}")
        metric, sign = match["metric"], match["sign"]
        if metric not in self.metrics:
            raise ValueError(self._unknown(metric))
        if sign not in _OPERATORS:
            raise ValueError(f"{sign!r} is none of {' '.join(_OPERATORS)}: {example}")
        index = _number(match["number"])
        if index is None:
            raise ValueError(f"{match['number']!r} is not a number: {example}")
        return Condition(metric, sign, index / 100 if match["percent"] else index, text)

    def _unknown(self, metric: str) -> str:
        from supplynet.terms import did_you_mean

        message = f"{metric!r} is no metric of this command; there are {', '.join(self.metrics)}"
        near = did_you_mean(metric, self.metrics)
        return f"{message} ({near})" if near else message


def _number(text: str) -> float | None:
    try:
        index = float(text)
    except ValueError:
        return None
    return index if math.isfinite(index) else None


def judge(
    conditions: Iterable[Condition], headline: Headline | None, facts: Sequence[Facts]
) -> list[str]:
    """Return what is true of the conditions, a sentence each.

    A metric that is not known for a part of the result is an OptionError: silence would look like a
    pass.
    """
    from supplynet.errors import OptionError

    reasons = []
    head = facts if headline is None else [Facts({HEADLINE: headline.value}, headline.name)]
    for condition in conditions:
        for portion in head if condition.metric == HEADLINE else facts:
            value = portion.values.get(condition.metric)
            what = f"{condition.metric} of {portion.of}" if portion.of else condition.metric
            # A condition on a figure that is not known is neither true nor false: a pipeline that
            # passed on it would be blind.
            if value is None:
                raise OptionError(
                    f"--fail-on {condition.text!r}: {what} is not known",
                    hint="the graph may hold no demand of this target, or a cell of your file is "
                    "empty; judge another metric",
                )
            if condition.holds(value):
                reasons.append(f"--fail-on {condition.text!r} is true: {what} is {value:.6g}")
    return reasons


def end_unproved(statuses: Sequence[str], *, is_quiet: bool) -> None:
    """End the command if a search ended before its proof: with 130 by Ctrl-C, 4 by a time limit."""
    if "interrupted" in statuses:
        if not is_quiet:
            say("interrupted: the best so far is shown, and what is proved of it")
        raise click.exceptions.Exit(EXIT_INTERRUPTED)
    if "time limit" in statuses:
        if not is_quiet:
            say(
                "time limit reached: the best so far is shown, and what is proved of it; "
                "--time-limit allows more seconds"
            )
        raise click.exceptions.Exit(InterruptedSolveError.exit_code)
