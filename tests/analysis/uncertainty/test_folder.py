"""A study as a folder: killed whenever, it goes on and ends with the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.jobs import MANIFEST, PLAN
from supplynet.errors import DataError, SolverError
from supplynet.solve import processes
from tests.analysis.uncertainty.networks import CAUSE, STOPS, with_ranges

ASKS: dict[str, Any] = {"to": "MLT", "year": 2026, "tier": "committed", "until": None}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_is_there_is_not_drawn_again_and_the_end_has_the_same_bytes(tmp_path: Path) -> None:
    net = with_ranges(CAUSE, STOPS)
    whole = sn.uncertainty(net, **ASKS, draws=512, folder=tmp_path / "whole")
    part = tmp_path / "part"
    seen: list[tuple[int, int]] = []
    sn.uncertainty(net, **ASKS, draws=256, folder=part)
    (part / ".half.tmp").write_bytes(b"half a batch")
    gone_on = sn.uncertainty(
        net, **ASKS, draws=512, folder=part, progress=lambda done, total: seen.append((done, total))
    )
    assert content(part) == content(tmp_path / "whole")
    assert seen == [(256, 512), (512, 512)]
    assert gone_on == whole
    assert (gone_on.values == whole.values).all()
    manifest = json.loads((part / MANIFEST).read_text())
    assert manifest["draws"] == 512
    assert set(manifest["files"]) == {path.name for path in part.iterdir()} - {MANIFEST}
    # fewer draws were enough this time: what is beyond them goes
    sn.uncertainty(net, **ASKS, draws=256, folder=part)
    assert not (part / "batch-000001.csv.gz").exists()


def test_killed_before_its_plan_was_written_it_begins_anew(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    sn.uncertainty(with_ranges(STOPS), **ASKS, draws=256, folder=whole)
    killed.mkdir()
    (killed / "inputs.csv.gz").write_bytes((whole / "inputs.csv.gz").read_bytes()[:20])
    (killed / ".plan.json.123.tmp").write_text("{")
    sn.uncertainty(with_ranges(STOPS), **ASKS, draws=256, folder=killed)
    assert content(killed) == content(whole)


def test_another_study_or_another_file_is_refused_with_what_differs(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    sn.uncertainty(with_ranges(STOPS), **ASKS, draws=1, folder=folder)
    with pytest.raises(
        DataError, match=r"(?s)another study.*seed: 0 there, 1 now.*tables uncertainty: \w{8} there"
    ):
        sn.uncertainty(with_ranges(CAUSE), **ASKS, draws=1, seed=1, folder=folder)
    many = {**ASKS, "year": 2024, "tier": "operating", "avoid": "ISL", "lens": "control"}
    with pytest.raises(DataError, match=r"and \d+ more"):
        sn.uncertainty(
            with_ranges(), **many, draws=1, seed=1, policy=True, method="lhs", folder=folder
        )
    batch = folder / "batch-000000.csv.gz"
    whole = batch.read_bytes()
    for damaged in (b"no batch", whole[:-9], whole[:12] + b"\xff" * 8 + whole[20:]):
        batch.write_bytes(damaged)
        with pytest.raises(DataError, match="batch-000000.csv.gz: is no batch of this study"):
            sn.uncertainty(with_ranges(STOPS), **ASKS, draws=1, folder=folder)
    (folder / PLAN).unlink()
    with pytest.raises(DataError, match="of no study"):
        sn.uncertainty(with_ranges(STOPS), **ASKS, draws=1, folder=folder)


def test_any_executor_gives_the_same_study() -> None:
    net = with_ranges(CAUSE, STOPS)
    here = sn.uncertainty(net, **ASKS, draws=512)
    with ThreadPoolExecutor(1) as executor:
        there = sn.uncertainty(net, **ASKS, draws=512, executor=executor)
    assert there == here
    assert (there.values == here.values).all()


class Broken(ThreadPoolExecutor):
    """An executor whose workers die."""

    n_made = 0

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(1)
        Broken.n_made += 1

    def submit(self, *args: Any, **words: Any) -> Any:
        if Broken.n_made <= self.dies:
            raise BrokenExecutor("died")
        return super().submit(*args, **words)


@pytest.mark.parametrize("dies", [1, 99])
def test_a_pool_that_breaks_is_started_anew(dies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    Broken.n_made, Broken.dies = 0, dies  # type: ignore[attr-defined]
    monkeypatch.setattr(processes, "Processes", Broken)
    asks = {**ASKS, "draws": 512, "workers": 2}
    if dies > 3:
        with pytest.raises(SolverError, match="died again and again"):
            sn.uncertainty(with_ranges(STOPS), **asks)
    else:
        found = sn.uncertainty(with_ranges(STOPS), **asks)
        assert (found.values == sn.uncertainty(with_ranges(STOPS), **ASKS, draws=512).values).all()


SCRIPT = """
import sys
import supplynet as sn
from tests.analysis.uncertainty.networks import STOPS, with_ranges
if __name__ == "__main__":
    sn.uncertainty(with_ranges(STOPS), to="MLT", year=2026, tier="committed", until=None,
              draws=1536, folder=sys.argv[1], workers=int(sys.argv[2]))
"""


def run(script: Path, folder: Path, workers: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script), str(folder), str(workers)]
    return subprocess.Popen(command, env=environment, start_new_session=True)


@pytest.mark.slow
def test_killed_at_any_moment_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(SCRIPT)
    begun = time.monotonic()
    assert run(script, tmp_path / "whole", 1).wait() == 0
    takes = time.monotonic() - begun
    chance = random.Random(1)
    for number in range(int(os.environ.get("SUPPLYNET_KILLS", "4"))):
        folder = tmp_path / f"killed-{number}"
        process = run(script, folder, 1 + number % 2)
        time.sleep(chance.uniform(0.0, 1.2 * takes))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert run(script, folder, 1).wait() == 0
        assert content(folder) == content(tmp_path / "whole"), number


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes_though_a_worker_dies(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    net = with_ranges(CAUSE, STOPS)
    sn.uncertainty(net, **ASKS, draws=1024, folder=tmp_path / "here")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = list(client.run(os.getpid).values())

        def kill(done: int, total: int) -> None:
            if done == 256:
                os.kill(pids[0], signal.SIGKILL)

        executor = client.get_executor()
        there = sn.uncertainty(
            net, **ASKS, draws=1024, folder=tmp_path / "there", executor=executor, progress=kill
        )
        asked = {
            name: {"ask": "flow", "to": "MLT", "avoid": name} for name in ("ISL:mine", "FJI:mine")
        }
        sn.compare.sweep(net, asked, folder=tmp_path / "asked there", executor=executor)
    sn.compare.sweep(net, asked, folder=tmp_path / "asked here")
    assert content(tmp_path / "there") == content(tmp_path / "here")
    assert content(tmp_path / "asked there") == content(tmp_path / "asked here")
    assert np.isfinite(there.values).all()


def test_few_samples_asked_graph_by_graph_are_shared_out_and_resumed(tmp_path: Path) -> None:
    """Of 64 samples eight are the work of one process, and all that a kill can lose."""
    net = with_ranges(CAUSE, STOPS)
    asks = {**ASKS, "of": "bypass", "avoid": "ISL", "draws": 64}
    here = sn.uncertainty(net, **asks)

    def stop(done: int, total: int) -> None:
        assert total == 64
        if done == 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sn.uncertainty(net, **asks, folder=tmp_path / "part", progress=stop)
    assert len([*(tmp_path / "part").glob("batch-*.csv.gz")]) == 3
    with ThreadPoolExecutor(2) as executor:
        there = sn.uncertainty(net, **asks, folder=tmp_path / "part", executor=executor)
    sn.uncertainty(net, **asks, folder=tmp_path / "whole")
    assert (there.values == here.values).all() and there.values.shape[:2] == (1, 64)
    assert there == here
    assert content(tmp_path / "part") == content(tmp_path / "whole")
