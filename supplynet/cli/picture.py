"""Where a figure goes, and how it looks: the options that every figure shares."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.cli.console import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file to draw to.

    Parameters
    ----------
    path : Path
        Its ending says the format.
    size, theme : str
    is_quiet : bool
    """

    path: Path
    size: str
    theme: str
    is_quiet: bool

    def looks(self) -> dict[str, str]:
        """Return the keywords that every figure takes."""
        return {"size": self.size, "theme": self.theme}

    def write(self, figure: Figure, hint: str = "") -> None:
        """Write a figure, and say where it is.

        Parameters
        ----------
        figure : Figure
        hint : str, optional
            More to say in brackets.
        """
        from supplynet.draw import save

        save(figure, self.path)
        if not self.is_quiet:
            say(f"Written: {os.fspath(self.path)}{f' ({hint})' if hint else ''}")
