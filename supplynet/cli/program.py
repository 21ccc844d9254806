"""The program around the commands: found by name, imported when called, exit codes at the end."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click

from supplynet.cli.console import say
from supplynet.cli.spoken import spoken
from supplynet.errors import LimitError, OutputError, SupplynetError, UsageError
from supplynet.questions import QUESTIONS
from supplynet.terms.parameters import GONE
from supplynet.text import clean

#: exit codes as a shell counts them: 128 + the number of the signal
EXIT_INTERRUPTED = 130
EXIT_CLOSED_PIPE = 141

COMPLETE = "_SUPPLYNET_COMPLETE"
#: bytes of addresses that a command on a small graph needs, below which its libraries hang
LEAST_MEMORY = 400 * 2**20


class Program(click.Group):
    """A group of commands whose modules are imported only when they are called.

    `table` is a help text by command: ``name`` is the attribute ``command`` of the module
    ``supplynet.cli.commands.name``. `homes` are commands that share a module, their name by its:
    they lie in its ``commands``.
    """

    def __init__(
        self, *, table: Mapping[str, str], homes: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(**options)
        self.table, self.homes = dict(table), dict(homes)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the help text."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, its module now imported."""
        if cmd_name not in self.table:
            return None
        if cmd_name in QUESTIONS:
            from supplynet.cli.asking import command_of

            return command_of(cmd_name)
        home = self.homes.get(cmd_name, cmd_name)
        module = importlib.import_module(f"supplynet.cli.commands.{home}")
        command: click.Command = module.commands[cmd_name] if home != cmd_name else module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a wrong name is told with a near one."""
        name = args[0]
        if name not in self.table and not name.startswith("-"):
            ctx.fail(f"there is no command {name!r}.{self._hint(name)}")
        return super().resolve_command(ctx, args)

    def _hint(self, name: str) -> str:
        from supplynet.io.load import graph_ids
        from supplynet.network.problems import did_you_mean

        near = did_you_mean(name, self.table)
        if near:
            return f" {near[0].upper()}{near[1:]}"
        if name in graph_ids() or os.path.exists(name):  # noqa: PTH110  may hold a NUL byte
            return f" The command comes first: supplynet report {name} ..."
        return " A command comes first, such as report; supplynet --help lists them."

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run a command line and exit with its code; no traceback reaches the user.

        Parameters are those of :meth:`click.Command.main`; only ``args`` counts.
        """
        words = list(sys.argv[1:] if args is None else args)
        try:
            code = _flushed(self._run(words))
        except BrokenPipeError:
            _give_up_output()
            code = EXIT_CLOSED_PIPE
        except KeyboardInterrupt:
            say("\ninterrupted")
            code = EXIT_INTERRUPTED
        except OSError as error:
            _give_up_output()
            code = _explain(_output_error(error))
        sys.exit(code)

    def _run(self, words: list[str]) -> int:
        """Run a command line; every error but those of writing the output becomes a code."""
        _tolerate_any_name()
        try:
            request = os.environ.get(COMPLETE)
            if request:
                from click.shell_completion import shell_complete

                return shell_complete(self, {}, "supplynet", COMPLETE, request)
            if not words:
                with self.make_context("supplynet", [], resilient_parsing=True) as ctx:
                    say(ctx.get_help())
                return click.UsageError.exit_code
            with self.make_context("supplynet", words) as ctx:
                if not {"-h", "--help"} & set(words):
                    _require_memory()
                self.invoke(ctx)
            return 0
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.ClickException as error:
            return _show_usage_error(error)
        except Exception as error:
            if isinstance(error, OSError) and (
                isinstance(error, BrokenPipeError) or error.errno == errno.ENOSPC
            ):
                raise  # of standard output: files are written by functions that explain
            if isinstance(error, UsageError):
                command = self._asked(words)
                error.message = spoken(error.message, command)
                error.hint = spoken(error.hint, command)
            return _explain(error)

    def _asked(self, words: list[str]) -> click.Command:
        """Return the command that words begin with."""
        command: click.Command = self
        with self.make_context("supplynet", [], resilient_parsing=True) as ctx:
            for word in words:
                inner = command.get_command(ctx, word) if isinstance(command, click.Group) else None
                if inner is None:
                    break
                command = inner
        return command


def _memory_limit() -> int | None:
    """Return the bytes of addresses that the process may use; None where nothing limits them."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _require_memory() -> None:
    """Refuse to begin where the libraries would wait for memory that never comes.

    Raises
    ------
    LimitError
        Below :data:`LEAST_MEMORY`.
    """
    limit = _memory_limit()
    if limit is not None and limit < LEAST_MEMORY:
        raise _too_little_memory(limit)


def _too_little_memory(limit: int | None) -> LimitError:
    allowed = "" if limit is None else f"; the process may use {limit // 2**20:,} MiB (ulimit -v)"
    return LimitError(
        f"there is not enough memory{allowed}",
        hint=f"even a small graph needs {LEAST_MEMORY // 2**20} MiB; ask about a smaller graph, or "
        "allow more",
    )


def _explain(error: Exception) -> int:
    """Print an error for people and return its exit code."""
    if isinstance(error, MemoryError):
        error = _too_little_memory(_memory_limit())
    if isinstance(error, SupplynetError):
        say(f"Error: {error}")
        return error.exit_code
    if os.environ.get("SUPPLYNET_DEBUG"):
        import traceback

        say("".join(traceback.format_exception(error)))
    text = " ".join(str(error).split())[:300]
    say(
        f"internal error: {type(error).__name__}{f': {text}' if text else ''} - please report it "
        "with the command that you ran (SUPPLYNET_DEBUG=1 shows where it happened)"
    )
    return SupplynetError.exit_code


def _show_usage_error(error: click.ClickException) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        say(context.get_usage())
        say(f"Try '{context.command_path} --help' for help.\n")
    text = " ".join(line.strip() for line in clean(error.format_message()).splitlines())
    gone = GONE.get(getattr(error, "option_name", "").lstrip("-"))
    text += f" {gone[0].upper()}{gone[1:]}" if gone else ""
    say(f"Error: {text}")
    return error.exit_code


def _flushed(code: int) -> int:
    # What is still in the buffer would otherwise fail after the exit code is settled.
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _give_up_output() -> None:
    """Let the interpreter's last flush go nowhere, so that it has nothing to complain of."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _output_error(error: OSError) -> OutputError:
    return OutputError(f"standard output: cannot be written ({(error.strerror or error)})")


def _tolerate_any_name() -> None:
    """Let a terminal that cannot show a letter show its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
