"""``supplynet coverage progress``: when a dependence falls below a level, year by year."""

from __future__ import annotations

import math
from typing import Any

import click

from supplynet.cli import options
from supplynet.cli.asked import keywords
from supplynet.cli.commands.outlook import asked_for
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

METRICS = ("last", "halves")


@options.command()
@options.graph
@asked_for
@options.option(
    "--below",
    click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
    "Level that dependence is to fall below.",
    default=0.5,
)
@options.option(
    "--slip YEARS...",
    click.IntRange(0, 10),
    "Years by which plants that do not run yet come late. Repeatable. Default: 0, 1 and 2; on the "
    "first page of the terminal 0 and 2.",
)
@options.output(metrics=METRICS)
def command(graph: str, below: float, slip: tuple[int, ...], output: Output, **asked: Any) -> None:
    """When does a nation's dependence fall below a level?

    Potentials year by year, as if it alone drew, with ramps, with plants that come late and with
    the ranges of the data; what binds in each year, and with --scenario what that brings by
    month. --fail-on judges every slip, tier and form; what does not come to it is infinite.
    """
    if not asked["avoid"]:
        raise click.UsageError("without --avoid nobody is depended on; for example --avoid CHN")
    with output.progress("Solving") as bar, bar.telling():
        from supplynet.analysis.potential.outlook import USUAL_TIERS
        from supplynet.analysis.time.progress import (
            FIRST_SLIPS,
            USUAL_SLIPS,
            progress,
        )
        from supplynet.io.load import load
        from supplynet.reports.results_progress import of_progress

        is_first = not (slip or output.wants_all)
        years, tiers = asked.pop("years"), asked.pop("tiers")
        result = progress(
            load(graph),
            year=[year for some in years for year in some] or None,
            below=below,
            slip=slip or (FIRST_SLIPS if is_first else USUAL_SLIPS),
            tier=tiers or USUAL_TIERS,
            **keywords(asked),
        )
        document = of_progress(result, is_first=is_first)
    output.write(document, declared_table(result))
    output.judge(
        result.headline,
        [
            Facts(
                {"last": row.last, "halves": math.inf if row.halves is None else row.halves},
                of=f"{row.tier}, {row.form}, {row.slip} years late",
            )
            for row in result.crossings
        ],
    )
