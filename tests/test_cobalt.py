"""What the shipped graph of cobalt says: its totals, its owners, its hosts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

import supplynet as sn
from supplynet.io.load import graphs_folder
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import shares_of
from supplynet.reports.results import document_of


@pytest.fixture(scope="module")
def net() -> SupplyNetwork:
    return sn.load("cobalt")


def plants(net: SupplyNetwork, *stages: str) -> list[Any]:
    return [row for row in net.node_rows if row.stage in stages]


def cobalt_mined(net: SupplyNetwork, year: int) -> Counter[str]:
    """Tonnes of cobalt by country that the table production states of mines."""
    share = {row.node_id: row.share for row in net.rows("assays") if row.element == "Co"}  # type: ignore[attr-defined]
    mined: Counter[str] = Counter()
    for row in net.rows("production"):
        node = net.node(row.node_id)  # type: ignore[attr-defined]
        if node.stage == "mine" and row.year == year:  # type: ignore[attr-defined]
            mined[node.country] += row.production * share[node.id]  # type: ignore[attr-defined]
    return mined


# -- what it holds --------------------------------------------------------------------------------


def test_owners_are_told_with_shares(net: SupplyNetwork) -> None:
    """By owner China holds more than half of what the DR Congo can dig of cobalt."""
    share = {row.node_id: row.share for row in net.rows("assays") if row.element == "Co"}  # type: ignore[attr-defined]
    held: Counter[str] = Counter()
    for row in plants(net, "mine"):
        owners = shares_of(net, row)
        assert sum(owners.values()) <= 1.0 + 1e-9, row.id
        if row.country == "COD" and row.status == "operating":
            for country, part in owners.items():
                held[country] += part * row.capacity * share[row.id]
    assert held["CHN"] > 0.5 * sum(held.values())
    assert net.node("kfm-mine").owner_country == "CHN"
    assert net.node("kcc-mine").owner_country == "CHE"


def test_totals_lie_near_the_published_ones(net: SupplyNetwork) -> None:
    """Mine output within a tenth of the IEA's world of 2024, and of the USGS of 2023."""
    of_2024, of_2023 = cobalt_mined(net, 2024), cobalt_mined(net, 2023)
    assert sum(of_2024.values()) == pytest.approx(273_337, rel=0.1)
    assert of_2024["IDN"] == pytest.approx(33_230, rel=0.1)
    assert of_2024["AUS"] == pytest.approx(6_379, rel=0.1)
    assert 181_796 < of_2024["COD"] < 220_000  # what the two agencies tell
    assert sum(of_2023.values()) == pytest.approx(238_000, rel=0.1)
    assert of_2023["COD"] == pytest.approx(175_000, rel=0.1)


def test_a_gap_to_the_published_totals_is_explained_row_by_row(net: SupplyNetwork) -> None:
    """Of the table of the README: figures of mines are near the tables', and gaps have words."""
    page = (graphs_folder() / "cobalt" / "README.md").read_text(encoding="utf-8")
    part = page.split("## Held against what was published")[1].split("Of 39 targets")[0]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines()]
    told = [row for row in cells if len(row) == 5 and row[3][:1].isdigit()]
    mined = cobalt_mined(net, 2024)
    of_mines = {"DR Congo": "COD", "Indonesia": "IDN", "Russia": "RUS", "Australia": "AUS"}
    assert len(told) >= 11
    for name, agency, _, graph, why in told:
        published, model = (float(text.replace(",", "")) for text in (agency, graph))
        gap = abs(model / published - 1.0)
        assert gap <= 0.1 or len(why) > 40, name
    stage_of_mines = told[
        : 1 + next(at for at, row in enumerate(told) if row[0] == "refined, world")
    ]
    for name, _, _, graph, _ in stage_of_mines:
        if name in of_mines:
            figure = float(graph.replace(",", ""))
            assert mined[of_mines[name]] == pytest.approx(figure, rel=0.1), name


def test_the_mines_of_cmoc_bring_what_it_reports(net: SupplyNetwork) -> None:
    share = {row.node_id: row.share for row in net.rows("assays") if row.element == "Co"}  # type: ignore[attr-defined]
    brought: dict[int, float] = defaultdict(float)
    for row in net.rows("production"):
        if row.node_id in ("tfm-mine", "kfm-mine"):  # type: ignore[attr-defined]
            brought[row.year] += row.production * share[row.node_id]  # type: ignore[attr-defined]
    assert brought[2024] == pytest.approx(114_165, rel=0.001)
    assert brought[2023] == pytest.approx(55_526, rel=0.001)


def test_trade_of_two_years_stands_as_observed(net: SupplyNetwork) -> None:
    """China's imports: 30 % of 575,268 t in eleven months, nearly all from the DR Congo."""
    seen = {row.id: row.observed for row in net.rule_rows if row.observed}
    assert seen["hydroxide-chn"] == pytest.approx(575_268 * 0.3 * 12 / 11 * 0.987, rel=0.01)
    months = {row.id: row.observed_months for row in net.rule_rows if row.observed_months}
    assert set(months.values()) == {9, 11}
    accepted = {row.value for row in net.rows("accepted") if row.check == "part-year"}  # type: ignore[attr-defined]
    assert accepted == set(months)
    assert seen["hydroxide-chn-2023"] == pytest.approx(seen["hydroxide-chn"] / 1.7447, rel=0.01)
    assert {row.start_year for row in net.rule_rows if row.observed} >= {2022, 2023, 2024}


# -- hosts and what follows -----------------------------------------------------------------------


def test_cobalt_falls_with_the_copper_it_comes_with(net: SupplyNetwork) -> None:
    """Mines of the DR Congo at 60 %: less hydroxide, though its circuits are as large as before."""
    words: dict[str, Any] = {"to": "tfm-plant", "element": "Co", "year": 2026}
    before = sn.flow(net, **words).value
    after = sn.flow(net, scenario="copper-slump:left=0.6", **words).value
    assert after == pytest.approx(0.6 * before)


def test_a_circuit_holds_cobalt_and_not_its_host(net: SupplyNetwork) -> None:
    """Monchegorsk: 1,000 t a year after the fire, 3,000 t since it was mended."""
    for year, tonnes in ((2024, 1_000), (2026, 3_000)):
        flow = sn.flow(net, to="kola", element="Co", year=year)
        assert flow.value <= tonnes / 0.9
    assert sn.flow(net, to="kola", element="Ni", year=2024).value > 100_000


def test_the_quota_binds_and_the_base_does_not(net: SupplyNetwork) -> None:
    words: dict[str, Any] = {"to": "node:CHN", "element": "Co", "year": 2026}
    free = sn.flow(net, **words).value
    quota = sn.flow(net, scenario="cod-quota-2026", **words).value
    stop = sn.flow(net, scenario="cod-full-stop", **words).value
    assert stop < quota < 0.85 * free


def test_korea_s_cathodes_had_passed_china(net: SupplyNetwork) -> None:
    """More than nine tenths of its precursors came from there, as of early 2025."""
    passed = sn.trace(net, to="KOR", exposed_to="CHN").to_frame()
    assert passed[passed["lens"] == "location"]["traced"].max() > 0.85


@pytest.mark.slow
def test_stocks_carry_makers_through_2025(net: SupplyNetwork) -> None:
    """Four months of hydroxide at Chinese refiners: want comes in 2026, as reported of it."""
    served = sn.shock(net, shock="cod-2025").to_frame()
    of_2025 = served[served["period"].str.startswith("2025")]
    assert of_2025["share"].min() > 0.99
    assert served["share"].min() < 0.8


# -- calibrated flows -----------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2023, 2024])
def test_what_is_mined_leaves_its_mine(net: SupplyNetwork, year: int) -> None:
    """Huayue's 7,900 t and Norilsk's 5,200 leave the mine; where they end is given of the plant."""
    rows: list[Any] = [row for row in net.rows("baseline") if row.year == year]  # type: ignore[attr-defined]
    sent: Counter[str] = Counter()
    for row in rows:
        if row.what == "flow" and row.source is not None:
            sent[row.source] += row.flow
    stocked = {row.node_id: row.stocked for row in net.rows("production") if row.year == year}  # type: ignore[attr-defined]
    mined = [row for row in rows if row.what == "output" and net.node(row.source).stage == "mine"]
    assert len(mined) > 40
    for row in mined:
        left = sent[row.source] + stocked.get(row.source, 0.0)
        assert left == pytest.approx(row.flow, rel=1e-4, abs=5.0), row.source
    mines = {node.id for node in plants(net, "mine")}
    assert not mines & {row.source for row in rows if row.what == "unplaced"}


def test_an_exposure_says_what_is_not_traced(net: SupplyNetwork) -> None:
    """Of Russia nothing is traced to Korea, and 5,200 t are known to go nobody knows where."""
    result = sn.trace(net, to="KOR", exposed_to="RUS", year=2024)
    lost = {row["plant"]: row["tonnes"] for row in result.to_dict()["unplaced"]}
    assert lost["norilsk-smelter"] == pytest.approx(5198, abs=50)
    text = str(document_of(result).sections)
    assert "where 5,200 t of its plants went is not known" in text
    assert "not traced, as no plant sends it on" in text
    told = document_of(sn.graph.check(net))
    assert "norilsk-smelter" in str(told.sections)
    assert {"year": 2024, "plant": "norilsk-smelter", "element": "Co"}.items() <= next(
        row for row in told.data["unplaced"] if row["year"] == 2024 and "norilsk" in row["plant"]
    ).items()
