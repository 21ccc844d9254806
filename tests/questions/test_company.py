"""A company's parts: looked through as far as is known, makers only where the graph knows them."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import TableError
from supplynet.network.schema import Option
from supplynet.questions.company import CompanyResult
from supplynet.questions.company.page import of_company
from supplynet.reports.data_writers import to_markdown

NET = sn.load("tutorial")
PARTS = [
    sn.Part(part="Drive", product="goods", plant="Home Maker", supplier="Secret & Co",
            kg=2.0, quantity=500.0, stock_days=30),
    sn.Part(part="Fan", product="goods", country="ISL", stock_days=10),
    sn.Part(part="Lamp", element="Nd", supplier="Nobody"),
    sn.Part(part="Horn", product="goods", country="FJI", kg=1.0, quantity=1.0),
    sn.Part(part="Bell", product="goods", plant="ref-new"),
    sn.Part(part="Gong", product="goods", country="JPN"),
]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> CompanyResult:
    return sn.company(NET, parts=PARTS, avoid="ISL")


@pytest.fixture(scope="module")
def magnets() -> CompanyResult:
    """Magnets for drives and speakers by the shipped graph, whose plants make several kinds."""
    parts = [
        sn.Part(part="Drive", product="magnet-traction", country="CHN"),
        sn.Part(part="Rear drive", product="magnet-traction", country="JPN"),
        sn.Part(
            part="Front drive", product="magnet-traction", supplier="Shin-Etsu Chemical Co., Ltd."
        ),
        sn.Part(part="Side drive", product="magnet-traction", plant="shin-etsu", country="Vietnam"),
        sn.Part(part="Speaker", product="magnet-electronics", country="CHN"),
        sn.Part(part="Bar", element="Nd", country="CHN"),
    ]
    return sn.company(sn.load("rare-earths"), parts=parts, avoid="CHN")


def test_a_plant_in_the_jurisdiction_rests_on_it_wholly(found: CompanyResult) -> None:
    fan = found.rows[1]
    assert (fan.known_by, fan.direct, fan.traced, fan.unknown) == ("country", 1.0, 1.0, 0.0)
    assert fan.survives == fan.survives_possibly == 10.0


def test_a_plant_abroad_is_looked_through(found: CompanyResult) -> None:
    """Home Maker stands in Malta and has its oxide of Iceland's refinery, some by a rule."""
    drive = found.rows[0]
    assert (drive.known_by, drive.direct) == ("plant", 0.0)
    assert drive.traced > 0.6
    assert drive.survives == pytest.approx(30.0 / drive.traced_possibly)
    stages = {place.stage for place in found.places if place.row == drive.row}
    assert stages == {"mine", "refiner", "maker"}
    countries = {row.country: row.share for row in found.countries if row.row == drive.row}
    assert countries["MLT"] == 1.0
    assert countries["ISL"] == pytest.approx(drive.traced, abs=1e-6)


def test_an_unknown_maker_leaves_all_open(found: CompanyResult) -> None:
    lamp = found.rows[2]
    assert (lamp.known_by, lamp.direct) == ("nothing", None)
    assert (lamp.traced, lamp.traced_possibly, lamp.unknown) == (0.0, 1.0, 1.0)
    assert lamp.survives is None
    bell, gong = found.rows[4], found.rows[5]
    assert (bell.known_by, bell.direct, bell.unknown) == ("plant", 0.0, 1.0)
    assert (gong.known_by, gong.direct, gong.unknown) == ("country", None, 1.0)


def test_a_plant_is_another_way_only_if_it_makes_the_grade(magnets: CompanyResult) -> None:
    """Magnets of samarium or without dysprosium do not go into drives."""
    unfit = {
        node.id
        for node in sn.load("rare-earths").node_rows
        if node.product in ("magnet-smco", "magnet-bonded", "magnet-hot-deformed")
    }
    behind = {place.node for place in magnets.places if place.row == 3}
    assert behind & unfit == set()  # nor do they stand for the makers of a country
    assert {"shin-etsu-takefu", "tdk-narita"} <= behind
    ways = {row: {way.node for way in magnets.ways if way.row == row} for row in range(2, 8)}
    assert ways[2] & unfit == set()
    assert ways[6] & {"arnold-lupfig", "eec-landisville", "irel-vizag"} == set()
    assert ways[7] == set()  # of an element nobody knows what is made of it


def test_what_an_option_puts_in_its_place_is_another_way() -> None:
    """Thinner goods are made at Home Maker alone."""
    thin = NET.product_by_id["goods"].model_copy(update={"id": "thin", "name": "Thin goods"})
    contents = [*NET.rows("contents")]
    thinner = [row.model_copy(update={"product_id": "thin"}) for row in contents]
    nodes = [
        row.model_copy(update={"product": "thin"}) if row.id == "maker-home" else row
        for row in NET.node_rows
    ]
    option = Option(
        id="thinner", name="Thinner goods", kind="substitute", target="MLT", product="goods",
        instead="thin", capex=1.0, earliest_year=2025, lead=1, confidence="estimated",
    )  # fmt: skip
    words = {
        "nodes": nodes,
        "contents": [*contents, *thinner],
        "products": [*NET.rows("products"), thin],
    }
    part = sn.Part(part="a", product="goods", plant="maker-big")
    assert not sn.company(NET.replace(**words), parts=[part], avoid="node:maker-big").ways
    net = NET.replace(**words, options=[option])
    (way,) = sn.company(net, parts=[part], avoid="node:maker-big").ways
    assert (way.node, way.product, way.instead) == ("maker-home", "Thin goods", "Thin goods")


def test_companies_are_known_by_the_names_that_find_knows(magnets: CompanyResult) -> None:
    """A part of its name, or more than the graph states, such as its legal form."""
    known = {row.row: row.known_by for row in magnets.rows}
    assert (known[4], known[5]) == ("supplier", "maker")
    made = {
        row: [
            p.node
            for p in magnets.places
            if (p.row, p.element, p.stage) == (row, "Nd", "manufacturer")
        ]
        for row in (4, 5)
    }  # the largest first; scrap of other makers comes behind them
    assert set(made[4][:2]) == {"shin-etsu-takefu", "shin-etsu-haiphong"}
    assert made[5][0] == "shin-etsu-haiphong"


def test_what_no_graph_is_about_is_told_and_not_refused() -> None:
    """Copper that comes with cobalt is no copper of the world, and graphite is in no graph."""
    parts = [
        sn.Part(part="Cell", element="cobalt", country="Japan"),
        sn.Part(part="Harness", element="Cu", stock_days=3),
        sn.Part(part="Anode", product="Graphite", supplier="Somebody"),
        sn.Part(part="Sheet", element="Fe"),
    ]
    result = sn.company(sn.load("cobalt"), parts=parts, avoid="CHN")
    assert [row.part for row in result.rows] == ["Cell"]
    assert [(row.part, row.material, row.strategic) for row in result.uncovered] == [
        ("Harness", "Cu", "Copper"),
        ("Anode", "Graphite", "Graphite, battery grade"),
        ("Sheet", "Fe", ""),
    ]
    assert result.summary().endswith(
        "3 of 4 parts are of materials that no graph covers (Cu, Graphite and Fe): nothing is said "
        "of them."
    )
    text = to_markdown(of_company(result))
    assert "Cu: Harness" in text
    none = sn.company(NET, parts=parts[1:], avoid="ISL")
    assert none.summary() == "No graph covers any of the 3 parts: nothing is said of them."
    assert (none.rows, len(none.uncovered)) == ((), 3)
    assert "not covered" in to_markdown(of_company(none))


def test_every_fault_of_the_parts_is_told_at_once() -> None:
    parts = [
        sn.Part(part="a"),
        sn.Part(part="b", product="good"),
        sn.Part(part="c", product="goods", plant="Home Make"),
        sn.Part(part="d", product="goods", plant="Somebody"),
        sn.Part(part="e", product="goods", country="JAP"),
        sn.Part(part="f", product="goods", graph="tutoral"),
        sn.Part(part="g", element="Neodymum"),
    ]
    with pytest.raises(TableError) as caught:
        sn.company(NET, parts=parts, avoid="ISL")
    lines = str(caught.value).splitlines()
    assert lines[0] == "parts: 7 problems"
    for line, words in zip(lines[1:], [
        "row 2: a part needs a product or an element",
        "row 3, column product: no graph holds it (found 'good') - did you mean 'goods'?",
        "(found 'Home Make') - did you mean 'Home Maker'?",
        "(found 'Somebody') - supplynet graph find GRAPH WORD looks names up",
        "row 6, column country: no country has that code (found 'JAP') - did you mean 'JPN'",
        "row 7, column graph: must be one of tutorial (found 'tutoral') - did you mean 'tutorial'?",
        "row 8, column element: no graph holds it (found 'Neodymum') - did you mean 'neodymium'?",
    ], strict=True):  # fmt: skip
        assert words in line


def test_a_supplier_that_runs_plants_is_known_by_them() -> None:
    rows = [
        row.model_copy(update={"operator": "Acme"}) if row.id == "maker-big" else row
        for row in NET.node_rows
    ]
    net = NET.replace(nodes=rows)
    part = sn.Part(part="a", product="goods", supplier="ACME")
    (row,) = sn.company(net, parts=[part], avoid="ISL").rows
    assert (row.known_by, row.direct) == ("supplier", 1.0)
