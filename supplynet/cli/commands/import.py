# ruff: noqa: N999  the module has the name of its command
"""``supplynet import``: a network of customs records."""

from __future__ import annotations

from pathlib import Path

import click

from supplynet.cli import options, trade_options, words
from supplynet.cli.output import FORMATS, Output, plain_table
from supplynet.cli.trade_options import Records

COLUMNS = ("reason", "title", "effect", "n_rows", "value_usd", "share")


@click.command("import")
@trade_options.records
@click.option(
    "-o",
    "--output",
    "out",
    type=words.Text("graph", "-o my-trade"),
    metavar="FILE",
    help="Write the network here: a folder, or a .zip, .json or .graphml file. Default: only "
    "say what the records hold.",
)
@click.option("--force", is_flag=True, help="Replace the graph that is there.")
@click.option(
    "--goods",
    default="goods",
    show_default=True,
    type=words.Text("goods", "--goods graphite"),
    metavar="NAME",
    help="What flows, for the units: t NAME/yr.",
)
@click.option(
    "--min-tonnes",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    metavar="TONNES",
    help="Leave smaller flows out of the network.",
)
@click.option(
    "--format", "format_name", type=words.Word(FORMATS), default="table", help="Default: table."
)
@options.quiet
def command(
    records: Records,
    out: str | None,
    force: bool,
    goods: str,
    min_tonnes: float,
    format_name: str,
    is_quiet: bool,
) -> None:
    """Make a network of customs records.

    LAYOUT is baci, comtrade or plain; without it the columns tell. FILE is CSV, gzip or zip of
    CSV, Parquet, a folder of them, or a pattern. Every row that is left out is counted; above
    --max-unmapped the import stops.
    """
    output = Output(format=format_name, path=None, is_quiet=is_quiet)
    target = None if out is None else _target(Path(out), force=force)
    with output.progress("Reading") as progress:
        from supplynet.io.trade.network import to_network
        from supplynet.report.results_trade import of_import

        meaning = records.meaning()
        table = records.read(tuple(one.code for one in meaning.codes), progress)
        net = None
        if target is not None:
            net = to_network(table, meaning, name=_name(target), goods=goods, min_tonnes=min_tonnes)
        document = of_import(table, meaning, net)
    if target is not None and net is not None:
        from supplynet.io.trade.save import save_imported
        from supplynet.report.markdown import to_markdown

        save_imported(net, target, readme=to_markdown(document), overwrite=force)
        output.tell_written(target)
    rows = [{name: getattr(row, name) for name in COLUMNS} for row in table.ledger]
    output.write(document, plain_table(COLUMNS, rows))


def _target(path: Path, *, force: bool) -> Path:
    """Return where the network goes, if it may be written there: known before all is read."""
    from supplynet.errors import OutputError

    is_taken = any(path.iterdir()) if path.is_dir() else path.exists()
    if is_taken and not force:
        raise OutputError(f"{path}: is there already", hint="give --force to replace it")
    if not path.absolute().parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}", hint="make the folder first")
    return path


def _name(path: Path) -> str:
    """Return the id of a graph by the name of its folder or file."""
    import re

    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", path.absolute().stem).strip("-._")
    return name[:80] or "trade"
