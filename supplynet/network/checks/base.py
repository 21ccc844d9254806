"""What a named check is: it names row, column, value, fault and hint of whatever is wrong."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from supplynet.errors import UsageError
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.schema import TABLES, Unit
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

Severity = Literal["error", "warning"]
#: column, value, what is wrong, and hint
Fault: TypeAlias = tuple[str, object, str, str]
#: the same after table (or file) and number of the row
Placed: TypeAlias = tuple[str, int | None, str, object, str, str]
HEAD = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; called with a network it yields the problems that it finds."""

    code: str  #: stable name
    severity: Severity  #: error: answers would be wrong; warning: a reader should know
    find: Callable[[SupplyNetwork], Iterable[Placed]]

    def __call__(self, net: SupplyNetwork) -> Iterator[Problem]:
        """Yield the problems of a network."""
        for table, number, column, value, message, hint in self.find(net):
            yield Problem(self.code, message, file_of(table), number, column, _shown(value), hint)


def _shown(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def file_of(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.csv" if table in TABLES else table


def numbered(net: SupplyNetwork, table: str) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a table with their number in a spreadsheet: the header is row 1."""
    return ((net.row_number(table, at), row) for at, row in enumerate(net.rows(table)))


def named(
    code: str, severity: Severity = "error"
) -> Callable[[Callable[[SupplyNetwork], Iterable[Placed]]], Check]:
    """Declare a check of a whole network, which yields faults with their table and row."""
    return lambda find: Check(code, severity, find)


def of_rows(
    code: str, *tables: str, severity: Severity = "error", selectors: tuple[str, ...] = ()
) -> Callable[[Callable[[SupplyNetwork, Any], Iterable[Fault]]], Check]:
    """Declare a check of the rows of tables one by one; filled `selectors` must name nodes."""

    def made(find: Callable[[SupplyNetwork, Any], Iterable[Fault]]) -> Check:
        def faults(net: SupplyNetwork) -> Iterator[Placed]:
            for table in tables:
                for number, row in numbered(net, table):
                    for fault in (*names_nodes(net, row, *selectors), *find(net, row)):
                        yield (table, number, *fault)

        return Check(code, severity, faults)

    return made


def names_nodes(net: SupplyNetwork, row: Any, *selectors: str) -> Iterator[Fault]:
    """Yield the filled columns of a row whose selectors are wrong or name no node."""
    for column in selectors:
        text = getattr(row, column)
        try:
            if not text or select(net, text).surely:
                continue
            message, hint = "the selector names no node", "delete the row or widen the selector"
        except UsageError as error:
            message, hint = error.message, error.hint
        yield column, text, message, hint


def nodes_of(net: SupplyNetwork, text: str) -> frozenset[str]:
    """Return the nodes that a selector surely names; none where it is wrong, told elsewhere."""
    try:
        return select(net, text).surely if text else frozenset()
    except UsageError:
        return frozenset()


def declared(net: SupplyNetwork, name: str, *further: str) -> Generator[Fault, None, Unit | None]:
    """Return the unit of a row; yield that it is not declared where it is none of `further`."""
    unit = net.unit_by_name.get(name)
    if unit is None and name not in further:
        known = (*net.unit_by_name, *further)
        message = f"the unit is not declared; declared are {', '.join(known)}"
        yield (
            "unit",
            name or "(empty)",
            message,
            did_you_mean(name, known) if name else "give the unit",
        )
    return unit
