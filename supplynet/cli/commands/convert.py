"""``supplynet graph convert``: a graph in another format."""

from __future__ import annotations

import os

import click

from supplynet.cli import options, words
from supplynet.cli.console import Progress, say
from supplynet.cli.graph_file import graph_target
from supplynet.io.load import endings_in_words

_HELP = f"""Write a graph in another format.

OUT ends in {endings_in_words()}, or is a folder. What is written loads as the same graph.
"""


@options.command(help=_HELP)
@options.graph
@click.argument("out", metavar="OUT", required=False, type=words.Text("out", "graph.json"))
@options.option("-o --output FILE", words.Text("file", "-o graph.json"), "The same as OUT.", "same")
@options.flag("--force", "Replace what is there.")
@options.quiet
def command(graph: str, out: str | None, same: str | None, force: bool, is_quiet: bool) -> None:
    """Write a graph in another format."""
    if out and same:
        raise click.UsageError(f"both {out} and -o {same} say where to; give one of them")
    out = out or same
    if out is None:
        raise click.UsageError("Missing argument 'OUT' or -o FILE; write for example -o graph.json")
    target = graph_target(out, force=force)
    with Progress(f"Writing {out}", is_quiet=is_quiet):
        from supplynet.io.load import load, save

        save(load(graph), target, overwrite=force)
    if not is_quiet:
        say(f"Written: {os.fspath(target)}")
