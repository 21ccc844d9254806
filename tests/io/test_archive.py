from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from supplynet import limits
from supplynet.errors import DataError, LimitError, UnsafePathError
from supplynet.io.package import (
    check_contents,
    network_zip,
    package_files,
    read_zip,
    unpack,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from tests.io.strategies import assert_same, metadata, small
from tests.io.test_paths import BAD

ZIP = network_zip(small())


def pack(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return buffer.getvalue()


def graph_in(prefix: str) -> dict[str, bytes]:
    return {prefix + name: text.encode() for name, text in package_files(small()).items()}


def load(data: bytes, tmp_path: Path) -> SupplyNetwork:
    (tmp_path / "a.zip").write_bytes(data)
    return read_zip(tmp_path / "a.zip")


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    assert_same(load(ZIP, tmp_path), small())


def test_a_graph_may_lie_in_one_folder(tmp_path: Path) -> None:
    files = {"my-graph/": b"", **graph_in("my-graph/"), "__MACOSX/my-graph/._nodes.csv": b"x"}
    assert_same(load(pack(files), tmp_path), small())


@pytest.mark.parametrize("files", [{}, {"a/nodes.csv": b""}, {**graph_in("a/"), "b.txt": b""}])
def test_archives_without_a_graph(files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no datapackage\.json"):
        load(pack(files), tmp_path)


# a folder's own entry ends with a slash; the writer cuts names at NUL, and half characters have
# no bytes
PACKABLE = [one for one in BAD if one not in ("", "data/") and not {"\0", "\ud800"} & set(one)]


@pytest.mark.parametrize("name", PACKABLE, ids=ascii)
def test_names_that_lead_out(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError):
        load(pack({**graph_in(""), name: b"x"}), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_name_that_is_cut_at_a_nul_byte() -> None:
    data = pack({"nodes.csvX.txt": b"x"}).replace(b"csvX.txt", b"csv\0.txt")
    with pytest.raises((UnsafePathError, DataError)):
        unpack(data, "x.zip")


def test_a_name_that_leads_out_is_told_with_the_archive() -> None:
    with pytest.raises(UnsafePathError, match=r"^g\.zip: file name '\.\./nodes\.csv' "):
        unpack(pack({"../nodes.csv": b""}), "g.zip")


def test_names_that_clash() -> None:
    with pytest.raises(UnsafePathError, match="same file"):
        unpack(pack({"nodes.csv": b"", "NODES.csv": b""}), "x.zip")
    with pytest.warns(UserWarning, match="Duplicate name"):  # the writer's own warning
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("nodes.csv", "a")
            archive.writestr("nodes.csv", "b")
    with pytest.raises(UnsafePathError, match="same file"):
        unpack(buffer.getvalue(), "x.zip")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices(kind: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("nodes.csv")
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UnsafePathError, match="a link or a device"):
        unpack(buffer.getvalue(), "x.zip")


def test_encrypted_members() -> None:
    data = bytearray(pack({"a": b"x"}, zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(DataError, match="encrypted"):
        unpack(bytes(data), "x.zip")


def test_unknown_methods() -> None:
    with pytest.raises(DataError, match="unknown method"):
        unpack(pack({"a": b"x" * 99}, zipfile.ZIP_BZIP2), "x.zip")


def test_ratio() -> None:
    with pytest.raises(LimitError, match="packed more than 100 times"):
        unpack(pack({"bomb.csv": b"0" * 2_000_000}), "x.zip")


def test_a_network_that_packs_too_well_is_still_read_back(tmp_path: Path) -> None:
    row = TABLES["sources"].model_validate({"id": "a", "title": "x" * 100_000, "is_verified": "no"})
    net = SupplyNetwork.from_rows(metadata(), {"sources": [row] * 20})
    assert_same(load(network_zip(net), tmp_path), net)


@pytest.mark.parametrize(
    ("name", "bound", "words"),
    [
        ("MAX_ZIP_MEMBERS", 2, "more than 2 members"),
        ("MAX_ZIP_BYTES", 25, "unpacks to more than 25 bytes"),
        ("MAX_FILE_BYTES", 9, "'a' is over 9 bytes"),
    ],
)
def test_bounds(name: str, bound: int, words: str, monkeypatch: Any) -> None:
    data = pack({"a": b"x" * 10, "b": b"y" * 10, "c": b"z" * 10})
    assert len(unpack(data, "x.zip")) == 3
    monkeypatch.setattr(limits, name, bound)
    with pytest.raises(LimitError, match=words):
        unpack(data, "x.zip")


def test_a_list_of_contents_is_bounded_by_itself(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MAX_ZIP_MEMBERS", 2)
    with pytest.raises(LimitError, match="more than 2 members"):
        check_contents([zipfile.ZipInfo(name) for name in "abc"], "x.zip")


def test_a_member_that_lies_about_its_size() -> None:
    data = bytearray(pack({"a": b"x" * 50}, zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    data[at + 24] = 40  # the size in the list of contents
    with pytest.raises(DataError, match="not as long as it says|not a sound zip"):
        unpack(bytes(data), "x.zip")
    data[at + 24] = 60
    with pytest.raises(DataError, match="not as long as it says|not a sound zip"):
        unpack(bytes(data), "x.zip")


@pytest.mark.parametrize("data", [b"", b"PK", ZIP[:-30], ZIP[: len(ZIP) // 2]])
def test_broken_archives(data: bytes) -> None:
    with pytest.raises(DataError, match="not a sound zip file"):
        unpack(data, "x.zip")
