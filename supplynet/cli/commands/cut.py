"""``supplynet cut``: what stops more from arriving."""

from __future__ import annotations

import dataclasses

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, joined
from supplynet.reports.build import plain_table

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
    "coverage",
    "value",
)


@click.command("cut")
@options.graph
@options.question()
@options.flag(
    "--all",
    "Show every set of limits that lets through just as much, and what is in all of them.",
    "is_all",
)
@options.option(
    "--limit N", click.IntRange(min=1), "With --all: find this many sets at most. Default: 100."
)
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, is_all: bool, limit: int | None, output: Output) -> None:
    """What stops more from arriving?

    The members of a minimum cut: plants, links and corridors whose capacities add up to what
    could arrive at most.
    """
    if limit is not None and not is_all:
        raise click.UsageError("--limit is about every set of limits; give --all too")
    if is_all:
        _all_sets(graph, asked, limit or 100, output)
        return
    with output.progress("Solving") as progress:
        from supplynet.io.load import load
        from supplynet.present.words import target
        from supplynet.questions.flow import max_flow
        from supplynet.reports.results import of_cut

        net = load(graph)
        words, elements = asked.words(), asked.elements(net)
        flows = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            flows.append(max_flow(net, element=element, **words))
        documents = [of_cut(flow) for flow in flows]
        rows = [
            {
                "element": flow.element,
                "unit": flow.unit,
                "coverage": flow.coverage,
                "value": flow.value,
                **dataclasses.asdict(member),
            }
            for flow in flows
            for member in flow.cut
        ]
    output.write(
        joined(documents, f"What stops more from reaching {target(flows[0].question)}"),
        plain_table(COLUMNS, rows),
    )
    output.judge(
        flows[0].headline,
        [
            Facts({"value": flow.value, "members": float(len(flow.cut))}, of=flow.element)
            for flow in flows
        ],
    )


def _all_sets(graph: str, asked: Asked, limit: int, output: Output) -> None:
    """Show all sets of limits; a member is a limit that is in at least one."""
    with output.progress("Solving") as progress:
        from supplynet.analysis.flow.cuts import min_cuts
        from supplynet.io.load import load
        from supplynet.present.words import target
        from supplynet.reports.results_cuts import of_cuts

        net = load(graph)
        words, elements = asked.words(), asked.elements(net)
        cuts = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            cuts.append(min_cuts(net, element=element, limit=limit, **words))
        documents = [of_cuts(flow) for flow in cuts]
        rows = [
            {
                "element": flow.element,
                "set": number,
                "unit": flow.unit,
                "value": flow.value,
                **dataclasses.asdict(member),
            }
            for flow in cuts
            for number, members in enumerate(flow.sets, 1)
            for member in members
        ]
    output.write(
        joined(documents, f"All that stops more from reaching {target(cuts[0].question)}"),
        plain_table(("element", "set", *COLUMNS[1:-2], "value"), rows),
    )
    output.judge(
        cuts[0].headline,
        [
            Facts({"value": flow.value, "members": float(len(flow.in_some))}, of=flow.element)
            for flow in cuts
        ],
    )
