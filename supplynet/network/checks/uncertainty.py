"""Checks of the table of uncertainty: distributions, correlations and chances that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from supplynet.network.checks.money import names_nodes
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.problems import Problem, did_you_mean
from supplynet.terms import STATUSES, must_be_one_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Uncertainty

#: tables whose figures are drawn
DRAWN = ("nodes", "capacities", "edges", "rules", "demand", "recoveries", "scrap")
#: columns that a row of each kind must fill
_NEEDED = {
    "range": ("shape",),
    "cause": ("cause", "correlation"),
    "outage": ("rate", "depth"),
    "shock": ("rate", "days", "depth"),
    "project": ("status", "chance"),
    "policy": ("rate", "days", "depth"),
}
#: columns that each kind may fill beside these
_ALLOWED = {
    "range": ("tables",),
    "cause": ("tables",),
    "outage": ("days", "days_low", "days_high", "depth_low", "depth_high"),
    "shock": ("days_low", "days_high", "depth_low", "depth_high"),
    "project": ("delay", "delay_late"),
    "policy": ("days_low", "days_high", "depth_low", "depth_high"),
}
_COLUMNS = tuple(
    dict.fromkeys(name for group in (_NEEDED, _ALLOWED) for kind in group.values() for name in kind)
)


def uncertainty(net: SupplyNetwork) -> Iterator[Problem]:
    """Rows that fill the wrong columns, or say what no distribution can be."""
    correlations: dict[str, tuple[int, float]] = {}
    for number, line in numbered(net, "uncertainty"):
        row = cast("Uncertainty", line)
        if row.nodes:
            yield from names_nodes(net, "uncertainty", "uncertainty", number, "nodes", row.nodes)
        yield from _columns(number, row)
        yield from _words(number, row)
        yield from _figures(net, number, row)
        if row.kind == "cause" and row.correlation is not None:
            yield from _positive(number, row, correlations)
    yield from _lognormal(net)


def _columns(number: int, row: Uncertainty) -> Iterator[Problem]:
    """Columns that the kind needs and that are empty, and those that say nothing for it."""
    for column in _COLUMNS:
        is_filled = getattr(row, column) not in (None, "", ())
        if column in _NEEDED[row.kind] and not is_filled:
            message = f"a row of kind {row.kind} needs it"
            yield _problem(number, column, "(empty)", message, "fill it")
        if is_filled and column not in (*_NEEDED[row.kind], *_ALLOWED[row.kind]):
            message = f"says nothing for a row of kind {row.kind}"
            yield _problem(number, column, str(getattr(row, column)), message, "leave it empty")


def _words(number: int, row: Uncertainty) -> Iterator[Problem]:
    """Tables and states that are not known."""
    for column, words, known in (("tables", row.tables, DRAWN), ("status", row.status, STATUSES)):
        for word in words:
            if word not in known:
                message = must_be_one_of(known)
                yield _problem(number, column, word, message, did_you_mean(word, known))


def _figures(net: SupplyNetwork, number: int, row: Uncertainty) -> Iterator[Problem]:
    """Delays that are negative or end before their median, and stops of unknown length."""
    if row.delay is not None and row.delay <= 0.0:
        message = "the median of a lognormal delay must be above 0"
        yield _problem(number, "delay", f"{row.delay:g}", message, "leave it empty for no delay")
    elif (row.delay is None) != (row.delay_late is None):
        column = "delay" if row.delay is None else "delay_late"
        yield _problem(number, column, "(empty)", "delay and delay_late go together", "give both")
    elif row.delay is not None and row.delay_late is not None and row.delay_late < row.delay:
        message = f"lies below the median {row.delay:g}, so that the spread would be negative"
        hint = "give the delay that 1 in 10 plants passes"
        yield _problem(number, "delay_late", f"{row.delay_late:g}", message, hint)
    if row.kind == "outage" and row.days is None and not net.rows("outages"):
        message = "no length is given, and the graph has no table outages"
        yield _problem(number, "days", "(empty)", message, "give the days, or add outages.csv")
    for name in ("days", "depth"):
        ends = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
        if (ends[0] is None) != (ends[1] is None):
            column = f"{name}_low" if ends[0] is None else f"{name}_high"
            yield _problem(number, column, "(empty)", "a range has two ends", "give both or none")


def _positive(
    number: int, row: Uncertainty, correlations: dict[str, tuple[int, float]]
) -> Iterator[Problem]:
    """Correlations whose matrix would not be positive: those of the causes of a table above 1."""
    for table in row.tables or DRAWN:
        earlier = correlations.get(table, (number, 0.0))
        total = earlier[1] + cast(float, row.correlation)
        if earlier[1] <= 1.0 < total:
            message = (
                f"the causes of {table} add up to {total:g}, above 1, so that the matrix of their "
                "correlations is not positive"
            )
            hint = "lower some of them: what is left to 1 is each figure's own"
            yield _problem(number, "correlation", f"{row.correlation:g}", message, hint)
        correlations[table] = number, total


def _lognormal(net: SupplyNetwork) -> Iterator[Problem]:
    """Lognormal figures with an end at zero, which no such distribution reaches."""
    from supplynet.network.uncertain import cells_of

    for cell in cells_of(net):
        if cell.shape == "lognormal" and cell.low <= 0.0 < cell.high:
            message = "a lognormal figure is above 0, and its low end is not"
            hint = "give a low end above 0, or draw it as pert"
            file, number = file_of(cell.table), net.row_number(cell.table, cell.row)
            yield Problem("uncertainty", message, file, number, cell.field, f"{cell.low:g}", hint)


def _problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("uncertainty", message, file_of("uncertainty"), number, column, value, hint)
