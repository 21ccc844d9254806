"""Which column each box stands in: a column a stage, more where a stage feeds itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from supplynet.draw.grouping import Gathered


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns from left to right.

    Parameters
    ----------
    of : dict of str to int
        Column by key of box.
    spans : tuple of (int, int, int)
        Place of each stage in the chain, with its first and last column.
    """

    of: dict[str, int]
    spans: tuple[tuple[int, int, int], ...]

    @property
    def last(self) -> int:
        """The last column."""
        return max(self.of.values(), default=0)


def columns_of(gathered: Gathered, stages: Iterable[int] = ()) -> Columns:
    """Return the columns of gathered boxes.

    A box that is fed by one of the same stage stands a column to the right of it. Grey ways
    make no column of their own. ``stages`` have a column even where no box is.
    """
    feeding: dict[str, list[str]] = defaultdict(list)
    groups = gathered.groups
    for bundle in gathered.bundles:
        same = groups[bundle.tail].stage == groups[bundle.head].stage
        if same and bundle.kind != "shut":
            feeding[bundle.head].append(bundle.tail)
    depths: dict[str, int] = {}
    for key in groups:
        _depth(key, feeding, depths, ())
    deepest: dict[int, int] = defaultdict(int, dict.fromkeys(stages, 0))
    for key, group in groups.items():
        deepest[group.stage] = max(deepest[group.stage], depths[key])
    first, spans = 0, []
    firsts: dict[int, int] = {}
    for stage in sorted(deepest):
        firsts[stage] = first
        spans.append((stage, first, first + deepest[stage]))
        first += deepest[stage] + 1
    return Columns(
        {key: firsts[group.stage] + depths[key] for key, group in groups.items()}, tuple(spans)
    )


def _depth(
    key: str, feeding: dict[str, list[str]], depths: dict[str, int], waiting: tuple[str, ...]
) -> int:
    """Longest way within the stage to a box; what closes a circle counts as a way back."""
    if key not in depths:
        before = [one for one in sorted(feeding[key]) if one != key and one not in waiting]
        depths[key] = max(
            (1 + _depth(one, feeding, depths, (*waiting, key)) for one in before), default=0
        )
    return depths[key]
