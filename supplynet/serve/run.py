"""The server as a process: a free port of this machine, a new token, until it is interrupted."""

from __future__ import annotations

import contextlib
import gc
import secrets
import socket
from collections.abc import Callable

from supplynet.errors import OptionError, requires_extra

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
    from supplynet.draw.maps import figure as _figure  # noqa: F401
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
