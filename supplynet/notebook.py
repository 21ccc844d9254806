"""How a result shows itself in a notebook: its answer in words, its picture and its table.

Who draws pictures is further up than results are; what draws them is put into ``painters`` by the
package, so that a result asks for its picture without knowing of any.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

#: rows of a table that are shown
MOST_ROWS = 12
#: what draws a result: HTML, or an empty text where it has no picture
painters: list[Callable[[object], str]] = []


class Told(Protocol):
    """A result that states its answer in words and as a table."""

    def summary(self) -> str:
        """Return the answer in a few sentences."""

    def to_frame(self) -> pd.DataFrame:
        """Return the figures as a table."""


class Shown:
    """Adds to a result what a notebook shows, and its answer as what it prints itself as."""

    def __init_subclass__(cls, **more: object) -> None:
        """Give every result the same ``repr``, before a dataclass writes one of all fields."""
        super().__init_subclass__(**more)
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Shown._answer  # type: ignore[assignment, method-assign]

    def _answer(self: Told) -> str:
        """The name of the type, and the answer in words."""
        return f"<{type(self).__name__}: {self.summary()}>"

    def _repr_html_(self: Told) -> str:
        """The answer in words, its picture, its table; escaped, for names are from anyone's files.

        Figures are rounded: ``to_frame()`` has them in full.
        """
        text = "".join(f"<p>{escape(line)}</p>" for line in self.summary().splitlines())
        frame = self.to_frame()
        picture = "".join(draw(self) for draw in painters)
        table = frame.head(MOST_ROWS).to_html(
            index=False, border=0, escape=True, notebook=True, na_rep="", float_format=rounded
        )
        remainder = len(frame) - MOST_ROWS
        more = (
            f"<p>and {remainder:,} more rows: to_frame() holds them all</p>"
            if remainder > 0
            else ""
        )
        return f"{text}{picture}{table}{more}"


def rounded(value: float) -> str:
    """Return a figure of a table to three digits.

    Examples
    --------
    >>> rounded(1234.56), rounded(0.012345), rounded(2.0)
    ('1,230', '0.0123', '2')
    """
    digits = f"{value:.3g}"
    return f"{float(digits):,.0f}" if abs(value) >= 1000.0 else digits
