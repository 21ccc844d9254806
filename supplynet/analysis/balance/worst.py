"""The worst case in the balance: what can be lost at once, and what to protect against it."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Unpack

import numpy as np

from supplynet.analysis.balance.ask import LossWords, asked
from supplynet.analysis.balance.evidence import losses_proof
from supplynet.analysis.balance.programs import limited, model_of, need, out_of_play, supply
from supplynet.analysis.balance.rows import Label
from supplynet.analysis.balance.tables import describe
from supplynet.analysis.flow.worst_case import (
    ALSO,
    BY,
    MOST_SETS,
    NESTED,
    Step,
    Target,
    WorstCase,
    are_nested,
    budget_of,
    budgets_up_to,
    least_cost,
    within,
)
from supplynet.analysis.losses import groups_of, prices, shut_by, told
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask, joined, selector_name
from supplynet.analysis.words import question_of
from supplynet.arrays import Ints32
from supplynet.contract.answer import solved_anew
from supplynet.contract.headline import Lead
from supplynet.contract.row import ITS_UNIT, Share, Tonnes, col
from supplynet.errors import InterruptedSolveError, OptionError
from supplynet.network.schema import Edge
from supplynet.network.selector import select_some
from supplynet.questions.fortify import FortifyResult
from supplynet.solve.check import Certificate, require
from supplynet.solve.interdiction.program import (
    CLOSE,
    ProgramAttack,
    ProgramAttackSolution,
    Witness,
    certify_program_attack,
    interdict_program,
)
from supplynet.solve.lp.certificate import GAP_TOLERANCE
from supplynet.solve.lp.integer import hitting_set
from supplynet.solve.lp.removals import removals
from supplynet.terms import ATTACKS, DEFENSES, one_of

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.balance.model import Model
    from supplynet.network.network import SupplyNetwork


@dataclass(frozen=True)
class Candidate:
    """Something that may be lost, and the variables that its loss holds at 0."""

    id: str
    name: str
    stage: str  #: of a plant or of a country's stage; the form of a link; else empty
    n_plants: int  #: open plants that are lost at once; 0 for a link
    columns: Ints32 = field(repr=False)


def candidates(
    model: Model,
    question: Question,
    by: str,
    lost: Iterable[str] | None = None,
    *,
    safe: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """Return what can be lost in a balance; nations are never among it.

    `lost` are selectors in place of `by`, each lost as a whole; nodes in `safe`, and links at one
    of them, cannot be lost otherwise. A selector that names nations only is an OptionError.
    """
    variables = Variables(model)
    if lost is not None:
        return [_selected(variables, question, selector) for selector in lost]
    if by == "link":
        return _links(variables, safe)
    net = model.scope.net
    plants = [label for label in variables.plants if label not in safe]
    groups = []
    for key, together in groups_of(net, plants, by, question.lens).items():
        columns = variables.of_plants(sorted(together))
        groups.append(Candidate(*told(net, by, key), key[1], len(together), columns))
    return groups


class Variables:
    """The variables of a model by plant and by arc.

    The first part of a variable's key is the place of an arc or the label of a vertex.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.frame = model.scope.frame
        self.plants = [label for label in self.frame.nodes if not model.scope.is_nation(label)]
        self._of: dict[object, list[int]] = defaultdict(list)
        for column, (_, key) in enumerate(model.columns.keys):
            self._of[key[0]].append(column)

    def links(self) -> dict[Label, list[int]]:
        """Return the places of the arcs of each named link, and of each corridor as a whole."""
        arcs: dict[Label, list[int]] = defaultdict(list)
        for index, arc in enumerate(self.frame.arcs):
            arcs[_label(arc)].append(index)
        return arcs

    def of_arcs(self, arcs: Iterable[int]) -> Ints32:
        """Return what flows on some arcs."""
        return np.array(
            [column for arc in arcs for column in self._of.get(arc, ())], dtype=np.int32
        )

    def of_plants(self, plants: Iterable[str]) -> Ints32:
        """Return what happens in some plants and on every arc at them."""
        inside = [column for label in plants for column in self._of.get(label, ())]
        bounds = (self.frame.arcs_in, self.frame.arcs_out)
        # With a plant all that goes in and out is held at 0, for corridors let things pass that no
        # variable of the plant counts.
        arcs = {arc for label in plants for side in bounds for arc in side.get(label, ())}
        return np.concatenate([np.array(inside, dtype=np.int32), self.of_arcs(sorted(arcs))])


def _links(variables: Variables, safe: frozenset[str]) -> list[Candidate]:
    """Return the named links, and the corridors each as a whole, but none at a safe node."""
    links = []
    for label, places in variables.links().items():
        if any(
            safe & {variables.frame.arcs[index].tail, variables.frame.arcs[index].head}
            for index in places
        ):
            continue
        limit = describe(variables.model.scope, label)
        form = variables.frame.arcs[places[0]].form
        links.append(Candidate(limit.id, limit.name, form, 0, variables.of_arcs(places)))
    return links


def _label(arc: Arc) -> Label:
    """Return the label of the link that an arc belongs to, all of its contracts together."""
    if isinstance(arc.link, Edge):
        return "link", arc.tail, arc.head, arc.form, ""
    return "rule", arc.link.id


def _selected(variables: Variables, question: Question, text: str) -> Candidate:
    """Return the plants that a selector shuts; nations among them go on drawing."""
    selected = shut_by(question, text, question.net.nation_ids)
    plants = [label for label in variables.plants if label in selected]
    name = selector_name(question.net, text)
    return Candidate(text, name, "", len(plants), variables.of_plants(plants))


#: the part of a time limit that a ranking, where the search starts, may take
RANKING = 0.4
#: options of the balance that an origin states
_WHAT = ("elements", "basis", "weights")


def interdict_balance(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str] | None = None,
    k: int | None = None,
    budget: float | None = None,
    by: str = "node",
    cost: Mapping[str, float] | None = None,
    protect: str | Iterable[str] | None = None,
    frontier: bool = True,
    time_limit: float | None = None,
    **words: Unpack[LossWords],
) -> BalanceInterdictionResult:
    """Return the worst losses within a budget, counted in demand that is served.

    As :func:`supplynet.chokepoints.interdict` in the balance: with yields, recipes that need
    several elements, whole baskets and capacities that all elements share. Each set of losses is
    answered by a linear program; that no set within the budget is worse is proved by solutions that
    do without it. Of sets whose losses are equal, to a millionth of what could be served, the
    cheapest is reported, and of those the one whose members come first in the graph. Without a
    target the served demand of all nations counts, which draw at once; else figures are what these
    could be served at most if no other drew.

    Examples
    --------
    >>> import supplynet as sn
    >>> worst = interdict_balance(sn.load("tutorial"), k=1, year=2024)
    >>> [one.id for one in worst.removed], round(worst.value), worst.gap
    (['ref-big'], 0, 0.0)
    """
    limit = budget_of(k, budget, cost)
    one_of(by, ATTACKS, "by")
    inputs: LossWords = {"basis": "capacity", **words}
    # Losses are judged by the most that can be served, which never rises when more is lost. What a
    # fair split serves may, and bounds on it would prove nothing.
    everybody, balanced, options = asked(
        net,
        **inputs,
        objective="max_supply",
        firm=False,  # a contract ends with the plant or link that is lost
    )
    model, weights = model_of(everybody, balanced), balanced.weights
    question = everybody if to is None else ask(net, to=to, **question_of(inputs))
    drawing, is_together = _drawing(everybody, question)
    attack, targets = _attack(model, question, drawing, by, protect, limit, cost or {}, weights)
    is_ranked = frontier and not cost and limit == int(limit)
    with limited():
        worst, certificate, (ranked, top), (steps, smaller) = _search(
            attack, targets, frontier, is_ranked, time_limit
        )
    claims = [f"{nation} {product}" for nation, product in model.scope.demand if nation in drawing]
    asks = [f"{what} {claim}" for claim in claims for what in ("served", "unmet")]
    demand, unit = need(model, nations=drawing, weights=weights)
    ids = [target.id for target in targets]
    return BalanceInterdictionResult(
        question=question,
        by=by,
        budget=limit,
        is_together=is_together,
        whole=worst.whole,
        value=_told(worst.value, worst),
        bound=_told(worst.bound, worst),
        gap=worst.gap,
        status=worst.status,
        unit=unit,
        demand=demand,
        removed=_named(targets, worst.removed),
        sets=tuple(_named(targets, attack) for attack in worst.sets),
        is_complete=worst.is_complete,
        frontier=tuple(steps),
        is_nested=are_nested(steps),
        ranked=ranked,
        n_candidates=len(targets),
        certificate=certificate,
        evidence=partial(
            losses_proof, model, ids, attack, worst, [] if weights else asks, smaller, top
        ),
        provenance=provenance(
            question,
            model="balance",
            by=by,
            budget=limit,
            cost=dict(cost or {}),
            protect=None if protect is None else joined(protect),
            **{name: options[name] for name in _WHAT},
        ),
    )


def _drawing(everybody: Question, question: Question) -> tuple[frozenset[str], bool]:
    """Return the nations whose served demand counts, and whether those are all that draw."""
    nations = frozenset(everybody.net.nation_ids) - out_of_play(everybody)
    drawing = question.targets & nations
    if not drawing:
        raise OptionError("none of those that are to be supplied is a nation that draws")
    return drawing, drawing == nations


def _attack(
    model: Model,
    question: Question,
    drawing: frozenset[str],
    by: str,
    protect: str | Iterable[str] | None,
    budget: float,
    cost: Mapping[str, float],
    weights: Mapping[str, float],
) -> tuple[ProgramAttack, tuple[Target, ...]]:
    """Return what is attacked, the most that can be served to some nations, and by which losses."""
    safe = frozenset[str]()
    if protect is not None:
        safe = select_some(question.net, protect, lens=question.lens, what="protect").surely
    selection = candidates(model, question, by, safe=safe)
    costs = prices({candidate.id: candidate.name for candidate in selection}, cost)
    targets = tuple(
        Target(candidate.id, candidate.name, costs[candidate.id]) for candidate in selection
    )
    attack = ProgramAttack(
        model.program(supply(model, nations=drawing, weights=weights), maximize=True),
        [candidate.columns for candidate in selection],
        np.array([target.cost for target in targets]),
        budget,
    )
    return attack, targets


#: the worst for every budget, and the searches of some by where the answer states them
_Frontier = tuple[list[Step], dict[str, tuple[float, ProgramAttackSolution]]]


def _search(
    attack: ProgramAttack,
    targets: tuple[Target, ...],
    has_frontier: bool,
    is_ranked: bool,
    time_limit: float | None,
) -> tuple[ProgramAttackSolution, Certificate, tuple[Step | None, tuple[int, ...]], _Frontier]:
    """Return the certified worst attack, that of a ranking, and the worst of every budget."""
    end = math.inf if time_limit is None else time.monotonic() + time_limit
    # The highest ranked of the single losses are a feasible attack, and a good one: the search
    # starts from it, so that only better sets need looking for. Beside the worst it shows what a
    # ranking would have missed.
    ranked, is_whole = _ranked(attack, end) if is_ranked else (None, False)
    worst, certificate = _solved(attack, [ranked] if ranked else [], (), end)
    steps: _Frontier = [], {}
    if has_frontier and worst.status == "optimal":
        steps = _frontier(attack, targets, worst, end)
    step = _ranked_step(attack, targets, ranked, worst) if is_whole else None
    return worst, certificate, (step, ranked if step and ranked else ()), steps


def _named(targets: tuple[Target, ...], attack: Iterable[int]) -> tuple[Target, ...]:
    return tuple(targets[index] for index in attack)


def _told(value: float, solution: ProgramAttackSolution) -> float:
    """Return a value without what the check cannot tell from nothing."""
    return value if abs(value) > GAP_TOLERANCE * solution.whole else 0.0


def _solved(
    attack: ProgramAttack,
    names: Iterable[tuple[int, ...]],
    witnesses: Iterable[Witness],
    end: float,
) -> tuple[ProgramAttackSolution, Certificate]:
    """Return the certified worst attack within a budget."""
    left = None if end == math.inf else max(end - time.monotonic(), 1e-3)
    solution = interdict_program(
        attack, n_sets=MOST_SETS, known=names, witnesses=witnesses, time_limit=left
    )
    certificate = certify_program_attack(attack, solution)
    require(certificate)
    return solution, certificate


def _frontier(
    attack: ProgramAttack, targets: tuple[Target, ...], last: ProgramAttackSolution, end: float
) -> _Frontier:
    """Return the worst case for every whole budget; none where the time did not suffice."""
    steps, searched = list[Step](), dict[str, tuple[float, ProgramAttackSolution]]()
    # No budget above the cheapest of the worst sets can be worse than the last one, so that those
    # between need no search.
    enough = least_cost(last.sets, attack.cost, attack.budget)
    for budget in budgets_up_to(enough, attack.cost):
        smaller = ProgramAttack(attack.lp, attack.sets, attack.cost, budget)
        try:
            # Solutions that do without some losses prove bounds for smaller budgets as well: handed
            # on, they spare most of the programs.
            solution, _ = _solved(smaller, (), last.witnesses, end)
        except InterruptedSolveError:
            return [], {}
        if solution.status != "optimal":
            return [], {}
        searched |= {f"frontier.{len(steps)}.": (budget, solution)} if budget else {}
        steps.append(_step(budget, smaller, targets, solution))
    bounds = sorted({enough, attack.budget})
    searched |= {f"frontier.{len(steps)}.": (enough, last)} if enough < attack.budget else {}
    return [*steps, *(_step(size, attack, targets, last) for size in bounds)], searched


def _step(
    budget: float,
    attack: ProgramAttack,
    targets: tuple[Target, ...],
    solution: ProgramAttackSolution,
) -> Step:
    sets = within(solution.sets, attack.cost, budget)
    return Step(
        budget=budget,
        value=_told(solution.value, solution),
        bound=_told(solution.bound, solution),
        is_proved=solution.status == "optimal",
        sets=tuple(_named(targets, attack) for attack in sets),
        is_complete=solution.is_complete,
    )


def _ranked(attack: ProgramAttack, end: float) -> tuple[tuple[int, ...], bool]:
    """Return those, as many as may be lost, whose loss one by one costs most.

    Where a part of the time does not do, of those that carry most; and whether it did.
    """
    now = time.monotonic()
    alone = removals(attack.lp, attack.sets, until=now + RANKING * (end - now))
    loss = np.nan_to_num(alone.objective - alone.values)
    # what differs by rounding ranks in the order of the graph
    least = CLOSE * (abs(alone.objective) or 1.0)
    order = np.argsort(-np.round(loss / least), kind="stable")[: int(attack.budget)]
    ranked = tuple(sorted(int(index) for index in order if loss[index] > 0.0))
    return ranked, not np.isnan(alone.values).any()


def _ranked_step(
    attack: ProgramAttack,
    targets: tuple[Target, ...],
    ranked: tuple[int, ...] | None,
    solution: ProgramAttackSolution,
) -> Step | None:
    """Return what the loss of the highest ranked costs together."""
    if not ranked:
        return None
    value = removals(attack.lp, [attack.places(ranked)]).values[0]
    # no ranking does better than the worst set; a rounding must not make it seem so
    value = _told(max(float(value), solution.value), solution)
    return Step(attack.budget, value, value, True, (_named(targets, ranked),), True)


TOGETHER = "contested: the most that all nations together are served when they buy at once again"
ALONE = (
    "the most that the target could be served with yields, recipes and whole baskets if no other "
    "nation drew"
)


class BalanceInterdictionResult(
    WorstCase,
    name="interdiction_balance",
    title="The worst losses within a budget, counted in demand that is served",
    headline=(Lead("worst loss", "loss_share"),),
    also=("model", "meaning", *ALSO),
    by=BY | {"demand_share": "loss / demand"},
    frames=("budgets",),
    nested=NESTED,
    document="supplynet.questions.interdict.page.of_interdict_balance",
):
    """The worst losses within a budget, counted in demand that is served."""

    is_together: bool = col("Whether all nations buy at once.")
    demand: Tonnes | None = col("Of the target; null where it is not known.", ITS_UNIT)

    @property
    def element(self) -> str:
        """That its figures are of all elements together."""
        return "all"

    @property
    def model(self) -> str:
        """How it is worked out: balance."""
        return "balance"

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return TOGETHER if self.is_together else ALONE

    @property
    def demand_share(self) -> Share | None:
        """Part of the demand that is no longer served; None without a demand."""
        return self.loss / self.demand if self.demand else None

    def summary(self) -> str:
        """Return the worst case in a sentence or two."""
        who = "all nations together" if self.is_together else self.question.to_name
        year = self.question.year
        return self._told(
            f"could then still be served to {who}",
            none=f"No loss within the budget costs {who} anything in {year}.",
        )


def fortify_balance(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str] | None = None,
    k_defend: int,
    k_attack: int,
    by: str = "node",
    protect: str | Iterable[str] | None = None,
    time_limit: float | None = None,
    **words: Unpack[LossWords],
) -> FortifyResult:
    """Return what to protect so that the worst losses of others cost least demand.

    In tonnes of product; where the time limit ended the search `bound` says what is proved. Other
    options are those of :func:`supplynet.analysis.balance.worst.interdict_balance`.

    Notes
    -----
    Implicit enumeration (Scaparra and Church, 2008, doi:10.1016/j.cor.2006.09.004): a protection
    is better only if it stops every known attack that leaves no more than the best so far; each
    that is tried adds the worst attack that is left, certified, and none left is the proof. Of
    worst losses that are equal those are reported that
    :func:`supplynet.analysis.balance.worst.interdict_balance` states.

    Examples
    --------
    >>> import supplynet as sn
    >>> safe = fortify_balance(sn.load("tutorial"), to="MLT", k_defend=1, k_attack=1)
    >>> safe.value >= safe.undefended
    True
    """
    for name, value in (("k_defend", k_defend), ("k_attack", k_attack)):
        if value < 0:
            raise OptionError(f"{name} must be a whole number from 0 on, not {value}")
    one_of(by, DEFENSES, "by", where="in the balance")
    end = None if time_limit is None else time.monotonic() + time_limit
    options = () if protect is None else (joined(protect),)

    def attacked(safe: Iterable[str]) -> BalanceInterdictionResult:
        selection = [*options, *(_selector(by, plant) for plant in safe)]
        left = None if end is None else max(end - time.monotonic(), 1e-3)
        return interdict_balance(
            net,
            to=to,
            k=k_attack,
            by=by,
            protect=selection or None,
            frontier=False,
            time_limit=left,
            **words,
        )

    search = _defend_search(attacked, k_defend)
    first, best, is_proved = search.first, search.best, search.status == "optimal"
    return FortifyResult(
        question=first.question,
        element="product",
        by=by,
        k_defend=k_defend,
        k_attack=k_attack,
        whole=first.whole,
        undefended=first.value,
        value=best.value,
        bound=best.value if is_proved else first.whole,
        status=search.status,
        unit=first.unit,
        protected=search.protected,
        removed=best.removed,
        undefended_removed=first.removed,
        n_attacks=search.n_attacks,
        need=first.demand,
        certificate=best.certificate,
        evidence=partial(solved_anew, "what is left, but by searching anew"),
        provenance=provenance(
            first.question,
            k_defend=k_defend,
            k_attack=k_attack,
            **{name: first.provenance.options[name] for name in ("model", "by", *_WHAT)},
        ),
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """The end of a search: the worst without protection, and the worst under the best one."""

    first: BalanceInterdictionResult
    best: BalanceInterdictionResult
    protected: tuple[Target, ...]
    n_attacks: int
    status: str


def _defend_search(
    attacked: Callable[[Iterable[str]], BalanceInterdictionResult], k_defend: int
) -> _Search:
    """Try protections, each of which stops all attacks known to be as bad as the best."""
    first = attacked(())
    best, selection, n_attacks, status = first, tuple[str, ...](), 1, first.status
    values: dict[frozenset[str], float] = {}
    names: dict[str, Target] = {}
    _learn(values, names, first)
    while status == "optimal":
        # Every attack that leaves no more than the best protection so far must be stopped by a
        # better one: a hitting set over the known attacks. None that is small enough proves the
        # best one optimal; each that fails adds an attack, and there are finitely many.
        limit = best.value + CLOSE * first.whole
        places = {name: count for count, name in enumerate(names)}
        serious = [
            frozenset(places[name] for name in attack)
            for attack, left in values.items()
            if left <= limit
        ]
        trial = hitting_set(serious, np.ones(len(names)), k_defend, is_fewest=True)
        if trial is None or not serious:
            break
        safe = tuple(list(names)[index] for index in trial)
        worst = attacked(safe)
        n_attacks += 1
        _learn(values, names, worst)
        status = worst.status
        if status == "optimal" and worst.value > limit:
            best, selection = worst, safe
    return _Search(first, best, tuple(names[name] for name in selection), n_attacks, status)


def _selector(by: str, name: str) -> str:
    """Return the selector of what is lost as one."""
    return f"{by}:{name}"


def _learn(
    values: dict[frozenset[str], float],
    names: dict[str, Target],
    result: BalanceInterdictionResult,
) -> None:
    """Keep what an attack taught: every set that leaves as little."""
    # All sets that are as bad teach at once: with only one of them the next trial would stop it and
    # leave its twin.
    for attack in result.sets or (result.removed,):
        names |= {member.id: member for member in attack}
        values[frozenset(member.id for member in attack)] = result.value
