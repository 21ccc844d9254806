"""``supplynet completion``: the script that completes words in a shell."""

from __future__ import annotations

import click

from supplynet.cli import options, words

SHELLS = ("bash", "zsh", "fish")


_HELP = """Print a script that completes words in the shell.

SHELL is bash, zsh or fish. Put one of these lines into the shell's start file:

\b
  bash  eval "$(supplynet completion bash)"
  zsh   eval "$(supplynet completion zsh)"
  fish  supplynet completion fish | source
"""


@options.command(help=_HELP)
@click.argument("shell", metavar="SHELL", type=words.Word(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script."""
    from click.shell_completion import ShellComplete, get_completion_class

    from supplynet.cli.program import COMPLETE

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  click knows the three shells
    program = ctx.find_root().command
    # The base class: that of bash looks for an installed bash first, and prints what it found.
    click.echo(ShellComplete.source(kind(program, {}, "supplynet", COMPLETE)), nl=False)
