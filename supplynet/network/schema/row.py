"""What every row of a graph is: the words and numbers of its cells, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from supplynet.errors import OptionError
from supplynet.limits import AMOUNT_HINT, MAX_AMOUNT
from supplynet.terms import CONFIDENCES, ConfidenceName

if TYPE_CHECKING:
    from supplynet.arrays import Ints

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


RowT = TypeVar("RowT", bound=Row)


class Columns(Sequence[RowT]):
    """Rows of a large table, by columns: each row is made when it is read, and kept.

    Parameters
    ----------
    first : Row
        A row of which all others have the cells, but for those in `cells`.
    cells : mapping of str to (ndarray of int, list)
        Columns that differ: the place of each row's cell among its values, and these.
    n_rows : int
    """

    def __init__(
        self, first: RowT, cells: Mapping[str, tuple[Ints, list[Any]]], n_rows: int
    ) -> None:
        self.first, self.cells = first, cells
        self._read: list[RowT | None] = [None] * n_rows

    def __len__(self) -> int:
        return len(self._read)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self[index] for index in range(*place.indices(len(self))))
        row = self._read[place]
        if row is None:
            own = {name: values[codes[place]] for name, (codes, values) in self.cells.items()}
            row = self._read[place] = self.first.with_cells(**own)
        return row

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented
        return all(row == beside for row, beside in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def kinds(self, columns: Iterable[str]) -> Iterator[RowT]:
        """Yield the first of the rows that have the same cells in some columns."""
        import numpy as np

        kind = np.zeros(len(self), np.int64)
        for name in columns:
            if name in self.cells:
                codes, values = self.cells[name]
                kind = np.unique(kind * len(values) + codes, return_inverse=True)[1]
        for place in np.unique(kind, return_index=True)[1].tolist():
            yield self[place]


def coded(rows: Sequence[Row], column: str) -> tuple[Ints, list[Any]]:
    """Return the values of a column, and the place of each row's cell among them.

    Examples
    --------
    >>> import supplynet as sn
    >>> codes, forms = coded(sn.load("tutorial").edge_rows, "form")
    >>> forms[codes[0]]
    'ore'
    """
    import numpy as np

    if not isinstance(rows, Columns):
        places: dict[Any, int] = {}
        codes = [places.setdefault(getattr(row, column), len(places)) for row in rows]
        return np.array(codes, np.int64), list(places)
    if column in rows.cells:
        return rows.cells[column]
    return np.zeros(len(rows), np.int8), [getattr(rows.first, column)]


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
