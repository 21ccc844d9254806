"""The process: an address that is new each time, a port that may be taken, and its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from supplynet.errors import MissingExtraError, OptionError, UnknownNameError
from supplynet.serve.source import serve
from tests.conftest import RunCli


def refused(address: str) -> None:
    raise AssertionError(f"was served at {address}")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_that_is_taken_is_told(taken: int) -> None:
    with pytest.raises(OptionError, match=f"port {taken} cannot be listened at"):
        serve("tutorial", port=taken, ready=refused)


def test_a_graph_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownNameError):
        serve("no-graph", ready=refused)


@pytest.mark.parametrize(
    ("module", "command", "extra"),
    [
        ("uvicorn", ("explore", "tutorial", "--no-browser"), "supplynet[explore]"),
        ("mcp", ("mcp",), "supplynet[mcp]"),
    ],
)
def test_a_missing_library_is_told_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    command: tuple[str, ...],
    extra: str,
) -> None:
    from supplynet.cli.main import cli

    for name in [module, *(one for one in sys.modules if one.startswith(f"{module}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("supplynet.serve.tools", "supplynet.serve.app"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(SystemExit) as caught:
        cli.main(list(command), standalone_mode=False)
    assert caught.value.code == MissingExtraError.exit_code
    told = capsys.readouterr().err
    assert f"needs {module}" in told.replace("need ", "needs ")
    assert extra in told


def test_it_serves_until_it_is_interrupted() -> None:
    words = ["-m", "supplynet", "explore", "tutorial", "--no-browser"]
    addresses = []
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            with urllib.request.urlopen(f"{address}api/v1/graph", timeout=20) as answer:
                assert json.load(answer)["name"] == "tutorial"
            os.kill(process.pid, signal.SIGINT)
            process.communicate(timeout=20)
            assert process.returncode in (0, 130)
        addresses.append(address)
    assert len(set(addresses)) == 2
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert all(len(address.split("/")[3]) >= 32 for address in addresses)


def test_a_wrong_port_is_refused(run_cli: RunCli) -> None:
    done = run_cli("explore", "tutorial", "--port", "99999")
    assert done.returncode == 2
    assert "99999" in done.stderr
