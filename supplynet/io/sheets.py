"""The cells of a workbook, read within bounds; whatever could run or lead elsewhere is refused.

A workbook is a zip file of XML. Its parts are looked through before a cell is read: the reader
lays a sheet out as a full rectangle, so that two cells far apart could fill the memory.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat  # entities and document types are refused before they are read

from supplynet import limits
from supplynet.errors import DataError, LimitError, TableError, requires_extra
from supplynet.io.package import unpack
from supplynet.io.tables import format_number
from supplynet.network.problems import Problem, raise_problems

#: parts of a workbook that run code, or fetch from elsewhere, and what they are
_REFUSED = {
    r".*vbaproject.*|xl/macrosheets/.*": "macros",
    r"xl/externallinks/.*": "links to other workbooks",
    r"xl/(connections\.xml|querytables/.*)": "connections to data elsewhere",
    r"xl/(embeddings|activex|ctrlprops)/.*": "embedded objects",
}
#: what the parser raises on bytes that are no XML, or of an encoding that it does not know
_UNSOUND = (expat.ExpatError, LookupError, ValueError)
_SAVE_PLAIN = "save it as a plain workbook (.xlsx) that holds values alone"
_CELL = re.compile(r"([A-Z]{1,7})([0-9]{1,9})")
#: LibreOffice writes yes and no as a formula that has nothing to work out
_YES_OR_NO = frozenset({"TRUE()", "FALSE()"})
_LONGER = 16  # letters by which a formula is seen to be another, and that any error has

Value = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook."""

    file: str  #: workbook and sheet, for messages
    name: str
    #: Number of each row as it is shown, and its cells from column A on; an empty cell is an empty
    #: text. Rows without a cell are left out.
    rows: tuple[tuple[int, tuple[Value, ...]], ...]

    def texts(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of each row and its cells as text."""
        for index, cells in self.rows:
            yield index, [text_of(cell) for cell in cells]


def text_of(value: Value) -> str:
    """Return a cell as a table of text would hold it.

    Examples
    --------
    >>> text_of(12.0), text_of(True), text_of(datetime.date(2026, 1, 1))
    ('12', 'true', '2026-01-01')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format_number(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value)


def read_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a workbook, in order.

    Needs the extra ``excel``. A TableError states every cell that holds a formula; macros, links
    and connections to elsewhere are refused.
    """
    content = limits.read_bytes(path)
    return parse_sheets(content, path.name)


def parse_sheets(content: bytes, file: str) -> list[Sheet]:
    """Return the sheets in the bytes of a workbook; see :func:`read_sheets`."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise DataError(
            f"{file}: not a workbook of the kind .xlsx",
            hint="save it anew as Excel workbook (.xlsx), without a password",
        )
    parts = unpack(content, file)
    _refuse_parts(parts, file)
    errors = _look_through(parts, file)
    return [
        Sheet(
            f"{file}, sheet {name}",
            name,
            tuple(
                (index, tuple(cells))
                for index, cells in enumerate(_with_errors(rows, errors.get(name, {})), start=1)
                if any(cell != "" for cell in cells)
            ),
        )
        for name, rows in _values(content, file)
    ]


def _with_errors(rows: list[list[Any]], errors: Mapping[tuple[int, int], str]) -> list[list[Any]]:
    """Return cells with the errors that they show, such as #N/A: the library reads them as empty.

    An empty capacity is no limit, so that a look-up that failed would open what is shut.
    """
    if not errors:
        return rows
    return [
        [errors.get((row, column), cell) for column, cell in enumerate(cells, start=1)]
        for row, cells in enumerate(rows, start=1)
    ]


def _values(content: bytes, file: str) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield name and cells of each sheet, as the library reads them."""
    with requires_extra("excel", f"{file}: reading workbooks"):
        import python_calamine
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BaseException as error:
        # what the library did not foresee comes as a panic, which is no Exception
        is_panic = type(error).__name__ == "PanicException"
        if is_panic or isinstance(error, (python_calamine.CalamineError, OSError, ValueError)):
            raise DataError(f"{file}: not a sound workbook ({str(error)[:200]})") from error
        raise


def _refuse_parts(parts: Mapping[str, bytes], file: str) -> None:
    """Refuse what may run or fetch something, by the names of the parts."""
    if "xl/workbook.xml" not in parts:
        raise DataError(f"{file}: not a workbook of the kind .xlsx", hint=_SAVE_PLAIN)
    for name in parts:
        for pattern, what in _REFUSED.items():
            if re.fullmatch(pattern, name.lower()):
                raise DataError(f"{file}: holds {what} ({name[:80]})", hint=_SAVE_PLAIN)


def _look_through(
    parts: Mapping[str, bytes], file: str
) -> dict[str, Mapping[tuple[int, int], str]]:
    """Measure every sheet before it is laid out; return the errors that its cells show.

    Errors are by sheet, and by row and column from 1 on. A TableError states every formula.
    """
    names = _sheet_names(parts, file)
    problems: list[Problem] = []
    errors: dict[str, Mapping[tuple[int, int], str]] = {}
    for piece, content in parts.items():
        if not piece.lower().endswith((".xml", ".rels", ".vml")):
            continue
        is_sheet = piece.startswith("xl/worksheets/") and piece.endswith(".xml")
        where = f"{file}, sheet {names.get(piece, piece)}" if is_sheet else f"{file}, part {piece}"
        scan = _Scan(where)
        scan.read(content, counts=is_sheet)
        problems += scan.problems
        if is_sheet:
            errors[names.get(piece, piece)] = scan.errors
    raise_problems(problems, TableError, what=file)
    return errors


class _Scan:
    """Counts rows, columns, formulas and errors of the XML of a sheet."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []
        self.row = self.column = self.last_row = self.last_column = 0
        #: what cells show that hold an error, by row and column
        self.errors: dict[tuple[int, int], str] = {}
        self._text, self._is_error, self._cell = "", False, (0, 0)

    def read(self, content: bytes, *, counts: bool) -> None:
        """Go through a part; only a sheet is counted."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        if counts:
            self._find_words(parser)
        try:
            parser.Parse(content, True)
        except _UNSOUND as error:
            raise DataError(f"{self.where}: not sound XML ({error})") from error

    def _find_words(self, parser: expat.XMLParserType) -> None:
        """Count cells, and read the text of formulas and errors; no other text is looked at."""

        def start(tag: str, attributes: dict[str, str]) -> None:
            name = tag.rpartition(":")[2]
            if name == "f" or (name == "v" and self._is_error):
                self._text = ""
                parser.CharacterDataHandler = self._add_text
                parser.EndElementHandler = end_formula if name == "f" else end_error
            else:
                self._start(name, attributes)

        # a handler for each text and end of a sheet would be called a million times
        def end_formula(_: str) -> None:
            parser.CharacterDataHandler = parser.EndElementHandler = None
            self._end_formula()

        def end_error(_: str) -> None:
            parser.CharacterDataHandler = parser.EndElementHandler = None
            self.errors[self._cell] = self._text

        parser.StartElementHandler = start

    def _refuse(self, *_: Any) -> None:
        raise DataError(f"{self.where}: declares a document type, which no workbook needs")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = _number(attributes.get("r"), self.row + 1)
            self.column = 0
        elif name == "c":
            match = _CELL.fullmatch(attributes.get("r", ""))
            self.column = _column(match[1]) if match else self.column + 1
            self._is_error = attributes.get("t") == "e"
            self._cell = (int(match[2]) if match else self.row, self.column)
            self._measure(self._cell[0])

    def _add_text(self, text: str) -> None:
        self._text = (self._text + text)[:_LONGER]

    def _end_formula(self) -> None:
        if self._text.upper() in _YES_OR_NO:
            return
        cell = f"{letters_of(self.column)}{self.row}"
        self.problems.append(
            Problem(
                "formula",
                f"the cell {cell} holds a formula, which is not worked out here",
                file=self.where,
                row=self.row,
                hint="copy the cells and paste them as values",
            )
        )
        if len(self.problems) > limits.MAX_COLUMNS:
            raise_problems(self.problems, TableError, what=self.where)

    def _measure(self, row: int) -> None:
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, self.column)
        if self.last_column > limits.MAX_COLUMNS:
            raise LimitError(f"{self.where}: more than {limits.MAX_COLUMNS:,} columns")
        limits.require_rows(self.last_row, self.where)
        if self.last_row * self.last_column > limits.MAX_SHEET_CELLS:
            raise LimitError(
                f"{self.where}: spans more than {limits.MAX_SHEET_CELLS:,} cells; delete the rows "
                "and columns beyond the table"
            )


def _number(text: str | None, usual: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,9}", text) else usual


def _column(letters: str) -> int:
    """Return the number of a column: A is 1, Z is 26, AA is 27."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - 64
    return index


def letters_of(column: int) -> str:
    """Return the letters of a column by its number.

    Examples
    --------
    >>> letters_of(1), letters_of(27), letters_of(702)
    ('A', 'AA', 'ZZ')
    """
    letters = ""
    while column > 0:
        column, remainder = divmod(column - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def _sheet_names(parts: Mapping[str, bytes], file: str) -> dict[str, str]:
    """Name of the sheet that each part holds."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            key = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            target = targets.get(key, "").lstrip("/").removeprefix("xl/")
            names[f"xl/{target}"] = attributes.get("name", "")

    for piece, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        # an entity that stands for others could grow without end: none is declared without this
        parser.StartDoctypeDeclHandler = _Scan(f"{file}, part {piece}")._refuse
        try:
            parser.Parse(parts.get(piece, b"<none/>"), True)
        except _UNSOUND as error:
            raise DataError(f"{file}, part {piece}: not sound XML ({error})") from error
    return names
