"""Targets as expressions: what is counted, in which unit, and on which arc of a corridor."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.scope import scope
from supplynet.analysis.calibrate.lines import (
    crossings,
    reader,
    sets_of,
    target_lines,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Target
from tests.analysis.calibrate.networks import SHARE, rule, simple
from tests.network.networks import GUESS


def _model(net: SupplyNetwork, year: int = 2024) -> Model:
    return model(
        scope(
            net,
            year=year,
            links="possible",
            plants="construction",
            closed=frozenset(),
            elements=net.commodity.elements,
            basis="capacity",
        )
    )


def _target(**values: Any) -> Target:
    return Target.model_validate({**GUESS, **SHARE, **values})


def test_a_corridor_is_read_where_both_ends_are_known() -> None:
    """Where it arrives if its senders are alike, else where it is fed; each link once."""
    net = simple(rules=[rule("all", "maker", "node:KOR"), rule("one", "node:plant-c", "nation")])
    frame = _model(net).scope.frame
    read = reader(_model(net))
    found = {
        (frame.arcs[one.place].tail, frame.arcs[one.place].head, one.sender, one.receiver)
        for one in crossings(read, sets_of(net, _target())[0])
        if frame.arcs[one.place].form == "goods"
    }
    assert found == {
        ("plant-a", "rule:all", "plant-a", "KOR"),
        ("plant-c", "rule:all", "plant-c", "KOR"),
        ("rule:one", "KOR", "plant-c", "KOR"),
        ("rule:one", "JPN", "plant-c", "JPN"),
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # the heavy mine holds 20 % Dy and the light one 10 %
        ({"source": "node:mine-big", "item": "Dy", "unit": "t oxide"}, 0.1),
        ({"source": "node:mine-small", "item": "heavy", "unit": "t oxide"}, 0.2),
        ({"source": "node:mine-small", "unit": "t ore"}, 1.0),
        ({"source": "node:mine-big", "item": "Nd;Dy", "unit": "t oxide"}, 1.0),
    ],
)
def test_what_a_mine_brings_up(
    tutorial: SupplyNetwork, values: dict[str, Any], expected: float
) -> None:
    built = _model(tutorial)
    row = _target(
        **{**SHARE, "kind": "quantity", "target": "", "of_source": "", "form": None, **values}
    )
    sent, kept = target_lines(reader(built), row).part.terms.values()
    assert (sent, kept) == (pytest.approx(expected), pytest.approx(-expected))


def test_what_leaves_a_plant_and_what_is_left_over_is_its_output(tutorial: SupplyNetwork) -> None:
    """Of a refiner: what it sends in any form, and what nobody takes; of a nation nothing."""
    built = _model(tutorial)
    row = _target(
        kind="quantity", target="", of_source="", form=None, source="ISL", item="Dy", unit="t oxide"
    )
    names = {built.columns.keys[place][0] for place in target_lines(reader(built), row).part.terms}
    assert {"mined", "element", "surplus", "product"} <= names
    only = row.model_copy(update={"form": "oxide"})
    names = {built.columns.keys[place][0] for place in target_lines(reader(built), only).part.terms}
    assert names == {"element"}


def test_elements_are_counted_in_baskets_and_products(tutorial: SupplyNetwork) -> None:
    """A tonne of goods holds 0.01 t of Dy2O3, and ore of the small mine a fifth."""
    built = _model(tutorial)
    goods = _target(
        kind="quantity",
        of_source="",
        source="all",
        target="ISL",
        item="Dy",
        unit="t oxide",
        form="goods",
    )
    weights = set(target_lines(reader(built), goods).part.terms.values())
    assert {round(one, 6) for one in weights} == {0.01}
    ore = goods.model_copy(
        update={"source": "node:mine-small", "target": "ref-small", "form": "ore"}
    )
    weights = set(target_lines(reader(built), ore).part.terms.values())
    assert {round(one, 6) for one in weights} == {0.2}
    whole = ore.model_copy(update={"item": (), "unit": "t ore"})
    assert set(target_lines(reader(built), whole).part.terms.values()) == {1.0}


def test_the_unit_value_that_names_the_fewest_counts_then_the_nearest_year() -> None:
    worth: list[dict[str, Any]] = [
        {"series": "w", "source": "all", "target": "all", "year": 2023, "worth": 9, "unit": "t"},
        {"series": "w", "source": "CHN", "target": "KOR", "year": 2020, "worth": 1, "unit": "t"},
        {"series": "w", "source": "CHN", "target": "KOR", "year": 2022, "worth": 2, "unit": "t"},
        {"series": "w", "source": "CHN", "target": "KOR", "year": 2024, "worth": 3, "unit": "t"},
        {
            "series": "other",
            "source": "CHN",
            "target": "KOR",
            "year": 2023,
            "worth": 4,
            "unit": "t",
        },
    ]
    net = simple(
        {**SHARE, "values": "w"}, rules=[rule("one", "node:plant-c", "node:KOR")], unit_values=worth
    )
    lines = target_lines(reader(_model(net)), net.rows("targets")[0])  # type: ignore[arg-type]
    # 2022 and 2024 are as near to 2023: the earlier counts
    assert [row.worth for row in lines.used] == [2.0]
    assert set(lines.part.terms.values()) == {2.0}
    assert lines.by_weight is not None
    assert set(lines.by_weight[0].terms.values()) == {1.0}


def test_a_quantity_that_moves_is_counted(tutorial: SupplyNetwork) -> None:
    result = sn.graph.calibrate(
        simple(
            {
                **SHARE,
                "kind": "quantity",
                "of_source": "",
                "value": 30.0,
                "value_low": 25.0,
                "value_high": 35.0,
                "source": "CHN",
            }
        )
    )
    assert result.targets[0].model == pytest.approx(30.0)
