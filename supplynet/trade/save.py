"""A network of trade records into a folder, with the report of its import as README."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def save_imported(
    net: SupplyNetwork, path: Path, *, readme: str = "", overwrite: bool = False
) -> None:
    """Write a network; into a folder with the report of its import as ``README.md``.

    Parameters
    ----------
    net : SupplyNetwork
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
        from supplynet.io.folder import write_folder
        from supplynet.io.package import package_files

        write_folder(path, {**package_files(net), "README.md": readme}, overwrite=overwrite)
        return
    from supplynet.io.save import save

    save(net, path, overwrite=overwrite)
