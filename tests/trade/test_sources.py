"""Files, folders, patterns and zip archives of records: what is read, and what is refused."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from supplynet.errors import DataError, LimitError, OptionError, SupplynetError, UnsafePathError
from supplynet.trade import lines as sources
from supplynet.trade.lines import Member, list_sources, read_source, size_of

ROWS = b"t,i,j,k,v,q\n2022,156,410,850511,5,1\n"


def pack(
    path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, mode: int = 0
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, compress_type=method)
    return path


def names(*given: str | Path) -> list[tuple[str, bool]]:
    return [(one.source.name, one.is_named) for one in list_sources(given)]


def test_a_member_is_read_as_a_stream_under_the_names_of_both(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"b/c.csv": ROWS})
    (one,) = list_sources(path)
    member = one.source
    assert isinstance(member, Member)
    assert str(member) == f"{path}/b/c.csv"
    assert member.name == "a.zip/b/c.csv"
    assert size_of(member) == len(ROWS)
    assert read_source(member) == ROWS
    with member.open() as stream:
        assert stream.read(4) == ROWS[:4]


def test_an_archive_is_told_by_its_bytes(tmp_path: Path) -> None:
    pack(tmp_path / "a.csv", {"x.csv": ROWS, "y.csv": ROWS})
    assert names(tmp_path / "a.csv") == [("a.csv/x.csv", False), ("a.csv/y.csv", False)]


def test_what_systems_keep_for_themselves_and_other_kinds_of_file_are_not_records(
    tmp_path: Path,
) -> None:
    files = {"d/": b"", "d/x.csv": ROWS, "__MACOSX/x.csv": b"", "d/.x.csv": b"", "note.pdf": b"%"}
    path = pack(tmp_path / "a.zip", files)
    assert names(path) == [("a.zip/d/x.csv", True)]


def test_folders_hold_tables_and_archives(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    (folder / "deeper").mkdir(parents=True)
    for name in ("b.csv", "a.TSV", ".c.csv", "note.pdf", "deeper/d.csv"):
        (folder / name).write_bytes(ROWS)
    pack(folder / "z.zip", {"e.csv": ROWS})
    assert names(folder) == [("a.TSV", False), ("b.csv", False), ("z.zip/e.csv", True)]


def test_patterns_stand_for_the_files_that_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("y1.csv", "y2.csv", "n[1].csv"):
        (tmp_path / name).write_bytes(ROWS)
    assert names(tmp_path / "y?.csv") == [("y1.csv", True), ("y2.csv", True)]
    assert names(tmp_path / "n[1].csv") == [("n[1].csv", True)]
    monkeypatch.chdir(tmp_path)
    assert names("y*.csv", "n[1].csv") == [("y1.csv", True), ("y2.csv", True), ("n[1].csv", True)]
    with pytest.raises(OptionError, match="no file has a name like this"):
        list_sources("x*.csv")


def test_a_pattern_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, pattern: str) -> list[Path]:
        raise ValueError(f"unacceptable: {pattern}")

    monkeypatch.setattr(Path, "glob", refuse)
    with pytest.raises(OptionError, match="not a pattern of names"):
        list_sources("**x.csv")


@pytest.mark.parametrize("name", ["none.csv", "a\0*.csv", "x" * 5000])
def test_a_file_that_is_not_there_is_told_when_it_is_read(name: str) -> None:
    (one,) = list_sources(name)
    assert one.is_named
    with pytest.raises((SupplynetError, ValueError)):
        read_source(one.source)


def test_nothing_is_an_error() -> None:
    with pytest.raises(OptionError, match="no file of trade records"):
        list_sources([])


def test_a_folder_that_cannot_be_read_is_our_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DataError, match=r"the folder cannot be read \(permission denied\)"):
        list_sources(tmp_path)


def test_folders_and_archives_without_a_table_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the folder holds no table of records \(it is empty\)"):
        list_sources(tmp_path)
    with pytest.raises(DataError, match=r"archive holds no table of records \(it is empty\)"):
        list_sources(pack(tmp_path / "a.zip", {}))
    with pytest.raises(DataError, match=r"there are sheet.xlsx") as error:
        list_sources(pack(tmp_path / "b.zip", {"sheet.xlsx": b"x"}))
    assert "records are CSV" in error.value.hint


@pytest.mark.parametrize("name", ["../x.csv", "/x.csv", "C:/x.csv", "a\\..\\x.csv", "con.csv"])
def test_evil_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafePathError):
        list_sources(pack(tmp_path / "a.zip", {name: ROWS}))


def test_links_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError, match="link or a device"):
        list_sources(pack(tmp_path / "a.zip", {"x.csv": b"/etc/passwd"}, mode=stat.S_IFLNK))


@pytest.mark.parametrize("name", ["years.zip", "years.tar", "x/y.7Z"])
def test_archives_in_archives_are_refused(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / "a.zip", {"x.csv": ROWS, name: b"PK"})
    with pytest.raises(DataError, match=f"a.zip/{name}: an archive in an archive") as error:
        list_sources(path)
    assert "unpack it first" in error.value.hint


def test_bombs_are_refused_by_what_they_say(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"x.csv": b"0" * 1_000_000})
    with pytest.raises(LimitError, match="packed more than 100 times"):
        list_sources(path)


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.limits, "MAX_ZIP_MEMBERS", 2)
    with pytest.raises(LimitError, match="more than 2 members"):
        list_sources(pack(tmp_path / "a.zip", {f"{place}.csv": ROWS for place in range(3)}))


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"x.csv": ROWS})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"'x.csv' is encrypted"):
        list_sources(path)


def test_unknown_methods_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"x.csv": ROWS}, method=zipfile.ZIP_BZIP2)
    with pytest.raises(DataError, match="packed by an unknown method"):
        list_sources(path)


def test_a_list_of_contents_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "a.zip", {f"{place}.csv": b"" for place in range(30)})
    monkeypatch.setattr(sources, "MAX_READ", 1000)
    with pytest.raises(LimitError, match="list of contents has over 1,000 bytes"):
        list_sources(path)


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"x.csv": ROWS})
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    with pytest.raises(DataError, match="not a sound zip file"):
        list_sources(path)
    path.write_bytes(whole)
    (one,) = list_sources(path)
    path.write_bytes(whole.replace(b"x.csv", b"y.csv"))
    with pytest.raises(DataError, match="not a sound zip file"):
        read_source(one.source)


def test_members_that_lie_are_refused_when_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "a.zip", {"x.csv": ROWS})
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 16
    path.write_bytes(data[:at] + struct.pack("<I", 1) + data[at + 4 :])  # the check sum
    (one,) = list_sources(path)
    with pytest.raises(DataError, match=r"a.zip/x.csv: not a sound zip file \(Bad CRC"):
        read_source(one.source)
    path.write_bytes(data)
    monkeypatch.setattr(sources.limits, "MAX_FILE_BYTES", 10)
    with pytest.raises(LimitError, match="larger than 10 bytes"):
        read_source(one.source)
