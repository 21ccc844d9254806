"""``supplynet disrupt``: what the loss of each plant, link or country costs all nations."""

from __future__ import annotations

import dataclasses

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import plain_table
from supplynet.terms import DISRUPTIONS

METRICS = ("loss_share", "loss", "served")
COLUMNS = ("id", "name", "stage", "loss", "loss_share", "served", "unit", "n_plants")


@click.command("disrupt")
@options.graph
@options.question(has_target=False, element="Elements to follow. Default: all.")
@options.by(DISRUPTIONS)
@options.lost
@options.weights
@options.basis
@options.top_losses
@options.program_time_limit
@options.output(metrics=METRICS)
@click.pass_context
def command(
    context: click.Context,
    graph: str,
    asked: Asked,
    by: str,
    lost: tuple[str, ...],
    weights: tuple[tuple[str, float], ...],
    basis: str,
    top: int,
    time_limit: float | None,
    output: Output,
) -> None:
    """Whose loss costs all nations together most?

    The contested picture: all nations draw again on what is left. --fail-on judges the largest
    loss.
    """
    is_chosen = context.get_parameter_source("by") == click.core.ParameterSource.COMMANDLINE
    if lost and is_chosen:
        raise click.UsageError("--by and --lost both say what is lost; give one of them")
    with output.progress("Solving"):
        from supplynet.analysis.balance.disrupt import disrupt
        from supplynet.io.load import load
        from supplynet.reports.results_disrupt import of_disrupt

        net = load(graph)
        keywords = {name: value for name, value in asked.words().items() if name != "to"}
        result = disrupt(
            net,
            by=by,
            lost=lost or None,
            element=asked.element_text,
            weights=dict(weights) or None,
            basis=basis,
            top=top,
            time_limit=time_limit,
            **keywords,
        )
        document = of_disrupt(result)
        rows = [{"unit": result.unit, **dataclasses.asdict(row)} for row in result.rows]
    output.write(document, plain_table(COLUMNS, rows))
    first = result.rows[0] if result.rows else None
    output.judge(
        result.headline,
        [
            Facts(
                {
                    "loss_share": first.loss_share if first else 0.0,
                    "loss": first.loss if first else 0.0,
                    "served": first.served if first else result.served,
                },
                of=first.id if first else "",
            )
        ],
    )
