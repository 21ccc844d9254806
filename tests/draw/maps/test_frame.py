"""Legend and notes below a map: as many lines as they need, in the room there is."""

from __future__ import annotations

from supplynet.draw.maps.frame import Entry, footnotes, legend, rows
from supplynet.draw.scene import Shape
from supplynet.draw.style import SIZES


def entry(text: str, *, is_new_line: bool = False) -> Entry:
    return Entry(
        lambda x, y: (Shape(f"at-{x:.0f}-{y:.0f}", (), "legend"),), 20.0, text, is_new_line
    )


def test_entries_fill_lines() -> None:
    size = SIZES["slide"]
    lines = rows([entry("word " * 20), entry("word " * 20), entry("short")], size)
    assert [len(line) for line in lines] == [1, 2]
    lines = rows([entry("short"), entry("short", is_new_line=True)], size)
    assert [len(line) for line in lines] == [1, 1]


def test_an_entry_longer_than_a_line_is_cut() -> None:
    ((only,),) = rows([entry("word " * 200)], SIZES["column"])
    assert only.text.endswith("\u2026")


def test_labels_stand_behind_their_swatches() -> None:
    size = SIZES["slide"]
    shapes_, labels = legend(rows([entry("one"), entry("two"), entry("")], size), size, 100.0)
    assert [label.text for label in labels] == ["one", "two"]
    assert len(shapes_) == 3
    assert labels[0].x == size.margin + 25
    assert labels[1].x > labels[0].x + 20


def test_notes_end_at_their_height() -> None:
    size = SIZES["column"]
    labels, top = footnotes(
        ["A note.", "Another that is long enough for a line. " * 5], size, 300.0
    )
    assert len(labels) == 2
    assert labels[0].y < labels[1].y < 300
    assert top < labels[0].y
    assert footnotes([], size, 300.0) == ((), 300.0)
