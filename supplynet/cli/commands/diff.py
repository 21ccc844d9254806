"""``supplynet compare diff``: what changed between two editions of a table, or two graphs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

if TYPE_CHECKING:
    from supplynet.analysis.editions import VintageResult

METRICS = ("changed", "hhi_change")
_TABLES = (".csv", ".tsv", ".txt")


@options.command()
@click.argument("before", metavar="A", type=words.GraphName("a", ""))
@click.argument("after", metavar="B", type=words.GraphName("b", ""))
@options.year
@options.columns
@options.where
@options.output(metrics=METRICS, is_page=False)
def command(
    before: str,
    after: str,
    year: int | None,
    columns: tuple[tuple[str, str], ...],
    where: tuple[tuple[str, str], ...],
    output: Output,
) -> None:
    """What changed between two editions?

    A and B are two editions of a production table (.csv), whatever their layouts, over the years
    that both hold; or two graphs: rows added, removed and changed, and what each stage could make.
    """
    are_tables = [Path(path).suffix.lower() in _TABLES for path in (before, after)]
    if are_tables[0] != are_tables[1]:
        raise click.UsageError(
            f"{before!r} and {after!r}: one is a table, the other a graph; give two of a kind"
        )
    if not are_tables[0] and (columns or where):
        raise click.UsageError("--columns and --where are about tables, not about graphs")
    with output.progress("Comparing"):
        from supplynet.analysis.editions import diff_graphs, diff_tables
        from supplynet.io.load import load
        from supplynet.io.production import read_production
        from supplynet.reports.results_compare import of_vintage

        short = Path(before).name or before, Path(after).name or after
        # file names alone where they distinguish the two
        told: dict[str, Any] = {"names": short if short[0] != short[1] else (before, after)}
        if are_tables[0]:
            how = {"columns": words.columns_of(columns), "where": dict(where)}
            editions = (read_production(Path(path), **how) for path in (before, after))
            result = diff_tables(*editions, year=year, **told)
        else:
            result = diff_graphs(load(before), load(after), year=year, **told)
        document = of_vintage(result)
        table = declared_table(result, "revisions" if are_tables[0] else "cells")
    output.write(document, table)
    output.judge(result.headline, [Facts(_metrics(result))])


def _metrics(result: VintageResult) -> dict[str, float | None]:
    moved = [
        abs(headline.after - headline.before)
        for headline in result.headlines
        if headline.name == "HHI" and headline.before is not None and headline.after is not None
    ]
    return {
        "changed": float(result.n_changed),
        "hhi_change": max(moved) if moved else None,
    }
