"""``supplynet coverage``: what a nation could get if it alone drew on the network."""

from __future__ import annotations

from collections.abc import Sequence

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.present.document import plain_table

METRICS = ("coverage", "served", "need", "low", "high")
COLUMNS = (
    "form",
    "product",
    "need",
    "served",
    "low",
    "high",
    "coverage",
    "coverage_low",
    "coverage_high",
    "form_coverage",
)


@options.command()
@options.graph
@options.question()
@options.program_time_limit
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, time_limit: float | None, output: Output) -> None:
    """What could a nation get if it alone drew on the network?

    Coverage of its need by form and product with the range of the data, tonnes by element, and
    the limits that stop more, with what one more tonne of each would bring. --fail-on judges
    every form.
    """
    answer(graph, asked, time_limit, output, METRICS)


def answer(
    graph: str,
    asked: Asked,
    time_limit: float | None,
    output: Output,
    metrics: Sequence[str],
) -> None:
    """Solve a potential and write it; conditions are judged on some metrics of every form."""
    with output.progress("Solving"):
        from supplynet.analysis.potential import potential
        from supplynet.io.load import load
        from supplynet.reports.results_potential import of_potential

        net = load(graph)
        result = potential(net, element=asked.element_text, time_limit=time_limit, **asked.words())
        document = of_potential(result)
        of_forms = {row.form: row.coverage for row in result.forms}
        rows = [
            {
                **{name: getattr(row, name, None) for name in COLUMNS},
                "form_coverage": of_forms[row.form],
            }
            for row in result.products
        ] or [{"served": result.served}]
    output.write(document, plain_table(COLUMNS, [{**dict.fromkeys(COLUMNS), **r} for r in rows]))
    output.judge(
        result.headline,
        [
            Facts({name: getattr(row, name, None) for name in metrics}, of=row.title)
            for row in result.forms
        ]
        or [Facts({**dict.fromkeys(metrics), "served": result.served})],
    )
