"""What to protect in the balance is what trying every choice finds."""

from __future__ import annotations

from itertools import combinations

import pytest

from supplynet.analysis.balance.worst import fortify_balance, interdict_balance
from supplynet.network.network import SupplyNetwork


def plants(net: SupplyNetwork) -> list[str]:
    return [node.id for node in net.node_rows if node.id not in net.nation_ids]


@pytest.mark.parametrize(("k_defend", "k_attack"), [(1, 1), (1, 2), (2, 1)])
def test_no_choice_keeps_more(tutorial: SupplyNetwork, k_defend: int, k_attack: int) -> None:
    found = fortify_balance(tutorial, to="MLT", k_defend=k_defend, k_attack=k_attack)
    words = {"to": "MLT", "k": k_attack, "frontier": False}
    left = [
        interdict_balance(tutorial, protect=[f"node:{one}" for one in safe], **words).value
        for safe in combinations(plants(tutorial), k_defend)
    ]
    assert found.value == pytest.approx(max(left))
    assert found.undefended == pytest.approx(interdict_balance(tutorial, **words).value)
    assert found.bound == found.value
    assert found.certificate.ok
    assert len(found.protected) <= k_defend


def test_countries_are_protected_as_one(tutorial: SupplyNetwork) -> None:
    found = fortify_balance(tutorial, to="MLT", k_defend=1, k_attack=1, by="country")
    assert found.value >= found.undefended
    assert found.to_dict()["by"] == "country"
