from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from supplynet.present.document import Column, Document, Paragraph, Section, Table
from supplynet.reports.terminal import print_document
from supplynet.text import one_line
from tests.reports.hostile import document, texts


def printed(what: Document, width: int | None = 80) -> str:
    stream = io.StringIO()
    print_document(what, file=stream, width=width)
    return stream.getvalue()


def table_of(*rows: dict[str, object]) -> Document:
    columns = (
        Column("name", "Name"),
        Column("value", "Potential", kind="tonnes", unit="t Dy2O3/yr"),
    )
    return Document("T", (Section("", (Table(columns, rows, "Caption", "t"),), "s"),))


@given(texts)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    shown = printed(document(text), width=2000)
    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in shown)
    assert "\u202e" not in shown
    # title, heading, paragraph, two items, caption, head, two cells
    assert shown.count(one_line(text)) >= 9 or not one_line(text)


@given(texts, st.integers(1, 60))
def test_lines_fit_the_terminal(text: str, width: int) -> None:
    lines = printed(document(text), width=width).split("\n")
    assert max(cell_len(line) for line in lines) <= max(width, 20)


def test_columns_are_aligned() -> None:
    shown = printed(table_of({"name": "a", "value": 1234.5}, {"name": "bcd", "value": None}))
    assert shown.split("\n")[2:6] == [
        "Caption",
        "Name  Potential (t Dy2O3/yr)",
        "a                      1,230",
        "bcd                        -",
    ]


def test_a_long_cell_is_wrapped_and_numbers_stay_whole() -> None:
    shown = printed(table_of({"name": "word " * 20, "value": (1.0, 22.5)}), width=40)
    assert "1 to 22.5" in shown
    assert max(map(len, shown.split("\n"))) <= 40


def test_a_narrow_terminal_gets_a_line_a_cell() -> None:
    shown = printed(table_of({"name": "unbreakable-name", "value": 1.0}), width=20)
    assert "Name:" in shown
    assert "Potential: 1 t" in shown


def routes(*ways: str) -> Document:
    columns = (
        Column("value", "Brings", kind="tonnes"),
        Column("way", "By way of"),
        Column("link", "Weakest link"),
    )
    rows = [{"value": 1.0 + n, "way": way, "link": "planned"} for n, way in enumerate(ways)]
    return Document("T", (Section("", (Table(columns, rows, "", "t"),), "s"),))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_long_way_stands_below_its_row(width: int) -> None:
    way = " > ".join(f"Some plant of number {number}" for number in range(30))
    lines = printed(routes(way, "A mine > A mill"), width=width).split("\n")
    assert [line.split() for line in lines[2:5]] == [
        ["Brings", "Weakest", "link"],
        ["By", "way", "of"],
        ["1", "planned"],
    ]
    assert lines[5].startswith("    Some plant of number 0 > ")
    assert "    A mine > A mill" in lines
    assert max(map(len, lines)) <= width


def test_no_color_outside_a_terminal_and_style_inside_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    what = Document("T", (Section("Head", (Paragraph("p"),)),))
    assert "\x1b" not in printed(what)
    stream = io.StringIO()
    print_document(what, Console(file=stream, force_terminal=True, width=40))
    assert "\x1b[1mHead" in stream.getvalue()


def test_letters_that_the_stream_cannot_write_are_spelled_out() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    print_document(document("Dy₂O₃ – 中"), file=stream, width=200)
    stream.flush()
    shown = stream.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]
    assert "Dy\\u2082O\\u2083" in shown


def test_a_table_that_is_too_wide_by_one_text_keeps_its_columns() -> None:
    """Its longest text stands below its row; records are for what is narrower still."""
    columns = (Column("kind", "What"), Column("word", "Write"), Column("more", "More"))
    row = {"kind": "nation", "word": "a" * 30, "more": "b" * 31}
    what = Document("T", (Section("", (Table(columns, (row,)),), "s"),))
    shown = {}
    for width in (50, 35):
        stream = io.StringIO()
        print_document(what, file=stream, width=width)
        shown[width] = stream.getvalue()
    assert "What    Write" in shown[50]
    assert "\n    " + "b" * 31 in shown[50]
    assert "What: nation" in shown[35]
