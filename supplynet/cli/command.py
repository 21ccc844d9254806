"""A command, and its help: the options that most ask with first, all with ``--help-all``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

from supplynet.questions import GROUP, members

#: options that the first page of a help shows
ROOM = 12
#: those that it shows first where there are more, by weight: who, what, when, and how to print
FIRST = (
    *("to", "avoid", "codes", "into", "out", "target", "budget", "shock", "during", "exposed_to"),
    *("k", "k_defend", "k_attack", "is_all", "lost", "by", "objective", "element", "year", "years"),
    *("path", "paths", "is_full", "tier", "tiers", "scenario", "form", "via"),
)
#: and those that it shows last
LAST = (
    *("lens", "links", "plants", "time_limit", "format_name", "conditions", "theme", "width"),
    *("height", "is_bare", "font", "dpi", "data", "is_quiet"),
)
#: in the context of a help that shows all
HELP_ALL = "supplynet.help_all"


class Command(click.Command):
    """A command whose help ends with the questions below it, and begins with what most need."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params.append(
            click.Option(
                ["--help-all"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_all,
                help="Show all options and exit.",
            )
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of a page, and what is asked below."""
        every = [entry for entry in self.get_params(ctx) if isinstance(entry, click.Option)]
        shown = every if ctx.meta.get(HELP_ALL) else self.first_page(every)
        records = (member.get_help_record(ctx) for member in shown)
        with formatter.section("Options"):
            formatter.write_dl([record for record in records if record is not None])
        name = ctx.info_name or ""
        if below := members(name):
            with formatter.section("Below it"):
                formatter.write_dl([(f"{name} {word}", asks) for word, asks in below.items()])

    def first_page(self, every: list[click.Option]) -> list[click.Option]:
        """Return the options that the first page shows, in their order."""
        *options, help_all, help_option = every
        if len(options) < ROOM:
            return [*options, help_option]
        weight = {name: index for index, name in enumerate((*FIRST, None, *LAST))}
        by_weight = sorted(
            options, key=lambda entry: -1 if entry.required else weight.get(entry.name, len(FIRST))
        )
        selection = by_weight[: ROOM - 2]
        return [*(option for option in options if option in selection), help_all, help_option]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer options, and in a group what is asked below it; in others the graph offers that."""
        below = completions(members(GROUP), incomplete) if self.name == GROUP else []
        return [*below, *super().shell_complete(ctx, incomplete)]


def completions(options: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    """Return what the shell offers of some words, with a line about each."""
    return [
        CompletionItem(word, help=text)
        for word, text in options.items()
        if word.startswith(incomplete)
    ]


def _show_all(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Print the help with every option."""
    if is_asked and not ctx.resilient_parsing:
        ctx.meta[HELP_ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()
