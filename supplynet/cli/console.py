"""What a user reads beside the result: messages and progress, on standard error."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import click

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
