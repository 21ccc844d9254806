"""``supplynet graph new``: a graph to start from."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from supplynet.cli import options, words
from supplynet.cli.console import say


@options.command()
@click.argument("name", metavar="NAME", type=words.Text("name", "my-graph"))
@options.option(
    "--like GRAPH",
    words.GraphName("graph", "--like rare-earths"),
    "Take over the stages, forms, units and elements of a graph, and the shape of its chain.",
)
@options.flag(
    "--excel",
    "Write one workbook, NAME.xlsx, with a sheet a table, choices and notes.",
    "is_workbook",
)
@options.quiet
def command(name: str, like: str | None, is_workbook: bool, is_quiet: bool) -> None:
    """Start a graph of your own.

    NAME is a new folder: tables with a made-up chain of plants that passes check, the head of the
    graph, a scenario, schemas for editors, and a README that explains every column. With --excel
    it is a workbook.
    """
    from supplynet.errors import OptionError, OutputError
    from supplynet.network.schema import ID_PATTERN

    folder = Path(name)
    graph = folder.name.removesuffix(".xlsx")
    if not re.fullmatch(ID_PATTERN, graph):
        raise OptionError(
            f"a graph cannot be called {graph!r}",
            hint="use letters, digits and . _ - such as my-graph",
        )
    target = folder.with_name(f"{graph}.xlsx") if is_workbook else folder
    if os.path.lexists(target):
        raise OutputError(f"{target}: is there already", hint="choose another name")
    from supplynet.files import write_bytes
    from supplynet.io.draft import draft, draft_files
    from supplynet.io.folder import write_folder
    from supplynet.io.load import load

    net = draft(graph, like=None if like is None else load(like))
    if is_workbook:
        from supplynet.io.workbook import network_xlsx

        write_bytes(target, network_xlsx(net, is_whole=True))
    else:
        write_folder(target, draft_files(net))
    if not is_quiet:
        say(f"Written: {os.fspath(target)}")
        say(f"Next: supplynet graph check {os.fspath(target)}")
