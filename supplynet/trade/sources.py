"""The files of trade records: by themselves, by patterns, in folders and in zip archives.

Publishers give a year or a data set as a zip of CSV files, with tables of countries and products
beside the records. A member is read as a stream: nothing is unpacked to the disk or as a whole.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from supplynet import limits
from supplynet.errors import DataError, LimitError, OptionError
from supplynet.io.archive import BROKEN, check_contents

Given = str | os.PathLike[str]
ZIP = b"PK\x03\x04"
#: first bytes of a zip archive; the second is that of one without a member
_ZIPS = (ZIP, b"PK\x05\x06")
#: bytes that are read of an archive at once: bounds its list of contents
MAX_READ = 16 * limits.MIB
_TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".gz", ".parquet")
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip archive."""

    archive: Path
    member: str  #: its name in the archive, with forward slashes
    size: int  #: bytes that it unpacks to, by the list of contents

    def __str__(self) -> str:
        return f"{self.archive}/{self.member}"

    @property
    def name(self) -> str:
        """Name of the archive and of the file in it."""
        return f"{self.archive.name}/{self.member}"

    def open(self, mode: str = "rb") -> IO[bytes]:
        """Return the bytes of the file as a stream; a DataError if the archive cannot be read."""
        try:
            # The stream keeps the archive's file open as long as it needs it.
            with zipfile.ZipFile(self.archive) as archive:
                return archive.open(self.member, mode[:1])  # type: ignore[arg-type]
        except (*BROKEN, KeyError) as error:
            raise _broken(self.archive, error) from error


#: what holds records
Source = Path | Member


@dataclass(frozen=True, slots=True)
class Listed:
    """A source, and how it came to be read."""

    source: Source
    #: Given by its own name: it must hold records. Files of a folder or an archive may hold
    #: something else.
    is_named: bool


def size_of(source: Source) -> int:
    """Return how many bytes a source has."""
    return source.size if isinstance(source, Member) else source.stat().st_size


def read_source(source: Source) -> bytes:
    """Return the content of a small source, no larger than a table may be."""
    if not isinstance(source, Member):
        return limits.read_bytes(source)
    try:
        with source.open() as stream:
            content = stream.read(limits.MAX_FILE_BYTES + 1)
    except BROKEN as error:
        raise _broken(source, error) from error
    if len(content) > limits.MAX_FILE_BYTES:
        raise LimitError(f"{source}: larger than {limits.MAX_FILE_BYTES:,} bytes")
    return content


def list_sources(files: Given | Iterable[Given]) -> list[Listed]:
    """Return the files that some names stand for.

    Names are files, folders (their files, not those of folders inside), zip archives, and patterns
    with ``*``, ``?`` or ``[]`` where no file has that very name. Refused are patterns that fit no
    file, folders without a table, archives in archives, and archives whose names lead out or that
    unpack to far more than they hold.
    """
    if isinstance(files, str | os.PathLike):
        files = [files]
    paths = [path for file in files for path in _matching(Path(file))]
    if not paths:
        raise OptionError("no file of trade records is given")
    return [listed for path in paths for listed in _of_path(path)]


def _matching(path: Path) -> list[Path]:
    """The files that a pattern stands for; a path itself where it is none."""
    text = str(path)
    if not re.search(r"[*?\[]", text) or "\0" in text or os.path.lexists(path):
        return [path]
    pattern = str(path.relative_to(path.anchor))
    try:
        paths = sorted(Path(path.anchor or ".").glob(pattern))
    except ValueError as error:
        raise OptionError(f"{text}: not a pattern of names ({error})") from error
    if not paths:
        raise OptionError(f"{text}: no file has a name like this")
    return paths


def _of_path(path: Path) -> list[Listed]:
    if _is_folder(path):
        inside = [path for path in _files_in(path) if not _is_hidden(path.name)]
        listed = [Listed(path, False) for path in inside if _is_table(path.name)]
        packed = [member for path in inside if is_zip(path) for member in _members(path)]
        return _some([*listed, *packed], path, "folder", [path.name for path in inside])
    return _members(path) if is_zip(path) else [Listed(path, True)]


def _files_in(path: Path) -> list[Path]:
    try:
        return sorted(path for path in path.iterdir() if path.is_file())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"{path}: the folder cannot be read ({reason})") from error


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # told when it is read


def is_zip(path: Path) -> bool:
    """Whether a file is a zip archive, whatever its name; one that cannot be read is none."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(ZIP)) in _ZIPS
    except (OSError, ValueError):
        return False


def _members(path: Path) -> list[Listed]:
    """The tables of an archive; one alone must hold records as if it were named."""
    try:
        with _Bounded(path) as raw, zipfile.ZipFile(raw) as archive:
            infos = check_contents(archive.infolist(), str(path))
    except BROKEN as error:
        raise _broken(path, error) from error
    infos = [info for info in infos if not _is_hidden(info.filename)]
    for info in infos:
        if info.filename.lower().endswith(_ARCHIVES):
            raise DataError(
                f"{path}/{info.filename}: an archive in an archive", hint="unpack it first"
            )
    tables = [
        Member(path, info.filename, info.file_size) for info in infos if _is_table(info.filename)
    ]
    listed = [Listed(table, len(tables) == 1) for table in tables]
    return _some(listed, path, "archive", [info.filename for info in infos])


def _some(found: list[Listed], path: Path, what: str, names: list[str]) -> list[Listed]:
    if found:
        return found
    there = f"there are {', '.join(names[:8])}" if names else "it is empty"
    raise DataError(
        f"{path}: the {what} holds no table of records ({there[:200]})",
        hint="records are CSV, gzip of CSV, or Parquet",
    )


def _is_table(name: str) -> bool:
    return name.lower().endswith(_TABLES)


def _is_hidden(name: str) -> bool:
    """Whether a system keeps a file for itself."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _broken(place: Source, error: BaseException) -> DataError:
    return DataError(f"{place}: not a sound zip file ({error})")


class _Bounded(io.FileIO):
    """A file of which only so much is read at once, whatever its list of contents claims."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_READ:
            raise LimitError(f"{self.name}: the list of contents has over {MAX_READ:,} bytes")
        chunk = super().read(size)
        return chunk or b""
