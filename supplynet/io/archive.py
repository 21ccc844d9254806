"""A graph's folder in a zip file, read within bounds and written to the same bytes each time."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from supplynet import limits
from supplynet.errors import DataError, LimitError, UnsafePathError
from supplynet.io.folder import check_members
from supplynet.io.package import DESCRIPTOR, package_files, parse_package
from supplynet.network.network import SupplyNetwork

#: what the zip reader raises on bytes that are not a sound archive
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: first bytes of each entry in the list of contents
_ENTRY = b"PK\x01\x02"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArchiveMembers:
    """Files of an unpacked archive, content by relative name."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder (``""``: the top), sorted."""
        return sorted(name for name in self.files if name.rpartition("/")[0] == folder)

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if there is no such file."""
        return self.files.get(name)


def read_zip(path: Path) -> SupplyNetwork:
    """Read a graph from a zip file, whose files may lie in one folder.

    Refused are what holds no graph (DataError), what is beyond the bounds (LimitError), and links
    or names that lead out of the folder (UnsafePathError).
    """
    files = unpack(limits.read_bytes(path), path.name)
    return parse_package(ArchiveMembers(_without_folder(files)), what=path.name)


def unpack(data: bytes, file: str) -> dict[str, bytes]:
    """Return the files of an archive, in memory, by name; see :func:`read_zip`."""
    # Counted before the list of contents is read, which alone could fill the memory.
    if data.count(_ENTRY) > limits.MAX_ZIP_MEMBERS:
        raise LimitError(f"{file}: more than {limits.MAX_ZIP_MEMBERS:,} members")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _check(archive.infolist(), file)
            return {info.filename: _read(archive, info, file) for info in members}
    except BROKEN as error:
        raise DataError(f"{file}: not a sound zip file ({error})") from error


def _check(infos: list[zipfile.ZipInfo], file: str) -> list[zipfile.ZipInfo]:
    """Refuse what must not be unpacked into the memory; return the plain files."""
    plain = check_contents(infos, file)
    for info in infos:
        if info.file_size > limits.MAX_FILE_BYTES:
            raise LimitError(f"{file}: {info.filename!r} is over {limits.MAX_FILE_BYTES:,} bytes")
    if sum(info.file_size for info in infos) > limits.MAX_ZIP_BYTES:
        raise LimitError(f"{file}: unpacks to more than {limits.MAX_ZIP_BYTES:,} bytes")
    return plain


def check_contents(infos: list[zipfile.ZipInfo], file: str) -> list[zipfile.ZipInfo]:
    """Refuse an archive by its list of contents; return its plain files.

    Refused are names that lead out of a folder, links and devices (UnsafePathError), members
    encrypted or packed by an unknown method (DataError), and too many or too far packed
    (LimitError).
    """
    if len(infos) > limits.MAX_ZIP_MEMBERS:
        raise LimitError(f"{file}: more than {limits.MAX_ZIP_MEMBERS:,} members")
    # The reader cuts a name at a NUL byte; the original one is checked.
    try:
        check_members(info.orig_filename.removesuffix("/") for info in infos)
    except UnsafePathError as error:
        raise UnsafePathError(f"{file}: {error.message}", hint=error.hint) from error
    for info in infos:
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise UnsafePathError(f"{file}: {info.filename!r} is a link or a device, not a file")
        if info.flag_bits & 1:
            raise DataError(f"{file}: {info.filename!r} is encrypted")
        if info.compress_type not in _METHODS:
            raise DataError(f"{file}: {info.filename!r} is packed by an unknown method")
        if info.file_size > limits.MAX_ZIP_RATIO * max(info.compress_size, 1):
            raise LimitError(
                f"{file}: {info.filename!r} is packed more than {limits.MAX_ZIP_RATIO} times"
            )
    return [info for info in infos if not info.is_dir()]


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    with archive.open(info) as stream:
        # The size that the list of contents gives may be a lie: read no more than that.
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise DataError(f"{file}: {info.filename!r} is not as long as it says")
    return content


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Take away the one folder that all files lie in, if they do."""
    # Zipping a folder by hand puts everything into one folder; macOS adds one of its own.
    tops = {name.split("/")[0] for name in files} - {"__MACOSX"}
    if len(tops) == 1:
        prefix = f"{tops.pop()}/"
        if prefix + DESCRIPTOR in files:
            return {name.removeprefix(prefix): content for name, content in files.items()}
    return files


def network_zip(net: SupplyNetwork) -> bytes:
    """Return a graph's folder as a zip file: same network, same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in package_files(net).items():
            content = text.encode("utf-8")
            # No time of day in it: the same network gives the same bytes, so that files can be
            # compared by their hash.
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # the same on every system
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content, compress_type=_method(content))
    return buffer.getvalue()


def _method(content: bytes) -> int:
    """Pack, unless that would look like an archive made to fill the memory."""
    packed = len(zlib.compress(content))
    is_plausible = len(content) < limits.MAX_ZIP_RATIO * packed * 0.9
    return zipfile.ZIP_DEFLATED if is_plausible else zipfile.ZIP_STORED
