"""Commands on the pages of the project and what they print: checked by a test, refreshed here.

    python tools/printed.py           name the pages whose outputs are not today's
    python tools/printed.py --write   put today's outputs in their place

A page shows a command with what it prints in a block of the language ``console``::

    $ supplynet flow tutorial --to MLT | head -3
    the first three lines of what it prints

``| head -N`` keeps the first N lines, ``| tail -N`` the last ones. Nothing else of a shell is
understood: the commands are run without one, each in a folder of its own. In it lie the files that
the page shows in blocks of the language ``csv`` or ``toml`` with a name (``csv trade.csv``), and
what commands further up the page write with ``-o``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TODAY = "1796040000"  # noon of 30 November 2026, in seconds: pages stay the same in other years
WIDTH = "100"  # columns of the terminal that the pages show
BLOCK = re.compile(r"^(?P<indent> *)```console\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(
    r"^```(?:csv|toml) (?P<name>[\w.-]+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
CUT = re.compile(r"\| *(head|tail) -(\d+)$")


@dataclass(frozen=True)
class Printed:
    """A command on a page and the lines that the page prints below it."""

    page: str
    command: str
    lines: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()

    def today(self) -> list[str]:
        """Return the lines that the command prints now; see :func:`today`."""
        return today(self.command, self.files, self.before)


def pages() -> list[Path]:
    """Return the pages that may show commands: the README, the docs, those of the graphs."""
    return [
        ROOT / "README.md",
        *sorted(ROOT.glob("docs/**/*.md")),
        *sorted(ROOT.glob("graphs/**/*.md")),
    ]


def printed(page: Path) -> list[Printed]:
    """Return every command of a page with what stands below it."""
    text = page.read_text(encoding="utf-8")
    name = str(page.relative_to(ROOT))
    files = tuple((match["name"], match["body"]) for match in FILE.finditer(text))
    found: list[Printed] = []
    before: list[str] = []
    for match in BLOCK.finditer(text):
        for command, lines in _commands(match):
            found.append(Printed(name, command, tuple(lines), files, tuple(before)))
            if " -o " in command:
                before.append(command)
    return found


def _commands(match: re.Match[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a block and the lines below each."""
    indent = len(match["indent"])
    command, lines = "", list[str]()
    for line in (one[indent:].rstrip() for one in match["body"].splitlines()):
        if line.startswith("$ "):
            if command:
                yield command, _trimmed(lines)
            command, lines = line[2:], []
        else:
            lines.append(line)
    if command:
        yield command, _trimmed(lines)


def _trimmed(lines: list[str]) -> list[str]:
    """Return lines without the blank ones at both ends."""
    text = "\n".join(lines).strip("\n")
    return text.split("\n") if text else []


def today(
    command: str, files: Iterable[tuple[str, str]] = (), before: Iterable[str] = ()
) -> list[str]:
    """Return the lines that a command prints now.

    Parameters
    ----------
    command : str
    files : iterable of (str, str)
        Names and contents of files that lie in its folder.
    before : iterable of str
        Commands to run there first.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files:
            (Path(folder) / name).write_text(content, encoding="utf-8")
        for one in before:
            _run(one, folder)
        return _run(command, folder)


def _run(command: str, folder: str) -> list[str]:
    """Return the lines that a command prints in a folder."""
    cut = CUT.search(command)
    words = shlex.split(command[: cut.start()] if cut else command)
    if words[0] != "supplynet":
        raise RuntimeError(f"only supplynet can be run, not: {command}")
    search = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(part for part in search if part),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": WIDTH,
        "NO_COLOR": "1",
        "SOURCE_DATE_EPOCH": TODAY,
    }
    done = subprocess.run(  # noqa: S603  the words are those of our own pages
        [sys.executable, "-m", "supplynet", *words[1:]],
        cwd=folder,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr.strip()}")
    lines = _trimmed([line.rstrip() for line in done.stdout.splitlines()])
    if cut is None:
        return lines
    some = int(cut[2])
    return _trimmed(lines[:some] if cut[1] == "head" else lines[-some:])


def refreshed(page: Path) -> str:
    """Return the text of a page with today's outputs in its blocks."""
    shown = iter(printed(page))

    def block(match: re.Match[str]) -> str:
        indent = match["indent"]
        lines = []
        for command, _ in _commands(match):
            lines += [f"$ {command}", *next(shown).today(), ""]
        body = "".join(f"{indent}{line}".rstrip() + "\n" for line in lines[:-1])
        return f"{indent}```console\n{body}{indent}```"

    return BLOCK.sub(block, page.read_text(encoding="utf-8"))


def main(words: list[str]) -> int:
    """Say which pages are out of date, or write them anew."""
    n_old = 0
    for page in pages():
        text = refreshed(page)
        if text == page.read_text(encoding="utf-8"):
            continue
        n_old += 1
        print(page.relative_to(ROOT))
        if "--write" in words:
            page.write_text(text, encoding="utf-8")
    return int(bool(n_old) and "--write" not in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
