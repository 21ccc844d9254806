"""``supplynet trace``: how much of a nation's supply touched a jurisdiction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.present.document import plain_table
from supplynet.reports.build import declared_table
from supplynet.terms import RANGES, TRACED

if TYPE_CHECKING:
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document, Table

METRICS = ("direct", "traced", "least", "greatest")
#: columns of ranges, behind those of the shares
_SOLVED = ("least", "greatest", "is_decided")


@options.command()
@options.graph
@options.question(
    element="Elements, an element group or all; the tonnes of several are added up as well. "
    "Default: the graph's headline elements.",
)
@options.option(
    "--exposed-to WHAT...",
    words.Selector("what", "--exposed-to CHN"),
    "Whose plants are looked for: CHN, EU, CHN:refiner, owner:CHN, node:ID or several with commas.",
    required=True,
)
@options.option(
    "--form FORM...",
    words.Text("form", "--form magnet"),
    "Only what arrives for demand of these forms. Repeatable.",
)
@options.option(
    "--product ID...",
    words.Text("id", "--product ID"),
    "Only what arrives for demand of these products. Repeatable.",
)
@click.option(
    "--objective",
    type=words.Word(TRACED),
    default=None,
    help="How the balance is shared out, as in supplynet allocate. Default: measured for a year "
    "whose flows were calibrated, with nothing avoided or assumed; else fair.",
)
@options.priority
@options.weights
@options.basis_of_balance
@click.option(
    "--ranges",
    type=words.Word(RANGES),
    default=None,
    help="Least and greatest share over all equally good balances: none, of all steps together, "
    "or of each step too, which takes longest. Default: total with --full, in files and for "
    "--fail-on of them, else none.",
)
@click.option(
    "--within",
    type=click.FloatRange(0.0, 1.0, max_open=True),
    default=0.0,
    metavar="PART",
    help="For ranges: part of what is served that a balance may fall short by. Default: 0.",
)
@options.flag(
    "--full",
    "Add the steps of every element, the other lens, owners, plants and the method.",
    "is_full",
)
@options.program_time_limit
@options.output(metrics=METRICS, is_page=False)
def command(
    graph: str,
    asked: Asked,
    exposed_to: tuple[str, ...],
    form: tuple[str, ...],
    product: tuple[str, ...],
    objective: str | None,
    priority: tuple[str, ...],
    weights: tuple[tuple[str, float], ...],
    basis: str | None,
    ranges: str | None,
    within: float,
    is_full: bool,
    time_limit: float | None,
    output: Output,
) -> None:
    """How much of a nation's supply touched a jurisdiction?

    Traced through the contested balance: what came last from there, and what had passed there
    at some step. --fail-on judges each element over all steps, owners that are not known
    counted in. Of a network of customs records alone both ends are reported, as by supplynet
    dependence.
    """
    if ranges is None:
        ends = tuple(row for row in output.conditions if row.metric in ("least", "greatest"))
        is_more = replace(output, is_full=is_full, conditions=ends).wants_all
        ranges = "total" if is_more else "none"
    with output.progress("Solving") as progress:
        from supplynet.analysis.exposure import exposure
        from supplynet.io.load import load
        from supplynet.reports.results_exposure import of_exposure

        net = load(graph)
        # A graph made of customs records knows no production, so that nothing can be traced to
        # mines; it has an answer of its own.
        if net.commodity.production == "unknown":
            document, table, facts = _by_trade(net, asked, exposed_to, form)
            output.write(document, table)
            output.judge(document.headline, facts)
            return
        result = exposure(
            net,
            exposed_to=",".join(exposed_to),
            element=asked.element_text,
            form=",".join(form) or None,
            product=",".join(product) or None,
            objective=objective,
            priority=",".join(priority) or None,
            weights=dict(weights) or None,
            basis=basis,
            within=within,
            time_limit=time_limit,
            **asked.words(),
        )
        if ranges != "none":
            progress.step("Finding least and greatest", 1, 2)
        document = of_exposure(result, ranges=ranges, is_full=is_full)
        # ranges of a measured year are no part of what is read, and solved for tables alone
        is_read = output.format != "csv" and not output.conditions
        rows = _rows(result, "none" if is_read else ranges)
    columns = [column.name for column in result.LAYOUT.table().columns]
    output.write(document, plain_table([*columns, *_SOLVED], rows))
    # every element, over all steps and with unknown owners counted in
    told = ("direct_possibly", "traced_possibly", "least", "greatest")
    facts = [
        Facts({name: row[key] for name, key in zip(METRICS, told, strict=True)}, of=row["element"])
        for row in rows
        if not row["stage"] and row["lens"] == result.lens and row["element"] in result.elements
    ]
    output.judge(result.headline, facts)


def _by_trade(
    net: SupplyNetwork, asked: Asked, exposed_to: tuple[str, ...], form: tuple[str, ...]
) -> tuple[Document, Table, list[Facts]]:
    """Both ends of the share that had passed a jurisdiction, by trade alone."""
    from supplynet.reports.results_trade import of_dependence
    from supplynet.trade.exposure import dependence_of

    if asked.lens != "location" or asked.avoid:
        raise click.UsageError(
            "records of trade know no owners, and nothing that could be had without somebody: "
            "leave out --lens and --avoid"
        )
    result = dependence_of(
        net,
        on=",".join(exposed_to),
        importers=",".join(asked.to),
        year=asked.year,
        form=",".join(form) or None,
    )
    facts = [
        Facts(
            dict(zip(METRICS, (row.direct_share, row.high, row.low, row.high), strict=True)),
            of=f"{row.importer} {row.hs6}",
        )
        for row in result.rows
    ]
    return of_dependence(result), declared_table(result), facts


def _rows(result: ExposureResult, ranges: str) -> list[dict[str, Any]]:
    """Return one row an element, lens and stage, ranges where they were solved."""
    rows = []
    for stage, told in zip(result.stages, result.records(), strict=True):
        row: dict[str, Any] = {**told, **dict.fromkeys(_SOLVED)}
        is_solved = ranges == "stages" or (ranges == "total" and not stage.stage)
        if is_solved and stage.lens == result.lens and stage.element in result.elements:
            span = result.ranges(stage.element, stage.stage)
            is_decided = result.is_decided(stage.element, stage.stage)
            row.update(least=span.least, greatest=span.greatest, is_decided=is_decided)
        rows.append(row)
    return rows
