"""What two editions of a table or of a graph differ in, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.analysis.compare import Difference
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, COUNT, array_of, mapping_of, record
from supplynet.contract.row import Row, col
from supplynet.contract.row import rows as table

if TYPE_CHECKING:
    import pandas as pd

#: revisions that a summary names
_NAMED = 3
OTHER, TOTAL = "other countries", "stated total"


class Revision(Row, also=("change", "state")):
    """One figure in two editions."""

    country: str = col(
        "ISO 3166 alpha-3, the name where it has no code, or the row of others or of the total."
    )
    name: str
    year: int
    statistic: str
    before: float | None = col("Null where the edition gives no figure.", "t")
    after: float | None = col("Null where the edition gives no figure.", "t")

    @property
    def state(self) -> str:
        """``same``, ``changed``, ``added`` or ``removed``; nothing and no figure are the same."""
        if (self.before or 0.0) == (self.after or 0.0):
            return "same"
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def change(self) -> float | None:
        """After less before, t."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def ratio(self) -> float | None:
        """After over before."""
        if not self.before or self.after is None:
            return None
        return self.after / self.before


class HeadlineChange(Row):
    """A figure that a reader would quote, before and after."""

    name: str
    of: str = col("What it is about.")
    before: float | None = col(unit=ITS_UNIT)
    after: float | None = col(unit=ITS_UNIT)
    unit: str


class CellChange(Row):
    """A cell of a graph that differs, or a row that was added or removed."""

    table: str = col("Table of the graph.")
    row: str = col("The row, by its key.")
    column: str = col("Empty for a whole row.")
    before: str = col("As it is written.")
    after: str = col("As it is written.")
    state: str = col("What happened to the row.")


class VintageResult(
    DeclaredResult,
    name="editions",
    title="What changed from one edition of a table or graph to the next",
    headline=(Lead("rows that differ", "n_changed"),),
    also=("n_changed",),
    frames=("cells",),
    nested={
        "counts": mapping_of(
            record({"added": COUNT, "removed": COUNT, "changed": COUNT}),
        ),
        "rows": {
            **array_of(ANYTHING),
            "description": "Revisions of tables, or changed cells of graphs.",
        },
    },
    document="supplynet.reports.results_indices.of_vintage",
):
    """What changed from one edition to the next."""

    kind: str = col("tables or graphs.")
    names: tuple[str, ...] = col("The two editions.")
    revisions: tuple[Revision, ...] = table("Figures of tables, before and after", in_json=False)
    rows: tuple[Difference, ...]  #: rows of graphs that were added, removed or changed
    headlines: tuple[HeadlineChange, ...] = table("Figures that a reader would quote")
    flags: tuple[str, ...] = col("What a reader must know.", default=())

    @property
    def changed(self) -> tuple[Revision, ...]:
        """Figures that are not the same, the largest change first."""
        revisions = [revision for revision in self.revisions if revision.state != "same"]
        return tuple(sorted(revisions, key=_size, reverse=True))

    @property
    def n_changed(self) -> int:
        """Rows added, removed and changed."""
        return sum(1 for _ in self._states())

    def counts(self) -> dict[str, dict[str, int]]:
        """Rows added, removed and changed, by table of a graph or statistic of a table."""
        counts: dict[str, dict[str, int]] = {}
        for group, state in self._states():
            held = counts.setdefault(group, {"added": 0, "removed": 0, "changed": 0})
            held[state] += 1
        return counts

    def _states(self) -> Iterator[tuple[str, str]]:
        for revision in self.changed:
            yield revision.statistic, revision.state
        seen = set()
        for row in self.rows:
            key = row.what[:2]
            if key not in seen:
                seen.add(key)
                yield row.what[0], row_state(row)

    def summary(self) -> str:
        """Return how much differs, the largest revisions and the headlines that move."""
        first, last = self.names
        lines = [f"From {first} to {last}: {self._counted()}"]
        lines += [
            f"  {revision.name} {revision.year} {revision.statistic}: "
            f"{_tonnes(revision.before)} to {_tonnes(revision.after)}"
            for revision in self.changed[:_NAMED]
        ]
        lines += [
            f"  {headline.name} ({headline.of}): {_number(headline.before)} to "
            f"{_number(headline.after)} {headline.unit}"
            for headline in self.headlines
            if headline.before != headline.after
        ]
        return "\n".join(lines)

    def _counted(self) -> str:
        if self.kind == "tables":
            n_same = len(self.revisions) - len(self.changed)
            return f"{len(self.changed):,} figures differ, {n_same:,} are the same"
        counts = [
            f"{name} {number:,} {state}"
            for name, held in self.counts().items()
            for state, number in held.items()
            if number
        ]
        return f"rows of {', '.join(counts)}" if counts else "all rows are the same"

    @property
    def cells(self) -> tuple[CellChange, ...]:
        """Rows of graphs that were added, removed or changed."""
        return tuple(
            CellChange(
                *[
                    *row.what,
                    *("" if value is None else str(_plain(value)) for value in row.values),
                    row_state(row),
                ]
            )
            for row in self.rows
        )

    def _nested(self) -> dict[str, Any]:
        return {
            "counts": self.counts(),
            "rows": [_without_nan(record) for record in self.to_frame().to_dict("records")],
        }

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return every revision of tables, or every changed cell of graphs; or a table by name."""
        import pandas as pd

        if table is not None or self.kind == "tables":
            return super().to_frame(table or "revisions")
        return pd.DataFrame(
            [(*row.what, *map(_plain, row.values), row_state(row)) for row in self.rows],
            columns=[column.name for column in CellChange.COLUMNS],
        )


def row_state(row: Difference) -> str:
    """Return whether a row of a graph was added, removed or changed."""
    if row.what[2]:
        return "changed"
    return "added" if row.values[0] == "absent" else "removed"


def _tonnes(value: float | None) -> str:
    return "no figure" if value is None else f"{value:,.6g} t"


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.6g}"


def _size(one: Revision) -> float:
    return abs((one.after or 0.0) - (one.before or 0.0))


def _without_nan(record: dict[Any, Any]) -> dict[str, Any]:
    """Missing values as None: JSON knows no other."""
    return {str(key): None if value != value else value for key, value in record.items()}  # noqa: PLR0124


def _plain(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value
