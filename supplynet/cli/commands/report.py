"""``supplynet report``: a study of a nation's supply without a country."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options
from supplynet.cli import words as words_of
from supplynet.cli.asked import Asked
from supplynet.cli.asking import facts_of
from supplynet.cli.output import Output
from supplynet.questions import declared
from supplynet.text import command_line

if TYPE_CHECKING:
    from supplynet.cli.console import Progress
    from supplynet.present.document import Document

_VIA = (
    "Countries of which the page states what can come by way of them. Default: those that the "
    "graph names; in the chapters of --full those that carry most."
)

#: what a page states of each year, tier and form
_COVERAGE = declared.load("outlook")


@options.command()
@options.graph
@options.question(avoid="required", via=_VIA, has_years=True)
@options.flag(
    "--full",
    "Add every section: elements, countries on the way, routes, chokepoints, limits, years, "
    "corridors and sources. Takes longer.",
    "is_full",
)
@options.flag(
    "--contested",
    "With --full: what the nation gets of every element when all nations buy at once.",
)
@options.flag(
    "--live",
    "With -o FILE.html: the page carries the network and a solver, so that plants can be shut "
    "and moved in it without a server.",
    "is_live",
)
@options.option(
    "--draws N",
    click.IntRange(min=0),
    "Draw every figure behind the coverage of all tiers so often, and say with what range and "
    "chance it is reached; 0 for none. Default: 64 draws of the first figure alone.",
    "n_draws",
)
@options.option(
    "--plan TARGET",
    words_of.Text("target", "--plan coverage=0.5"),
    "Add the options that reach a target in the last year at least cost, as `supplynet plan` "
    "chooses them.",
    "planned",
)
@options.output(metrics=tuple(_COVERAGE.metrics), is_page=False, has_files=True)
def command(
    graph: str,
    asked: Asked,
    is_full: bool,
    contested: bool,
    is_live: bool,
    n_draws: int | None,
    planned: str | None,
    output: Output,
) -> None:
    """Study a nation's supply without a country.

    The answer on one page: what could be covered by tier and year, by which routes, where it
    breaks, what to raise, and how sure that is. --full adds all that it rests on. A FILE that
    ends in .html is one page that needs no network, with live pictures in full; one that ends in
    .md has its pictures beside it. --fail-on judges every year, tier and form.
    """
    if not is_full and (contested or asked.links or asked.plants or asked.tier):
        raise click.UsageError(
            "--contested, --links, --plants and --tier go with --full: the page sets the tiers "
            "side by side"
        )
    has_page = any(where.format == "html" for where in output.everywhere)
    if is_live and not has_page:
        raise click.UsageError("--live goes with a page: -o FILE.html")
    with output.progress("Studying") as progress:
        from supplynet.io.load import load
        from supplynet.reports.brief import SECOND, work_out
        from supplynet.reports.brief_sections import document_of

        net = load(graph)
        record = asked.words()
        same = {name: record[name] for name in ("to", "avoid", "lens", "scenario")}
        page = work_out(
            net,
            element=asked.element_text,
            year=asked.years or None,
            command=_again(graph, asked, planned, n_draws),
            draws=n_draws,
            plan=planned,
            via=asked.via_text,
            **same,
        )
        # The page may have chosen the year; the chapters must speak of the same.
        record["year"] = page.question.year
        if is_full:
            from supplynet.reports.study import study

            document = study(
                net,
                graph=graph,
                via=asked.via_text,
                element=asked.element_text,
                progress=progress.step,
                scenario_words=asked.scenario,
                contested=contested,
                page=page,
                **record,
            ).document
        else:
            document = document_of(page)
        chapters = {"full": is_full, "contested": contested}
        again = _again(graph, asked, planned, n_draws, live=is_live, **chapters)
        document = replace(document, content=partial(_with_command, document, again))
        if is_live:
            from supplynet.reports import solver

            document = document.plus(solver.section(page.question, asked.elements(net), SECOND))
        if has_page:
            _solve_choices(document, progress)
    from supplynet.present.answers import machine_table

    output.write(document, machine_table([page.outlook], _COVERAGE), has_pictures=True)
    output.judge(page.headline, facts_of(_COVERAGE, [page.outlook]))


def _solve_choices(document: Document, progress: Progress) -> None:
    """Work out every choice of a page while progress is shown, not when it is written."""
    progress.step("every choice of the page", 1, 2)
    for slot in document.live_slots():
        slot.live()


def _with_command(document: Document, command: str) -> dict[str, Any]:
    """Return the content of a document with the command that writes it: `verify` asks it again."""
    from supplynet.contract.answer import bound

    return bound({**document.data, "proof": document.data.get("proof", []), "report": command})


def _again(
    graph: str, query: Asked, planned: str | None, n_draws: int | None, **chapters: object
) -> str:
    """Return the command line that makes the page again."""
    floors = {name: getattr(query, name) for name in ("links", "plants", "tier")}
    return command_line(
        "report",
        graph,
        to=query.to,
        avoid=query.avoid,
        element=query.element,
        via=query.via,
        year=query.years,
        lens="" if query.lens == "location" else query.lens,
        scenario=list(query.scenario),
        plan=planned,
        draws=n_draws,
        **floors,
        **chapters,
    )
