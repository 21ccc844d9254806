"""Messages and progress."""

from __future__ import annotations

import sys
import time

import click
import pytest

from supplynet.cli import output
from supplynet.cli.console import Progress, say, say_behind
from supplynet.present.document import Column, Document, Paragraph, Section, Table


def test_say_writes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31mb")
    assert capsys.readouterr() == ("", "a\\x1b[31mb\n")


def test_a_note_comes_behind_the_answer_and_alone_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def answer() -> None:
        say_behind("a note")
        print("5%")

    monkeypatch.setattr(sys, "stderr", sys.stdout)  # as 2>&1 does
    answer.main([], standalone_mode=False)
    assert capsys.readouterr().out == "5%\na note\n"
    say_behind("at once")
    assert capsys.readouterr().out == "at once\n"


class Terminal:
    """Standard error that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return True


def wait_for(terminal: Terminal, text: str) -> None:
    end = time.monotonic() + 20
    while text not in terminal.text and time.monotonic() < end:
        time.sleep(0.01)
    assert text in terminal.text


def test_progress_shows_long_work_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with Progress("Solving [red]x", delay=0.0) as progress:
        wait_for(terminal, "Solving [red]x")
        progress.step("Half\x1b[31m\nway", 1, 2)
        wait_for(terminal, "Half\\x1b[31m way")
    assert "\x1b[31mway" not in terminal.text


@pytest.mark.parametrize("is_terminal", [True, False])
def test_quiet_or_no_terminal_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(terminal, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress("Solving", is_quiet=is_terminal, delay=0.0):
        time.sleep(0.05)
    assert terminal.text == ""


def test_progress_is_taken_away_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(KeyboardInterrupt), Progress("Solving", delay=0.0):
        wait_for(terminal, "Solving")
        raise KeyboardInterrupt
    assert terminal.text.rstrip().endswith(("\x1b[?25h", "\x1b[2K", "\x1b[1A\x1b[2K"))


# -- What is long is read page by page on a terminal; everywhere else it is printed as it is --


def document(n_lines: int) -> Document:
    columns = (Column("name", "Name"), Column("share", "Covered", kind="share"))
    rows = tuple({"name": f"n{place}", "share": 0.0} for place in range(n_lines))
    table = Table(columns, rows, "", "rows")
    return Document("Title", (Section("", (Paragraph("Text."), table), "s"),))


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(output, "_is_terminal", lambda: True)
    monkeypatch.setattr(click, "echo_via_pager", texts.append)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("LESS", "-R")
    return texts


def test_a_long_document_is_paged(paged: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    output.show(document(400))
    (text,) = paged
    assert text.count("n3") > 100
    assert "\x1b[31m" in text  # nothing covered is red
    assert capsys.readouterr().out == ""


def test_a_short_one_is_not(paged: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    output.show(document(5))
    assert paged == []
    assert "n4" in capsys.readouterr().out


def test_what_goes_into_a_pipe_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    output.show(document(400))
    out = capsys.readouterr().out
    assert "n399" in out
    assert "\x1b" not in out
