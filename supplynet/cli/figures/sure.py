"""``supplynet draw sure``: how sure an answer is, from a study of draws."""

from __future__ import annotations

import click

from supplynet import terms
from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.commands.uncertainty import against, options_of, strands_of, told_draws
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@options.question(
    has_years=True,
    usual_years=f"{options.ONE_YEAR}. Of a fan: {options.SOME_YEARS}",
)
@options.choice(
    "--what",
    terms.STUDY_PICTURES,
    "exceedance",
    help="The years as a fan, the chance that a value is reached, what drives the spread, or how "
    "often each chokepoint comes first.",
)
@options.option(
    "--of",
    words.Word(terms.DRAWN),
    "What is asked of every draw. Default: chokepoints for stability, else potential.",
)
@against
@options.option(
    "--draws N",
    click.IntRange(min=1),
    "Draws at the most, rounded up to whole batches of 256, fewer to 32, 64 or 128.",
    "n_draws",
    default=512,
)
@options.picture
def command(
    graph: str,
    asked: Asked,
    what: str,
    of: str | None,
    against: str | None,
    n_draws: int,
    target: PictureFile,
) -> None:
    """Draw how sure an answer is.

    Every figure behind it is drawn from what the graph says of it; the picture says how many draws
    there are and what they assume.
    """
    if what != "fan" and len(asked.years) > 1:
        raise click.UsageError(
            f"a picture of {what} shows one year, not {', '.join(map(str, asked.years))}; draw one "
            "for each, or --what fan, which shows them all"
        )
    with Progress("Drawing", is_quiet=target.is_quiet) as progress:
        from supplynet.analysis.uncertainty.ask import sample
        from supplynet.draw import sure
        from supplynet.io.load import load
        from supplynet.network.scenario.years import present_and_later

        net = load(graph)
        years = asked.years
        if what == "fan" and not years:
            years = tuple(sorted({*present_and_later(net), net.commodity.base_year}))
        kind = of or ("chokepoints" if what == "stability" else "potential")
        study = sample(
            net,
            of=kind,
            draws=n_draws,
            options=options_of(asked, kind),
            progress=told_draws(progress),
            **{
                **asked.words(),
                "year": years or None,
                "scenario": strands_of(asked, against),
            },
        )
        figure = sure(study, what=what, **target.looks())
    target.write(figure, of=study)
