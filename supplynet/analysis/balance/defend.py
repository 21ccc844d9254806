"""What to protect in the balance, so that the worst losses of others leave most demand served."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

import numpy as np

from supplynet.analysis.balance.words import LossWords
from supplynet.analysis.balance.worst import interdict_balance
from supplynet.analysis.flow.worst_case import Target
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined
from supplynet.errors import OptionError
from supplynet.questions.fortify import FortifyResult
from supplynet.solve.interdiction.program_problem import CLOSE
from supplynet.solve.lp.integer import hitting_set
from supplynet.terms import DEFENSES, one_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.worst import BalanceInterdictionResult
    from supplynet.network.network import SupplyNetwork


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
    worst losses that are equal those are told that
    :func:`supplynet.analysis.balance.worst.interdict_balance` tells.

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
    given = () if protect is None else (joined(protect),)

    def attacked(safe: Iterable[str]) -> BalanceInterdictionResult:
        kept = [*given, *(_selector(by, plant) for plant in safe)]
        left = None if end is None else max(end - time.monotonic(), 1e-3)
        return interdict_balance(
            net,
            to=to,
            k=k_attack,
            by=by,
            protect=kept or None,
            frontier=False,
            time_limit=left,
            **words,
        )

    search = _search(attacked, k_defend)
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
        provenance=provenance(
            first.question, model="balance", by=by, k_defend=k_defend, k_attack=k_attack
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


def _search(
    attacked: Callable[[Iterable[str]], BalanceInterdictionResult], k_defend: int
) -> _Search:
    """Try protections, each of which stops all attacks known to be as bad as the best."""
    first = attacked(())
    best, chosen, n_attacks, status = first, tuple[str, ...](), 1, first.status
    known: dict[frozenset[str], float] = {}
    names: dict[str, Target] = {}
    _learn(known, names, first)
    while status == "optimal":
        # Every attack that leaves no more than the best protection so far must be stopped by a
        # better one: a hitting set over the known attacks. None that is small enough proves the
        # best one optimal; each that fails adds an attack, and there are finitely many.
        limit = best.value + CLOSE * first.whole
        places = {name: number for number, name in enumerate(names)}
        serious = [
            frozenset(places[name] for name in attack)
            for attack, left in known.items()
            if left <= limit
        ]
        trial = hitting_set(serious, np.ones(len(names)), k_defend, is_fewest=True)
        if trial is None or not serious:
            break
        safe = tuple(list(names)[index] for index in trial)
        worst = attacked(safe)
        n_attacks += 1
        _learn(known, names, worst)
        status = worst.status
        if status == "optimal" and worst.value > limit:
            best, chosen = worst, safe
    return _Search(first, best, tuple(names[name] for name in chosen), n_attacks, status)


def _selector(by: str, name: str) -> str:
    """Return the selector of what is lost as one."""
    return f"{by}:{name}"


def _learn(
    known: dict[frozenset[str], float],
    names: dict[str, Target],
    found: BalanceInterdictionResult,
) -> None:
    """Keep what an attack taught: every set that leaves as little."""
    # All sets that are as bad teach at once: with only one of them the next trial would stop it and
    # leave its twin.
    for attack in found.sets or (found.removed,):
        names |= {member.id: member for member in attack}
        known[frozenset(member.id for member in attack)] = found.value
