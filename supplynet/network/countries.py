"""Countries and what published tables call them: ISO 3166 codes, names, sums, blocs."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from supplynet.text import listing


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Members as of 2026. EU: europa.eu. G7: the seven nations. Quad: dfat.gov.au. MSP: Minerals
# Security Partnership, state.gov list of June 2024 (the EU as its members is not spelled out).
BLOCS: dict[str, tuple[str, ...]] = {
    "EU": _codes(
        "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT "
        "ROU SVK SVN ESP SWE EUU"
    ),
    "G7": _codes("CAN FRA DEU ITA JPN GBR USA"),
    "Quad": _codes("AUS IND JPN USA"),
    "MSP": _codes("AUS CAN EST FIN FRA DEU IND ITA JPN NOR KOR SWE GBR USA EUU"),
    "BRICS": _codes("BRA RUS IND CHN ZAF EGY ETH IRN ARE IDN"),
    "ASEAN": _codes("BRN KHM IDN LAO MYS MMR PHL SGP THA TLS VNM"),
}

# Codes under which a table or graph may hold a bloc, or what is left of it, as one nation.
REMAINDERS = {"EUU": "EU"}

_WITH_ARTICLE = {*BLOCS, "European Union", "Netherlands", "Philippines", "Rest of the world"}


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    """What countries are called beside their ISO names, from ``data/country_names.csv``.

    By column: ``short`` and ``brief`` names by code, for readers and for where there is little
    room; codes by ``aliases``, names in statistics that the ISO lists do not hold (USGS, World
    Mining Data, BGS, customs), and by ``numbers``, codes of customs that differ from ISO 3166: the
    area that reports trade is larger than the country alone (United Nations M49 as Comtrade and
    BACI use it). 490 is "other Asia, not elsewhere specified", in practice one economy.
    """
    file = resources.files("supplynet.network").joinpath("data", "country_names.csv")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    names = {key: {row["code"]: row[key] for row in rows if row[key]} for key in ("short", "brief")}
    codes = {
        key: {word: row["code"] for row in rows for word in row[key].split(";") if word}
        for key in ("aliases", "numbers")
    }
    return names | codes


@lru_cache(maxsize=1)
def _iso() -> dict[str, str]:
    import pycountry  # loaded on first use: reading its database takes a while

    return {country.alpha_3: country.name for country in pycountry.countries}


def is_country(code: str, areas: Mapping[str, str] | None = None) -> bool:
    """Whether ``code`` is an ISO 3166 alpha-3 code or one of the graph's own areas."""
    return code in (areas or {}) or code in _iso()


def country_name(code: str, areas: Mapping[str, str] | None = None) -> str:
    """Return the short English name of a country code, or the code where it is not known.

    Examples
    --------
    >>> country_name("VNM"), country_name("EUU"), country_name("unknown")
    ('Vietnam', 'EU', 'unknown')
    """
    if areas and code in areas:
        return areas[code]
    return _words()["short"].get(code) or REMAINDERS.get(code) or _iso().get(code, code)


def places_named(text: str) -> str:
    """Return countries and blocs with commas as a reader knows them.

    Examples
    --------
    >>> places_named("VNM,EU")
    'Vietnam and EU'
    """
    names = (word.strip() for word in text.split(","))
    return listing(country_name(name) for name in names if name)


def brief_name(code: str, areas: Mapping[str, str] | None = None) -> str:
    """Return a shorter name of a country or area where it has one, else its name.

    Examples
    --------
    >>> brief_name("KOR"), brief_name("JPN"), brief_name("EUU", {"EUU": "EU without Malta"})
    ('S. Korea', 'Japan', 'EU rest')
    """
    if areas and code in areas:
        head, without, _ = areas[code].partition(" without ")
        return f"{head} rest" if without else head
    return _words()["brief"].get(code) or country_name(code)


def with_article(name: str) -> str:
    """Return the name of a country or bloc with its article, where English asks for one.

    Examples
    --------
    >>> with_article("EU"), with_article("United States"), with_article("Japan")
    ('the EU', 'the United States', 'Japan')
    """
    return f"the {name}" if name in _WITH_ARTICLE or name.startswith("United ") else name


def country_codes() -> tuple[str, ...]:
    """All ISO 3166 alpha-3 codes."""
    return tuple(_iso())


AreaKind = Literal["country", "other", "total", "group"]

_SPELLED_OUT = {
    "dem": "democratic",
    "isds": "islands",
    "rep": "republic",
}
_TOTAL = re.compile(
    r"(grand |world |global )?(total|sum)( world)?\b|world\b|global\b|all countries$|"
    r"(le )?monde\b|mundo\b|mundial\b|welt\b|weltweit\b|insgesamt\b|gesamt\b"
)
_OTHER = re.compile(
    r"(all )?others?\b|rest of (the )?world|unspecified|row$|not specified|areas nes"
)
_GROUP = re.compile(
    r"(eu|eu ?\d\d|european union|europe|asia|africa|oceania|oecd|north america|south america|"
    r"latin america|american?s|middle east|sub ?total)\b"
)


@dataclass(frozen=True, slots=True)
class Area:
    """What a row of a table is about."""

    code: str  #: ISO 3166 alpha-3; empty where the name is not a country's
    #: other: all countries that are not listed; total: the sum of the table, often rounded; group:
    #: a bloc or continent whose members are listed too
    kind: AreaKind


@lru_cache(maxsize=4096)
def area(text: str) -> Area:
    """Return what a name, ISO code or number code of a table stands for.

    Examples
    --------
    >>> area("Burma").code, area("842").code, area("DEU").code, area("Viet Nam").code
    ('MMR', 'USA', 'DEU', 'VNM')
    >>> area("World total (rounded)").kind, area("Other Countries").kind, area("Atlantis")
    ('total', 'other', Area(code='', kind='country'))
    >>> area("Monde").kind, area("Welt insgesamt").kind
    ('total', 'total')
    """
    bare = text.strip()
    if bare.isdecimal():
        return Area(_numbers().get(bare.zfill(3), ""), "country")
    if bare.upper() in country_codes():
        return Area(bare.upper(), "country")
    letters = plain(bare)
    name = _words()["aliases"].get(letters) or _names().get(letters, "")
    if name:
        return Area(name, "country")
    if _TOTAL.match(letters):
        return Area("", "total")
    if _OTHER.match(letters):
        return Area("", "other")
    if _GROUP.match(letters):
        return Area("", "group")
    return Area("", "country")


def is_rounded(text: str) -> bool:
    """Whether the name of a total says that it is rounded."""
    return "round" in text.casefold()


@lru_cache(maxsize=8192)  # the same few names are compared all the time
def plain(text: str) -> str:
    """Return a name without accents, marks, footnotes and capitals.

    Examples
    --------
    >>> plain("Côte d'Ivoire"), plain("The Netherlands (a)")
    ('cote divoire', 'netherlands a')
    """
    spelled = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(letter for letter in spelled if not unicodedata.combining(letter))
    texts = re.sub(r"[^a-z0-9]+", " ", letters.replace("'", "")).split()
    texts = [_SPELLED_OUT.get(word, word) for word in texts]
    return re.sub(r"^the ", "", " ".join(texts)).removesuffix(" the")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """ISO names, official names and common names, in plain letters."""
    import pycountry

    codes: dict[str, str] = {}
    for country in pycountry.countries:
        for key in ("name", "official_name", "common_name"):
            name = getattr(country, key, "")
            if name:
                codes.setdefault(plain(name), country.alpha_3)
    for code in country_codes():
        codes.setdefault(plain(country_name(code)), code)
    return codes


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    import pycountry

    iso = {str(country.numeric): str(country.alpha_3) for country in pycountry.countries}
    return iso | _words()["numbers"]
