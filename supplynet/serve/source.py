"""The graph that is served, the thread that answers, and the process that serves."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from supplynet.errors import LimitError, OptionError, requires_extra
from supplynet.io.load import graph_ids, graphs_folder, load
from supplynet.solve.together import given_up_when, require_wanted

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: files that a stamp looks at; a folder with more is no graph
_MOST_FILES = 2000


class Source:
    """A graph by the name that the command line takes, and the network that it holds now.

    Parameters
    ----------
    graph : str
        Name of a shipped graph, folder or file.

    Raises
    ------
    UnknownNameError
        If there is no such graph.
    DataError
        If its files are wrong.

    Examples
    --------
    >>> Source("tutorial").network().name
    'tutorial'
    """

    def __init__(self, graph: str) -> None:
        self.graph = graph
        is_shipped = graph in graph_ids()
        self._place = graphs_folder() / graph if is_shipped else Path(graph)
        self._is_watched = not is_shipped
        self._stamp = self._stamp_now()
        self._net = load(graph)

    @property
    def version(self) -> str:
        """What tells one state of the graph from another: the digest of the network."""
        return self._net.digest

    def network(self) -> SupplyNetwork:
        """Return the network as its files say now.

        Raises
        ------
        DataError
            If they were changed and are wrong now; the next call looks again.
        """
        if self._is_watched:
            stamp = self._stamp_now()
            if stamp != self._stamp:
                net = load(self.graph)
                # what is the same in every table keeps what was looked up in it
                self._net = self._net if net == self._net else net
                self._stamp = stamp
        return self._net

    def _stamp_now(self) -> tuple[tuple[str, int, int], ...]:
        """Return name, size and time of every file of the graph."""
        position = self._place
        folder = position.parent if position.name == "datapackage.json" else position
        paths = [folder] if folder.is_file() else sorted(_files(folder))
        results = []
        for path in paths:
            try:
                stated = path.stat()
            except OSError:  # gone between two looks
                continue
            results.append((os.fspath(path), stated.st_size, stated.st_mtime_ns))
        return tuple(results)


def _files(folder: Path) -> list[Path]:
    """Return the tables, scenarios and the descriptor of a graph's folder."""
    patterns = "*.csv", "*.parquet", "*.json", "scenarios/*.toml"
    return [path for pattern in patterns for path in folder.glob(pattern)][:_MOST_FILES]


_Answer = TypeVar("_Answer")
#: questions that may wait at once; more are refused, so that memory stays bounded
MOST_WAITING = 64
#: seconds between two looks whether somebody still waits
_LOOK = 0.05


class Workbench:
    """Answers questions one after the other.

    What a network has looked up, and the solvers that are kept warm, belong to one thread: so the
    questions of many users never meet inside one program.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="supplynet")
        self._waiting = 0

    async def answer(
        self, solve: Callable[[], _Answer], is_gone: Callable[[], Awaitable[bool]]
    ) -> _Answer:
        """Return what a function answers; give it up when whoever asked is gone.

        `solve` runs in the thread, `is_gone` states whether nobody waits for the answer any more. A
        LimitError if too many questions wait already, an InterruptedSolveError if it was given up.
        """
        if self._waiting >= MOST_WAITING:
            raise LimitError(
                f"{MOST_WAITING} questions wait already, the most that are taken at once",
                hint="ask again in a moment",
            )
        is_unwanted = threading.Event()

        def answered() -> _Answer:
            with given_up_when(is_unwanted.is_set):
                require_wanted()
                return solve()

        self._waiting += 1
        try:
            future = asyncio.get_running_loop().run_in_executor(self._thread, answered)
            # The thread cannot be stopped from outside; it asks between two programs whether
            # somebody still waits.
            while not (await asyncio.wait({future}, timeout=_LOOK))[0]:
                if await is_gone():
                    is_unwanted.set()
            return future.result()
        finally:
            is_unwanted.set()
            self._waiting -= 1

    def close(self) -> None:
        """Wait for the question at hand, and take no more."""
        self._thread.shutdown(wait=True, cancel_futures=True)


#: the machine itself, and nobody else
LOOPBACK = "127.0.0.1"
#: seconds that an open connection may idle
_IDLE = 30
#: objects that are made between two looks for circles of them
_YOUNG = 20_000


def serve(graph: str, *, port: int = 0, ready: Callable[[str], None]) -> None:
    """Serve a graph on this machine until the process is interrupted.

    Parameters
    ----------
    graph : str
        As :func:`supplynet.load` takes it.
    port : int
        0 for one that is free.
    ready : callable
        Called with the address of the page once it can be asked.

    Raises
    ------
    MissingExtraError
        If the extra ``explore`` is not installed.
    OptionError
        If the port is taken.
    SupplynetError
        If the graph cannot be loaded.
    """
    with requires_extra("explore", "the server"):
        import uvicorn

        from supplynet.serve.app import application
    # what maps are drawn with: the first would wait a quarter of a second for it
    from supplynet.draw.maps import painter as _figure  # noqa: F401
    from supplynet.serve.source import Source

    source = Source(graph)
    with contextlib.closing(_listening(port)) as listening:
        token, port = secrets.token_urlsafe(24), listening.getsockname()[1]
        hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
        config = uvicorn.Config(
            application(source, token=token, hosts=hosts),
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_keep_alive=_IDLE,
            lifespan="off",
        )
        # A network is some hundred thousand objects that stay. Left to itself the collector walks
        # through all of them while a question is answered, a seventh of its time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG)
        ready(f"http://{LOOPBACK}:{port}/{token}/")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """Return a socket of this machine that takes calls."""
    result = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        result.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        result.bind((LOOPBACK, port))
        result.listen(128)
    except OSError as error:
        result.close()
        raise OptionError(
            f"port {port} cannot be listened at ({(error.strerror or str(error)).lower()})",
            hint="leave --port out for one that is free",
        ) from error
    return result
