"""``supplynet bypass``: what could arrive without a country, by which ways, how sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

METRICS = (
    "value",
    "coverage",
    "loss_share",
    "low",
    "high",
    "coverage_low",
    "coverage_high",
    "demand",
)
VIA = "Countries whose part is worked out. Default: those that carry most."


@click.command("bypass")
@options.graph
@options.question(avoid="required", via=VIA)
@options.model
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, model: str, output: Output) -> None:
    """What could arrive without a country?

    Leads with what is firm, then adds what is being built, what is announced and what is
    merely conceivable, up to --links and --plants, or --tier. With --model balance by form and
    element, without countries on the way.
    """
    if model == "balance":
        _in_balance(graph, asked, output)
        return
    with output.progress("Solving"):
        from supplynet.analysis.flow.bypass import bypass
        from supplynet.io.load import load
        from supplynet.reports.results_losses import of_bypass

        net = load(graph)
        words = {"element": asked.element_text, **asked.words()}
        result = bypass(net, via=asked.via_text, **words)
        document, elements = of_bypass(result), result.to_dict()["elements"]
    output.write(document, declared_table(result, "tiers"))
    output.judge(result.headline, facts_of(elements))


def _in_balance(graph: str, asked: Asked, output: Output) -> None:
    """Show the bypass by the balance."""
    if asked.via:
        raise click.UsageError("--via goes with --model flow")
    with output.progress("Solving"):
        from supplynet.analysis.potential.bypass import bypass_balance
        from supplynet.io.load import load
        from supplynet.reports.results_potential import of_bypass_balance

        result = bypass_balance(load(graph), element=asked.element_text, **asked.words())
        document = of_bypass_balance(result)
    output.write(document, declared_table(result, "rows"))
    widest = [row for row in result.rows if row.tier == result.rows[-1].tier]
    output.judge(
        result.headline,
        [
            Facts(
                {
                    **dict.fromkeys(METRICS),
                    "value": row.without,
                    "coverage": row.coverage,
                    "loss_share": 1.0 - row.without / row.with_all if row.with_all else None,
                    "low": row.low,
                    "high": row.high,
                    "demand": row.demand,
                },
                of=row.title,
            )
            for row in widest
        ],
    )


def facts_of(elements: Iterable[Mapping[str, Any]]) -> list[Facts]:
    """Return the metrics by element, of the widest tier that was asked for."""
    facts = []
    for row in elements:
        tier = row["tiers"][-1]
        lost = tier["with_all"] - tier["without"]
        values = {
            "value": tier["without"],
            "coverage": tier["coverage"],
            "loss_share": lost / tier["with_all"] if tier["with_all"] else None,
            "low": tier["low"],
            "high": tier["high"],
            "coverage_low": tier["coverage_low"],
            "coverage_high": tier["coverage_high"],
            "demand": row["demand"]["value"] or None,
        }
        facts.append(Facts(values, of=row["element"]))
    return facts
