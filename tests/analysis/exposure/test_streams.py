"""A balance as one account of tonnes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.exposure import streams as module
from supplynet.analysis.exposure.moves import GONE, Moves, Pot
from supplynet.analysis.exposure.streams import Ends, Streams, parts_of, streams
from supplynet.analysis.exposure.trace import flow_of
from supplynet.errors import OptionError, UnknownNameError
from tests.analysis.exposure.networks import mixing, moves

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="module")
def open_balance(rare_earths: SupplyNetwork) -> SolvedBalance:
    return sn.allocate(rare_earths, year=2030, avoid="CHN", tier="possible").solved


def rests(found: Streams) -> dict[str, float]:
    """What comes less what goes, by node."""
    left: dict[str, float] = defaultdict(float)
    for ends, tonnes in found.sent.items():
        left[ends.tail] -= tonnes
        left[ends.head] += tonnes
    for node, tonnes in found.mined.items():
        left[node] += tonnes
    for sums in (found.lost, found.surplus, found.served):
        for node, tonnes in sums.items():
            left[node] -= tonnes
    return left


@pytest.mark.parametrize("to", [None, "KOR", "EU"])
@pytest.mark.parametrize("element", ["Nd", "Dy", "Nd,Pr"])
def test_what_comes_to_a_plant_is_what_it_sends_loses_and_has_left_over(
    open_balance: SolvedBalance, element: str, to: str | None
) -> None:
    found = streams(open_balance, element=element, to=to)
    size = max(found.sent.values())
    assert size > 0
    assert max(abs(rest) for rest in rests(found).values()) < 1e-6 * size


def test_nations_get_what_the_balance_says(open_balance: SolvedBalance) -> None:
    found = streams(open_balance, element="Nd")
    for row in open_balance.elements:
        if row.element == "Nd":
            assert found.served.get(row.nation, 0.0) == pytest.approx(row.served, abs=1e-6)
            assert found.needed[row.nation] == row.demand
    surplus = sum(row.tonnes for row in open_balance.surplus if row.element == "Nd")
    assert sum(found.surplus.values()) == pytest.approx(surplus, abs=1e-6)


def test_firm_deliveries_beyond_a_demand_are_left_over(rare_earths: SupplyNetwork) -> None:
    """All magnets of a plant go to the USA, three times as many of a grade as it needs."""
    balance = sn.allocate(rare_earths, avoid="CHN", year=2031, tier="committed").solved
    (row,) = [row for row in balance.elements if (row.nation, row.element) == ("USA", "Nd")]
    (asked,) = [
        row
        for row in balance.deliveries
        if row.product == "magnet-electronics" and row.nation == "USA"
    ]
    assert asked.served == asked.demand
    for to in (None, "USA"):
        found = streams(balance, element="Nd", to=to)
        assert found.served["USA"] == pytest.approx(row.served)
    found = streams(balance, element="Nd")
    assert found.surplus["mp-10x"] > 0.5 * row.served
    assert sum(
        tonnes for ends, tonnes in found.sent.items() if ends.head == "USA"
    ) == pytest.approx(row.served)


def test_the_part_of_a_nation_is_a_part_of_the_whole(open_balance: SolvedBalance) -> None:
    whole = streams(open_balance, element="Nd")
    part = streams(open_balance, element="Nd", to="KOR")
    assert set(part.served) == {"KOR"}
    assert part.served["KOR"] == pytest.approx(whole.served["KOR"])
    assert not part.lost and not sum(part.surplus.values())
    assert sum(part.mined.values()) == pytest.approx(part.served["KOR"])
    for ends, tonnes in part.sent.items():
        assert tonnes <= whole.sent[ends] * (1 + 1e-9)


def test_corridors_are_dissolved(open_balance: SolvedBalance) -> None:
    known = open_balance.question.net.node_by_id
    found = streams(open_balance, element="Nd")
    assert all(ends.tail in known and ends.head in known for ends in found.sent)
    assert any(ends.is_scrap for ends in found.sent)
    assert found.unit == "t Nd2O3/yr"


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ({"element": "basket"}, OptionError, "followed by element"),
        ({"element": "Xx"}, UnknownNameError, "Xx"),
        ({"element": "Nd", "to": "CHN"}, OptionError, "names no nation that draws"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    open_balance: SolvedBalance, words: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        streams(open_balance, **words)  # type: ignore[arg-type]


def written(amounts: Sequence[float]) -> tuple[Any, Moves]:
    """A balance of one element that two plants send through a corridor to two nations."""

    def pot(label: str, kind: str = "separated") -> Pot:
        return Pot(kind, label)

    mine, pit, hub = (pot(label) for label in ("mine", "pit", "hub"))
    found = moves(
        (pot("mine", "ground"), mine, 1.0, 1.0),
        (pot("pit", "ground"), pit, 1.0, 1.0),
        (mine, hub, 1.0, 1.0),
        (pit, hub, 1.0, 1.0),
        (pit, GONE, 1.0, 0.0),
        (hub, pot("KOR", "intake"), 1.0, 0.9),
        (hub, pot("JPN", "intake"), 1.0, 1.0),
        (pot("KOR", "intake"), pot("KOR", "supply"), 1.0, 1.0),
        (pot("JPN", "intake"), pot("JPN", "supply"), 1.0, 1.0),
    )
    kinds = ["mined"] * 2 + ["element"] * 5 + ["taken"] * 2
    standings = [(1, True), (0, False), (0, False), (2, False), (0, False)]
    arcs = [SimpleNamespace(rank=rank, is_scrap=is_scrap) for rank, is_scrap in standings]
    rows = [("Nd", "KOR", 9.0), ("Nd", "JPN", 3.0), ("Dy", "KOR", 4.0)]
    model = SimpleNamespace(
        columns=SimpleNamespace(keys=[(kind, (max(n - 2, 0),)) for n, kind in enumerate(kinds)]),
        scope=SimpleNamespace(
            frame=SimpleNamespace(arcs=arcs),
            net=SimpleNamespace(node_by_id=dict.fromkeys(("mine", "pit", "KOR", "JPN"))),
        ),
    )
    result = SimpleNamespace(
        run=SimpleNamespace(model=model),
        x=np.array(amounts, dtype=float),
        elements=[
            SimpleNamespace(element=element, nation=nation, demand=demand)
            for element, nation, demand in rows
        ],
    )
    return result, found


def account(monkeypatch: pytest.MonkeyPatch, amounts: Sequence[float], *nations: str) -> Streams:
    result, found = written(amounts)
    monkeypatch.setattr(module, "followed", lambda _, x, __: flow_of(found, x))
    monkeypatch.setattr(module, "used_share", lambda *_: np.ones(len(found.pots)))
    return module._account(result, "Nd", frozenset(nations) or None)


AMOUNTS = (6.0, 5.0, 6.0, 4.0, 1.0, 7.0, 3.0, 5.0, 3.0)


def test_an_account_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """6 t of scrap and 4 t meet in the corridor; 1 t has no use; a nation takes 5 of 6.3 t."""
    found = account(monkeypatch, AMOUNTS)
    assert found.mined == {"mine": 6.0, "pit": 5.0}
    assert found.sent == pytest.approx(
        {
            Ends("mine", "KOR", 2, True): 4.2,
            Ends("mine", "JPN", 1, True): 1.8,
            Ends("pit", "KOR", 2, False): 2.8,
            Ends("pit", "JPN", 0, False): 1.2,
        }
    )
    assert found.lost == pytest.approx({"pit": 1.0, "KOR": 0.7})
    assert found.surplus == pytest.approx({"KOR": 1.3})
    assert found.served == {"KOR": 5.0, "JPN": 3.0}
    assert found.needed == {"KOR": 9.0, "JPN": 3.0}


def test_an_account_of_one_nation_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is sent as much counts as the nation takes."""
    found = account(monkeypatch, AMOUNTS, "JPN")
    assert found.served == pytest.approx({"JPN": 3.0})
    assert found.needed == {"JPN": 3.0}
    assert found.mined == pytest.approx({"mine": 1.8, "pit": 1.2})
    assert found.lost == found.surplus == {}


def test_what_is_rounding_beside_the_largest_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 in a billion of the largest count, half of one does not; where nothing moves, nothing."""
    amounts = [1e6, 5e-3, 1e6, 5e-3, 5e-4, 1e6, 0.0, 9e5, 0.0]
    found = account(monkeypatch, amounts)
    assert found.mined == {"mine": 1e6, "pit": 5e-3}
    assert found.lost == pytest.approx({"KOR": 1e5})
    result, _ = written(amounts)
    # 5e-3 t through the corridor count as well, 5e-4 t that have no use do not
    assert [list(terms) for terms in parts_of(result.run.model, "Nd", result.x).values()] == [
        [0],
        [1],
        [2],
        [3],
        [5],
    ]
    nothing = account(monkeypatch, [0.0] * 9)
    assert nothing.mined == nothing.sent == nothing.lost == nothing.served == {}
    assert parts_of(result.run.model, "Nd", np.zeros(9)) == {}


def test_what_variables_add_to_an_account_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mines and links, those of the corridor by its pot; what is lost or taken is none of them."""
    result, found = written(AMOUNTS)
    monkeypatch.setattr(module, "followed", lambda _, x, __: flow_of(found, x))
    monkeypatch.setattr(module, "used_share", lambda *_: np.ones(len(found.pots)))
    hub = repr(Pot("separated", "hub"))
    assert parts_of(result.run.model, "Nd", result.x) == {
        "mine": {0: pytest.approx(1.0)},
        "pit": {1: pytest.approx(1.0)},
        Ends("mine", hub, 1, True): {2: pytest.approx(1.0)},
        Ends("pit", hub, 0, False): {3: pytest.approx(1.0)},
        Ends(hub, "KOR", 2, False): {5: pytest.approx(1.0)},
        Ends(hub, "JPN", 0, False): {6: pytest.approx(1.0)},
    }


def test_what_a_nation_loses_on_arrival_is_not_left_over_as_well() -> None:
    """A fifth of what comes to the nation is lost there, and a fifth in the mill."""
    shares = [{"node_id": node, "group": "all", "recovery": 0.8} for node in ("mill", "KOR")]
    balance = sn.allocate(mixing({"KOR": 30.0}, recoveries=shares)).solved
    found = streams(balance, element="graphite")
    assert found.served == pytest.approx({"KOR": 30.0})
    assert found.lost == pytest.approx({"mill": 30.0 / 0.64 * 0.2, "KOR": 7.5})
    assert found.surplus == {}
    assert max(map(abs, rests(found).values())) < 1e-6
