"""``supplynet shock``: who is served how much, month by month, when a shock comes."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options, words
from supplynet.cli.asked import keywords
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.present.document import plain_table

METRICS = ("lost_share", "lost", "worst")


@options.command()
@options.graph
@options.through_time
@options.ways_through_time
@options.option(
    "--to WHO...",
    words.Selector("who", "--to KOR,JPN"),
    "Nations whose months are shown. Default: all of them together.",
)
@options.output(metrics=METRICS)
def command(graph: str, to: tuple[str, ...], output: Output, **asked: Any) -> None:
    """Who is served how much, month by month, when a shock comes?

    The contested picture through time: all nations draw at once, and stocks are used for what the
    shock takes. A nation is short of what it is served without the shock. --fail-on judges every
    nation and form.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.analysis.time.ask import run
        from supplynet.io.load import load
        from supplynet.reports.results_time import of_run

        result = run(load(graph), **words_of(asked))
        document = of_run(result, to=",".join(to) or None)
        rows = [{**row, "lost_share_all": result.lost_share} for row in result.records("months")]
        columns = [*(column.name for column in result.LAYOUT.table("months").columns)]
    output.write(document, plain_table([*columns, "lost_share_all"], rows))
    output.judge(
        result.headline,
        [told_by(row, METRICS, f"{row.nation}, {row.form}") for row in result.endurance],
    )


def words_of(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of a run for the options of :func:`options.through_time`."""
    chosen = dict(asked)
    stocks = [name.strip() for text in chosen.pop("stocks") for name in text.split(",")]
    begun = [name.strip() for text in chosen.pop("respond", ()) for name in text.split(",")]
    return {
        **keywords(chosen),
        **({"respond": begun} if begun else {}),
        "shock": chosen["shock"] or None,
        "stocks": None if not stocks else [] if stocks == ["none"] else stocks,
    }
