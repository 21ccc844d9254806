from __future__ import annotations

import os
from pathlib import Path

import pytest

from supplynet.draw.scene import Label, Scene
from supplynet.errors import OptionError, OutputError
from supplynet.reports.build import Report
from supplynet.reports.document import Document, FigureSlot, Paragraph, Section
from supplynet.reports.markdown import write_markdown


def scene() -> Scene:
    return Scene(120, 60, "A picture", "d", labels=(Label("word", 10, 10, 8, "ink"),))


def document() -> Document:
    blocks = (
        FigureSlot("a b/../c", "what [it] shows", scene),
        Paragraph("text"),
        FigureSlot("empty", "nothing"),
    )
    return Document("T", (Section("S", blocks, "s"),))


def test_pictures_are_files_beside_the_text(tmp_path: Path) -> None:
    written = write_markdown(tmp_path / "my report.md", document())
    assert [one.name for one in written] == ["my report.md", "my report-a-b-c.png"]
    assert written[1].read_bytes().startswith(b"\x89PNG")
    text = written[0].read_text("utf-8")
    assert "![what \\[it\\] shows](my%20report-a-b-c.png)\n\ntext" in text
    assert "nothing" not in text


def test_a_report_writes_them_too(tmp_path: Path) -> None:
    assert Report(document()).write(tmp_path / "x.md") == tmp_path / "x.md"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["x-a-b-c.png", "x.md"]


def test_pictures_of_one_name_and_those_that_cannot_be_drawn(tmp_path: Path) -> None:
    def none() -> Scene:
        raise OptionError("no place is known")

    slots = (
        FigureSlot("a", "first", scene),
        FigureSlot("a", "second", lambda: scene()),
        FigureSlot("a", "third", none),
    )
    written = write_markdown(tmp_path / "x.md", Document("T", (Section("S", slots, "s"),)))
    assert [one.name for one in written] == ["x.md", "x-a.png", "x-a-2.png"]
    text = written[0].read_text("utf-8")
    assert "![first](x-a.png)" in text
    assert "![second](x-a-2.png)" in text
    assert "third" not in text


def test_a_device_gets_the_text_alone() -> None:
    assert write_markdown(Path(os.devnull), document()) == (Path(os.devnull),)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_markdown(tmp_path / "no" / "x.md", document())
