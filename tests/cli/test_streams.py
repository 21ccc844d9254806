"""Exit codes and streams of the program as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import supplynet as sn

ROOT = Path(__file__).resolve().parents[2]
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
PROGRAM = [sys.executable, "-m", "supplynet"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["flow", "tutorial", "--to", "Atlantis"], 2),
        (["flow", "broken.json", "--to", "MLT"], 3),
        (["graph convert", "tutorial", "no/x.json"], 6),
    ],
)
def test_errors_on_stderr(run_cli, tmp_path: Path, args: list[str], code: int) -> None:
    (tmp_path / "broken.json").write_text("{")
    done = run_cli(*args)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [["graph list"], ["graph list", "--format", "json"], ["--help"], ["completion", "zsh"]],
    ids=" ".join,
)
def test_a_reader_that_goes_away(tmp_path: Path, args: list[str]) -> None:
    process = subprocess.Popen(
        [*PROGRAM, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENV,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), said) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "args", [["graph list"], ["--help"], ["graph list", "--format", "csv"]], ids=str
)
def test_a_full_disk_behind_stdout(tmp_path: Path, args: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, *args],
            stdout=full,
            stderr=subprocess.PIPE,
            env=ENV,
            cwd=tmp_path,
            text=True,
            check=False,
        )
    assert done.returncode == 6
    assert done.stderr == ("Error: standard output: cannot be written (No space left on device)\n")


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the stream")
def test_stdout_that_is_closed(tmp_path: Path) -> None:
    command = ["/bin/sh", "-c", '"$@" >&-', "sh", *PROGRAM, "graph", "list"]
    done = subprocess.run(
        command, stderr=subprocess.PIPE, env=ENV, cwd=tmp_path, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        6,
        "Error: standard output is closed\nHint: give a file with -o\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("where", [">&-", "> /dev/full"])
def test_stderr_that_takes_nothing(tmp_path: Path, where: str) -> None:
    command = ["/bin/sh", "-c", f'"$@" 2{where}', "sh", *PROGRAM, "flow", "zzz", "--to", "MLT"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, env=ENV, cwd=tmp_path, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_names_that_the_terminal_cannot_show(run_cli, tmp_path: Path, encoding: str) -> None:
    net = sn.load("tutorial")
    rows = [row.model_copy(update={"name": f"{row.name} 北"}) for row in net.node_rows]
    sn.save(net.replace(nodes=rows), tmp_path / "mine")
    for extra in ([], ["--format", "csv"], ["--format", "md"]):
        done = run_cli(
            "graph show", "mine", "ref-small", *extra, env={"PYTHONIOENCODING": encoding}
        )
        assert (done.returncode, done.stderr) == (0, "")
    done = run_cli("graph show", "mine", "北", env={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stdout) == (2, "")
    assert "\\u5317" in done.stderr


# -- inside the process, where a failure can be made -------------------------------------------


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def load(source: str) -> None:
        raise error

    monkeypatch.setattr("supplynet.cli.commands.graph.load", load)


def test_ctrl_c_while_loading(invoke, monkeypatch) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())
    ran = invoke("graph show", "tutorial")
    assert (ran.code, ran.out, ran.err) == (130, "", "\ninterrupted\n")


def test_what_nobody_expected_is_one_line(invoke, monkeypatch) -> None:
    fail_with(monkeypatch, RuntimeError("first\nsecond \x1b[31m"))
    ran = invoke("graph show", "tutorial")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(
        "internal error: RuntimeError: first second \\x1b[31m - please report"
    )
    assert ran.err.count("\n") == 1


def test_what_nobody_expected_has_a_traceback_on_request(invoke, monkeypatch) -> None:
    fail_with(monkeypatch, RuntimeError())
    monkeypatch.setenv("SUPPLYNET_DEBUG", "1")
    ran = invoke("graph show", "tutorial")
    assert ran.code == 1
    assert "Traceback (most recent call last)" in ran.err
    assert "internal error: RuntimeError - please report" in ran.err


@pytest.mark.parametrize(
    ("name", "code"),
    [("UnboundedError", 4), ("MissingExtraError", 5), ("OutputError", 6), ("CheckError", 3)],
)
def test_exit_codes_are_those_of_the_errors(invoke, monkeypatch, name: str, code: int) -> None:
    fail_with(monkeypatch, getattr(sn.errors, name)("no way", hint="try this"))
    ran = invoke("graph show", "tutorial")
    assert (ran.code, ran.out, ran.err) == (code, "", "Error: no way\nHint: try this\n")


def test_an_error_of_the_system_is_not_taken_for_a_closed_pipe(invoke, monkeypatch) -> None:
    fail_with(monkeypatch, PermissionError(13, "Permission denied"))
    ran = invoke("graph show", "tutorial")
    assert (ran.code, ran.out) == (1, "")
    assert "internal error: PermissionError" in ran.err
