"""What is about the program and not about a graph: its page and tools, proofs, schemas, words."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from supplynet.cli import options, words
from supplynet.cli.console import say
from supplynet.errors import TableError, UnknownNameError, requires_extra
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

_COMPLETION = """Print a script that completes words in the shell.

SHELL is bash, zsh or fish. Put one of these lines into the shell's start file:

\b
  bash  eval "$(supplynet completion bash)"
  zsh   eval "$(supplynet completion zsh)"
  fish  supplynet completion fish | source
"""


@options.command(help=_COMPLETION)
@click.argument("shell", metavar="SHELL", type=words.Word(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script."""
    from click.shell_completion import ShellComplete, get_completion_class

    from supplynet.cli.program import COMPLETE

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  click knows the three shells
    program = ctx.find_root().command
    # The base class: that of bash looks for an installed bash first, and prints what it found.
    click.echo(ShellComplete.source(kind(program, {}, "supplynet", COMPLETE)), nl=False)


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
def explore(
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
    from supplynet.serve.source import serve

    query = {"to": ",".join(to), "avoid": ",".join(avoid)}
    opened = urlencode({name: value for name, value in query.items() if value})

    def ready(address: str) -> None:
        address += f"#{opened}" * bool(opened)
        click.echo(address)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)
        if not is_quiet:
            say("Ctrl-C ends it.")

    serve(graph, port=port, ready=ready)


@options.command()
@click.argument(
    "graphs", metavar="[GRAPH]...", nargs=-1, type=words.GraphName("graph", "rare-earths")
)
def mcp(graphs: tuple[str, ...]) -> None:
    """Serve the questions as tools for assistants.

    A server of the Model Context Protocol over standard input and output, with the tools list,
    show, potential, contested, survive, run, compare, flow, cut, routes, bypass, unavoidable,
    chokepoints, interdict, disrupt, fortify and sources. Shipped graphs can be asked, and every
    GRAPH named here; nothing else is read, and nothing written. Needs the extra mcp.
    """
    with requires_extra("mcp", "a server of tools"):
        from supplynet.serve.tools import serve_tools
    serve_tools(graphs)


@options.command()
@click.argument("result", metavar="[RESULT]", required=False)
def schema(result: str | None) -> None:
    """Print the JSON schema of a result, or of a file that authors write.

    RESULT is what its JSON calls it, such as flow or balance; or datapackage or scenario, for the
    files of a graph. Without it all kinds are listed.
    """
    from supplynet.io.graph_schemas import GRAPH_SCHEMAS, graph_schema_text
    from supplynet.reports.results_page import LISTED, kinds, listed_schema_text, schema_text

    values = kinds()
    titles = {name: kind.LAYOUT.title for name, kind in values.items()}
    titles |= {name: kind.title for name, kind in LISTED.items()}
    titles |= {name: schema()["title"] for name, schema in GRAPH_SCHEMAS.items()}
    if result is None:
        width = max(map(len, titles))
        click.echo("\n".join(f"{name:<{width}}  {title}" for name, title in titles.items()))
        return
    if result not in titles:
        raise UnknownNameError(
            f"there is no result {result!r}; there are {', '.join(titles)}",
            hint=did_you_mean(result, titles),
        )
    if result in GRAPH_SCHEMAS:
        text = graph_schema_text(result)
    else:
        text = listed_schema_text(result) if result in LISTED else schema_text(values[result])
    click.echo(text.encode("utf-8"), nl=False)


@options.command()
@click.argument("result", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--graph",
    type=words.Text("graph", "--graph rare-earths"),
    help="A shipped graph, a folder or file: programs are compared with those of its rows.",
)
@click.option("--strict", is_flag=True, help="Fail if a figure or a page is open, too.")
@click.option("--script", is_flag=True, help="Print verify.py, which needs nothing but Python.")
@click.pass_context
def verify(
    ctx: click.Context, result: Path | None, graph: str | None, strict: bool, script: bool
) -> None:
    """Do the figures of a written result follow from its proofs?

    RESULT is a .json file or an .html page of this program, or .md, .csv or .xlsx beside its .json
    of the same name: what these say is compared with the same answer, written anew. Flows, cuts,
    worst losses, balances, ranges, plans, runs and draws are checked again, and what follows from
    their figures is recalculated. A figure is certified by that; every other number is open, and
    named. With --graph the question is asked again, and a capacity, content, recovery, demand or
    limit that the proof states otherwise is named by file, row and column. The first line is
    "Certified: N of M figures", as the answer ends, or how many checks fail. Exit code 4 if
    anything fails, if nothing can be checked, or with --strict if a figure is open.
    """
    from supplynet import verify as checks
    from supplynet.cli import again, stated
    from supplynet.io.load import load
    from supplynet.reports import data_writers
    from supplynet.reports.results_page import kinds

    if script:
        click.echo(data_writers.script().encode(), nl=False)
        return
    if result is None:
        raise click.UsageError("give the file of a result, or --script")
    if not result.exists():
        raise click.BadParameter(f"File {str(result)!r} does not exist.", param_hint="'RESULT'")
    try:
        figures = list[checks.Arithmetic]()
        rules = {name: kind.LAYOUT.arithmetic for name, kind in kinds().items()}
        content = checks.read(_holder(result))
        net = again.shipped(content) if graph is None else load(graph)
        tables = None if net is None else again.looked_up(net)
        with _tables(graph, net) as folder:
            lines = checks.verify(content, folder, sums=figures, declared=rules.get, tables=tables)
    except (OSError, ValueError, LookupError, zlib.error) as error:
        raise TableError(
            f"{result} holds no result that can be read: {error}",
            hint="proofs are in what -o FILE.json or -o FILE.html writes",
        ) from error
    if net is not None and graph is not None:
        lines += stated.of_tables(content, net)
    lines += (page := [*again.of_page(result, content, net, graph)])
    words = {word for word, _ in page}
    counted = Counter(word for word, _ in lines)
    n_all, n_open = sum(part.n for part in figures), sum(len(part.open) for part in figures)
    n_again = sum(part.n_again for part in figures)
    text = _in_short(counted, n_all, n_open, n_again)
    if "not checked" in words and not counted["FAILS"]:
        tail = "text and tables are open: nobody could write them anew."
        text += f" Its {'look is open.' if 'holds' in words else tail}"
    click.echo(text)
    width = max((len(word) for word in counted), default=0)
    for word, what in lines:
        click.echo(f"{word:<{width}}  {what}")
    if counted["FAILS"] or not counted["holds"] or (strict and (n_open or "not checked" in words)):
        ctx.exit(4)


def _holder(path: Path) -> Path:
    """Return the file that holds the answer which a file states: its own, or beside it."""
    from supplynet.cli.again import BESIDE

    if path.suffix.lower() not in BESIDE:
        return path
    beside = path.with_suffix(".json")
    if not beside.exists():
        raise TableError(
            f"{path} does not hold its answer",
            hint=f"write it beside that, by the same command with -o {beside.name}",
        )
    return beside


def _in_short(counted: Counter[str], n_all: int, n_open: int, n_again: int) -> str:
    """Return what came of the checks in a sentence."""
    if not counted:
        return "No result in it."
    fail, hold = counted["FAILS"], counted["holds"]
    if fail:
        return f"{fail} of {fail + hold} checks {'fails' if fail == 1 else 'fail'}."
    if not hold:
        return "Nothing in it can be checked: it carries no proof."
    tail = f", {n_again:,} of them by asking again alone" if n_again else ""
    tail += f"; {n_open:,} open, named below" if n_open else ""
    return f"Certified: {n_all - n_open:,} of {n_all:,} figures{tail}."


@contextmanager
def _tables(graph: str | None, net: SupplyNetwork | None) -> Iterator[Path | None]:
    """Give the folder of a graph's CSV tables: its own, or one of what else it is written as."""
    from supplynet.io.load import graph_ids, graphs_folder
    from supplynet.io.tables import write_rows
    from supplynet.network.schema import TABLES

    own = graphs_folder() / graph if graph in graph_ids() else Path(graph or "")
    if graph is None or net is None or (own / "nodes.csv").is_file():
        yield own if graph else None
        return
    with TemporaryDirectory() as folder:
        for name in ("nodes", "edges", "rules"):
            text = write_rows(net.rows(name), TABLES[name])
            Path(folder, f"{name}.csv").write_bytes(text.encode())
        yield Path(folder)


commands = {
    "completion": completion,
    "explore": explore,
    "mcp": mcp,
    "schema": schema,
    "verify": verify,
}
