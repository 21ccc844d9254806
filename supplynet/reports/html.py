"""A document as one HTML page that asks the network for nothing and runs no script but its own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any, TypeVar

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from supplynet.draw.svg import Drawn, theme_rules, to_svg
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    FigureSlot,
    LiveSlot,
    Paragraph,
    Section,
    SolverSlot,
    Table,
    cell,
    why_not,
)
from supplynet.reports.data_writers import SCRIPT, holds_answer, script, to_json
from supplynet.reports.first_words import sections_as_read
from supplynet.reports.live import engine_script, engine_text, json_in_markup, squeezed
from supplynet.text import ADDRESS, one_line

#: name of the last section of the answer on one page
LAST_OF_PAGE = "sure"
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9]+")
# numbers of sources at the end of a sentence
_CITES = re.compile(r"(?: \[\d+\])+$")
#: an address without the sign that ends a sentence
_FOLDER = "supplynet.reports", "templates"
_NOTE = (
    "One file without any connection: nothing is loaded and nothing is sent. "
    "To keep it as PDF, print it."
)


def to_html(document: Document) -> str:
    """Return a document as a page, with a line end: the same document, the same text."""
    if document.cited is not None:
        document = replace(document, sections=document.cited(), cited=None)
    stated = sections_as_read(document)
    ids = _Ids(sum(section.name == "sources" for section in stated))
    sections = [_section(ids, entry) for entry in stated]
    # behind the page of the answer everything is folded, but for what is live
    names = [member.name for member in stated]
    last = names.index(LAST_OF_PAGE) if LAST_OF_PAGE in names else len(names)
    for section in sections[last + 1 :]:
        kinds = {block["kind"] for block in section["blocks"]}
        section["is_folded"] = bool(section["title"] and kinds) and not kinds & {"live", "solver"}
    networks = [
        network
        for section in sections
        for block in section["blocks"]
        for network in block.get("networks", ())
    ]
    has_engine = any("program" in network for network in networks)
    script, style = _part("page.js"), style_sheet()
    if networks:
        script += f"\n{engine_script()}{_part('program.js')}" if has_engine else ""
        script += _part("solver.js").removeprefix('"use strict";\n')
    page = _environment().get_template("page.html.j2")
    return page.render(
        title=document.title,
        # Only this script and this style, by their hashes, may run: a name of a plant that holds
        # markup cannot, even if escaping failed.
        policy=policy(script, style, has_engine=has_engine),
        script=Markup(script),  # noqa: S704  files of this package
        style=Markup(style),  # noqa: S704
        sections=sections,
        contents=[record for record in sections if record["title"]],
        note=_NOTE,
        downloads=_downloads(document),
    )


def _downloads(document: Document) -> list[dict[str, str]]:
    """Return what a reader may save to check the page: the content, and a script, as links."""
    if not holds_answer(document.data):
        return []
    # Without the time of day, so that a page of the same document is the same bytes.
    content = gzip.compress(to_json(document).encode("utf-8"), mtime=0)
    kinds = {"result.json.gz": ("application/gzip", content)}
    if holds_answer(document.data, of_programs=True):
        kinds = {SCRIPT: ("text/x-python", script().encode("utf-8")), **kinds}
    return [
        {"name": name, "href": f"data:{kind};base64,{base64.b64encode(raw).decode('ascii')}"}
        for name, (kind, raw) in kinds.items()
    ]


def to_frame(document: Document) -> str:
    """Return a document as a page in a frame, as a notebook shows it.

    The frame keeps the page's styles and ids apart from those of the notebook.
    """
    page = escape(to_html(document))
    title = escape(one_line(document.title))
    return (
        f'<iframe title="{title}" srcdoc="{page}" sandbox="allow-scripts" '
        'width="100%" height="720" style="border: 0"></iframe>'
    )


def policy(script: str, style: str, *, behind: str = "", has_engine: bool = False) -> str:
    """Return the Content-Security-Policy that lets these two run, and nothing load.

    With a script behind that of the page it may run too, and ask the server of the page; with an
    engine the page's script may start the WebAssembly that it holds.
    """
    # WebAssembly counts as evaluation for a browser; it is allowed only where the page carries the
    # engine.
    scripts, connect = _hash(script) + (" 'wasm-unsafe-eval'" if has_engine else ""), ""
    if behind:
        scripts, connect = f"{scripts} {_hash(behind)}", "connect-src 'self'; "
    return (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(style)}; {connect}"
        "base-uri 'none'; form-action 'none'"
    )


def served_page(loader: BaseLoader, *, title: str, style: str, behind: str, **options: Any) -> str:
    """Return a page that a server feeds, with the frame, style and script of every report.

    `loader` has the template ``explore.html.j2``, which extends ``page.html.j2``; `style` and the
    script `behind` stand after those of every report.
    """
    beside = _environment().overlay(loader=ChoiceLoader([loader, _loader()]))
    script, style = _part("page.js"), style_sheet() + style
    return beside.get_template("explore.html.j2").render(
        title=title,
        policy=policy(script, style, behind=behind),
        script=Markup(script),  # noqa: S704  files of this package
        style=Markup(style),  # noqa: S704
        behind=Markup(behind),  # noqa: S704
        contents=(),
        downloads=(),
        **options,
    )


def page_policy(style: str, behind: str) -> str:
    """Return the policy of a served page, for a header."""
    return policy(_part("page.js"), style_sheet() + style, behind=behind)


def style_sheet() -> str:
    """Return the style sheet, with the colors of pictures as variables, light and dark."""
    rules = _part("page.css")
    for name in ("light", "dark"):
        rules = rules.replace(f"--colors: {name};", theme_rules(name))
    return rules


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _environment() -> Environment:
    # Everything that is filled in is escaped, and a name that is missing is an error: an empty
    # place in a report would be read as nothing found.
    return Environment(
        loader=_loader(),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: one_line(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _part(name: str) -> str:
    return _loader().get_source(_environment(), name)[0]


@cache
def _loader() -> BaseLoader:
    return PackageLoader(*_FOLDER)


class _Ids:
    """Ids in a page: each once, of letters that need no escape."""

    def __init__(self, n_lists: int = 0) -> None:
        self._taken = {"", "main", "theme", "told", "highs"}
        self._n_lists, self._n_to_come = 0, n_lists

    @property
    def has_list(self) -> bool:
        """Whether a list of sources is still to come, so that a number may be that of one."""
        return self._n_lists < self._n_to_come

    def new(self, name: str) -> str:
        """Return a name as an id, with a number after it where it is taken."""
        plain = _NOT_IN_IDS.sub("-", name).strip("-") or "part"
        text, index = plain, 1
        while text in self._taken:
            index += 1
            text = f"{plain}-{index}"
        self._taken.add(text)
        return text

    def source(self, index: int) -> str:
        """Return the id of a source by its number in the list that comes next."""
        # several reports in one page have a list each, and each begins with 1
        return f"source-{index}" if not self._n_lists else f"source-{self._n_lists + 1}-{index}"

    def end_sources(self) -> None:
        """Note that a list of sources is over: what cites from here on cites the next."""
        self._n_lists += 1


def _told(ids: _Ids, text: str) -> str:
    """Return a text with the numbers of sources that it ends in as links to these."""
    line = one_line(text)
    cites = _CITES.search(line) if ids.has_list else None
    if cites is None:
        return line
    link = Markup('<a class="cite" href="#{}">[{}]</a>')
    numbers = map(int, re.findall(r"\d+", cites[0]))
    links = Markup(" ").join(link.format(ids.source(index), index) for index in numbers)
    return Markup("{} {}").format(line[: cites.start()], links)


def _section(ids: _Ids, section: Section) -> dict[str, Any]:
    shown = {
        "id": ids.new(section.name),
        "title": section.title,
        "blocks": [shown for block in section.blocks if (shown := _block(ids, section, block))],
        "is_folded": False,
    }
    if section.name == "sources":
        ids.end_sources()
    return shown


_Slot = TypeVar("_Slot", FigureSlot, LiveSlot, SolverSlot)


def _block(ids: _Ids, section: Section, block: Block) -> dict[str, Any]:
    """Return what a template needs of a block beside it; empty for what no page shows."""
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": _told(ids, block.text), "is_note": block.is_note}
    if isinstance(block, Bullets):
        # the addresses of sources are links; elsewhere they are plain text
        text_of = _linked if section.name == "sources" else partial(_told, ids)
        points = [
            {
                "number": None if block.first is None else block.first + index,
                "id": "" if block.first is None else ids.new(ids.source(block.first + index)),
                "text": text_of(one_line(text)),
            }
            for index, text in enumerate(block.items)
        ]
        return {"kind": "bullets", "points": points}
    if isinstance(block, Table):
        name = ids.new(f"table-{block.name}")
        return {"kind": "table", "id": name, "table": block, "rows": list(_rows(ids, block))}
    if isinstance(block, LiveSlot):
        return _unless_failed(block.title, _live, ids.new("explore"), block)
    if isinstance(block, SolverSlot):
        return _unless_failed(block.title, _solver, ids.new("solver"), block)
    if block.scene is None:
        return {}
    return _unless_failed(block.caption, _figure, ids.new(f"figure-{block.name}"), block)


def _unless_failed(
    title: str, block_of: Callable[[str, _Slot], dict[str, Any]], name: str, slot: _Slot
) -> dict[str, Any]:
    """Return a part that is worked out for the page, or why it is missing from it."""
    try:
        return block_of(name, slot)
    # What cannot be worked out, such as places that are not known, must not keep the report from
    # its reader.
    except Exception as error:  # noqa: BLE001
        text = f"{title}: not drawn, {why_not(error)}."
        return {"kind": "paragraph", "text": text, "is_note": True}


def _linked(text: str) -> Markup:
    """Return a text for markup, with its addresses as links."""
    parts = ADDRESS.split(text)  # every second one is an address
    return Markup("").join(
        Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(piece) if index % 2 else piece
        for index, piece in enumerate(parts)
    )


def _figure(name: str, slot: FigureSlot) -> dict[str, Any]:
    """A picture, and the same for a narrow screen."""
    assert slot.scene is not None  # noqa: S101  asked for only where it is there
    narrow = slot.narrow and _svg(slot.narrow(), f"{name}-narrow")
    return {
        "kind": "figure",
        "id": name,
        "caption": slot.caption,
        "svg": _svg(slot.scene(), name),
        "narrow": narrow,
    }


def _svg(scene: Drawn, name: str) -> Markup:
    return Markup(to_svg(scene, name))  # noqa: S704  escaped where it is made


def _solver(name: str, slot: SolverSlot) -> dict[str, Any]:
    """Networks as data, and the words around what the page's script makes of them."""
    networks = slot.networks()
    return {
        "kind": "solver",
        "id": name,
        "slot": slot,
        "networks": networks,
        "content": Markup(json_in_markup(networks)),  # noqa: S704  escaped for markup
        "engine": engine_text() if any("program" in network for network in networks) else "",
    }


def _live(name: str, slot: LiveSlot) -> dict[str, Any]:
    """The state that the page opens with as it stands, and all states as data."""
    live = slot.live()
    drawn = {
        view.id: _svg(live.first.pictures[view.id], f"{name}-{view.id}") for view in live.views
    }
    return {
        "kind": "live",
        "id": name,
        "slot": slot,
        "live": live,
        "svg": drawn,
        "figures": Markup(json_in_markup(live.figures())),  # noqa: S704  escaped for markup
        "pictures": squeezed(live.pictures()),
    }


def _rows(ids: _Ids, table: Table) -> Iterator[dict[str, Any]]:
    """Rows whose first cell is empty belong to the row above: they say its name again."""
    above = ""
    for index, row in enumerate(table.rows):
        cells = [_cell(ids, column, row.get(column.key)) for column in table.columns]
        # Sorted by another column a row loses its neighbors: it must carry the name that it shares
        # with the row above.
        is_again = not cells[0]["text"] and table.columns[0].kind == "text" and bool(above)
        above = above if is_again else cells[0]["text"]
        cells[0]["text"] = above
        yield {"cells": cells, "is_again": is_again, "is_first": index > 0 and not is_again}


def _cell(ids: _Ids, column: Column, value: Any) -> dict[str, Any]:
    cites = value if column.kind == "cites" and value else ()
    has_range = column.kind == "share" and isinstance(value, (tuple, list)) and len(value) == 3
    figure = value[0] if has_range else value
    is_number = isinstance(figure, (int, float)) and not isinstance(figure, bool)
    return {
        "text": one_line(cell(column, value)),
        "cites": [(index, ids.source(index)) for index in cites],
        # in full, to sort by and to copy; plus zero, as -0.0 sorts and copies as 0
        "value": repr(figure + 0) if is_number else None,
    }
