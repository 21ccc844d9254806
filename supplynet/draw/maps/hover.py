"""What a reader sees on pointing at a place of a map."""

from __future__ import annotations

from supplynet.analysis.question import Question
from supplynet.draw.hover import largest, listed, source_line
from supplynet.draw.maps.sites import STATUSES, Site
from supplynet.draw.words import plain, plant_name
from supplynet.network.countries import country_name
from supplynet.network.timeline import capacities_in_force
from supplynet.text import tonnes


def site_hover(question: Question, site: Site, unit: str) -> tuple[str, ...]:
    """Lines about a place: what passes it, through which plants, how exact its position is."""
    net = question.net
    country = plain(country_name(site.country, net.commodity.areas))
    is_nation = bool(site.stage) and net.stage_by_name[site.stage].is_nation
    lines = [site.title]
    if site.stage and not is_nation:
        stage = plain(net.stage_by_name[site.stage].title)
        lines = [site.title, f"{stage}, {country}, {STATUSES[site.status]}"]
    if site.is_shut:
        lines.append("shut")
    if site.flow:
        verb = "arrive at" if site.is_target else "pass"
        lines.append(f"{tonnes(site.flow)} {unit} {verb} it")
    if site.ghost:
        without = f" pass it on the way through {question.avoid_name} when nothing is shut"
        lines.append(f"{tonnes(site.ghost)} {unit}{plain(without)}")
    members = {**site.ghost_members, **site.members} if site.is_shut else site.members
    steps = capacities_in_force(net, question.year)
    rows = [steps.get(one, net.node(one)) for one, _ in largest(members)]
    place = [] if site.is_exact else [_place(question, site)]
    has_parts = len(members) > 1 or not site.stage or bool(site.cut)
    return listed(
        lines,
        (
            f"{plant_name(net.node(one))}: {tonnes(value)} t"
            + (" (at its limit)" if one in site.cut else "")
            for one, value in (largest(members) if has_parts else ())
        ),
        len(members) if has_parts else 0,
        [*place, *source_line(question, (one for row in rows for one in row.source_ids))],
    )


def _place(question: Question, site: Site) -> str:
    """Why the marker does not stand where a plant stands."""
    if site.country in question.net.commodity.areas:
        return "The marker stands for several countries; its place for none of them"
    if site.stage:
        return "The graph gives no coordinates: the marker stands in the middle of the country"
    return "The marker stands in the middle of the country"
