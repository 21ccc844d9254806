"""What a change cannot do without, and what it must not say."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.errors import TableError
from supplynet.model.scenario import Scenario
from supplynet.model.scenario_change import Change
from tests.model.networks import network, node


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"verb": "close"}, "name exactly one of nodes, links and rules"),
        ({"verb": "close", "nodes": "a", "rules": "b"}, "name exactly one"),
        ({"verb": "scale", "nodes": "a"}, "verb scale needs factor"),
        ({"verb": "set", "nodes": "a"}, "verb set needs capacity"),
        ({"verb": "redate", "nodes": "a"}, "verb redate needs start_year or end_year"),
        ({"verb": "open", "rules": "a"}, "verb open is for nodes"),
        ({"verb": "open", "links": {}}, "verb open is for nodes"),
        (
            {"verb": "burn", "nodes": "a"},
            "'charge', 'price', 'add', 'restrict' or 'cap'",
        ),
        ({"nodes": "a"}, "Field required"),
        ({"verb": "price", "nodes": "a", "factor": 2}, "verb price needs nodes"),
        ({"verb": "price", "links": {}, "form": "x", "factor": 2}, "verb price needs nodes"),
        ({"verb": "price", "nodes": "a", "form": "x"}, "verb price needs nodes"),
        ({"verb": "charge", "links": {}, "amount": 2, "unit": "t"}, "verb charge needs kind"),
        ({"verb": "charge", "links": {}, "kind": "tax", "unit": "t"}, "verb charge needs kind"),
        (
            {"verb": "charge", "nodes": "a", "kind": "tax", "amount": 2, "unit": "t"},
            "verb charge needs links",
        ),
        (
            {"verb": "charge", "links": {}, "kind": "processing", "amount": 2, "unit": "t"},
            "verb charge needs links",
        ),
        (
            {"verb": "charge", "rules": "a", "kind": "tax", "amount": 2, "unit": "t"},
            "verb charge needs links",
        ),
        (
            {"verb": "charge", "links": {}, "kind": "tax", "amount": -2, "unit": "t"},
            "greater than or equal to 0",
        ),
        ({"verb": "scale", "nodes": "a", "factor": -1}, "greater than or equal to 0"),
        ({"verb": "scale", "nodes": "a", "factor": float("inf")}, "finite"),
        ({"verb": "set", "nodes": "a", "capacity": float("nan")}, "finite"),
        ({"verb": "close", "nodes": "a", "from_year": 20255}, "less than or equal to 2200"),
        ({"verb": "open", "nodes": "a", "status": "running"}, "Input should be 'operating'"),
        ({"verb": "close", "links": {"from": "a"}}, "Extra inputs"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TableError) as caught:
        Scenario.from_dict({"change": [change]}, name="bad", file="scenarios/bad.toml")
    assert message in str(caught.value)
    assert "scenarios/bad.toml" in str(caught.value)


def test_a_change_object_can_be_made_in_code() -> None:
    net = network(nodes=[node("a", "mine", "AUS", capacity=4, unit="t ore")])
    change = Change(verb="scale", nodes="a", factor=0.5)
    assert net.with_scenario(Scenario(name="x", change=(change,))).node("a").capacity == 2
