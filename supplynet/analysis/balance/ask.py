"""The contested picture, as it is asked: who gets how much when all nations buy at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack, cast

from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask, joined
from supplynet.analysis.words import (
    CountedWords,
    QuestionWords,
    measured_words,
    question_of,
)
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.timeline import runs
from supplynet.network.units import BASKET, elements_of
from supplynet.terms import BASES, TRACED, did_you_mean, one_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Words
    from supplynet.analysis.balance.solved import Allocated, SolvedBalance
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Production


class LossWords(QuestionWords, total=False):
    """What a balance with losses is asked by: it serves the most, on capacities."""

    element: str | Iterable[str] | None
    weights: Mapping[str, float] | None
    basis: str


class BalanceWords(CountedWords, total=False):
    """What a balance is asked by, without its objective; see :func:`supplynet.allocate`."""

    element: str | Iterable[str] | None
    avoid: str | Iterable[str] | None
    exposed_to: str | Iterable[str] | None
    year: int | None
    lens: str
    priority: str | Iterable[str] | None
    weights: Mapping[str, float] | None
    basis: str | None
    firm: bool
    near: Allocated | None
    time_limit: float | None


class Asked(NamedTuple):
    """What a balance is asked."""

    question: Question
    words: Words
    options: dict[str, Any]  #: for the record of where an answer is from


def balance(
    net: SupplyNetwork, *, objective: str = "fair", **words: Unpack[BalanceWords]
) -> SolvedBalance:
    """Solve who gets how much when all nations buy at once, as :func:`supplynet.allocate` asks."""
    from supplynet.analysis.balance.programs import run_of
    from supplynet.analysis.balance.ranges import link_flows, reference_of, reference_to, settle
    from supplynet.analysis.balance.solved import SolvedBalance

    question, balanced, options = asked(net, objective=objective, **words)
    run, reached = run_of(question, balanced)
    near = words.get("near")
    if near is None:
        reference = reference_of(run.model)
    else:
        reference = reference_to(run.model, link_flows(near.solved.run.model, near.solved.x))
    x = settle(run, reference)
    told = provenance(question, **options, nearest_to=reference.what)
    return SolvedBalance(question, balanced, told, run, x, reached, dict(run.certificates))


def asked(net: SupplyNetwork, *, objective: str = "fair", **words: Unpack[BalanceWords]) -> Asked:
    """Check the words of a balance and return what is asked; nothing is solved."""
    from supplynet.analysis.balance.programs import Words, groups_of

    _require_choices(objective, words)
    question = question_of_all(net, objective, **question_of(words))
    weights = words.get("weights") or {}
    _require_products(question.net, weights)
    counted = basis_of(question, words.get("basis"))
    followed = _followed(question, words.get("element"))
    groups = groups_of(question, _split(words.get("priority")))
    balanced = Words(
        objective=objective,
        elements=followed,
        basis=counted.name,
        priority=tuple(name for name, _ in groups),
        exposed_to=joined(words.get("exposed_to") or ""),
        weights=dict(weights),
        time_limit=words.get("time_limit"),
        is_firm=words.get("firm", True),
    )
    options = {
        "objective": objective,
        "elements": list(followed),
        "basis": counted.name,
        "basis_reason": counted.reason,
        "priority": list(balanced.priority),
        "exposed_to": balanced.exposed_to,
        "weights": dict(balanced.weights),
        "firm": balanced.is_firm,
    }
    return Asked(question, balanced, options)


def _require_choices(objective: str, options: BalanceWords) -> None:
    """Refuse words that are not known and options that do not go together."""
    one_of(objective, TRACED, "objective")
    for kind in TRACED.values():
        name = kind.asks_for
        if name and (options.get(name) is not None) != (objective == kind.name):
            raise OptionError(
                f"{name}= and objective={kind.name!r} go together",
                hint=f'for example objective="{kind.name}", {name}="{kind.example}"',
            )
    weights = options.get("weights")
    if weights is not None and not TRACED[objective].serves_most:
        raise OptionError(
            f"weights say nothing to objective {objective!r}",
            hint='name one that serves the most: objective="max_supply"',
        )
    bad = [name for name, value in (weights or {}).items() if not 0.0 < value < float("inf")]
    if bad:
        raise OptionError(f"the weight of {bad[0]} must be above 0, not {(weights or {})[bad[0]]}")


def _require_products(net: SupplyNetwork, products: Iterable[str]) -> None:
    """Refuse weights of products that there are not."""
    for product in products:
        if product not in net.product_by_id:
            raise UnknownNameError(
                f"{net.name} has no product {product!r} to weigh",
                hint=did_you_mean(product, net.product_by_id),
            )


def question_of_all(
    net: SupplyNetwork, objective: str = "fair", **options: Unpack[QuestionWords]
) -> Question:
    """Check the shared words and return the question, of which the target is every nation."""
    stages = [f"stage:{stage.name}" for stage in net.stages if stage.is_nation]
    if not stages:
        raise OptionError(f"{net.name} has no stage of nations, so that nobody buys")
    rule = TRACED[objective]
    if rule.is_measured:
        options = measured_words(net, options)
    question = ask(net, to=stages, counts="money" if rule.is_money else "balance", **options)
    nations = [question.net.node(nation) for nation in question.targets]
    if not any(runs(node, question.year) for node in nations):
        first = min((node.start_year for node in nations if node.start_year), default=None)
        raise OptionError(
            f"no nation of {net.name} is there in {question.year}: nobody draws",
            hint=f"the first is there from {first} on" if first else "see their years and states",
        )
    return question


def _followed(question: Question, element: str | Iterable[str] | None) -> tuple[str, ...]:
    texts = ["all"] if element is None else element
    elements = elements_of(question.net, texts if isinstance(texts, str) else list(texts))
    if BASKET in elements:
        raise OptionError(
            "the balance follows elements, and the basket is all of them",
            hint="leave element out for all",
        )
    return tuple(element for element in question.net.commodity.elements if element in elements)


def _split(sentences: str | Iterable[str] | None) -> tuple[str, ...]:
    """Selectors one by one."""
    texts = sentences.split(",") if isinstance(sentences, str) else sentences or ()
    return tuple(text.strip() for text in texts)


#: why a basis was taken that was asked for
AS_ASKED = "as was asked for"


@dataclass(frozen=True, slots=True)
class Basis:
    """A basis and why it was taken."""

    name: str
    reason: str  #: in words, to stand after a figure's name: ``"as was asked for"``


def basis_of(question: Question, asked: str | None) -> Basis:
    """Return the basis of a balance.

    By default plants count with what they made where the base year is reproduced as it was:
    nothing is avoided and no scenario is applied. In every what-if they count with what they
    could make.
    """
    if asked is not None:
        return Basis(one_of(asked, BASES, "basis"), AS_ASKED)
    net, year = question.net, question.year
    if year != net.commodity.base_year:
        return Basis("capacity", f"as {year} is not the base year")
    if net.applied:
        return Basis("capacity", "as a scenario is applied")
    if question.avoid:
        return Basis("capacity", "as something is avoided")
    rows = cast("tuple[Production, ...]", net.rows("production"))
    if not any(row.year == year for row in rows):
        return Basis("capacity", f"as nothing says what they made in {year}")
    return Basis("production", f"as {year} is the base year and nothing is changed in it")
