"""A document on standard output: in one go, or page by page where it is long and somebody reads."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from supplynet.report.document import Document

#: lines up to which nothing is paged, however low the terminal is
_MOST_LINES = 100


def show(document: Document) -> None:
    """Print a document; on a terminal what is long goes through the reader's pager.

    Colors stay in the pager. ``PAGER`` names another, and ``PAGER=cat`` none.

    Parameters
    ----------
    document : Document
    """
    from rich.console import Console

    from supplynet.report.terminal import print_document

    if not _is_terminal():
        print_document(document)
        return
    console = Console(markup=False, emoji=False, highlight=False)
    with console.capture() as shown:
        print_document(document, console)
    text = shown.get()
    if text.count("\n") > max(_MOST_LINES, console.height):
        os.environ.setdefault("LESS", "-FRX")  # colors as they are, and the text stays on screen
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)


def _is_terminal() -> bool:
    """Whether somebody reads at a terminal."""
    return sys.stdout.isatty()
