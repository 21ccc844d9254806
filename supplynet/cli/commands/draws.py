"""``supplynet draws``: how sure an answer is, with every figure behind it drawn many times."""

from __future__ import annotations

import click

from supplynet.cli import options, words
from supplynet.cli.asked import BASE, Asked, scenarios
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, plain_table

METRICS = ("central", "mean", "p10", "p50", "p90", "worst_tenth")
COLUMNS = (
    "scenario",
    "figure",
    "nation",
    "product",
    "element",
    "year",
    "unit",
    "central",
    "mean",
    "p5",
    "p10",
    "p50",
    "p90",
    "p95",
    "worst_tenth",
    "precision",
)
METHODS = ("sobol", "lhs", "random")


@click.command("draws")
@options.graph
@options.question(has_years=True)
@click.option(
    "--draws",
    "n_draws",
    type=click.IntRange(min=1),
    default=4096,
    show_default=True,
    metavar="N",
    help="Draws at the most, in whole batches of 256.",
)
@click.option(
    "--until",
    type=click.FloatRange(min=0.0, min_open=True),
    default=0.01,
    show_default=True,
    metavar="SHARE",
    help="Stop before, once P10 and P90 of the first figure are known to this part of its median.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Of the draws.")
@click.option(
    "--method",
    type=words.Word(METHODS),
    default="sobol",
    show_default=True,
    help="How draws are spread.",
)
@click.option(
    "--policy/--no-policy",
    default=False,
    show_default=True,
    help="Whether controls of the table uncertainty are drawn, too.",
)
@click.option(
    "--reach",
    multiple=True,
    type=click.FloatRange(0.0, 1.0),
    metavar="SHARE",
    help="Coverage whose chance is told. Repeatable. Default: 0.01 to 1 in seven steps.",
)
@options.output(metrics=METRICS)
def command(
    graph: str,
    asked: Asked,
    n_draws: int,
    until: float,
    seed: int,
    method: str,
    policy: bool,
    reach: tuple[float, ...],
    output: Output,
) -> None:
    """How sure is an answer?

    Every figure behind a potential is drawn from what the graph says of it: between its ends, with
    what it shares with others, plants that stop and projects that are late. Told are P10 to P90,
    the mean of the worst tenth, and the chance that coverage reaches a value. --fail-on judges
    every figure.
    """
    with output.progress("Drawing"):
        from supplynet.analysis.uncertainty.ask import LEAST, sample
        from supplynet.io.load import load
        from supplynet.report.results_draws import of_draws

        asks = asked.words()
        scenario = asks.pop("scenario")
        asks["year"] = asked.years or None
        study = sample(
            load(graph),
            scenario={",".join(asked.scenario) or BASE: scenarios(asked.scenario) or None}
            if scenario
            else None,
            draws=n_draws,
            until=until,
            seed=seed,
            method=method,
            policy=policy,
            least=reach or LEAST,
            **asks,
        )
        document = of_draws(study)
        rows = [{name: getattr(row, name) for name in COLUMNS} for row in study.figures]
    output.write(document, plain_table(COLUMNS, rows))
    output.judge(
        [
            Facts({name: getattr(row, name) for name in METRICS}, of=f"{row.nation} {row.product}")
            for row in study.figures
        ]
    )
