"""The command draws: what it prints, keeps and goes on from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ASKS = (
    "uncertainty",
    "tutorial",
    "--to",
    "MLT",
    "--avoid",
    "ISL",
    "--year",
    "2026",
    "--draws",
    "1",
)


def test_it_prints_figures_and_chances_and_keeps_the_study(invoke, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    ran = invoke(*ASKS, "--tier", "committed", "--folder", str(folder), "--reach", "0.2")
    assert ran.code == 0, ran.err
    told = " ".join(ran.out.split())
    assert "Malta, goods, 2026, tier committed: data range 25%; 25% in 8 of 10 draws; 25% " in told
    assert " in the middle of 256 draws; " in told
    assert {path.name for path in folder.iterdir()} >= {"plan.json", "manifest.json"}
    again = invoke(*ASKS, "--tier", "committed", "--folder", str(folder), "--reach", "0.2")
    assert again.out == ran.out
    assert invoke(*ASKS, "--folder", str(folder)).code == 3


def test_it_sets_scenarios_side_by_side(invoke, tmp_path: Path) -> None:
    stop = tmp_path / "stop.toml"
    stop.write_text('title = "Stop"\n[[change]]\nverb = "close"\nnodes = "ref-new"\nreason = "x"\n')
    ran = invoke(*ASKS, "--tier", "committed", "--scenario", str(stop), "--against", "base")
    assert ran.code == 0, ran.err
    assert "What the scenario changes" in ran.out
    alone = invoke(*ASKS, "--tier", "committed", "--scenario", str(stop), "--format", "csv")
    assert alone.out.splitlines()[1].startswith(str(stop))
    assert invoke(*ASKS, "--fail-on", "p10<0.9").code == 7


def test_other_analyses_take_their_words(invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supplynet.analysis.uncertainty.shapes.BATCH", 8)
    ran = invoke(*ASKS, "--of", "chokepoints", "--element", "Nd")
    assert "How firmly chokepoints hold their rank" in ran.out, ran.err
    missing = invoke(*ASKS, "--of", "survive", "--shock", "none")
    assert missing.code == 2


def test_without_dask_a_cluster_is_refused(invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = invoke(*ASKS, "--cluster", "tcp://127.0.0.1:1")
    assert (ran.code, "supplynet[dask]" in ran.err) == (5, True)


def test_a_cluster_that_does_not_answer_is_refused(invoke) -> None:
    pytest.importorskip("distributed")
    ran = invoke(*ASKS, "--cluster", "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "no cluster answers at 'nowhere'" in ran.err and "tcp://" in ran.err


def test_interrupted_it_says_how_to_go_on(
    invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*given: object, **words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("supplynet.analysis.jobs.batches", stop)
    ran = invoke(*ASKS, "--folder", str(tmp_path / "study"))
    assert ran.code == 130
    assert "goes on from there" in ran.err


@pytest.mark.parametrize(
    ("more", "n_draws"),
    [
        ((), 256),
        (("--full",), 8 * 256),
        (("--draws", "600"), 3 * 256),
    ],
)
def test_a_first_page_draws_once_and_says_so(
    more: tuple[str, ...], n_draws: int, invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all draws are the same, eight batches are drawn of as many as are allowed."""
    monkeypatch.chdir(tmp_path)
    ran = invoke(*ASKS[:-2], *more)
    assert ran.code == 0, ran.err
    assert f"of {n_draws:,} draws" in " ".join(ran.out.split())
    assert ("for a first answer" in ran.out) == (n_draws == 256)
