"""``supplynet verify``: check the proofs in a result by code that no solver shares."""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path

import click

from supplynet.cli import options, words


@options.command()
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
    ranges, plans, runs and draws are checked again; what no proof is there for is reported. Exit
    code 4 if anything fails, or nothing can be checked.
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
    counted = Counter(word for word, _ in told)
    click.echo(_in_short(counted))
    width = max((len(word) for word in counted), default=0)
    for word, what in told:
        click.echo(f"{word:<{width}}  {what}")
    if counted["FAILS"] or not counted["holds"]:
        ctx.exit(4)


def _in_short(counted: Counter[str]) -> str:
    """Return what came of the checks in a sentence."""
    if not counted:
        return "No result in it."
    fail, hold, rest = (counted[word] for word in ("FAILS", "holds", "not checked"))
    if fail:
        return f"{fail} of {fail + hold} checks {'fails' if fail == 1 else 'fail'}."
    if not hold:
        return "Nothing in it can be checked: it carries no proof."
    what = "The check holds" if hold == 1 else f"All {hold} checks hold"
    lines = "line says" if rest == 1 else "lines say"
    return f"{what}; {rest} {lines} what is not checked." if rest else f"{what}."


def _tables(graph: str) -> Path:
    """Return the folder of a graph, that of a shipped one by its name."""
    from supplynet.errors import OptionError
    from supplynet.io.load import graph_ids, graphs_folder

    folder = graphs_folder() / graph if graph in graph_ids() else Path(graph)
    if not (folder / "nodes.csv").is_file():
        raise OptionError(
            f"--graph {graph}: this is no folder with the tables of a graph",
            hint=f"name one that holds nodes.csv, or a shipped graph: {', '.join(graph_ids())}; "
            "supplynet graph convert makes a folder of a file",
        )
    return folder
