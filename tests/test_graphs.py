"""The shipped graphs: sound, and true to what is known of the supply chain they describe."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import ask
from supplynet.io.load import graph_ids
from supplynet.io.package import package_files
from supplynet.network.network import SupplyNetwork
from supplynet.network.timeline import capacities_in_force, runs

HEAVY = ("Dy", "Tb")


@cache
def graph(name: str) -> SupplyNetwork:
    return sn.load(name)


@pytest.fixture
def net() -> SupplyNetwork:
    return graph("rare-earths")


def potential(net: SupplyNetwork, to: str, element: str, **words: Any) -> float:
    usual = {} if {"links", "plants", "tier"} & words.keys() else {"tier": "possible"}
    return sn.flow(net, to=to, element=element, **usual, **words).value


def links_between(net: SupplyNetwork, source: str, target: str) -> list[dict[str, Any]]:
    """Named links and those of rules between two nodes."""
    table = net.links
    found = table[(table["source"] == source) & (table["target"] == target)]
    return found.to_dict("records")


# -- every graph ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", graph_ids())
def test_a_shipped_graph_is_sound(name: str) -> None:
    """No error and no warning of any check."""
    report = graph(name).check(strict="all")
    assert report.ok, [str(problem) for problem in report.errors]


@pytest.mark.parametrize("name", graph_ids())
def test_a_shipped_graph_is_what_convert_writes(name: str) -> None:
    """Tables and descriptor agree, as other readers of Data Packages demand.

    Scenarios are written by hand, with their comments; the descriptor also names its schema.
    """
    folder = Path(__file__).parents[1] / "graphs" / name
    written = {file: text for file, text in package_files(graph(name)).items() if "/" not in file}
    assert {path.name for path in folder.glob("*.csv")} == written.keys() - {"datapackage.json"}
    for file, text in written.items():
        committed = (folder / file).read_text(encoding="utf-8")
        if file == "datapackage.json":
            first = '{\n  "$schema": "../../docs/schemas/datapackage.json",\n'
            text = text.replace("{\n", first, 1)
        assert committed == text, file


@pytest.mark.parametrize("name", graph_ids())
def test_a_shipped_graph_answers(name: str) -> None:
    """Every nation of every graph gets something of every headline element, certified."""
    net = graph(name)
    for nation in net.nation_ids:
        for element in net.commodity.headline:
            flow = sn.flow(net, to=f"node:{nation}", element=element)
            assert flow.certificate.ok
            assert flow.low <= flow.value <= flow.high
    assert potential(net, "nation", net.commodity.headline[0]) > 0


# -- rare earths: the way round China ------------------------------------------------------


def test_the_way_that_works_runs_over_malaysia_and_vietnam_to_japan(net: SupplyNetwork) -> None:
    """Mount Weld -> Kuantan -> a Vietnamese metal maker -> Japan: in 2024 Vietnam gave Japan
    59.8 % of its rare-earth metal imports by value, made of Lynas oxide among others."""
    table = sn.flow.routes(
        net, to="JPN", element="Nd", year=2024, links="observed", avoid="CHN"
    ).to_frame()
    ways = table[(table["mine"] == "mt-weld") & (table["refiner"] == "kuantan-lamp")]
    vietnamese = {row.id for row in net.node_rows if row.country == "VNM"}
    over_vietnam = ways[ways["metalmaker"].isin(vietnamese)]
    assert over_vietnam["tonnes"].sum() > 100
    assert set(over_vietnam["standing"]) == {"observed"}
    for row in over_vietnam.to_dict("records"):
        for stage in net.stages:
            for one in filter(None, str(row[stage.name]).split(" > ")):
                assert net.node(one).country != "CHN"


@pytest.mark.parametrize("element", ["Nd", "Pr", "Dy", "Tb"])
def test_korea_has_almost_nothing_firm_without_china(net: SupplyNetwork, element: str) -> None:
    """Its only documented metal without China is tens of tonnes of Mountain Pass oxide."""
    flow = sn.flow(net, to="KOR", element=element, avoid="CHN", links="contracted", year=2024)
    assert flow.demand.value > 0
    assert flow.value < 0.03 * flow.demand.value


@pytest.mark.parametrize("element", HEAVY)
def test_no_nation_has_heavies_without_china_in_2024(net: SupplyNetwork, element: str) -> None:
    """China separated about 99.8 % of dysprosium before Lynas's first output in May 2025.

    What all could take together without China is next to what the least supplied could with it.
    """
    words: dict[str, Any] = {"element": element, "year": 2024}
    least = min(potential(net, f"node:{nation}", **words) for nation in net.nation_ids)
    assert 0 <= potential(net, "nation", avoid="CHN", **words) < 0.02 * least


# -- who owns it ---------------------------------------------------------------------------


def test_vietnam_by_owner_is_a_range(net: SupplyNetwork) -> None:
    """The owners of the toll metal makers are unknown: the control lens must show that."""
    assert net.node("met-vnm-toll").owner_country == "unknown"
    assert net.node("met-tha").owner_country == "unknown"
    words: dict[str, Any] = {"to": "JPN", "element": "Nd", "links": "contracted", "year": 2024}
    place = sn.flow(net, avoid="VNM", **words)
    owner = sn.flow(net, avoid="VNM", lens="control", **words)
    assert place.value_if_unknown_open == place.value
    assert owner.value_if_unknown_open > owner.value * 1.05
    assert owner.value != pytest.approx(place.value)
    china = sn.flow(net, avoid="CHN", lens="control", **words)
    assert china.value < 0.7 * china.value_if_unknown_open


# -- chokepoints and shares ----------------------------------------------------------------


@pytest.mark.parametrize("element", ["Nd", "Dy"])
@pytest.mark.parametrize("to", ["KOR", "JPN", "USA"])
def test_chinas_refiners_come_first_among_refiners(
    net: SupplyNetwork, to: str, element: str
) -> None:
    """China holds about 91 % of separation of magnet rare earths and nearly all of the heavies."""
    loose = {"tier": "possible", "count": "all"}
    found = sn.chokepoints(net, to=to, element=element, by="country-stage", year=2024, **loose)
    refiners = [row for row in found.rows if row.stage == "refiner"]
    assert refiners[0].id == "CHN:refiner"
    assert refiners[0].loss_share > (0.98 if element == "Dy" else 0.8)
    assert len(refiners) > 1


def share_of_china(net: SupplyNetwork, stage: str, *, year: int = 2024) -> float:
    """China's share of the capacity of plants that work in a year."""
    steps = capacities_in_force(net, year)
    total: dict[str, float] = defaultdict(float)
    for row in net.node_rows:
        if row.stage == stage and runs(row, year) and row.status in ("operating", "ramping"):
            factor = net.unit_by_name[row.unit].factor if row.unit else 1.0
            total[row.country] += (steps.get(row.id, row).capacity or 0.0) * factor
    return total["CHN"] / sum(total.values())


def test_chinas_share_of_capacity(net: SupplyNetwork) -> None:
    """Separation: 85 to 95 % of rare-earth oxides (IEA, US DOE: 89 to 92 %). Metal: about 90 %.
    Magnets: about 93 % of sintered capacity."""
    assert 0.85 <= share_of_china(net, "refiner") <= 0.95
    assert 0.87 <= share_of_china(net, "metalmaker") <= 0.93
    assert 0.90 <= share_of_china(net, "manufacturer") <= 0.97


def test_chinas_share_of_separated_elements(net: SupplyNetwork) -> None:
    """By what could reach all nations: about 90 % of Nd and Pr (IEA: 91 %), 99 % of Dy and Tb."""
    chinese = frozenset(
        row.id for row in net.node_rows if (row.country, row.stage) == ("CHN", "refiner")
    )
    question = ask(net, to="nation", year=2024)
    for element, low, high in (
        ("Nd", 0.85, 0.95),
        ("Pr", 0.85, 0.95),
        ("Dy", 0.97, 1.0),
        ("Tb", 0.97, 1.0),
    ):
        # without its separators, and not what could pass them: scrap may go round through any
        left = solve_question(question, element, closed=chinese).value
        share = 1.0 - left / solve_question(question, element).value
        assert low <= share <= high + 1e-9, element


def test_chinas_share_of_mining(net: SupplyNetwork) -> None:
    """USGS 2025: 270 of 390 kt in 2024, 69 %; sites add up to more than the rounded world total."""
    mined: dict[str, float] = defaultdict(float)
    for row in net.rows("production"):
        if row.year == 2024 and net.node(row.node_id).stage == "mine":  # type: ignore[attr-defined]
            mined[net.node(row.node_id).country] += row.production  # type: ignore[attr-defined]
    assert mined["CHN"] == pytest.approx(270_000, rel=0.02)
    assert 380_000 <= sum(mined.values()) <= 430_000
    assert 0.63 <= mined["CHN"] / sum(mined.values()) <= 0.72


def test_magnet_demand_closes(net: SupplyNetwork) -> None:
    """About 165 kt of finished magnets in 2024, of which China 92 and Japan 12."""
    forms = {row.id: row.form for row in net.rows("products")}  # type: ignore[attr-defined]
    tonnes: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in net.demand_rows:
        if row.role == "final" and forms[row.product] == "magnet":
            assert row.unit == "t magnet"
            tonnes[row.nation][row.year] += row.quantity
    nearest = {
        nation: years[min(years, key=lambda year: abs(year - 2024))]
        for nation, years in tonnes.items()
    }
    assert sum(nearest.values()) == pytest.approx(165_000, rel=0.03)
    assert nearest["CHN"] == pytest.approx(91_800)
    assert tonnes["KOR"][2023] == pytest.approx(6_600)


# -- what must not be ----------------------------------------------------------------------


def test_no_vietnamese_ore_leaves_vietnam(net: SupplyNetwork) -> None:
    """Vietnam mines almost nothing, and its law of December 2025 bans the export of ore."""
    mines = {row.id for row in net.node_rows if (row.country, row.stage) == ("VNM", "mine")}
    assert mines
    table = net.links
    for row in table[table["source"].isin(mines)].to_dict("records"):
        assert net.node(row["target"]).country == "VNM", row
    for year in range(net.commodity.first_year, net.commodity.last_year + 1):
        frame = skeleton(net, year=year, links="possible", plants="construction")
        for label, feeds in frame.feeds.items():
            if any(origin in mines for origin, *_ in feeds) and not label.startswith("rule:"):
                assert net.node(label).country == "VNM", (year, label)


def test_eneabba_takes_no_more_than_it_was_built_for(net: SupplyNetwork) -> None:
    """17,500 t a year, by one text 23,000: its feeds add up to more and must not all count."""
    plant = net.node("eneabba-refinery")
    steps = [row for row in net.rows("capacities") if row.node_id == plant.id]  # type: ignore[attr-defined]
    for row in (plant, *steps):
        assert row.unit == "t REO"  # type: ignore[attr-defined]
        assert (row.capacity or 0.0) <= 17_500  # type: ignore[attr-defined]
        assert (row.capacity_high or 0.0) <= 23_000  # type: ignore[attr-defined]
    assert net.stage_by_name["refiner"].capacity_at == "input"
    for year in range(2027, net.commodity.last_year + 1):
        assert potential(net, plant.id, "basket", year=year) <= 17_500


@pytest.mark.parametrize(
    ("source", "target", "year"),
    [
        ("mmr-pangwa", "sep-vrec-haiduong", 2023),  # not in the customs data of either side
        ("mountain-pass-mine", "sep-leshan-shenghe", 2026),  # stopped in 2025
        ("sep-hungthinh", "met-ls-eco", 2025),  # postponed; nothing was delivered
        ("yen-phu", "sep-guangxi", 2024),  # inferred from China's imports; the mine is closed
        ("met-vnm-toll", "sgi-vina", 2025),  # SGI Vina's start-up metal was most likely Chinese
    ],
)
def test_a_refuted_link_is_not_there(
    net: SupplyNetwork, source: str, target: str, year: int
) -> None:
    """A flow that is often claimed and did not happen: at most an assumption of a rule."""
    assert {source, target} <= set(net.node_by_id)
    for link in links_between(net, source, target):
        held = link["start_year"] <= year and not link["end_year"] < year
        if held:
            assert link["rule"], link
            assert link["standing"] == "possible", link


def test_lynas_in_2024(net: SupplyNetwork) -> None:
    """28,600 t REO through Kuantan, which the 6,197 t NdPr oxide that were made need."""
    steps = capacities_in_force(net, 2024)
    plant = steps.get("kuantan-lamp", net.node("kuantan-lamp"))
    assert plant.unit == "t REO"
    assert plant.capacity is not None
    assert plant.capacity <= 28_600
    named = [
        row
        for row in net.edge_rows
        if row.target == "kuantan-lamp" and (row.start_year or 0) <= 2024 <= (row.end_year or 9999)
    ]
    assert {row.unit for row in named} == {"t REO"}
    assert 0 < sum(row.capacity or 0.0 for row in named) <= 28_600
    assert 0 < potential(net, "kuantan-lamp", "basket", year=2024) <= 28_600
    made = potential(net, "kuantan-lamp", "Nd", year=2024) + potential(
        net, "kuantan-lamp", "Pr", year=2024
    )
    assert made == pytest.approx(6_197, rel=0.01)


@pytest.mark.parametrize(
    ("plant", "year", "published"),
    [
        ("kuantan-lamp", 2025, 6_996),
        ("mountain-pass-sep", 2024, 1_294),
        ("mountain-pass-sep", 2025, 2_599),
        ("mountain-pass-sep", 2026, 4 * 917),  # of the first quarter
    ],
)
def test_what_was_made_of_ndpr_can_be_made(
    net: SupplyNetwork, plant: str, year: int, published: float
) -> None:
    """Feeds and recoveries agree with the oxide that the companies report."""
    made = sum(potential(net, plant, one, year=year) for one in ("Nd", "Pr"))
    assert made == pytest.approx(published, rel=0.03)


def test_lynas_makes_the_heavies_that_it_reports(net: SupplyNetwork) -> None:
    """35 t of Dy and Tb oxide in the half-year after the start: not half of them."""
    made = sum(potential(net, "kuantan-hre", one, year=2025) for one in ("Dy", "Tb"))
    assert made == pytest.approx(35, rel=0.05)


def test_nothing_is_sourced_without_a_source(net: SupplyNetwork) -> None:
    """Most rows with figures cite one."""
    assert net.check().cited_share > 0.95
    used = {
        one
        for table in net.to_frames()
        for row in net.rows(table)
        for one in getattr(row, "source_ids", ())
    }
    assert used <= set(net.source_by_id)
    assert len(used) > 100
