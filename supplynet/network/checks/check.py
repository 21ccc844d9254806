"""Named checks of a network: every problem at once, each with place, value and hint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from supplynet.errors import UnknownNameError, UsageError
from supplynet.network.cache import cache_of
from supplynet.network.checks import decisions, links, money, plants, tables
from supplynet.network.checks.tables import Check, Placed, named, numbered
from supplynet.network.demand import unplaced_rows
from supplynet.network.problems import CheckReport, Problem
from supplynet.network.schema import TABLES, Accepted, Provenance
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@named("accepted", "warning")
def needless(net: SupplyNetwork) -> Iterator[Placed]:
    """Rows that accept what is no warning, or what no check finds.

    A scenario may take away what a row speaks of: what is not found is reported of a graph as it
    is.
    """
    checks = {rule.code: rule for rule in CHECKS}
    for index, row in numbered(net, "accepted"):
        rule = checks.get(row.check)
        if rule is None:
            hint = did_you_mean(row.check, checks)
            yield "accepted", index, "check", row.check, "there is no such check", hint
        elif rule.severity != "warning":
            message, hint = "only warnings can be accepted", "correct the rows that it finds"
            yield "accepted", index, "check", row.check, message, hint
        elif row.check == "accepted" or net.applied:
            continue
        elif row.value not in {problem.value for problem in _found(net, rule)}:
            message = f"{row.check} finds no such value"
            yield "accepted", index, "value", row.value, message, "take the row out"


#: every check, in the order in which a report states what they find
CHECKS: tuple[Check, ...] = (
    *dict.fromkeys(
        rule
        for module in (tables, links, money, decisions, plants)
        for rule in vars(module).values()
        if isinstance(rule, Check) and rule is not tables.baskets_of_one_element
    ),
    needless,
)


def check(net: SupplyNetwork, *, strict: Iterable[str] | str = ()) -> CheckReport:
    """What is wrong with a network?

    Parameters
    ----------
    net : SupplyNetwork
    strict : str or iterable of str
        Codes of warnings that count as errors, or ``"all"``. Warnings that the table accepted
        gives a reason for do not.

    Returns
    -------
    CheckReport
        Every problem at once, with file, row, column, value and hint.

    Raises
    ------
    UnknownNameError
        If ``strict`` names no check.

    Examples
    --------
    >>> import supplynet as sn
    >>> sn.graph.check(sn.load("tutorial"), strict="all").ok
    True
    """
    codes = {rule.code for rule in CHECKS}
    texts = strict.split(",") if isinstance(strict, str) else list(strict)
    request = {word.strip() for word in texts if word.strip()}
    for word in sorted(request - codes - {"all"}):
        raise UnknownNameError(
            f"no check is called {word!r}; there are {', '.join(sorted(codes))} and all",
            hint=did_you_mean(word, codes | {"all"}),
        )
    stumbled: list[UsageError] = []
    errors: list[Problem] = []
    warnings: list[Problem] = []
    reasons = {(row.check, row.value): row for row in _accepted(net)}
    needed: dict[tuple[str, str], Accepted] = {}
    for rule in CHECKS:
        try:
            problems = list(_found(net, rule))
        # A check may rest on what another one finds wrong with its row and column; its own
        # stumbling says less, and is reported only if nothing else is.
        except UsageError as error:  # it stumbles over what another check names with its place
            stumbled.append(error)
            continue
        if rule.severity == "warning":
            names = [key for key in map(_key, problems) if key in reasons]
            needed |= {key: reasons[key] for key in names}
            problems = [problem for problem in problems if _key(problem) not in reasons]
        # Accepted warnings were taken out before: --strict does not bring back what the graph gives
        # a reason for.
        is_error = rule.severity == "error" or rule.code in request or "all" in request
        (errors if is_error else warnings).extend(problems)
    if stumbled and not errors:
        raise stumbled[0]
    accepted = tuple(needed.values())
    cited = _cited_share(net)
    unplaced = unplaced_rows(net.rows("baseline"))
    return CheckReport(
        net.name, tuple(errors), tuple(warnings), len(CHECKS), cited, accepted, unplaced
    )


def _found(net: SupplyNetwork, entry: Check) -> tuple[Problem, ...]:
    """Return what a check finds, worked out once for a network."""
    key = ("check", entry.code)
    if key not in cache_of(net):
        cache_of(net)[key] = tuple(entry(net))
    problems: tuple[Problem, ...] = cache_of(net)[key]
    return problems


def _key(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.value


def _accepted(net: SupplyNetwork) -> tuple[Accepted, ...]:
    return cast("tuple[Accepted, ...]", net.rows("accepted"))


def _cited_share(net: SupplyNetwork) -> float:
    rows = [
        row
        for name, model in TABLES.items()
        if issubclass(model, Provenance)
        for row in net.rows(name)
    ]
    cited = sum(bool(row.source_ids) for row in rows if isinstance(row, Provenance))
    return cited / len(rows) if rows else 0.0
