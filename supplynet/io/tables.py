"""Tables as CSV text: read into rows, every fault named; written so that nothing is lost.

The convention for spreadsheets
-------------------------------
A cell of text that starts with ``=``, ``+``, ``-``, ``@``, a tab or a line end could be run as
a formula by a spreadsheet. Such a cell is written with an apostrophe before it, and a cell that
already has apostrophes before such a character gets one more. Reading takes one apostrophe away
from a cell of text that starts with apostrophes followed by such a character. A cell without
the apostrophe is read as the text that it is. Numbers, such as a negative latitude, are never
touched: a spreadsheet reads them as numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeAlias, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from supplynet import limits
from supplynet.errors import DataError, LimitError, TableError
from supplynet.io.delimited import delimiter_of, plain_numbers
from supplynet.network.explain import problems_of, show, validate_records
from supplynet.network.problems import Problem
from supplynet.network.schema import Columns, Row, coded, columns
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.arrays import Ints

#: rows of a table, each with its number
Numbered: TypeAlias = Sequence[tuple[int, Row]]
LIST_SEPARATOR = ";"
_GUARDED = re.compile(r"^'+[=+\-@\t\r\n]")
_TO_GUARD = re.compile(r"^'*[=+\-@\t\r\n]")
_TO_QUOTE = re.compile(r'[",\r\n]')


def read_rows(
    source: Path | TextIO | str, model: type[Row], file: str, problems: list[Problem]
) -> list[Row]:
    """Read the rows of one table.

    A stream is to be opened with ``newline=""``. Faults are added to `problems`, each with row and
    column, of which row 1 is the header; a table with any fault has no rows. What is beyond the
    bounds is a LimitError.
    """
    return [row for _, row in read_numbered(source, model, file, problems)]


def read_numbered(
    source: Path | TextIO | str,
    model: type[Row],
    file: str,
    problems: list[Problem],
    *,
    keeps_sound: bool = False,
) -> list[tuple[int, Row]]:
    """Read the rows of one table, each with its number as a spreadsheet counts it.

    Parameters are those of :func:`read_rows`, as are the errors. With `keeps_sound` the rows
    without a fault of a table that has faults are returned.
    """
    faults: list[Problem] = []
    try:
        text = _text_of(source, file)
        places, records = _records(text, model, file, faults)
    except LimitError:
        raise
    except DataError as error:
        problems.append(Problem("unreadable", error.message, hint=error.hint))
        return []
    problems.extend(faults)
    if faults:
        return []
    return validated(places, records, model, file, problems, keeps_sound=keeps_sound)


#: characters of a table from which on it is read by columns
LARGE = 2**20


def read_columns(text: str, model: type[Row], file: str) -> Columns[Row] | None:
    """Return the rows of a large table, each value of a column checked once.

    None for a table that is not large, and for one of which any line or cell must be looked at by
    itself, so that :func:`read_numbered` reads it and names its faults.
    """
    if len(text) < LARGE or any(mark in text for mark in '"\r\0'):
        return None
    header, _, body = text.removeprefix("\ufeff").partition("\n")
    names = checked_header(header.split(","), model, file, [])
    if not names or any(map(is_own, names)):
        return None
    import numpy as np
    import pandas as pd

    content = body.encode() if body.endswith("\n") else f"{body}\n".encode()
    raw = np.frombuffer(content, np.uint8)
    ends, commas = (np.flatnonzero(raw == ord(mark)) for mark in "\n,")
    limits.require_rows(ends.size, file)
    if commas.size != ends.size * (len(names) - 1):
        return None
    # as many commas as there must be, and those of each row between its ends
    inside = commas.reshape(ends.size, -1)
    if (inside[:, -1:] > ends[:, None]).any() or (inside[1:, :1] < ends[:-1, None]).any():
        return None
    del commas, inside
    # A last row of words keeps columns of numbers from being read as such.
    frame = pd.read_csv(
        io.BytesIO(content + ",".join("?" * len(names)).encode()),
        names=names,
        dtype="category",
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        index_col=False,
        skip_blank_lines=False,
        low_memory=False,
    )
    return columns_of(((name, *_encoded(frame.pop(name).array)) for name in names), model)


def _encoded(column: pd.Categorical) -> tuple[Ints, list[str]]:
    """Return the places of cells among their texts, and these; the last cell is none."""
    codes, texts = column.codes[:-1], column.categories.tolist()
    if column.codes[-1] not in codes:
        texts[column.codes[-1]] = texts[codes[0]]
    return codes, texts


def columns_of(
    encoded: Iterable[tuple[str, Ints, list[str]]], model: type[Row], *, is_guarded: bool = True
) -> Columns[Row] | None:
    """Return the rows of a table by columns, from the texts of each and where each cell's stands.

    None where any text is at fault. `is_guarded` as in :func:`records_of`.
    """
    first, cells, n_rows = {}, {}, 0
    for name, codes, texts in encoded:
        values = _values(texts, model, name, is_guarded=is_guarded)
        if values is None:
            return None
        first[name], n_rows = values[codes[0]], len(codes)
        if len(set(texts)) > 1:
            cells[name] = codes, values
    return Columns(model.model_construct(**first), cells, n_rows)


def _values(texts: list[str], model: type[Row], name: str, *, is_guarded: bool) -> list[Any] | None:
    """Return what the texts of a column mean; None where one of them is at fault."""
    field = model.model_fields[name]
    if name in text_columns(model):
        texts = [_unguard(text) for text in texts] if is_guarded else texts
    elif any("_" in text for text in texts):
        return None
    if max(map(len, texts)) > limits.MAX_CELL_CHARS or (field.is_required() and "" in texts):
        return None
    kind: Any = Annotated[(field.annotation, *field.metadata, None)]
    try:
        adapter = TypeAdapter(list[kind], config=ConfigDict(str_strip_whitespace=True))
        values = iter(adapter.validate_python([text for text in texts if text]))
    except ValidationError:
        return None
    return [next(values) if text else field.get_default() for text in texts]


def validated(
    places: Sequence[int],
    records: Sequence[dict[str, Any]],
    model: type[Row],
    file: str,
    problems: list[Problem],
    *,
    keeps_sound: bool,
) -> list[tuple[int, Row]]:
    """Return the rows of a table, each with its number; none, or the sound ones, if any is wrong.

    Faults are added to `problems`.
    """
    try:
        return list(zip(places, validate_records(records, model), strict=True))
    except ValidationError as error:
        problems += problems_of(error, model, file, rows=places)
        if not keeps_sound:
            return []
        unsound = {fault["loc"][0] for fault in error.errors()}
    sound = [at for at in range(len(records)) if at not in unsound]
    rows = validate_records([records[at] for at in sound], model)
    return list(zip([places[at] for at in sound], rows, strict=True))


def parted(
    tables: Mapping[str, Numbered | Columns[Row]],
) -> tuple[dict[str, Sequence[Row]], dict[str, list[int]]]:
    """Return the rows of tables, and the numbers of those that do not stand one below the other.

    Examples
    --------
    >>> from supplynet.network.schema import Row
    >>> parted({"nodes": [(2, Row()), (4, Row())], "edges": [(2, Row())]})[1]
    {'nodes': [2, 4]}
    """
    apart = {name: group for name, group in tables.items() if not isinstance(group, Columns)}
    rows: dict[str, Sequence[Row]] = {
        name: group if isinstance(group, Columns) else [row for _, row in group]
        for name, group in tables.items()
    }
    numbers = {
        name: [index for index, _ in numbered]
        for name, numbered in apart.items()
        # Numbers are kept only where blank rows moved them: for most tables the place in the list
        # says it.
        if any(count != at for at, (count, _) in enumerate(numbered, start=2))
    }
    return rows, numbers


@lru_cache(maxsize=64)
def text_columns(model: type[Row]) -> frozenset[str]:
    """Columns that hold text or lists of text, not numbers.

    Examples
    --------
    >>> from supplynet.network.schema import Node
    >>> "name" in text_columns(Node), "lat" in text_columns(Node)
    (True, False)
    """
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if not holds(field.annotation, int, float))


def holds(kind: Any, *kinds: type) -> bool:
    """Return whether a type is one of some, or one of several that may be."""
    return kind in kinds or any(holds(each, *kinds) for each in get_args(kind))


def _text_of(source: Path | TextIO | str, file: str) -> str:
    if isinstance(source, str):
        text = source
    elif isinstance(source, Path):
        return limits.decode(limits.read_bytes(source, file=file), file)
    else:
        try:
            text = source.read(limits.MAX_FILE_BYTES + 1)
        except UnicodeDecodeError as error:
            raise DataError(f"{file}: not UTF-8 text") from error
        if len(text) > limits.MAX_FILE_BYTES:
            raise LimitError(f"{file}: larger than {limits.MAX_FILE_BYTES:,} bytes")
    return text.removeprefix("\ufeff")


def _records(
    text: str, model: type[Row], file: str, problems: list[Problem]
) -> tuple[list[int], list[dict[str, Any]]]:
    """Split CSV text into records without empty cells, and the spreadsheet row of each."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        message = f"line {line} holds a NUL byte: this is not a text file"
        problems.append(Problem("nul-byte", message, file=file))
        return [], []
    text, delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    lines = _lines(reader, file, problems)
    _, header = next(lines, (1, []))
    names = [] if problems else checked_header(header, model, file, problems)
    if not names:
        return [], []
    if delimiter == ",":
        return records_of(names, lines, model, file, problems)
    own = frozenset(name for name in names if is_own(name))
    plain = plain_numbers(list(lines), names, text_columns(model) | own, file, problems)
    return records_of(names, plain, model, file, problems)


def _lines(
    reader: Iterator[list[str]], file: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file, each with its number; what cannot be split ends them."""
    at = 0
    try:
        for at, cells in enumerate(reader, start=1):
            yield at, cells
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            raise _long_cell(file, at + 1) from error
        problems.append(
            Problem(
                "bad-quotes",
                f"the quotation marks do not match ({error})",
                file=file,
                row=at + 1,
                hint='a cell with a comma, a quotation mark or a line end stands in "...", '
                'and a quotation mark inside it is written ""',
            )
        )


def records_of(
    names: Sequence[str],
    lines: Iterable[tuple[int, Sequence[str]]],
    model: type[Row],
    file: str,
    problems: list[Problem],
    *,
    is_guarded: bool = True,
) -> tuple[list[int], list[dict[str, Any]]]:
    """Return the rows of a table as records without empty cells, and the number of each.

    Each line has its row as a spreadsheet counts it, and its cells; faults are added to `problems`.
    `is_guarded` says whether an apostrophe keeps text from being run as a formula.
    """
    places: list[int] = []
    records: list[dict[str, Any]] = []
    texts = text_columns(model)
    may_be_guarded = [is_guarded and name in texts for name in names]
    is_read = [not is_own(name) for name in names]
    numeric = [at for at, name in enumerate(names) if is_read[at] and name not in texts]
    for position, cells in lines:
        if not any(cells):
            continue  # a blank line, or one that a spreadsheet left behind
        limits.require_rows(len(places) + 1, file)
        if max(map(len, cells)) > limits.MAX_CELL_CHARS:
            raise _long_cell(file, position)
        if len(cells) != len(names):
            problems.append(_ragged(cells, names, file, position))
            continue
        # Python reads 1_000 as a number, and nobody else does
        problems.extend(
            _underscored(file, position, names[at], cells[at]) for at in numeric if "_" in cells[at]
        )
        places.append(position)
        records.append(
            {
                name: _unguard(cell) if is_text and cell[0] == "'" else cell
                for name, cell, is_text, counts in zip(
                    names, cells, may_be_guarded, is_read, strict=True
                )
                if cell and counts
            }
        )
    return places, records


def _underscored(file: str, position: int, column: str, cell: str) -> Problem:
    message, hint = "not a number", f"write {cell.replace('_', '')}, without _"
    return Problem("not-a-number", message, file, position, column, show(cell), hint)


def is_own(name: str) -> bool:
    """Return whether a column or sheet is the writer's own, which is not read."""
    return name.startswith("_")


def checked_header(
    header: Sequence[str], model: type[Row], file: str, problems: list[Problem]
) -> list[str]:
    """Check the column names; none where the table cannot be read under them.

    A column whose name begins with _ is the writer's own and is passed over.
    """
    names = [name.strip() for name in header]
    values = model.model_fields
    if len(names) > limits.MAX_COLUMNS:
        raise LimitError(f"{file}: more than {limits.MAX_COLUMNS:,} columns")
    before = len(problems)
    if not any(names):
        message = f"the first row must name the columns: {', '.join(values)}"
        problems.append(Problem("no-header", message, file=file, row=1))
        return []
    for position, name in enumerate(names):
        if is_own(name):
            continue
        if name not in values:
            hint = did_you_mean(name[:80], values) or f"the columns are {', '.join(values)}"
            hint += "; a column of your own has a name that begins with _"
            message = f"there is no column {show(name)!r}"
            problems.append(Problem("unknown-column", message, file=file, row=1, hint=hint))
        elif name in names[:position]:
            message = "the column is there twice"
            problems.append(Problem("duplicate-column", message, file=file, row=1, column=name))
    for name, field in values.items():
        if field.is_required() and name not in names:
            problems.append(
                Problem(
                    "missing-column",
                    "the column is missing and has no default",
                    file=file,
                    row=1,
                    column=name,
                    hint=field.description or "",
                )
            )
    return names if len(problems) == before else []


def _ragged(cells: Sequence[str], names: Sequence[str], file: str, position: int) -> Problem:
    return Problem(
        "ragged-row",
        f"has {len(cells)} cells where the header has {len(names)}",
        file=file,
        row=position,
        value=show(",".join(cells)),
        hint='a cell that holds a comma must stand in quotation marks: "a, b"',
    )


def _long_cell(file: str, position: int) -> LimitError:
    return LimitError(
        f"{file}, row {position}: a cell has more than {limits.MAX_CELL_CHARS:,} characters"
    )


def write_rows(rows: Sequence[Row], model: type[Row]) -> str:
    """Return rows as CSV text that :func:`read_rows` reads back to equal rows.

    Columns are the model's fields in order, lines end with a line feed, empty cells are missing
    values, lists are joined by ``;``, and floats are the shortest digits that give the same number.
    A TableError refuses what would be lost: a NUL byte, a list item that is empty or holds ``;``,
    or nothing where a value is needed.
    """
    cells = [[_quote(texts[code]) for code in codes] for _, codes, texts in texts_of(rows, model)]
    return "\n".join([",".join(columns(model)), *map(",".join, zip(*cells, strict=True)), ""])


def texts_of(
    rows: Sequence[Row], model: type[Row], *, is_guarded: bool = True
) -> Iterator[tuple[str, Iterable[int], list[str]]]:
    """Yield of each column where the text of each cell stands, and the texts; see write_rows."""
    for name in columns(model):
        codes: Iterable[int] = range(len(rows))
        if isinstance(rows, Columns):
            codes, values = coded(rows, name)
        else:
            values = [getattr(row, name) for row in rows]
        texts = list[str]()
        try:
            for value in values:
                text = _cell(value, is_guarded=is_guarded)
                if not text and model.model_fields[name].is_required():
                    raise ValueError("a value is needed here")
                texts.append(text)
        except ValueError as error:
            line = list(codes).index(len(texts)) + 2
            raise TableError(f"row {line}, column {name}: {error}") from error
        yield name, codes, texts


def _cell(value: Any, *, is_guarded: bool) -> str:
    """Return the text of a cell before it is quoted."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format_number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        if any(LIST_SEPARATOR in entry or not entry.strip() for entry in value):
            raise ValueError(
                f"{value!r} cannot be one cell: an item must not be empty or hold a semicolon"
            )
        value = LIST_SEPARATOR.join(value)
    text = str(value)
    if "\0" in text:
        raise ValueError("a NUL byte cannot be written")
    text = f"'{text}" if is_guarded and _TO_GUARD.match(text) else text
    if len(text) > limits.MAX_CELL_CHARS:
        raise ValueError(f"a cell has room for {limits.MAX_CELL_CHARS:,} characters only")
    return text


def _quote(text: str) -> str:
    # By hand: up to Python 3.12 the csv module does not quote a carriage return.
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _unguard(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def format_number(value: float) -> str:
    """Return the shortest digits that give the same number, without a trailing ``.0``.

    Examples
    --------
    >>> format_number(1200.0), format_number(0.1), format_number(1e30)
    ('1200', '0.1', '1e+30')
    """
    text = repr(value)
    return text.removesuffix(".0")
