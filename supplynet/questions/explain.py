"""Explain: why somebody goes short when all buy at once, and which limits would end it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.balance.outcome import Lift
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import Balanced, option, page, sentence, shared
from supplynet.contract.row import ProductTonnes, answered, col, rows
from supplynet.questions.declared import question
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.model.case import Case
    from supplynet.present.document import Document


class Query(Balanced):
    """Whose shortage is explained."""

    nation: str | Iterable[str] | None = option(
        "Nations whose shortage is explained.",
        default=None,
        kind="str or iterable of str",
        usual="all that ask for something",
        said="--to --nation WHO...",
    )
    time_limit: float | None = shared("time_limit", is_open=False)


class Explanation(
    Answer,
    name="explanation",
    title="Why nations go short, and which limits would have to be lifted",
    headline=(Lead("shortage", "shortage"),),
    by={"beyond.*": answered("itself", "beyond")},
):
    """Why demand is not met.

    With nobody served less than before, `lifts` end the shortage within reach, by amounts whose sum
    is the least for these limits. No set of fewer limits than `least` does, however far they are
    lifted: as many as in `lifts`, unless the search was cut short.
    """

    nations: tuple[str, ...] = col("Ids of those whose shortage is explained.")
    shortage: ProductTonnes = col("What they lack.")
    least: int = col("It is proved that no fewer limits than this do.", by=answered("least"))
    beyond: dict[str, ProductTonnes] = col("What no lifting would bring, by product.")
    missing: tuple[str, ...] = col(
        "Elements of those products that reach no plant that could use them."
    )
    hosts: tuple[str, ...] = col(
        "Element groups that come along, of which no more may be left over.", default=()
    )
    lifts: tuple[Lift, ...] = rows("Limits to be lifted")
    instead: tuple[Lift, ...] = rows("Another set of as few limits")

    @property
    def how_few(self) -> str:
        """How few the limits are, in words."""
        n = len(self.lifts)
        if n > self.least:
            return f"{n} limits do, and it takes at least {self.least}"
        if n == 1:
            return "one limit is enough" if self.instead else "this one, and no other alone"
        which = "a smallest set" if self.instead else "the smallest set"
        return f"{which}, as no fewer than {n} do"


@question(
    "explain",
    title="",
    together="",
    metrics=("shortage",),
    is_of_all=lambda _query: True,
    judged=lambda answer: {listing(answer.nations): answer},
)
def explain(case: Case, query: Query) -> Explanation:
    """Why does a nation, or do all, go short when all nations buy at once?

    The fewest capacities whose lifting ends the shortage are found and proved to be so, and another
    set of as few if there is one; then the least amounts by which they must be lifted, with nobody
    served less than before. Demands count as met, and limits as kept, to one part in ten million.
    In place of a network Python takes an answer of ``allocate``, whose balance it then explains.

    Returns
    -------
    Explanation

    Raises
    ------
    UnknownNameError
        If the selector names nothing.
    OptionError
        If it names no nation that has a demand in this balance, or as :func:`supplynet.allocate`.

    Examples
    --------
    >>> import supplynet as sn
    >>> [row.id for row in sn.allocate.explain(sn.load("tutorial")).lifts]
    ['mine-small -> ref-big (ore)', 'ref-big -> maker-home (oxide)']
    """
    from supplynet.analysis.balance.ask import balance

    answer = getattr(case.net, "solved", None)
    solved = answer or balance(case.net, time_limit=query.time_limit, **query.balanced())
    return explanation_of(solved, query.nation)


def explanation_of(solved: SolvedBalance, nation: str | Iterable[str] | None = None) -> Explanation:
    """Return why some nations, or all, go short in a balance."""
    from supplynet.analysis.balance.evidence import shortage_proof
    from supplynet.analysis.balance.lifts import shortage
    from supplynet.analysis.question import joined

    told = shortage(solved, joined(nation) if nation else None)
    options = {**solved.provenance.options, "explained": list(told["nations"])}
    told["provenance"] = replace(solved.provenance, options=options)
    wanted = [row for row in solved.deliveries if row.nation in told["nations"]]
    claims = [(row.nation, row.product) for row in wanted]
    evidence = partial(shortage_proof, solved, claims, told.pop("lifted"))
    return Explanation(question=solved.question, evidence=evidence, **told)


@sentence(Explanation)
def say(answer: Explanation) -> str:
    """Return the reasons in words."""
    if answer.shortage == 0.0:
        return "Nobody of them goes short."
    text = f"{tonnes(answer.shortage)} t/yr of products are missing."
    beyond = sum(answer.beyond.values())
    if answer.lifts:
        text += (
            f" {tonnes(answer.shortage - beyond)} t/yr more would come if limits were lifted; "
            f"{answer.how_few}: {_amounts(answer.lifts)}."
        )
        if answer.instead:
            text += f" As few would do instead: {_amounts(answer.instead)}."
    if answer.beyond:
        text += f" {tonnes(beyond)} t/yr no capacity alone would bring"
        if answer.missing:
            text += f": {', '.join(answer.missing)} cannot reach who needs it"
        elif answer.hosts:
            text += f": {', '.join(answer.hosts)}, which comes along, finds no more buyers"
        text += "."
    if not answer.lifts and not answer.beyond:
        text += " No limit keeps them away: serving them costs more than it is worth."
    return text


def _amounts(lifts: tuple[Lift, ...]) -> str:
    """Limits with their amounts, in words."""
    return "; ".join(f"{tonnes(row.more)} {row.unit} at {row.name}" for row in lifts)


@page(Explanation)
def as_document(answers: Sequence[Explanation]) -> Document:
    """Return the document of why nations go short."""
    from supplynet.present.document import of_result
    from supplynet.questions.contested.limits import shortage_section

    section = shortage_section(answers[0])
    return of_result(section.title, (replace(section, title=""),), *answers)
