"""The worst case: which losses within a budget cost a nation most, with proof."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Unpack

import numpy as np

from supplynet.analysis.flow.attackable import Attackable, attackable, counted_flow, is_up_to_need
from supplynet.analysis.flow.evidence import attack_proof
from supplynet.analysis.flow.worst_case import (
    FIGURES,
    MOST_SETS,
    NESTED,
    TABLES,
    Step,
    WorstCase,
    are_nested,
    budget_of,
    budgets_up_to,
    least_cost,
    within,
)
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import ask, joined
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.declared import Layout, count, text
from supplynet.contract.headline import Lead
from supplynet.network.demand import DemandFigure
from supplynet.network.units import one_element
from supplynet.solve.check import Certificate, require
from supplynet.solve.interdiction.attack import AttackSolution
from supplynet.solve.interdiction.attack import interdict as solve_attack
from supplynet.solve.interdiction.certificate import certify_attack

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

__all__ = ["InterdictionResult", "interdict"]


INTERDICTION_LAYOUT = Layout(
    name="interdiction",
    title="The worst losses within a budget",
    headline=(Lead("worst loss", "loss_share", of="{row.element}"),),
    document="supplynet.reports.results_attack.of_interdict",
    figures=(
        text("element", "Id of the element."),
        text("count", "Whether only tonnes up to the need count, or all."),
        *FIGURES,
        count("n_nodes", "Parts of the search that were looked at."),
    ),
    tables=TABLES,
    nested=NESTED,
)


@dataclass(frozen=True, eq=False, kw_only=True)
class InterdictionResult(WorstCase):
    """The worst losses within a budget: a potential, like every flow.

    Parameters
    ----------
    element : str
    demand : DemandFigure
    n_nodes : int
        Parts of the search that were looked at.
    count : {"need", "all"}
        Whether only tonnes up to the need count.
    **others
        As in :class:`supplynet.analysis.flow.worst_case.WorstCase`; what there is arrives, in t/yr.
    """

    LAYOUT = INTERDICTION_LAYOUT

    element: str
    demand: DemandFigure
    n_nodes: int
    count: str = "need"

    @property
    def is_up_to_need(self) -> bool:
        """Whether what counts ends at the need of the target."""
        return is_up_to_need(self.count, self.demand)

    @property
    def demand_share(self) -> float | None:
        """Part of the demand that is no longer covered; None without a demand."""
        need = self.demand.value
        return (min(self.whole, need) - min(self.value, need)) / need if need else None

    def summary(self) -> str:
        """Return the worst case in a sentence or two."""
        who, year = self.question.to_name, self.question.year
        return self._told(
            f"of {self.element} could then still reach {who}",
            none=f"No loss within the budget costs {who} any {self.element} in {year}.",
        )


@takes(QuestionWords)
def interdict(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    k: int | None = None,
    budget: float | None = None,
    by: str = "node",
    count: str = "need",
    cost: Mapping[str, float] | None = None,
    protect: str | Iterable[str] | None = None,
    frontier: bool = True,
    time_limit: float | None = None,
    **words: Unpack[QuestionWords],
) -> InterdictionResult:
    """Which losses, few at a time, cost a nation most?

    The worst set is not the top of a ranking: two plants that replace each other rank low one by
    one and are the worst together. The answer is exact for the network at hand, with the yields
    and richest feeds of the whole network, as in :func:`supplynet.chokepoints`.

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        One element, or ``"basket"``; default: the first of the graph's headline elements.
    k : int, optional
        How many may be lost, where all costs are 1.
    budget : float, optional
        What the losses may cost together; one of `k` and `budget` is given.
    by : {"node", "link", "country", "owner", "country-stage"}
        What is lost as one. ``edge``: a link, or a corridor of links as a whole.
    count : {"need", "all"}
        Whether only tonnes up to the need of the target count, so that what is lost is coverage,
        or all that could arrive. Without a known need all count.
    cost : mapping of str to float, optional
        By id, 1 for those that are not named; with `budget`.
    protect : str or iterable of str, optional
        Selector of nodes that cannot be lost, nor a link at one of them.
    frontier : bool
        Whether to find the worst case for the smaller budgets too, and what a ranking finds.
    time_limit : float, optional
        Seconds for the search of the worst set.

    Returns
    -------
    InterdictionResult
        Also where the time limit or Ctrl-C ended the search: then `status` says so, and `bound`
        what is proved.

    Raises
    ------
    UnknownNameError
        If a selector, element or cost names nothing.
    OptionError
        If an option's value is not allowed.

    Notes
    -----
    Maximum-flow interdiction (Wood, 1993), by branch and bound, see
    :mod:`supplynet.solve.interdiction.bound`.

    Examples
    --------
    >>> import supplynet as sn
    >>> worst = sn.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=2)
    >>> [one.id for one in worst.removed], round(worst.value), worst.gap
    (['mine-big', 'mine-small'], 0, 0.0)
    """
    limit = budget_of(k, budget, cost)
    known_words(words, interdict)
    question = ask(net, to=to, **words)
    wanted = one_element(question.net, element, "interdict")
    base, need = counted_flow(question, wanted, count)
    given = attackable(question, base, by=by, budget=limit, cost=cost, protect=protect)
    attack, certificate = _solved(given, limit, (), time_limit)
    steps: list[Step] = []
    if frontier and attack.status == "optimal":
        # A frontier behind a search that did not end would rest on a value that is not the worst.
        steps = _frontier(given, attack, limit, time_limit)
    return InterdictionResult(
        question=question,
        element=wanted,
        by=by,
        budget=limit,
        whole=base.value,
        value=attack.value,
        bound=attack.bound,
        gap=attack.gap,
        status=attack.status,
        unit=base.graph.unit,
        demand=need,
        count=count,
        removed=given.named(attack.removed),
        sets=tuple(given.named(members) for members in attack.sets),
        is_complete=attack.is_complete,
        frontier=tuple(steps),
        is_nested=are_nested(steps),
        ranked=_ranked(given, attack, limit) if frontier and not cost else None,
        n_candidates=len(given.targets),
        n_nodes=attack.n_nodes,
        certificate=certificate,
        evidence=partial(attack_proof, base.graph, given.ids, given.problem, attack),
        provenance=provenance(
            question,
            element=wanted,
            by=by,
            count=count,
            budget=limit,
            cost=dict(cost or {}),
            protect=None if protect is None else joined(protect),
        ),
    )


def _solved(
    given: Attackable,
    budget: float,
    known: Iterable[tuple[int, ...]],
    time_limit: float | None,
) -> tuple[AttackSolution, Certificate]:
    """Return the certified worst attack within a budget."""
    problem = given.problem.replace(budget=budget)
    attack = solve_attack(problem, n_sets=MOST_SETS, known=known, time_limit=time_limit)
    certificate = certify_attack(problem, attack)
    require(certificate)
    return attack, certificate


def _frontier(
    given: Attackable, last: AttackSolution, budget: float, time_limit: float | None
) -> list[Step]:
    """Return the worst case for every whole budget, as far as the time limit allows."""
    end = time.monotonic() + (math.inf if time_limit is None else time_limit)
    steps: list[Step] = []
    before: tuple[tuple[int, ...], ...] = ()
    enough = least_cost(last.sets, given.problem.cost, budget)
    for size in budgets_up_to(enough, given.problem.cost):
        left = None if time_limit is None else end - time.monotonic()
        if left is not None and left <= 0:
            return []
        attack, _ = _solved(given, size, before, left)
        # The worst sets of the smaller budget are attacks of the larger one: the search starts from
        # the best of them.
        before = attack.sets
        if attack.status == "interrupted":
            return []
        steps.append(_step(given, size, attack))
    return [*steps, *(_step(given, size, last) for size in sorted({enough, budget}))]


def _step(given: Attackable, budget: float, found: AttackSolution) -> Step:
    sets = within(found.sets, given.problem.cost, budget)
    return Step(
        budget=budget,
        value=found.value,
        bound=found.bound,
        is_proved=found.status == "optimal",
        sets=tuple(given.named(members) for members in sets),
        is_complete=found.is_complete,
    )


def _ranked(given: Attackable, found: AttackSolution, budget: float) -> Step | None:
    """Return what the loss of those costs that rank highest one by one."""
    attacked = found.arena
    # What one maximum flow does not use costs nothing to lose alone, and cannot rank.
    sent = attacked.send(attacked.units)
    carried, short = attacked.carried(sent.flow), attacked.whole - sent.value
    able = np.flatnonzero((carried > 0) & np.isfinite(attacked.cost)).tolist()
    if attacked.is_single:
        able = sorted(able, key=lambda element: -carried[element])
    n_wanted, losses, least = int(budget), dict[int, int](), 0
    for element in sorted(able, key=lambda element: -carried[element]):
        # No loss is more than what is carried, so that no further one is among those wanted.
        if carried[element] + short < least:
            break
        losses[element] = attacked.whole - attacked.left_by((element,))
        if len(losses) >= n_wanted > 0:
            least = sorted(losses.values(), reverse=True)[n_wanted - 1]
    worst = sorted(
        (element for element in able if losses.get(element, 0) > 0),
        key=lambda element: -losses[element],
    )
    top = tuple(sorted(worst[: int(budget)]))
    if not top:
        return None
    value = attacked.to_float(attacked.left_by(top))
    # no ranking does better than the worst set; a rounding must not make it seem so
    value = max(value, found.value)
    return Step(budget, value, value, True, (given.named(top),), True)
