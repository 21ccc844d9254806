"""The command ``supplynet``: its name and help text."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

import click

import supplynet
from supplynet.cli.program import Program
from supplynet.io.load import endings_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_HELP = f"""How a nation can get critical minerals when a dominant supplier stops.

\b
  supplynet report rare-earths --to KOR --avoid CHN
  supplynet flow rare-earths --to JPN --element Dy --year 2030
  supplynet chokepoints rare-earths --to EU --element Nd --by country

GRAPH is the name of a shipped graph, a folder, or a {endings_in_words()} file. Figures say
what could arrive with exclusive access; those of allocate, trace and
chokepoints disrupt, what all get at once. `supplynet WORD --help` shows what is asked below a word.
"""

_EPILOG = """\b
Exit codes:
    0  done
    1  internal error
    2  the question is wrong: an option, or a name that is not there
    3  a file or table is wrong, or a check found errors
    4  no certified answer
    5  an optional library is not installed
    6  a file could not be written
    7  a condition of --fail-on is true
  130  interrupted (Ctrl-C)
  141  the reader of the output went away
"""

cli = Program(
    name="supplynet",
    help=_HELP,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMAND ...",
)


def _show_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Print the version, which takes long to look up and is looked up here alone."""
    if is_asked and not context.resilient_parsing:
        click.echo(f"supplynet {supplynet.__version__}")
        context.exit()


click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)(cli)


def main() -> None:
    """Run the command line of this process."""
    _collect_rarely()
    sys.meta_path.insert(0, _FewerImports())
    cli.main()


def _collect_rarely() -> None:
    """Spare a short-lived process the search for garbage that it does not have.

    What was loaded stays until the end, and at the end nobody needs the memory back. Each search
    looks through all that came since the last, and a report makes 300,000 objects that stay.
    """
    gc.set_threshold(500_000, 50, 50)
    atexit.register(gc.freeze)


class _FewerImports(MetaPathFinder):
    """Spares SciPy the parts of NumPy that no command needs: Fortran, tests, masked arrays.

    SciPy copies every name that NumPy lists, and so imports all that NumPy itself puts off: a
    third of what it takes to import SciPy. What is taken off the list is still there by its name.
    """

    _NOT_COPIED = frozenset({"ctypeslib", "f2py", "ma", "polynomial", "testing"})

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> None:
        """Find nothing, but take names off NumPy's list just before they are copied."""
        if fullname == "scipy._lib.array_api_compat":
            import numpy

            listed: set[str] = getattr(numpy, "__numpy_submodules__", set())
            listed -= self._NOT_COPIED
            numpy.__all__ = [name for name in numpy.__all__ if name not in self._NOT_COPIED]
