"""An index with everything that it rests on: formula, source, inputs, and what was estimated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.provenance import Provenance
from supplynet.errors import UnknownNameError
from supplynet.network.notebook import Shown
from supplynet.network.problems import did_you_mean

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Method:
    """How an index is worked out, and who published it.

    Parameters
    ----------
    id : str
        Stable name.
    title : str
    formula : str
        In plain characters.
    meaning : str
        What a reader may take from it.
    source : str
        Publication that defines it.
    """

    id: str
    title: str
    formula: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that went into an index.

    Parameters
    ----------
    name : str
    value : float
    unit : str
    known : str
        ``table``: added up from the table's rows; ``stated``: said by whoever asked; ``assumed``:
        nothing was known and the method's neutral value was taken; or the confidence of a
        parameter: sourced, recalled or estimated.
    note : str
        Where it comes from.
    estimated_share : float
        Part of an estimated figure that is estimated, 0 to 1.
    """

    name: str
    value: float
    unit: str = ""
    known: str = "table"
    note: str = ""
    estimated_share: float = 1.0

    @property
    def is_estimated(self) -> bool:
        """Whether it is not what somebody measured and published."""
        return self.known in ("assumed", "estimated")


@dataclass(frozen=True)
class Index:
    """One index of one thing in one year.

    Parameters
    ----------
    method : Method
    subject : str
        What it is about, such as ``"Mine, by location"``.
    year : int
    value : float or None
        None where an input is missing; the flags say which.
    low, high : float or None
        Ends of the range where owners or governance are not known; equal to the value otherwise.
    unit : str
    place : str
        Whose supply it is about; empty for the world.
    element : str
        Element of a graph; empty for a table.
    target : float or None
        Least (or most) that a benchmark asks for.
    passes : bool or None
        Whether the benchmark is met; None for an index without one, or when not known.
    shortfall : float or None
        t/yr by which the benchmark is missed, 0 when it is met.
    inputs : tuple of Input
    flags : tuple of str
        What a reader must know before quoting it, a sentence each.
    """

    method: Method
    subject: str
    year: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    place: str = ""
    element: str = ""
    target: float | None = None
    passes: bool | None = None
    shortfall: float | None = None
    inputs: tuple[Input, ...] = ()
    flags: tuple[str, ...] = ()

    def input(self, name: str) -> Input:
        """Return an input by name.

        Raises
        ------
        UnknownNameError
            If it has none of that name.
        """
        for one in self.inputs:
            if one.name == name:
                return one
        names = [one.name for one in self.inputs]
        raise UnknownNameError(
            f"{self.method.title} has no input {name!r}; it has {', '.join(names) or 'none'}",
            hint=did_you_mean(name, names),
        )

    @property
    def estimated(self) -> tuple[str, ...]:
        """Names of the inputs that were estimated or assumed."""
        return tuple(one.name for one in self.inputs if one.is_estimated)

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
            "formula": self.method.formula,
            "source": self.method.source,
            "inputs": [
                {
                    "name": one.name,
                    "value": one.value,
                    "unit": one.unit,
                    "known": one.known,
                    "note": one.note,
                    "estimated_share": one.estimated_share if one.is_estimated else 0.0,
                }
                for one in self.inputs
            ],
            "estimated": list(self.estimated),
            "flags": list(self.flags),
        }


#: columns of the table of a result
COLUMNS = (
    "index",
    "subject",
    "place",
    "element",
    "year",
    "value",
    "low",
    "high",
    "unit",
    "target",
    "passes",
    "shortfall",
    "estimated",
    "flags",
)


@dataclass(frozen=True)
class IndexResult(Shown):
    """Several indices of one question.

    Parameters
    ----------
    title : str
    indices : tuple of Index
    provenance : Provenance
        Digest of the graph or names of the tables, options and versions.
    """

    title: str
    indices: tuple[Index, ...]
    provenance: Provenance = field(default=Provenance())

    def of(self, method: str) -> tuple[Index, ...]:
        """Return the indices of a method, by its id."""
        return tuple(one for one in self.indices if one.method.id == method)

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
        known = [one.id for one in self.methods]
        wanted = list(methods)
        for name in wanted:
            if name not in known:
                raise UnknownNameError(
                    f"there is no index {name!r} here; there are {', '.join(known)}",
                    hint=did_you_mean(name, known),
                )
        kept = tuple(one for one in self.indices if one.method.id in wanted)
        return replace(self, indices=kept)

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods used, each once."""
        return tuple(dict.fromkeys(one.method for one in self.indices))

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each index."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    **{name: value for name, value in one.to_dict().items() if name in COLUMNS},
                    "estimated": "; ".join(one.estimated),
                    "flags": " ".join(one.flags),
                }
                for one in self.indices
            ],
            columns=list(COLUMNS),
        )

    def to_dict(self) -> dict[str, Any]:
        """All fields, for JSON."""
        return {
            "title": self.title,
            "indices": [one.to_dict() for one in self.indices],
            "provenance": self.provenance.to_dict(),
        }

    def summary(self) -> str:
        """Return the indices in a line each."""
        lines = [self.title]
        for one in self.indices:
            value = "not known" if one.value is None else f"{one.value:.6g}"
            of = ", ".join(part for part in (one.place, one.element, one.subject) if part)
            lines.append(f"  {one.method.title} ({of}, {one.year}): {value}")
        return "\n".join(lines)
