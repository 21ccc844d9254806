"""What the verbs of a scenario do to a plant: its state, its years and its capacities by year.

A change that holds in some years only is written as capacity steps, and a last one that returns
to what was in force; years in which a plant is shut in the middle of its life have a capacity of
none at all. A plant that follows a ramp has the steps of its ramp as its own from then on: its
calendar stays as it was. What is set for good takes the place of a ramp, what is scaled for good
keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from supplynet.errors import OptionError
from supplynet.network.schema import Capacity, Circuit, Node, Ramp
from supplynet.network.timeline import step_order, steps_along
from supplynet.terms import COUNTED, STEPS, StatusName, StepName

CAPACITIES = ("capacity", "capacity_low", "capacity_high")
_NOTHING = dict.fromkeys(CAPACITIES, 0.0)
_LAST_YEAR = 2200  # of the format: what ends then never ends
_Row: TypeAlias = Node | Capacity
_R = TypeVar("_R", Node, Capacity, Circuit)


@dataclass(frozen=True, slots=True)
class Plant:
    """A node with its capacity steps."""

    node: Node
    steps: tuple[Capacity, ...] = ()  #: its own rows of the table capacities, by ``step_order``
    #: the ramp of such plants, which counts where it has no steps of its own
    curve: tuple[Ramp, ...] = ()
    #: first and last years of periods in which it does not run though it has no capacity that could
    #: be none: its links do not hold then
    shut: tuple[tuple[int, int], ...] = ()

    def settled(self) -> Plant:
        """Return the plant with the steps of its ramp as its own."""
        return replace(self, steps=self.steps or steps_along(self.node, self.curve))

    def in_force(self, year: int) -> _Row:
        """Return the row whose capacity counts in a year."""
        row: _Row = self.node
        for step in self.settled().steps:
            if step.year <= year:
                row = step
        return row

    def steps_at(self, year: int) -> list[Capacity]:
        """Return what is in force in a year, expansions to come too, as steps that begin then."""
        in_force: dict[StepName | None, _Row] = {None: self.node}
        for step in self.settled().steps:
            if step.year <= year:
                # what is surer and later replaces what was less sure before
                in_force = {
                    status: row
                    for status, row in in_force.items()
                    if status is None
                    or (step.status and STEPS.rank(status) < STEPS.rank(step.status))
                }
                in_force[step.status] = step
        keys = [*CAPACITIES, "unit", "confidence", "source_ids", "note"]
        return [
            Capacity(
                node_id=self.node.id,
                year=year,
                status=status,
                **{key: getattr(row, key) for key in keys},
            )
            for status, row in in_force.items()
        ]


def scaled(plant: Plant, factor: float, first: int | None, last: int | None) -> Plant:
    """Return a plant with its capacities multiplied in a period, ends of ranges and steps too.

    An OptionError if the capacity of a year is not given.
    """
    rows: tuple[_Row, ...] = (plant.node, *plant.steps)
    if first is not None:
        rows = (plant.in_force(first),)
    if all(row.capacity is None for row in rows):
        raise OptionError(
            f"the capacity of node {plant.node.id} is not given, so it cannot be scaled",
            hint="use verb set with a capacity and a unit",
        )
    if first is last is None:
        steps = tuple(times(step, factor) for step in plant.steps)
        return replace(plant, node=times(plant.node, factor), steps=steps)
    return _between(plant, first, last, lambda row: times(row, factor))


def times(row: _R, factor: float) -> _R:
    """Return a row with its capacity and the ends of its range multiplied."""
    return row.multiplied(factor, CAPACITIES)


def given(plant: Plant, step: Capacity, first: int | None, last: int | None) -> Plant:
    """Return a plant with another capacity in a period: that of the step, whose year is any."""
    keys = [*CAPACITIES, "unit", "confidence", "note"]
    update = {key: getattr(step, key) for key in keys}
    settled = plant.settled()
    after = _after(settled, last)
    if first is None:
        node = plant.node.model_copy(update=update)
        is_ramp = bool(settled.steps) and not plant.steps  # a row of its own ends the ramp
        begun = settled.steps[:1] if is_ramp and not after else ()
        first_rows = (step.model_copy(update={"year": year_row.year}) for year_row in begun)
        return replace(plant, node=node, steps=(*first_rows, *after), curve=())
    before = [step for step in settled.steps if step.year < first]
    return replace(plant, steps=(*before, step.model_copy(update={"year": first}), *after))


def closed(plant: Plant, first: int | None, last: int | None) -> Plant:
    """Return a plant that does not run in a period.

    Where the period lies in the middle of its life, its capacity is none in these years; where it
    has no capacity, as nations have none, the years stand in `shut`.
    """
    node = plant.node
    start, end = node.start_year, node.end_year
    if (None not in (start, last) and start > last) or (  # type: ignore[operator]
        None not in (end, first) and end < first  # type: ignore[operator]
    ):
        return plant  # it does not run then anyway
    from_start = first is None or (start is not None and first <= start)
    to_end = last is None or (end is not None and end <= last)
    if from_start and to_end:
        return replace(plant, node=node.model_copy(update={"status": "closed"}))
    if to_end and first is not None:
        return replace(plant, node=node.model_copy(update={"end_year": first - 1}))
    if from_start and last is not None:
        settled = plant.settled()  # the ramp does not begin anew
        return replace(settled, node=node.model_copy(update={"start_year": last + 1}))
    assert first is not None and last is not None  # noqa: S101, PT018  neither end is met
    return _idle(plant, first, last)


def opened(plant: Plant, status: StatusName, first: int | None, last: int | None) -> Plant:
    """Return a plant that runs in a period; other years in which it would run stay as they are.

    An OptionError if the period ends before the plant starts.
    """
    node = plant.node
    begin = node.start_year if first is None else first
    if begin is not None and last is not None and last < begin:
        raise OptionError(
            f"{node.id} cannot be opened until {last}: it starts in {begin}",
            hint="give from_year, the first year in which it runs",
        )
    years: tuple[int | None, int | None] = (begin, last)
    gap: tuple[int, int] | None = None
    if node.status in COUNTED:
        years, gap = _joined((node.start_year, node.end_year), years)
    update = {"status": status, "start_year": years[0], "end_year": years[1]}
    opened = replace(plant, node=node.model_copy(update=update))
    return opened if gap is None else _idle(opened, *gap)


def redated(plant: Plant, start: int | None, end: int | None) -> Plant:
    """Return a plant with another first or last year of output."""
    years = {"start_year": start, "end_year": end}
    update = {key: year for key, year in years.items() if year is not None}
    return replace(plant, node=plant.node.model_copy(update=update))


def _joined(
    row: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> tuple[tuple[int | None, int | None], tuple[int, int] | None]:
    """First and last year of two periods together, and the years between them, if any."""
    first, second = sorted((row, other), key=lambda years: years[0] or 0)
    start = None if None in (row[0], other[0]) else first[0]
    end = None if None in (row[1], other[1]) else max(row[1] or 0, other[1] or 0)
    if first[1] is not None and second[0] is not None and second[0] > first[1] + 1:
        return (start, end), (first[1] + 1, second[0] - 1)
    return (start, end), None


def _idle(plant: Plant, first: int, last: int) -> Plant:
    """Return a plant that stands still in the middle of its life."""
    years = (first, *(step.year for step in plant.settled().steps if first < step.year <= last))
    if any(plant.in_force(year).capacity is None for year in years):
        return replace(plant, shut=(*plant.shut, (first, last)))
    return _between(plant, first, last, lambda row: row.model_copy(update=_NOTHING))


def _after(plant: Plant, last: int | None) -> list[Capacity]:
    """The steps after a period; the first of them returns to what was in force."""
    if last is None or last >= _LAST_YEAR:
        return []
    return [*plant.steps_at(last + 1), *(step for step in plant.steps if step.year > last + 1)]


def _between(
    plant: Plant, first: int | None, last: int | None, change: Callable[[Any], Any]
) -> Plant:
    """Return a plant with what is in force in a period changed."""
    plant = plant.settled()
    node, steps = plant.node, list(plant.steps)
    if first is None:
        node = change(node)
    else:
        steps = [*(step for step in steps if step.year != first), *plant.steps_at(first)]
        steps.sort(key=step_order)
    before = [step for step in steps if first is not None and step.year < first]
    inside = [
        change(step)
        for step in steps
        if (first is None or step.year >= first) and (last is None or step.year <= last)
    ]
    return replace(plant, node=node, steps=(*before, *inside, *_after(plant, last)))
