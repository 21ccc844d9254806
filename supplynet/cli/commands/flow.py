"""``supplynet flow``: how much could reach a nation."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, joined
from supplynet.reports.build import plain_table

METRICS = ("value", "coverage", "low", "high", "coverage_low", "coverage_high", "demand")


@click.command("flow")
@options.graph
@options.question()
@options.model
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, model: str, output: Output) -> None:
    """How much could reach a nation?

    Value, range, demand, coverage and certificate of a maximum flow: the bound of what could
    arrive if the nation had the network to itself. With --model balance it is the potential that
    `supplynet potential` tells; --fail-on then judges coverage by form.
    """
    if model == "balance":
        from supplynet.cli.commands.potential import answer

        answer(graph, asked, None, output, METRICS)
        return
    with output.progress("Solving") as progress:
        from supplynet.analysis.flow.flow import max_flow
        from supplynet.io.load import load
        from supplynet.present.words import target
        from supplynet.reports.results import of_flow

        net = load(graph)
        words, elements = asked.words(), asked.elements(net)
        flows = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            flows.append(max_flow(net, element=element, **words))
        documents = [of_flow(flow) for flow in flows]
        figures = [
            {
                "value": flow.value,
                "coverage": flow.coverage,
                "low": flow.low,
                "high": flow.high,
                "coverage_low": flow.coverage_range[0] if flow.coverage_range else None,
                "coverage_high": flow.coverage_range[1] if flow.coverage_range else None,
                "demand": flow.demand.value if flow.demand.how != "none" else None,
            }
            for flow in flows
        ]
        rows = [
            {"element": flow.element, "unit": flow.unit, **values}
            for flow, values in zip(flows, figures, strict=True)
        ]
    output.write(
        joined(documents, f"What could reach {target(flows[0].question)}"),
        plain_table(("element", "unit", *METRICS), rows),
    )
    output.judge(
        flows[0].headline,
        [Facts(values, of=flow.element) for flow, values in zip(flows, figures, strict=True)],
    )
