"""The published indices, one line each, and an index with everything that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from supplynet.contract.row import ITS_UNIT, Row, Share, col
from supplynet.errors import UnknownNameError
from supplynet.text import quantity

if TYPE_CHECKING:
    from supplynet.arrays import Floats

    #: least, central value and most, shape (3,)
    Figure: TypeAlias = Floats


def figure(value: float, low: float | None = None, high: float | None = None) -> Figure:
    """Return a figure with its ends, by default itself."""
    import numpy as np

    return np.array([value if low is None else low, value, value if high is None else high])


@dataclass(frozen=True, slots=True)
class Method:
    """How an index is worked out, and who published it."""

    id: str  #: stable name
    title: str
    unit: str
    formula: str  #: in plain characters
    meaning: str  #: what a reader may take from it
    source: str  #: publication that defines it
    metric: str = ""  #: name of its most alarming value as ``--fail-on`` has it; empty for none
    alarming: Callable[..., Any] = max  #: which of several values that is

    def index(
        self, subject: str, year: int, ends: Iterable[float | None] = (None,) * 3, **more: Any
    ) -> Index:
        """Return an index by it; `ends` are least, central value and most."""
        low, value, high = ends
        return Index(self, subject, year, value, low, high, self.unit, **more)


#: the published indices by id
METHODS = {
    method.id: method
    for method in (
        Method(
            "hhi",
            "Concentration (HHI)",
            "0-10,000",
            "HHI = 10,000 x sum over suppliers of (q_i / sum q)^2",
            "0 for very many small suppliers, 10,000 for one alone; above 2,500 is called highly "
            "concentrated, 1,500 to 2,500 moderately.",
            "Hirschman, The paternity of an index, American Economic Review 54 (1964); classes: US "
            "Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines "
            "(2010)",
            "hhi",
        ),
        Method(
            "n-1",
            "Supply without the largest supplier (N-1)",
            "1",
            "cover = (supply - supply of the largest) / (demand - demand of the largest); of a "
            "graph what links can feed of the others' capacity, all in tonnes that arrive at the "
            "end",
            "What would be left for all others if the largest supplier served only itself. At 100% "
            "the others could do without it.",
            "International Energy Agency, Global Critical Minerals Outlook 2025, N-1 analysis",
            "n_minus_1",
            min,
        ),
        Method(
            "eu-supply-risk",
            "EU supply risk",
            "score",
            "SR = [GS x IR/2 + S x (1 - IR/2)] x (1 - EoL_RIR) x SI_SR; GS, S = sum (share_c^2 x "
            "WGI_c x t_c) over world supply and over supply to the EU; IR = (imports - exports) / "
            "(domestic production + imports - exports)",
            "WGI runs from 0 to 10, 10 the worst. A raw material counts as critical from 1.0 on, "
            "together with an economic importance of 2.8.",
            "European Commission, Methodology for establishing the EU list of critical raw "
            "materials, guidelines (2017), doi 10.2873/769526; Blengini et al., JRC 106997 (2017), "
            "doi 10.2760/73303",
            "supply_risk",
        ),
        Method(
            "crma",
            "EU 2030 benchmark",
            "share of consumption",
            "own capacity / yearly consumption >= 10 % (extraction), 40 % (processing), 25 % "
            "(recycling); largest outside supplier / yearly consumption <= 65 % at each stage; of "
            "a graph own capacity is what it becomes at the end",
            "The share of a year's consumption that the area could extract, process and recycle "
            "itself.",
            "Regulation (EU) 2024/1252 (Critical Raw Materials Act), article 5",
        ),
        Method(
            "geopolrisk",
            "GeoPolRisk score",
            "0-1",
            "score = HHI x import risk; HHI = sum (p_i / sum p)^2 of world production; import risk "
            "= sum (imports_i x risk_i) / (imports + domestic production); risk_i = (2.5 - "
            "political stability) / 5",
            "0 to 1: the chance-like weight that a political disturbance among the suppliers "
            "reaches the importer. For ranking, not a probability.",
            "Gemechu et al., Journal of Industrial Ecology 20 (2016), doi 10.1111/jiec.12279; "
            "Koyamparambath et al., geopolrisk-py, Journal of Open Source Software (2025), doi "
            "10.21105/joss.09600",
            "geopolrisk",
        ),
    )
}


#: inputs of N-1 that stand in columns of their own: what all others could handle, get and ask for
CAPACITY, FED, ASKED = "capacity of all others", "fed by links", "demand of all others"
#: the scale of the index in competition law and mineral statistics
FULL = 10_000.0
#: shares of a year's consumption, 0 to 1, that an area should at least be able to do itself, and
#: the most that may come from one country outside, at each stage: Regulation (EU) 2024/1252
OWN = {"extraction": 0.10, "processing": 0.40, "recycling": 0.25}
LARGEST = 0.65
#: how inputs that state the governance of a country are called
GOVERNANCE = "governance of "


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
        return figure(self.value, self.low, self.high)

    @property
    def is_estimated(self) -> bool:
        """Whether it is not what somebody measured and published."""
        return self.known in ("assumed", "estimated")

    @property
    def unsure(self) -> Share:
        """Part of it that is estimated."""
        return self.estimated_share if self.is_estimated else 0.0


#: keys of an index beside those of its row
OF_METHOD = ("title", "formula", "source")


class Index(Row, first=("index",), also=("estimated", *OF_METHOD)):
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
    amounts: tuple[float, ...] = ()  #: of the suppliers whose squares it adds up
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
        """Return an input by name; an UnknownNameError where it has none of that."""
        for entry in self.inputs:
            if entry.name == name:
                return entry
        raise UnknownNameError(f"{self.title} has no input {name!r}")

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
        bounds = self.low, self.high
        if self.low == self.high:
            return ""
        return " to ".join(dict.fromkeys(quantity(end, self.unit, ends=bounds) for end in bounds))

    @property
    def told(self) -> str:
        """The value with its range in brackets."""
        return f"{self.value_text} ({self.range_text})" if self.range_text else self.value_text
