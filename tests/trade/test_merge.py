"""Trade laid onto a network: what is added, what is not, and that no tonne is there twice."""

from __future__ import annotations

import pandas as pd
import pytest

import supplynet as sn
from supplynet.errors import DataError, OptionError, SupplynetError, TableError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Unit
from supplynet.trade.merge import MergeRow, merge


def trade(*rows: tuple[str, str, str, float], year: int = 2024) -> pd.DataFrame:
    names = ["exporter", "importer", "form", "tonnes"]
    return pd.DataFrame(list(rows), columns=names).assign(year=year)


def by_pair(rows: tuple[MergeRow, ...]) -> dict[tuple[str, str, str], MergeRow]:
    return {(row.exporter, row.importer, row.form): row for row in rows}


def test_the_difference_becomes_an_observed_corridor(tutorial: SupplyNetwork) -> None:
    """Iceland's named link to Malta carries 20 t of oxide; customs saw 50 t."""
    result = merge(tutorial, trade(("ISL", "MLT", "oxide", 50.0)), records="Customs of 2024")
    row = by_pair(result.rows)["ISL", "MLT", "oxide"]
    assert (row.trade, row.graph, row.difference, row.outcome) == (50.0, 20.0, 30.0, "laid")
    assert (row.unit, row.graph_units) == ("t oxide", "t oxide")
    rule = result.net.rule_rows[-1]
    assert (rule.source, rule.target, rule.capacity) == ("ISL:refiner", "MLT:maker", 30.0)
    assert (rule.standing, rule.start_year, rule.end_year) == ("observed", 2024, 2024)
    assert rule.confidence == "estimated"
    assert result.net.source_by_id["customs-records"].title == "Customs of 2024"
    assert result.net.check().ok
    asked = {"to": "MLT", "element": "Nd", "links": "observed"}
    assert sn.flow(result.net, **asked).value >= sn.flow(tutorial, **asked).value


def test_what_the_network_has_is_not_added_again(tutorial: SupplyNetwork) -> None:
    result = merge(tutorial, trade(("ISL", "MLT", "oxide", 15.0)))
    assert by_pair(result.rows)["ISL", "MLT", "oxide"].outcome == "covered"
    assert result.net is tutorial


def test_a_link_without_a_bound_carries_anything(tutorial: SupplyNetwork) -> None:
    net = tutorial.replace(
        edges=[
            edge.model_copy(update={"observed": None}) if edge.target == "maker-home" else edge
            for edge in tutorial.edge_rows
        ]
    )
    result = merge(net, trade(("ISL", "MLT", "oxide", 1e6)))
    assert by_pair(result.rows)["ISL", "MLT", "oxide"].outcome == "open"


def test_a_corridor_of_one_pair_counts_with_its_bound(tutorial: SupplyNetwork) -> None:
    """The rule goods-to-malta lets 100 t oxide pass from Iceland, tonne for tonne."""
    result = merge(tutorial, trade(("ISL", "MLT", "goods", 130.0)), units={"goods": "t goods"})
    row = by_pair(result.rows)["ISL", "MLT", "goods"]
    assert (row.graph, row.difference, row.graph_units) == (100.0, 30.0, "t oxide")


def test_units_that_measure_the_same_are_converted(tutorial: SupplyNetwork) -> None:
    commodity = tutorial.commodity
    units = (*commodity.units, Unit(name="kt oxide", measures="oxide", factor=1000.0))
    net = tutorial.replace(
        metadata=tutorial.metadata.model_copy(
            update={"commodity": commodity.model_copy(update={"units": units})}
        )
    )
    result = merge(net, trade(("ISL", "MLT", "oxide", 0.05)), units={"oxide": "kt oxide"})
    row = by_pair(result.rows)["ISL", "MLT", "oxide"]
    assert (row.graph, row.difference) == pytest.approx((0.02, 0.03))


def test_members_of_a_bloc_that_is_one_nation_are_added_up(rare_earths: SupplyNetwork) -> None:
    flows = trade(
        ("CHN", "ITA", "magnet", 20_000.0),
        ("CHN", "NLD", "magnet", 20_000.0),
        ("DEU", "ITA", "magnet", 7.0),
    )
    rows = by_pair(merge(rare_earths, flows).rows)
    assert rows["CHN", "EUU", "magnet"].trade == 40_000.0
    assert rows["DEU", "ITA", "magnet"].outcome == "no plant"


FLOW = ("ISL", "MLT", "oxide", 50.0)


@pytest.mark.parametrize(
    ("flows", "options", "error", "message"),
    [
        (trade(FLOW).drop(columns="form"), {}, DataError, "no column 'form'"),
        (pd.concat([trade(FLOW), trade(FLOW, year=2025)]), {}, OptionError, "2024, 2025"),
        (trade(FLOW), {"year": 2025}, DataError, "no flow in 2025"),
        (trade(FLOW).assign(tonnes=float("nan")), {}, DataError, "1 flows have no weight"),
        (trade(("ISL", "MLT", "oxyde", 1.0)), {}, UnknownNameError, "no form 'oxyde'"),
        (trade(FLOW), {"units": {"oxide": "kg"}}, TableError, "no unit 'kg'"),
    ],
)
def test_what_is_wrong_is_told(
    tutorial: SupplyNetwork,
    flows: pd.DataFrame,
    options: dict[str, object],
    error: type[SupplynetError],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        merge(tutorial, flows, **options)


def test_a_form_without_a_unit_needs_one(tutorial: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="in which unit carbonate is counted"):
        merge(tutorial, trade(("ISL", "MLT", "carbonate", 1.0)))


def test_a_second_time_is_refused(tutorial: SupplyNetwork) -> None:
    first = merge(tutorial, trade(("ISL", "MLT", "oxide", 50.0))).net
    more = trade(("ISL", "MLT", "oxide", 90.0))
    with pytest.raises(OptionError, match="laid onto it before"):
        merge(first, more)
    other = merge(first, trade(("FJI", "MLT", "oxide", 5.0))).net
    assert len([row for row in other.rows("sources") if row.id == "customs-records"]) == 1
