"""What a change cannot do without, and what it must not say."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.errors import TableError
from supplynet.network.scenario.change import Scale, keys_of
from supplynet.network.scenario.scenario import Scenario
from tests.network.networks import network, node


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"verb": "close"}, "name exactly one of nodes, links and rules"),
        ({"verb": "close", "nodes": "a", "rules": "b"}, "name exactly one"),
        ({"verb": "scale", "nodes": "a"}, "verb scale needs factor"),
        ({"verb": "set", "nodes": "a"}, "verb set needs capacity"),
        ({"verb": "redate", "nodes": "a"}, "verb redate needs start_year or end_year"),
        ({"verb": "open", "rules": "a"}, "verb open needs nodes"),
        ({"verb": "open", "links": {}}, "verb open takes no key 'links'"),
        (
            {"verb": "burn", "nodes": "a"},
            "there is no verb 'burn'; the verbs are close, open, scale, set, redate, charge",
        ),
        ({"nodes": "a"}, "a change needs verb, one of close, open"),
        ({"verb": "price", "nodes": "a", "factor": 2}, "verb price needs form"),
        ({"verb": "price", "links": {}, "form": "x", "factor": 2}, "verb price needs nodes"),
        ({"verb": "price", "nodes": "a", "form": "x"}, "verb price needs factor"),
        ({"verb": "charge", "links": {}, "amount": 2, "unit": "t"}, "verb charge needs kind"),
        ({"verb": "charge", "links": {}, "kind": "tax", "unit": "t"}, "verb charge needs amount"),
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
            "verb charge takes no key 'rules'",
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
        ({"verb": "close", "links": {"from": "a"}}, "links takes no key 'from'; it takes source,"),
        ({"verb": "close", "nodes": "a", "from_year": 2026, "end_year": 2025}, "2025 lies before"),
        ({"verb": "restrict", "links": {}}, "verb restrict needs withheld"),
        ({"verb": "restrict", "links": {}, "withheld": 1.5}, "less than or equal to 1"),
        ({"verb": "cap", "nodes": "a", "burden": "b"}, "verb cap needs amount"),
        ({"verb": "add", "table": "edges"}, "verb add needs row"),
        ({"verb": "set", "nodes": "a", "standing": "planned"}, "of links and rules"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TableError) as caught:
        Scenario.from_dict({"change": [change]}, name="bad", file="scenarios/bad.toml")
    assert message in str(caught.value)
    assert "scenarios/bad.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "key", "hint"),
    [
        ({"verb": "close", "nodes": "a", "elements": ["Dy"]}, "elements", "restrict holds back"),
        ({"verb": "close", "nodes": "a", "start_year": 2025}, "start_year", "write from_year"),
        ({"verb": "scale", "nodes": "a", "factor": 1, "capacity": 10}, "capacity", "set gives"),
        ({"verb": "open", "nodes": "a", "unit": "bogus"}, "unit", "unit is a key of set, charge"),
        ({"verb": "set", "nodes": "a", "capacity": 1, "factor": 0.1}, "factor", "scale multiplies"),
        ({"verb": "set", "nodes": "a", "capacity": 1, "withheld": 1}, "withheld", "of restrict"),
        ({"verb": "redate", "nodes": "a", "end_year": 2030, "from_year": 1}, "from_year", "start_"),
        ({"verb": "cap", "nodes": "a", "burden": "b", "amount": 1, "factor": 1}, "factor", "scale"),
        ({"verb": "add", "table": "edges", "row": {}, "nodes": "a"}, "nodes", "is a key of close"),
        ({"verb": "scale", "nodes": "a", "factor": 1, "end_yaer": 1}, "end_yaer", "'end_year'?"),
    ],
)
def test_no_key_is_ignored(change: dict[str, Any], key: str, hint: str) -> None:
    """A key that a verb does not take is given with file, change, what it takes and what to do."""
    fine = {"verb": "close", "nodes": "a"}
    with pytest.raises(TableError) as caught:
        Scenario.from_dict({"change": [fine, change]}, name="bad", file="bad.toml")
    text, verb = str(caught.value), change["verb"]
    assert f"bad.toml, column change 2 ({verb}): {key}: verb {verb} takes no key {key!r}" in text
    assert f"it takes {', '.join(keys_of(verb))}" in text
    assert hint in text


def test_a_change_object_can_be_made_in_code() -> None:
    net = network(nodes=[node("a", "mine", "AUS", capacity=4, unit="t ore")])
    change = Scale(verb="scale", nodes="a", factor=0.5)
    assert net.with_scenario(Scenario(name="x", change=(change,))).node("a").capacity == 2
