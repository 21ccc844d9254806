"""A server of the small graph, asked without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs starlette (extra: explore)")

from starlette.testclient import TestClient

from supplynet.serve.app import application
from supplynet.serve.source import Source

TOKEN = "a-token-of-tests"
HOST = "127.0.0.1:8000"
API = f"http://{HOST}/{TOKEN}/api/v1"


def in_a_loop(asked: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread of its own: that of the tests may hold the loop of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """A client of a server of the tutorial."""
    app = application(Source("tutorial"), token=TOKEN, hosts=frozenset({HOST}))
    with TestClient(app, base_url=f"http://{HOST}") as found:
        yield found


@pytest.fixture(scope="session")
def ask(client: TestClient) -> Callable[..., dict[str, Any]]:
    """Ask a question; the status must be the one expected."""

    def asked(where: str, *, status: int = 200, **words: Any) -> dict[str, Any]:
        answer = client.post(f"{API}/{where}", json=words)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    return asked
