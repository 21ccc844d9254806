"""A second process does the same work, and where it cannot, this one does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from multiprocessing import Pipe

import pytest

from supplynet.solve import processes as module
from supplynet.solve.processes import beside
from supplynet.solve.together import tell, told_to


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system copies no process")
    monkeypatch.setattr(module, "_can_be_copied", lambda: True)


@pytest.mark.usefixtures("copied")
def test_the_work_is_done_by_another_process_and_says_nothing_meanwhile() -> None:
    heard: list[str] = []

    def work() -> int:
        tell("beside", 0.5)
        return os.getpid()

    with told_to(lambda label, _: heard.append(label)), beside(work) as answer:
        assert answer() != os.getpid()
    assert heard == []


@pytest.mark.usefixtures("copied")
def test_work_that_fails_there_says_here_what_is_wrong() -> None:
    def wrong() -> None:
        raise ValueError(f"wrong in {os.getpid()}")

    with beside(wrong) as answer, pytest.raises(ValueError, match=f"wrong in {os.getpid()}"):
        answer()


@pytest.mark.usefixtures("copied")
def test_work_that_nobody_waits_for_ends_with_the_block() -> None:
    forever = threading.Event()
    with pytest.raises(KeyError), beside(forever.wait):
        raise KeyError("something else went wrong")


@pytest.mark.usefixtures("copied")
def test_where_no_process_can_be_had_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refused)
    with beside(os.getpid) as answer:
        assert answer() == os.getpid()


def test_what_is_sent_is_what_the_work_returns_and_nothing_where_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the copy runs, run here."""
    heard: list[object] = []
    monkeypatch.setattr(module.signal, "signal", lambda *told: heard.append(told))
    receiver, sender = Pipe(duplex=False)
    module._send(lambda: [1, 2], sender)
    assert receiver.recv() == [1, 2]
    assert heard == [(signal.SIGINT, signal.SIG_IGN)]  # Ctrl-C is for who waits
    module._send(lambda: 1 / 0, sender)
    with pytest.raises(EOFError):
        receiver.recv()


def test_the_work_waits_where_a_copy_would_not_be_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setitem(sys.modules, "highspy", module)  # its threads would not be copied
    with beside(lambda: done.append(os.getpid())) as answer:
        assert done == []
        answer()
    assert done == [os.getpid()]


@pytest.mark.slow
def test_a_page_is_the_same_from_one_process_and_from_two() -> None:
    """By the command, as users start it: alone with the solver not loaded yet."""
    script = (
        "import sys; from supplynet.solve import processes; "
        "processes._can_be_copied = lambda: sys.argv[1] == 'two'; "
        "import supplynet as sn; from supplynet.reports.brief import work_out; "
        "from supplynet.reports.brief_sections import document_of; "
        "from supplynet.reports.data_writers import to_markdown; "
        "net = sn.load('cobalt'); "
        "print(to_markdown(document_of(work_out(net, to='KOR', avoid='CHN', element='Co'))))"
    )
    pages = [
        subprocess.run(
            [sys.executable, "-c", script, number], check=True, capture_output=True, text=True
        ).stdout
        for number in ("one", "two")
    ]
    assert "64 draws, few; 8 of 10 give" in pages[0], "what is worked out beside the rest"
    assert pages[0] == pages[1]
