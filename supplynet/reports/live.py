"""The states of a live page: every answer that its switches can call up, worked out ahead.

A page with switches shows one state at a time: figures, sentences and pictures of one choice on
each axis. The page only looks them up; nothing is reckoned in a browser.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import zlib
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from supplynet.draw.scene import Scene
from supplynet.draw.svg import Drawn, Mark, Paint, look, marks_of, relative, tenths
from supplynet.text import is_hidden, one_line

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Choice:
    """One position of a switch, or one of the pictures of a state."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class View(Choice):
    """A picture that every state has."""

    #: one of "", "wide", "narrow"; the only screens on which it is shown, if not all
    screen: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """A switch."""

    name: str  #: as it stands in the address of the page
    title: str
    choices: tuple[Choice, ...]
    is_scale: bool = False  #: whether its choices follow each other, so that it is a slider


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that every state has."""

    name: str
    title: str


@dataclass(frozen=True)
class State:
    """What the page shows for one choice on each axis."""

    summary: str  #: the state in a sentence or two
    #: number in full and as it is written, by name of a fact
    figures: Mapping[str, tuple[float | None, str]]
    pictures: Mapping[str, Scene]  #: by name of a view


@dataclass(frozen=True)
class Live:
    """A page's switches and states."""

    axes: tuple[Axis, ...]
    start: tuple[int, ...]  #: the choice on each axis that the page opens with
    facts: tuple[Fact, ...]
    views: tuple[View, ...]  #: the pictures that every state has
    states: Mapping[tuple[int, ...], State]  #: by the choice on each axis; every combination

    @property
    def first(self) -> State:
        """The state that the page opens with."""
        return self.states[self.start]

    def places(self) -> Iterator[tuple[int, ...]]:
        """Every combination of choices, the last axis fastest."""
        return itertools.product(*(range(len(axis.choices)) for axis in self.axes))

    def figures(self) -> dict[str, Any]:
        """Return the switches and the figures of every state, in the order of places."""
        states = []
        for position in self.places():
            state = self.states[position]
            figures = [state.figures[fact.name] for fact in self.facts]
            states.append(
                {
                    "summary": one_line(state.summary),
                    "numbers": [index for index, _ in figures],
                    "texts": [one_line(text) for _, text in figures],
                }
            )
        return {
            "axes": [
                {"name": axis.name, "choices": [choice.id for choice in axis.choices]}
                for axis in self.axes
            ],
            "start": list(self.start),
            "facts": [fact.name for fact in self.facts],
            "states": states,
        }

    def pictures(self) -> dict[str, Any]:
        """Return the pictures of every state, packed; states in the order of places."""
        packer = Packer()
        states = [
            [packer.scene(self.states[position].pictures[view.id]) for view in self.views]
            for position in self.places()
        ]
        return {"views": [view.id for view in self.views], "states": states, **packer.to_dict()}


#: in markup these would end the data or begin something else
_IN_MARKUP = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


class _Pool:
    """Things that are kept once, each known by its place."""

    def __init__(self) -> None:
        self._places: dict[Hashable, int] = {}
        self.kept: list[Any] = []

    def place(self, key: Hashable, value: Any = None) -> int:
        """Return the place of a thing, which is kept if it is new."""
        count = self._places.get(key)
        if count is None:
            count = self._places[key] = len(self.kept)
            self.kept.append(key if value is None else value)
        return count


class Packer:
    """Packs scenes and texts; what it has kept is in :meth:`to_dict`."""

    def __init__(self) -> None:
        self._texts, self._hovers, self._looks = _Pool(), _Pool(), _Pool()
        self._paths, self._layers, self._scenes = _Pool(), _Pool(), _Pool()
        # what was asked for before, as it was given
        self._painted: dict[tuple[str, Paint], int] = {}

    def text(self, text: str) -> int:
        """Return the place of a text."""
        return self._texts.place(one_line(text))

    def scene(self, scene: Drawn) -> int:
        """Return the place of a scene."""
        marks = list(marks_of(scene))
        drawn = [self._mark(mark) for mark in marks if mark.kind != "text"]
        written = [self._mark(mark) for mark in marks if mark.kind == "text"]
        packed = [
            tenths(scene.width),
            tenths(scene.height),
            self.text(scene.title),
            self.text(scene.description),
            self._layers.place(json.dumps(drawn), drawn),
            self._layers.place(json.dumps(written), written),
        ]
        return self._scenes.place(tuple(packed), packed)

    def _mark(self, mark: Mark) -> list[int]:
        """What it looks like, what it says, what belongs to it, then where it is."""
        results = [self._look(mark)]
        if mark.kind == "text":
            return [*results, self.text(mark.text), *map(tenths, mark.numbers)]
        results.append(self._hover(mark.hover))
        if mark.kind == "path":
            x, y, tail = relative(mark.steps)
            position = [x, y, self._paths.place(tail)]
        else:
            position = list(map(tenths, mark.numbers))
        index, other = (*mark.ends, -1, -1)[:2]
        return [*results, index, *([] if mark.kind == "rectangle" else [other]), *position]

    def _look(self, mark: Mark) -> int:
        names = (mark.kind, mark.paint)
        count = self._painted.get(names)
        if count is None:
            attributes = look(mark.paint)
            key = (mark.kind, tuple(attributes.items()))
            count = self._painted[names] = self._looks.place(key, [mark.kind, attributes])
        return count

    def _hover(self, lines: tuple[str, ...]) -> int:
        places = tuple(map(self.text, lines))
        return self._hovers.place(places) if lines else -1

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept, for JSON."""
        return {
            "texts": self._texts.kept,
            "hovers": self._hovers.kept,
            "looks": self._looks.kept,
            "paths": self._paths.kept,
            "layers": self._layers.kept,
            "scenes": self._scenes.kept,
        }


def json_in_markup(content: Any) -> str:
    r"""Return data as JSON that can stand in an element of a page, whatever it holds.

    Examples
    --------
    >>> json_in_markup({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join(_in_markup(char) for char in text)


def squeezed(content: Any) -> str:
    """Return data as JSON, deflated and in base 64, as a browser can read it again by itself."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def _in_markup(char: str) -> str:
    if char in _IN_MARKUP:
        return _IN_MARKUP[char]
    return json.dumps(char)[1:-1] if not char.isascii() and is_hidden(char) else char


@cache
def engine_script() -> str:
    """Return the script that starts HiGHS, its licence before it.

    Examples
    --------
    >>> "MIT License" in engine_script()[:80]
    True
    """
    licence = (_vendor() / "LICENSE").read_text("utf-8").rstrip()
    script = gzip.decompress((_vendor() / "highs.js.gz").read_bytes()).decode("utf-8")
    return f"/*! HiGHS as WebAssembly (npm: highs)\n\n{licence}\n*/\n{script}\n"


@cache
def engine_text() -> str:
    """Return the WebAssembly, packed with gzip and written in base 64.

    Examples
    --------
    >>> engine_text()[:4]
    'H4sI'
    """
    return base64.b64encode((_vendor() / "highs.wasm.gz").read_bytes()).decode("ascii")


def _vendor() -> Traversable:
    return files("supplynet.reports").joinpath("vendor")
