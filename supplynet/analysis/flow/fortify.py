"""What to protect: which plants, kept safe, leave an attacker least to gain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Unpack

from supplynet.analysis.flow.attackable import attackable, counted_flow
from supplynet.analysis.flow.evidence import defense_proof
from supplynet.analysis.losses import Target
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask, joined
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.declared import ITS_UNIT, Layout, Table, count, number, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.errors import OptionError
from supplynet.network.units import one_element
from supplynet.solve.check import Certificate, require
from supplynet.solve.interdiction.certificate import certify_defense
from supplynet.solve.interdiction.defense import fortify as solve_defense
from supplynet.text import tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork

__all__ = ["FortifyResult", "fortify"]


FORTIFY_LAYOUT = Layout(
    name="fortify",
    title="What to protect so that the worst losses of others leave the most",
    headline=(Lead("flow after the worst loss", "value", of="{row.element}"),),
    document="supplynet.reports.results_attack.of_fortify",
    figures=(
        text("element", "Id of the element, or product in the balance."),
        text("by", "What is lost, or protected, as one."),
        text("count", "Whether only tonnes up to the need count, or all."),
        count("k_defend", "How many are protected."),
        count("k_attack", "How many of the others may then be lost."),
        text("unit", "Unit of what is left."),
        number("whole", ITS_UNIT, "What there is per year with everything in place."),
        number("undefended", ITS_UNIT, "What is left with nothing protected."),
        number("value", ITS_UNIT, "What is left with the best protection found."),
        number("bound", ITS_UNIT, "No protection of the same size keeps more."),
        number("kept", ITS_UNIT, "What protection keeps in the worst case."),
        text("status", "optimal, time limit or interrupted."),
        texts(
            "undefended_removed",
            "Ids of the worst losses with nothing protected.",
            path="undefended_ids",
        ),
        count("n_attacks", "Worst losses that were searched for."),
    ),
    tables=(
        Table("protected", "What to protect", Target, without=("cost",)),
        Table("removed", "The worst losses that are left", Target, without=("cost",)),
    ),
)


@dataclass(frozen=True, eq=False)
class FortifyResult(Result):
    """The best protection against the worst losses: a potential, like every flow.

    Parameters
    ----------
    question : Question
    element : str
    by : str
        What is lost, or protected, as one.
    k_defend, k_attack : int
    whole : float
        t/yr that arrive with everything in place.
    undefended : float
        t/yr that still arrive after the worst losses with nothing protected.
    value : float
        t/yr that still arrive after the worst losses with the best protection found.
    bound : float
        No protection of the same size keeps more.
    status : {"optimal", "time limit", "interrupted"}
    unit : str
    protected : tuple of Target
    removed : tuple of Target
        The worst losses that are left.
    undefended_removed : tuple of Target
        The worst losses with nothing protected.
    n_attacks : int
        Worst losses that were searched for.
    certificate : Certificate
    provenance : Provenance
    need : float or None
        What the target needs, per year; None where that is not known.
    count : {"need", "all"}
        Whether only tonnes up to the need count.
    evidence : callable or None
        Makes what others need to check it; None where it is not proved.
    """

    LAYOUT = FORTIFY_LAYOUT

    question: Question
    element: str
    by: str
    k_defend: int
    k_attack: int
    whole: float
    undefended: float
    value: float
    bound: float
    status: str
    unit: str
    protected: tuple[Target, ...]
    removed: tuple[Target, ...]
    undefended_removed: tuple[Target, ...]
    n_attacks: int
    certificate: Certificate
    provenance: Provenance
    need: float | None
    count: str = "need"
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    @property
    def is_up_to_need(self) -> bool:
        """Whether what counts ends at the need of the target."""
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
    def kept(self) -> float:
        """t/yr that protection keeps in the worst case."""
        return max(0.0, self.value - self.undefended)

    def summary(self) -> str:
        """Return what to protect in a sentence or two."""
        asked = self.question
        worst = (
            f"the worst loss of {self.k_attack} leaves {asked.to_name} "
            f"{tonnes(self.undefended)} of {tonnes(self.whole)} {self.unit} of {self.element} in "
            f"{asked.year}"
        )
        if not self.protected:
            return f"No protection of {self.k_defend} helps: {worst}."
        names = " and ".join(target.name for target in self.protected)
        text = f"Protect {names}: without, {worst}; with, at least {tonnes(self.value)}"
        if self.is_proved:
            return f"{text}, and no other choice keeps more."
        return f"{text}; no choice keeps more than {tonnes(self.bound)}."

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return two rows: without protection and with it; or a table by name."""
        import pandas as pd

        if table is not None:
            return super().to_frame(table)
        rows = [
            ["", ",".join(target.id for target in self.undefended_removed), self.undefended],
            [
                ",".join(target.id for target in self.protected),
                ",".join(target.id for target in self.removed),
                self.value,
            ],
        ]
        return pd.DataFrame(rows, columns=["protected", "removed", "value"])


@takes(QuestionWords)
def fortify(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    k_defend: int,
    k_attack: int,
    by: str = "node",
    count: str = "need",
    protect: str | Iterable[str] | None = None,
    time_limit: float | None = None,
    **words: Unpack[QuestionWords],
) -> FortifyResult:
    """Which plants, kept safe, make the worst losses of others cost least?

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        One element, or ``"basket"``; default: the first of the graph's headline elements.
    k_defend, k_attack : int
        How many are protected, and how many of the others may then be lost.
    by : {"node", "link", "country", "owner", "country-stage"}
        What is protected or lost as one.
    count : {"need", "all"}
        What counts, as in :func:`supplynet.interdict`.
    protect : str or iterable of str, optional
        Selector of nodes that cannot be lost anyway.
    time_limit : float, optional
        Seconds.

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
    exact, see :func:`supplynet.solve.interdiction.defense.fortify`.

    Examples
    --------
    >>> import supplynet as sn
    >>> safe = sn.fortify(sn.load("tutorial"), to="MLT", element="Nd", k_defend=1, k_attack=1)
    >>> [one.id for one in safe.protected], round(safe.undefended), round(safe.value)
    (['ref-big'], 30, 50)
    """
    for name, value in (("k_defend", k_defend), ("k_attack", k_attack)):
        if value < 0:
            raise OptionError(f"{name} must be a whole number from 0 on, not {value}")
    known_words(words, fortify)
    question = ask(net, to=to, **words)
    wanted = one_element(question.net, element, "fortify")
    base, need = counted_flow(question, wanted, count)
    given = attackable(question, base, by=by, budget=float(k_attack), protect=protect)
    defense = solve_defense(given.problem, n_protected=k_defend, time_limit=time_limit)
    certificate = certify_defense(given.problem, defense, n_protected=k_defend)
    require(certificate)
    return FortifyResult(
        question=question,
        element=wanted,
        by=by,
        k_defend=k_defend,
        k_attack=k_attack,
        whole=base.value,
        undefended=defense.undefended,
        value=defense.value,
        bound=defense.bound,
        status=defense.status,
        unit=base.graph.unit,
        protected=given.named(defense.protected),
        removed=given.named(defense.attack.removed),
        undefended_removed=given.named(defense.undefended_attack),
        n_attacks=defense.n_attacks,
        need=need.value or None,
        count=count,
        certificate=certificate,
        evidence=partial(defense_proof, base.graph, given.ids, given.problem, defense, k_defend)
        if defense.status == "optimal"
        else None,
        provenance=provenance(
            question,
            element=wanted,
            by=by,
            count=count,
            k_defend=k_defend,
            k_attack=k_attack,
            protect=None if protect is None else joined(protect),
        ),
    )
