"""Conditions of ``--fail-on``."""

from __future__ import annotations

import click
import pytest

from supplynet.cli.failing import Condition, ConditionType, Facts, judge
from supplynet.errors import OptionError

KIND = ConditionType(("coverage", "value", "loss_share"))


@pytest.mark.parametrize(
    ("text", "metric", "sign", "number"),
    [
        ("coverage<0.5", "coverage", "<", 0.5),
        (" value >= 1e3 ", "value", ">=", 1000.0),
        ("loss_share > 50%", "loss_share", ">", 0.5),
        ("value==0", "value", "==", 0.0),
        ("value!=-1", "value", "!=", -1.0),
        ("value<=+2", "value", "<=", 2.0),
    ],
)
def test_conditions_are_read(text: str, metric: str, sign: str, number: float) -> None:
    found = KIND.convert(text, None, None)
    assert found == Condition(metric, sign, number, text)
    assert KIND.convert(found, None, None) is found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("covrage<0.5", "did you mean 'coverage'?"),
        ("zzz<0.5", "there are coverage, value, loss_share"),
        ("coverage", "write for example 'coverage<0.5'"),
        ("", "is no condition"),
        ("coverage=0.5", "'=' is none of < <= > >= == !="),
        ("coverage<half", "'half' is not a number"),
        ("coverage<nan", "'nan' is not a number"),
        ("coverage<inf", "'inf' is not a number"),
        ("coverage<", "'' is not a number"),
        ("<0.5", "'' is no metric"),
        ("coverage<0.5 or value<1", "is no condition"),
    ],
)
def test_wrong_conditions_are_explained(text: str, message: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        KIND.convert(text, None, None)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
        ("==", False, True, False),
        ("!=", True, False, True),
    ],
)
def test_operators(sign: str, below: bool, at: bool, above: bool) -> None:
    condition = Condition("value", sign, 2.0, "")
    assert [condition.holds(value) for value in (1.0, 2.0, 3.0)] == [below, at, above]


def test_judge_names_what_is_true() -> None:
    low = Condition("coverage", "<", 0.5, "coverage<0.5")
    facts = [Facts({"coverage": 0.25}, of="Dy"), Facts({"coverage": 0.75}, of="Nd")]
    assert judge([low], None, facts) == ["--fail-on 'coverage<0.5' is true: coverage of Dy is 0.25"]
    assert judge([], None, facts) == []
    whole = [Facts({"coverage": 0.0})]
    assert judge([low], None, whole) == ["--fail-on 'coverage<0.5' is true: coverage is 0"]


def test_what_is_not_known_does_not_pass() -> None:
    condition = Condition("coverage", "<", 0.5, "coverage<0.5")
    with pytest.raises(OptionError, match="coverage of Dy is not known"):
        judge([condition], None, [Facts({"coverage": None}, of="Dy")])
