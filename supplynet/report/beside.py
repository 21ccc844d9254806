"""A document as Markdown in a file, and its pictures as files beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from supplynet.errors import UsageError
from supplynet.files import write_bytes, write_text
from supplynet.report.document import Document, FigureSlot
from supplynet.report.markdown import to_markdown

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")


def write_markdown(path: Path, document: Document) -> tuple[Path, ...]:
    """Write a document as Markdown that shows its pictures, each a PNG beside it.

    The pictures of ``korea.md`` are ``korea-layers.png`` and so on. What is no file, such as a
    pipe, has nothing beside it and gets the text alone.

    Returns
    -------
    tuple of Path
        The text, then its pictures.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    if path.exists() and not path.is_file():
        write_text(path, to_markdown(document))
        return (path,)
    from supplynet.draw.mpl import figure_of, render

    pictures: dict[FigureSlot, str] = {}
    for slot in _slots(document):
        assert slot.scene is not None  # noqa: S101  those without are no slots to fill
        try:
            scene = slot.scene()
        except UsageError:  # such as a map of places that are not known: the text does without
            continue
        name = _free_name(path.stem, slot.name, pictures.values())
        write_bytes(path.with_name(name), render(figure_of(scene), "png"))
        pictures[slot] = name
    write_text(path, to_markdown(document, pictures))
    return (path, *(path.with_name(name) for name in pictures.values()))


def _free_name(stem: str, name: str, taken: Collection[str]) -> str:
    """The name of a picture's file; with a number where several pictures have one name."""
    plain = f"{stem}-{_NOT_IN_NAMES.sub('-', name).strip('-') or 'picture'}"
    free, number = f"{plain}.png", 1
    while free in taken:
        number += 1
        free = f"{plain}-{number}.png"
    return free


def _slots(document: Document) -> Iterator[FigureSlot]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, FigureSlot) and block.scene is not None:
                yield block
