"""The program around the commands: found by name, imported when called, exit codes at the end."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from supplynet.cli.console import Command, completions, say
from supplynet.errors import LimitError, OutputError, SupplynetError, UsageError
from supplynet.limits import address_bytes
from supplynet.questions import COMMANDS, GROUP, WORDS, members, renamed
from supplynet.terms import did_you_mean
from supplynet.terms.parameters import GONE
from supplynet.text import clean

#: exit codes as a shell counts them: 128 + the number of the signal
EXIT_INTERRUPTED = 130
EXIT_CLOSED_PIPE = 141

COMPLETE = "_SUPPLYNET_COMPLETE"
#: bytes of addresses that a command on a small graph needs, below which its libraries hang
LEAST_MEMORY = 400 * 2**20
#: questions whose commands read more than a graph, each with a module of its own
READING = ("company", "indices")
#: commands that share a module
HOMES = {
    **dict.fromkeys(("import", "merge"), "customs"),
    **dict.fromkeys(("list", "show", "nations", "nodes", "find", "scenarios", "new"), "graph"),
    **dict.fromkeys(("check", "convert", "diff", "generate"), "graph"),
    **dict.fromkeys(("completion", "explore", "mcp", "schema", "verify"), "program"),
}


class Program(click.Group):
    """The commands of :data:`supplynet.questions.WORDS`, each imported only when it is called.

    A command has one word or two: that of its family, and its own. Its module in
    ``supplynet.cli.commands`` has the name of the last.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the words of the commands in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of some words, its module now imported."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name == GROUP:
            return Command(GROUP, callback=_no_member, help=COMMANDS[GROUP])
        family, _, member = cmd_name.partition(" ")
        if WORDS[cmd_name].module and family not in READING:
            from supplynet.cli.asking import command_of

            command = command_of(WORDS[cmd_name].module)
        elif family == "draw":
            command = import_module("supplynet.cli.figures").COMMANDS[member or "layers"]()
        else:
            word = member or family
            module = vars(import_module(f"supplynet.cli.commands.{HOMES.get(word, word)}"))
            command = module["commands"][word] if word in HOMES else module["command"]
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of one word or two; wrong ones are reported with near ones."""
        name = " ".join(args[:2])
        n_words = 2 if name in COMMANDS else 1
        if n_words == 1:
            name = args[0]
            self._require_no_typo(ctx, *args[:2])
        return name, self.get_command(ctx, name), args[n_words:]

    def _require_no_typo(self, ctx: click.Context, family: str, word: str = "") -> None:
        """Refuse what is no command, and a word behind a family that is nearly one of its own."""
        if family not in COMMANDS:
            if not family.startswith("-"):
                ctx.fail(_no_command(family))
        elif word and not word.startswith("-"):
            below = members(family)
            near = did_you_mean(word, below)
            if family == GROUP:
                near = near or f"there are {', '.join(below)}"
            elif near and _is_graph(word):
                near = ""
            if near:
                ctx.fail(f"there is no command '{family} {word}'. {near[0].upper()}{near[1:]}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the first words of commands, without importing any."""
        first = {text: asks for text, asks in COMMANDS.items() if " " not in text}
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*completions(first, incomplete), *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by family without importing any."""
        with formatter.section("Commands"):
            rows: list[tuple[str, str]] = []
            for text, asks in COMMANDS.items():
                if " " not in text:
                    below = ", ".join(members(text))
                    rows += [(text, asks), *([("", f"also {below}")] if below else [])]
            formatter.write_dl(rows)

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
        texts = list(sys.argv[1:] if args is None else args)
        try:
            code = _flushed(self._run(texts))
        except BrokenPipeError:
            _give_up_output()
            code = EXIT_CLOSED_PIPE
        except KeyboardInterrupt as stop:
            say("\n".join([*getattr(stop, "__notes__", ()), "", "interrupted"]))
            code = EXIT_INTERRUPTED
        except OSError as error:
            _give_up_output()
            code = _explain(
                OutputError(f"standard output: cannot be written ({error.strerror or error})")
            )
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
                if not {"-h", "--help", "--help-all"} & set(words):
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
        with self.make_context("supplynet", [], resilient_parsing=True) as ctx:
            return self.resolve_command(ctx, words)[1] or self


def _no_command(word: str) -> str:
    """Return what is wrong with a first word, and what to write."""
    now = renamed(word)
    if now in COMMANDS:
        return f"{word!r} is now {now!r}: supplynet {now} ..."
    near = did_you_mean(word, COMMANDS)
    if near:
        hint = f"{near[0].upper()}{near[1:]}"
    elif _is_graph(word):
        hint = f"The command comes first: supplynet report {word} ..."
    else:
        hint = "A command comes first, such as report; supplynet --help lists them."
    return f"there is no command {word!r}. {hint}"


def _is_graph(word: str) -> bool:
    """Whether a word may stand for a graph: one that ships, a folder or a file."""
    from supplynet.io.load import graph_ids

    return word in graph_ids() or os.path.exists(word)  # noqa: PTH110  may hold a NUL byte


@click.pass_context
def _no_member(ctx: click.Context) -> None:
    """Show what a group holds where no command of it is named."""
    say(ctx.get_help())
    ctx.exit(click.UsageError.exit_code)


def _require_memory() -> None:
    """Refuse to begin where the libraries would wait for memory that never comes.

    Raises
    ------
    LimitError
        Below :data:`LEAST_MEMORY`.
    """
    limit = address_bytes()
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
        error = _too_little_memory(address_bytes())
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


def _tolerate_any_name() -> None:
    """Let a terminal that cannot show a letter show its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


#: a keyword with or without its value
_KEYWORD = re.compile(
    r"""(?<![\w.:=-])(?P<name>[a-z_]+)=
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\[(?P<list>[^]]*)]|(?P<plain>[\w.]+))?""",
    re.VERBOSE,
)
#: keywords beside the options that say the same
_BESIDE = re.compile(r" \([a-z_]+=(?:, [a-z_]+=)*\)")


def spoken(text: str, command: click.Command) -> str:
    """Return a message with the options of a command in place of keywords of the library.

    What is no option of the command stays as it is.

    Examples
    --------
    >>> command = click.Command("draw", params=[click.Option(["--by"]), click.Option(["--year"])])
    >>> spoken('ask for more: year=[2026, 2030], or by="node"; else cost=1', command)
    'ask for more: --year 2026,2030, or --by node; else cost=1'
    >>> spoken("choose years with --year (year=)", command)
    'choose years with --year'
    """
    options = {
        name.lstrip("-").replace("-", "_"): name
        for param in command.params
        if isinstance(param, click.Option)
        for name in param.opts
    }

    def told(match: re.Match[str]) -> str:
        option = options.get(match["name"])
        if option is None:
            return match[0]
        listed = None if match["list"] is None else re.sub("[\"' ]", "", match["list"])
        values = (match["double"], match["single"], listed, match["plain"])
        value = next((entry for entry in values if entry is not None), "")
        return option if value in ("", "True") else f"{option} {value}"

    return _KEYWORD.sub(told, _BESIDE.sub("", text) if "--" in text else text)
