"""``supplynet report``: one answer for as many files as are asked for."""

from __future__ import annotations

import pytest

from supplynet.reports import brief

QUESTION = ("report", "tutorial", "--to", "MLT", "--avoid", "ISL", "--year", "2026,2024")


def test_several_files_are_of_one_answer(invoke, tmp_path, monkeypatch) -> None:
    """Each is what it would be alone, and nothing is worked out twice."""
    alone = {}
    for name in ("a.md", "a.json", "a.html"):
        assert invoke(*QUESTION, "-o", name).code == 0
        alone[name] = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
    asked = []
    work_out = brief.work_out
    monkeypatch.setattr(
        brief, "work_out", lambda *args, **words: asked.append(1) or work_out(*args, **words)
    )
    ran = invoke(*QUESTION, "-o", "a.html", "-o", "a.md", "-o", "a.json", "-o", "a.md")
    assert (ran.code, ran.out, len(asked)) == (0, "", 1)
    assert {name: (tmp_path / name).read_bytes() for name in alone} == alone
    assert ran.err.count("Written: a.md") == 1


def test_a_file_and_the_terminal(invoke, tmp_path) -> None:
    ran = invoke(*QUESTION, "-o", "-", "-o", "a.json")
    assert (ran.code, ran.out) == (0, invoke(*QUESTION).out)
    assert (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "a.md", "-o", "b.html", "--format", "md"), "goes with one -o FILE"),
        (("-o", "a.md", "-o", "b.nothing"), "the ending names no format"),
        (("-o", "a.md", "-o", "a.json", "--live"), "--live goes with a page"),
    ],
)
def test_files_that_do_not_go_together(invoke, tmp_path, words, told) -> None:
    """Refused before anything is worked out; nothing is written."""
    ran = invoke(*QUESTION, *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert not list(tmp_path.iterdir())
