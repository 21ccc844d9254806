"""How a result shows itself in a notebook: its answer in words, and its table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

#: rows of a table that are shown
MOST_ROWS = 30


class Told(Protocol):
    """A result that tells its answer in words and as a table."""

    def summary(self) -> str:
        """Return the answer in a few sentences."""

    def to_frame(self) -> pd.DataFrame:
        """Return the figures as a table."""


class Shown:
    """Adds the form of a notebook to a result."""

    def _repr_html_(self: Told) -> str:
        """The answer in words above the table, both escaped: names come from anyone's files."""
        words = "".join(f"<p>{escape(line)}</p>" for line in self.summary().splitlines())
        frame = self.to_frame()
        table = frame.head(MOST_ROWS).to_html(index=False, border=0, escape=True, notebook=True)
        rest = len(frame) - MOST_ROWS
        more = f"<p>and {rest:,} more rows: to_frame() holds them all</p>" if rest > 0 else ""
        return f"{words}{table}{more}"
