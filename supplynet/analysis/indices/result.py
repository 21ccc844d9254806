"""An index with everything that it rests on: formula, source, inputs, and what was estimated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.declared import ITS_UNIT, Table
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import array_of, columns_schema, record
from supplynet.contract.row import Row, Share, col, rows
from supplynet.errors import UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.text import quantity

#: least, central value and most, shape (3,)
Figure = npt.NDArray[np.float64]


def figure(value: float, low: float | None = None, high: float | None = None) -> Figure:
    """Return a figure with its ends, by default itself."""
    return np.array([value if low is None else low, value, value if high is None else high])


@dataclass(frozen=True, slots=True)
class Method:
    """How an index is worked out, and who published it."""

    id: str  #: stable name
    title: str
    formula: str  #: in plain characters
    meaning: str  #: what a reader may take from it
    source: str  #: publication that defines it


class Input(Row, also=("low=least", "high=most", "estimated_share=unsure")):
    """A figure that went into an index."""

    name: str
    value: float = col("What went in.", ITS_UNIT)
    unit: str = col(default="")
    known: str = col(
        "table: added up from the table's rows; stated: said by whoever asked; assumed: nothing "
        "was known and the method's neutral value was taken; or the confidence of a parameter.",
        default="table",
    )
    note: str = col("Where it comes from.", default="")
    estimated_share: float = 1.0  #: part of an estimated figure that is estimated, 0 to 1
    #: low, high: its ends; None where it has no range
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, name: str, figure: Figure, unit: str = "t", **more: Any) -> Input:
        """Return a figure with its ends as an input."""
        low, value, high = figure.tolist()
        return cls(name, value, unit, low=low, high=high, **more)

    @property
    def least(self) -> float:
        """Least that it may be."""
        return self.value if self.low is None else self.low

    @property
    def most(self) -> float:
        """Most that it may be."""
        return self.value if self.high is None else self.high

    @property
    def figure(self) -> Figure:
        """The value between its ends."""
        return figure(self.value, self.least, self.most)

    @property
    def is_estimated(self) -> bool:
        """Whether it is not what somebody measured and published."""
        return self.known in ("assumed", "estimated")

    @property
    def unsure(self) -> Share:
        """Part of it that is estimated."""
        return self.estimated_share if self.is_estimated else 0.0


#: keys of an index beside those of its row
_OF_METHOD = ("title", "formula", "source")


class Index(Row, first=("index",), also=("estimated", *_OF_METHOD)):
    """One index of one thing in one year."""

    method: Method
    subject: str = col('What it is about, such as ``"Mine, by location"``.')
    year: int
    value: float | None = col("Null where an input is missing; the flags say which.", ITS_UNIT)
    low: float | None = col(
        "Least that it may be, by the ranges of the figures behind it and what is not known of "
        "owners and governance; products hold their central contents.",
        ITS_UNIT,
    )
    high: float | None = col("Most that it may be, in the same way.", ITS_UNIT)
    unit: str
    place: str = col("Whose supply it is about; empty for the world.", default="")
    element: str = col("Element of a graph; empty for a table.", default="")
    target: float | None = col("Least (or most) that a benchmark asks for.", ITS_UNIT, default=None)
    passes: bool | None = col(
        "Whether the benchmark is met; null for an index without one, or when not known.",
        default=None,
    )
    shortfall: float | None = col(
        "By which the benchmark is missed, 0 when it is met.", "t/yr", default=None
    )
    inputs: tuple[Input, ...] = ()
    flags: tuple[str, ...] = col("What a reader must know before quoting it.", default=())
    limit: str = col(
        "Step of the way that limits what links can feed of a capacity; empty where that is not "
        "asked.",
        default="",
    )

    @property
    def index(self) -> str:
        """Id of the method."""
        return self.method.id

    @property
    def title(self) -> str:
        """Name of the method."""
        return self.method.title

    @property
    def formula(self) -> str:
        """How it is worked out."""
        return self.method.formula

    @property
    def source(self) -> str:
        """Publication that defines it."""
        return self.method.source

    def input(self, name: str) -> Input:
        """Return an input by name."""
        for entry in self.inputs:
            if entry.name == name:
                return entry
        names = [entry.name for entry in self.inputs]
        raise UnknownNameError(
            f"{self.method.title} has no input {name!r}; it has {', '.join(names) or 'none'}",
            hint=did_you_mean(name, names),
        )

    @property
    def estimated(self) -> tuple[str, ...]:
        """Inputs that were estimated or assumed."""
        return tuple(entry.name for entry in self.inputs if entry.is_estimated)

    @property
    def value_text(self) -> str:
        """The value as its scale is written, with no more digits than its range leaves it."""
        return quantity(self.value, self.unit, ends=(self.low, self.high))

    @property
    def range_text(self) -> str:
        """The range as its scale is written; empty where it is no wider than the value."""
        ends = self.low, self.high
        if self.low == self.high:
            return ""
        return " to ".join(dict.fromkeys(quantity(end, self.unit, ends=ends) for end in ends))


#: the inputs of an index
_INPUTS = Table("inputs", "Inputs", Input)


class IndexResult(
    DeclaredResult,
    name="indices",
    title="Published indices of supply",
    headline=(
        Lead(
            "index",
            "value",
            "low",
            "high",
            of="{row.index} {row.subject}",
            table="rows",
            place=("indices",),
        ),
    ),
    nested={
        "indices": array_of(
            record(
                {
                    **columns_schema(Index.COLUMNS)["properties"],
                    "inputs": array_of(columns_schema(Input.COLUMNS)),
                }
            )
        )
    },
    document="supplynet.reports.results_indices.of_indices",
):
    """Several indices of one question."""

    title: str = col("What the indices are of.")
    indices: tuple[Index, ...] = rows(
        "Every index with its range", name="rows", in_json=False, without=_OF_METHOD
    )
    notes: tuple[str, ...] = col("What is to be reported of the year and of scenarios.", default=())
    tier: str | None = col("Links and plants that count; of a table none.", default=None)

    def _nested(self) -> dict[str, Any]:
        return {
            "indices": [
                {
                    **{one.name: one.of(index) for one in Index.COLUMNS},
                    "inputs": _INPUTS.records(index),
                }
                for index in self.indices
            ]
        }

    def of(self, method: str) -> tuple[Index, ...]:
        """Return the indices of a method, by its id."""
        return tuple(index for index in self.indices if index.method.id == method)

    def only(self, methods: Iterable[str]) -> IndexResult:
        """Return the same result with the indices of some methods alone.

        Parameters
        ----------
        methods : iterable of str
            Ids of methods, such as ``"n-1"``.

        Raises
        ------
        UnknownNameError
            If the result has no index of one.

        Examples
        --------
        >>> import supplynet as sn
        >>> [one.id for one in sn.indices(sn.load("tutorial")).only(["n-1"]).methods]
        ['n-1']
        """
        known = [method.id for method in self.methods]
        wanted = list(methods)
        for name in wanted:
            if name not in known:
                raise UnknownNameError(
                    f"there is no index {name!r} here; there are {', '.join(known)}",
                    hint=did_you_mean(name, known),
                )
        kept = tuple(index for index in self.indices if index.method.id in wanted)
        return replace(self, indices=kept)

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods used, each once."""
        return tuple(dict.fromkeys(index.method for index in self.indices))

    def summary(self) -> str:
        """Return the indices in a line each, with their ranges."""
        lines = [self.title]
        for index in self.indices:
            of = ", ".join(part for part in (index.place, index.element, index.subject) if part)
            around = f" ({index.range_text})" if index.range_text else ""
            text = f"{index.value_text}{around}"
            lines.append(f"  {index.method.title} ({of}, {index.year}): {text}")
        return "\n".join(lines)
