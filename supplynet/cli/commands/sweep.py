"""``supplynet compare sweep``: any question over nations, years, tiers and scenarios."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asking import asked_by as options_by
from supplynet.cli.output import Output
from supplynet.contract.query import Jobs, Option, options_of
from supplynet.present.document import plain_table

if TYPE_CHECKING:
    from collections.abc import Mapping

#: types of values, by the kind of an option; all others are texts
_TYPES: Mapping[str, click.ParamType[Any]] = {
    "int": click.INT,
    "float": click.FLOAT,
    "seconds": click.FLOAT,
    "bool": click.BOOL,
}


@options.command()
@options.graph
@click.argument("ask", metavar="QUESTION", type=words.Text("question", "coverage"))
@options.option(
    "--each OPTION=VALUES...",
    words.Pair("year=2026,2030"),
    "Values that an option of the question takes one after the other, with commas between them; "
    "several options make a grid. Repeatable.",
)
@options.option(
    "--with OPTION=VALUE...",
    words.Pair("avoid=CHN"),
    "The value of an option of the question in every answer. Repeatable.",
    "fixed",
)
@options_by("", Jobs)
@options.output(is_page=False)
def command(
    graph: str,
    ask: str,
    each: tuple[tuple[str, str], ...],
    fixed: tuple[tuple[str, str], ...],
    workers: int,
    executor: str | None,
    folder: Path | None,
    output: Output,
) -> None:
    """How does any answer differ between nations, years, tiers and scenarios?

    QUESTION is a command, such as coverage, flow or "chokepoints interdict"; OPTION one of its own,
    without dashes. A page has the headline of every answer; CSV and JSON have all of its rows.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.io.load import load
        from supplynet.reports.sweep import asked_by, of_sweep, sweep

        known = {option.name: option for option in options_of(asked_by(ask).query)}
        axes = {name: text.split(",") for name, text in each if name != "scenario"}
        shared = {name: _read(known, name, text) for name, text in fixed}
        cells = {
            ", ".join(map(str, values)) or ask: {
                "ask": ask,
                **shared,
                **{
                    name: _read(known, name, value)
                    for name, value in zip(axes, values, strict=True)
                },
            }
            for values in product(*axes.values())
        }
        scenarios = [text.strip() for text in dict(each).get("scenario", "base").split(",")]
        table = sweep(
            load(graph),
            cells,
            scenarios,
            workers=workers,
            executor=executor,
            folder=folder,
        )
        document = of_sweep(table, list(axes))
    output.write(document, plain_table(table.columns, document.data["rows"]))


def _read(known: Mapping[str, Option], name: str, text: str) -> Any:
    """Return the value of an option as the library takes it; others are refused by the question."""
    if name not in known:
        return text
    kind = known[name].parameter.kind
    is_mapping = kind.startswith("mapping")
    is_several = is_mapping or kind.startswith("iterable") or known[name].is_several
    of_each = kind.split()[-1] if is_several else kind.partition(" or ")[0]
    value_of = _TYPES.get(of_each, click.STRING)
    try:
        if not is_several:
            return value_of(text.strip())
        parts = [part.strip() for part in text.split(",")]
        if not is_mapping:
            return [value_of(part) for part in parts]
        pairs = [part.rpartition("=") for part in parts]
        return {key: value_of(value) for key, _, value in pairs}
    except click.BadParameter as error:
        error.param_hint = name
        raise
