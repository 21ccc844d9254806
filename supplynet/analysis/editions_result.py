"""What two editions of a table or of a graph differ in, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from supplynet.analysis.compare import Difference
from supplynet.analysis.provenance import Provenance
from supplynet.contract.declared import ITS_UNIT, Layout, Table, count, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, COUNT, array_of, mapping_of, record
from supplynet.contract.result import Result

if TYPE_CHECKING:
    import pandas as pd

#: revisions that a summary names
_NAMED = 3
OTHER, TOTAL = "other countries", "stated total"


@dataclass(frozen=True, slots=True)
class Revision:
    """One figure in two editions.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3, the name where it has no code, or the row of others or of the total.
    name : str
    year : int
    statistic : str
    before, after : float or None
        t; None where the edition gives no figure.
    """

    country: str
    name: str
    year: int
    statistic: str
    before: float | None
    after: float | None

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


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """A figure that a reader would quote, before and after.

    Parameters
    ----------
    name : str
    of : str
        What it is about.
    before, after : float or None
    unit : str
    """

    name: str
    of: str
    before: float | None
    after: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of a graph that differs, or a row that was added or removed.

    Parameters
    ----------
    table, row, column : str
        Where it is; no column for a whole row.
    before, after : str
        As they are written.
    state : {"added", "removed", "changed"}
        What happened to the row.
    """

    table: str
    row: str
    column: str
    before: str
    after: str
    state: str


VINTAGE_LAYOUT = Layout(
    name="editions",
    title="What changed from one edition of a table or graph to the next",
    headline=(Lead("rows that differ", "n_changed"),),
    document="supplynet.reports.results_indices.of_vintage",
    figures=(
        text("kind", "tables or graphs."),
        texts("names", "The two editions."),
        count("n_changed", "Rows added, removed and changed."),
        texts("flags", "What a reader must know."),
    ),
    tables=(
        Table(
            "revisions",
            "Figures of tables, before and after",
            Revision,
            units=dict.fromkeys(("before", "after", "change"), "t") | {"ratio": "1"},
            also=("change", "state"),
            in_json=False,
        ),
        Table(
            "cells",
            "Rows of graphs that were added, removed or changed",
            CellChange,
            in_json=False,
        ),
        Table(
            "headlines",
            "Figures that a reader would quote",
            HeadlineChange,
            units=dict.fromkeys(("before", "after"), ITS_UNIT),
        ),
    ),
    nested={
        "counts": mapping_of(
            record({"added": COUNT, "removed": COUNT, "changed": COUNT}),
        ),
        "rows": {
            **array_of(ANYTHING),
            "description": "Revisions of tables, or changed cells of graphs.",
        },
    },
)


@dataclass(frozen=True, eq=False)
class VintageResult(Result):
    """What changed from one edition to the next.

    Parameters
    ----------
    kind : {"tables", "graphs"}
    names : tuple of str
        The two editions.
    revisions : tuple of Revision
        Every figure of tables, the unchanged too.
    rows : tuple of Difference
        Rows of graphs that were added, removed or changed.
    headlines : tuple of HeadlineChange
    flags : tuple of str
    provenance : Provenance
    """

    LAYOUT = VINTAGE_LAYOUT

    certificate: ClassVar[None] = None  # nothing is solved to compare editions

    kind: str
    names: tuple[str, str]
    revisions: tuple[Revision, ...]
    rows: tuple[Difference, ...]
    headlines: tuple[HeadlineChange, ...]
    flags: tuple[str, ...] = ()
    provenance: Provenance = field(default=Provenance())

    @property
    def changed(self) -> tuple[Revision, ...]:
        """Figures that are not the same, the largest change first."""
        revisions = [revision for revision in self.revisions if revision.state != "same"]
        return tuple(sorted(revisions, key=_size, reverse=True))

    @property
    def n_changed(self) -> int:
        """How many rows were added, removed or changed."""
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
        """Cells of graphs that differ, as text."""
        return tuple(
            CellChange(
                table=row.what[0],
                row=row.what[1],
                column=row.what[2],
                before=str(_plain(row.values[0])),
                after=str(_plain(row.values[1])),
                state=row_state(row),
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

        if table is not None:
            return super().to_frame(table)
        if self.kind == "tables":
            columns = ["country", "name", "year", "statistic", "before", "after", "change", "state"]
            return pd.DataFrame(
                [
                    {name: getattr(revision, name) for name in columns}
                    for revision in self.revisions
                ],
                columns=columns,
            )
        columns = ["table", "row", "column", "before", "after", "state"]
        return pd.DataFrame(
            [(*row.what, *map(_plain, row.values), row_state(row)) for row in self.rows],
            columns=columns,
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
