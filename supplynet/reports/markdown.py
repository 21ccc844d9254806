"""A document as Markdown, and in a file with its pictures as files beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from supplynet.files import write_bytes, write_text
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    FigureSlot,
    Paragraph,
    Table,
    cell,
    why_not,
)
from supplynet.reports.first_words import sections_as_read
from supplynet.text import ADDRESS, one_line

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
    return _escaped(one_line(text))


def _escaped(line: str) -> str:
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
        return "\n".join(f"- {_escaped(lead)}{_bullet(block, text)}" for lead, text in record)
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
        f"<{piece}>" if index % 2 else _escaped(piece) for index, piece in enumerate(parts)
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
