"""``supplynet compare``: what scenarios change for a nation, alone and together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options
from supplynet.cli import words as words_of
from supplynet.cli.asked import BASE, Asked
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.present.document import plain_table
from supplynet.terms import COMPARED

if TYPE_CHECKING:
    from supplynet.analysis.scenarios_result import ScenariosResult

METRICS = ("coverage", "served")
COLUMNS = (
    "picture",
    "case",
    "nation",
    "what",
    "tier",
    "links",
    "plants",
    "value",
    "low",
    "high",
    "demand",
    "unit",
    "coverage",
)


@options.command()
@click.argument("graph", metavar="GRAPH", type=words_of.GraphName("graph", "rare-earths"))
@click.argument(
    "cases",
    metavar="SCENARIO...",
    nargs=-1,
    required=True,
    type=words_of.ScenarioName("name", "base china-full-stop"),
)
@options.question(
    element="Elements of the potentials. Default: the graph's headline elements. A balance "
    "follows all.",
)
@options.option(
    "--objective",
    words_of.Word(COMPARED),
    "How the contested picture is shared out, as in allocate.",
    default="fair",
)
@options.option(
    "--arrivals FORM",
    words_of.Text("form", "--arrivals oxide"),
    "Show too which country's plants get how much of what travels in this form.",
)
@options.model
@click.option(
    "--ranges/--no-ranges",
    default=True,
    show_default=True,
    help="Report what nations get with all figures at their low and their high end, too.",
)
@options.time_limit
@options.output(metrics=METRICS, figures=words_of.FIGURES)
def command(
    graph: str,
    cases: tuple[str, ...],
    asked: Asked,
    objective: str,
    arrivals: str | None,
    model: str,
    ranges: bool,
    time_limit: float | None,
    output: Output,
) -> None:
    """What do scenarios change, alone and together?

    SCENARIO is the name of one of the graph's scenarios or a TOML file, base for the network as
    it is, or several that hold at once, joined by + such as a+b. Parameters are set by
    a:strength=0.5. Potentials and contested figures stand in tables of their own. --scenario
    holds in every case. One SCENARIO alone is set against base. With -o FILE.svg (.png, .pdf)
    all are drawn in one diagram.
    """
    words: dict[str, Any] = {"time_limit": time_limit, **asked.words()}
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.analysis.scenarios import compare_scenarios, shares_of
        from supplynet.analysis.scenarios_result import sides_of
        from supplynet.io.load import load
        from supplynet.reports.results_scenarios import of_scenarios
        from supplynet.solve.together import tell, within

        name, sides = _with_graph(graph, cases)
        if len(sides) == 1 and sides[0] != BASE:
            sides = (BASE, *sides)  # one alone is set against the network as it is
        net, page, done = load(name), None, 0.0
        if not (output.wants_all or arrivals) and (objective, model) == ("fair", "flow"):
            asked.elements(net)  # refused where there is none, though no share is of one
            done = 0.5
            # what nations get and nothing else, which takes a fraction of the work of all
            with within(0.0, done):
                with within(0.0, 0.6):
                    bare = shares_of(sides_of(net, sides, **words))
                tell("Low and high ends of the data", 0.6)
                shares = of_scenarios(bare, has_ends=ranges)
            page, document = output.fitted(shares)
            page = None if document is shares else page  # there may be room for more
        if page is None:
            words |= {"objective": objective, "arrivals": arrivals, "model": model}
            words["element"] = asked.element_text
            with within(done, 1.0):
                with within(0.0, 0.5):
                    result = compare_scenarios(net, *sides, **words)
                if output.format == "figure" and isinstance(output.path, Path):
                    tell("Drawing", 0.9)
                    from supplynet.draw import save, scenarios

                    save(scenarios(result), output.path)
                    output.tell_written(output.path)
                else:
                    has_ends = ranges and output.format not in ("csv", "json")
                    tell("Low and high ends of the data", 0.6)
                    document = of_scenarios(result, has_ends=has_ends)
    if page is not None:
        page.write(document)
        return
    if output.format != "figure":
        output.write(document, plain_table(COLUMNS, _rows(result)))
    facts = [told_by(row, METRICS, f"{row.case}, {row.form}") for row in result.contested]
    output.judge(result.headline, facts)


def _with_graph(graph: str, cases: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return graph and cases; where the first word is a scenario, the graph that ships it."""
    from supplynet.io.load import graph_ids, graphs_folder
    from supplynet.network.scenario.scenario import split_joined

    is_file = Path(graph).is_file() or (Path(graph) / "datapackage.json").is_file()
    if graph in graph_ids() or is_file:
        return graph, cases
    named = {part.partition(":")[0] for case in (graph, *cases) for part in split_joined(case)}
    owners = [
        graph_id
        for graph_id in graph_ids()
        if any(
            (graphs_folder() / graph_id / "scenarios" / f"{name}.toml").is_file() for name in named
        )
    ]
    return (owners[0], (graph, *cases)) if len(owners) == 1 else (graph, cases)


def _rows(result: ScenariosResult) -> list[dict[str, Any]]:
    """Return one row a figure; the column picture keeps the two kinds apart."""
    contested = {"picture": "contested", "unit": "t of product/yr"}
    rows = [
        *({**vars(row), "picture": "potential", "what": row.element} for row in result.potentials),
        *(
            {**vars(row), **contested, "what": row.form} | {"value": row.served}
            for row in result.contested
        ),
    ]
    return [{name: row.get(name) for name in COLUMNS} for row in rows]
