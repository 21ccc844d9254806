"""``supplynet allocate``: who gets how much when all nations buy at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.present.document import plain_table
from supplynet.terms import OBJECTIVES, Objective

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult

METRICS = ("served", "coverage", "unmet")
COLUMNS = (
    "nation",
    "form",
    "element",
    "demand",
    "served",
    "unmet",
    "coverage",
    "low",
    "high",
    "coverage_low",
    "coverage_high",
    "coverage_all",
)


@options.command()
@options.graph
@options.question(has_target=False, element="Elements to follow. Default: all.")
@options.choice(
    "--objective",
    OBJECTIVES,
    "fair",
    help="How it is shared out: "
    + ", ".join(f"{name} ({rule.help})" for name, rule in OBJECTIVES.items())
    + ".",
)
@options.priority
@options.option(
    "--exposed-to WHAT...", words.Selector("what", "--exposed-to CHN"), "What is to be used least."
)
@options.weights
@options.basis_of_balance
@options.firm
@options.option(
    "--to --nation WHO...",
    words.Selector("who", "--to KOR"),
    "Begin with what these get, show their products and elements, and no rows of others; --fail-on "
    "judges these alone. All nations buy all the same.",
    "nation",
)
@options.flag(
    "--ranges",
    "Show the least and most of every figure that is not the same in all equally good "
    "solutions: also of elements, plants, scrap, costs and prices.",
    "with_ranges",
)
@options.option(
    "--explain WHO...",
    words.Selector("who", "--explain KOR"),
    "Say which limits must be raised for these not to go short.",
)
@options.program_time_limit
@options.output(metrics=METRICS)
def command(
    graph: str,
    asked: Asked,
    objective: str,
    priority: tuple[str, ...],
    exposed_to: tuple[str, ...],
    weights: tuple[tuple[str, float], ...],
    basis: str | None,
    firm: bool,
    nation: tuple[str, ...],
    with_ranges: bool,
    explain: tuple[str, ...],
    time_limit: float | None,
    output: Output,
) -> None:
    """Who gets how much when all nations buy at once?

    The contested picture, never to be mixed with the potentials of the other commands.
    --fail-on judges every nation.
    """
    values = {"priority": priority, "exposed_to": exposed_to}
    for rule in OBJECTIVES.values():
        if rule.asks_for:
            _require_together(objective, rule, is_given=bool(values[rule.asks_for]))
    with output.progress("Solving") as progress:
        from supplynet.analysis.balance import balance
        from supplynet.analysis.balance.explain import explain as reasons
        from supplynet.io.load import load
        from supplynet.network.units import baskets_in
        from supplynet.reports.results_balance import of_balance

        net = load(graph)
        # All nations buy in a balance: it has no target.
        keywords = {name: value for name, value in asked.words().items() if name != "to"}
        result = balance(
            net,
            objective=objective,
            element=asked.element_text,
            priority=",".join(priority) or None,
            exposed_to=",".join(exposed_to) or None,
            weights=dict(weights) or None,
            basis=basis,
            firm=firm,
            time_limit=time_limit,
            **keywords,
        )
        nations = _nations(result, nation)
        shortage = None
        if explain:
            progress.step("Explaining", 1, 3)
            shortage = reasons(result, nation=",".join(explain))
        progress.step("Finding ranges", 2, 3)
        document = of_balance(
            result,
            shortage,
            nations=nations,
            with_ranges=with_ranges,
            baskets=baskets_in(net, asked.element_text),
            is_late=not output.wants_all,
        )
        output, document = output.fitted(document)
        rows = _rows(result, with_ranges)
        shown = [row for row in rows if not nations or row["nation"] in nations]
    output.write(document, plain_table(COLUMNS, shown))
    output.judge(result.headline, _facts(result, shown))


def _require_together(objective: str, rule: Objective, *, is_given: bool) -> None:
    """Refuse an objective without its option, and the option without its objective."""
    if is_given != (objective == rule.name):
        option = "--" + rule.asks_for.replace("_", "-")
        raise click.UsageError(
            f"{option} and --objective {rule.name} go together; write for example "
            f"--objective {rule.name} {option} {rule.example}"
        )


def _nations(result: BalanceResult, names: tuple[str, ...]) -> frozenset[str]:
    """Return the ids of the nations that are named and draw.

    An OptionError where none draws: no condition would be judged, which would look like a pass.
    """
    if not names:
        return frozenset()
    from supplynet.analysis.question import target_nodes
    from supplynet.errors import OptionError

    text = ",".join(names)
    nations = target_nodes(result.question.net, text) & {row.nation for row in result.deliveries}
    if not nations:
        raise OptionError(f"--to {text!r} names no nation that draws in this balance")
    return nations


def _rows(result: BalanceResult, with_ranges: bool) -> list[dict[str, Any]]:
    """Return one row a nation and form; without a demand, a nation and element.

    What all nations together cover of a form stands in each of its rows. Low and high are the
    least and the most of what is served over alternative optima; the ends of
    the coverage are those with all figures low and all high, known by nation where the rule settles
    who gets what.
    """
    from supplynet.reports.balance_parts import is_unsettled

    # Where who goes short is open, one answer without its range would be read as the only one.
    is_shown = with_ranges or is_unsettled(result)
    spans = {(row.nation, row.form): row for row in (result.ranges() if is_shown else ())}
    rows: list[dict[str, Any]] = []
    spread = result.spread()
    levels = {} if spread is None else spread.levels
    of_all = {row.form: row.coverage for row in result.forms}
    for row_told in result.coverage:
        row: dict[str, Any] = {name: getattr(row_told, name, None) for name in COLUMNS}
        row["coverage_all"] = of_all[row_told.form]
        span = spans.get((row_told.nation, row_told.form))
        if span is not None:
            row.update(low=span.low, high=span.high)
        if (row_told.nation, row_told.form) in levels:
            low, high = levels[row_told.nation, row_told.form]
            row.update(coverage_low=low, coverage_high=high)
        rows.append(row)
    rows += [
        {"nation": delivery.nation, "element": delivery.product, "served": delivery.served}
        for delivery in result.deliveries
        if delivery.coverage is None
    ]
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def _facts(result: BalanceResult, rows: list[dict[str, Any]]) -> list[Facts]:
    """Return the metrics of the nations that are shown."""
    return [
        Facts(
            {name: row[name] for name in METRICS},
            of=f"{result.name_of(row['nation'])} ({row['form'] or row['element']})",
        )
        for row in rows
    ]
