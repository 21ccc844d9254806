from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import supplynet as sn
from supplynet.draw.scene import Label, Scene
from supplynet.errors import OptionError, OutputError
from supplynet.present.document import Document, FigureSlot, Paragraph, Section
from supplynet.reports.build import Report, report
from supplynet.reports.data_writers import write_markdown

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

HELLO = Report(Document("Hello", (), {"answer": 42}))


def test_one_result_keeps_its_title_and_data(tutorial: SupplyNetwork) -> None:
    flow = sn.flow(tutorial, to="MLT", element="Nd", year=2024, tier="possible")
    made = sn.report.of(flow)
    assert made.title == "Nd to Malta, 2024"
    assert json.loads(made.to_json())["value"] == pytest.approx(flow.value)
    assert sn.report.of(flow, title="Mine").title == "Mine"


def test_several_results_in_order(tutorial: SupplyNetwork) -> None:
    flow = sn.flow(tutorial, to="MLT", element="Nd", year=2024, tier="possible")
    made = report(tutorial, flow, HELLO.document, title="All")
    text = made.to_markdown()
    places = [text.index(f"## {title}") for title in (tutorial.metadata.title, "Nd to Malta, 2024")]
    assert places == sorted(places)
    assert len(json.loads(made.to_json())["results"]) == 3


def test_what_cannot_be_reported() -> None:
    with pytest.raises(OptionError, match="at least one"):
        report()
    with pytest.raises(OptionError, match="cannot report a int"):
        report(3)


@pytest.mark.parametrize(
    ("name", "text"), [("a.md", "# Hello\n"), ("a.JSON", '{\n  "answer": 42\n}\n')]
)
def test_writing_by_suffix(tmp_path: Path, name: str, text: str) -> None:
    assert HELLO.write(tmp_path / name) == tmp_path / name
    assert (tmp_path / name).read_text() == text
    assert HELLO.write(str(tmp_path / name)) == tmp_path / name


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        HELLO.write(tmp_path / "no" / "a.md")


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
    assert "third: not drawn, no place is known." in text


def test_a_result_writes_itself_into_every_kind_of_file(tmp_path: Path) -> None:
    answer = sn.coverage(sn.load("tutorial"), to="MLT", year=2024)
    frame = pd.read_csv(answer.write(tmp_path / "malta.csv"))
    assert frame.coverage.tolist() == [row.coverage for row in answer.products]
    assert answer.write(tmp_path / "malta.md").read_text() == sn.report.of(answer).to_markdown()
    with pytest.raises(OptionError, match="not as .pdf"):
        answer.write(tmp_path / "malta.pdf")
