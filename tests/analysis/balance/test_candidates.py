"""What can be lost: every plant and link once, nations never, each with all that it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.worst import Candidate, candidates
from supplynet.terms import DISRUPTIONS

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.network.network import SupplyNetwork


def found(base: SolvedBalance, by: str, lost: list[str] | None = None) -> dict[str, Candidate]:
    rows = candidates(base.run.model, base.question, by, lost)
    assert len({row.id for row in rows}) == len(rows)
    return {row.id: row for row in rows}


def moved(base: SolvedBalance, one: Candidate) -> set[tuple[str, object]]:
    keys = base.run.model.columns.keys
    return {(keys[place][0], keys[place][1][0]) for place in one.columns.tolist()}


@pytest.fixture(scope="module")
def base(rare_earths: SupplyNetwork) -> SolvedBalance:
    return balance(rare_earths)


@pytest.mark.parametrize("by", DISRUPTIONS)
def test_everything_but_nations_can_be_lost_once(
    rare_earths: SupplyNetwork, base: SolvedBalance, by: str
) -> None:
    """No variable belongs to two plants, countries or links but those of arcs between plants."""
    rows = found(base, by)
    frame = base.run.model.scope.frame
    plants = set(frame.nodes) - set(rare_earths.nation_ids)
    if by == "node":  # what stands for several plants is no plant to lose
        plants = {plant for plant in plants if not rare_earths.node(plant).stands_for}
    n_plants = len(plants)
    assert sum(row.n_plants for row in rows.values()) == (0 if by == "link" else n_plants)
    columns = [place for row in rows.values() for place in row.columns.tolist()]
    keys = base.run.model.columns.keys
    kinds = {keys[place][0] for place in columns}
    assert not kinds & {"served", "unmet", "bundle", "taken"}
    ways = {place for place, (_, key) in enumerate(keys) if isinstance(key[0], int)}
    if by == "link":
        assert sorted(columns) == sorted(ways)
    else:
        left = {keys[place][0] for place in set(range(len(keys))) - set(columns)}
        if by != "node":  # where nothing stands for several, all but these belongs to somebody
            assert left <= {"served", "unmet", "bundle", "feed", "element", "product"}
        assert max(columns.count(place) for place in ways) <= 2


def test_a_plant_takes_its_links_with_it(tutorial: SupplyNetwork) -> None:
    base = balance(tutorial)
    one = found(base, "node")["ref-small"]
    assert (one.name, one.stage, one.n_plants) == ("Small Refinery", "refiner", 1)
    arcs = base.run.model.scope.frame.arcs
    ends = {
        (arcs[place].tail, arcs[place].head)
        for kind, place in moved(base, one)
        if isinstance(place, int) and kind
    }
    assert ends
    assert all("ref-small" in pair for pair in ends)
    assert ("processed", "ref-small") in moved(base, one)
