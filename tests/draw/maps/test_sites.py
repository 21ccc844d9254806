"""A flow becomes places and ways: tonnes add up, and no place is made up without a word."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.exposure.streams import streams
from supplynet.draw.answer import Answer, answer_of
from supplynet.draw.maps.markers import Places, Traffic, traffic_of, traffic_of_streams
from supplynet.draw.maps.projection import label_point
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.draw.networks import BYPASS, EDGES, NODES, network, node


def located(**more: Any) -> SupplyNetwork:
    """The demo network with coordinates, but for one plant."""
    places = {"ISL": (64.8, -18.6), "FJI": (-17.8, 178.0), "NZL": (-41.0, 174.0)}
    nodes = [
        {**row, **dict(zip(("lat", "lon"), places[row["country"]], strict=True))}
        if row["country"] in places and row["id"] != "k-fji"
        else row
        for row in NODES
    ]
    return network([*nodes, *more.get("nodes", [])], [*EDGES, *more.get("edges", [])])


def answer(net: SupplyNetwork, **words: Any) -> Answer:
    asked = {"year": net.commodity.base_year, "tier": "possible", **words}
    return answer_of(sn.bypass(net, to="MLT", element="graphite", **asked), None)


def gathered(found: Answer, **words: Any) -> Traffic:
    return traffic_of(found, **{"level": "facility", "sites": "carrying", **words})


def test_every_plant_that_carries_flow_is_a_place_where_it_stands() -> None:
    sites = gathered(answer(located(), avoid="ISL")).sites
    assert sites["node|m-fji"].at == (178.0, -17.8)
    assert sites["node|m-fji"].is_exact
    assert sites["node|m-fji"].flow == 70
    assert sites["node|MLT"].is_target
    assert sites["node|MLT"].flow == BYPASS


@pytest.mark.parametrize("level", ["facility", "country"])
def test_tonnes_of_the_ways_into_the_target_are_the_flow(level: str) -> None:
    found = gathered(answer(located(), avoid="ISL"), level=level)
    (target,) = (key for key, site in found.sites.items() if site.is_target)
    live = [way for way in found.ways if way.kind != "shut" and way.head == target]
    assert sum(way.tonnes for way in live) == pytest.approx(BYPASS)
    for way in found.ways:
        assert sum(way.parts.values()) == pytest.approx(way.tonnes)


def test_a_country_is_one_place_that_the_flow_passes_once() -> None:
    found = gathered(answer(located(), avoid="ISL"), level="country")
    assert found.sites["country|FJI"].flow == 70
    assert set(found.sites["country|FJI"].members) == {"m-fji", "p-fji", "k-fji"}
    assert not any(way.tail == way.head for way in found.ways)


def test_what_is_shut_is_gathered_by_country() -> None:
    found = gathered(answer(located(), avoid="ISL"))
    shut = found.sites["shut|ISL"]
    assert shut.is_shut
    assert shut.at == label_point("ISL")
    assert shut.ghost > 0
    assert not shut.flow
    assert {way.kind for way in found.ways if "shut|ISL" in (way.tail, way.head)} == {"shut"}


def test_an_area_without_coordinates_is_an_error_that_says_what_to_fill() -> None:
    extra = [node("m-ata", "mine", "BVT", capacity=5, unit="t")]
    link = {**EDGES[0], "source": "m-ata", "target": "MLT"}
    net = located(nodes=extra, edges=[link])
    with pytest.raises(OptionError, match="BVT .* has no place on the map") as caught:
        gathered(answer(net, avoid="ISL"))
    assert "lat and lon of nodes.csv for m-ata" in str(caught.value)


def test_an_area_of_several_countries_stands_where_the_graph_puts_it(
    rare_earths: SupplyNetwork,
) -> None:
    places = Places(rare_earths, "country")
    (area, *_) = rare_earths.commodity.areas
    (nation,) = (one for one in rare_earths.node_rows if one.country == area)
    assert places.of_country(area) == (nation.lon, nation.lat)
    assert places.of_node(nation) == ((nation.lon, nation.lat), False)


@pytest.mark.parametrize("level", ["facility", "country"])
def test_what_a_balance_sends_adds_up(tutorial: SupplyNetwork, level: str) -> None:
    result = sn.allocate(tutorial).solved
    found = streams(result, element="Nd")
    traffic = traffic_of_streams(result, found, level=level)  # type: ignore[arg-type]
    sent = sum(way.tonnes for way in traffic.ways)
    if level == "facility":
        assert sent == pytest.approx(sum(found.sent.values()))
        for node, tonnes in found.mined.items():
            assert traffic.sites[f"node|{node}"].flow == pytest.approx(tonnes)
    else:
        country = {row.id: row.country for row in tutorial.node_rows}
        abroad = [t for e, t in found.sent.items() if country[e.tail] != country[e.head]]
        assert sent == pytest.approx(sum(abroad))
    assert {key.split("|")[1] for key, site in traffic.sites.items() if site.is_target} == {
        "ISL",
        "MLT",
    }


@pytest.mark.parametrize("level", ["country", "facility"])
def test_a_bloc_that_nothing_reaches_is_one_place(rare_earths: SupplyNetwork, level: str) -> None:
    words = {"to": "EU", "avoid": "CHN", "year": 2024, "tier": "operating", "element": "Dy"}
    answer = answer_of(sn.coverage(rare_earths, **words), None)
    assert answer.chains == () and answer.lost
    found = gathered(answer, level=level)
    (bloc,) = [site for site in found.sites.values() if site.is_target]
    assert bloc.title == "EU"
    assert bloc.ghost == pytest.approx(sum(chain.tonnes for chain in answer.lost))
    assert {way.tail for way in found.ways} | {way.head for way in found.ways} <= set(found.sites)


@pytest.mark.parametrize("level", ["country", "facility"])
def test_a_nation_is_told_what_it_is_served(rare_earths: SupplyNetwork, level: str) -> None:
    """Scrap that its makers buy back comes to its country, too, and is no supply of it."""
    result = sn.allocate(rare_earths, year=2030, tier="committed").solved
    found = streams(result, element="Nd", to="JPN")
    sites = traffic_of_streams(result, found, level=level, to="JPN").sites.values()
    (star,) = [site for site in sites if site.is_target]
    assert star.flow == pytest.approx(sum(found.served.values()))
