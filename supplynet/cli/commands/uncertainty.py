"""``supplynet uncertainty``: how sure an answer is, every figure behind it drawn many times."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet import terms
from supplynet.cli import options, words
from supplynet.cli.asked import BASE, Asked, scenarios
from supplynet.cli.console import Progress, say
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.errors import requires_extra
from supplynet.reports.build import declared_table

if TYPE_CHECKING:
    from concurrent.futures import Executor

METRICS = ("central", "mean", "p10", "p50", "p90", "worst_tenth")
#: ``--against`` of draws: both sides avoid the same
against = options.option(
    "--against base|NAME|FILE",
    words.ScenarioName("name", "--against base"),
    "What --scenario is set against, draw by draw: another scenario, or base for none.",
)
#: analyses that follow elements
_BY_ELEMENT = ("flow", "bypass", "chokepoints", "interdict")


@options.command()
@options.graph
@options.question(has_years=True, usual_years=options.ONE_YEAR)
@options.choice("--of", terms.DRAWN, "potential", help="What is asked of every draw.")
@against
@options.option(
    "--shock NAME...",
    words.Text("shock", "--shock full-stop-6"),
    "Shocks that are survived, with --of survive. Repeatable.",
)
@options.option(
    "--draws N",
    click.IntRange(min=1),
    "Draws at the most, rounded up to whole batches of 256, fewer to 32, 64 or 128. Default: 4096; "
    "on the first page of the terminal 256, or 32 of what is asked of the graph of each draw, if "
    "nothing else is said of how many or of who works them out.",
    "n_draws",
)
@options.option(
    "--until SHARE",
    click.FloatRange(min=0.0, min_open=True),
    "Stop before, once P10 and P90 of the first figure are known to this part of its median. "
    "Default: 0.01.",
)
@options.option("--seed N", int, "Of the draws.", default=0)
@options.choice("--method", terms.SPREADS, "lhs", help="How draws are spread.")
@click.option(
    "--policy/--no-policy",
    default=False,
    show_default=True,
    help="Whether controls of the table uncertainty are drawn, too.",
)
@options.option(
    "--reach SHARE...",
    click.FloatRange(0.0, 1.0),
    "Coverage whose chance is reported. Repeatable. Default: 0.01 to 1 in seven steps.",
)
@options.option(
    "--folder FOLDER",
    click.Path(path_type=Path, file_okay=False),
    "Where the study is kept, a file a batch; the same command goes on from what is there.",
)
@options.option(
    "--workers N",
    click.IntRange(min=1),
    "Processes of this machine. The result is the same for any number.",
    default=1,
)
@options.option(
    "--cluster ADDRESS",
    words.Text("address", "--cluster tcp://127.0.0.1:8786"),
    "Scheduler of a Dask cluster that works instead. Needs the extra dask.",
)
@options.output(metrics=METRICS)
def command(
    graph: str,
    asked: Asked,
    against: str | None,
    reach: tuple[float, ...],
    cluster: str | None,
    n_draws: int | None,
    until: float | None,
    shock: tuple[str, ...],
    output: Output,
    **words_of_study: Any,
) -> None:
    """How sure is an answer?

    Every figure behind it is drawn from what the graph says of it: between its ends, with what it
    shares with others, plants that stop and projects that are late. Told are P10 to P90, the mean
    of the worst tenth, the chance that coverage reaches a value, what drives the spread, and which
    rows would narrow it if they were looked up. --fail-on judges every figure.
    """
    with output.progress("Drawing") as progress, _kept(words_of_study["folder"]):
        from supplynet.analysis.uncertainty.ask import DRAWS, FIRST_DRAWS, LEAST, UNTIL, sample
        from supplynet.io.load import load
        from supplynet.reports.results_draws import of_draws

        asks = {**asked.words(), "year": asked.years or None, **words_of_study}
        asks["scenario"] = strands_of(asked, against)
        asks["options"] = options_of(asked, asks["of"], shock)
        # who names a folder, workers or a precision has time for it
        is_long = asks["folder"] or cluster or asks["workers"] > 1 or until or n_draws
        is_first = not (output.wants_all or is_long)
        with _executor(cluster) as executor:
            study = sample(
                load(graph),
                draws=FIRST_DRAWS[asks["of"]] if is_first else n_draws or DRAWS,
                until=until or UNTIL,
                least=reach or LEAST,
                executor=executor,
                progress=told_draws(progress),
                **asks,
            )
        document = of_draws(study, is_first=is_first)
    output.write(document, declared_table(study, "figures"))
    output.judge(
        study.headline,
        [told_by(row, METRICS, f"{row.nation} {row.product}") for row in study.figures],
    )


def strands_of(asked: Asked, against: str | None) -> dict[str, Any] | None:
    """Return the scenarios that share the draws: what is set against first."""
    if not asked.scenario and against is None:
        return None
    named = {",".join(asked.scenario) or BASE: scenarios(asked.scenario) or None}
    if against is None:
        return named
    return {against: None if against == BASE else scenarios((against,)), **named}


def options_of(asked: Asked, of: str, shock: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the words of an analysis beside those of the question."""
    told: dict[str, Any] = {}
    if asked.element and of in _BY_ELEMENT:
        told["element"] = asked.element_text
    if shock:
        told["shock"] = shock
    return told


def told_draws(progress: Progress) -> Callable[[int, int], None]:
    """Return what says how many draws are done, and how long the others take."""
    begun = time.monotonic()

    def step(done: int, total: int) -> None:
        left = (time.monotonic() - begun) / done * (total - done)
        progress.step(f"{done:,} of {total:,} draws, {left:,.0f} s left at the most", done, total)

    return step


@contextlib.contextmanager
def _kept(folder: Path | None) -> Iterator[None]:
    """Say how to go on when the work is interrupted."""
    try:
        yield
    # Whole batches are on disk already; who stops the work must know that nothing of it is lost.
    except KeyboardInterrupt:
        if folder is not None:
            say(f"What was drawn is kept in {folder}; the same command goes on from there.")
        raise


@contextlib.contextmanager
def _executor(cluster: str | None) -> Iterator[Executor | None]:
    """Give the workers of a Dask cluster; None where none is named."""
    if cluster is None:
        yield None
        return
    with requires_extra("dask", "a cluster"):
        from distributed import Client
    connect: Any = Client
    try:
        client = connect(cluster)
    except (OSError, ValueError) as error:
        from supplynet.errors import OptionError

        raise OptionError(
            f"no cluster answers at {cluster!r}: {error}",
            hint="give the address that its scheduler prints, such as tcp://127.0.0.1:8786",
        ) from error
    with client:
        yield client.get_executor()
