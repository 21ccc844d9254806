"""``supplynet unavoidable``: plants that every route passes."""

from __future__ import annotations

import dataclasses

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, joined
from supplynet.reports.build import plain_table

METRICS = ("unavoidable", "routes")
COLUMNS = ("element", "routes", "id", "name", "stage", "country", "through", "slack", "unit")


@click.command("unavoidable")
@options.graph
@options.question()
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, output: Output) -> None:
    """Which plants does every route pass?

    Where there are none, the plants whose loss leaves all routes through one other plant. The
    metric routes counts routes that share no plant.
    """
    with output.progress("Searching") as progress:
        from supplynet.analysis.flow.unavoidable import unavoidable
        from supplynet.io.load import load
        from supplynet.present.words import target
        from supplynet.reports.results_cuts import of_unavoidable

        net = load(graph)
        words, elements = asked.words(), asked.elements(net)
        results = []
        for done, element in enumerate(elements):
            progress.step(f"Searching for {element}", done, len(elements))
            results.append(unavoidable(net, element=element, **words))
        documents = [of_unavoidable(result) for result in results]
        rows = [
            {
                "element": result.element,
                "unit": result.unit,
                "routes": kind,
                **dataclasses.asdict(row),
            }
            for result in results
            for kind, group in (("every", result.unavoidable), ("all but one", result.nearly))
            for row in group
        ]
    output.write(
        joined(documents, f"Plants that no route to {target(results[0].question)} can avoid"),
        plain_table(COLUMNS, rows),
    )
    output.judge(
        results[0].headline,
        [
            Facts(
                {
                    "unavoidable": float(len(result.unavoidable)),
                    "routes": float("inf") if result.n_routes is None else float(result.n_routes),
                },
                of=result.element,
            )
            for result in results
        ],
    )
