"""Several contracts on one link: they add up in each tier, and each keeps its name."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_ask import chain
from tests.network.networks import edge, rows

T = {"unit": "t"}


def contracts() -> SupplyNetwork:
    """10 t were seen to pass to 2026, 20 t are under contract from 2025, 5 t more from 2030."""
    net = chain(None, demand=100.0)
    more = rows(
        "edges",
        edge("shop", "KOR", "material", capacity=10, end_year=2026, **T),
        edge("shop", "KOR", "material", capacity=20, start_year=2025, standing="contracted", **T),
        edge("shop", "KOR", "material", capacity=5, start_year=2030, standing="contracted", **T),
    )
    commodity = net.commodity.model_copy(update={"last_year": 2030})
    head = net.metadata.model_copy(update={"commodity": commodity})
    kept = [row for row in net.edge_rows if row.source != "shop"]
    return net.replace(metadata=head, edges=[*kept, *more])


@pytest.mark.parametrize(
    ("links", "year", "expected"),
    [
        ("observed", 2024, 10),
        ("observed", 2025, 10),
        ("contracted", 2024, 10),
        ("contracted", 2025, 30),
        ("contracted", 2027, 20),
        ("possible", 2030, 25),
        ("observed", 2030, 0),
    ],
)
def test_contracts_add_up_in_their_tier(links: str, year: int, expected: float) -> None:
    words = {"links": links, "year": year}
    assert sn.flow(contracts(), to="KOR", **words).value == pytest.approx(expected)
    result = balance(contracts(), **words)
    assert sum(row.served for row in result.deliveries) == pytest.approx(expected)


def test_each_contract_is_a_limit_of_its_own() -> None:
    net = contracts()
    assert net.check().ok
    result = sn.allocate(net, year=2025, detail="figures")
    used = {row.id: row.used for row in result.utilization if row.kind == "link"}
    assert used == pytest.approx(
        {
            "shop -> KOR (material, observed -2026)": 10,
            "shop -> KOR (material, contracted 2025-)": 20,
        }
    )
    (flow,) = [one for one in result.to_dict()["flows"] if one["head"] == "KOR"]
    assert flow["tonnes"] == pytest.approx(30)  # the link as a whole
    cut = sn.flow(net, to="KOR", year=2025).cut
    assert {row.id: row.capacity for row in cut} == {
        "shop -> KOR (observed -2026)": 10,
        "shop -> KOR (contracted 2025-)": 20,
    }
    assert "Shop to Kor (material, contracted 2025-)" in [row.name for row in cut]


def test_slices_that_follow_each_other_are_no_contracts() -> None:
    net = contracts()
    edges = [row for row in net.edge_rows if row.start_year is None or row.start_year == 2030]
    result = balance(net.replace(edges=edges), year=2030)
    assert [row.id for row in result.utilization if row.kind == "link"] == [
        "shop -> KOR (material)"
    ]


def test_contracts_are_compared_one_by_one() -> None:
    net = contracts()
    more = [
        row.model_copy(update={"capacity": 25.0}) if row.capacity == 20 else row
        for row in net.edge_rows
    ]
    twin = net.edge_rows[-2].model_copy(update={"standing": "planned", "capacity": 3.0})
    found = sn.compare.answers(net, net.replace(edges=[*more, twin]))
    told = {(row.what[1], row.what[2]): row.values for row in found.rows}
    assert told == {
        ("shop / KOR / material / contracted / 2025 / None", ""): ("absent", "present"),
        ("shop / KOR / material / planned / 2025 / None", ""): ("absent", "present"),
        ("shop / KOR / material / 2025", ""): ("present", "absent"),
    }
    same = sn.compare.answers(net, net.replace(edges=more))
    assert [(row.what[2], row.values) for row in same.rows] == [("capacity", (20.0, 25.0))]
