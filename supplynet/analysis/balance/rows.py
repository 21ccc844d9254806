"""Rows of a constraint family as they are put together."""

from __future__ import annotations

from collections.abc import Iterable

#: what a row speaks of: kind (node, link, rule, nation), its id, and more where it needs it
Label = tuple[str, ...]
Term = tuple[int | None, float]


class Rows:
    """Triplets of a sparse matrix, right sides and labels.

    Parameters
    ----------
    is_equality : bool
        Whether the rows are equations or upper limits.
    """

    def __init__(self, *, is_equality: bool) -> None:
        self.is_equality = is_equality
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.rhs: list[float] = []
        self.labels: list[Label] = []

    def add(self, label: Label, terms: Iterable[Term], rhs: float = 0.0) -> None:
        """Add a row without terms that have no column or weight 0; an empty row is none."""
        kept = [(place, value) for place, value in terms if place is not None and value != 0.0]
        if not kept:
            return
        row = len(self.rhs)
        for place, value in kept:
            self.rows.append(row)
            self.columns.append(place)
            self.values.append(value)
        self.rhs.append(rhs)
        self.labels.append(label)
