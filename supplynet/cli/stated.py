"""Programs that an answer states beside those of the tables, and the rows by which they differ."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet import verify
from supplynet.cli.again import REASONS, Checked, declaration_of, is_of, query_of
from supplynet.errors import SupplynetError
from supplynet.network.schema import TABLES
from supplynet.network.uncertain import FIELDS
from supplynet.reports.data_writers import jsonable

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: part of a figure that it may be off, and by which figures are multiplied to see what follows them
_OFF, _FACTOR = 1e-6, 1.0 - 1e-4
#: so many rows are named, and so many figures are tried for each
_MOST = 3


def of_tables(content: Any, net: SupplyNetwork) -> Iterator[Checked]:
    """Yield whether answers rest on a network, and their programs state what its tables do.

    The question of each is asked again, of the network with the scenarios that the answer states.
    """
    for entry in _outermost(content):
        named = f"{entry['result']}: tables of {net.name}"
        origin = entry["provenance"]
        try:
            changed = net.with_scenario(*origin["scenarios"]) if origin.get("scenarios") else net
            if origin.get("digest"):
                word = "holds" if is_of(entry, changed) else "FAILS"
                yield word, f"{named} have the digest of those that were solved"
            if stated := programs_of(entry):
                yield from _of_programs(entry, stated, changed, named)
        except (SupplynetError, TypeError, KeyError, ValueError) as error:
            why = str(error).splitlines()[0]
            yield "not checked", f"{named}: it cannot be asked again ({why})"


def _outermost(content: Any) -> Iterator[Any]:
    """Yield the answers in a document that lie in no other."""
    if isinstance(content, dict) and "provenance" in content:
        yield content
    elif isinstance(content, (dict, list)):
        for piece in content.values() if isinstance(content, dict) else content:
            yield from _outermost(piece)


def _of_programs(entry: Any, stated: Programs, net: SupplyNetwork, named: str) -> Iterator[Checked]:
    """Yield whether programs are those of a network, and figures are read off them as declared."""
    ask, origin = _asking(entry), entry["provenance"]
    content = ask(net)
    own, again = origin["options"], content["provenance"]["options"]
    if others := [key for key in own if again.get(key) != own[key] and key not in REASONS]:
        raise TypeError(f"it would be of another {', '.join(others)}")
    tables = Tables(net, lambda other: programs_of(content if other is net else ask(other)))
    is_same = all(origin.get(key) == content["provenance"][key] for key in ("versions", "build"))
    if not is_same:  # another build may form other rows, and find optima that are as good
        alike = {key: one for key, one in stated.items() if one.is_like(tables.programs.get(key))}
        if n := len(stated) - len(alike):
            yield "not checked", f"{named}: {n} programs that this build forms otherwise"
        stated = alike
    faults = [*tables.departures(stated)]
    if is_same and not faults:
        read = _readings(entry) - _readings(content)
        faults = [f"{table}.{key} is read otherwise" for table, key, _ in sorted(read)[:_MOST]]
    what = f"{named}: {len(stated)} programs have its capacities, contents, recoveries and limits"
    yield ("FAILS" if faults else "holds"), "; ".join([what, *faults])


def _asking(entry: Any) -> Callable[[SupplyNetwork], Any]:
    """Return what asks a network what an answer was asked."""
    declared = declaration_of(entry["result"])
    if declared is None:
        raise TypeError(f"{entry['result']} is no answer to a question")
    words = query_of(declared, entry)
    words.pop("scenario", None)  # the network has it
    return lambda network: jsonable(declared.ask(network, words).to_dict())


class Stated(NamedTuple):
    """The figures of a program, each with the variables that it is about."""

    names: tuple[str, ...]  #: of its variables
    rows: list[tuple[int, ...]]  #: the variables that meet in each
    #: entries of the rows, limits of rows and variables, worths
    figures: list[tuple[float, tuple[int, ...]]]

    def is_like(self, other: Stated | None) -> bool:
        """Whether another has the same rows of variables of the same names."""
        return other is not None and self[:2] == other[:2]

    def is_beside(self, other: Stated | None) -> bool:
        """Whether another has the same rows; variables may have names where they move alone."""
        if other is None or len(self.names) != len(other.names):
            return False
        return self.rows == other.rows

    def about(self, variables: Sequence[int]) -> str:
        """Return the names of some variables."""
        named = [self.names[variable] for variable in variables if self.names[variable]]
        return " + ".join([*named[:_MOST], *["..."] * (len(named) > _MOST)]) or "no name"


#: what is read of answers: programs by the answer or part of it that has them, and their names
Programs = Mapping[tuple[str, str], Stated]


def programs_of(content: Any) -> Programs:
    """Return the programs of answers, but for those that rest on the point of another."""
    programs = dict[tuple[str, str], Stated]()
    for answer in verify.parts_of(content):
        for proof in answer.get("proof", ()):
            read = dict[str, verify.Program]()
            for record in proof["programs"]:
                program = read[record["name"]] = verify.Program(proof, record, read)
                if not program.told.keys() & {"along", "of"}:
                    element = answer["provenance"]["options"].get("element", "")
                    key = f"{answer['result']} {element}", record["name"]
                    programs[key] = _stated(program, proof)
    return programs


def _readings(content: Any) -> set[tuple[str, str, str]]:
    """Return how figures of answers are read off their programs, and what can be removed."""
    return {
        (part["table"], part["key"], json.dumps(part, sort_keys=True))
        for answer in verify.parts_of(content)
        for proof in answer.get("proof", ())
        for part in (*proof["figures"], {"table": "", "key": "cost", **proof.get("elements", {})})
    }


def _stated(program: verify.Program, proof: Any) -> Stated:
    names = verify.unpack(proof["names"][program.told["names"]])
    rows = [tuple(columns) for columns, _ in program.rows]
    alone = [(column,) for column in range(len(names))]
    values = zip(rows, program.rows, strict=True)
    entries = [(value, columns) for columns, (_, row) in values for value in row]
    ends = zip([*rows, *alone], program.ends, strict=True)
    limits = [(limit, columns) for columns, both in ends for limit in both]
    figures = [*entries, *limits, *zip(program.c, alone, strict=True)]
    return Stated(names, rows, [(float(value), columns) for value, columns in figures])


def _others(stated: Programs, known: Programs) -> list[tuple[tuple[str, str], int]]:
    """Return which figures of programs are others in those that are known."""
    return [
        (key, n)
        for key, program in stated.items()
        if program.is_beside(known.get(key))
        for n, (own, other) in enumerate(zip(program.figures, known[key].figures, strict=True))
        if own[0] != other[0] and not abs(own[0] - other[0]) <= _OFF * abs(own[0])
    ]


class Cell(NamedTuple):
    """A figure of a table."""

    table: str
    row: int  #: its place in the table
    column: str


@dataclass(frozen=True)
class Tables:
    """A network, and what asks it for the programs of an answer."""

    net: SupplyNetwork
    ask: Callable[[SupplyNetwork], Programs]

    @cached_property
    def programs(self) -> Programs:
        """The programs of the answer; none where it cannot be asked."""
        try:
            return self.ask(self.net)
        except SupplynetError:
            return {}

    def departures(self, stated: Programs) -> Iterator[str]:
        """Yield what programs state otherwise, by the rows of the tables; nothing if all is so."""
        tables = self
        for _ in range(_MOST):
            known = tables.programs
            unlike = [key for key in stated if not stated[key].is_like(known.get(key))]
            others = _others(stated, known)
            if not unlike and not others:
                return
            moved = tables._nearest(others, stated) if others else None
            moved = moved or (tables._without(unlike[0], stated) if unlike else None)
            if moved is None:
                break
            text, tables = moved
            yield text
        else:
            return
        yield from tables._plainly(unlike, others, stated)

    def _nearest(self, others: list[Any], stated: Programs) -> tuple[str, Tables] | None:
        """Return the figure of a table by which most figures of programs are as they are stated."""
        key, n = others[0]
        known, wanted = self.programs[key].figures[n][0], stated[key].figures[n][0]
        cells = [
            Cell(table, place, column)
            for table in {**FIELDS, **TABLES}
            for place, row in enumerate(self.net.rows(table))
            for column, value in row
            if isinstance(value, float) and value
        ]
        best = dict[int, list[tuple[str, Tables]]]()
        steps = ((cell, self._step(cell, key, n)) for cell in self._followed(key, n, cells))
        for cell, step in islice(((cell, step) for cell, step in steps if step), _MOST):
            factor = 1.0 + (wanted - known) / step
            tables = self._multiplied([cell], factor)
            n_left = len(_others(stated, tables.programs)) if tables.programs else len(others)
            value = getattr(self.net.rows(cell.table)[cell.row], cell.column)
            where = f"{self._place(cell.table, cell.row)}, {cell.column}"
            text = f"{where}: {value * factor:.6g} is stated, {value:.6g} in the table"
            best.setdefault(n_left, []).extend([(text, tables)] * (factor >= 0.0))
        least = min(best, default=len(others))
        if least == len(others):
            return None
        return " or ".join(text for text, _ in best[least]), best[least][0][1]

    def _step(self, cell: Cell, key: tuple[str, str], n: int) -> float:
        """Return by how much a figure of a program grows if a cell is doubled."""
        own = self.programs[key]
        for factor in (_FACTOR, 2.0 - _FACTOR):  # less than what is agreed upon cannot be asked
            moved = self._multiplied([cell], factor).programs.get(key)
            if moved and own.is_beside(moved):
                return (moved.figures[n][0] - own.figures[n][0]) / (factor - 1.0)
        return 0.0

    def _followed(
        self, key: tuple[str, str], n: int, cells: list[Cell], *, is_sure: bool = False
    ) -> Iterator[Cell]:
        """Yield the cells of some that a figure of a program follows, looked for in halves.

        `is_sure` says that there is one.
        """
        own, moved = self.programs[key], None
        if not is_sure:
            moved = self._multiplied(cells, _FACTOR).programs.get(key)
        if moved and own.is_beside(moved) and own.figures[n] == moved.figures[n]:
            return
        if middle := len(cells) // 2:
            left = self._followed(key, n, cells[:middle])
            first = [*islice(left, 1)]
            yield from first
            yield from left
            yield from self._followed(key, n, cells[middle:], is_sure=not first)
        else:
            yield from cells

    def _multiplied(self, cells: Sequence[Cell], factor: float) -> Tables:
        """Return the tables with some figures multiplied."""
        rows: dict[str, Any] = {table: list(self.net.rows(table)) for table, _, _ in cells}
        for table, place, column in cells:
            row = rows[table][place]
            rows[table][place] = row.with_cells(**{column: getattr(row, column) * factor})
        return Tables(self.net.replace(**rows), self.ask)

    def _without(self, key: tuple[str, str], stated: Programs) -> tuple[str, Tables] | None:
        """Return the restriction without which a program is as it is stated."""
        rows = self.net.rows("restrictions")
        for place in range(len(rows)):
            others: dict[str, Any] = {"restrictions": [*rows[:place], *rows[place + 1 :]]}
            tables = Tables(self.net.replace(**others), self.ask)
            if stated[key].is_like(tables.programs.get(key)):
                where = f"{self._place('restrictions', place)}, withheld"
                value = rows[place].withheld  # type: ignore[attr-defined]
                return f"{where}: nothing is stated, {value:.6g} in the table", tables
        return None

    def _place(self, table: str, place: int) -> str:
        """Return file, number and key of a row; of what a scenario adds, its table and key."""
        row = self.net.rows(table)[place]
        key = " ".join(str(getattr(row, column)) for column in row.key[:_MOST])
        return f"{self.net.file_of(table)} row {self.net.row_number(table, place)} ({key})"

    def _plainly(self, unlike: list[Any], others: list[Any], stated: Programs) -> Iterator[str]:
        """Yield what programs state otherwise where no figure of a table is the reason."""
        for key, n in others[:1]:
            own, by = stated[key], self.programs[key].figures[n][0]
            value, variables = own.figures[n]
            yield f"{key[1]}, {own.about(variables)}: {value:.6g} is stated, {by:.6g} by the tables"
        for key in unlike[: not others]:
            if key not in self.programs:
                yield f"{key[1]}: the tables have no such program"
                continue
            both = stated[key], self.programs[key]
            words = [set(re.split("[ >]", " ".join(program.names))) for program in both]
            for place, row in enumerate(self.net.node_rows):
                if (row.id in words[0]) != (row.id in words[1]):
                    is_not = "" if row.id in words[0] else "not "
                    yield f"{self._place('nodes', place)}: {is_not}in the program {key[1]}"
            named = [Counter(map(program.about, program.rows)) for program in both]
            for word, more in (
                ("stated", named[0] - named[1]),
                ("in the tables", named[1] - named[0]),
            ):
                where = "; ".join([*more][:_MOST])
                yield from [f"{key[1]}: rows of {where} are only {word}"] * bool(more)
