"""A draft of trade and national production: its books close, and every question gets an answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from supplynet.trade.concordance import concordance
from supplynet.trade.draft import Made, accounts, draft_network, read_made, require_fitting_form
from supplynet.trade.read import read_trade

CODES = "111111:flake,222222:anode"
TRADE = (
    "CHN,KOR,111111,2024,100,60",
    "MOZ,CHN,111111,2024,100,40",
    "MOZ,KOR,111111,2024,100,10",
    "LVA,KOR,111111,2024,9,5",
    "CHN,KOR,222222,2024,900,30",
    "CHN,JPN,222222,2024,900,20",
    "KOR,USA,222222,2024,900,12",
)
FLAKE = Made("flake", {(2024, "CHN"): 1270.0, (2024, "MOZ"): 75.0, (2024, "MDG"): 89.0})
WORDS = {"yields": {"anode": 0.5}, "grades": {"flake": 0.95}}


def draft(
    tmp_path: Path, *made: Made, rows: tuple[str, ...] = TRADE, codes: str = CODES, **words: object
) -> SupplyNetwork:
    path = tmp_path / "trade.csv"
    path.write_text("exporter,importer,hs6,year,value_usd,tonnes\n" + "\n".join(rows) + "\n")
    meaning = concordance(codes)
    table = read_trade(path, codes=[one.code for one in meaning.codes])
    return draft_network(table, meaning, made or (FLAKE,), name="draft", **words)  # type: ignore[arg-type]


def test_origins_are_what_was_produced(tmp_path: Path) -> None:
    net = draft(tmp_path, **WORDS, goods="graphite")
    mined = {node.country: node.capacity for node in net.node_rows if node.stage == "production"}
    assert mined == {"CHN": 1270.0, "MOZ": 75.0, "MDG": 89.0}
    assert net.commodity.production == "countries"
    assert "(draft)" in net.metadata.title
    assert net.check().ok


def test_the_books_by_hand(tmp_path: Path) -> None:
    """China sells 50 t of anodes, made of 100 t of content; the rest of its flakes it keeps."""
    net = draft(tmp_path, **WORDS)
    made = {node.id: node.capacity for node in net.node_rows if node.stage == "make-anode"}
    assert made == {"CHN-anode-made": 50.0}, "Korea sells 12 t of the 30 t that it bought"
    over = {node.id: node.capacity for node in net.node_rows if node.stage == "unexplained"}
    assert over == {"LVA-flake-unexplained": 5 * 0.95}
    asked = {(row.nation, row.product): row.quantity for row in net.demand_rows}
    assert asked == pytest.approx(
        {
            ("CHN", "flake"): (1270 + (40 - 60) * 0.95 - 100) / 0.95,
            ("MOZ", "flake"): 75 / 0.95 - 50,
            ("MDG", "flake"): 89 / 0.95,
            ("KOR", "flake"): 75.0,
            ("KOR", "anode"): 18.0,
            ("JPN", "anode"): 20.0,
            ("USA", "anode"): 12.0,
        }
    )


def test_what_is_observed_serves_all_and_an_open_market_is_plausible(tmp_path: Path) -> None:
    net = draft(tmp_path, **WORDS)
    observed = sn.allocate(net, links="observed")
    assert all(row.coverage == pytest.approx(1.0) for row in observed.coverage)
    asked = {"to": "KOR", "element": "goods", "avoid": "CHN"}
    firm = sn.flow(net, links="observed", **asked).value
    assert firm == pytest.approx((10 + 5) * 0.95)
    assert sn.flow(net, tier="possible", **asked).value > 2 * firm
    by = sn.bypass(net, to="KOR", avoid="CHN")
    assert by.elements[0].tiers[0].coverage < 0.5
    indices = sn.indices(net)
    assert indices.of("hhi")[0].value == pytest.approx(
        1e4 * (1270**2 + 75**2 + 89**2) / (1270 + 75 + 89) ** 2
    )
    report = sn.report.of(by).to_markdown()
    assert "by a draft of national totals" in report
    assert by.provenance.options["production"] == "countries"


@pytest.mark.parametrize(
    ("made", "words", "text"),
    [
        (Made("anode", {(2024, "CHN"): 1.0}), {}, "no production of flake"),
        (Made("ore", {(2024, "CHN"): 1.0}), {}, "the production names the form 'ore'"),
        (Made("flake", {(2020, "CHN"): 1.0}), {}, "holds no production of 2024; it holds 2020"),
        (FLAKE, {"yields": {"flake": 0.5}}, "is made of no other and has no yield"),
        (FLAKE, {"yields": {"cathode": 0.5}}, "the yield names the form 'cathode'"),
        (FLAKE, {"grades": {"flake": 1.5}}, "a share above 0, at most 1"),
    ],
)
def test_what_makes_no_draft_is_refused(
    tmp_path: Path, made: Made, words: dict[str, object], text: str
) -> None:
    with pytest.raises(OptionError, match=text):
        draft(tmp_path, made, **words)


def test_a_production_table_tells_countries_and_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "usgs.csv"
    path.write_text(
        "Country,Commodity,Prod_t_2023,Prod_t_est_2024\nChina,Graphite,1210,1270\n"
        "Mozambique,Graphite,98,75\nOther countries,Graphite,11,12\n"
        "World total (rounded),Graphite,1320,1360\nChina,Gallium,1,1\n"
    )
    found = read_made(path, "flake", where={"Commodity": "Graphite"})
    assert found.of(2024) == {"CHN": 1270.0, "MOZ": 75.0}
    assert found.left_out == {2023: 11.0, 2024: 12.0}
    assert (2024, "CHN") in found.estimated
    assert (2023, "CHN") not in found.estimated
    assert (found.name, len(found.sha256)) == ("usgs.csv", 64)


COUNTRIES = ("FJI", "MLT", "ISL", "NZL")
FORMS = ("ore", "metal", "goods")


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(FORMS),
            st.sampled_from(COUNTRIES),
            st.sampled_from(COUNTRIES),
            st.integers(1, 50),
        ).filter(lambda row: row[1] != row[2]),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[:3],
    ),
    st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 90), min_size=1),
    st.floats(0.2, 1.0),
)
def test_books_close(
    rows: list[tuple[str, str, str, int]], mined: dict[str, int], share: float
) -> None:
    """What comes in goes out, by country and form; nothing is negative."""
    flows = pd.DataFrame(
        [(*row[:3], 2024, float(row[3])) for row in rows],
        columns=["form", "exporter", "importer", "year", "tonnes"],
    )
    made = Made("ore", {(2024, country): float(tonnes) for country, tonnes in mined.items()})
    books = accounts(flows, FORMS, {"ore": made}, {"metal": share}, {"ore": 0.5})
    by_place = {(one.country, one.form): one for one in books}
    for one in books:
        assert min(one.made, one.kept, one.unexplained, one.worked_up) >= 0.0
        came = one.made + one.bought + one.unexplained
        assert came == pytest.approx(one.sold + one.worked_up + one.kept)
        if one.form != "ore" and one.made:
            before = by_place[one.country, FORMS[FORMS.index(one.form) - 1]]
            assert before.worked_up * (share if one.form == "metal" else 1.0) == pytest.approx(
                one.made
            )


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("111111", "222222", "333333")),
            st.sampled_from(COUNTRIES),
            st.sampled_from(COUNTRIES),
            st.integers(1, 50),
        ).filter(lambda row: row[1] != row[2]),
        min_size=1,
        max_size=10,
        unique_by=lambda row: row[:3],
    ),
    st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 90), min_size=1),
)
def test_what_is_observed_always_serves_all(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str, int]],
    mined: dict[str, int],
) -> None:
    lines = tuple(f"{a},{b},{code},2024,{10 * t},{t}" for code, a, b, t in rows)
    made = Made("ore", {(2024, country): float(tonnes) for country, tonnes in mined.items()})
    net = draft(
        tmp_path_factory.mktemp("law"),
        made,
        rows=lines,
        codes="111111:ore,222222:metal,333333:goods",
        yields={"metal": 0.8, "goods": 0.5},
        grades={"ore": 0.4},
    )
    assert {problem.code for problem in net.check(strict="all").errors} <= {"origin"}
    result = sn.allocate(net, links="observed")
    assert result.certificate.ok
    assert all(row.coverage == pytest.approx(1.0) for row in result.coverage)


# -- units, forms and origins that a draft must not mistake ---------------------------------


def test_unexplained_material_counts_from_none_to_all_and_is_named(tmp_path: Path) -> None:
    net = draft(tmp_path, **WORDS)
    asked = {"to": "KOR", "element": "goods", "tier": "operating", "year": 2024}
    open_ = sn.flow(net, avoid="CHN", **asked)
    (low, high) = (open_.low, open_.high)
    assert (low, high) == (pytest.approx(10 * 0.95), pytest.approx(15 * 0.95))
    (note,) = open_.question.notes
    assert "unexplained origin counts as open" in note and "Latvia 4.75 t" in note
    shut = sn.flow(net, avoid="CHN,unexplained", **asked)
    assert shut.value == pytest.approx(low) and not shut.question.notes
    assert not sn.flow(net, **asked).question.notes, "nothing is shut that it could come from"


@pytest.mark.parametrize(
    ("label", "code", "refusal"),
    [
        ("Mine production, lithium content", "283691:carbonate", "carbonate .* is no ore"),
        ("Refinery production", "260500:ore", "ore .* is an ore"),
        ("Mine production", "260500:ore", ""),
        ("Refinery production", "283691:carbonate", ""),
        ("Production", "283691:carbonate", ""),
    ],
)
def test_production_goes_to_the_form_that_its_table_means(
    tmp_path: Path, label: str, code: str, refusal: str
) -> None:
    path = tmp_path / "usgs.csv"
    path.write_text(f'country,type,year,value\nPeru,"{label}",2024,5\n')
    meaning = concordance(code)
    book = read_made(path, meaning.forms[0])
    assert book.labels == (label,)
    if refusal:
        with pytest.raises(OptionError, match=refusal) as caught:
            require_fitting_form(book, meaning)
        assert f"--production-of {book.form}=usgs.csv" in caught.value.hint
    else:
        require_fitting_form(book, meaning)


def test_check_finds_a_demand_that_would_be_answered_in_tonnes_of_content(tmp_path: Path) -> None:
    net = draft(tmp_path, **WORDS)
    units = [
        unit.model_copy(update={"measures": "oxide", "factor": 0.95, "product": None})
        if unit.name == "t flake"
        else unit
        for unit in net.commodity.units
    ]
    commodity = net.commodity.model_copy(update={"units": tuple(units)})
    metadata = net.metadata.model_copy(update={"commodity": commodity})
    rows = {name: net.rows(name) for name in TABLES if name != "contents"}
    old = SupplyNetwork.from_rows(metadata, rows)
    (found, *_) = [problem for problem in old.check().errors if problem.code == "unit"]
    assert "tonnes of content, 0.95 of these" in found.message


def test_check_finds_what_is_unexplained_and_what_is_made_and_never_sold(tmp_path: Path) -> None:
    """Australia's ore under a code that nobody asked for looks like carbonate that it uses up."""
    rows = ("CHL,KOR,111111,2024,100,50", "ARG,KOR,111111,2024,100,3")
    made = Made("carbonate", {(2024, "AUS"): 88.0, (2024, "CHL"): 49.0})
    net = draft(tmp_path, made, rows=rows, codes="111111:carbonate")
    found = {(problem.value, problem.message) for problem in net.check().warnings}
    assert found == {
        (
            "AUS-carbonate-made",
            "makes 64% of all and sells none abroad: it would use it all",
        ),
        ("ARG-carbonate-unexplained", "3 t of unexplained origin count, whatever is shut"),
        ("CHL-carbonate-unexplained", "1 t of unexplained origin count, whatever is shut"),
    }
