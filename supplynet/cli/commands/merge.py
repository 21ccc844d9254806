"""``supplynet graph merge``: customs records laid onto a graph, with the mismatch shown."""

from __future__ import annotations

from supplynet.cli import options, trade_options, words
from supplynet.cli.failing import told_by
from supplynet.cli.graph_file import graph_target
from supplynet.cli.output import Output
from supplynet.cli.trade_options import Records
from supplynet.reports.build import declared_table

METRICS = ("difference", "trade", "graph")


@options.command()
@options.graph
@trade_options.records
@options.option(
    "--into GRAPH",
    words.Text("graph", "--into my-graph"),
    "Write the graph with the trade here. Default: only show where the two differ.",
)
@options.flag("--force", "Replace the graph that is there.")
@options.option(
    "--as-year YEAR",
    int,
    "Year of the graph for which the trade holds. Default: that of the trade.",
)
@options.option(
    "--unit FORM=UNIT...",
    words.Pair('"oxide=t oxide"'),
    "Unit of the graph in which the tonnes of a form are read. Default: that of most of "
    "its links. Repeatable.",
    "units",
)
@options.output(metrics=METRICS)
def command(
    graph: str,
    records: Records,
    into: str | None,
    force: bool,
    as_year: int | None,
    units: tuple[tuple[str, str], ...],
    output: Output,
) -> None:
    """Lay customs records onto a graph, and show where they differ.

    Flows that the observed links of the graph do not carry become observed corridors between
    countries, bounded by the difference and held in one year.
    """
    target = None if into is None else graph_target(into, force=force)
    with output.progress("Reading") as progress:
        from supplynet.io.load import load, save
        from supplynet.reports.results_network import of_merge
        from supplynet.trade.merge import merge

        net = load(graph)
        meaning = records.meaning()
        table = records.read(tuple(code.code for code in meaning.codes), progress)
        flows = table.frame
        triples = zip(flows["hs6"], flows["exporter"], flows["importer"], strict=True)
        flows = flows.assign(form=[meaning.form_of(*triple) for triple in triples])
        result = merge(
            net,
            flows,
            at=as_year,
            units=dict(units),
            source=table.provenance,
            records=f"Customs records: {', '.join(file.name for file in table.files)}",
        )
        document = of_merge(result)
    if target is not None:
        save(result.net, target, overwrite=force)
        output.tell_written(target)
    output.write(document, declared_table(result))
    output.judge(
        result.headline,
        [
            told_by(row, METRICS, f"{row.form} from {row.exporter} to {row.importer}")
            for row in result.rows
        ],
    )
