"""``supplynet cut``: what stops more from arriving."""

from __future__ import annotations

import dataclasses

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, joined, plain_table

METRICS = ("value", "members")
COLUMNS = (
    "element",
    "kind",
    "id",
    "name",
    "stage",
    "country",
    "capacity",
    "unit",
    "confidence",
)


@click.command("cut")
@options.graph
@options.question()
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, output: Output) -> None:
    """What stops more from arriving?

    The members of a minimum cut: plants, links and corridors whose capacities add up to what
    could arrive at most.
    """
    with output.progress("Solving") as progress:
        from supplynet.analysis.flow import max_flow
        from supplynet.io.load import load
        from supplynet.report.results import of_cut

        net = load(graph)
        words, elements = asked.words(), asked.elements(net)
        found = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            found.append(max_flow(net, element=element, **words))
        documents = [of_cut(one) for one in found]
        rows = [
            {"element": one.element, "unit": one.unit, **dataclasses.asdict(member)}
            for one in found
            for member in one.cut
        ]
    output.write(
        joined(documents, f"What stops more from reaching {found[0].question.to_name}"),
        plain_table(COLUMNS, rows),
    )
    output.judge(
        [
            Facts({"value": one.value, "members": float(len(one.cut))}, of=one.element)
            for one in found
        ]
    )
