"""The worst case in the balance: losses within a budget after which the least can be served."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.attackable import BY, Target, prices
from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.candidates import candidates
from supplynet.analysis.balance.solve import supply
from supplynet.analysis.interdict import (
    MOST_SETS,
    Step,
    are_nested,
    budget_of,
    budgets_up_to,
    step_told,
    target_told,
)
from supplynet.analysis.numbers import share, tonnes
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import ask, joined, target_nodes
from supplynet.errors import InterruptedSolveError, OptionError
from supplynet.model.problems import did_you_mean
from supplynet.model.selector import select_some
from supplynet.solve.check import Certificate, require
from supplynet.solve.interdiction.program import (
    ProgramAttack,
    ProgramAttackSolution,
    Witness,
    interdict_program,
)
from supplynet.solve.interdiction.program_certificate import certify_program_attack
from supplynet.solve.linear_certificate import GAP_TOLERANCE
from supplynet.solve.removals import removals

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.question import Question
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.scenario import Scenario

__all__ = ["BalanceInterdictionResult", "interdict_balance"]

TOGETHER = "contested: the most that all nations together are served when they draw at once again"
ALONE = (
    "the most that the target could be served with yields, recipes and whole baskets if no other "
    "nation drew"
)


@dataclass(frozen=True)
class BalanceInterdictionResult:
    """The worst losses within a budget, counted in demand that is served.

    Parameters
    ----------
    question : Question
        Its target is whose served demand counts.
    by : str
        What is lost as one.
    budget : float
        With costs of 1, how many are lost.
    is_together : bool
        Whether all nations draw at once; otherwise the figures are what the target could be
        served at most if no other nation drew.
    whole : float
        Per year served with everything in place, in `unit`.
    value, bound, gap : float
        Still served after the worst losses found; what no losses within the budget can go below;
        their distance as a part of `whole`.
    status : {"optimal", "time limit", "interrupted"}
    unit : str
    demand : float or None
        Of the target; None where the graph knows none.
    removed : tuple of Target
        The worst losses.
    sets : tuple of tuple of Target
        All that are equally bad, where `is_complete`; none holds a member it does not need.
    is_complete : bool
    frontier : tuple of Step
        The worst case for every budget from 0 on, or none where that was not asked for.
    is_nested : bool or None
        As in :class:`supplynet.analysis.interdict.InterdictionResult`.
    ranked : Step or None
        What the loss of those costs that rank highest one by one; None unless costs are all 1.
    n_candidates, n_solved : int
        What could be lost, and programs that were solved.
    certificate : Certificate
        Independent check of value and bound.
    provenance : Provenance
    """

    question: Question
    by: str
    budget: float
    is_together: bool
    whole: float
    value: float
    bound: float
    gap: float
    status: str
    unit: str
    demand: float | None
    removed: tuple[Target, ...]
    sets: tuple[tuple[Target, ...], ...]
    is_complete: bool
    frontier: tuple[Step, ...]
    is_nested: bool | None
    ranked: Step | None
    n_candidates: int
    n_solved: int
    certificate: Certificate = field(repr=False)
    provenance: Provenance

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return TOGETHER if self.is_together else ALONE

    @property
    def is_proved(self) -> bool:
        """Whether no losses within the budget are worse."""
        return self.status == "optimal"

    @property
    def loss(self) -> float:
        """Per year no longer served."""
        return max(0.0, self.whole - self.value)

    @property
    def loss_share(self) -> float:
        """Loss over what is served with everything in place, 0 to 1."""
        return self.loss / self.whole if self.whole else 0.0

    @property
    def demand_share(self) -> float | None:
        """Part of the demand that is no longer served; None without a demand."""
        return self.loss / self.demand if self.demand else None

    def summary(self) -> str:
        """Return the worst case in a sentence or two."""
        who = "all nations together" if self.is_together else self.question.to_name
        year = self.question.year
        if not self.removed:
            return f"No loss within the budget costs {who} anything in {year}."
        names = " and ".join(one.name for one in self.removed)
        text = (
            f"The worst is the loss of {names}: {tonnes(self.value)} of {tonnes(self.whole)} "
            f"{self.unit} could then still be served to {who} in {year} "
            f"({share(self.loss_share)} less)"
        )
        if self.is_proved:
            return f"{text}; nothing within the budget is worse."
        return f"{text}; what is worse leaves at least {tonnes(self.bound)}."

    def to_frame(self) -> pd.DataFrame:
        """Return the frontier: one row a budget."""
        import pandas as pd

        rows = [
            [step.budget, step.value, step.bound, self.whole - step.value]
            + [",".join(one.id for one in step.sets[0])]
            for step in self.frontier
        ]
        return pd.DataFrame(rows, columns=["budget", "value", "bound", "loss", "removed"])

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        plain = (
            *("by", "budget", "is_together", "meaning", "unit", "whole", "value", "bound", "gap"),
            *("status", "loss", "loss_share", "demand", "demand_share", "is_complete"),
            *("is_nested", "n_candidates", "n_solved"),
        )
        return {
            "question": self.question.to_dict(),
            "model": "balance",
            **{name: getattr(self, name) for name in plain},
            "removed": [target_told(one) for one in self.removed],
            "sets": [[one.id for one in some] for some in self.sets],
            "frontier": [step_told(step) for step in self.frontier],
            "ranked": step_told(self.ranked) if self.ranked else None,
            "certificate": self.certificate.to_dict(),
            "provenance": self.provenance.to_dict(),
        }


def interdict_balance(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str] | None = None,
    k: int | None = None,
    budget: float | None = None,
    by: str = "node",
    cost: Mapping[str, float] | None = None,
    protect: str | Iterable[str] | None = None,
    elements: str | Iterable[str] | None = None,
    avoid: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str = "plausible",
    lens: str = "location",
    weights: Mapping[str, float] | None = None,
    basis: str = "capacity",
    scenario: str | Scenario | Iterable[str | Scenario] | None = None,
    frontier: bool = True,
    time_limit: float | None = None,
) -> BalanceInterdictionResult:
    """Which losses, few at a time, leave the least demand served?

    The worst case of :func:`supplynet.interdict` in the balance: with yields, recipes that need
    several elements, whole baskets and capacities that all elements share. Each set of losses is
    answered by a linear program; that no set within the budget is worse is proved by solutions
    that do without it.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str, optional
        Whose served demand counts. By default all nations, which draw at once; otherwise the
        figures are what these could be served at most if no other drew.
    k, budget, by, cost, protect, frontier
        As in :func:`supplynet.interdict`; ids are those of :func:`supplynet.disrupt`.
    elements, avoid, year, links, lens, weights, basis, scenario
        As in :func:`supplynet.balance`.
    time_limit : float, optional
        Seconds for the search of the worst set.

    Returns
    -------
    BalanceInterdictionResult
        Also where the time limit or Ctrl-C ended the search: then `status` says so, and `bound`
        what is proved.

    Raises
    ------
    UnknownNameError
        If a selector, element, product or cost names nothing.
    OptionError
        If an option's value is not allowed.
    UnboundedError
        If nothing limits what a nation without a known demand could take.
    InterruptedSolveError
        If the time limit was reached before the program was solved once.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> worst = sn.interdict_balance(sn.load("tutorial"), k=1, year=2024)
    >>> [one.id for one in worst.removed], round(worst.value), worst.gap
    (['ref-big'], 0, 0.0)
    """
    limit = budget_of(k, budget, cost)
    if by not in BY:
        raise OptionError(
            f"by must be one of {', '.join(BY)}, not {by!r}", hint=did_you_mean(by, BY)
        )
    base = balance(
        net,
        year=year,
        links=links,
        elements=elements,
        avoid=avoid,
        lens=lens,
        weights=weights,
        basis=basis,
        scenario=scenario,
    )
    model, question = base.run.model, base.question
    if to is not None:
        question = ask(
            net, to=to, avoid=avoid, year=year, links=links, lens=lens, scenario=scenario
        )
    nations = frozenset(model.scope.net.nation_ids) - frozenset(base.left_out)
    drawing = nations if to is None else target_nodes(question.net, question.to) & nations
    if not drawing:
        raise OptionError("none of those that are to be supplied is a nation that draws")
    safe = frozenset[str]()
    if protect is not None:
        safe = select_some(question.net, protect, lens=question.lens, what="protect").surely
    chosen = candidates(model, question, "link" if by == "edge" else by, safe=safe)
    costs = prices({one.id: one.name for one in chosen}, cost or {})
    targets = tuple(Target(one.id, one.name, costs[one.id]) for one in chosen)
    lp = model.program(supply(model, nations=drawing, weights=weights), maximize=True)
    attack = ProgramAttack(
        lp, [one.columns for one in chosen], np.array([one.cost for one in targets]), limit
    )
    end = math.inf if time_limit is None else time.monotonic() + time_limit
    ranked = _ranked(attack, limit) if frontier and not cost and limit == int(limit) else None
    found, certificate = _solved(attack, [ranked] if ranked else [], (), end)
    steps: list[Step] = []
    if frontier and found.status == "optimal":
        steps = _frontier(attack, targets, found, end)
    demand = sum(
        (weights or {}).get(key[1], 1.0) * need
        for key, need in model.scope.demand.items()
        if key[0] in drawing
    )
    unit = "t of product/yr" if model.scope.demand else "t/yr"
    options = {name: base.provenance.options[name] for name in ("elements", "basis", "weights")}
    return BalanceInterdictionResult(
        question=question,
        by=by,
        budget=limit,
        is_together=drawing == nations,
        whole=found.whole,
        value=_told(found.value, found),
        bound=_told(found.bound, found),
        gap=found.gap,
        status=found.status,
        unit=f"weighted {unit}" if weights else unit,
        demand=demand or None,
        removed=_named(targets, found.removed),
        sets=tuple(_named(targets, some) for some in found.sets),
        is_complete=found.is_complete,
        frontier=tuple(steps),
        is_nested=are_nested(steps),
        ranked=_ranked_step(attack, targets, ranked, found),
        n_candidates=len(chosen),
        n_solved=found.n_solved,
        certificate=certificate,
        provenance=provenance(
            question,
            model="balance",
            by=by,
            budget=limit,
            cost=dict(cost or {}),
            protect=None if protect is None else joined(protect),
            **options,
        ),
    )


def _named(targets: tuple[Target, ...], attack: Iterable[int]) -> tuple[Target, ...]:
    return tuple(targets[one] for one in attack)


def _told(value: float, found: ProgramAttackSolution) -> float:
    """Return a value without what the check cannot tell from nothing."""
    return value if abs(value) > GAP_TOLERANCE * max(1.0, found.whole) else 0.0


def _solved(
    attack: ProgramAttack,
    known: Iterable[tuple[int, ...]],
    witnesses: Iterable[Witness],
    end: float,
) -> tuple[ProgramAttackSolution, Certificate]:
    """Return the certified worst attack within a budget."""
    left = None if end == math.inf else max(end - time.monotonic(), 1e-3)
    found = interdict_program(
        attack, n_sets=MOST_SETS, known=known, witnesses=witnesses, time_limit=left
    )
    certificate = certify_program_attack(attack, found)
    require(certificate)
    return found, certificate


def _frontier(
    attack: ProgramAttack, targets: tuple[Target, ...], last: ProgramAttackSolution, end: float
) -> list[Step]:
    """Return the worst case for every whole budget; none where the time did not suffice."""
    steps = []
    for budget in budgets_up_to(attack.budget, attack.cost):
        smaller = ProgramAttack(attack.lp, attack.sets, attack.cost, budget)
        try:
            found, _ = _solved(smaller, (), last.witnesses, end)
        except InterruptedSolveError:
            return []
        if found.status != "optimal":
            return []
        steps.append(_step(budget, targets, found))
    return [*steps, _step(attack.budget, targets, last)]


def _step(budget: float, targets: tuple[Target, ...], found: ProgramAttackSolution) -> Step:
    return Step(
        budget=budget,
        value=_told(found.value, found),
        bound=_told(found.bound, found),
        is_proved=found.status == "optimal",
        sets=tuple(_named(targets, some) for some in found.sets),
        is_complete=found.is_complete,
    )


def _ranked(attack: ProgramAttack, budget: float) -> tuple[int, ...]:
    """Return those, as many as may be lost, whose loss one by one costs most."""
    alone = removals(attack.lp, attack.sets)
    loss = alone.objective - alone.values
    order = np.argsort(-loss, kind="stable")[: int(budget)]
    return tuple(sorted(int(one) for one in order if loss[one] > 0.0))


def _ranked_step(
    attack: ProgramAttack,
    targets: tuple[Target, ...],
    ranked: tuple[int, ...] | None,
    found: ProgramAttackSolution,
) -> Step | None:
    """Return what the loss of the highest ranked costs together."""
    if not ranked:
        return None
    value = removals(attack.lp, [attack.places(ranked)]).values[0]
    # no ranking does better than the worst set; a rounding must not make it seem so
    value = _told(max(float(value), found.value), found)
    return Step(attack.budget, value, value, True, (_named(targets, ranked),), True)
