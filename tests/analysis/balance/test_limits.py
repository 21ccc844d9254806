"""Rows of limits are of what they limit alone: elements of a product each, hosts as a whole."""

from __future__ import annotations

import pytest

from supplynet.analysis.balance.model import Model, model
from supplynet.analysis.balance.scope import scope
from supplynet.network.network import SupplyNetwork
from tests.analysis.balance.test_circuits import works
from tests.analysis.balance.test_model import as_text, built, example
from tests.network.networks import added, changed, edge


def with_dyes() -> SupplyNetwork:
    """The example, whose host is of Nd and Pr, with a dye of Dy alone beside its powder of Nd."""
    net = added(example(), "products", {"id": "dye", "name": "Dye", "form": "oxide"})
    net = added(net, "contents", {"product_id": "dye", "element": "Dy", "share": 0.5})
    net = added(net, "edges", edge("ref-big", "MLT", "oxide"))
    asked = {"nation": "MLT", "use": "Paint", "product": "dye", "year": 2024}
    return added(net, "demand", {**asked, "quantity": 20, "unit": "t goods"})


def following(elements: tuple[str, ...], drawing: frozenset[str] = frozenset()) -> Model:
    return model(
        scope(
            with_dyes(),
            year=2026,
            links="possible",
            plants="construction",
            closed=frozenset(),
            elements=elements,
            basis="capacity",
            drawing=drawing,
        )
    )


def last_words(found: Model, family: str) -> set[str]:
    """What the labels of a family of rows end with."""
    return {label[-1] for block in found.blocks if block.family == family for label in block.labels}


def test_what_holds_no_host_may_come_and_be_delivered_beyond_the_need() -> None:
    found = following(("Nd", "Pr", "Dy"))
    assert last_words(found, "intake") == {"Nd", "Dy"}
    assert last_words(found, "host_intake") == {"Nd"}
    assert last_words(found, "delivery") == {"goods", "powder", "dye"}
    assert last_words(found, "host_delivery") == {"goods", "powder"}


@pytest.mark.parametrize(
    ("elements", "drawing", "limits"),
    [
        (("Nd", "Pr", "Dy"), frozenset(), {"light"}),
        (("Nd", "Pr"), frozenset(), {"light"}),
        (("Nd", "Dy"), frozenset(), set()),  # what is left over of Pr is not known
        (("Nd", "Pr", "Dy"), frozenset({"MLT"}), set()),  # the others may take the host
    ],
)
def test_a_host_is_limited_where_all_of_it_is_followed_and_all_draw(
    elements: tuple[str, ...], drawing: frozenset[str], limits: set[str]
) -> None:
    assert last_words(following(elements, drawing), "surplus_limit") == limits


def test_a_product_as_unit_limits_each_of_its_elements_by_itself() -> None:
    """20 t of a product of a quarter of H and half of B take as much as 5 t of H or 10 t of B."""
    net = works(capacity=20.0, unit="t b")
    net = added(net, "contents", {"product_id": "b", "element": "H", "share": 0.25})
    net = changed(net, "contents", lambda row: row.share == 1.0 and row.element == "B", share=0.5)
    found = built(net, 2024)
    rows = next(block for block in found.blocks if block.family == "node_capacity")
    assert as_text(found, rows) == [
        "node/works/B: +2 element[works>JPN, B] +2 surplus[works, B] <= 20",
        "node/works/H: +4 element[works>JPN, H] +4 surplus[works, H] <= 20",
    ]
