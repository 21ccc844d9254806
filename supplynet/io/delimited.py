"""Tables of strangers: where the columns start, what parts the cells, and what a cell's number is.

Statistical offices publish CSV with titles above the header, other separators, thousands
separators, footnotes and damaged characters. Each is recognized, or refused with its place;
none is guessed where two readings are possible.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from supplynet import limits
from supplynet.errors import DataError, OptionError, TableError, UnknownNameError
from supplynet.network.explain import show
from supplynet.network.problems import Problem
from supplynet.terms import did_you_mean

Comma = Literal["decimals", "thousands", "unknown"]
_GROUPS = re.compile(r"\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}")
_GROUPS_OF_DOTS = re.compile(r"\d{1,3}(\.\d{3})+,\d*|\d{1,3}(\.\d{3}){2,}")
_GROUPS_OF_BLANKS = re.compile(r"\d{1,3}([ '\u00a0\u2009\u202f]\d{3})+([.,]\d+)?")
_DECIMALS = re.compile(r"\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+")
_EITHER = re.compile(r"\d{1,3},\d{3}")
_ONE_DOT = re.compile(r"\d{1,3}\.\d{3}")


def comma_of(cells: Sequence[str], delimiter: str) -> Comma:
    """Return what a comma in numbers is, by the numbers that allow one reading only.

    Where none does, a comma parts thousands, but for files that use semicolons because it parts
    decimals where they were made.

    Examples
    --------
    >>> [comma_of(cells, ";") for cells in (["480,500", "12,25"], ["1,234,567"], ["480,500"])]
    ['decimals', 'thousands', 'unknown']
    """
    if delimiter == ",":
        return "thousands"
    commas: set[Comma] = set()
    for cell in cells:
        if _DECIMALS.fullmatch(cell) or _GROUPS_OF_DOTS.fullmatch(cell):
            commas.add("decimals")
        elif _GROUPS.fullmatch(cell):
            commas.add("thousands")
    if len(commas) == 1:
        return commas.pop()
    return "unknown" if commas or delimiter == ";" else "thousands"


def number_of(text: str, comma: Comma) -> float:
    """Return the number that a cell holds; NaN where it is none, or could be two.

    The text has no blanks around it; `comma` is what a comma is in the numbers of the file.

    Examples
    --------
    >>> [number_of(text, "unknown") for text in ("1,234.5", "1.234,5", "1 234.5")]
    [1234.5, 1234.5, 1234.5]
    >>> number_of("480,500", "unknown"), number_of("480,500", "decimals")
    (nan, 480.5)
    """
    if "," not in text and not (comma == "decimals" and "." in text):
        try:
            return math.nan if "_" in text else float(text)
        except ValueError:
            pass
    if _GROUPS_OF_BLANKS.fullmatch(text):
        text = re.sub(r"[^\d.,]", "", text)
        return float(text.replace(",", "."))
    if _GROUPS.fullmatch(text) and comma != "decimals":
        return float(text.replace(",", ""))
    if _GROUPS_OF_DOTS.fullmatch(text) and comma != "thousands":
        return float(text.replace(".", "").replace(",", "."))
    if _DECIMALS.fullmatch(text) and comma != "thousands":
        return float(text.replace(",", "."))
    if _EITHER.fullmatch(text) and comma == "thousands":
        return float(text.replace(",", ""))
    if comma == "decimals":
        if _ONE_DOT.fullmatch(text):
            return float(text.replace(".", ""))
        if re.fullmatch(r"\d+,\d+|,\d+", text):
            return float(text.replace(",", "."))
    return math.nan


#: a dot that may part thousands as well as decimals, and one that parts decimals
_EITHER_DOT = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
_DECIMAL_DOT = re.compile(r"-?(\d*\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+)")
_HINT = "write numbers without thousands separators, or save the table with commas between cells"


def delimiter_of(text: str) -> tuple[str, str]:
    r"""Return CSV text without a line that only names the separator, and what parts its cells.

    Examples
    --------
    >>> delimiter_of("sep=;\nid;name\n"), delimiter_of("id,name\n")[1]
    (('id;name\n', ';'), ',')
    """
    first, _, tail = text.partition("\n")
    if re.fullmatch(r"sep=[;,\t]", first.rstrip("\r")):
        return tail, first[4]
    if "," in first:
        return text, ","
    return text, ";" if ";" in first else "\t" if "\t" in first else ","


def plain_numbers(
    lines: Sequence[tuple[int, Sequence[str]]],
    names: Sequence[str],
    texts: Collection[str],
    file: str,
    problems: list[Problem],
) -> list[tuple[int, list[str]]]:
    """Return rows whose numbers are written with a decimal point and nothing else.

    Each line has its row as a spreadsheet counts it. Columns in `texts` hold no numbers; numbers
    that could be two are added to `problems`.
    """
    numeric = [at for at, name in enumerate(names) if name not in texts]
    cells = [row[at].strip().lstrip("-") for _, row in lines for at in numeric if at < len(row)]
    comma = comma_of([cell for cell in cells if "," in cell], ";")
    has_comma = any("," in cell for cell in cells)
    is_point = any(_DECIMAL_DOT.fullmatch(cell) for cell in cells)
    rows = []
    for index, row in lines:
        plain = list(row)
        for at in numeric:
            cell = row[at].strip() if at < len(row) else ""
            bare = cell.lstrip("-")
            value = number_of(bare, comma) if "," in cell or has_comma and "." in cell else None
            if value is not None and value == value:
                sign = "-" if cell.startswith("-") else ""
                plain[at] = sign + repr(value).removesuffix(".0")
            elif value is not None or (_EITHER_DOT.fullmatch(cell) and not is_point):
                message = "may be thousands or decimals"
                problem = Problem(
                    "ambiguous-number", message, file, index, names[at], show(cell), _HINT
                )
                problems.append(problem)
        rows.append((index, plain))
    return rows


#: tonnes in a unit
_UNITS: tuple[tuple[str, float], ...] = (
    (r"(metric )?tonnes?|metric tons?|metr t|m?t|megagrams?|mg", 1.0),
    (r"kilograms?|kg", 1e-3),
    (r"kilotonnes?|kt|gigagrams?|gg", 1e3),
    (r"short tons?", 0.90718474),
    (r"long tons?", 1.0160469088),
    (r"pounds?|lbs?", 0.45359237e-3),
    (r"carats?", 2e-7),
    (r"troy ounces?", 3.11034768e-5),
)
#: words of the longest unit: thousand metric tons
_LONGEST = 4
_MULTIPLES = {"": 1.0, "thousand": 1e3, "1000": 1e3, "million": 1e6}
# "1000", not "mg" for milligrams: a statistic of world production is never in milligrams
_UNIT = re.compile(r"(?:(?P<multiple>thousand|million|1000) )?(?P<rest>.*)")


def tonnes_in(text: str, *, is_whole: bool = False) -> float | None:
    """Return the tonnes in the unit that a text begins with, or is; None for no known unit.

    The text is in small letters, parted by one blank; with `is_whole` nothing may follow the unit.

    Examples
    --------
    >>> tonnes_in("kt"), tonnes_in("metric tons of ore"), tonnes_in("barrels")
    (1000.0, 1.0, None)
    """
    match = _UNIT.fullmatch(text)
    assert match is not None  # noqa: S101  the pattern matches any text
    end = r"$" if is_whole else r"\b"
    for pattern, factor in _UNITS:
        if re.match(rf"({pattern}){end}", match["rest"]):
            return factor * _MULTIPLES[match["multiple"] or ""]
    return None


def without_unit(name: str) -> tuple[str, float]:
    """Return a column's name without the unit at its end, and tonnes in that; 0 for none.

    A column that is called by a unit alone, such as tonnes, keeps its name.

    Examples
    --------
    >>> without_unit("production thousand metric tons"), without_unit("tonnes")
    (('production', 1000.0), ('tonnes', 1.0))
    """
    texts = name.split()
    for start in range(max(0, len(texts) - _LONGEST), len(texts)):
        factor = tonnes_in(" ".join(texts[start:]), is_whole=True)
        if factor is not None:
            return " ".join(texts[:start]) or name, factor
    return name, 0.0


#: rows that may stand above the header
MAX_PREAMBLE = 40
_DELIMITERS = (",", ";", "\t", "|")
# a letter beyond ASCII whose UTF-8 was once read as Windows-1252
_DAMAGED = re.compile("[\x80-\xff\u0152-\u2122]{2,4}")
# control characters that no text holds: marks of Windows-1252
_CONTROL = re.compile("[\x80-\x9f]")
_AMBIGUOUS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_MARKS = "*†‡¹²³⁰⁴⁵⁶⁷⁸⁹"
_ESTIMATED = re.compile(r"^(e\s*(?=[\d.]))|((?<=[\d])\s*e)$", re.IGNORECASE)
#: the figure is not published
NOT_AVAILABLE = frozenset(
    {"", "na", "n a", "n/a", "n.a.", "nan", "none", "null", "w", "xx", "..", "...", "not available"}
)
#: how tables write nothing at all
_ZERO = frozenset({"-", "--", "—", "–", "nil", "zero"})  # noqa: RUF001


@dataclass(frozen=True)
class Delimited:
    """The cells of a table as text."""

    file: str  #: for messages
    header: tuple[str, ...]
    #: row as a spreadsheet counts it, and one cell a column
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str

    @cached_property
    def comma(self) -> Comma:
        """What a comma is in the numbers of the table."""
        cells = [cell for _, cells in self.rows for cell in cells if "," in cell]
        return comma_of(cells, self.delimiter)

    def fault(self, row: int, column: str, value: str, what: str, hint: str = "") -> TableError:
        """Return an error that names the place and the value."""
        where = f"{self.file}, row {row}, column {show(column)}"
        return TableError(f"{where}: {what} (found {show(value)!r})", hint=hint)

    def place_of(self, column: str) -> int:
        """Return the number of a column that a user names, capital or small letters alike."""
        wanted = words_of(column)
        for index, name in enumerate(self.header):
            if words_of(name) == wanted:
                return index
        raise UnknownNameError(
            f"{self.file}: there is no column {show(column)!r}; there are "
            f"{', '.join(show(name) for name in self.header if name)}",
            hint=did_you_mean(column, self.header),
        )

    def where(self, conditions: Mapping[str, str]) -> Delimited:
        """Return the rows whose cells equal what is asked for, by column."""
        rows = self.rows
        for column, value in conditions.items():
            index = self.place_of(column)
            wanted = value.strip().casefold()
            selection = tuple(row for row in rows if row[1][index].casefold() == wanted)
            if not selection:
                there = list(dict.fromkeys(row[1][index] for row in rows))
                raise UnknownNameError(
                    f"{self.file}: no row has {show(value)!r} in column {show(column)!r}; there "
                    f"are {', '.join(show(value) for value in there[:12])}",
                    hint=did_you_mean(value, there),
                )
            rows = selection
        return Delimited(self.file, self.header, rows, self.delimiter)


def words_of(text: str) -> str:
    """Return a column name in small letters, its words parted by one blank.

    Examples
    --------
    >>> words_of("PROD_EST_ 2024"), words_of("Trade Value (1000 USD)")
    ('prod est 2024', 'trade value 1000 usd')
    """
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def read_delimited(path: Path, is_header: Callable[[Sequence[str]], bool]) -> Delimited:
    """Read a table of text cells from a file.

    `is_header` says whether some cells, as :func:`words_of` spells them, name the columns. Refused
    are files that cannot be read or are too large, tables whose columns no row names, and quotation
    marks that do not match.
    """
    file = path.name
    return parse_delimited(_decode(limits.read_bytes(path, file=str(path))), file, is_header)


def parse_delimited(text: str, file: str, is_header: Callable[[Sequence[str]], bool]) -> Delimited:
    """Split text into a header and rows; see :func:`read_delimited`."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableError(f"{file}, row {line}: a NUL byte: this is not a text file")
    text = mended(text.removeprefix("\ufeff")).removeprefix("\ufeff")
    for delimiter in _DELIMITERS:
        split = _split(text, file, delimiter, is_header)
        if split is not None:
            return split
    first = next((line for line in text.splitlines() if line.strip()), "")
    raise TableError(
        f"{file}: none of the first {MAX_PREAMBLE} rows names the columns that are needed "
        f"(found {show(first)!r})",
        hint="name them with --columns, for example country=PRODUCER,value=OUTPUT,year=YEAR",
    )


def _split(
    text: str, file: str, delimiter: str, is_header: Callable[[Sequence[str]], bool]
) -> Delimited | None:
    """Rows under the header, None where no row is one with this delimiter."""
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for index, cells in _records(text, file, delimiter):
        if not header:
            if index > MAX_PREAMBLE:
                return None
            if is_header([words_of(cell) for cell in cells]):
                header = cells
            continue
        if not any(cells):
            continue
        limits.require_rows(len(rows) + 1, file)
        extra = [cell for cell in cells[len(header) :] if cell]
        if extra:
            raise TableError(
                f"{file}, row {index}: has {len(cells)} cells where the header has "
                f"{len(header)} (found {show(extra[0])!r})",
                hint='a cell that holds a comma must stand in quotation marks: "a, b"',
            )
        padded = (*cells, *[""] * (len(header) - len(cells)))
        rows.append((index, padded[: len(header)]))
    return Delimited(file, header, tuple(rows), delimiter) if header else None


def _records(text: str, file: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Row numbers and stripped cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    index = 0
    try:
        for index, cells in enumerate(reader, start=1):
            yield index, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        raise TableError(f"{file}, row {index + 1}: cannot be read as CSV ({error})") from error


def _decode(content: bytes) -> str:
    """UTF-8, or what older spreadsheets write."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def mended(text: str) -> str:
    """Return text that went through the wrong character set as it was meant.

    UTF-8 that was once read as Windows-1252, and marks of Windows-1252 read as Latin-1, such as
    the dash that stands for nothing in tables.

    Examples
    --------
    >>> mended("T\u00c3\u00bcrkiye"), mended("T\u00fcrkiye")
    ('T\u00fcrkiye', 'T\u00fcrkiye')
    """
    return _CONTROL.sub(_mended_mark, _DAMAGED.sub(_mended_letter, text))


def _mended_letter(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return match[0]


def _mended_mark(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1252", errors="replace")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell says: a number, or None where none is published."""

    value: float | None
    is_estimated: bool = False  #: marked by an ``e``
    is_bound: bool = False  #: written as more or less than a number: no figure to reckon with


def figure(table: Delimited, row: int, column: str, cell: str) -> Figure:
    """Return the number of a cell; a TableError if it is none, or could be two.

    The table's delimiter counts: beside semicolons a comma may part decimals.
    """
    text = " ".join(cell.replace("\u2212", "-").split())
    if text.casefold() in NOT_AVAILABLE:
        return Figure(None)
    if text.casefold() in _ZERO:
        return Figure(0.0)
    text = _without_footnote(text)
    if text.casefold() in NOT_AVAILABLE:
        return Figure(None)
    if text[0] in "<>≤≥" or text.casefold().startswith("less than"):
        return Figure(None, is_bound=True)
    bare = _ESTIMATED.sub("", text).strip()
    return Figure(_number(table, row, column, cell, bare), is_estimated=bare != text)


def _without_footnote(text: str) -> str:
    """Return text without the mark of a footnote at its end: ``(1)``, ``[2]``, ``*`` or ``³``."""
    bare = text.rstrip(_MARKS)
    if bare != text:
        return bare.rstrip()
    for first, last in ("()", "[]"):
        at = text.rfind(first) if text.endswith(last) else -1
        if at >= 0 and text[at + 1 : -1].isdecimal():
            return text[:at].rstrip()
    return text


def _number(table: Delimited, row: int, column: str, cell: str, bare: str) -> float:
    sign = -1.0 if bare.startswith("-") else 1.0
    index = number_of(bare[1:] if bare[:1] in ("+", "-") else bare, table.comma)
    if 0.0 <= index < 1e30:
        return sign * index
    if _AMBIGUOUS.fullmatch(bare):
        raise table.fault(
            row, column, cell, "may be thousands or decimals", "write numbers without commas"
        )
    raise table.fault(
        row, column, cell, "not a number", "write for example 12500, 12,500, NA, or leave it empty"
    )


def chosen_columns(text: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Check which columns a user names; a part that the table does not have is an OptionError."""
    for key in text:
        if key not in names:
            raise OptionError(
                f"a table has no part {show(key)!r} to name a column for; there are "
                f"{', '.join(names)}",
                hint=did_you_mean(key, names),
            )
    return dict(text)


def require_rows(table: Delimited) -> None:
    """Refuse a table without a row."""
    if not table.rows:
        raise DataError(f"{table.file}: the table has no rows")
