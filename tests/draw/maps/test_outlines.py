"""Outlines are those of Natural Earth, with codes that graphs use, and come with their notice."""

from __future__ import annotations

from importlib import resources

import pycountry
import pytest

from supplynet.draw.maps.outlines import label_point, outlines
from supplynet.network.network import SupplyNetwork


def shoelace(ring: tuple[tuple[float, float], ...]) -> float:
    pairs = zip(ring, ring[1:], strict=False)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def inside(point: tuple[float, float], rings: tuple[tuple[tuple[float, float], ...], ...]) -> bool:
    """Whether a ray to the east crosses the rings an odd number of times."""
    x, y = point
    crossed = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, ring[1:], strict=False):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                crossed += 1
    return crossed % 2 == 1


def test_codes_are_those_of_iso_3166_but_for_kosovo() -> None:
    known = {country.alpha_3 for country in pycountry.countries}
    assert set(outlines()) - known == {"XKX"}
    assert len(outlines()) == 204


@pytest.mark.parametrize("code", ["FRA", "NOR", "XKX", "CYP", "SOM", "TWN", "GRL"])
def test_countries_that_the_layer_has_without_a_code_are_there(code: str) -> None:
    assert outlines()[code].rings


def test_parts_without_a_code_belong_to_the_country_of_iso_3166() -> None:
    assert len(outlines()["CYP"].rings) == len(outlines()["SOM"].rings) == 2


@pytest.mark.parametrize("code", ["SGP", "MLT", "BHR", "HKG", "MUS"])
def test_places_too_small_for_an_outline_are_points(code: str) -> None:
    assert outlines()[code].is_point
    assert label_point(code) is not None


def test_rings_are_closed_and_on_the_globe() -> None:
    for outline in outlines().values():
        for ring in outline.rings:
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)


def test_rings_do_not_cross_the_date_line() -> None:
    for outline in outlines().values():
        for ring in outline.rings:
            pairs = zip(ring, ring[1:], strict=False)
            jumps = [(a, b) for a, b in pairs if abs(a[0] - b[0]) > 180]
            assert not jumps or outline.code == "ATA"


def test_holes_run_the_other_way_so_that_fills_leave_them_out() -> None:
    inner = [ring for ring in outlines()["ZAF"].rings if shoelace(ring) > 0]
    assert len(inner) == 1  # Lesotho
    assert label_point("LSO") is not None
    assert not inside(label_point("LSO") or (0, 0), outlines()["ZAF"].rings)


def test_label_points_lie_inside() -> None:
    for outline in outlines().values():
        assert outline.is_point or inside(outline.label, outline.rings), outline.code


def test_unknown_codes_have_no_point() -> None:
    assert label_point("EUU") is None


def test_plants_of_the_shipped_graph_stand_in_or_near_their_country(
    rare_earths: SupplyNetwork,
) -> None:
    """A coordinate with a wrong sign, or latitude and longitude swapped, shows at once."""
    world = outlines()
    for node in rare_earths.node_rows:
        if node.lat is None or node.lon is None or node.country not in world:
            continue
        place = (node.lon, node.lat)
        outline = world[node.country]
        points = [point for ring in outline.rings for point in ring] or [outline.label]
        near = min(max(abs(x - place[0]), abs(y - place[1])) for x, y in points)
        assert inside(place, outline.rings) or near < 1.0, node.id


def test_the_data_is_small_and_has_its_notice() -> None:
    folder = resources.files("supplynet.draw.maps") / "data"
    assert len((folder / "outlines.json.gz").read_bytes()) < 64_000
    notice = (folder / "NOTICE.txt").read_text(encoding="utf-8")
    assert "Natural Earth is in the public domain" in notice
    assert f"- {sum(one.is_point for one in outlines().values())} places" in notice
