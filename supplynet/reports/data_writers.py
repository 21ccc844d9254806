"""A document as Markdown, and for programs: JSON, and tables as CSV or a workbook; always alike.

A spreadsheet opens the CSV without running anything in it.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from supplynet.files import write_bytes, write_text
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    FigureSlot,
    Paragraph,
    Section,
    Table,
    cell,
    why_not,
)
from supplynet.reports.first_words import sections_as_read
from supplynet.text import ADDRESS, is_hidden, one_line

if TYPE_CHECKING:
    from supplynet.io.workbook import Book


#: key of the script in JSON, and the name to save it by
SCRIPT = "verify.py"
#: stands for a proof until the rest is written
_PROOF = "\x7fproof {}\x7f"


def to_json(document: Document) -> str:
    """Return the machine-readable content of a document, with a line end.

    That is ``document.data``; a document without it gives its title and tables. Keys keep
    their order; what JSON cannot say (no limit, not a number) is ``null``.
    """
    content: Any = document.data or {
        "title": document.title,
        "tables": {
            table.name or str(index): list(table.rows)
            for index, table in enumerate(document.tables(), 1)
        },
    }
    if holds_answer(content, of_programs=True):
        content = {**content, SCRIPT: script()}
    write = partial(json.dumps, ensure_ascii=False, allow_nan=False)
    proofs: list[Any] = []
    text = write(_without_proofs(jsonable(content), proofs), indent=2)
    for number, proof in enumerate(proofs):  # for machines alone: each on a line
        text = text.replace(f'"{_PROOF.format(number)}"', write(proof), 1)
    # the same values, but nothing in them reaches a terminal unescaped
    if not text.isascii() or "\x7f" in text:
        text = "".join(char if char == "\n" else _escaped(char) for char in text)
    return text + "\n"


def _without_proofs(content: Any, proofs: list[Any]) -> Any:
    """Return a content with marks in place of its proofs, which are added to a list."""
    if isinstance(content, list):
        return [_without_proofs(part, proofs) for part in content]
    if not isinstance(content, dict):
        return content
    inner = {key: _without_proofs(part, proofs) for key, part in content.items() if key != "proof"}
    if "proof" not in content:
        return inner
    proofs.append(content["proof"])
    return {key: inner.get(key, _PROOF.format(len(proofs) - 1)) for key in content}


def holds_answer(content: Any, *, of_programs: bool = False) -> bool:
    """Whether a content has an answer somewhere, or one that can be checked by what it carries.

    A proof without programs is checked with the tables, which a script alone does not read.
    """
    if isinstance(content, Mapping):
        proofs, is_answer = content.get("proof", ()), "provenance" in content
        if any(proof.get("n_programs", True) for proof in proofs) if of_programs else is_answer:
            return True
        content = content.values()
    elif not isinstance(content, (list, tuple)):
        return False
    return any(holds_answer(part, of_programs=of_programs) for part in content)


def script() -> str:
    """Return ``verify.py``, which checks a written result with nothing but Python: its parts."""
    from supplynet import verify

    folder = Path(verify.__file__).parent
    names = "programs", "arithmetic", "__init__"
    *inner, door = ((folder / f"{name}.py").read_text(encoding="utf-8") for name in names)
    _, usage, body = door.split('"""', 2)
    whole = "\n\n".join([f'"""{usage}"""\n', *inner, body.lstrip()])
    return re.sub(r"(?m)^from supplynet\.verify.*\n", "", whole)


def _escaped(char: str) -> str:
    if not is_hidden(char):
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]


def jsonable(value: Any) -> Any:
    """Return a value as JSON knows it: dicts, lists, texts, finite numbers, true, false, null."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): jsonable(piece) for key, piece in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((jsonable(share) for share in value), key=str)
    if isinstance(value, (list, tuple)):
        return [jsonable(portion) for portion in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if hasattr(value, "item"):  # a scalar of numpy
        return jsonable(value.item())
    return str(value)


# a cell that begins so is a formula to a spreadsheet, also behind spaces or in full width
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def to_csv(table: Table) -> str:
    """Return a table as CSV: UTF-8 text, comma, one line end a row.

    Numbers are written in full; a range takes two columns, ``<key>_low`` and ``<key>_high``, behind
    that of the figure where a cell has both.
    Text that a spreadsheet would take for a formula is prefixed with ``'``.
    """
    shown = _shown(table)
    units = [f" [{column.unit}]" if column.unit else "" for column, _ in shown]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    heads = zip(shown, units, strict=True)
    writer.writerow(_text(f"{column.key}{_ENDS[end]}{unit}") for (column, end), unit in heads)
    writer.writerows(map(_value, line) for line in _lines(table, shown))
    return stream.getvalue()


#: ends of ranges in names of columns, by where they stand in a cell; a figure stands before them
_ENDS = {0: "", -2: "_low", -1: "_high"}
#: a column, and which end of its ranges
_Shown = Sequence[tuple[Column, int]]


def _shown(table: Table) -> _Shown:
    """Return the columns of a table, and those of the ranges that some cell has."""
    lengths = {
        column.key: max((_length(column, row.get(column.key)) for row in table.rows), default=1)
        for column in table.columns
    }
    ends = {1: (0,), 2: (-2, -1), 3: (0, -2, -1)}
    return [(column, end) for column in table.columns for end in ends[lengths[column.key]]]


def _lines(table: Table, shown: _Shown) -> Iterator[list[Any]]:
    """Yield the cells of each row; a single figure is both ends of its range, or has none."""
    for row in table.rows:
        cells: Iterator[tuple[Any, Column, int]] = (
            (row.get(column.key), column, end) for column, end in shown
        )
        yield [
            value[end]
            if _length(column, value) > 1
            else None
            if end and (column, 0) in shown
            else value
            for value, column, end in cells
        ]


def _length(column: Column, value: Any) -> int:
    """Return how many figures a cell has: one, both ends of a range, or one with its range."""
    is_range = column.kind not in ("text", "cites") and isinstance(value, (tuple, list))
    return len(value) if is_range and len(value) in (2, 3) else 1


def _value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, (tuple, list)):
        return _text("; ".join(str(piece) for piece in value))
    return _text(str(value))


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "no limit"
    return repr(float(value) + 0.0)  # no minus before a zero


def _text(text: str) -> str:
    clean = one_line(text)
    return f"'{clean}" if text.startswith(_FORMULA) or clean.startswith(_FORMULA) else clean


_FIRST, _SOURCES = "answer", "sources"
#: what the name of a sheet cannot hold, and how long it may be
_UNNAMABLE = re.compile(r"[\[\]:*?/\\']+")
_LONGEST_NAME = 31
#: how numbers of each kind are shown; the cells keep fifteen digits
_SHOWN = {"share": "0.000", "tonnes": "[>=1000]#,##0;[>=1]0.0##;General", "int": "#,##0"}
#: the unit at the end of a caption, of columns that have none of their own
_UNIT_OF_ALL = re.compile(
    r", ((?:t|tonnes|(?:million )?US dollars)(?: [a-z ]+?)??)(/yr| per year)?$"
)


def to_xlsx(document: Document, sources: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Return a document as a workbook.

    The sheet ``answer`` holds title, sentences and what the answer was worked out with. Each table
    has a sheet: numbers to fifteen digits, units in the heads, a range in two columns. Nothing is
    a formula.

    Parameters
    ----------
    sources : sequence of mapping, optional
        Rows of the table of sources behind the figures.

    Raises
    ------
    MissingExtraError
        If the extra ``excel`` is not installed.
    """
    from supplynet.io.workbook import Book  # loads what reads tables

    book = Book(document.title)
    sections = sections_as_read(document)
    shown = replace(document, sections=sections)
    names = _names(shown)
    sentences = _sentences(sections, names, document.data.get("provenance"))
    book.add(_FIRST, [one_line(document.title)], sentences, widths=[100, 60])
    for table, name in zip(shown.tables(), names, strict=True):
        _add(book, table, name)
    if sources:
        keys = list(dict.fromkeys(key for row in sources for key in row))
        book.add(_SOURCES, keys, [[_cell(row.get(key)) for key in keys] for row in sources])
    return book.content()


def _names(document: Document) -> list[str]:
    """Return a name for the sheet of each table, none of them twice."""
    taken = {_FIRST, _SOURCES}
    names = []
    for section in document.sections:
        for block in section.blocks:
            if not isinstance(block, Table):
                continue
            text = block.name or section.name or "table"
            text = _UNNAMABLE.sub(" ", one_line(text)).strip()[:_LONGEST_NAME] or "table"
            name, index = text, 1
            while name.lower() in taken:
                index += 1
                name = f"{text[: _LONGEST_NAME - 4]} {index}"
            taken.add(name.lower())
            names.append(name)
    return names


def _sentences(
    sections: Iterable[Section], names: Sequence[str], origin: Any
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the first sheet: sections in order, and the provenance."""
    sheets = iter(names)
    for section in sections:
        if section.title:
            yield ("",)
            yield (one_line(section.title),)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield (one_line(block.text),)
            elif isinstance(block, Bullets):
                yield from ((f"- {one_line(text)}",) for text in block.items)
            elif isinstance(block, Table):
                caption = one_line(block.caption or section.title or "Table")
                yield (f"{caption} (sheet {next(sheets)})",)
    if isinstance(origin, Mapping):
        yield ("",)
        yield ("Worked out with",)
        yield from ((f"{key}: {one_line(_told(value))}",) for key, value in origin.items() if value)


def _told(value: Any) -> str:
    """Return what an answer was worked out with, in words."""
    if isinstance(value, Mapping):
        entries = ((key, _told(entry)) for key, entry in value.items())
        return "; ".join(f"{key} {text}" for key, text in entries if text)
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_told, value))
    return "" if value is None else str(value)


def _unit_of_all(caption: str) -> str:
    """Return the unit of the tonnes of a table whose caption states it.

    Examples
    --------
    >>> _unit_of_all("By product, t of product per year"), _unit_of_all("Who gets what")
    ('t of product/yr', '')
    >>> _unit_of_all("The largest 10 of 13 charges, million US dollars")
    'million US dollars'
    """
    match = _UNIT_OF_ALL.search(caption)
    return match[1] + ("/yr" if match[2] else "") if match else ""


def _add(book: Book, table: Table, name: str) -> None:
    """Add the sheet of a table."""
    shown, heads, formats = _shown(table), list[str](), dict[str, str]()
    usual = {"share": "share, 0 to 1", "tonnes": _unit_of_all(table.caption)}
    for column, end in shown:
        unit = column.unit or usual.get(column.kind, "")
        text = one_line(column.title or column.key) + (f" [{unit}]" if unit else "")
        text += _ENDS[end].replace("_", ", ")
        heads.append(text)
        formats[text] = _SHOWN.get(column.kind, "")
    book.add(name, heads, [list(map(_cell, line)) for line in _lines(table, shown)], shown=formats)


def _cell(value: Any) -> Any:
    """Return a value as a cell: a number, yes or no, a text, or nothing."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        if math.isnan(value):
            return None
        # fifteen digits: those that a spreadsheet keeps of a number
        return "no limit" if math.isinf(value) else float(f"{value:.15g}") + 0.0
    if isinstance(value, (tuple, list)):
        return one_line("; ".join(map(str, value)))
    return one_line(str(value))


# a code in place of a backslash where a reader might look at the bare character first
_CODES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
_MARKS = re.compile(r"[&<>\\`*_\[\]|~$@^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# what would begin a heading, list, rule or underline at the start of a line
_LINE_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=#:]))")


def to_markdown(
    document: Document,
    pictures: Mapping[FigureSlot, str] | None = None,
    missing: Mapping[FigureSlot, str] | None = None,
) -> str:
    """Return a document as Markdown, with a line end; places without a picture are left out.

    `missing` says of places why they have none.
    """
    parts = [f"# {escape(document.title)}"]
    for section in sections_as_read(document):
        if section.title:
            parts.append(f"## {escape(section.title)}")
        parts += [
            text
            for block in section.blocks
            if (text := _block(block, pictures or {}, missing or {}))
        ]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    r"""Return text so that Markdown shows it as it is, on one line.

    Examples
    --------
    >>> print(escape("a|b <i> [c](d)"))
    a&#124;b &lt;i&gt; \[c\](d)
    """
    return _in_cell(one_line(text))


def _in_cell(line: str) -> str:
    return _MARKS.sub(lambda match: _CODES.get(match[0], f"\\{match[0]}"), line)


def _line(text: str) -> str:
    """Text at the start of a line, where some letters more mean something."""
    return _LINE_START.sub(r"\1\\", escape(text))


def _block(
    block: Block, pictures: Mapping[FigureSlot, str], missing: Mapping[FigureSlot, str]
) -> str:
    if isinstance(block, Paragraph):
        return _line(block.text)
    if isinstance(block, Bullets):
        record = zip(block.leads, block.items, strict=True)
        return "\n".join(f"- {_in_cell(lead)}{_bullet(block, text)}" for lead, text in record)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, FigureSlot) and block in pictures:
        return f"![{escape(block.caption)}]({quote(pictures[block])})"
    return _line(missing.get(block, "")) if isinstance(block, FigureSlot) else ""


def _bullet(block: Bullets, text: str) -> str:
    """A text of a list; the addresses of sources, which are numbered, can be clicked."""
    if block.first is None:
        return _line(text)
    parts = ADDRESS.split(one_line(text))  # every second one is an address
    return "".join(
        f"<{piece}>" if index % 2 else _in_cell(piece) for index, piece in enumerate(parts)
    )


def _table(table: Table) -> str:
    lines = [f"{_line(table.caption)}\n"] if table.caption else []
    lines.append(_row([_head(column) for column in table.columns]))
    lines.append(_row(["---:" if column.is_right else ":---" for column in table.columns]))
    for row in table.rows:
        lines.append(_row([escape(cell(column, row.get(column.key))) for column in table.columns]))
    return "\n".join(lines)


def _head(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    return escape(column.title + unit)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")


def write_markdown(path: Path, document: Document) -> tuple[Path, ...]:
    """Write a document as Markdown that shows its pictures, each a PNG beside it.

    The pictures of ``korea.md`` are ``korea-layers.png`` and so on. What is no file, such as a
    pipe, has nothing beside it and gets the text alone. Returned are the text's path, then those of
    its pictures.
    """
    if path.exists() and not path.is_file():
        write_text(path, to_markdown(document))
        return (path,)
    from supplynet.draw.mpl import figure_of, render

    pictures: dict[FigureSlot, str] = {}
    missing: dict[FigureSlot, str] = {}
    for slot in _slots(document):
        assert slot.scene is not None  # noqa: S101  those without are no slots to fill
        name = _free_name(path.stem, slot.name, pictures.values())
        try:
            picture = render(figure_of(slot.scene()), "png")
        except Exception as error:  # noqa: BLE001  such as places that are not known: the text says so
            missing[slot] = f"{slot.caption}: not drawn, {why_not(error)}."
            continue
        write_bytes(path.with_name(name), picture)
        pictures[slot] = name
    write_text(path, to_markdown(document, pictures, missing))
    return (path, *(path.with_name(name) for name in pictures.values()))


def _free_name(stem: str, name: str, taken: Collection[str]) -> str:
    """The name of a picture's file; with a number where several pictures have one name."""
    plain = f"{stem}-{_NOT_IN_NAMES.sub('-', name).strip('-') or 'picture'}"
    free, index = f"{plain}.png", 1
    while free in taken:
        index += 1
        free = f"{plain}-{index}.png"
    return free


def _slots(document: Document) -> Iterator[FigureSlot]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, FigureSlot) and block.scene is not None:
                yield block
