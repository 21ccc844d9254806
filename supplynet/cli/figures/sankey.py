"""``supplynet draw sankey``: tonnes between countries, alone or before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile

#: a comparison with nothing avoided and no scenario
BASE = "base"


@click.command("sankey")
@options.graph
@options.question(
    has_target=False,
    element="Elements whose tonnes are added up. Default: the first of the graph's headline.",
)
@click.option(
    "--nation",
    multiple=True,
    type=words.Text("who", "--nation KOR"),
    metavar="WHO",
    help="Only what ends up with these nations.",
)
@click.option(
    "--against",
    type=words.ScenarioName("name", "--against NAME"),
    metavar="base|NAME|FILE",
    help="Draw this before it, on one scale: base is with nothing avoided and no scenario.",
)
@click.option(
    "--objective",
    type=words.Word(words.OBJECTIVES),
    default="max_supply",
    show_default=True,
    help="How the supply is shared out.",
)
@click.option(
    "--potential",
    "is_potential",
    is_flag=True,
    help="What could arrive if the nation had the network to itself, not what all get.",
)
@options.order
@options.top
@options.picture
def command(
    graph: str,
    asked: Asked,
    nation: tuple[str, ...],
    against: str | None,
    objective: str,
    is_potential: bool,
    order: str,
    top: int | None,
    target: PictureFile,
) -> None:
    """Draw who sends how much to whom, stage by stage.

    Contested tonnes, when all nations draw at once. What is lost, left over or goes back as
    scrap has boxes of its own.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import sankey
        from supplynet.errors import OptionError
        from supplynet.io.load import load

        net = load(graph)
        if is_potential and not nation:
            raise OptionError("--potential needs a nation", hint="write for example --nation KOR")
        elements = [asked.one_element(net)] if is_potential or not asked.element else None
        chosen = elements or asked.elements(net)

        def solve(question: Asked) -> Any:
            given = question.words()
            if is_potential:
                from supplynet.analysis.flow import max_flow

                return max_flow(net, element=chosen[0], **{**given, "to": ",".join(nation)})
            from supplynet.analysis.balance import balance

            del given["to"]
            return balance(net, objective=objective, **given)

        found = solve(asked)
        before = None
        if against is not None:
            progress.step("Solving what it is set against", 1, 3)
            scenario = () if against == BASE else (against,)
            before = solve(replace(asked, avoid=(), scenario=scenario))
        progress.step("Drawing", 2, 3)
        figure = sankey(
            found,
            against=before,
            element=None if is_potential else chosen,
            to=None if is_potential else ",".join(nation) or None,
            order=order,
            top=top,
            **target.looks(),
        )
    hint = "" if asked.element else f"{chosen[0]}; choose another by --element"
    target.write(figure, hint)
