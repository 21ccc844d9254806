"""What may be named in a question, and what readers call it: nations, blocs, stages, elements.

A graph has ids; a reader says "Europe", "magnet makers", "neodymium". What can only mean one thing
is taken for it; :func:`meaning` says of the rest what it may have meant.

A newcomer knows "Korea", "Lynas" or "heavies", not the ids of a graph. :func:`find` looks a text
up in every list at once and says what to write for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from supplynet.errors import UnknownNameError
from supplynet.network.countries import BLOCS, REMAINDERS, country_name, plain
from supplynet.network.elements import element_names
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node

#: names in speech that no list of countries holds; tables use them for whole continents
_SPOKEN = {"america": "USA", "britain": "GBR", "holland": "NLD"}
_EU = re.compile(r"eu ?27|european union")
#: words that are near a bloc without being one
_NEAR_BLOCS = {"europe": "EU", "european": "EU"}


def blocs_of(net: SupplyNetwork) -> dict[str, tuple[str, ...]]:
    """Return the members of every bloc that a question may name; those of the graph come last."""
    return {**BLOCS, **net.commodity.blocs}


def bloc_named(net: SupplyNetwork, word: str) -> str | None:
    """Return the bloc that a word stands for, in capital or small letters; None for no bloc.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> bloc_named(net, "EU27"), bloc_named(net, "asean"), bloc_named(net, "Malta")
    ('EU', 'ASEAN', None)
    """
    values = blocs_of(net)
    if word in values:
        return word
    wanted = plain(word)
    if _EU.fullmatch(wanted):
        return "EU"
    return next((name for name in values if plain(name) == wanted), None)


def spoken_country(word: str) -> str:
    """Return the code of a country that is named as in speech; empty for none.

    Examples
    --------
    >>> spoken_country("Britain"), spoken_country("Atlantis")
    ('GBR', '')
    """
    return _SPOKEN.get(plain(word), "")


def stage_named(net: SupplyNetwork, word: str) -> str | None:
    """Return the stage that a word stands for: its id, title, plural or a further name.

    Examples
    --------
    >>> import supplynet as sn
    >>> stage_named(sn.load("tutorial"), "Refiners")
    'refiner'
    """
    if word in net.stage_by_name:
        return word
    wanted = plain(word)
    return next(
        (
            stage.name
            for stage in net.stages
            if wanted in {plain(text) for text in (stage.title, stage.plural, *stage.called)}
        ),
        None,
    )


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    """Return the symbol of every element by its English name."""
    return {name: symbol for symbol, name in element_names().items()}


def element_named(net: SupplyNetwork, word: str) -> str | None:
    """Return the element of a graph that a word stands for: its symbol, or its English name.

    Examples
    --------
    >>> import supplynet as sn
    >>> element_named(sn.load("tutorial"), "neodymium"), element_named(sn.load("tutorial"), "dy")
    ('Nd', 'Dy')
    """
    wanted = word.casefold()
    symbol = _symbols().get(wanted, "")
    names = net.commodity.elements
    return next(
        (element for element in names if element.casefold() == wanted or element == symbol), None
    )


def group_named(net: SupplyNetwork, word: str) -> str | None:
    """Return the element group that a word stands for; None for no group.

    Also in the plural, and with the family after it.

    Examples
    --------
    >>> import supplynet as sn
    >>> group_named(sn.load("tutorial"), "heavies")
    'heavy'
    """
    family = net.commodity.family.casefold()
    singular = word.casefold().removesuffix(f" {family}").removesuffix("s")
    names = (word, singular, f"{singular.removesuffix('ie')}y")
    return next((name for name in names if name in net.commodity.groups), None)


def symbols_in_a_row(net: SupplyNetwork, word: str) -> tuple[str, ...]:
    """Return the elements whose symbols make up a word, such as NdPr; empty where it is none.

    Examples
    --------
    >>> import supplynet as sn
    >>> symbols_in_a_row(sn.load("tutorial"), "NdDy"), symbols_in_a_row(sn.load("tutorial"), "Nd")
    (('Nd', 'Dy'), ())
    """
    symbols = re.findall(r"[A-Z][a-z]?", word)
    is_row = "".join(symbols) == word and len(symbols) > 1
    return tuple(symbols) if is_row and set(symbols) <= set(net.commodity.elements) else ()


def baskets_named(net: SupplyNetwork) -> tuple[str, ...]:
    """Return the symbols in a row that products are named after, such as NdPr oxide.

    Examples
    --------
    >>> import supplynet as sn
    >>> baskets_named(sn.load("rare-earths"))
    ('NdPr',)
    """
    texts = (word for product in net.product_by_id.values() for word in product.name.split())
    return tuple(dict.fromkeys(word for word in texts if symbols_in_a_row(net, word)))


def remainder_of(net: SupplyNetwork, code: str) -> str | None:
    """Return the nation that holds the users of a country which is no nation of its own.

    Areas that ISO 3166 does not know stand for what is left of a bloc, or of the world.
    """
    areas = net.commodity.areas
    others = {
        net.node(nation).country: nation
        for nation in net.nation_ids
        if net.node(nation).country in areas
    }
    of_world = None
    for area, nation in others.items():
        bloc = REMAINDERS.get(area)
        if bloc is None:
            of_world = of_world or nation
        elif code in blocs_of(net)[bloc]:
            return nation
    return of_world


def meaning(net: SupplyNetwork, word: str) -> str:
    """Return what a word that names no plants may have meant, as a hint; empty if nothing is near.

    Examples
    --------
    >>> import supplynet as sn
    >>> meaning(sn.load("tutorial"), "heavies")
    'heavy is an element group: --element heavy asks for it, makes:heavy names its plants'
    """
    group, element = group_named(net, word), element_named(net, word)
    if group is not None:
        return (
            f"{group} is an element group: --element {group} asks for it, makes:{group} names "
            "its plants"
        )
    if element is not None:
        return f"{element} is an element: --element {element} asks for it"
    if symbols_in_a_row(net, word):
        return f"{word} stands for elements: --element {word} asks for them"
    bloc = _NEAR_BLOCS.get(plain(word))
    if bloc is not None:
        members = [country_name(code, net.commodity.areas) for code in blocs_of(net)[bloc][:3]]
        return f"{bloc} is the bloc of {', '.join(members)} and others: write {bloc}"
    form = plain(word).removesuffix("s")
    if is_form(net, word):
        makers = [stage.plural for stage in net.stages if form in plain(stage.title)]
        named = f"; {makers[0].lower()} are named by {makers[0]!r}" if makers else ""
        return f"{form} is a form that links carry, not a plant{named}"
    return ""


def is_form(net: SupplyNetwork, word: str) -> bool:
    """Whether a word is the name of a form that links carry, also in the plural.

    Examples
    --------
    >>> import supplynet as sn
    >>> is_form(sn.load("tutorial"), "oxides"), is_form(sn.load("tutorial"), "Malta")
    (True, False)
    """
    return plain(word).removesuffix("s") in {plain(form.name) for form in net.commodity.forms}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a question may name."""

    #: nation, country, bloc, stage, element, group, product, scenario, or the title of a plant's
    #: stage
    kind: str
    word: str  #: what to write for it
    name: str  #: as a reader knows it
    detail: str  #: what else tells it from others: country, operator, members


def find(net: SupplyNetwork, text: str) -> tuple[Entry, ...]:
    """Return everything of a network whose id, name, operator or country holds a text.

    Parameters
    ----------
    net : SupplyNetwork
    text : str
        Some words; capitals, accents and marks do not count.

    Returns
    -------
    tuple of Entry
        Those first that have it in their name, whole words before parts of words; then nations
        first and plants last. Where no name holds it, what it stands for: ``neodymium``, ``NdPr``,
        ``heavies``.

    Raises
    ------
    UnknownNameError
        If nothing holds it; near names are suggested.

    Examples
    --------
    >>> import supplynet as sn
    >>> first = find(sn.load("tutorial"), "malta")[0]
    >>> first.kind, first.word
    ('nation', 'MLT')
    """
    wanted = plain(text)
    entries = [*directory(net)]
    hits = [entry for entry in entries if wanted and wanted in plain(_text(entry))]
    hits = hits or _meant(net, text, entries)
    if not hits:
        names = [word for entry in entries for word in (entry.word, entry.name)]
        raise UnknownNameError(
            f"nothing in {net.name} is called {text!r}",
            hint=meaning(net, text)
            or did_you_mean(text, names)
            or "supplynet graph nodes GRAPH lists every plant",
        )

    def rank(entry: Entry) -> tuple[bool, bool]:
        name = f" {plain(f'{entry.word} {entry.name}')} "
        return wanted not in name, f" {wanted} " not in f" {plain(_text(entry))} "

    return tuple(sorted(hits, key=rank))


def _text(entry: Entry) -> str:
    """Return what is searched: members of a bloc have entries of their own."""
    return f"{entry.word} {entry.name} {'' if entry.kind == 'bloc' else entry.detail}"


def _meant(net: SupplyNetwork, text: str, entries: Iterable[Entry]) -> list[Entry]:
    """Return what a word that no name holds stands for: elements, a group, a bloc, a country."""
    texts = {group_named(net, text), bloc_named(net, text), spoken_country(text)}
    texts |= set(symbols_in_a_row(net, text))
    return [entry for entry in entries if entry.word in texts]


def directory(net: SupplyNetwork) -> Iterator[Entry]:
    """Yield all that a question about a network may name, kind by kind."""
    yield from nations(net)
    yield from countries(net)
    yield from blocs(net)
    for stage in net.stages:
        if not stage.is_nation:
            n_nodes = sum(node.stage == stage.name for node in net.node_rows)
            called = "".join(f", {word}" for word in stage.called)
            yield Entry("stage", stage.name, stage.plural, f"{n_nodes} plants{called}")
    for element in net.commodity.elements:
        yield Entry("element", element, element_names().get(element, element).capitalize(), "")
    for group, members in net.commodity.groups.items():
        yield Entry("group", group, group, ", ".join(members))
    for product in net.product_by_id.values():
        yield Entry("product", product.id, product.name, _form(net, product.form))
    for name, scenario in sorted(net.scenarios.items()):
        yield Entry("scenario", name, scenario.title, "")
    yield from plants(net)


def nations(net: SupplyNetwork) -> tuple[Entry, ...]:
    """Return the nations that may be asked for, with what they need."""
    needs: dict[str, dict[str, None]] = defaultdict(dict)
    for row in net.demand_rows:
        if row.role == "final":
            product = net.product_by_id.get(row.product)
            needs[row.nation][_form(net, product.form) if product else row.product] = None
    rows = []
    for nation in net.nation_ids:
        needed = ", ".join(needs.get(nation, ())) or "no demand is known"
        rows.append(Entry("nation", nation, net.node(nation).name, needed))
    return tuple(rows)


def _form(net: SupplyNetwork, name: str) -> str:
    """Return the title of a form, or its name in a graph that fails its checks."""
    form = net.form_by_name.get(name)
    return form.title if form else name


def countries(net: SupplyNetwork) -> tuple[Entry, ...]:
    """Return the countries where plants stand, with how many of each stage.

    Of one that is no nation it is said which nation holds its users.
    """
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for node in _plants(net):
        counts[node.country][node.stage] += 1
    areas = net.commodity.areas
    nations_of = {net.node(nation).country for nation in net.nation_ids}
    rows = []
    for code, stages in sorted(counts.items()):
        parts = [_counted(net, stage, n) for stage, n in stages.items()]
        tail = None if code in nations_of else remainder_of(net, code)
        parts += [] if tail is None else [f"users are in {tail}"]
        rows.append(Entry("country", code, country_name(code, areas), ", ".join(parts)))
    return tuple(rows)


def _counted(net: SupplyNetwork, stage: str, n_plants: int) -> str:
    """Return how many plants of a stage there are, in words."""
    texts = net.stage_by_name[stage]
    name = texts.title if n_plants == 1 else texts.plural
    return f"{n_plants} {name[:1].lower()}{name[1:]}"


def blocs(net: SupplyNetwork) -> tuple[Entry, ...]:
    """Return the blocs of countries that may stand for their members."""
    areas = net.commodity.areas
    return tuple(
        Entry("bloc", name, name, ", ".join(country_name(code, areas) for code in members))
        for name, members in blocs_of(net).items()
    )


def plants(net: SupplyNetwork, ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
    """Return plants, stage by stage; all of them, or those with some ids."""
    names = None if ids is None else frozenset(ids)
    order = {stage.name: index for index, stage in enumerate(net.stages)}
    areas = net.commodity.areas
    rows = sorted(
        (node for node in _plants(net) if names is None or node.id in names),
        key=lambda node: (order[node.stage], node.country, node.name),
    )
    return tuple(
        Entry(
            net.stage_by_name[node.stage].title,
            node.id,
            node.name,
            ", ".join(
                piece
                for piece in (country_name(node.country, areas), node.operator, node.status)
                if piece
            ),
        )
        for node in rows
    )


def operated_by(net: SupplyNetwork, word: str) -> frozenset[str]:
    """Return the ids of plants whose operator or name holds a word, whole."""
    wanted = f" {plain(word)} "
    if not wanted.strip():
        return frozenset()

    def holds(text: str) -> bool:
        return wanted in f" {plain(text)} "

    return frozenset(node.id for node in _plants(net) if holds(node.operator) or holds(node.name))


def _plants(net: SupplyNetwork) -> Iterator[Node]:
    """Yield every node that is no nation."""
    for node in net.node_rows:
        if not net.stage_by_name[node.stage].is_nation:
            yield node
