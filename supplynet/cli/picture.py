"""Where a figure goes, and how it looks: the options that every figure shares."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.cli.asked import Asked
    from supplynet.draw.mpl import Picture
    from supplynet.network.network import SupplyNetwork


@dataclass(frozen=True, slots=True)
class PictureFile:
    """Files to draw to."""

    paths: tuple[Path, ...]  #: their endings say the formats
    size: str
    theme: str
    is_quiet: bool
    #: width, height: lengths such as ``89mm``, in place of a named size
    width: str | None = None
    height: str | None = None
    is_bare: bool = False  #: whether title, subtitle and source line are left out
    font: str | None = None  #: family of the letters
    dpi: int = 150  #: pixels an inch of a PNG
    data: Path | None = None  #: where what is drawn goes as a table

    def looks(self) -> dict[str, Any]:
        """Return the keywords that every figure takes; a height without a width is refused."""
        if self.width is None and self.height is None and not self.is_bare:
            return {"size": self.size, "theme": self.theme}
        from dataclasses import replace

        from supplynet.draw.style import find_size, print_size
        from supplynet.errors import OptionError

        if self.width is None:
            if self.height is not None:
                raise OptionError("--height goes with --width", hint="such as --width 183mm")
            return {"size": replace(find_size(self.size), is_bare=True), "theme": self.theme}
        size = print_size(self.width, self.height, base=self.size, is_bare=self.is_bare)
        return {"size": size, "theme": self.theme}

    def write(self, figure: Picture, hint: str = "", *, of: object | None = None) -> None:
        """Write a figure and, where asked for, its data; say where, with `hint` in brackets.

        What a reader of the result `of` must know, such as a scenario without effect, is said too:
        a picture has no room for it.
        """
        from supplynet.draw import save

        if self.font is not None:
            from supplynet.draw.mpl import figure_of

            figure = figure_of(figure.scene, self.theme, self.font)
        for path in self.paths:
            save(figure, path, dpi=self.dpi)
        if self.data is not None:
            from supplynet.draw.figure import COLUMNS, drawn_rows
            from supplynet.files import write_bytes
            from supplynet.present.document import Column, Table
            from supplynet.reports.data_writers import to_csv

            columns = tuple(
                Column(name, name, kind="tonnes" if name.startswith("tonnes") else "text")
                for name in COLUMNS
            )
            table = Table(columns, tuple(drawn_rows(figure.scene)))
            write_bytes(self.data, to_csv(table).encode("utf-8"))
        if not self.is_quiet:
            for path in self.paths:
                say(f"Written: {os.fspath(path)}{f' ({hint})' if hint else ''}")
            if self.data is not None:
                say(f"Written: {os.fspath(self.data)}")
            if of is not None:
                from supplynet.present.document import notes_of

                for note in notes_of(of):
                    say(f"Note: {note}")


def named_after(sentences: Iterable[object]) -> Path:
    """Return the name of a picture that was given none: what was asked, word by word.

    Examples
    --------
    >>> str(named_after(["rare-earths", ("KOR",), None, ("Nd",), 2030, "layers"]))
    'rare-earths-kor-nd-2030-layers.svg'
    """
    texts = [
        ",".join(map(str, word)) if isinstance(word, tuple) else str(word)
        for word in sentences
        if word not in (None, (), "")
    ]
    slugs = (re.sub(r"[^a-z0-9]+", "-", Path(text).stem.lower()).strip("-") for text in texts)
    return Path("-".join(slug for slug in slugs if slug) + ".svg")


def could_arrive(
    net: SupplyNetwork, query: Asked, element: str, model: str
) -> SolvedPotential | FlowResult:
    """Return the potential of a nation by the balance, or the maximum flow of an element.

    An OptionError where the balance is asked for what is no nation, or asks for nothing.
    """
    if model == "flow":
        from supplynet.questions.flow import flow

        return flow(net, element=element, **query.words())
    from supplynet.analysis.potential.ask import potential_of
    from supplynet.analysis.question import ask

    return potential_of(ask(net, **query.words()), element=element)
