"""``supplynet mcp``: the questions as tools for assistants, over standard input and output."""

from __future__ import annotations

import click

from supplynet.cli import options, words
from supplynet.errors import requires_extra


@options.command()
@click.argument(
    "graphs", metavar="[GRAPH]...", nargs=-1, type=words.GraphName("graph", "rare-earths")
)
def command(graphs: tuple[str, ...]) -> None:
    """Serve the questions as tools for assistants.

    A server of the Model Context Protocol over standard input and output, with the tools list,
    show, potential, contested, survive, run, compare, flow, cut, routes, bypass, unavoidable,
    chokepoints, interdict, disrupt, fortify and sources. Shipped graphs can be asked, and every
    GRAPH named here; nothing else is read, and nothing written. Needs the extra mcp.
    """
    with requires_extra("mcp", "a server of tools"):
        from supplynet.serve.tools import serve_tools
    serve_tools(graphs)
