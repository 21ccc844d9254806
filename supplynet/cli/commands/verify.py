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
@click.option("--strict", is_flag=True, help="Fail if a figure is open, too.")
@click.option("--script", is_flag=True, help="Print verify.py, which needs nothing but Python.")
@click.pass_context
def command(
    ctx: click.Context, result: Path | None, graph: str | None, strict: bool, script: bool
) -> None:
    """Do the figures of a written result follow from its proofs?

    RESULT is a .json file or an .html report of this program. Flows, cuts, worst losses, balances,
    ranges, plans, runs and draws are checked again, and what follows from their figures is
    recalculated. A figure is certified by that; every other number is open, and named. Exit code 4
    if anything fails, if nothing can be checked, or with --strict if a figure is open.
    """
    from supplynet import verify

    if script:
        click.echo(Path(verify.__file__).read_bytes(), nl=False)
        return
    if result is None:
        raise click.UsageError("give the file of a result, or --script")
    try:
        content = verify.read(result)
        lines = verify.verify(content, None if graph is None else _tables(graph))
        figures = [verify.Arithmetic(one) for one in verify.answers(content)]
    except (OSError, ValueError, LookupError, zlib.error) as error:
        from supplynet.errors import TableError

        raise TableError(
            f"{result} holds no result that can be read: {error}",
            hint="proofs are in what -o FILE.json or -o FILE.html writes",
        ) from error
    counted = Counter(word for word, _ in lines)
    n_all, n_open = sum(one.n for one in figures), sum(len(one.open) for one in figures)
    click.echo(_in_short(counted, n_all, n_open))
    width = max((len(word) for word in counted), default=0)
    for word, what in lines:
        click.echo(f"{word:<{width}}  {what}")
    if counted["FAILS"] or not counted["holds"] or (strict and n_open):
        ctx.exit(4)


def _in_short(counted: Counter[str], n_all: int, n_open: int) -> str:
    """Return what came of the checks in a sentence."""
    if not counted:
        return "No result in it."
    fail, hold = counted["FAILS"], counted["holds"]
    if fail:
        return f"{fail} of {fail + hold} checks {'fails' if fail == 1 else 'fail'}."
    if not hold:
        return "Nothing in it can be checked: it carries no proof."
    rest = f"; {n_open:,} open, named below" if n_open else ""
    return f"Certified: {n_all - n_open:,} of {n_all:,} figures{rest}."


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
