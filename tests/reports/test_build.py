from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.errors import OptionError, OutputError
from supplynet.reports.build import Report, report
from supplynet.reports.document import Document

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

HELLO = Report(Document("Hello", (), {"answer": 42}))


def test_one_result_keeps_its_title_and_data(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(tutorial, to="MLT", element="Nd")
    made = sn.report(flow)
    assert made.title == "Nd to Malta, 2024"
    assert json.loads(made.to_json())["value"] == pytest.approx(flow.value)
    assert sn.report(flow, title="Mine").title == "Mine"


def test_several_results_in_order(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(tutorial, to="MLT", element="Nd")
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


def test_printing(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    HELLO.print(file=stream)
    HELLO.print()
    assert stream.getvalue() == capsys.readouterr().out == "Hello\n"


@pytest.mark.parametrize(
    ("name", "text"), [("a.md", "# Hello\n"), ("a.JSON", '{\n  "answer": 42\n}\n')]
)
def test_writing_by_suffix(tmp_path: Path, name: str, text: str) -> None:
    assert HELLO.write(tmp_path / name) == tmp_path / name
    assert (tmp_path / name).read_text() == text
    assert HELLO.write(str(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize("name", ["a.xml", "a.pdf", "a"])
def test_other_suffixes(tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError) as caught:
        HELLO.write(tmp_path / name)
    assert ".md or .json or .html" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        HELLO.write(tmp_path / "no" / "a.md")
