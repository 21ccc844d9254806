"""The states of a live page: every answer that its switches can call up, worked out ahead.

A page with switches shows one state at a time: figures, sentences and pictures of one choice on
each axis. The page only looks them up; nothing is reckoned in a browser.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from supplynet.draw.scene import Scene
from supplynet.reports.pack import Packer
from supplynet.text import one_line


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
    names: tuple[str, ...] = ()  #: names that many texts hold, to pack them small

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
        for place in self.places():
            state = self.states[place]
            figures = [state.figures[fact.name] for fact in self.facts]
            states.append(
                {
                    "summary": one_line(state.summary),
                    "numbers": [number for number, _ in figures],
                    "texts": [one_line(text) for _, text in figures],
                }
            )
        return {
            "axes": [
                {"name": axis.name, "choices": [one.id for one in axis.choices]}
                for axis in self.axes
            ],
            "start": list(self.start),
            "facts": [fact.name for fact in self.facts],
            "states": states,
        }

    def pictures(self) -> dict[str, Any]:
        """Return the pictures of every state, packed; states in the order of places."""
        packer = Packer(self.names)
        states = [
            [packer.scene(self.states[place].pictures[view.id]) for view in self.views]
            for place in self.places()
        ]
        return {"views": [view.id for view in self.views], "states": states, **packer.to_dict()}
