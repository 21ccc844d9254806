"""Lines of a file into numbers: what a cell may hold, and what is wrong with one that may not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from supplynet.errors import OptionError
from supplynet.io.explain import show
from supplynet.io.trade.layouts import Reading
from supplynet.io.trade.lines import Batch
from supplynet.model.problems import Problem

DIGITS = 6
#: faults that are kept in words; the rest are counted
MAX_EXPLAINED = 24
FLOWS = {
    **dict.fromkeys(("m", "import", "imports", "1"), "M"),
    **dict.fromkeys(("x", "export", "exports", "2"), "X"),
}
_BLANK = frozenset({"", "na", "nan", "null", "none", "n/a"})
_FURTHER = ("customs", "mode", "partner2")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class _Fault(Exception):
    """A cell that cannot be read."""

    def __init__(self, column: str, value: str, message: str) -> None:
        self.column, self.value, self.message = column, value, message


@dataclass
class Found:
    """Cells of the rows that were asked for, column by column, and counts of all others.

    The first of ``sides`` is the reporter where there is one, else the exporter.
    """

    files: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    firsts: list[str] = field(default_factory=list)
    seconds: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    tonnes: list[float] = field(default_factory=list)
    is_total: list[bool] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    other_years: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class RowReader:
    """Turns lines of one file into the columns of :class:`Found`.

    Parameters
    ----------
    path : pathlib.Path
    number : int
        Place of the file among all.
    reading : Reading
    codes : collection of str
        Six digits each; empty: every code.
    years : collection of int
        Empty: every year.
    where : mapping of str to str
        What further columns must hold.
    """

    path: Path
    number: int
    reading: Reading
    codes: Collection[str]
    years: Collection[int]
    where: Mapping[str, str]

    def __post_init__(self) -> None:
        for name in self.where:
            if name not in self.reading.names:
                raise OptionError(
                    f"{self.path}: there is no column {show(name)!r} to choose rows by",
                    hint=f"the columns are {show(', '.join(self.reading.names))}",
                )
        if "year" not in self.reading.places and len(self.years) != 1:
            raise OptionError(
                f"{self.path}: no column holds the year",
                hint="give the one year that the file is about",
            )

    def add(self, batch: Batch, found: Found) -> None:
        """Add the rows of a batch."""
        found.counts["read"] += batch.n_read
        found.counts["other-code"] += batch.n_read - len(batch.rows)
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            try:
                found.counts[self._add_row(line, cells, found)] += 1
            except _Fault as fault:
                found.counts["malformed"] += 1
                if len(found.problems) < MAX_EXPLAINED:
                    found.problems.append(
                        Problem(
                            "malformed-row",
                            fault.message,
                            file=str(self.path),
                            row=line,
                            column=fault.column,
                            value=show(fault.value),
                        )
                    )

    def _add_row(self, line: int, cells: list[str], found: Found) -> str:
        """Add a row if it was asked for; return why not."""
        places = self.reading.places
        if len(cells) != len(self.reading.names):
            message = f"has {len(cells)} cells where the header has {len(self.reading.names)}"
            raise _Fault("", ",".join(cells), message)
        code = six_digits(cells[places["code"]])
        if code not in self.codes if self.codes else len(code) != DIGITS:
            return "finer-code" if code[:DIGITS] in self.codes else "other-code"
        year = self._year(cells)
        if self.years and year not in self.years:
            found.other_years.add(year)
            return "other-year"
        if any(cells[self.reading.names.index(name)] != text for name, text in self.where.items()):
            return "other-rows"
        flow = "T"
        if "flow" in places:
            word = cells[places["flow"]].strip().lower()
            if word not in FLOWS:
                return "other-flow"
            flow = FLOWS[word]
        value = self._number(cells, "value") * self.reading.dollars
        tonnes = self._number(cells, "weight") * self.reading.tonnes
        first, second = (
            ("reporter", "partner") if "reporter" in places else ("exporter", "importer")
        )
        found.files.append(self.number)
        found.lines.append(line)
        found.years.append(year)
        found.codes.append(code)
        found.firsts.append(cells[places[first]].strip())
        found.seconds.append(cells[places[second]].strip())
        found.flows.append(flow)
        found.values.append(0.0 if math.isnan(value) else value)
        found.tonnes.append(tonnes)
        found.is_total.append(
            all(_is_total(cells[places[name]]) for name in _FURTHER if name in places)
        )
        return "kept"

    def _year(self, cells: list[str]) -> int:
        if "year" not in self.reading.places:
            return next(iter(self.years))
        text = cells[self.reading.places["year"]].strip()
        if len(text) != 4 or not text.isascii() or not text.isdigit():
            raise _Fault(self.reading.name("year"), text, "must be a year of four digits")
        year = int(text)
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise _Fault(
                self.reading.name("year"), text, f"must be from {_FIRST_YEAR} to {_LAST_YEAR}"
            )
        return year

    def _number(self, cells: list[str], name: str) -> float:
        """A number of a row; NaN where there is none."""
        if name not in self.reading.places:
            return math.nan
        text = cells[self.reading.places[name]].strip()
        if text.lower() in _BLANK:
            return math.nan
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 <= number < math.inf or "_" in text:
            message = "must be a number that is not negative, written plain, such as 1234.5"
            raise _Fault(self.reading.name(name), text, message)
        return number


def six_digits(text: str) -> str:
    """Return a code with the leading zero that spreadsheets take away.

    Examples
    --------
    >>> six_digits(" 50100"), six_digits("850511"), six_digits("8505")
    ('050100', '850511', '8505')
    """
    code = text.strip()
    return code.zfill(DIGITS) if len(code) == DIGITS - 1 and code.isdigit() else code


def _is_total(text: str) -> bool:
    """Whether a customs procedure, mode of transport or second partner stands for all."""
    return text.strip().upper() in ("", "0", "C00", "W00")
