"""``supplynet.save``: a network into a folder or file, without loss; with a README beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet import files
from supplynet.errors import OptionError
from supplynet.io.folder import write_folder
from supplynet.io.formats import endings_in_words, format_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def save(net: SupplyNetwork, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write a network so that :func:`supplynet.load` reads back an equal one.

    The file or folder is whole or not there, even if the program is killed meanwhile.

    Parameters
    ----------
    net : SupplyNetwork
    path : str or path
        A name that ends as one of :data:`supplynet.io.formats.FORMATS` is a file of that kind; a
        name without an ending is a folder.
    overwrite : bool, optional
        Replace a folder that holds a graph. A file is always replaced.

    Raises
    ------
    OptionError
        If the ending is none of these.
    OutputError
        If it cannot be written.
    TableError
        If a value cannot be written without loss.

    Examples
    --------
    >>> import supplynet as sn, tempfile, pathlib
    >>> net = sn.load("tutorial")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sn.save(net, pathlib.Path(folder) / "mine.json")
    ...     sn.load(pathlib.Path(folder) / "mine.json") == net
    True
    """
    target = Path(path)
    kind = format_of(target)
    if kind is not None:
        content = kind.content(net)
        if isinstance(content, str):
            files.write_text(target, content)
        else:
            files.write_bytes(target, content)
    elif target.suffix == "" or target.is_dir():
        from supplynet.io.package import package_files

        write_folder(target, package_files(net), overwrite=overwrite)
    else:
        raise OptionError(
            f"{target}: cannot tell what kind of file to write",
            hint=f"a graph is a folder, or a {endings_in_words()} file",
        )


def save_imported(
    net: SupplyNetwork, path: Path, *, readme: str = "", overwrite: bool = False
) -> None:
    """Write a network; into a folder with the report of its import as ``README.md``.

    Parameters
    ----------
    path : pathlib.Path
        As for :func:`supplynet.save`.
    readme : str
        Markdown text; empty for none.
    overwrite : bool
        Replace a folder that holds a graph.

    Raises
    ------
    OptionError
        If the ending tells no kind of file.
    OutputError
        If it cannot be written.
    """
    if readme and (path.suffix == "" or path.is_dir()):
        from supplynet.io.package import package_files

        write_folder(path, {**package_files(net), "README.md": readme}, overwrite=overwrite)
    else:
        save(net, path, overwrite=overwrite)
