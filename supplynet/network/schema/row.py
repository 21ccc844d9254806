"""What every row of a graph is: the words and numbers of its cells, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from supplynet.errors import OptionError
from supplynet.limits import AMOUNT_HINT, MAX_AMOUNT
from supplynet.terms import CONFIDENCES, ConfidenceName

PriceKind = Literal["market", "willingness", "factor"]
ChargeKind = Literal["processing", "freight", "tariff", "tax", "premium"]
RelativeTo = Literal["need", "observed", "capacity"]

#: what a cell of a table may be given as; text of several names is separated by ;
Cell: TypeAlias = str | float | Sequence[str] | None

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"
COUNTRY_PATTERN = r"^[A-Z]{3}$"
#: the same, where it may stay empty
SOME_COUNTRY_PATTERN = r"^([A-Z]{3})?$"
UNKNOWN = "unknown"


def _split(value: Any) -> Any:
    """``"a;b"`` -> ``("a", "b")``, for cells that hold a list."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(piece.strip() for piece in value.split(";") if piece.strip())
    return value


def _blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Id = Annotated[str, Field(pattern=ID_PATTERN)]
OptionalId = Annotated[
    Annotated[str, Field(pattern=ID_PATTERN)] | None, BeforeValidator(_blank_to_none)
]
Year = Annotated[int, Field(ge=1800, le=2200)]
OptionalYear = Annotated[
    Annotated[int, Field(ge=1800, le=2200)] | None, BeforeValidator(_blank_to_none)
]
Number = Annotated[float, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT, allow_inf_nan=False)]
OptionalNumber = Annotated[Number | None, BeforeValidator(_blank_to_none)]
Tonnes = Annotated[float, Field(ge=0, le=MAX_AMOUNT, allow_inf_nan=False)]
OptionalTonnes = Annotated[Tonnes | None, BeforeValidator(_blank_to_none)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
OptionalShare = Annotated[
    Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None,
    BeforeValidator(_blank_to_none),
]
Latitude = Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(_blank_to_none)]
Longitude = Annotated[
    Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(_blank_to_none)
]


class Row(BaseModel):
    """Base of every row: unknown columns are refused, rows do not change."""

    #: columns that tell a row from all others of its table
    key: ClassVar[tuple[str, ...]] = ("id",)
    #: whether no two rows share the key; factors, which multiply, may
    is_unique: ClassVar[bool] = True
    #: further columns that no two rows may share; empty for none
    told_once: ClassVar[tuple[str, ...]] = ()
    #: columns by which the rows of two editions are set side by side, where they state the rows of
    #: one apart; empty for those of the key
    set_beside: ClassVar[tuple[str, ...]] = ()

    # built when first used: no command reads every table
    model_config = ConfigDict(
        protected_namespaces=(),  # older versions keep names such as model_year to themselves
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        defer_build=True,
    )

    def with_cells(self, **cells: object) -> Self:
        """Return the row with other values in some columns, which nobody checks.

        Five times as fast as ``model_copy``: for many rows that are made by code.
        """
        row = type(self).__new__(type(self))
        object.__setattr__(row, "__dict__", {**self.__dict__, **cells})
        for slot in ("fields_set__", "extra__", "private__"):
            selection = getattr(self, f"__pydantic_{slot}")  # rows do not change: it may be shared
            object.__setattr__(row, f"__pydantic_{slot}", selection)
        return row

    def multiplied(self, factor: float, figures: Iterable[str]) -> Self:
        """Return the row with some of its figures multiplied, where they are given.

        Figures that the row has not, or that are empty, are passed over; an OptionError if one
        becomes larger than any may be.
        """
        options = ((column, getattr(self, column, None)) for column in figures)
        cells = {column: value * factor for column, value in options if value is not None}
        for column, value in cells.items():
            if value > MAX_AMOUNT:
                name = " ".join(str(getattr(self, piece)) for piece in self.key)
                raise OptionError(
                    f"{name}: {column} times {factor:g} is {value:g}, more than {MAX_AMOUNT:g}",
                    hint=AMOUNT_HINT,
                )
        return self.model_copy(update=cells)


class Provenance(Row):
    """Where the figures of a row come from."""

    confidence: ConfidenceName = Field(
        description="; ".join(f"{word.name}: {word.meaning}" for word in CONFIDENCES.values())
    )
    source_ids: Names = Field(default=(), description="ids of the table sources, separated by ;")
    printed: str = Field(
        default="",
        description="what the document prints, where the figure of the row was reckoned from it",
    )
    note: str = Field(default="", description="what a reader must know about the row")


def columns(model: type[Row]) -> tuple[str, ...]:
    """Return the columns of a table in order: its own first, then where its figures come from."""
    last = tuple(Provenance.model_fields) if issubclass(model, Provenance) else ()
    return (*(name for name in model.model_fields if name not in last), *last)


@dataclass(frozen=True, slots=True)
class RefersTo:
    """Marks a column whose cells name something that the graph declares."""

    what: str  #: what is named, as a message says it
    #: the table whose ids are meant; empty where the head of the graph declares the names, or
    #: several sorts of names are allowed
    table: str = ""


NODE = RefersTo("node", "nodes")
NATION = RefersTo("nation", "nodes")
PRODUCT = RefersTo("product", "products")
SOURCE = RefersTo("source", "sources")
STAGE = RefersTo("stage")
FORM = RefersTo("form")
ELEMENT = RefersTo("element")
GROUP = RefersTo("element group")
ELEMENT_OR_GROUP = RefersTo("element or element group")
ELEMENTS = RefersTo("element, element group or all")
ITEM = RefersTo("product, element or all")
INDICATOR = RefersTo("indicator")
SERIES = RefersTo("series of unit values")
SHOCK = RefersTo("shock")
REPLAY = RefersTo("row of replays", "replays")
OPTION = RefersTo("option", "options")
BURDEN = RefersTo("burden of the table intensities")


#: what was seen that a row was set by: given back, it is no test of the model
FittedTo = Annotated[
    Names,
    REPLAY,
    Field(
        description="ids of rows of the table replays that the row was set by; their scores are "
        "counted apart"
    ),
]


def references(model: type[Row]) -> Iterator[tuple[str, RefersTo]]:
    """Yield the columns of a table that refer to something, and to what.

    Examples
    --------
    >>> from supplynet.network.schema import Circuit
    >>> [(column, reference.what) for column, reference in references(Circuit)]
    [('node_id', 'node'), ('group', 'element or element group'), ('source_ids', 'source')]
    """
    last = {"source_ids": SOURCE} if "source_ids" in model.model_fields else {}
    for column, info in model.model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, RefersTo):
                yield column, mark
    yield from last.items()


def ranged(model: type[Row]) -> tuple[str, ...]:
    """Return the figures of a table that have a low and a high end of their own.

    Examples
    --------
    >>> from supplynet.network.schema import Node
    >>> ranged(Node)
    ('capacity',)
    """
    fields = model.model_fields
    return tuple(name for name in fields if f"{name}_low" in fields and f"{name}_high" in fields)
