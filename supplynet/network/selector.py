"""Selectors: short texts that name a set of nodes.

Grammar: terms joined by ``:`` intersect, selectors joined by ``,`` unite, and a part that
begins with ``!`` takes its nodes out of the union so far.

==================== =======================================================
term                 nodes
==================== =======================================================
``CHN``              of a country (or its name: ``China``, ``Korea``, ``UK``), by lens
``EU``               of a bloc of countries, by lens
``refiner``          of a stage (or its title), or doing its work as well (column ``also``)
``makes:heavy``      that turn out an element group in separated form
``product:ID``       that make a product
``status:idle``      in a state
``operator:Lynas``   run by a company, or named so; a bare name works too
``node:ID``          one node; a bare id works too
``country:CHN``      standing in a country, whatever the lens
``owner:CHN``        controlled from a country (by a majority), whatever the lens
``stage:refiner``    of a stage
``all``              every node
==================== =======================================================

``CHN:refiner`` is the refiners of one country; ``refiner,!CHN`` those outside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.cache import cache_of, kept
from supplynet.network.countries import area, country_codes, country_name
from supplynet.network.names import (
    bloc_named,
    blocs_of,
    is_form,
    meaning,
    operated_by,
    spoken_country,
    stage_named,
)
from supplynet.network.schema import UNKNOWN, Node, Owner
from supplynet.terms import LENSES, did_you_mean, one_of
from supplynet.terms.vocabulary import clipped

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: a share above this is a majority
MAJORITY = 0.5


@kept("owners")
def owners(net: SupplyNetwork) -> Mapping[str, Mapping[str, float]]:
    """Return the shares of each plant that the table owners speaks of, by node and country."""
    by_node: dict[str, dict[str, float]] = {}
    for row in cast("tuple[Owner, ...]", net.rows("owners")):
        of_node = by_node.setdefault(row.node_id, {})
        of_node[row.country] = of_node.get(row.country, 0.0) + row.share
    return by_node


def shares_of(net: SupplyNetwork, node: Node) -> dict[str, float]:
    """Return the shares of a plant by country, what has no known holder under ``"unknown"``.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> shares_of(net, net.node("mine-big"))
    {'ISL': 1.0}
    """
    if node.id not in owners(net):
        return {node.owner_country: 1.0}
    holders = dict(owners(net)[node.id])
    remainder = 1.0 - sum(holders.values())
    if remainder > 1e-9:
        holders[UNKNOWN] = remainder
    return holders


def controller(net: SupplyNetwork, node: Node) -> str:
    """Return the country that controls a plant, ``"unknown"`` where none is known to.

    The one that holds more than half; else the one that the column ``owner_country`` names.
    """
    shares = owners(net).get(node.id, {})
    return next((name for name, part in shares.items() if part > MAJORITY), node.owner_country)


def is_controlled(net: SupplyNetwork, node: Node, codes: Collection[str]) -> tuple[bool, bool]:
    """Return whether some countries control a plant together, surely and possibly.

    Surely where one of them does, or where they hold more than half in all. Possibly where no
    country is known to control it and they may hold more than half, if all that has no known
    holder is theirs.
    """
    owner = controller(net, node)
    contents = owners(net).get(node.id, {})
    theirs = sum(share for country, share in contents.items() if country in codes)
    surely = owner in codes or theirs > MAJORITY
    if surely or owner != UNKNOWN:
        return surely, surely
    remainder = 1.0 - sum(contents.values())
    return False, theirs + remainder > MAJORITY


@dataclass(frozen=True, slots=True)
class Selection:
    """A set of nodes that unknown owners may widen."""

    surely: frozenset[str]  #: nodes that belong to the set for certain
    #: These and the nodes that belong to it if an unknown owner turns out so. Equal to ``surely``
    #: under the location lens.
    possibly: frozenset[str]

    def __or__(self, other: Selection) -> Selection:
        return Selection(self.surely | other.surely, self.possibly | other.possibly)

    def __and__(self, other: Selection) -> Selection:
        return Selection(self.surely & other.surely, self.possibly & other.possibly)

    def __sub__(self, other: Selection) -> Selection:
        # What may belong to the other is not surely left, and only what surely belongs to it is
        # surely gone.
        return Selection(self.surely - other.possibly, self.possibly - other.surely)


_EMPTY = Selection(frozenset(), frozenset())


def select(net: SupplyNetwork, text: str | Iterable[str], *, lens: str = "location") -> Selection:
    """Return the nodes that a selector names.

    Several selectors are united. `lens` says whether a bare country means where a plant stands or
    who owns it; nations belong to their country under both. A known country without a node is an
    empty selection; a term that names nothing the graph or ISO 3166 knows is an UnknownNameError.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> select(net, "nation").surely <= select(net, "all").surely
    True
    """
    one_of(lens, LENSES, "lens")
    joined = text if isinstance(text, str) else ",".join(text)
    key = ("select", joined, lens)
    if key not in cache_of(net):
        cache_of(net)[key] = _union(net, joined, lens)
    selection: Selection = cache_of(net)[key]
    return selection


def select_some(
    net: SupplyNetwork, text: str | Iterable[str], *, lens: str = "location", what: str
) -> Selection:
    """Like :func:`select`, but an empty set is an error that names what it was for."""
    selection = select(net, text, lens=lens)
    if not selection.possibly:
        shown = text if isinstance(text, str) else ",".join(text)
        raise UnknownNameError(
            f"{what}: no node of {net.name} matches {clipped(shown)!r} (lens {lens})",
            hint=f"countries with nodes: {', '.join(_countries(net, lens))}",
        )
    return selection


def node_named(net: SupplyNetwork, text: str) -> Node:
    """Return the node of an id, or the only one that a selector such as its name stands for.

    An UnknownNameError if there is none, an OptionError if there are several.

    Examples
    --------
    >>> import supplynet as sn
    >>> node_named(sn.load("tutorial"), "Big Refinery").id
    'ref-big'
    """
    if text in net.node_by_id:
        return net.node(text)
    named = sorted(select(net, text).possibly)
    if len(named) == 1:
        return net.node(named[0])
    if not named:
        return net.node(text)  # whose error has near names
    raise OptionError(
        f"{clipped(text)!r} names {len(named)} nodes of {net.name}",
        hint=f"name one of {', '.join(named[:6])}{', ...' if len(named) > 6 else ''}",
    )


def _countries(net: SupplyNetwork, lens: str) -> list[str]:
    return sorted({_holder(net, node, lens) for node in net.node_rows})


def _holder(net: SupplyNetwork, node: Node, lens: str) -> str:
    """Country that a node counts for under a lens; nations always count for their own."""
    stage = net.stage_by_name.get(node.stage)  # a check may ask before stages are known to exist
    if lens == "location" or (stage is not None and stage.is_nation):
        return node.country
    return controller(net, node)


def holder(net: SupplyNetwork, node_id: str, lens: str) -> str:
    """Return the country that a node counts for under a lens, possibly ``"unknown"``."""
    return _holder(net, net.node(node_id), lens)


def holders(net: SupplyNetwork, node_id: str, lens: str) -> dict[str, float]:
    """Return the countries that a node counts for, and with which part of it.

    The lenses location and control give one country; ``"shares"`` gives each owner's its share.

    Examples
    --------
    >>> import supplynet as sn
    >>> holders(sn.load("tutorial"), "mine-big", "shares")
    {'ISL': 1.0}
    """
    node = net.node(node_id)
    if lens == "shares" and not net.stage_by_name[node.stage].is_nation:
        return shares_of(net, node)
    return {_holder(net, node, lens): 1.0}


def _union(net: SupplyNetwork, text: str, lens: str) -> Selection:
    parts = [portion.strip() for portion in text.split(",")]
    if not all(share.strip("! ") for share in parts):
        raise OptionError(
            f"selector {clipped(text)!r} has an empty part",
            hint="write for example CHN or CHN:refiner,JPN",
        )
    result = _EMPTY
    for position, piece in enumerate(parts):
        if piece.startswith("!"):
            if position == 0:
                result = _matching(net, lambda _node: True)
            result = result - _intersection(net, piece[1:], lens)
        else:
            result = result | _intersection(net, piece, lens)
    return result


def _intersection(net: SupplyNetwork, text: str, lens: str) -> Selection:
    texts = [word.strip() for word in text.split(":")]
    result: Selection | None = None
    while texts:
        word = texts.pop(0)
        value = None
        if word in _KEYED:
            if not texts:
                raise OptionError(f"selector {clipped(text)!r}: {word}: needs a value after it")
            value = texts.pop(0)
        term = _term(net, word, value, lens, text)
        result = term if result is None else result & term
    assert result is not None  # noqa: S101  split() gives at least one word
    return result


@kept("term")
def _term(net: SupplyNetwork, word: str, value: str | None, lens: str, text: str) -> Selection:
    """Return the nodes of one term, which many rules have in common."""
    return _bare(net, word, lens, text) if value is None else _KEYED[word](net, value)


def _matching(net: SupplyNetwork, test: Callable[[Node], bool]) -> Selection:
    ids = frozenset(node.id for node in net.node_rows if test(node))
    return Selection(ids, ids)


def _one(node_id: str) -> Selection:
    ids = frozenset({node_id})
    return Selection(ids, ids)


def _bare(net: SupplyNetwork, word: str, lens: str, text: str) -> Selection:
    if word == "all":
        return _matching(net, lambda _node: True)
    if word in net.stage_by_name:
        return _stage(net, word)
    codes = country_set(net, word)
    stage = stage_named(net, word)
    # A stage by its plural or another of its names, only where no country is called so.
    if not codes and stage is not None:
        return _stage(net, stage)
    if codes:
        return _of_countries(net, codes, lens)
    if word in net.node_by_id:
        return _one(word)
    run = operated_by(net, word)
    if run and not is_form(net, word):  # "magnets" may be a part of a plant's name
        return Selection(run, run)
    raise _unknown(net, word, text)


def country_set(net: SupplyNetwork, word: str) -> frozenset[str]:
    """Return the codes that a country code, country name or bloc stands for; empty if none."""
    bloc = bloc_named(net, word)
    if bloc is not None:
        return frozenset(blocs_of(net)[bloc])
    code = word.upper()
    if code in net.commodity.areas or code in country_codes():
        return frozenset({code})
    wanted, areas = word.casefold(), net.commodity.areas
    # Names of the graph itself before those of the world: a graph may call a rest of a bloc by a
    # name of its own.
    own = frozenset(code for code, name in areas.items() if name.casefold() == wanted)
    if own or word.isdecimal():  # number codes are for tables
        return own
    code = area(word).code or spoken_country(word)
    return frozenset({code} if code else ())


def _of_countries(net: SupplyNetwork, codes: frozenset[str], lens: str) -> Selection:
    surely, possibly = set(), set()
    for node in net.node_rows:
        members = _is_held(net, node, codes, lens)
        surely |= {node.id} if members[0] else set()
        possibly |= {node.id} if members[1] else set()
    return Selection(frozenset(surely), frozenset(possibly))


def _is_held(net: SupplyNetwork, node: Node, codes: frozenset[str], lens: str) -> tuple[bool, bool]:
    """Whether a node counts for some countries under a lens, surely and possibly."""
    stage = net.stage_by_name.get(node.stage)
    if lens == "location" or (stage is not None and stage.is_nation):
        return node.country in codes, node.country in codes
    return is_controlled(net, node, codes)


def _country(net: SupplyNetwork, word: str, lens: str) -> Selection:
    codes = country_set(net, word)
    if not codes:
        raise _unknown(net, word, word)
    return _of_countries(net, codes, lens)


def _owner(net: SupplyNetwork, word: str) -> Selection:
    if word == UNKNOWN:
        return _matching(net, lambda node: controller(net, node) == UNKNOWN)
    return _country(net, word, "control")


def _node(net: SupplyNetwork, word: str) -> Selection:
    net.node(word)
    return _one(word)


def _stage(net: SupplyNetwork, word: str) -> Selection:
    _require(word, net.stage_by_name, "stage")
    return _matching(net, lambda node: node.stage == word or word in node.also)


def _makes(net: SupplyNetwork, word: str) -> Selection:
    _require(word, net.commodity.groups, "element group")
    return _matching(net, lambda node: word in node.makes)


def _product(net: SupplyNetwork, word: str) -> Selection:
    _require(word, net.product_by_id, "product")
    return _matching(net, lambda node: node.product == word)


def _operator(net: SupplyNetwork, word: str) -> Selection:
    run = operated_by(net, word)
    if not run:
        operators = sorted({node.operator for node in net.node_rows if node.operator})
        raise UnknownNameError(
            f"no plant of {net.name} is run by {clipped(word)!r}, or named so",
            hint=did_you_mean(word, operators) or "supplynet graph find GRAPH TEXT looks names up",
        )
    return Selection(run, run)


def _status(net: SupplyNetwork, word: str) -> Selection:
    _require(word, {node.status for node in net.node_rows}, "status with nodes")
    return _matching(net, lambda node: node.status == word)


def _require(word: str, names: Iterable[str], what: str) -> None:
    choices = sorted(names)
    if word not in choices:
        raise UnknownNameError(
            f"no {what} is called {clipped(word)!r}; there are {', '.join(choices) or 'none'}",
            hint=did_you_mean(word, choices),
        )


_KEYED: dict[str, Callable[[SupplyNetwork, str], Selection]] = {
    "node": _node,
    "stage": _stage,
    "makes": _makes,
    "product": _product,
    "status": _status,
    "operator": _operator,
    "country": lambda net, word: _country(net, word, "location"),
    "owner": _owner,
}
#: words that say what the word after them is
KEYWORDS = frozenset(_KEYED)


def _unknown(net: SupplyNetwork, word: str, text: str) -> UnknownNameError:
    areas = net.commodity.areas
    used = {node.country for node in net.node_rows}
    names = [
        *net.stage_by_name,
        *(stage.plural for stage in net.stages),
        *blocs_of(net),
        *used,
        *(country_name(code, areas) for code in sorted(used)),
        *net.node_by_id,
        *sorted({word.strip("(),;") for node in net.node_rows for word in node.operator.split()}),
    ]
    where = f" in selector {clipped(text)!r}" if text != word else ""
    return UnknownNameError(
        f"{clipped(word)!r}{where} is no country, bloc, stage or node of {net.name}",
        hint=meaning(net, word)
        or did_you_mean(word, names)
        or f"supplynet graph find {net.name} {clipped(word)} looks for it in all names",
    )
