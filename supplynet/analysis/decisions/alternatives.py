"""Other plans that cost little more.

Each plan that is taken differs most from all that are known (Hop, Skip, Jump: Brill, 1979,
doi:10.1287/mnsc.25.5.413): of all exchanges of a few options of a known plan, and where these run
out by an integer program, in directions that are partly random (Berntsen and Trutnevyte, 2017,
doi:10.1016/j.energy.2017.03.043).

Portfolios near known ones: some options are given up, others make up for them.

Every exchange of at most two options of a known plan for at most two others (a 2-opt
neighbourhood; Lin, 1965, doi:10.1002/j.1538-7305.1965.tb04146.x) on the cuts that are known, all
at once: first by what each option adds at most and costs at least, then with the cheapest start of
each. What comes out keeps every row of the program of choices; whether
the years agree is the caller's to ask.

What all, some or none of the plans of little more cost take: exact, option by option.

Whether any plan within a level takes an option, and whether any goes without it, are questions
that known plans answer with yes. Those that are left are asked together, a level at a time: some
plan that answers any of them with yes is looked for, until there is none, which proves no for all
of them. A question whose linear relaxation costs more than the level is not asked.

Plans that were found, kept in a file: a search that was stopped goes on from there.

A line of JSON says which plan it is of, then one a plan. The file is written under another name
and moved into place, so that it is whole whenever the search is stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from supplynet.analysis.decisions.choice import Portfolio
from supplynet.analysis.decisions.planner import Plan
from supplynet.analysis.decisions.rows import Alternative, OptionRange
from supplynet.arrays import Floats, Ints
from supplynet.errors import DataError, InfeasibleError
from supplynet.files import explained, write_bytes
from supplynet.solve.lp.integer import solve_integer
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Choices, Row
    from supplynet.analysis.decisions.planner import Planner

#: options of a plan that are given up at once
_EXCHANGED = 2
#: exchanges of a plan that are looked at, the cheapest first
_MOST = 1_000
# rounding of rows
_ROUNDED = 1e-9


class Exchanges:
    """Options and starts as moves, and what each adds to the rows that are wanted.

    Wanted rows ``row @ x <= value`` are those of cuts: a negative value wants something. A
    portfolio may cost up to the limit, millions of USD; fixed options are chosen (1) or not (0)
    whatever else.
    """

    def __init__(
        self, choices: Choices, wanted: Sequence[Row], limit: float, fixed: Mapping[str, int]
    ) -> None:
        self.choices, self.limit, self.fixed = choices, limit, fixed
        self._known: dict[bytes, list[Floats]] = {}
        self.program = choices.program(choices.cost, wanted, fixed=fixed)
        request = [(row, -value) for row, value in wanted if value < 0.0]
        self.missing = np.array([value for _, value in request])
        rows = np.array([row for row, _ in request]).reshape(len(request), choices.n)
        #: what each move adds to each row, shape (n_moves, n_rows)
        self.adds = np.array([np.maximum(-rows[:, move].sum(axis=1), 0.0) for move in self.moves])

    @cached_property
    def moves(self) -> list[list[int]]:
        """Columns that are one together: an option, a start, and of a stock the year it is drawn.

        Those that are ruled out are left out.
        """
        choices, moves = self.choices, list[list[int]]()
        for (count, year), column in choices.starts.items():
            offer = choices.offered[count]
            if self.fixed.get(offer.id) == 0:
                continue
            columns = [count, column]
            drawn = [
                index
                for (stock, when), index in choices.draws.items()
                if stock == count and when >= year
            ]
            moves += [[*columns, index] for index in drawn] if offer.is_stock else [columns]
        return moves

    @cached_property
    def _offer(self) -> Ints:
        return np.array([move[0] for move in self.moves], dtype=np.int64)

    @cached_property
    def _cost(self) -> Floats:
        return np.array([self.choices.cost[move].sum() for move in self.moves])

    def of(self, around: Floats) -> list[Floats]:
        """Return the exchanges of a plan that keep all rows, each set of options once."""
        n_offers = len(self.choices.offered)
        key = around[:n_offers].tobytes()
        if key not in self._known:
            result: dict[bytes, Floats] = {}
            for offers in self._sets(np.flatnonzero(around[:n_offers] > 0.5).tolist()):
                begun = self._with_required([self._fullest[offer] for offer in offers])
                if (self.adds[begun].sum(axis=0) < self.missing - _ROUNDED).any():
                    continue
                lean = self._lean(begun)
                if lean is None:
                    continue
                x = np.zeros(self.choices.n)
                for move in lean:
                    x[self.moves[move]] = 1.0
                if self._keeps(x):
                    result.setdefault(x[:n_offers].tobytes(), x)
            self._known[key] = list(result.values())
        return self._known[key]

    @cached_property
    def _fullest(self) -> Mapping[int, int]:
        """The move of each option that adds most, by number of the option."""
        fullest: dict[int, int] = {}
        for move, offer in enumerate(self._offer.tolist()):
            best = fullest.get(offer)
            if best is None or self.adds[move].sum() > self.adds[best].sum():
                fullest[offer] = move
        return fullest

    @cached_property
    def _ends(self) -> tuple[Floats, Floats]:
        """What each option adds at most to each row, and costs at least."""
        n_offers = len(self.choices.offered)
        adds, cost = np.zeros((n_offers, self.missing.size)), np.full(n_offers, np.inf)
        np.maximum.at(adds, self._offer, self.adds)
        np.minimum.at(cost, self._offer, self._cost)
        return adds, cost

    def _sets(self, selection: Sequence[int]) -> list[tuple[int, ...]]:
        """Return the sets of options that an exchange gives and that may keep all rows.

        The cheapest come first, and not all of very many.
        """
        adds, cost = self._ends
        others = [index for index in self._fullest if index not in selection]
        # of none, one and two others what they add and cost: the first place stands for none
        first, second = np.triu_indices(len(others) + 1)
        is_set = (first < second) | (second == 0)
        first, second = first[is_set], second[is_set]
        gains = np.vstack([np.zeros((1, self.missing.size)), adds[others]])
        gains, price = gains[first] + gains[second], np.append(0.0, cost[others])
        price = price[first] + price[second]
        sets: list[tuple[int, ...]] = []
        for n_lost in range(min(_EXCHANGED, len(selection)) + 1):
            for lost in combinations(selection, n_lost):
                remaining = [number_ for number_ in selection if number_ not in lost]
                missing = self.missing - adds[remaining].sum(axis=0)
                enough = (gains >= missing - _ROUNDED).all(axis=1)
                # what is enough with fewer is no exchange of its own
                alone = enough[: len(others) + 1]
                fewer = alone[0] | alone[first] | (alone[second] & (first > 0))
                fewer[0] = False
                may = enough & ~fewer & (price + cost[remaining].sum() <= self.limit)
                for pair in zip(first[may].tolist(), second[may].tolist(), strict=True):
                    sets.append(
                        (*remaining, *(others[position - 1] for position in pair if position))
                    )
        return sorted(sets, key=lambda group: float(cost[list(group)].sum()))[:_MOST]

    def _with_required(self, taken: list[int]) -> list[int]:
        """Return moves with the cheapest of what they require."""
        offered, positions = self.choices.offered, self.choices.place
        members = {int(self._offer[move]) for move in taken}
        full = list(taken)
        for move in full:  # grows while it is gone through
            for name in offered[self._offer[move]].row.requires:
                if name in positions and positions[name] not in members:
                    same = np.flatnonzero(self._offer == positions[name])
                    if same.size:
                        full.append(int(same[self._cost[same].argmin()]))
                        members.add(positions[name])
        return full

    def _lean(self, taken: list[int]) -> list[int] | None:
        """Return moves without those that nothing needs, and with the cheapest start of the rest.

        The dearest goes first. None where they cost more than the limit.
        """
        required = {
            name for move in taken for name in self.choices.offered[self._offer[move]].row.requires
        }
        spare = self.adds[taken].sum(axis=0) - self.missing
        indices, cost = list[int](), 0.0
        for move in sorted(taken, key=lambda move: -self._cost[move]):
            offer = self.choices.offered[self._offer[move]].id
            without = spare - self.adds[move]
            is_free = offer not in required and not self.fixed.get(offer)
            if is_free and without.min(initial=0.0) >= -_ROUNDED:
                spare = without
                continue
            same, adds = self._same[int(self._offer[move])]
            enough = (adds >= -without - _ROUNDED).all(axis=1)
            first = int(enough.argmax())  # the cheapest
            best = int(same[first]) if enough[first] else move
            spare = without + self.adds[best]
            indices.append(best)
            cost += self._cost[best]
            if cost > self.limit + _SAME:  # what is left only costs more
                return None
        return indices

    @cached_property
    def _same(self) -> Mapping[int, tuple[Ints, Floats]]:
        """The moves of each option, the cheapest first, and what they add, by its number."""
        ranked = np.argsort(self._cost, kind="stable")
        moves = {offer: ranked[self._offer[ranked] == offer] for offer in self._fullest}
        return {offer: (same, self.adds[same]) for offer, same in moves.items()}

    def _keeps(self, x: Floats) -> bool:
        """Return whether a portfolio keeps all rows and the limit."""
        lp = self.program
        return bool(
            self.choices.cost @ x <= self.limit
            and (lp.a_ub @ x <= lp.b_ub + _ROUNDED).all()
            and np.allclose(lp.a_eq @ x, lp.b_eq)
            and (x >= lp.lower).all()
            and (x <= lp.upper).all()
        )


def farthest(portfolios: Sequence[Floats], names: Sequence[Floats], cost: Floats) -> int | None:
    """Return the portfolio that differs in most options from the nearest known one.

    Of several the cheapest; None where all are known.
    """
    if not len(portfolios):
        return None
    values, others = np.array(portfolios), np.array(names)
    apart = np.abs(values[:, None, :] - others[None, :, :]).sum(axis=2).min(axis=1)
    best = int(np.lexsort((np.arange(len(values)), cost, -apart))[0])
    return best if apart[best] > 0.5 else None


#: what a plan may cost more than the cheapest, as parts of its cost
WITHIN = (0.01, 0.05, 0.1)
# rounding of costs
_SAME = 1e-6


@dataclass
class Nearby:
    """The plans that cost at most a part more than the cheapest."""

    planner: Planner
    best: Plan
    #: options that are chosen or not whatever else
    fixed: Mapping[str, int] = field(default_factory=dict)
    most: float = WITHIN[-1]  #: part of the cost of the best that a plan may cost more
    plans: list[Plan] = field(init=False)

    def __post_init__(self) -> None:
        self.plans = [self.best]

    @property
    def limit(self) -> float:
        """What a plan may cost, millions of USD."""
        return rounded(self.best.cost * (1.0 + self.most))

    def search(self, n: int, *, seed: int = 0, kept: KeptPlans | None = None) -> None:
        """Look for other plans until there are so many, or none is found in a few tries.

        Each step depends on the plans that are known and on the cuts that were at hand before
        alone, so that a search that was stopped goes on as if it had not been. `n` counts plans
        beside the cheapest, `seed` is of the random directions; `kept` holds those of a search that
        was stopped, and each plan that is found.
        """
        if kept is not None:
            self.plans += self._read(kept)[:n]
        # On cuts of their own: what this search learns must not change what the plan itself is
        # proved by.
        before, wanted = self.planner.aside(), self.planner.wanted()
        exchanges = Exchanges(self.planner.choices, before.rows(wanted), self.limit, self.fixed)
        while len(self.plans) <= n:
            # A generator of its own for each plan, so that a search that goes on from a file finds
            # what it would have found in one go.
            rng = np.random.default_rng((seed, len(self.plans)))
            plan = self._exchanged(exchanges, wanted) or self._far(before, wanted, rng)
            if plan is None:
                return
            self.plans.append(plan)
            if kept is not None:
                kept.keep(plan.portfolio)

    def _read(self, kept_plans: KeptPlans) -> list[Plan]:
        """Return the plans of a search that was stopped, each asked again whether it holds."""
        plans, lp = [], self.planner.choices.program(self.planner.choices.cost, fixed=self.fixed)
        for portfolio in kept_plans.portfolios:
            plan = self._plan(self.planner.choices.vector(portfolio))
            holds = bool((lp.a_ub @ plan.x <= lp.b_ub + _SAME).all()) and plan.cost <= self.limit
            if not (holds and self.planner.reaches(plan.x, self.planner.wanted())):
                raise DataError(f"{kept_plans.path}: {', '.join(portfolio.starts)} is no such plan")
            plans.append(plan)
        return plans

    def _exchanged(self, exchanges: Exchanges, wanted: Mapping[int, float]) -> Plan | None:
        """Return an exchange of the first plan that has one which differs most from all known."""
        choices, n_offers = self.planner.choices, len(self.planner.choices.offered)
        names = [plan.x[:n_offers] for plan in self.plans]
        for plan in self.plans:
            pool = exchanges.of(plan.x)
            cost = np.array([choices.cost @ x for x in pool])
            # Whoever reads other plans wants other ones: of the exchanges that cost little, the one
            # that shares least with all that are reported.
            while (position := farthest([x[:n_offers] for x in pool], names, cost)) is not None:
                if self.planner.reaches(pool[position], wanted):
                    return self._plan(pool[position])
                names.append(pool[position][:n_offers])
        return None

    def _far(
        self, before: Planner, wanted: Mapping[int, float], rng: np.random.Generator
    ) -> Plan | None:
        """Return a plan that an integer program finds away from all that are known."""
        choices, n_offers = self.planner.choices, len(self.planner.choices.offered)
        names = {plan.portfolio.ids for plan in self.plans}
        for vain in range(_VAIN):
            aim = np.zeros(choices.n)
            aim[:n_offers] = sum(plan.x[:n_offers] for plan in self.plans)
            # What is seldom taken is cheap to take (modeling to generate alternatives, Brill,
            # 1979); chance, more with each vain try, leads out of a corner.
            aim[:n_offers] += rng.random(n_offers) * (vain + 0.1)
            row = choices.cost, self.limit
            lp = choices.program(aim, [row, *before.rows(wanted)], fixed=self.fixed)
            x = solve_integer(lp, choices.is_integer, any_will_do=True).x
            if not self.planner.reaches(x, wanted):  # the cuts that are known were not enough
                options: dict[str, Any] = {"rows": [row], "fixed": self.fixed}
                x = before.aside().least(objective=aim, any_will_do=True, **options).x
            plan = self._plan(x)
            if plan.portfolio.ids not in names:
                return plan
        return None

    def _plan(self, x: Floats) -> Plan:
        """Return the plan of some columns as it would be read again."""
        choices = self.planner.choices
        # Through the portfolio and back, so that a plan that is read from a file is the same to the
        # last digit.
        return self.planner.plan(choices.vector(choices.portfolio(x)), self.best.program)


#: tries of an integer program that may find nothing new before a search ends
_VAIN = 4


def rounded(cost: float) -> float:
    """Return what a plan of a cost may cost, with the rounding of sums."""
    return cost + _SAME


#: whether some plan takes an option (1), or goes without it (0)
Asked: TypeAlias = tuple[str, int]


def least_costs(nearby: Nearby) -> dict[Asked, float]:
    """Return the cost of the cheapest plan that is known with, and without, each option.

    It lies between the same two levels as the cheapest that there is; nothing where that costs more
    than the last level. Plans that are found on the way are known from then on.
    """
    planner, questions = nearby.planner, list[Asked]()
    rows, at_least = planner.rows(planner.wanted()), dict[Asked, float]()
    for offer in planner.choices.offered:
        questions += [
            (offer.id, entry) for entry in (1, 0) if nearby.fixed.get(offer.id, entry) == entry
        ]
    for name, value in questions:  # what the answer costs at least, with parts of options
        fixed = {**nearby.fixed, name: value}
        try:
            program = planner.choices.program(planner.choices.cost, rows, fixed=fixed)
            at_least[name, value] = solve_linear(program).objective
        except InfeasibleError:
            at_least[name, value] = np.inf
    for share in WITHIN:
        level = rounded(nearby.best.cost * (1.0 + share))
        while True:
            values = _known(nearby)
            left = [
                question
                for question in questions
                if values.get(question, np.inf) > level >= at_least[question]
            ]
            if not left or not _answers_some(nearby, left, level):
                break
    return _known(nearby)


def _known(nearby: Nearby) -> dict[Asked, float]:
    """Return the least cost of the plans that are known, by the question that they answer."""
    values: dict[Asked, float] = {}
    for plan in nearby.plans:
        for offer in nearby.planner.choices.offered:
            request = offer.id, int(offer.id in plan.portfolio.ids)
            values[request] = min(values.get(request, np.inf), plan.cost)
    return values


def _answers_some(nearby: Nearby, left: list[Asked], level: float) -> bool:
    """Look for a plan within a level that answers some of the questions with yes."""
    choices = nearby.planner.choices
    hits = np.zeros(choices.n)  # how many it answers, less a constant
    for name, value in left:
        hits[choices.place[name]] += 1.0 if value else -1.0
    rows = [(choices.cost, level), (-hits, sum(not value for _, value in left) - 1.0)]
    options: dict[str, Any] = {"rows": rows, "fixed": nearby.fixed, "any_will_do": True}
    try:
        # towards as many as may be, and content with the first that answers one
        nearby.plans.append(nearby.planner.least(objective=-hits, **options))
    except InfeasibleError:
        return False
    return True


def sorted_out(cost_with: float, cost_without: float, best: float, share: float) -> str:
    """Return what an option is among the plans that cost at most a part more.

    Examples
    --------
    >>> sorted_out(100.0, float("inf"), 100.0, 0.05)
    'in all'
    >>> sorted_out(120.0, 100.0, 100.0, 0.05), sorted_out(103.0, 100.0, 100.0, 0.05)
    ('in none', 'in some')
    """
    limit = rounded(best * (1.0 + share))
    if cost_without > limit:
        return "in all"
    return "in none" if cost_with > limit else "in some"


class KeptPlans:
    """The plans of a search, in a file.

    A DataError if it holds plans of another graph, question or version, or is none.
    """

    def __init__(self, path: Path, of: Mapping[str, Any]) -> None:
        self.path = path
        record = json.dumps(of, sort_keys=True, default=str).encode()
        self._head: dict[str, Any] = {"format": 1, "of": hashlib.sha256(record).hexdigest()}
        self.portfolios: list[Portfolio] = []
        if path.exists():
            with explained(path):
                text = path.read_text("utf-8")
            self.portfolios = self._read(text)

    def _read(self, text: str) -> list[Portfolio]:
        try:
            head, *rows = [json.loads(line) for line in text.splitlines()]
            portfolios = [
                Portfolio(
                    {str(name): int(year) for name, year in row["starts"].items()},
                    {(str(entry), int(year)): float(piece) for entry, year, piece in row["draws"]},
                )
                for row in rows
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{self.path}: holds no plans", hint="name a file that is not there"
            ) from error
        if head != self._head:
            raise DataError(
                f"{self.path}: holds plans of another question, graph or version",
                hint="name another file, or take this one away",
            )
        return portfolios

    def keep(self, portfolio: Portfolio) -> None:
        """Add a plan to the file."""
        self.portfolios.append(portfolio)
        rows = [self._head]
        for entry in self.portfolios:
            draws = [[*key, draw] for key, draw in entry.draws.items()]
            rows.append({"starts": dict(entry.starts), "draws": draws})
        write_bytes(self.path, "".join(f"{json.dumps(row)}\n" for row in rows).encode())


def others_of(
    planner: Planner,
    plan: Plan,
    fixed: Mapping[str, int],
    n: int,
    plans: KeptPlans | None = None,
) -> dict[str, tuple[Any, ...]]:
    """Return other plans of little more cost, and what each option is among all of them."""
    nearby = Nearby(planner, plan, fixed)
    nearby.search(n, kept=plans)
    least, rows = least_costs(nearby), list[OptionRange]()
    for offer in planner.choices.offered:
        costs = least.get((offer.id, 1), np.inf), least.get((offer.id, 0), np.inf)
        marks = [sorted_out(*costs, plan.cost, share) for share in WITHIN]
        rows.append(OptionRange(offer.id, offer.row.name, *costs, *marks))
    unique = {entry.portfolio.ids: entry for entry in reversed(nearby.plans)}
    ranked = sorted(
        unique.values(), key=lambda candidate: (candidate.cost, sorted(candidate.portfolio.ids))
    )
    alternatives = tuple(
        Alternative(index, member.cost, tuple(member.portfolio.starts))
        for index, member in enumerate(ranked)
    )
    return {"options": tuple(rows), "alternatives": alternatives}
