"""What a user reads beside the result: messages, progress, and the help of a command."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

import click
from click.shell_completion import CompletionItem

from supplynet.questions import GROUP, members
from supplynet.text import clean

#: seconds that work takes before progress is shown
DELAY = 1.0


def say(text: str) -> None:
    """Print a message on standard error."""
    # not by click, which takes a terminal of few letters for a mistake and sends it all
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError):  # there is nobody left to tell
        print(clean(text), file=sys.stderr, flush=True)


def say_behind(text: str) -> None:
    """Print a message on standard error when the command is over, behind its answer."""

    def tell() -> None:
        # what is still in the buffer of the answer would come behind
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stdout.flush()
        say(text)

    context = click.get_current_context(silent=True)
    if context is None:
        say(text)
    else:
        context.call_on_close(tell)


class Progress:
    """Progress on standard error, shown only for work of more than a second on a terminal.

    It is shown after `delay` seconds.
    """

    def __init__(self, label: str, *, is_quiet: bool = False, delay: float = DELAY) -> None:
        self._label = label
        self.is_quiet = is_quiet
        self._is_wanted = not is_quiet and sys.stderr is not None and sys.stderr.isatty()
        self._delay = delay
        self._lock = threading.Lock()
        self._is_over = False
        self._timer: threading.Timer | None = None
        self._bar: Any = None
        self._task: Any = None
        self._done, self._total = 0.0, 0.0

    def __enter__(self) -> Progress:
        if self._is_wanted:
            self._timer = threading.Timer(self._delay, self._show)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._is_over = True
            if self._timer is not None:
                self._timer.cancel()
            if self._bar is not None:
                self._bar.stop()

    def step(self, label: str, done: float, total: float) -> None:
        """Say what comes next, and how many parts of how many are done."""
        with self._lock:
            self._done, self._total, self._label = done, total, label
            if self._bar is not None:
                self._bar.update(
                    self._task,
                    completed=done,
                    total=total,
                    description=_plain(label),
                )

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Show how far the work inside is as it states of itself."""
        from supplynet.solve.together import told_to

        with told_to(lambda label, share: self.step(label, share, 1.0)):
            yield

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        with self._lock:
            if self._is_over:  # the work ended while rich was loading
                return
            self._bar = RichProgress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=20),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(
                _plain(self._label), total=self._total or None, completed=int(self._done)
            )
            self._bar.start()


def _plain(text: str) -> str:
    return clean(text).replace("\n", " ")


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
    *("each", "workers", "executor", "folder"),
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
