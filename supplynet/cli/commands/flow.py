"""``supplynet flow``: how much could reach a nation."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, joined, plain_table

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
        from supplynet.report.results import of_flow
        from supplynet.report.words import target

        net = load(graph)
        words, elements = asked.words(), asked.elements(net)
        found = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            found.append(max_flow(net, element=element, **words))
        documents = [of_flow(one) for one in found]
        figures = [
            {
                "value": one.value,
                "coverage": one.coverage,
                "low": one.low,
                "high": one.high,
                "coverage_low": one.coverage_range[0] if one.coverage_range else None,
                "coverage_high": one.coverage_range[1] if one.coverage_range else None,
                "demand": one.demand.value if one.demand.how != "none" else None,
            }
            for one in found
        ]
        rows = [
            {"element": one.element, "unit": one.unit, **values}
            for one, values in zip(found, figures, strict=True)
        ]
    output.write(
        joined(documents, f"What could reach {target(found[0].question)}"),
        plain_table(("element", "unit", *METRICS), rows),
    )
    output.judge(
        [Facts(values, of=one.element) for one, values in zip(found, figures, strict=True)]
    )
