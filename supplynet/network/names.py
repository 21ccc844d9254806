"""What readers call things: blocs, stages and elements by their usual names.

A graph has ids; a reader says "Europe", "magnet makers", "neodymium". What can only mean one thing
is taken for it; :func:`meaning` says of the rest what it may have meant.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from supplynet.network.countries import BLOCS, REMAINDERS, country_name, plain
from supplynet.network.elements import element_names

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

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
