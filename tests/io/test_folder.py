"""A folder of files is whole or not there, whatever happens while it is written."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supplynet.errors import OutputError, UnsafePathError
from supplynet.io.folder import READY, folder_in_force, write_folder
from tests.test_files import names

ROOT = Path(__file__).parents[2]
GRAPH: dict[str, str | bytes] = {"datapackage.json": "{}", "scenarios/a.toml": b"x = 1"}


def test_ctrl_c_leaves_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "b", {"x": "y"})
    assert names(tmp_path) == []


def test_folders(tmp_path: Path) -> None:
    target = tmp_path / "g"
    write_folder(target, GRAPH)
    assert (target / "scenarios" / "a.toml").read_bytes() == b"x = 1"
    (tmp_path / "empty").mkdir()
    write_folder(tmp_path / "empty", GRAPH)
    assert names(tmp_path / "empty") == ["datapackage.json", "scenarios"]
    assert names(tmp_path) == ["empty", "g"]


def test_a_folder_is_replaced_only_if_asked_and_only_if_it_is_a_graph(tmp_path: Path) -> None:
    target = tmp_path / "g"
    old = '{"resources": [{"name": "old", "path": "old.csv"}]}'
    write_folder(target, {**GRAPH, "datapackage.json": old, "old.csv": ""})
    with pytest.raises(OutputError, match="the folder is not empty"):
        write_folder(target, GRAPH)
    write_folder(target, GRAPH, overwrite=True)
    assert names(target) == ["datapackage.json", "scenarios"]
    (target / "datapackage.json").unlink()
    with pytest.raises(OutputError, match=r"holds no datapackage\.json"):
        write_folder(target, GRAPH, overwrite=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="there is a file of this name"):
        write_folder(tmp_path / "file", GRAPH, overwrite=True)
    assert names(tmp_path) == ["file", "g"]


def test_a_link_to_a_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_folder(tmp_path / "link", GRAPH)
    assert (tmp_path / "real" / "datapackage.json").exists()
    assert (tmp_path / "link").is_symlink()


def test_folder_names_and_places(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError):
        write_folder(tmp_path / "g", {"../a": "x"})
    with pytest.raises(OutputError, match="there is no folder"):
        write_folder(tmp_path / "gone" / "g", GRAPH)
    assert names(tmp_path) == []


def test_the_old_folder_stays_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "g"
    write_folder(target, {**GRAPH, "old.csv": "kept"})

    def fail(self: Path, other: Path) -> Path:
        raise OSError(errno.EACCES, "no")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        with pytest.raises(OutputError, match="you may not write there"):
            write_folder(target, GRAPH, overwrite=True)
    assert (target / "old.csv").read_text() == "kept"
    assert names(target) == ["datapackage.json", "old.csv", "scenarios"]
    assert names(tmp_path) == ["g"]


def test_only_what_the_graph_owns_is_replaced(tmp_path: Path) -> None:
    """Notes, a repository, a table that no graph lists, and files among the scenarios stay."""
    target = tmp_path / "g"
    listed = '{"resources": [{"name": "nodes", "path": "nodes.csv"}, {"path": "sub/edges.csv"}]}'
    old = {"datapackage.json": listed, "nodes.csv": "old", "sub/edges.csv": "old"}
    write_folder(target, {**old, "scenarios/a.toml": "", "scenarios/b.toml": ""})
    own = {"notes.md": "mine", "own.csv": "mine", "scenarios/why.md": "mine", ".git/HEAD": "ref"}
    for name, text in own.items():
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_text(text)
    write_folder(target, {**GRAPH, "nodes.csv": "new"}, overwrite=True)
    assert {name: (target / name).read_text() for name in own} == own
    assert (target / "nodes.csv").read_text() == "new"
    assert not (target / "sub" / "edges.csv").exists()
    assert names(target / "scenarios") == ["a.toml", "why.md"]
    assert names(target) == [
        ".git",
        "datapackage.json",
        "nodes.csv",
        "notes.md",
        "own.csv",
        "scenarios",
        "sub",
    ]


def test_what_a_damaged_graph_lists_outside_its_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "others.csv").write_text("theirs")
    target = tmp_path / "g"
    write_folder(target, {"datapackage.json": '{"resources": [{"path": "../others.csv"}]}'})
    write_folder(target, GRAPH, overwrite=True)
    assert (tmp_path / "others.csv").read_text() == "theirs"


@pytest.mark.parametrize("resource", ['"a.csv"', '{"path": 3}', '{"path": "notes.md"}', "{}"])
def test_only_tables_that_a_descriptor_lists_are_the_graph_s(tmp_path: Path, resource: str) -> None:
    target = tmp_path / "g"
    listed = f'{{"resources": [{resource}, {{"path": "old.csv"}}]}}'
    write_folder(target, {"datapackage.json": listed, "old.csv": "", "a.csv": "", "notes.md": ""})
    write_folder(target, GRAPH, overwrite=True)
    assert names(target) == ["a.csv", "datapackage.json", "notes.md", "scenarios"]


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_write_that_is_cut_off_counts_as_a_whole(
    failing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the new files are there as a whole, whatever comes in between."""
    target = tmp_path / "g"
    write_folder(target, {**GRAPH, "b.csv": "old"})
    replace, calls = Path.replace, []

    def fail(self: Path, other: Path) -> Path:
        calls.append(other)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, "no")
        return replace(self, other)

    new = {"datapackage.json": "{ }", "b.csv": "new", "c.csv": "new"}
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OutputError, match="the disk is full"):
            write_folder(target, new, overwrite=True)
    found = folder_in_force(target)
    assert {path.name: path.read_text() for path in found.iterdir()} == new
    write_folder(target, GRAPH, overwrite=True)
    assert folder_in_force(target) == target
    assert (target / "datapackage.json").read_text() == "{}"
    assert not (target / READY).exists()


class Killed(BaseException):
    """As if the program ended here, with no chance to tidy up."""


class Steps:
    """Counts what changes a file or folder, and ends the program after so many."""

    def __init__(self, most: int, patch: pytest.MonkeyPatch) -> None:
        self.most, self.n = most, 0
        for name in ("rename", "replace", "unlink", "mkdir", "rmdir", "chmod"):
            patch.setattr(Path, name, self.counted(getattr(Path, name)))

    def counted(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*args: Any, **words: Any) -> Any:
            if self.n >= self.most:  # what tidies up does not run either
                raise Killed
            self.n += 1
            return step(*args, **words)

        return taken


def graph_of(word: str, *tables: str) -> dict[str, str | bytes]:
    listed = [{"name": name, "path": f"{name}.csv"} for name in tables]
    files: dict[str, str | bytes] = {f"{name}.csv": word for name in tables}
    files |= {f"scenarios/{word}.toml": word, "scenarios/both.toml": word}
    return {"datapackage.json": json.dumps({"name": word, "resources": listed}), **files}


def read_plainly(folder: Path) -> str:
    """Read a Data Package as others do: the word that all of its files hold.

    A file that is missing is an error that names it.
    """
    told = json.loads((folder / "datapackage.json").read_text())
    contents = {(folder / one["path"]).read_text() for one in told["resources"]}
    assert contents == {told["name"]}
    return str(told["name"])


def test_who_knows_nothing_of_a_replacement_never_reads_a_mix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at each step; read by its descriptor, and file by file; then replaced again."""
    old, new = graph_of("old", "nodes", "edges", "rules"), graph_of("new", "nodes", "edges", "mix")
    words: list[str] = []
    for stop in range(1, 200):
        target = tmp_path / str(stop)
        write_folder(target, old)
        (target / "notes.md").write_text("mine")
        (target / "nodes.csv").chmod(0o640)
        with monkeypatch.context() as patch, contextlib.suppress(Killed):
            steps = Steps(stop, patch)
            write_folder(target, new, overwrite=True)
        assert (target / "notes.md").read_text() == "mine"
        word = read_plainly(target)
        in_force = folder_in_force(target)
        assert read_plainly(in_force) in (word, "new")
        lying = {
            path.read_text() for path in (*target.glob("*.csv"), *target.glob("scenarios/*.toml"))
        }
        assert lying in ({"old"}, {"new"}, set())
        words.append(word)
        if in_force != target:  # without what is ready the error names it
            descriptor = (target / "datapackage.json").read_text()
            assert READY in descriptor or word == "old" or lying == {"new"}
        write_folder(target, {**GRAPH, "nodes.csv": "third"}, overwrite=True)
        left = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
        left = {name for name in left if not name.endswith(".tmp")}  # whose process still runs
        assert left == {*GRAPH, "nodes.csv", "notes.md"}
        assert (target / "nodes.csv").stat().st_mode & 0o777 == 0o640
        if steps.n < stop:
            break
    assert words == sorted(words, reverse=True)  # once new, it stays new
    assert {"old", "new"} == set(words)


# -- killed at random moments ----------------------------------------------------------------
