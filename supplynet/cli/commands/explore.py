"""``supplynet explore``: a page on this machine that answers while it is played with."""

from __future__ import annotations

from urllib.parse import urlencode

import click

from supplynet.cli import options, words
from supplynet.cli.console import say


@options.command()
@click.argument(
    "graph", metavar="[GRAPH]", default="rare-earths", type=words.GraphName("graph", "rare-earths")
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="one that is free",
    help="Port of this machine to listen at.",
)
@options.option("--to WHO...", words.Selector("who", "--to KOR"), "Nation or bloc to open with.")
@options.option(
    "--avoid WHAT...", words.Selector("what", "--avoid CHN"), "What is shut when it opens."
)
@options.flag("--no-browser", "Only print the address; open no browser.")
@options.quiet
def command(
    graph: str,
    port: int,
    to: tuple[str, ...],
    avoid: tuple[str, ...],
    no_browser: bool,
    is_quiet: bool,
) -> None:
    """Explore a graph in the browser.

    A page that answers while plants are shut and figures are moved: what could be had alone, or
    who gets what. It runs on this machine only, under an address with a token, asks nothing of
    the network and writes nothing; a graph in a folder is read anew when its files change. Ends
    with Ctrl-C. Needs the extra explore.
    """
    from supplynet.serve.run import serve

    asked = {"to": ",".join(to), "avoid": ",".join(avoid)}
    opened = urlencode({name: value for name, value in asked.items() if value})

    def ready(address: str) -> None:
        address += f"#{opened}" * bool(opened)
        click.echo(address)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)
        if not is_quiet:
            say("Ctrl-C ends it.")

    serve(graph, port=port, ready=ready)
