"""What is long is read page by page on a terminal; everywhere else it is printed as it is."""

from __future__ import annotations

import click
import pytest

from supplynet.cli import output
from supplynet.reports.document import Column, Document, Paragraph, Section, Table


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


def test_no_color_is_obeyed(paged: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    output.show(document(400))
    assert "\x1b[31m" not in paged[0]


def test_what_goes_into_a_pipe_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    output.show(document(400))
    out = capsys.readouterr().out
    assert "n399" in out
    assert "\x1b" not in out
