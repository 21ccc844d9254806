"""An index with everything that it rests on: formula, source, inputs, and what was estimated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from supplynet.analysis.provenance import Provenance
from supplynet.contract.declared import ITS_UNIT, Layout, Table, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import COUNT, NUMBER, TEXT, TEXTS, array_of, record
from supplynet.contract.result import Result
from supplynet.errors import UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.terms import ENDS
from supplynet.text import quantity

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Method:
    """How an index is worked out, and who published it."""

    id: str  #: stable name
    title: str
    formula: str  #: in plain characters
    meaning: str  #: what a reader may take from it
    source: str  #: publication that defines it


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that went into an index."""

    name: str
    value: float
    unit: str = ""
    #: ``table``: added up from the table's rows; ``stated``: said by whoever asked; ``assumed``:
    #: nothing was known and the method's neutral value was taken; or the confidence of a parameter:
    #: sourced, recalled or estimated
    known: str = "table"
    note: str = ""  #: where it comes from
    estimated_share: float = 1.0  #: part of an estimated figure that is estimated, 0 to 1
    #: low, high: its ends; None where it has no range
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """Least and most that it may be."""
        low, high = (self.value if end is None else end for end in (self.low, self.high))
        return low, high

    @property
    def is_estimated(self) -> bool:
        """Whether it is not what somebody measured and published."""
        return self.known in ("assumed", "estimated")


@dataclass(frozen=True)
class Index:
    """One index of one thing in one year."""

    method: Method
    subject: str  #: what it is about, such as ``"Mine, by location"``
    year: int
    value: float | None  #: None where an input is missing; the flags say which
    #: low, high: what it may be at the least and the most, wherever its figures lie between their
    #: ends and whatever owners and governance are that are not known; equal to the value without
    low: float | None
    high: float | None
    unit: str
    place: str = ""  #: whose supply it is about; empty for the world
    element: str = ""  #: element of a graph; empty for a table
    target: float | None = None  #: least (or most) that a benchmark asks for
    #: whether the benchmark is met; None for an index without one, or when not known
    passes: bool | None = None
    shortfall: float | None = None  #: t/yr by which the benchmark is missed, 0 when it is met
    inputs: tuple[Input, ...] = ()
    flags: tuple[str, ...] = ()  #: what a reader must know before quoting it, a sentence each
    limit: str = ""  #: step of the way that limits what links can feed, as ``"mine links"``

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
        """Names of the inputs that were estimated or assumed."""
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

    def to_dict(self) -> dict[str, Any]:
        """All fields, for JSON."""
        return {
            "index": self.method.id,
            "title": self.method.title,
            "subject": self.subject,
            "place": self.place,
            "element": self.element,
            "year": self.year,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "target": self.target,
            "passes": self.passes,
            "shortfall": self.shortfall,
            "limit": self.limit,
            "formula": self.method.formula,
            "source": self.method.source,
            "inputs": [
                {
                    "name": entry.name,
                    "value": entry.value,
                    **dict(zip(ENDS, entry.ends, strict=True)),
                    "unit": entry.unit,
                    "known": entry.known,
                    "note": entry.note,
                    "estimated_share": entry.estimated_share if entry.is_estimated else 0.0,
                }
                for entry in self.inputs
            ],
            "estimated": list(self.estimated),
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One index of one thing in one year, as a row of a table.

    Parameters
    ----------
    index : str
        Id of the method.
    subject : str
        What it is about.
    place : str
        Whose supply it is about; empty for the world.
    element : str
        Element of a graph; empty for a table.
    year : int
    value : float or None
        None where an input is missing; the flags say which.
    low, high : float or None
        Least and most that it may be, by the ranges of the figures behind it and what is not known;
        products hold their central contents.
    unit : str
    target : float or None
        Least (or most) that a benchmark asks for.
    passes : bool or None
        Whether the benchmark is met; None for an index without one, or when not known.
    shortfall : float or None
        By which the benchmark is missed, 0 when it is met.
    limit : str
        Step of the way that limits what links can feed of a capacity; empty where that is not
        asked.
    estimated : str
        Inputs that were estimated or assumed, joined by semicolons.
    flags : str
        What a reader must know before quoting it.
    """

    index: str
    subject: str
    place: str
    element: str
    year: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    target: float | None
    passes: bool | None
    shortfall: float | None
    limit: str
    estimated: str
    flags: str


INDEX_LAYOUT = Layout(
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
    document="supplynet.reports.results_indices.of_indices",
    figures=(
        text("title", "What the indices are of."),
        text("tier", "Links and plants that count; of a table none.", optional=True),
        texts("notes", "What is to be told of the year and of scenarios."),
    ),
    tables=(
        Table(
            "rows",
            "Every index with its range",
            IndexRow,
            units=dict.fromkeys(("value", "low", "high", "target"), ITS_UNIT)
            | {"shortfall": "t/yr"},
            in_json=False,
        ),
    ),
    nested={
        "indices": array_of(
            record(
                {
                    **dict.fromkeys(
                        ("index", "title", "subject", "place", "element", "unit", "limit"), TEXT
                    ),
                    "year": COUNT,
                    **dict.fromkeys(("value", "low", "high", "target", "shortfall"), NUMBER),
                    "passes": {"type": ["boolean", "null"]},
                    "formula": TEXT,
                    "source": TEXT,
                    "inputs": array_of(
                        record(
                            {
                                **dict.fromkeys(("name", "unit", "known", "note"), TEXT),
                                **dict.fromkeys(("value", "low", "high"), NUMBER),
                                "estimated_share": NUMBER,
                            }
                        )
                    ),
                    "estimated": TEXTS,
                    "flags": TEXTS,
                }
            )
        )
    },
)


@dataclass(frozen=True, eq=False)
class IndexResult(Result):
    """Several indices of one question.

    Parameters
    ----------
    title : str
    indices : tuple of Index
    provenance : Provenance
        Digest of the graph or names of the tables, options and versions.
    notes : tuple of str
        What is to be told of the year and of scenarios.
    tier : str or None
        Links and plants that count; None for a table.
    """

    LAYOUT = INDEX_LAYOUT

    certificate: ClassVar[None] = None  # nothing is solved for an index

    title: str
    indices: tuple[Index, ...]
    provenance: Provenance = field(default=Provenance())
    notes: tuple[str, ...] = ()
    tier: str | None = None

    @property
    def rows(self) -> tuple[IndexRow, ...]:
        """A row for each index."""
        return tuple(
            IndexRow(
                index=index.method.id,
                subject=index.subject,
                place=index.place,
                element=index.element,
                year=index.year,
                value=index.value,
                low=index.low,
                high=index.high,
                unit=index.unit,
                target=index.target,
                passes=index.passes,
                shortfall=index.shortfall,
                limit=index.limit,
                estimated="; ".join(index.estimated),
                flags=" ".join(index.flags),
            )
            for index in self.indices
        )

    def _nested(self) -> dict[str, Any]:
        return {"indices": [index.to_dict() for index in self.indices]}

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
