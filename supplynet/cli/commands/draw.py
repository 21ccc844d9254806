"""``supplynet draw``: results as figures, one module a figure."""

from __future__ import annotations

import importlib

import click
from click.shell_completion import CompletionItem

from supplynet.cli import words
from supplynet.cli.console import say

#: help text in a line by figure, so that ``supplynet draw --help`` imports none of them. The
#: figure ``name`` is the attribute ``command`` of the module ``supplynet.cli.figures.name``.
FIGURES = {
    "layers": "Draw what could arrive from the ground to a nation.",
    "map": "Draw a flow on a map of the world.",
    "sankey": "Draw who sends how much to whom, stage by stage.",
    "outlook": "Draw what nations could cover, by tier and year.",
    "months": "Draw what is served month by month through a shock.",
    "ramps": "Draw when plants start and how they fill.",
    "plan": "Draw what to do, from when, and what it costs.",
    "sure": "Draw how sure an answer is.",
    "years": "Draw what could cover a nation's need by year.",
    "losses": "Draw which losses cost most.",
    "worst": "Draw what is still covered when the worst few are lost.",
    "dependence": "Draw which part of a nation's supply touched a jurisdiction.",
    "concentration": "Draw how concentrated each stage is.",
}
#: what is drawn where no figure is named: ``supplynet draw GRAPH ...``
DEFAULT = "layers"


class Figures(click.Group):
    """A group of figures whose modules are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the figures in the order of the help text."""
        return list(FIGURES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a figure, its module now imported."""
        if cmd_name not in FIGURES:
            return None
        module = importlib.import_module(f"supplynet.cli.figures.{cmd_name}")
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; where the first is no figure, it is about the graph of the default."""
        if not args and not ctx.resilient_parsing:
            say(ctx.get_help())
            ctx.exit(click.UsageError.exit_code)
        if args and args[0] not in [*ctx.help_option_names, *FIGURES]:
            self._require_no_typo(ctx, args)
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def _require_no_typo(self, ctx: click.Context, args: list[str]) -> None:
        """Fail where two names stand first: the one is then meant as a figure."""
        if len(args) > 1 and not args[0].startswith("-") and not args[1].startswith("-"):
            from supplynet.network.problems import did_you_mean

            near = did_you_mean(args[0], list(FIGURES))
            hint = f"{near[0].upper()}{near[1:]}" if near else f"There are {', '.join(FIGURES)}."
            ctx.fail(f"there is no figure {args[0]!r}. {hint}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer figures, and graphs for the default one."""
        graphs = words.GraphName("graph", "rare-earths")
        completions = super().shell_complete(ctx, incomplete)
        offered = graphs.shell_complete(ctx, click.Argument(["graph"]), incomplete)
        return completions + [
            item_offered
            for item_offered in offered
            if not completions or item_offered.type != "file"
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the figures without importing any."""
        with formatter.section("Figures"):
            formatter.write_dl(list(FIGURES.items()))


_HELP = """Draw a result as a figure.

\b
  supplynet draw layers rare-earths --to KOR --avoid CHN -o korea.svg

Without the name of a figure it is the one of layers. Files end in .svg, .png or .pdf.
"""

command = Figures("draw", help=_HELP, subcommand_metavar="[FIGURE] GRAPH ...")
