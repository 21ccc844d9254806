"""A network of trade: every flow is a link, circles stay, and own supply is a least estimate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.errors import DataError, OutputError, TableError
from supplynet.io.load import save
from supplynet.network.network import SupplyNetwork
from supplynet.trade.concordance import concordance
from supplynet.trade.network import to_network
from supplynet.trade.read import read_trade
from tests.trade.made import as_made

EXTRACTS = Path(__file__).parent / "extracts"
CODES = "111111:ore,222222:metal"


def network(tmp_path: Path, *rows: str, codes: str = CODES, **options: object) -> SupplyNetwork:
    path = tmp_path / "trade.csv"
    path.write_text("exporter,importer,hs6,year,value_usd,tonnes\n" + "\n".join(rows) + "\n")
    meaning = concordance(codes)
    table = read_trade(path, codes=[one.code for one in meaning.codes])
    return to_network(table, meaning, name="mine", **options)  # type: ignore[arg-type]


def supplies(net: SupplyNetwork) -> dict[str, float | None]:
    return {node.id: node.capacity for node in net.node_rows if node.stage == "supply"}


def test_every_flow_is_an_observed_link_in_its_year(tmp_path: Path) -> None:
    net = network(tmp_path, "FJI,MLT,111111,2022,50,5", "FJI,MLT,111111,2024,70,7")
    links = [
        edge for edge in net.edge_rows if edge.source == "FJI-ore" and edge.target == "MLT-ore"
    ]
    assert [(one.capacity, one.start_year, one.end_year, one.standing) for one in links] == [
        (5.0, 2022, 2022, "observed"),
        (7.0, 2024, 2024, "observed"),
    ]
    assert (net.commodity.first_year, net.commodity.base_year) == (2022, 2024)
    assert net.check().ok


def test_own_supply_is_what_earlier_forms_cannot_explain(tmp_path: Path) -> None:
    """Malta buys 10 t of ore and sells 4 t of metal (from it); Iceland sells 3 t from nothing."""
    net = network(
        tmp_path,
        "FJI,MLT,111111,2024,100,10",
        "MLT,NZL,222222,2024,400,4",
        "ISL,NZL,222222,2024,300,3",
    )
    assert supplies(net) == {"FJI-ore-supply": 10.0, "ISL-metal-supply": 3.0}
    net = as_made(net)
    asked = {"to": "NZL", "element": "goods", "tier": "possible"}
    assert sn.flow(net, **asked).value == pytest.approx(7.0)
    assert sn.flow(net, **asked, avoid="FJI").value == pytest.approx(3.0)


def test_a_nation_asks_for_what_it_keeps_of_each_form(tmp_path: Path) -> None:
    """So that balances and exposures have somebody to serve; what was sold on is not asked for."""
    net = network(
        tmp_path,
        "FJI,MLT,111111,2024,100,10",
        "MLT,NZL,222222,2024,400,4",
        "ISL,NZL,222222,2024,300,3",
    )
    asked = {(row.nation, row.product): row.quantity for row in net.demand_rows}
    assert asked == {("MLT", "ore"): 6.0, ("NZL", "metal"): 7.0}
    assert net.check(strict="all").ok
    balance = sn.allocate(as_made(net))
    assert balance.certificate.ok
    assert "get all of 6 t/yr asked for as ore" in balance.summary()
    found = sn.trace(as_made(net), to="NZL", exposed_to="FJI", tier="possible")
    assert found.at("goods").traced == pytest.approx(4 / 7)


def test_the_form_just_before_is_taken_first(tmp_path: Path) -> None:
    net = network(
        tmp_path,
        "FJI,MLT,111111,2024,1,5",
        "FJI,MLT,222222,2024,1,4",
        "MLT,NZL,333333,2024,1,6",
        codes=f"{CODES},333333:magnet",
    )
    asked = {(row.nation, row.product): row.quantity for row in net.demand_rows}
    assert asked == {("MLT", "ore"): 3.0, ("NZL", "magnet"): 6.0}


def test_sums_beyond_any_figure_of_a_year_are_refused_with_their_row(tmp_path: Path) -> None:
    """Records that are sound one by one may add up to more than a plant can do."""
    rows = [f"FJI,{buyer},111111,2022,5,9e17" for buyer in ("MLT", "NZL", "KOR")]
    with pytest.raises(TableError, match=r"nodes, row \d, column capacity.*'2\.7e\+18'"):
        network(tmp_path, *rows)


def test_circles_stay_and_every_command_takes_them() -> None:
    """Japan and the Philippines sell to each other, as assemblies of magnets do."""
    table = read_trade(EXTRACTS / "plain.csv", codes="850511")
    net = to_network(table, concordance("850511"), name="circle", goods="magnets")
    assert net.check(strict="all").ok
    both = {(edge.source, edge.target) for edge in net.edge_rows}
    assert {("JPN-magnet", "PHL-magnet"), ("PHL-magnet", "JPN-magnet")} <= both
    net = as_made(net)
    asked = {"to": "JPN", "element": "magnets", "year": 2024}
    assert sn.flow(net, **asked).certificate.ok
    assert sn.bypass(net, **asked, avoid="CHN").elements[0].flow.value < 3.0
    assert sn.chokepoints(net, **asked, by="country").rows
    assert sn.allocate(net, year=2024).certificate.ok
    assert sn.flow.routes(net, **asked).routes


def test_what_could_be_had_is_not_told_without_production(tmp_path: Path) -> None:
    """Own supply is the least that explains the trade: no figure of what could be had."""
    net = network(tmp_path, "FJI,MLT,111111,2024,100,10", "MLT,NZL,111111,2024,10,1")
    assert net.commodity.production == "unknown"
    asked: dict[str, str] = {"to": "NZL", "element": "goods"}
    for verb in (sn.flow, sn.flow.routes, sn.chokepoints):
        with pytest.raises(DataError, match="what crossed borders, not what is made") as error:
            verb(net, **asked)  # type: ignore[operator]
        assert "--production" in error.value.hint
    for call in (
        lambda: sn.bypass(net, **asked, avoid="FJI"),
        lambda: sn.allocate(net),
        lambda: sn.compare(net, "base", to="NZL"),
        lambda: sn.indices(net),
    ):
        with pytest.raises(DataError, match="what crossed borders, not what is made"):
            call()
    with pytest.raises(DataError, match="lies between two ends") as told:
        sn.trace(net, to="NZL", exposed_to="FJI")
    assert "dependence_of" in told.value.hint


COUNTRIES = ("FJI", "MLT", "ISL", "NZL")


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(COUNTRIES),
            st.sampled_from(COUNTRIES),
            st.sampled_from(["111111", "222222"]),
            st.sampled_from([2022, 2024]),
            st.integers(1, 50),
        ).filter(lambda row: row[0] != row[1]),
        min_size=1,
        max_size=14,
        unique_by=lambda row: row[:4],
    )
)
def test_any_trade_is_a_network_that_brings_what_customs_saw(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, int, int]]
) -> None:
    """Valid whatever the circles, and a nation can have what it bought, at most more of its own."""
    folder = tmp_path_factory.mktemp("law")
    lines = [f"{a},{b},{code},{year},{10 * t},{t}" for a, b, code, year, t in rows]
    net = as_made(network(folder, *lines))
    assert net.check().ok
    frame = pd.DataFrame(rows, columns=["exporter", "importer", "hs6", "year", "tonnes"])
    for (nation, year), part in frame.groupby(["importer", "year"]):
        sold = frame[(frame["exporter"] == nation) & (frame["year"] == year)]["tonnes"].sum()
        flow = sn.flow(net, to=str(nation), element="goods", year=int(year))
        assert flow.certificate.ok
        assert flow.value <= part["tonnes"].sum() + sold + 1e-6


def test_a_folder_gets_a_readme_and_a_file_does_not(tmp_path: Path) -> None:
    net = network(tmp_path, "FJI,MLT,111111,2024,100,10")
    save(net, tmp_path / "graph", readme="# Import\n")
    assert (tmp_path / "graph" / "README.md").read_text() == "# Import\n"
    assert sn.load(tmp_path / "graph") == net
    save(net, tmp_path / "graph.json", readme="# Import\n")
    assert sn.load(tmp_path / "graph.json") == net
    with pytest.raises(OutputError, match="not empty"):
        save(net, tmp_path / "graph", readme="# Again\n")
    save(net, tmp_path / "plain")
    assert sn.load(tmp_path / "plain") == net
