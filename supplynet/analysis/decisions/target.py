"""What a plan is to reach: words into aims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.decisions.supply import Aim
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

#: the figure that targets are of
COVERAGE = "coverage"
_HINT = "write coverage=0.5 or, of one form or product, coverage:NAME=0.5"


def parts_of(question: Question, target: str | float | Mapping[str, float]) -> dict[str, float]:
    """Return the part of the need that is to be covered, by form or product.

    ``"coverage=0.5"`` or a number is of the first final form that is needed;
    ``"coverage:NAME=0.5"``, several with commas, or a mapping are of forms and products. A part
    that does not lie between 0 and 1 is an OptionError, a name of what is not needed an
    UnknownNameError.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> parts_of(ask(sn.load("tutorial"), to="MLT"), "coverage=0.5")
    {'goods': 0.5}
    """
    if isinstance(target, Mapping):
        parts = dict(target)
    elif isinstance(target, str):
        parts = dict(_part(question, text.strip()) for text in target.split(","))
    else:
        parts = {usual_form(question): float(target)}
    known = needed(question)
    for name, part in parts.items():
        if name not in known:
            raise UnknownNameError(
                f"{question.to_name} needs nothing called {name!r}; it needs {', '.join(known)}",
                hint=did_you_mean(name, known),
            )
        if not 0.0 < part <= 1.0:
            raise OptionError(
                f"a coverage of {part:g} cannot be a target", hint="give a part of 1, such as 0.5"
            )
    return parts


def _part(question: Question, text: str) -> tuple[str, float]:
    name, is_told, value = text.partition("=")
    figure, _, of = name.strip().partition(":")
    try:
        part = float(value)
    except ValueError:
        part = float("nan")
    if figure != COVERAGE or not is_told or part != part:
        raise OptionError(f"{text!r} is no target", hint=_HINT)
    return of.strip() or usual_form(question), part


def needed(question: Question) -> dict[str, frozenset[str]]:
    """Return the products that each form and product stands for, of what is asked for."""
    net, products = question.net, {}
    for row in net.demand_rows:
        if row.nation in question.targets and row.role == "final":
            products[row.product] = net.product_by_id[row.product].form
    forms = {
        form.name: frozenset(one for one, of in products.items() if of == form.name)
        for form in net.commodity.forms
        if form.name in products.values()
    }
    return {**forms, **{one: frozenset({one}) for one in products if one not in forms}}


def usual_form(question: Question) -> str:
    """Return the first final form that is needed; the first form where none is final."""
    net, names = question.net, needed(question)
    forms = [form for form in net.commodity.forms if form.name in names]
    if not forms:
        raise OptionError(f"{net.name} knows no demand of {question.to_name}")
    final = [form for form in forms if form.is_final]
    return (final or forms)[0].name


def aims_of(question: Question, parts: Mapping[str, float]) -> tuple[Aim, ...]:
    """Return the aims of a target: each of the nations reaches each part."""
    products = needed(question)
    asking = {row.nation for row in question.net.demand_rows}
    return tuple(
        Aim(nation, products[name], part)
        for nation in sorted(question.targets & asking)
        for name, part in parts.items()
    )
