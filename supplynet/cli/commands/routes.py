"""``supplynet routes``: by which named mines and plants an element comes."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, frame_table

METRICS = ("value", "routes")


@click.command("routes")
@options.graph
@options.question(via="Keep only routes that pass this on their way.")
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, output: Output) -> None:
    """By which mines and plants does it come?

    The routes of a maximum flow, one of possibly many, with standing, confidence and
    bottleneck.
    """
    with output.progress("Solving"):
        from supplynet.analysis.flow.routes import routes
        from supplynet.io.load import load
        from supplynet.reports.results import of_routes

        net = load(graph)
        elements = asked.elements(net)
        keywords = asked.words()
        result = routes(net, via=asked.via_text, element=elements, **keywords)
        frame, document = result.to_frame(), of_routes(result)
    output.write(document, frame_table(frame))
    facts = []
    for element in elements:
        tonnes = frame.loc[frame["element"] == element, "tonnes"]
        values = {"value": float(tonnes.sum()), "routes": float(len(tonnes))}
        facts.append(Facts(values, of=element))
    output.judge(result.headline, facts)
