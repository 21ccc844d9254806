"""The rows of large files and archives that speak of some codes, in bounded memory.

Most rows of a year of world trade are about other goods. A file is read in blocks of bytes, and
the codes are looked for in the bytes: only lines that hold one are split into cells. That is
several times faster than parsing every row, needs no library, and knows the number of each line.
A cell must therefore not hold a line end.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from supplynet import limits
from supplynet.errors import DataError, LimitError, OptionError, requires_extra
from supplynet.io.package import BROKEN, check_contents
from supplynet.limits import MAX_ZIP_RATIO

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

    Names are files, folders (their files, of folders inside those of partitions alone, such as
    ``t=2022``), zip archives, and patterns
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
        entries = sorted(path.iterdir())
        own = [entry for entry in entries if entry.is_file()]
        parts = [entry for entry in entries if "=" in entry.name and entry.is_dir()]
        return own + [file for part in parts for file in _files_in(part)]
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


def _some(results: list[Listed], path: Path, what: str, names: list[str]) -> list[Listed]:
    if results:
        return results
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


def _broken(position: Source, error: BaseException) -> DataError:
    return DataError(f"{position}: not a sound zip file ({error})")


class _Bounded(io.FileIO):
    """A file of which only so much is read at once, whatever its list of contents claims."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_READ:
            raise LimitError(f"{self.name}: the list of contents has over {MAX_READ:,} bytes")
        chunk = super().read(size)
        return chunk or b""


#: bytes that are looked through at a time
BLOCK = 8 * 1024 * 1024
#: bytes of the longest line; it bounds the memory of a file without line ends
MAX_LINE = 1024 * 1024
#: bytes that any file may unpack to: of a small one, how much it is packed says little
_FREE = 64 * 1024 * 1024
GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
DELIMITERS = ",;\t|"
#: lines that may stand above the names of the columns
MAX_TITLES = 40

Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file."""

    lines: list[int]  #: number of each row's line in the file; the header is line 1
    rows: list[list[str]]  #: cells; a row may have more or fewer than the header
    n_read: int  #: rows read since the last batch, those without a code too


@dataclass(frozen=True, slots=True)
class Header:
    """Where the names of the columns stand."""

    names: list[str]
    line: int = 1  #: number of their line; titles may stand above it
    delimiter: str = ","  #: what parts the cells; a comma for Parquet, which has none


def read_header(path: Source, fits: Callable[[list[str]], bool] = bool) -> Header:
    """Return the names of a file's columns.

    Where no line `fits`, the first is returned. A DataError if it cannot be read or its first line
    is no header; Parquet needs DuckDB.
    """
    if _is_parquet(path):
        return Header(_parquet_header(_own_file(path)))
    with _explained(path), path.open("rb") as raw, _unpacked(raw) as stream:
        return _find_header(stream, path, fits)


def _find_header(stream: IO[bytes], path: Source, fits: Callable[[list[str]], bool]) -> Header:
    first = None
    for index in range(1, MAX_TITLES + 2):
        text = _header_line(stream, path, index)
        if text is None:
            break
        if not text.strip():
            continue
        delimiter = max(DELIMITERS, key=text.count)
        header = Header([cell.strip() for cell in _cells(text, delimiter)], index, delimiter)
        if fits(header.names):
            return header
        first = first or header
    if first is None:
        raise DataError(f"{path}, line 1: the first line must name the columns")
    return first


def read_batches(
    path: Source,
    codes: Sequence[str],
    header: Header,
    column: str,
    advance: Advance | None = None,
) -> Iterator[Batch]:
    """Yield the rows that may speak of some codes, with all others counted.

    Files are CSV with commas, semicolons, tabs or bars, plain or in gzip, or Parquet, a file of its
    own that is filtered by the column of codes. Returned are rows that hold a code of six digits
    anywhere, with or without its leading zeros, or a dot or blank after four digits; without codes
    every row. `advance` gets bytes done and bytes in all. A line longer than :data:`MAX_LINE` is a
    LimitError.
    """
    sentences = sorted({word for code in codes for word in _spellings(code)})
    if _is_parquet(path):
        yield from _parquet_batches(_own_file(path), sentences, column, advance)
        return
    with _explained(path), path.open("rb") as raw, _unpacked(raw) as stream:
        for _ in range(header.line):
            stream.readline(MAX_LINE)
        wanted = [word.encode() for word in sentences]
        n_bytes = 0
        for line, block in _blocks(stream, path, header.line + 1):
            n_bytes += len(block)
            if n_bytes > _FREE and n_bytes > MAX_ZIP_RATIO * raw.tell():
                raise LimitError(f"{path}: is packed more than {MAX_ZIP_RATIO} times")
            lines, texts = _lines_with(wanted, block, line)
            yield Batch(lines, _split(texts, header.delimiter), block.count(b"\n"))
            if advance is not None:
                advance(raw.tell(), size_of(path))


def digest(path: Source) -> str:
    """Return the SHA-256 of the bytes of a file, or of a file in an archive as it unpacks."""
    with _explained(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _is_parquet(path: Source) -> bool:
    with _explained(path), path.open("rb") as raw:
        return raw.read(len(PARQUET)) == PARQUET


def _own_file(path: Source) -> Path:
    """A file that another library opens by its path."""
    if isinstance(path, Member):
        raise DataError(f"{path}: Parquet in an archive is not read", hint="unpack it first")
    return path


def _spellings(code: str) -> tuple[str, ...]:
    """How a code of six digits may be written."""
    pairs = f"{code[:2]} {code[2:4]} {code[4:]}"
    return code, code.lstrip("0"), f"{code[:4]}.{code[4:]}", f"{code[:4]} {code[4:]}", pairs


def _blocks(stream: IO[bytes], path: Source, line: int) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines, many at a time, and the number of the first."""
    tail = b""
    while bytes_read := stream.read(BLOCK):
        block = tail + bytes_read
        end = block.rfind(b"\n") + 1
        block, tail = block[:end], block[end:]
        if len(tail) > MAX_LINE:
            raise _too_long(path)
        if block:
            yield line, block
            line += block.count(b"\n")
    if tail:
        yield line, tail + b"\n"


def _lines_with(sentences: list[bytes], block: bytes, line: int) -> tuple[list[int], list[str]]:
    """Numbers and text of the lines that hold a word, of all where none is asked for."""
    if not sentences:
        every = block.split(b"\n")[:-1]
        selection = [(line + index, text) for index, text in enumerate(every) if text.strip()]
        return [count for count, _ in selection], [_text(text) for _, text in selection]
    places: list[int] = []
    texts: list[str] = []
    end = counted = 0
    for start in sorted(start for word in sentences for start in _starts(word, block)):
        if start < end:
            continue  # the same line once more
        begin = block.rfind(b"\n", 0, start) + 1
        line += block.count(b"\n", counted, begin)
        counted = begin
        end = block.index(b"\n", start)
        places.append(line)
        texts.append(_text(block[begin:end]))
    return places, texts


def _starts(word: bytes, block: bytes) -> Iterator[int]:
    """Where a word stands in a block; several times faster than a regular expression of all."""
    start = block.find(word)
    while start >= 0:
        yield start
        start = block.find(word, start + 1)


def _text(line: bytes) -> str:
    # Names of countries may be in another encoding; codes and numbers are ASCII in all of them.
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", errors="replace")  # what older spreadsheets write
    return text.rstrip("\r")


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    return [_cells(line, delimiter) if '"' in line else line.split(delimiter) for line in lines]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return [line]  # too few cells for any header: told as a malformed row


def _header_line(stream: IO[bytes], path: Source, index: int) -> str | None:
    """The next line as text; None at the end."""
    line = stream.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise _too_long(path)
    if line.startswith(_UTF16):
        raise DataError(
            f"{path}, line {index}: this is text in UTF-16",
            hint='save it as "CSV UTF-8" in the spreadsheet that it comes from',
        )
    if b"\0" in line or line.startswith(ZIP):
        raise DataError(
            f"{path}, line {index}: this is not text in UTF-8",
            hint="give CSV, gzip or zip of CSV, or Parquet; unpack other archives first",
        )
    return _text(line.removeprefix(_BOM).rstrip(b"\n")) if line else None


def _too_long(path: Source) -> LimitError:
    return LimitError(f"{path}: a line is longer than {MAX_LINE:,} bytes: this is no table")


@contextmanager
def _unpacked(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    start = raw.read(len(GZIP))
    raw.seek(0)
    if start != GZIP:
        yield raw
        return
    with gzip.GzipFile(fileobj=raw) as stream:
        yield stream  # type: ignore[misc]


@contextmanager
def _explained(path: Source) -> Iterator[None]:
    """Turn what the system says of a file into our own error."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(f"{path}: there is no such file") from error
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        what = "archive" if isinstance(path, Member) else "gzip file"
        raise DataError(f"{path}: the {what} is damaged ({error})") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"{path}: cannot be read ({reason})") from error
    except ValueError as error:  # a NUL byte in the name
        raise DataError(f"{str(path)!r}: cannot be read ({error})") from error


#: rows that are fetched at a time
ROWS = 50_000
_FILE = "read_parquet(?, file_row_number = true)"
_PLACE = "file_row_number"


def _parquet_header(path: Path) -> list[str]:
    """Return the names of the columns; a MissingExtraError where DuckDB is not installed."""
    with _duckdb(path) as base:
        columns = base.execute(f"DESCRIBE SELECT * FROM {_FILE}", [_literal(path)]).fetchall()  # noqa: S608
    return [str(row[0]) for row in columns if row[0] != _PLACE]


def _parquet_batches(
    path: Path, texts: Sequence[str], column: str, advance: Advance | None = None
) -> Iterator[Batch]:
    """Yield the rows whose code holds one of some words, every one where there are none.

    Cells are text as a CSV file would hold it. The line of a row is its place in the file with
    a header counted, as in CSV.
    """
    names = _parquet_header(path)
    cells = ", ".join(f"coalesce(CAST({_quoted(name)} AS VARCHAR), '')" for name in names)
    with _duckdb(path) as base:
        if texts and _are_whole(base, path, column):
            # compared as numbers, so that row groups without them are not read
            texts = [text for text in texts if text.isdigit()]
            where = f"{_quoted(column)} IN ({', '.join('?' for _ in texts)})"
        else:
            code = f"CAST({_quoted(column)} AS VARCHAR)"
            where = " OR ".join(f"contains({code}, ?)" for _ in texts) or "true"
        counted = base.execute(f"SELECT count(*) FROM {_FILE}", [_literal(path)]).fetchall()  # noqa: S608
        n_rows = n_left = int(counted[0][0])
        query = f"SELECT {_PLACE}, {cells} FROM {_FILE} WHERE {where}"  # noqa: S608
        cursor = base.execute(query, [_literal(path), *texts])
        while rows := cursor.fetchmany(ROWS):
            yield Batch([row[0] + 2 for row in rows], [list(row[1:]) for row in rows], n_left)
            n_left = 0
            if advance is not None:
                advance(rows[-1][0] + 1, n_rows)
    yield Batch([], [], n_left)


def _are_whole(base: Any, path: Path, column: str) -> bool:
    """Whether codes are numbers of six digits at the most in all row groups of a file."""
    query = (
        "SELECT bool_and(type IN ('INT32', 'INT64') AND TRY_CAST(stats_max AS BIGINT) < 1000000) "
        "FROM parquet_metadata(?) WHERE path_in_schema = ?"
    )
    return bool(base.execute(query, [_literal(path), column]).fetchall()[0][0])


def _literal(path: Path) -> str:
    """Return a path that stands for itself: the library takes ``*``, ``?`` and ``[`` as patterns.

    Examples
    --------
    >>> _literal(Path("data[2022]*.parquet"))
    'data[[]2022][*].parquet'
    """
    return re.sub(r"[*?\[]", lambda match: f"[{match[0]}]", str(path))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _duckdb(path: Path) -> Iterator[Any]:
    with requires_extra("trade", f"{path}: reading Parquet"):
        import duckdb
    try:
        with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as base:
            yield base
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:200]
        raise DataError(f"{path}: the Parquet file cannot be read ({reason})") from error
