"""Countries by ISO 3166 code, their names, and blocs of countries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache


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

# Names that readers use, where the ISO name is long or formal.
_SHORT = {
    "BOL": "Bolivia",
    "COD": "DR Congo",
    "GBR": "United Kingdom",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "PRK": "North Korea",
    "RUS": "Russia",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "USA": "United States",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
}

# Names for where there is little room, of those whose name is long and has a short form.
_BRIEF = {
    "ARE": "UAE",
    "CAF": "C. African R.",
    "GBR": "UK",
    "KOR": "S. Korea",
    "MKD": "N. Macedonia",
    "NCL": "N. Caledonia",
    "NZL": "N. Zealand",
    "PNG": "Papua N.G.",
    "PRK": "N. Korea",
    "SAU": "S. Arabia",
    "USA": "US",
    "ZAF": "S. Africa",
}

_WITH_ARTICLE = {*BLOCS, "European Union", "Netherlands", "Philippines", "Rest of the world"}


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
    >>> country_name("VNM"), country_name("AUS"), country_name("unknown")
    ('Vietnam', 'Australia', 'unknown')
    """
    if areas and code in areas:
        return areas[code]
    return _SHORT.get(code) or _iso().get(code, code)


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
    return _BRIEF.get(code) or country_name(code)


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
