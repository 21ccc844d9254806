from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import UnsafePathError
from supplynet.io.folder import check_member, check_members, safe_member

BAD = [
    "",
    ".",
    "..",
    "../nodes.csv",
    "../../etc/passwd",
    "data/../../nodes.csv",
    "data/..",
    "./nodes.csv",
    "data/./nodes.csv",
    "data//nodes.csv",
    "data/",
    "/",
    "/etc/passwd",
    "//server/share/nodes.csv",
    "\\\\server\\share\\nodes.csv",
    "..\\nodes.csv",
    "data\\nodes.csv",
    "C:nodes.csv",
    "C:/nodes.csv",
    "C:\\nodes.csv",
    "\\\\?\\C:\\nodes.csv",
    "nodes.csv:stream",
    "nodes.csv::$DATA",
    "file:///etc/passwd",
    "https://example.org/nodes.csv",
    "~/nodes.csv",
    "~root/nodes.csv",
    "nodes.csv\0.txt",
    "\0",
    "no\ndes.csv",
    "no\rdes.csv",
    "nodes\t.csv",
    "nodes\x1b[31m.csv",
    "nodes\x7f.csv",
    "nodes\u202ecsv.exe",
    "nodes\u200b.csv",
    "nodes\u2028.csv",
    "\ufeffnodes.csv",
    "nodes\ud800.csv",
    "cafe\u0301.csv",
    "CON",
    "con.csv",
    "data/NUL",
    "aux.tar.gz",
    "PRN .csv",
    "COM1",
    "lpt9.csv",
    "COM\u00b9.csv",
    "CONIN$",
    "clock$.csv",
    "nodes.csv.",
    "nodes.csv ",
    " nodes.csv",
    "data /nodes.csv",
    "...",
    "*.csv",
    "nodes?.csv",
    "a|b.csv",
    "<nodes>.csv",
    'no"des.csv',
    "a" * 241,
    "é" * 101,
    "/".join(["a"] * 200),
]


def test_the_corpus_is_large_and_without_repeats() -> None:
    assert len(BAD) >= 40
    assert len(set(BAD)) == len(BAD)


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_bad_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError):
        safe_member(tmp_path, name)


@pytest.mark.parametrize(
    "name",
    ["nodes.csv", "data/nodes.csv", "a/b/c.toml", ".hidden", "Ñandú 2.csv", "console.csv", "com10"],
)
def test_good_names_stay_inside(name: str, tmp_path: Path) -> None:
    assert safe_member(tmp_path, name) == tmp_path / name
    assert check_member(name) == name


def test_messages_are_for_people(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError, match=r"file name '\.\./x' has the step '\.\.'") as caught:
        safe_member(tmp_path, "../x")
    assert "nodes.csv" in caught.value.hint


def test_links_that_lead_out_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "graph"
    root.mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (root / "nodes.csv").symlink_to(tmp_path / "secret.csv")
    (root / "data").symlink_to(tmp_path)
    (root / "inside.csv").write_text("y")
    (root / "link.csv").symlink_to(root / "inside.csv")
    for name in ("nodes.csv", "data/secret.csv"):
        with pytest.raises(UnsafePathError, match="by a link"):
            safe_member(root, name)
    assert safe_member(root, "link.csv").read_text() == "y"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    try:
        found = safe_member(tmp_path, "loop/nodes.csv")
    except UnsafePathError:
        return
    assert not found.exists()  # newer systems follow it no further


def test_a_link_that_cannot_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, strict: bool = False) -> Path:
        raise RuntimeError("Symlink loop")

    monkeypatch.setattr(Path, "resolve", refuse)
    with pytest.raises(UnsafePathError, match="Symlink loop"):
        safe_member(tmp_path, "a")


def test_names_that_clash() -> None:
    assert check_members(["a.csv", "b.csv"]) == ("a.csv", "b.csv")
    for other in ("Nodes.CSV", "nodes.csv"):
        with pytest.raises(UnsafePathError, match="same file"):
            check_members(iter(["nodes.csv", other]))
    with pytest.raises(UnsafePathError, match="same file"):
        check_members(["straße", "STRASSE"])


@given(st.text(max_size=30) | st.text("./\\:~ aC\0", max_size=12))
def test_any_name_is_refused_or_stays_inside(name: str) -> None:
    root = Path("some-folder")
    try:
        path = safe_member(root, name)
    except UnsafePathError:
        return
    assert path.resolve().is_relative_to(root.resolve())
    assert path != root
