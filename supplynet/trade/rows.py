"""Lines of a file into numbers: what a cell may hold, and what is wrong with one that may not."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from supplynet.errors import OptionError
from supplynet.io.delimited import Comma, comma_of, number_of
from supplynet.limits import MAX_AMOUNT
from supplynet.network.explain import show
from supplynet.network.problems import Problem
from supplynet.trade.clean import OWN_CODE
from supplynet.trade.columns import UNITS
from supplynet.trade.layouts import Reading
from supplynet.trade.lines import Batch, Source

DIGITS = 6
#: faults that are kept in words; the rest are counted
MAX_EXPLAINED = 24
#: directions of trade, without capitals and signs
FLOWS = {
    **dict.fromkeys(("m", "import", "imports", "imp", "grossimp", "grossimports", "1", "5"), "M"),
    **dict.fromkeys(("x", "export", "exports", "exp", "grossexp", "grossexports", "2", "6"), "X"),
}
#: directions that imports or exports hold already
PARTIAL = frozenset(
    ("rx", "rm", "dx", "fm", "mip", "xip", "mop", "xop", "3", "4", "reexp", "reimp")
    + ("reexport", "reexports", "reimport", "reimports", "domesticexport", "domesticexports")
    + ("foreignimport", "foreignimports")
)
#: no figure: Eurostat writes a colon, the World Bank dots
_BLANK = frozenset(
    {"", "na", "nan", "null", "none", "n/a", "n.a.", ":", "..", "...", "-", "--", "not available"}
)
_FURTHER = ("customs", "mode", "partner2")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
#: dollars, or kilograms: all goods of the world in a year are 1e14 at most
_MOST = MAX_AMOUNT
# a year; Eurostat writes it as the month 52
_YEAR = re.compile(r"(\d{4})(?:\.0|-?52)?", re.ASCII)
# a month; tables of dates write it as its first day
_MONTH = re.compile(r"(\d{4})-?M?(0[1-9]|1[0-2])(?:-01(?:[T ][0:.Z]+)?)?", re.ASCII)
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/.-](\d{4})", re.ASCII)
_MONTH_ALONE = re.compile(r"0?[1-9]|1[0-2]", re.ASCII)
#: letters of a country with its continent before it
_PREFIXED = 5
_BEFORE = re.compile(r"^('|HS[ -]?)", re.ASCII | re.IGNORECASE)
_PARTED = re.compile(r"\d\d[. -]?\d\d(?:[. -]\d\d){1,3}|\d{4}\.\d\d\.\d{4}", re.ASCII)


class _Fault(Exception):
    """A cell that cannot be read."""

    def __init__(self, column: str, value: str, message: str) -> None:
        self.column, self.value, self.message = column, value, message


#: cells of a row that was asked for. The first country is the reporter where there is one, else
#: the exporter. A value is NaN where the file has none, the month 0 for a whole year; the detail
#: holds a code of more than six digits, and is empty for others
CELLS = (
    *("file", "line", "year", "hs6", "first", "second", "flow", "value_usd", "tonnes"),
    *("is_total", "month", "detail", "edition"),
)


@dataclass
class Found:
    """Rows that were asked for, and counts of all others."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)  #: each with its :data:`CELLS`
    counts: Counter[str] = field(default_factory=Counter)
    other_years: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class RowReader:
    """Turns lines of one file into the rows of :class:`Found`."""

    path: Source
    number: int  #: place of the file among all
    reading: Reading
    codes: Collection[str]  #: six digits each; empty: every code
    years: Collection[int]  #: empty: every year
    where: Mapping[str, str]  #: what further columns must hold
    #: what parts the cells of the file: beside semicolons a comma may part decimals
    delimiter: str = ","

    def __post_init__(self) -> None:
        for name in self.where:
            if name not in self.reading.names:
                raise OptionError(
                    f"{self.path}: there is no column {show(name)!r} to choose rows by",
                    hint=f"the columns are {show(', '.join(self.reading.names))}",
                )
        unit = self.reading.unit_by_row
        if unit and unit not in self.where:
            raise OptionError(
                f"{self.path}: column {show(unit)!r} says row by row what the figures are",
                hint=f"choose the rows with --where {show(unit)}=... (where=), and say with "
                "--columns what they hold",
            )
        has_year = "year" in self.reading.places or self.reading.year is not None
        if not has_year and len(self.years) != 1:
            raise OptionError(
                f"{self.path}: no column holds the year",
                hint="give the one year that the file is about, such as --year 2022 (year=2022)",
            )

    def add(self, batch: Batch, found: Found) -> None:
        """Add the rows of a batch; where years are columns, a row for each year."""
        found.counts["read"] += batch.n_read
        found.counts["other-code"] += batch.n_read - len(batch.rows)
        comma = self._comma(batch)
        parts = [replace(self, reading=reading) for reading in self.reading.parts] or [self]
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            for index, reader in enumerate(parts):
                try:
                    reason, is_of_all = reader._add_row(line, cells, comma, found), False
                except _Fault as fault:
                    reason, is_of_all = "malformed", fault.column == ""
                    self._explain(line, fault, found)
                found.counts[reason] += 1
                found.counts["read"] += index > 0
                if reason == "other-code" or is_of_all:
                    break

    def _explain(self, line: int, fault: _Fault, result: Found) -> None:
        if len(result.problems) < MAX_EXPLAINED:
            result.problems.append(
                Problem(
                    "malformed-row",
                    fault.message,
                    file=str(self.path),
                    row=line,
                    column=fault.column,
                    value=show(fault.value),
                )
            )

    def _comma(self, batch: Batch) -> Comma:
        """What a comma is in the numbers of a batch."""
        if self.delimiter == ",":
            return "thousands"
        names = ("value", "weight", "quantity")
        every = [reading.places for reading in (self.reading, *self.reading.parts)]
        places = {columns[name] for columns in every for name in names if name in columns}
        cells = (row[at].strip() for row in batch.rows for at in places if at < len(row))
        return comma_of([cell for cell in cells if "," in cell], self.delimiter)

    def _add_row(self, line: int, cells: list[str], comma: Comma, result: Found) -> str:
        """Add a row if it was asked for; return why not."""
        places, n_names = self.reading.places, len(self.reading.names)
        if len(cells) != n_names and (len(cells) < n_names or any(cells[n_names:])):
            message = f"has {len(cells)} cells where the header has {n_names}"
            raise _Fault("", ",".join(cells), message)
        written = self._code(cells[places["code"]])
        code = written[:DIGITS]
        is_finer = len(written) > DIGITS and written.isascii() and written.isdigit()
        if (code not in self.codes if self.codes else len(code) != DIGITS) or (
            len(written) > DIGITS and not is_finer
        ):
            return "other-code"
        year, month = self._time(cells)
        if self.years and year not in self.years:
            result.other_years.add(year)
            return "other-year"
        if any(cells[self.reading.names.index(name)] != text for name, text in self.where.items()):
            return "other-rows"
        flow = self._flow(cells)
        if flow == "":
            return "other-flow"
        value = self._number(cells, "value", comma) * self.reading.dollars
        tonnes = self._tonnes(cells, comma)
        if math.isnan(tonnes) and math.isnan(value) and self._may_be_empty():
            return "empty"
        first, second = (
            ("reporter", "partner") if "reporter" in places else ("exporter", "importer")
        )
        is_worth_nothing = math.isnan(value) and "value" in places
        result.rows.append(
            (
                self.number,
                line,
                year,
                code,
                self._country(cells[places[first]]),
                self._country(cells[places[second]]),
                flow,
                0.0 if is_worth_nothing else value,
                tonnes,
                all(_is_total(cells[places[name]]) for name in _FURTHER if name in places),
                month,
                written if is_finer else "",
                cells[places["edition"]].strip() if "edition" in places else "",
            )
        )
        return "kept"

    def _code(self, text: str) -> str:
        """Digits of a code, without what a publisher puts before them."""
        publisher, code = self.reading.publisher, six_digits(text)
        has_prefix = publisher is not None and publisher.has_code_prefix
        return code[-DIGITS:] if has_prefix and len(code) in (DIGITS + 1, DIGITS + 2) else code

    def _country(self, text: str) -> str:
        publisher, code = self.reading.publisher, text.strip()
        has_prefix = publisher is not None and publisher.has_country_prefix
        if publisher is not None and publisher.has_own_countries and code.isdigit():
            return f"{OWN_CODE}{code}"
        return code[2:] if has_prefix and len(code) == _PREFIXED else code

    def _may_be_empty(self) -> bool:
        """Whether a row without a figure says nothing, as in a year without trade."""
        return self.reading.year is not None or "value" not in self.reading.places

    def _flow(self, cells: list[str]) -> str:
        """``M``, ``X`` or, where no column states, ``T``; empty for what the two hold already."""
        if "flow" not in self.reading.places:
            return "T"
        text = cells[self.reading.places["flow"]]
        word = re.sub(r"[^a-z0-9]", "", text.lower())
        if word in FLOWS:
            return FLOWS[word]
        if word in PARTIAL:
            return ""
        raise _Fault(self.reading.name("flow"), text, "must be a direction of trade, M or X")

    def _time(self, cells: list[str]) -> tuple[int, int]:
        """Year and month of a row; month 0 for a whole year."""
        places = self.reading.places
        if self.reading.year is not None:
            return self.reading.year, 0
        if "year" not in places:
            return next(iter(self.years)), 0
        text = cells[places["year"]].strip()
        period = cells[places["period"]].strip() if "period" in places else ""
        turned = _MONTH_FIRST.fullmatch(text)
        if turned is not None:
            text = f"{turned[2]}-{int(turned[1]):02d}"
        month = _MONTH.fullmatch(text) or _MONTH.fullmatch(period)
        total = _YEAR.fullmatch(text)
        if total is None and month is None:
            raise _Fault(self.reading.name("year"), text, "must be a year of four digits")
        year = int((total or month)[1])  # type: ignore[index]
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise _Fault(
                self.reading.name("year"), text, f"must be from {_FIRST_YEAR} to {_LAST_YEAR}"
            )
        if month is not None:
            return year, int(month[2])
        sentence = cells[places["month"]].strip() if "month" in places else ""
        return year, int(sentence) if _MONTH_ALONE.fullmatch(sentence) else 0

    def _tonnes(self, cells: list[str], comma: Comma) -> float:
        """The weight of a row, or its quantity where that is a weight; NaN where there is none."""
        tonnes = self._number(cells, "weight", comma) * self.reading.tonnes
        places = self.reading.places
        if (math.isnan(tonnes) or tonnes == 0.0) and "quantity" in places and "unit" in places:
            unit = re.sub(r"[^a-z0-9]", "", cells[places["unit"]].lower())
            if unit in UNITS:
                return self._number(cells, "quantity", comma) * UNITS[unit]
        return tonnes

    def _number(self, cells: list[str], name: str, comma: Comma) -> float:
        """A number of a row; NaN where there is none."""
        if name not in self.reading.places:
            return math.nan
        text = cells[self.reading.places[name]].strip()
        if text.lower() in _BLANK:
            return math.nan
        index = number_of(text, comma)
        if _MOST <= index < math.inf:
            message = f"is more than any flow of trade can be ({_MOST:g} and above are refused)"
            raise _Fault(self.reading.name(name), text, message)
        if not 0 <= index < math.inf:
            message = "must be a number that is not negative, written plain, such as 1234.5"
            if "," in text:
                message += "; whether a comma parts thousands or decimals cannot be derived"
            raise _Fault(self.reading.name(name), text, message)
        return index


def six_digits(text: str) -> str:
    """Return a code as digits alone, with the leading zero that spreadsheets take away.

    Examples
    --------
    >>> six_digits(" 50100"), six_digits("850511"), six_digits("8505.11"), six_digits("8505")
    ('050100', '850511', '850511', '8505')
    >>> six_digits("HS 85 05 11"), six_digits("8505.11.0000")
    ('850511', '8505110000')
    """
    code = text.strip()
    if not code.isdigit():
        code = _BEFORE.sub("", code).removesuffix(".0")
        if _PARTED.fullmatch(code):
            code = re.sub("[. -]", "", code)
    return code.zfill(DIGITS) if len(code) == DIGITS - 1 and code.isdigit() else code


def code_of(text: str, hint: str = "write for example 850511") -> str:
    """Return a code of six digits by what a user writes; an OptionError where it is none."""
    code = six_digits(text)
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        raise OptionError(
            f"{text!r} is no code of the Harmonized System: it has six digits", hint=hint
        )
    return code


def _is_total(text: str) -> bool:
    """Whether a customs procedure, mode of transport or second partner stands for all."""
    return text.strip().upper() in ("", "0", "C00", "W00")
