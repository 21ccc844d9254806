"""A sweep is every question asked alone, under every scenario, as one table."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import supplynet as sn
from supplynet.analysis.jobs import gzipped
from supplynet.errors import DataError, OptionError, SolverError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.questions import QUESTIONS as DECLARED_BY
from supplynet.questions.declared import load
from tests.contract.test_question import _FIRST, ask, asked, net

STOP = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ISL:mine"}]}, name="stop")
QUESTIONS = {
    "alone": {"to": "MLT", "element": "Nd"},
    "bound": {"ask": "flow", "to": "MLT", "element": "Nd", "year": 2026},
    "all": {"ask": "allocate", "year": 2026},
}


def test_each_row_is_that_of_the_question_alone(tutorial: SupplyNetwork) -> None:
    table = sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], workers=1)
    for name, scenario in (("base", None), ("stop", STOP)):
        part = table[table.scenario == name]
        alone = sn.coverage(tutorial, to="MLT", element="Nd", scenario=scenario)
        bound = sn.flow(tutorial, to="MLT", element="Nd", year=2026, scenario=scenario)
        every = sn.allocate(tutorial, year=2026, scenario=scenario).to_frame()
        assert part[part.question == "alone"].served.tolist() == alone.to_frame().served.tolist()
        (row,) = part[part.question == "bound"].to_dict("records")
        assert (row["value"], row["coverage"], row["year"]) == (bound.value, bound.coverage, 2026)
        assert part[part.question == "all"].served.tolist() == every.served.tolist()
    assert table.columns[:4].tolist() == ["question", "scenario", "ask", "year"]


def test_processes_change_nothing(tutorial: SupplyNetwork) -> None:
    one, two = (sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], workers=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    "name",
    [name for name, _ in _FIRST if name not in ("company", "flow") and load(name).query.OF],
)
def test_every_question_can_be_asked(name: str) -> None:
    graph = dict(_FIRST)[name]
    words = {"ask": DECLARED_BY[name], **asked(name, graph)}
    table = sn.compare.sweep(net(graph), {"one": words}, workers=1)
    (headline,) = table.attrs["headlines"]
    answer = ask(name, graph, **({"detail": "coverage"} if name == "potential" else {}))
    assert headline["value"] == answer.headline.value
    assert len(table) == len(answer.to_frame())
    assert set(answer.to_frame().columns) <= set(table.columns)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_folder_goes_on_and_ends_with_the_same_bytes(
    tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    whole = sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], folder=tmp_path / "whole")
    part = tmp_path / "part"

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], workers=1, folder=part, progress=stop)
    assert "goes on from there" in stopped.value.__notes__[0]
    assert len([*part.glob("batch-*.json.gz")]) == 3
    (part / ".half.tmp").write_bytes(b"half an answer")
    with ThreadPoolExecutor(2) as executor:
        resumed = sn.compare.sweep(
            tutorial, QUESTIONS, ["base", STOP], executor=executor, folder=part
        )
    assert content(part) == content(tmp_path / "whole")
    pd.testing.assert_frame_equal(resumed, whole)
    with pytest.raises(DataError, match="another study"):
        sn.compare.sweep(tutorial, QUESTIONS, [STOP], folder=part)
    (part / "batch-000001.json.gz").write_bytes(gzipped('{"headline": '))
    with pytest.raises(DataError, match=r"batch-000001.json.gz: is no batch of this study"):
        sn.compare.sweep(tutorial, QUESTIONS, ["base", STOP], folder=part)


class Gone(ThreadPoolExecutor):
    """An executor that goes away before it has done anything, as a scheduler that is killed."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.cancel()
        return future


def test_where_the_workers_go_away_it_says_how_to_go_on(
    tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    with pytest.raises(SolverError, match="those who worked went away") as gone:
        sn.compare.sweep(tutorial, QUESTIONS, executor=Gone(), folder=tmp_path / "kept")
    assert "the same command goes on from there" in gone.value.hint
    with pytest.raises(SolverError) as gone:
        sn.compare.sweep(tutorial, QUESTIONS, executor=Gone())
    assert "With a folder" in gone.value.hint


def test_a_worker_of_another_build_is_refused(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures could be others, and nobody would see where they come from."""
    builds = chain(["client"], repeat("worker"))
    monkeypatch.setattr("supplynet.analysis.jobs.build", lambda: next(builds))
    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(OptionError, match="another build of supplynet: worker, not client"),
    ):
        sn.compare.sweep(tutorial, {"once": {"to": "MLT"}}, executor=executor)


#: a sweep long enough to be stopped
SWEEP = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from supplynet.cli.main import cli
if __name__ == "__main__":
    cli.main(["compare", "sweep", "rare-earths", "coverage", "--each", "to=KOR,JPN,USA,DEU",
              "--each", "year=2026,2027,2028,2029,2030", "--with", "avoid=CHN", "-q",
              "--folder", "kept", "-o", "table.csv", *sys.argv[1:]])
"""


def swept(at: Path, *words: str, stop: Callable[[int], None] | None = None) -> tuple[int, str]:
    """Run a sweep; call something with its process group once a few answers are there."""
    with subprocess.Popen(
        [sys.executable, "-c", SWEEP, *words],
        cwd=at,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while stop is not None and process.poll() is None:
            if len([*at.glob("kept/batch-*")]) > 3:
                stop(process.pid)
                break
            time.sleep(0.02)
        error = process.communicate()[1]
        return process.returncode, error


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_ctrl_c_and_a_killed_scheduler_leave_a_folder_that_goes_on(tmp_path: Path) -> None:
    """Neither shows a trace of calls, be it of workers or of Dask; the end has the same bytes."""
    goes_on = "What is done is kept in kept; the same command goes on from there."
    places = [tmp_path / name for name in ("whole", "interrupted", "lost")]
    for place in places:
        place.mkdir()
    whole, interrupted, lost = places
    assert swept(whole) == (0, "")
    stopped = swept(
        interrupted, "--workers", "2", stop=lambda group: os.killpg(group, signal.SIGINT)
    )
    assert stopped == (130, f"{goes_on}\n\ninterrupted\n")
    assert swept(interrupted, "--workers", "4") == (0, "")
    assert content(interrupted / "kept") == content(whole / "kept")
    pytest.importorskip("distributed")
    dask = [sys.executable, "-m"]
    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        subprocess.Popen(
            [*dask, "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"],
            stderr=subprocess.DEVNULL,
        ) as scheduler,
        subprocess.Popen(
            [*dask, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stderr=subprocess.DEVNULL,
        ) as worker,
    ):
        code, error = swept(lost, "--cluster", address, stop=lambda _: scheduler.kill())
        worker.terminate()
    assert code == 4
    assert re.fullmatch(rf"Error: those who worked went away \(\w+\)\nHint: {goes_on}\n", error)
    assert swept(lost) == (0, "")
    assert content(lost / "kept") == content(whole / "kept")


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def test_what_cannot_be_asked_names_question_and_scenario(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError, match="question 'one' under base: 'MLTT'") as refused:
        sn.compare.sweep(tutorial, {"one": {"to": "MLTT"}}, workers=1)
    assert "MLT" in refused.value.hint
    with pytest.raises(OptionError, match="no question"):
        sn.compare.sweep(tutorial, {})
    with pytest.raises(OptionError, match="workers must be at least 1"):
        sn.compare.sweep(tutorial, QUESTIONS, workers=0)
    with pytest.raises(OptionError, match="question 'one': ask must be one of"):
        sn.compare.sweep(tutorial, {"one": {"ask": "coverge"}})
    with pytest.raises(OptionError, match="question 'one': .*'yaer'. Did you mean 'year'"):
        sn.compare.sweep(tutorial, {"one": {"to": "MLT", "yaer": 2026}})
