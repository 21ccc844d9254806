"""SupplyNetwork: what it holds, that it does not change, and its identity."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.cache import cache_of
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES
from tests.network.networks import added, changed, metadata, network, node


def test_what_is_not_there_is_told(tutorial: SupplyNetwork) -> None:
    with pytest.raises(UnknownNameError, match="tutorial has no node 'ref-bigg'") as caught:
        tutorial.node("ref-bigg")
    assert "'ref-big'" in caught.value.hint
    with pytest.raises(OptionError, match="no table 'node'") as caught_table:
        tutorial.rows("node")
    assert "'nodes'" in caught_table.value.hint
    with pytest.raises(OptionError, match="no table 'edge'"):
        SupplyNetwork(metadata(), {"edge": ()})
    with pytest.raises(OptionError, match="no table 'colours'"):
        tutorial.frame("colours")


def test_a_network_cannot_be_changed(tutorial: SupplyNetwork) -> None:
    """Every way in that does not need a private name is shut."""
    with pytest.raises(ValidationError):
        tutorial.node_rows[0].capacity = 5  # type: ignore[misc]
    with pytest.raises(ValidationError):
        tutorial.metadata.title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        tutorial.node_rows[0] = tutorial.node_rows[1]  # type: ignore[index]
    for mapping in (
        tutorial.node_by_id,
        tutorial.scenarios,
        tutorial.form_by_name,
        tutorial.unit_by_name,
        tutorial.stage_by_name,
        tutorial.product_by_id,
        tutorial.source_by_id,
    ):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]
    for name in ("metadata", "commodity", "name", "applied", "node_rows", "scenarios"):
        with pytest.raises(AttributeError):
            setattr(tutorial, name, None)


def test_lists_given_in_are_copied() -> None:
    """A caller's list that grows later does not grow the network."""
    given = list(network(nodes=[node("a", "mine", "AUS")]).node_rows)
    scenarios = {"s": Scenario(name="s")}
    net = SupplyNetwork(metadata(), {"nodes": given}, scenarios=scenarios)
    given.clear()
    scenarios.clear()
    assert len(net.node_rows) == 1
    assert list(net.scenarios) == ["s"]


def test_replace_keeps_the_rest(tutorial: SupplyNetwork) -> None:
    fewer = tutorial.replace(edges=())
    assert fewer.edge_rows == ()
    assert fewer.node_rows == tutorial.node_rows
    assert fewer.metadata is tutorial.metadata
    assert fewer.applied == tutorial.applied
    assert len(tutorial.edge_rows) == 12
    assert tutorial.replace() == tutorial
    head = tutorial.metadata.model_copy(update={"title": "Other"})
    assert tutorial.replace(metadata=head).metadata.title == "Other"
    with pytest.raises(OptionError, match="no table 'edgs'"):
        tutorial.replace(edgs=())


# -- identity ------------------------------------------------------------------------------


def test_equal_content_has_one_digest(tutorial: SupplyNetwork) -> None:
    same = SupplyNetwork(tutorial.metadata, {name: tutorial.rows(name) for name in TABLES})
    assert same == tutorial
    assert same.digest == tutorial.digest
    assert hash(same) == hash(tutorial)
    assert len(tutorial.digest) == 64
    assert tutorial != "tutorial"


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("nodes", {"capacity": 123.0}),
    ("nodes", {"note": "other"}),
    ("edges", {"end_year": 2040}),
    ("rules", {"reason": "other"}),
    ("products", {"note": "x"}),
]


@pytest.mark.parametrize(("table", "values"), CHANGES)
def test_any_change_changes_the_digest(
    tutorial: SupplyNetwork, table: str, values: dict[str, Any]
) -> None:
    first = tutorial.rows(table)[0]
    other = changed(tutorial, table, lambda row: row is first, **values)
    assert other.digest != tutorial.digest
    assert other != tutorial
    back = other.replace(**{table: tutorial.rows(table)})
    assert back.digest == tutorial.digest


def test_order_and_metadata_count(tutorial: SupplyNetwork) -> None:
    """Answers name rows in their order, so another order is another input."""
    turned = tutorial.replace(nodes=tutorial.node_rows[::-1])
    assert turned.digest != tutorial.digest
    head = tutorial.metadata.model_copy(update={"version": "9"})
    assert tutorial.replace(metadata=head).digest != tutorial.digest


def test_what_is_kept_for_speed_is_no_part_of_the_identity(tutorial: SupplyNetwork) -> None:
    net = tutorial.replace()
    before = net.digest
    net.with_scenario(Scenario(name="x"))
    net.check()
    assert cache_of(net)
    assert net.replace().digest == before
    assert cache_of(net.replace()) == {}


def test_the_digest_is_the_same_in_another_process(tutorial: SupplyNetwork) -> None:
    """Whatever the seed of hashing: it is printed with every answer."""
    code = "import supplynet as sn; print(sn.load('tutorial').digest)"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
        )
        assert done.stdout.strip() == tutorial.digest


def test_a_scenario_travels_with_the_network(tutorial: SupplyNetwork) -> None:
    net = SupplyNetwork(tutorial.metadata, {}, scenarios={"s": Scenario(name="s")})
    assert net.replace(edges=()).with_scenario("s").applied == ("s",)
    assert added(net, "nodes", node("a", "mine", "AUS")).at(2024).scenarios.keys() == {"s"}


def test_a_network_with_another_table_keeps_what_rests_on_the_others(
    tutorial: SupplyNetwork,
) -> None:
    known = tutorial.node_by_id, tutorial.product_by_id, tutorial.stage_by_name
    other = tutorial.replace(demand=[])
    assert (other.node_by_id, other.product_by_id, other.stage_by_name) == known
    assert other.node_by_id is known[0]
    fewer = tutorial.replace(nodes=tutorial.node_rows[1:])
    assert set(fewer.node_by_id) == {row.id for row in tutorial.node_rows[1:]}
    renamed = tutorial.replace(metadata=tutorial.metadata.model_copy(update={"title": "Other"}))
    assert renamed.stage_by_name is not known[2]
