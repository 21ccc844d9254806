"""What to protect: which plants, kept safe, leave an attacker least to gain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.worst_case import Target
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, page, sentence
from supplynet.contract.row import ITS_UNIT, ElementId, Row, Tonnes, answered, col, rows
from supplynet.questions.declared import question
from supplynet.questions.interdict import Attack

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.present.document import Document


class Query(Attack):
    """How many are protected, and how many may then be lost."""

    k_defend: int = option(
        "How many are protected.", default=1, kind="int", said="--defend N", least=0, most=5
    )
    k_attack: int = option(
        "How many of the others may then be lost.",
        default=1,
        kind="int",
        said="--attack N",
        least=0,
        most=5,
    )


class Protection(Row):
    """What the best protection leaves, and what is left without."""

    protected: str = col("Ids of what is protected, with semicolons.")
    removed: str = col("Ids of the worst losses that are left, with semicolons.")
    value: Tonnes = col("What is left.", ITS_UNIT)
    undefended: Tonnes = col("What is left with nothing protected.", ITS_UNIT)
    kept: Tonnes = col("What protection keeps in the worst case.", ITS_UNIT)
    bound: Tonnes = col("No protection of the same size keeps more.", ITS_UNIT)
    proved: bool = col("Whether no protection of the same size keeps more than this.")


class FortifyResult(
    Answer,
    name="fortify",
    title="What to protect so that the worst losses of others leave the most",
    headline=(Lead("flow after the worst loss", "value", of="{row.element}"),),
    also=("kept", "undefended_removed=undefended_ids"),
    by={
        "kept": "value - undefended",
        **{
            name: f"{answered(name)} if element == 'product' else None"  # in the balance
            for name in ("whole", "undefended", "value", "bound")
        },
    },
    frames=("protection",),
):
    """The best protection against the worst losses: a potential, like every flow."""

    element: ElementId = col("Id of the element, or product in the balance.")
    by: str = col("What is lost, or protected, as one.")
    count: str = col("Whether only tonnes up to demand count, or all.", default="need")
    k_defend: int = col("How many are protected.", by="asked")
    k_attack: int = col("How many of the others may then be lost.", by="asked")
    unit: str = col("Unit of what is left.")
    whole: Tonnes = col("What there is per year with everything in place.", ITS_UNIT)
    undefended: Tonnes = col("What is left with nothing protected.", ITS_UNIT)
    value: Tonnes = col("What is left with the best protection found.", ITS_UNIT)
    bound: Tonnes = col("No protection of the same size keeps more.", ITS_UNIT)
    status: str = col("optimal, time limit or interrupted.")
    n_attacks: int = col("Worst losses that were searched for.", by="names")
    protected: tuple[Target, ...] = rows("What to protect", without=("cost",))
    removed: tuple[Target, ...] = rows("The worst losses that are left", without=("cost",))
    undefended_removed: tuple[Target, ...]  #: the worst losses with nothing protected
    need: float | None  #: what the target needs, per year; None where that is not known

    @property
    def is_up_to_need(self) -> bool:
        """Whether what counts ends at the demand of the target."""
        return self.count == "need" and bool(self.need)

    @property
    def is_proved(self) -> bool:
        """Whether no protection of the same size keeps more."""
        return self.status == "optimal"

    @property
    def undefended_ids(self) -> tuple[str, ...]:
        """Ids of the worst losses with nothing protected."""
        return tuple(target.id for target in self.undefended_removed)

    @property
    def kept(self) -> Tonnes:
        """What protection keeps in the worst case."""
        return max(0.0, self.value - self.undefended)

    @property
    def protection(self) -> tuple[Protection, ...]:
        """What the best protection leaves, and what is left without."""
        return (
            Protection(
                protected=";".join(target.id for target in self.protected),
                removed=";".join(target.id for target in self.removed),
                value=self.value,
                undefended=self.undefended,
                kept=self.kept,
                bound=self.bound,
                proved=self.is_proved,
            ),
        )


@question(
    "fortify",
    title="What to protect",
    together="What to protect for {target}",
    metrics=("value", "kept", "undefended", "bound"),
    is_of_all=lambda query: query.model == "balance",
)
def fortify(case: Case, query: Query) -> FortifyResult:
    """Which plants, kept safe, make the worst losses of others cost least?

    The choice after which the worst losses of others cost least, proved. With the model balance
    demand served counts.

    Returns
    -------
    FortifyResult
        Also where the time limit or Ctrl-C ended the search: then `status` says so, and `bound`
        what is proved.

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.

    Notes
    -----
    Three levels: who protects, who attacks, and the flow that makes the best of what is left;
    exact, see :func:`supplynet.solve.interdiction.attack.fortify`.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> safe = sn.chokepoints.fortify(net, to="MLT", element="Nd", k_defend=1, k_attack=1)
    >>> [one.id for one in safe.protected], round(safe.undefended), round(safe.value)
    (['ref-big'], 30, 50)
    """
    from supplynet.analysis.question import joined
    from supplynet.model.interdiction import safest

    sizes: dict[str, Any] = {"k_defend": query.k_defend, "k_attack": query.k_attack, "by": query.by}
    values: dict[str, Any] = {"protect": query.protect, "time_limit": query.time_limit}
    alone = query.of_model()
    if query.model == "balance":
        from supplynet.analysis.balance.worst import fortify_balance

        record = {**query.asked(), **alone, "element": query.element}
        return fortify_balance(case.net, **record, **sizes, **values)
    facts = {**sizes, "count": query.count}
    protect = None if query.protect is None else joined(query.protect)
    figures = safest(case.question, case.element, **facts, **values)
    options = {**facts, "protect": protect}
    return case.answer(FortifyResult, options=options, **facts, **figures)


@sentence(FortifyResult)
def say(answer: FortifyResult) -> str:
    """Return what to protect, and what is left with it and without."""
    from supplynet.questions.interdict.page import safest

    return safest(answer)


@page(FortifyResult)
def as_document(answers: Sequence[FortifyResult]) -> Document:
    """Return the document of what to protect, for several elements."""
    from supplynet.questions.interdict.page import of_fortify

    return of_fortify(*answers)
