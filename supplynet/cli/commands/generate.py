"""``supplynet graph generate``: a made-up network of any size."""

from __future__ import annotations

import os
from pathlib import Path

import click

from supplynet.cli import options, words
from supplynet.cli.console import Progress, say
from supplynet.cli.graph_file import require_free
from supplynet.io.load import endings_in_words

KINDS = ("layered", "cyclic")
ARRAYS = ".npz"


_HELP = f"""Make up a network of any size.

KIND is layered or cyclic. OUT is a folder, or ends in {endings_in_words()}, and loads as a graph;
or it ends in .npz and holds arrays (stage, node_capacity, tail, head, capacity).
"""


@options.command(help=_HELP)
@click.argument("kind", metavar="KIND", type=words.Word(KINDS))
@click.argument("out", metavar="OUT", type=words.Text("out", "my-network"))
@options.option("--edges N", click.IntRange(20, 20_000_000), "Links to draw.", default=1_000)
@options.option(
    "--seed N", click.IntRange(min=0), "The same seed gives the same network.", default=1
)
@options.option(
    "--nations N",
    click.IntRange(1, 400),
    "Made-up countries that share the plants and are supplied; not for arrays. Default: 12.",
    "countries",
)
@options.flag("--force", "Replace what is there.")
@options.quiet
def command(
    kind: str,
    out: str,
    edges: int,
    seed: int,
    countries: int | None,
    force: bool,
    is_quiet: bool,
) -> None:
    """Make up a network of any size."""
    target = Path(out)
    if target.suffix.lower() == ARRAYS and countries is not None:
        raise click.UsageError(f"--nations says nothing to arrays; leave it out for {out}")
    require_free(target, force=force)
    with Progress(f"Drawing {edges:,} links", is_quiet=is_quiet):
        if target.suffix.lower() == ARRAYS:
            _write_arrays(target, kind, edges, seed)
        else:
            from supplynet.analysis.generated import generate
            from supplynet.io.load import save

            drawn = generate(kind, edges=edges, seed=seed, countries=countries or 12)
            save(drawn, target, overwrite=force)
    if not is_quiet:
        say(f"Written: {os.fspath(target)}")


def _write_arrays(target: Path, kind: str, edges: int, seed: int) -> None:
    """Write the arrays of a network, with the names of their parameters."""
    import io

    import numpy as np

    from supplynet.files import write_bytes
    from supplynet.solve.flow.generate import generate_arrays

    drawn = generate_arrays(kind, edges, seed=seed)
    buffer = io.BytesIO()
    names = ("stage", "node_capacity", "tail", "head", "capacity")
    np.savez_compressed(buffer, **{name: getattr(drawn, name) for name in names})
    write_bytes(target, buffer.getvalue())
