"""``supplynet schema``: the JSON schema of a kind of result."""

from __future__ import annotations

import click

from supplynet.cli import options


@options.command()
@click.argument("result", metavar="[RESULT]", required=False)
def command(result: str | None) -> None:
    """Print the JSON schema of a result, or of a file that authors write.

    RESULT is what its JSON calls it, such as flow or balance; or datapackage or scenario, for the
    files of a graph. Without it all kinds are listed.
    """
    from supplynet.errors import UnknownNameError
    from supplynet.io.graph_schemas import GRAPH_SCHEMAS, graph_schema_text
    from supplynet.network.problems import did_you_mean
    from supplynet.reports.listed import LISTED, listed_schema_text
    from supplynet.reports.results_page import kinds, schema_text

    known = kinds()
    titles = {name: kind.LAYOUT.title for name, kind in known.items()}
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
        text = listed_schema_text(result) if result in LISTED else schema_text(known[result])
    click.echo(text.encode("utf-8"), nl=False)
