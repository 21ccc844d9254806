"""Many users at once, questions that are given up, and a graph whose files change."""

from __future__ import annotations

import asyncio
import resource
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.errors import DataError, InterruptedSolveError, LimitError, UnknownNameError
from supplynet.serve.source import MOST_WAITING, Source, Workbench
from supplynet.serve.state import Viewed
from supplynet.serve.views import solved
from supplynet.solve.together import given_up_when, require_wanted
from tests.serve.conftest import API, in_a_loop

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from supplynet.network.network import SupplyNetwork

Ask = Callable[..., dict[str, Any]]
TUTORIAL = Path(__file__).resolve().parents[2] / "graphs" / "tutorial"


# -- many at once ------------------------------------------------------------------------------


def test_many_users_do_not_mix(ask: Ask, tutorial: SupplyNetwork) -> None:
    sizes = [float(size) for size in range(10, 130, 10)]

    def served(size: float) -> float:
        change = {"verb": "set", "nodes": "node:ref-big", "capacity": size, "unit": "t ore"}
        told = ask("potential", to="MLT", tier="possible", edits=[change])
        return float(told["result"]["served"])

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(served, sizes))
    for size, value in zip(sizes, found, strict=True):
        small = tutorial.with_capacity("ref-big", size, unit="t ore")
        expected = sn.coverage(small, to="MLT", tier="possible").served
        assert value == pytest.approx(expected, rel=1e-9)


@pytest.mark.slow
def test_thousands_of_requests_take_bounded_memory(client: TestClient) -> None:
    def asked(n_requests: int) -> None:
        for place in range(n_requests):
            size = 10.0 + place % 300
            change = {"verb": "set", "nodes": "node:ref-big", "capacity": size, "unit": "t ore"}
            words = {"to": "MLT", "is_quick": True, "edits": [change]}
            # one in fifty is solved anew; the rest is as cheap as a stranger can make it
            where = "view" if place % 50 == 0 else ("nothing", "potential", "files/x")[place % 3]
            answer = client.post(f"{API}/{where}", json=words if where == "view" else {"x": "x"})
            assert answer.status_code == (200 if where == "view" else answer.status_code)
            assert answer.status_code in (200, 404, 422)

    asked(2000)  # what is kept is full by then
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asked(2000)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after < before * 1.25 + 30_000  # kB


# -- given up ----------------------------------------------------------------------------------


def test_a_question_ends_between_two_programs(tutorial: SupplyNetwork) -> None:
    net = tutorial.with_capacity("ref-big", 123.0, unit="t ore")
    with given_up_when(lambda: True):
        for ask in (
            lambda: sn.coverage(net, to="MLT"),
            lambda: sn.allocate(net),
            lambda: sn.flow(net, to="MLT", element="Nd"),
        ):
            with pytest.raises(InterruptedSolveError, match="withdrawn"):
                ask()
    require_wanted()
    assert sn.coverage(net, to="MLT").certificate.ok  # nothing half solved was kept


def test_a_long_question_is_given_up_when_its_asker_leaves() -> None:
    workbench, started = Workbench(), threading.Event()

    def endless() -> None:
        started.set()
        while True:
            require_wanted()
            time.sleep(0.005)

    async def gone() -> bool:
        return started.is_set()

    async def session() -> str:
        with pytest.raises(InterruptedSolveError):
            await workbench.answer(endless, gone)
        return await workbench.answer(lambda: "the next", gone)

    began = time.monotonic()
    assert in_a_loop(session()) == "the next"
    assert time.monotonic() - began < 5.0
    workbench.close()


def test_a_question_whose_task_is_cancelled_is_given_up() -> None:
    workbench, ended = Workbench(), threading.Event()

    def endless() -> None:
        try:
            while True:
                require_wanted()
                time.sleep(0.005)
        finally:
            ended.set()

    async def stays() -> bool:
        return False

    async def session() -> None:
        task = asyncio.create_task(workbench.answer(endless, stays))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    in_a_loop(session())
    assert ended.wait(5.0)
    workbench.close()


def test_more_questions_than_may_wait_are_refused() -> None:
    workbench, go = Workbench(), threading.Event()

    async def stays() -> bool:
        return False

    async def session() -> None:
        waiting = [
            asyncio.create_task(workbench.answer(go.wait, stays)) for _ in range(MOST_WAITING)
        ]
        await asyncio.sleep(0.1)
        with pytest.raises(LimitError, match="wait already"):
            await workbench.answer(go.wait, stays)
        go.set()
        assert all(await asyncio.gather(*waiting))

    in_a_loop(session())
    workbench.close()


def test_the_second_part_of_a_view_goes_on_from_the_first(tutorial: SupplyNetwork) -> None:
    kept: dict[str, Any] = {}
    words = {"to": "MLT", "question": "contested"}
    first = solved(tutorial, Viewed(**words, is_quick=True), kept)
    assert solved(tutorial, Viewed(**words, picture="map"), kept) is first
    assert solved(tutorial, Viewed(**words, avoid="ISL"), kept) is not first


# -- files that change --------------------------------------------------------------------------


def test_a_graph_is_read_anew_when_its_files_change(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(TUTORIAL, folder)
    source = Source(str(folder))
    before = source.network()
    assert source.network() is before
    nodes = folder / "nodes.csv"
    text = nodes.read_text("utf-8")
    nodes.write_text(text.replace("operating,2010,,200", "operating,2010,,90"), "utf-8")
    changed = source.network()
    assert changed.node("ref-big").capacity == 90.0
    assert source.version == changed.digest != before.digest
    nodes.write_text(text.replace("operating,2010,,200", "operating,2010,,many"), "utf-8")
    with pytest.raises(DataError):
        source.network()
    nodes.write_text(text, "utf-8")
    assert source.network() == before


def test_a_file_is_watched_too_and_a_shipped_graph_is_not(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    sn.save(sn.load("tutorial"), file)
    source = Source(str(file))
    assert source.network().name == "tutorial"
    sn.save(sn.load("tutorial").with_capacity("ref-big", 90.0), file)
    assert source.network().node("ref-big").capacity == 90.0
    assert Source("tutorial").network() is Source("tutorial").network()
    with pytest.raises(UnknownNameError):
        Source(str(tmp_path / "none"))
