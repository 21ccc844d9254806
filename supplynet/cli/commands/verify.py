"""``supplynet verify``: check the proofs in a result by code that no solver shares."""

from __future__ import annotations

import zlib
from pathlib import Path

import click

from supplynet.cli import words


@click.command("verify")
@click.argument(
    "result", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option(
    "--graph",
    type=words.Text("graph", "--graph rare-earths"),
    help="A shipped graph, or a folder of tables: what is used is looked up there.",
)
@click.option("--script", is_flag=True, help="Print verify.py, which needs nothing but Python.")
@click.pass_context
def command(ctx: click.Context, result: Path | None, graph: str | None, script: bool) -> None:
    """Do the figures of a written result follow from its proofs?

    RESULT is a .json file or an .html report of this program. Flows, cuts, worst losses, balances,
    ranges, plans, runs and draws are checked again; what no proof is there for is told. Exit code 4
    if anything fails.
    """
    from supplynet import verify

    if script:
        click.echo(Path(verify.__file__).read_bytes(), nl=False)
        return
    if result is None:
        raise click.UsageError("give the file of a result, or --script")
    try:
        told = verify.verify(verify.read(result), None if graph is None else _tables(graph))
    except (OSError, ValueError, LookupError, zlib.error) as error:
        from supplynet.errors import TableError

        raise TableError(
            f"{result} holds no result that can be read: {error}",
            hint="proofs are in what -o FILE.json or -o FILE.html writes",
        ) from error
    width = max((len(word) for word, _ in told), default=0)
    click.echo("\n".join(f"{word:<{width}}  {what}" for word, what in told) or "No result in it.")
    if not told or any(word == "FAILS" for word, _ in told):
        ctx.exit(4)


def _tables(graph: str) -> Path:
    """Return the folder of a graph, that of a shipped one by its name."""
    from supplynet.errors import OptionError
    from supplynet.io.load import graph_ids, graphs_folder

    folder = graphs_folder() / graph if graph in graph_ids() else Path(graph)
    if not (folder / "nodes.csv").is_file():
        raise OptionError(
            f"--graph {graph}: this is no folder with the tables of a graph",
            hint=f"name one that holds nodes.csv, or a shipped graph: {', '.join(graph_ids())}; "
            "supplynet convert makes a folder of a file",
        )
    return folder
