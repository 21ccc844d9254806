"""How a command ends whose search did not: the result is written, the exit code says so."""

from __future__ import annotations

from collections.abc import Sequence

import click

from supplynet.cli.console import say
from supplynet.cli.program import EXIT_INTERRUPTED
from supplynet.errors import InterruptedSolveError


def end_unproved(statuses: Sequence[str], *, is_quiet: bool) -> None:
    """End the command if a search was ended before its proof.

    Parameters
    ----------
    statuses : sequence of str
        ``"optimal"``, ``"time limit"`` or ``"interrupted"``, one a search.
    is_quiet : bool
        Whether to say nothing of it.

    Raises
    ------
    click.exceptions.Exit
        With 130 after Ctrl-C, with 4 after a time limit.
    """
    if "interrupted" in statuses:
        if not is_quiet:
            say("interrupted: the best so far is shown, and what is proved of it")
        raise click.exceptions.Exit(EXIT_INTERRUPTED)
    if "time limit" in statuses:
        if not is_quiet:
            say("time limit reached: the best so far is shown, and what is proved of it")
        raise click.exceptions.Exit(InterruptedSolveError.exit_code)
