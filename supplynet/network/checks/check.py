"""Named checks of a network: every problem at once, each with place, value and hint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from supplynet.errors import UnknownNameError, UsageError
from supplynet.network.cache import cache_of
from supplynet.network.checks import links as check_links
from supplynet.network.checks import money as check_money
from supplynet.network.checks import options as check_options
from supplynet.network.checks import plants as check_plants
from supplynet.network.checks import rows as check_rows
from supplynet.network.checks import scenarios as check_scenarios
from supplynet.network.checks import time as check_time
from supplynet.network.checks import uncertainty as check_uncertainty
from supplynet.network.checks import units as check_units
from supplynet.network.money import unplaced_rows
from supplynet.network.problems import CheckReport, Problem, did_you_mean
from supplynet.network.schema import TABLES, Accepted, Provenance

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check."""

    code: str  #: stable name
    severity: Severity  #: error: answers would be wrong; warning: a reader should know
    title: str  #: what it looks for
    run: Callable[[SupplyNetwork], Iterator[Problem]]  #: yields the problems of a network


CHECKS: tuple[Check, ...] = (
    Check("duplicate-id", "error", "ids are unique in their table", check_rows.duplicate_ids),
    Check("unknown-name", "error", "every id that a row names exists", check_rows.unknown_names),
    Check("unknown-country", "error", "country codes are known", check_rows.unknown_countries),
    Check("unsourced", "error", "a figure has a source or says from what", check_rows.unsourced),
    Check("unit", "error", "capacities have a unit that fits", check_units.units),
    Check("group", "error", "element groups part the elements", check_units.groups),
    Check("circuit", "error", "circuits hold what their plant parts", check_units.circuits),
    Check("owner", "error", "shares of owners fit together", check_plants.owners),
    Check("also", "error", "further stages are others than the own", check_plants.further_stages),
    Check("oxide", "error", "every element has an oxide to count", check_units.oxides),
    Check("range", "error", "low <= central <= high", check_rows.ranges),
    Check("shares", "error", "shares of an assay or product add up", check_rows.shares),
    Check("years", "error", "years are in order", check_rows.years),
    Check("duplicate-row", "error", "a figure is given once", check_rows.duplicate_rows),
    Check("stage-order", "error", "links run from the ground to nations", check_links.stage_order),
    Check("backward-link", "warning", "links against the chain are seen", check_links.backward),
    Check("duplicate-link", "error", "a contract is given once", check_links.overlaps),
    Check("year-gap", "warning", "time slices leave no gap", check_links.gaps),
    Check("firm-delivery", "error", "firm tonnages fit the limit", check_links.tonnages),
    Check("observed-tonnage", "warning", "what went fits the limit", check_links.observations),
    Check("contract-tonnage", "warning", "contracts have a tonnage", check_links.contracts),
    Check("part-year", "warning", "observed flows hold whole years", check_links.part_years),
    Check("rule", "error", "selectors of rules name nodes", check_links.rules),
    Check("toll", "error", "plants can work for tolls", check_links.tolls),
    Check("toll-pair", "error", "a toll is one rule, not two", check_links.toll_pairs),
    Check("via", "error", "countries on the way name nodes", check_links.via),
    Check("ramp", "error", "curves begin with the start, one a plant", check_plants.ramps),
    Check("price", "error", "prices have a place and a unit that fit", check_money.prices),
    Check("charge", "error", "charges name nodes and a unit that fits", check_money.charges),
    Check("target", "error", "published figures count something", check_money.targets),
    Check("unit-value", "error", "unit values have ends and a unit", check_money.unit_values),
    Check("target-input", "warning", "figures name inputs", check_money.inputs),
    Check("baseline", "warning", "the baseline fits the graph", check_money.baseline),
    Check("restriction", "error", "restrictions name nodes", check_money.restrictions),
    Check("intensity", "error", "intensities have a unit that fits", check_money.intensities),
    Check("cap", "error", "caps are on plants with intensities", check_money.caps),
    Check("stock", "error", "stocks have holders and a unit that fits", check_time.stocks),
    Check("shock", "error", "shocks are scenarios in months", check_time.shocks),
    Check("replay", "error", "what happened has a place and months", check_time.replays),
    Check("outage", "error", "outages name each plant once", check_time.outages),
    Check("lead-time", "error", "who sends and receives is there", check_time.lead_times),
    Check("season", "error", "twelve months make a year", check_time.seasons),
    Check("uncertainty", "error", "what is drawn can be", check_uncertainty.uncertainty),
    Check("option", "error", "options say what they give, from when", check_options.options),
    Check("scenario", "error", "scenarios can be applied", check_scenarios.scenarios),
    Check("scenario-effect", "warning", "scenarios change something", check_scenarios.idle),
    Check(
        "missing-capacity",
        "warning",
        "plants have a capacity that counts",
        check_plants.missing_capacity,
    ),
    Check("missing-start", "warning", "what is to come has a year", check_plants.missing_start),
    Check("missing-assay", "error", "origins have an assay", check_plants.missing_assays),
    Check("origin", "warning", "what is made is known, and is sold", check_plants.origins),
    Check("missing-recovery", "warning", "plants have a recovery", check_plants.missing_recoveries),
    Check("scrap", "error", "scrap arises and returns as its table says", check_plants.scrap),
    Check("isolated-node", "warning", "every open node has a link", check_links.isolated),
    Check("no-outlet", "warning", "what plants make has a buyer", check_links.outlets),
    Check("unreachable-nation", "warning", "nations can be reached", check_links.unreachable),
    Check("accepted", "warning", "accepted warnings are there", lambda net: _needless(net)),
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
    words = strict.split(",") if isinstance(strict, str) else list(strict)
    asked = {word.strip() for word in words if word.strip()}
    for word in sorted(asked - codes - {"all"}):
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
        # stumbling says less, and is told only if nothing else is.
        except UsageError as error:  # it stumbles over what another check names with its place
            stumbled.append(error)
            continue
        if rule.severity == "warning":
            known = [key for key in map(_key, problems) if key in reasons]
            needed |= {key: reasons[key] for key in known}
            problems = [problem for problem in problems if _key(problem) not in reasons]
        # Accepted warnings were taken out before: --strict does not bring back what the graph gives
        # a reason for.
        is_error = rule.severity == "error" or rule.code in asked or "all" in asked
        (errors if is_error else warnings).extend(problems)
    if stumbled and not errors:
        raise stumbled[0]
    accepted = tuple(needed.values())
    cited = _cited_share(net)
    unplaced = unplaced_rows(net.rows("baseline"))
    return CheckReport(
        net.name, tuple(errors), tuple(warnings), len(CHECKS), cited, accepted, unplaced
    )


def _found(net: SupplyNetwork, one: Check) -> tuple[Problem, ...]:
    """Return what a check finds, worked out once for a network."""
    key = ("check", one.code)
    if key not in cache_of(net):
        cache_of(net)[key] = tuple(one.run(net))
    problems: tuple[Problem, ...] = cache_of(net)[key]
    return problems


def _key(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.value


def _accepted(net: SupplyNetwork) -> tuple[Accepted, ...]:
    return cast("tuple[Accepted, ...]", net.rows("accepted"))


def _needless(net: SupplyNetwork) -> Iterator[Problem]:
    """Rows that accept what is no warning, or what no check finds.

    A scenario may take away what a row speaks of: what is not found is told of a graph as it is.
    """
    warnings = {rule.code: rule for rule in CHECKS if rule.severity == "warning"}
    for number, row in check_rows.numbered(net, "accepted"):
        if row.check not in warnings:
            known = {rule.code for rule in CHECKS}
            is_error = row.check in known
            message = "only warnings can be accepted" if is_error else "there is no such check"
            hint = "correct the rows that it finds" if is_error else did_you_mean(row.check, known)
            yield Problem("accepted", message, "accepted.csv", number, "check", row.check, hint)
        elif row.check != "accepted" and not net.applied:
            values = {problem.value for problem in _found(net, warnings[row.check])}
            if row.value not in values:
                message, hint = f"{row.check} finds no such value", "take the row out"
                yield Problem("accepted", message, "accepted.csv", number, "value", row.value, hint)


def _cited_share(net: SupplyNetwork) -> float:
    rows = [
        row
        for name, model in TABLES.items()
        if issubclass(model, Provenance)
        for row in net.rows(name)
    ]
    cited = sum(bool(row.source_ids) for row in rows if isinstance(row, Provenance))
    return cited / len(rows) if rows else 0.0
