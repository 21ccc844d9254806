"""``supplynet schema``: the JSON schema of a kind of result."""

from __future__ import annotations

import click


@click.command("schema")
@click.argument("result", metavar="[RESULT]", required=False)
def command(result: str | None) -> None:
    """Print the JSON schema of a result.

    RESULT is what its JSON calls it, such as flow or balance. Without it all kinds are listed.
    """
    from supplynet.errors import UnknownNameError
    from supplynet.network.problems import did_you_mean
    from supplynet.report.results_page import kinds, schema_text

    known = kinds()
    if result is None:
        width = max(map(len, known))
        click.echo("\n".join(f"{n:<{width}}  {kind.LAYOUT.title}" for n, kind in known.items()))
        return
    if result not in known:
        raise UnknownNameError(
            f"there is no result {result!r}; there are {', '.join(known)}",
            hint=did_you_mean(result, known),
        )
    click.echo(schema_text(known[result]).encode("utf-8"), nl=False)
