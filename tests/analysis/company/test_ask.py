"""A company's parts: looked through as far as is known, and silent about names unless asked."""

from __future__ import annotations

import json
import math

import pytest

import supplynet as sn
from supplynet.analysis.company.result import CompanyResult, days
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_company import of_company

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
def named() -> CompanyResult:
    return sn.company([NET], parts=PARTS, avoid="ISL", names=True)


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


def test_questions_are_those_that_are_open(found: CompanyResult) -> None:
    asked = {(row.row, row.question) for row in found.questions}
    assert (4, "Which plant made the Nd?") in asked
    assert (6, "From whom does the plant have its Dy?") in asked or (
        6, "From whom does the plant have its Nd?") in asked  # fmt: skip
    assert (7, "Which plant made the Goods with a magnet in them?") in asked
    assert (3, "How many kilograms of Goods with a magnet in them are in a part?") in asked
    assert not any(row == 2 and "kilograms" in question for row, question in asked)


def test_other_plants_that_rest_less_on_it_are_named(found: CompanyResult) -> None:
    others = {row.node for row in found.ways if row.row == 3}
    assert others == {"maker-free"}  # what Home Maker has is wholly Iceland's
    assert not any(row.row == 3 and row.node == "maker-big" for row in found.ways)


def test_names_are_told_only_when_asked(found: CompanyResult, named: CompanyResult) -> None:
    for result, is_told in ((found, False), (named, True)):
        texts = [json.dumps(result.to_dict()), to_markdown(of_company(result)), result.summary()]
        for word in ("Secret", "Drive", "Nobody"):
            assert any(word in text for text in texts) is is_told, word
    assert found.rows[0].part == "row 2"
    assert all(row.tonnes is None for row in found.materials)
    tonnes = {(row.row, row.element): row.tonnes for row in named.materials}
    assert tonnes[2, "Nd"] == pytest.approx(2.0 * 500.0 / 1000.0 * 0.0857354)


def test_a_supplier_that_runs_plants_is_known_by_them() -> None:
    rows = [
        row.model_copy(update={"operator": "Acme"}) if row.id == "maker-big" else row
        for row in NET.node_rows
    ]
    net = NET.replace(nodes=rows)
    part = sn.Part(part="a", product="goods", supplier="ACME")
    (row,) = sn.company(net, parts=[part], avoid="ISL").rows
    assert (row.known_by, row.direct) == ("supplier", 1.0)


def test_the_control_lens_keeps_unknown_owners_open() -> None:
    part = sn.Part(part="a", product="goods", plant="maker-free", stock_days=5)
    (row,) = sn.company(NET, parts=[part], avoid="ISL", lens="control").rows
    assert row.direct == 0.0
    assert row.traced < row.traced_possibly == 1.0


def test_a_product_without_a_maker_is_that_of_its_form() -> None:
    extra = NET.product_by_id["goods"].model_copy(update={"id": "finer"})
    contents = [*NET.rows("contents")]
    finer = [row.model_copy(update={"product_id": "finer"}) for row in contents]
    products = [*NET.rows("products"), extra]
    net = NET.replace(products=products, contents=[*contents, *finer])
    (row,) = sn.company(net, parts=[sn.Part(part="a", product="finer", country="ISL")],
                        avoid="ISL").rows  # fmt: skip
    assert (row.known_by, row.direct) == ("country", 1.0)


def test_the_answer_is_certified_and_has_a_dossier(found: CompanyResult) -> None:
    assert found.certificate.ok
    assert set(found.certificates) >= {"tutorial", "tutorial, Nd", "tutorial, Dy"}
    document = of_company(found)
    names = [section.name for section in document.sections]
    assert names == ["answer", "parts", "mapping", "factors", "vulnerability", "mitigation",
                     "gaps", "article", "method"]  # fmt: skip
    text = to_markdown(document)
    assert "no legal advice" in text
    assert "rare earth elements for permanent magnets (Dy, Nd)" in text
    assert all(0.0 < row.hhi <= 1.0 for row in found.factors)


def test_a_part_that_rests_on_nothing_there_needs_no_other_way() -> None:
    part = sn.Part(part="a", product="goods", plant="maker-big", kg=1, quantity=1)
    result = sn.company(NET, parts=[part], avoid="MLT")
    assert result.ways == ()
    assert result.rows[0].traced == 0.0
    text = to_markdown(of_company(result))
    assert "No other plant of the graphs" in text
    assert "Nothing is left to ask" in text
    assert days(math.inf) == "never"


def test_what_nobody_saw_is_asked_about() -> None:
    """All that comes to Big Maker is of one refinery; its ore is said to be merely plausible."""
    rows = [
        row.model_copy(update={"standing": "plausible"}) if row.target == "ref-big" else row
        for row in NET.edge_rows
    ]
    part = sn.Part(part="a", product="goods", plant="maker-big", kg=1, quantity=1)
    (asked, *_) = sn.company(NET.replace(edges=rows), parts=[part], avoid="ISL").questions
    assert asked.reason == "100% of it came on links that nobody has seen"


@pytest.mark.parametrize(
    ("part", "error", "words"),
    [
        ({"part": "a"}, DataError, "row 2: a part needs a product or an element"),
        ({"part": "a", "product": "good"}, UnknownNameError, "did you mean 'goods'"),
        ({"part": "a", "element": "Xx"}, UnknownNameError, "row 2, column element: no graph"),
        ({"part": "a", "element": "Nd", "graph": "tutoral"}, UnknownNameError, "'tutorial'"),
        ({"part": "a", "product": "goods", "plant": "Home Make"}, UnknownNameError, "Home Maker"),
    ],
)
def test_what_cannot_be_looked_up_is_told(
    part: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        sn.company(NET, parts=[sn.Part.model_validate(part)], avoid="ISL")
    assert words in str(caught.value)


def test_what_is_missing_or_stands_twice_is_told() -> None:
    with pytest.raises(OptionError, match="no graph is given"):
        sn.company([], parts=PARTS, avoid="ISL")
    with pytest.raises(DataError, match="there is no part"):
        sn.company(NET, parts=[], avoid="ISL")
    other = NET.replace(metadata=NET.metadata.model_copy(update={"name": "other"}))
    with pytest.raises(OptionError, match="tutorial and other hold 'Nd'"):
        sn.company([NET, other], parts=[sn.Part(part="a", element="Nd")], avoid="ISL")


def test_the_answer_says_its_year_and_what_never_ends() -> None:
    told = sn.company(NET, parts=PARTS[:1], avoid="FJI", year=2025).summary()
    assert told.startswith("0 of 1 part rests by half or more on Fiji by the flows of 2025, and")
    fan = sn.Part(part="Fan", product="goods", plant="Big Maker", stock_days=1)
    free = sn.company(NET, parts=[fan], avoid="MLT")
    assert free.rows[0].survives == math.inf
    assert free.summary().endswith("No stock that is told runs out.")
