"""``supplynet verify``: check the proofs in a result by code that no solver shares."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("verify")
@click.argument(
    "result", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option(
    "--graph",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the tables of the graph: what is used is looked up there.",
)
@click.option("--script", is_flag=True, help="Print verify.py, which needs nothing but Python.")
@click.pass_context
def command(ctx: click.Context, result: Path | None, folder: Path | None, script: bool) -> None:
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
        told = verify.verify(verify.read(result), folder)
    except (OSError, ValueError, LookupError) as error:
        from supplynet.errors import TableError

        raise TableError(f"{result} holds no result that can be read: {error}") from error
    width = max((len(word) for word, _ in told), default=0)
    click.echo("\n".join(f"{word:<{width}}  {what}" for word, what in told) or "No result in it.")
    if not told or any(word == "FAILS" for word, _ in told):
        ctx.exit(4)
