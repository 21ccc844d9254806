"""What a nation could get with exclusive access: by hand, against the balance, and as words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.analysis.balance.ask import balance
from supplynet.analysis.potential.programs import model_of
from supplynet.analysis.question import ask
from supplynet.questions.potential import potential
from supplynet.reports.results_potential import of_potential
from supplynet.text import share
from tests.network.networks import asking, changed

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: without elements, conditions and limits, which take longer
COVERAGE: dict[str, Any] = {"detail": "coverage"}
CASES = Path(__file__).parents[2] / "reference" / "model"


@pytest.mark.parametrize(
    ("case", "words", "element", "by_hand"),
    [
        ("joint-output", {}, "B", 10.0),
        ("two-yields", {}, "C", 50.0),
        (
            "gallium-by-product",
            {"avoid": "CHN", "year": 2028, "links": "possible", "plants": "planned"},
            "Ga",
            41.13377,
        ),
    ],
)
def test_cases_with_answers_by_hand(
    case: str, words: dict[str, object], element: str, by_hand: float
) -> None:
    found = potential(sn.load(CASES / case), to="JPN", **words)  # type: ignore[arg-type]
    row = next(one for one in found.elements if one.element == element)
    assert row.within == pytest.approx(by_hand, rel=1e-6)
    assert row.served == pytest.approx(by_hand, rel=1e-6)
    assert found.certificate.ok


def test_it_is_the_balance_with_the_others_asking_for_nothing(rare_earths: SupplyNetwork) -> None:
    """All plants and links stay; only what the others ask for is taken away."""
    rows = [row for row in rare_earths.demand_rows if row.nation == "KOR"]
    alone = balance(
        rare_earths.replace(demand=rows),
        avoid="CHN",
        year=2030,
        links="planned",
        objective="max_supply",
        basis="capacity",
        firm=False,
    )
    found = potential(rare_earths, to="KOR", avoid="CHN", year=2030, links="planned", **COVERAGE)
    assert found.served == pytest.approx(sum(row.served for row in alone.deliveries), rel=1e-9)


def test_the_pruned_network_is_small(rare_earths: SupplyNetwork) -> None:
    asked = ask(rare_earths, to="KOR", avoid="CHN", year=2030, links="contracted")
    assert len(model_of(asked).columns) < 2000


def test_elements_are_within_the_need_and_the_rest_is_told() -> None:
    net = sn.load("gallium-germanium")
    found = potential(net, to="KOR", avoid="CHN", year=2030, tier="possible")
    assert [row.element for row in found.elements] == list(net.commodity.headline)
    for row in found.elements:
        assert row.need is not None
        assert row.low <= row.within <= row.high <= row.need
        assert row.served <= row.within * (1.0 + 1e-9)
        assert row.within + row.beyond == row.most
    assert found.elements[0].beyond > 100.0
    assert "beyond it" in found.summary()


def test_several_elements_as_one(tutorial: SupplyNetwork) -> None:
    found = potential(tutorial, to="MLT", avoid="ISL", year=2026, tier="committed", element="NdDy")
    (row,) = found.baskets
    apart = found.elements
    assert (row.basket, row.members, row.unit) == ("NdDy", "Nd, Dy", "t oxide/yr")
    assert row.need == sum(one.need or 0.0 for one in apart)
    assert row.bound == sum(one.bound for one in apart)
    # what is best for both together is no better for either than what is best for it alone
    assert 0.0 < row.served <= row.within * (1.0 + 1e-9)
    assert max(one.within for one in apart) < row.within
    assert row.within <= sum(one.within for one in apart) * (1.0 + 1e-9)
    assert row.low <= row.within <= row.high <= row.need
    assert row.coverage == row.within / row.need
    assert found.certificate.ok
    assert "element Nd and Dy" in found.solved.plan.run.certificates
    assert f"Of the NdDy (Nd, Dy) in its products {share(row.coverage)} could" in found.summary()
    assert potential(tutorial, to="MLT", element="Nd,Dy").baskets == ()
    assert potential(tutorial.replace(demand=()), to="MLT", element="NdDy").baskets == ()


def test_products_share_evenly_what_can_only_come_once() -> None:
    """50 t can come: 1,000 t of one product and 250 t of another are covered by 4 % each."""
    net = sn.load(CASES / "two-yields")
    more = net.product_by_id["b"].model_copy(update={"id": "c", "name": "C"})
    asked = net.demand_rows[0].model_copy(update={"product": "c", "quantity": 250.0})
    net = net.replace(products=[*net.rows("products"), more], demand=[*net.demand_rows, asked])
    found = potential(net, to="JPN")
    assert {row.product: row.served for row in found.products} == pytest.approx({"b": 40, "c": 10})
    assert found.served == pytest.approx(50.0)


def test_a_limit_is_worth_what_one_more_tonne_of_it_brings() -> None:
    """The mine's next tonne goes by the plant of 0.45; the better plant takes it from the other."""
    found = potential(sn.load(CASES / "two-yields"), to="JPN")
    assert {row.id: row.worth for row in found.binding} == pytest.approx({"m": 0.45, "r2": 0.5})
    assert sum(row.worth * row.capacity for row in found.binding) == pytest.approx(found.served)


def test_a_bloc_draws_as_one(rare_earths: SupplyNetwork) -> None:
    words = {"avoid": "CHN", "year": 2030, "links": "planned", **COVERAGE}
    both, *each = (potential(rare_earths, to=to, **words) for to in ("KOR,JPN", "KOR", "JPN"))
    alone = [one.served for one in each]
    assert max(alone) <= both.served <= sum(alone) * (1.0 + 1e-9)
    assert {row.nation for row in both.deliveries} == {"KOR", "JPN"}


def test_the_low_end_is_below_the_high_end(rare_earths: SupplyNetwork) -> None:
    found = potential(rare_earths, to="EU", avoid="CHN", year=2030, **COVERAGE)
    for row in (*found.forms, *found.products):
        assert row.low <= row.served <= row.high
        assert row.coverage_low <= row.coverage <= row.coverage_high
    for form in found.forms:
        assert form.served <= form.alone <= form.need * (1.0 + 1e-9)


def test_without_any_demand_it_counts_what_can_be_taken(tutorial: SupplyNetwork) -> None:
    found = potential(tutorial.replace(demand=()), to="MLT")
    assert found.coverage is None
    assert found.products == ()
    assert found.served > 0.0
    assert "demand is not known" in found.summary()
    text = " ".join(str(section) for section in of_potential(found).sections)
    assert "t of oxide/yr of all elements together" in text and "Its demand is not known." in text
    assert "One more brings, t of oxide" in text
    assert all(row.need is None and row.coverage is None for row in found.elements)


def test_a_demand_of_nothing_is_no_demand_that_is_not_known(tutorial: SupplyNetwork) -> None:
    found = potential(asking(tutorial, "MLT", 2024, 0.0), to="MLT", year=2024)
    assert (found.coverage, found.products) == (None, ())
    assert "Its demand is 0" in found.summary()
    assert "Its demand is" not in potential(tutorial, to="MLT", year=2024).summary()


def test_a_limit_is_raised_by_itself_to_tell_what_it_brings(tutorial: SupplyNetwork) -> None:
    """Without Fiji mine and refinery both let 200 t pass; with it the mine lets more."""
    asked = {"to": "MLT", "avoid": "FJI", "year": 2026, "tier": "operating"}
    both = potential(tutorial, **asked)  # type: ignore[arg-type]
    (price,), (step,) = both.binding, both.steps
    assert (price.worth, step.less) == pytest.approx((5.0, 5.0), rel=1e-4)
    assert (step.more, both.raised) == (0.0, ())
    assert "What stops more" not in both.summary()
    refinery = next(row for row in tutorial.node_rows if row.id == "ref-big")
    wide = potential(
        changed(tutorial, "nodes", lambda row: row.id == "mine-big", capacity=300.0),
        **asked,  # type: ignore[arg-type]
    )
    (limit,) = wide.raised
    assert (limit.name, limit.worth) == (refinery.name, pytest.approx(5.0, rel=1e-4))


def test_limits_are_raised_only_until_no_other_can_bring_more(tutorial: SupplyNetwork) -> None:
    found = potential(tutorial, to="MLT,ISL", tier="operating", year=2024)
    first, second = found.raised
    assert first.worth == pytest.approx(second.worth)
    assert len(first.name) <= len(second.name)
    assert found.solved.raised() == (first,)
