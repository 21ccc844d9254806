"""The page of the server: that of a report, fed live."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from supplynet.network.countries import is_country
from supplynet.network.scenario.years import default_year
from supplynet.reports.html import page_policy, served_page
from supplynet.reports.live import json_in_markup
from supplynet.serve.cards import directory_of
from supplynet.serve.state import PICTURES, QUESTIONS
from supplynet.serve.views import DOWNLOADS
from supplynet.terms import DEFAULT_TIER

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


_NOTE = (
    "This page asks the program that showed it, on this machine, and nothing else. "
    "Nothing is written but what you download."
)


def page(net: SupplyNetwork) -> str:
    """Return the page of a network."""
    options = directory_of(net)
    to = _first_nation(net)
    start = {
        "to": to,
        "avoid": _other_country(net, to),
        "year": default_year(net),
        "tier": DEFAULT_TIER,
    }
    return served_page(
        _loader(),
        "explore.html.j2",
        title=f"Explore {net.commodity.family}",
        style=_part("explore.css"),
        behind=_part("explore.js"),
        note=_NOTE,
        words=options,
        start=start,
        pictures=PICTURES,
        questions=QUESTIONS,
        kept={name: download.title for name, download in DOWNLOADS.items()},
        data=Markup(json_in_markup({**options, "start": start})),  # noqa: S704  escaped for markup
    )


def policy() -> str:
    """Return the Content-Security-Policy of the page."""
    return f"{page_policy(_part('explore.css'), _part('explore.js'))}; frame-ancestors 'none'"


def _first_nation(net: SupplyNetwork) -> str:
    """Return the nation that the page opens with: the first whose demand is known."""
    asking = {row.nation for row in net.demand_rows}
    names = [name for name in net.nation_ids if name in asking]
    return (names or list(net.nation_ids) or ["all"])[0]


def _other_country(net: SupplyNetwork, to: str) -> str:
    """Return what the page opens without: the country of most plants, other than the nation's."""
    own = net.node_by_id[to].country if to in net.node_by_id else ""
    plants = Counter(
        row.country
        for row in net.node_rows
        if is_country(row.country) and row.id not in net.nation_ids and row.country != own
    )
    return max(sorted(plants), key=plants.__getitem__, default="")


@cache
def _loader() -> PackageLoader:
    return PackageLoader("supplynet.serve", "templates")


@cache
def _part(name: str) -> str:
    source: Any = _loader().get_source(Environment(autoescape=True), name)
    return str(source[0])
