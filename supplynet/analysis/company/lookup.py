"""Which graph holds what a part names, and which plants its makers are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from supplynet.errors import DataError, OptionError, TableError
from supplynet.network.countries import area, country_codes, is_country, plain
from supplynet.network.elements import element_names
from supplynet.network.names import element_named, operated_by
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.schema.row import SOME_COUNTRY_PATTERN, OptionalTonnes, Row
from supplynet.network.units import subjects
from supplynet.terms import did_you_mean
from supplynet.text import few

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: part in common from which a name is taken for a slip of another
_NEAR = 0.8
_LOOK = "supplynet graph find GRAPH WORD looks names up"


@dataclass(frozen=True)
class Held:
    """A part as a graph holds it."""

    net: SupplyNetwork = field(repr=False)
    part: Part  #: its product by id, its element by symbol
    maker: tuple[str, ...]  #: ids of the plants that its column plant names
    supplier: tuple[str, ...]  #: ids of the plants that its supplier runs


def held_parts(
    bill: Sequence[Part], rows: Sequence[int], file: str, nets: Sequence[SupplyNetwork]
) -> list[Held | None]:
    """Return how a graph holds each part; a TableError states every fault at once."""
    if not nets:
        raise OptionError("no graph is given to look parts up in")
    if not bill:
        raise DataError("there is no part", hint="a row a part, the first row names the columns")
    members, problems = look_up(bill, rows, file, nets)
    raise_problems(problems, TableError, what=file or "parts")
    return members


def look_up(
    parts: Sequence[Part], rows: Sequence[int], file: str, nets: Sequence[SupplyNetwork]
) -> tuple[list[Held | None], list[Problem]]:
    """Return how a graph holds each part, None where none does, and every fault of the parts.

    Parameters
    ----------
    parts : sequence of Part
    rows : sequence of int
        Row of each in its file.
    file : str
        Name of that file, for messages.
    nets : sequence of SupplyNetwork
    """
    members: list[Held | None] = []
    problems: list[Problem] = []
    for part, row in zip(parts, rows, strict=True):
        limit, faults = _looked_up(part, nets)
        members.append(limit)
        problems += [replace(fault, file=file, row=row) for fault in faults]
    return members, problems


def _looked_up(part: Part, nets: Sequence[SupplyNetwork]) -> tuple[Held | None, Sequence[Problem]]:
    """Return how a graph holds a part, and what is wrong with its names."""
    wanted = [
        (column, value)
        for column, value in (("product", part.product), ("element", part.element))
        if value
    ]
    if not wanted:
        hint = "name the material: a product of a graph, or an element"
        return None, [Problem("missing-value", "a part needs a product or an element", hint=hint)]
    named = [net for net in nets if part.graph in ("", net.name)]
    if not named:
        names = [net.name for net in nets]
        hint = did_you_mean(part.graph, names) or "name it with --graphs"
        message = f"must be one of {', '.join(names)}"
        return None, [Problem("unknown-name", message, "", None, "graph", part.graph, hint)]
    for column, value in wanted:
        holding = [(net, meant) for net in named if (meant := _meant(net, value)) is not None]
        if len(holding) > 1:
            message = f"{few([net.name for net, _ in holding])} hold it"
            hint = "write one of them into the column graph"
            return None, [Problem("ambiguous-name", message, "", None, column, value, hint)]
        if holding:
            return _with_makers(part, *holding[0])
    return None, [slip for column, value in wanted for slip in _slips(named, value, column)]


def _with_makers(
    part: Part, net: SupplyNetwork, meant: dict[str, str | None]
) -> tuple[Held, list[Problem]]:
    """Return a part as a graph holds it with the plants of its makers, and what is wrong there."""
    limit = Held(
        net,
        part.model_copy(update=meant),
        plants_called(net, part.plant),
        plants_called(net, part.supplier),
    )
    return limit, list(_wrong_names(limit))


def _meant(net: SupplyNetwork, wanted: str) -> dict[str, str | None] | None:
    """Return the product or element of a graph that a name stands for; None for neither."""
    symbol = element_named(net, wanted)
    if symbol in subjects(net):
        return {"product": None, "element": symbol}
    for product in net.product_by_id.values():
        if plain(wanted) in (plain(product.id), plain(product.name)) and held_by(net, product.id):
            return {"product": product.id, "element": None}
    return None


def held_by(net: SupplyNetwork, product: str) -> dict[str, float]:
    """Return the elements of a product that its graph is about, each with its share of weight."""
    about = subjects(net)
    rows = net.rows("contents")
    return {
        row.element: row.share  # type: ignore[attr-defined]
        for row in rows
        if row.product_id == product and row.element in about  # type: ignore[attr-defined]
    }


def _slips(nets: Sequence[SupplyNetwork], wanted: str, column: str) -> Iterator[Problem]:
    """Yield a fault where a material that no graph holds is near one of a graph.

    Other elements are no slips: no graph covers them.
    """
    elements = element_names()
    if wanted in elements or wanted.casefold() in elements.values():
        return
    names = [
        name
        for net in nets
        for name in (
            *(
                text
                for product in net.product_by_id.values()
                for text in (product.id, product.name)
            ),
            *(elements.get(symbol, symbol) for symbol in subjects(net)),
        )
    ]
    hint = _near(wanted, names)
    if hint:
        yield Problem("unknown-name", "no graph holds it", "", None, column, wanted, hint)


def _wrong_names(limit: Held) -> Iterator[Problem]:
    """Yield a fault for every name of a part that its graph does not know.

    A supplier may be a trader or build the part in, so that only a slip is one.
    """
    net, part = limit.net, limit.part
    names = [text for node in net.node_rows for text in (node.name, node.operator) if text]
    if part.plant and not limit.maker:
        message = f"no plant of {net.name} is called so, or run by a company of that name"
        hint = _near(part.plant, [*names, *net.node_by_id]) or f"{_LOOK}; or leave it empty"
        yield Problem("unknown-name", message, "", None, "plant", part.plant, hint)
    hint = _near(part.supplier, names)
    if part.supplier and not limit.supplier and hint:
        message = f"no company of that name runs a plant of {net.name}"
        yield Problem("unknown-name", message, "", None, "supplier", part.supplier, hint)
    if part.country and not is_country(part.country, net.commodity.areas):
        hint = did_you_mean(part.country, country_codes())
        hint = hint or "write its three letters by ISO 3166, such as JPN"
        message = "no country has that code"
        yield Problem("unknown-name", message, "", None, "country", part.country, hint)


def _near(text: str, allowed: Iterable[str]) -> str:
    """Return a hint that names what comes near a text, or has words that do; else nothing."""
    n_words = len(plain(text).split())
    totals: dict[str, str] = {}
    for name in sorted(allowed, key=len):  # the shortest that has the words
        texts = plain(name).split()
        for start in range(max(1, len(texts) - n_words + 1)):
            totals.setdefault(" ".join(texts[start : start + n_words]), name)
        totals.setdefault(" ".join(texts), name)
    near = difflib.get_close_matches(plain(text), totals, cutoff=_NEAR)
    names = dict.fromkeys(totals[words] for words in near)
    return f"did you mean {' or '.join(map(repr, names))}?" if names else ""


def plants_called(net: SupplyNetwork, text: str) -> tuple[str, ...]:
    """Return the ids of the plants that a text names: a plant itself, or a company that runs some.

    A company is looked up as by ``supplynet graph find``, and also with more to its name than a
    graph states, such as its legal form.

    Examples
    --------
    >>> import supplynet as sn
    >>> plants_called(sn.load("tutorial"), "home maker"), plants_called(sn.load("tutorial"), "")
    (('maker-home',), ())
    """
    name = plain(text)
    if not name:
        return ()
    for node in net.node_rows:
        if name in (plain(node.id), plain(node.name)):
            return (node.id,)
    run = operated_by(net, text) or {
        node.id
        for node in net.node_rows
        if node.operator and not node.is_several and f" {plain(node.operator)} " in f" {name} "
    }
    return tuple(sorted(run))


def _code(value: Any) -> Any:
    """Return the code of a country that is called by its name."""
    return (area(value).code or value) if isinstance(value, str) and value.strip() else value


def _headings(**texts: str) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({column: tuple(text.split("; ")) for column, text in texts.items()})


class Part(Row):
    """A part that a company buys; whatever is not known stays empty."""

    key: ClassVar = ("part", "supplier")
    #: What lists of parts call each column, in capital or small letters; the first heads a template
    #: and, of several that a list has, the one that stands first here is read.
    headings: ClassVar[Mapping[str, tuple[str, ...]]] = _headings(
        part="Part; Part name; Part description; Description; Component; Component name; Item; "
        "Item name; Designation; Name; Part number; Part no; Part nr; Item number; Item no; "
        "Material number; Article; Article number; SKU",
        product="Material; Raw material; Material name; Product; Commodity; Metal",
        element="Element; Substance; Chemical element",
        kg="Weight (kg); Mass (kg); Net weight (kg); Unit weight (kg); Weight per part (kg); "
        "kg per part; kg each; Weight in kg",
        quantity="Quantity; Qty; Quantity per year; Qty per year; Annual quantity; Annual volume; "
        "Volume; Parts per year; Pieces per year; Pieces",
        supplier="Supplier; Supplier name; Vendor; Vendor name; Sold by",
        plant="Manufacturer; Manufacturer name; Maker; Producer; Plant; Factory; Made by",
        country="Country of origin; Country; Country of manufacture; Origin; Made in; COO",
        stock_days="Stock (days); Days in stock; Days of stock; Inventory (days); "
        "Days of inventory",
        graph="Graph",
        note="Note; Notes; Comment; Comments; Remark; Remarks",
    )

    part: str = Field(min_length=1, description="name of the part, as the company calls it")
    product: str | None = Field(
        default=None,
        description="what it is made of: a product of a graph, by its id or name, or an element",
    )
    element: str | None = Field(
        default=None,
        description="element that it holds, by its symbol or name, where no graph has the product",
    )
    kg: OptionalTonnes = Field(
        default=None, description="kilograms of the product, or of the element, in one part"
    )
    quantity: OptionalTonnes = Field(default=None, description="parts a year")
    supplier: str = Field(
        default="",
        description="company that sells it; one that runs plants of a graph is its maker",
    )
    plant: str = Field(
        default="",
        description="plant of the graph that makes the product, by its id or name, or a company "
        "that runs such plants",
    )
    country: Annotated[str, BeforeValidator(_code)] = Field(
        default="",
        pattern=SOME_COUNTRY_PATTERN,
        description="country of that plant, by its name or ISO 3166 alpha-3 code",
    )
    stock_days: OptionalTonnes = Field(
        default=None, description="days of use that the company has in stock"
    )
    graph: str = Field(
        default="",
        description="name of the graph, where several hold the product or element",
    )
    note: str = Field(default="", description="the company's own note; it is read by nobody")
