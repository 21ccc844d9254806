"""A headline under its conditions: contents at both ends, owners, nothing shut."""

from __future__ import annotations

from collections import defaultdict

import pytest

import supplynet as sn
from supplynet.network.scenario.rows import with_free_contents
from supplynet.network.units import basis_per_metal, contents, substitutes_of

NATIONS = ["JPN", "EU"]
#: no more is worked out
COVERAGE = {"detail": "coverage"}


@pytest.fixture(scope="module")
def net() -> sn.SupplyNetwork:
    return sn.load("rare-earths")


def held(found: sn.PotentialResult) -> dict[tuple[str, str], tuple[float, float]]:
    """Metal of each set of elements in what makers make of a product, and in its contents today."""
    net, model, x = found.question.net, found.solved.plan.model, found.solved.plan.x
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for maker, product in model.scope.recipes:
        made = float(x[model.columns.at("made", maker, product)])
        for (holder, element), row in contents(net).items():
            column = model.columns.get("mix", maker, product, element)
            if holder == product:
                sums[product, substitutes_of(net, element)][1] += row.share * made
                if column is not None:
                    sums[product, substitutes_of(net, element)][0] += float(
                        x[column]
                    ) / basis_per_metal(net, element)
    return {key: (metal, today) for key, (metal, today) in sums.items()}


@pytest.mark.parametrize("to", NATIONS)
def test_as_built_no_magnet_is_served_without_what_its_use_holds(
    net: sn.SupplyNetwork, to: str
) -> None:
    """Servo motors without dysprosium once counted as served, which made 61 % of Japan's 30."""
    found = sn.coverage(net, to=to, avoid="CHN", year=2026, tier="operating", **COVERAGE)
    sums = held(found)
    assert any(metal > 0.0 for (_, group), (metal, _) in sums.items() if group == "heavy")
    for key, (metal, today) in sums.items():
        assert metal == pytest.approx(today, rel=1e-6, abs=1e-6), key


@pytest.mark.parametrize("to", NATIONS)
def test_redesigned_no_use_holds_more_of_what_is_scarce(net: sn.SupplyNetwork, to: str) -> None:
    found = sn.coverage(
        net, to=to, avoid="CHN", year=2026, tier="operating", scenario="redesigned", **COVERAGE
    )
    sums = held(found)
    assert all(
        metal <= today * (1.0 + 1e-6) + 1e-6
        for (_, group), (metal, today) in sums.items()
        if group == "heavy"
    )
    assert any(
        metal < 0.9 * today for (_, group), (metal, today) in sums.items() if group == "heavy"
    )


def test_of_high_contents_every_magnet_holds_the_high_ends(net: sn.SupplyNetwork) -> None:
    found = sn.coverage(net, to="JPN", avoid="CHN", year=2026, scenario="high-contents", **COVERAGE)
    ends: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (product, element), row in contents(net).items():
        ends[product, substitutes_of(net, element)][0] += row.share_high or row.share
        ends[product, substitutes_of(net, element)][1] += row.share
    sums = held(found)
    assert any(today > 0.0 for (_, group), (_, today) in sums.items() if group == "heavy")
    for (product, group), (metal, today) in sums.items():
        high, share = ends[product, group]
        assert metal * share == pytest.approx(today * high, rel=1e-6, abs=1e-6), (product, group)


@pytest.mark.parametrize(
    ("scenario", "end"), [("redesigned", "share_low"), ("high-contents", "share_high")]
)
def test_an_only_set_of_elements_adds_up_to_its_ends(scenario: str, end: str) -> None:
    """Nothing makes up for the cobalt of a cathode, so that fits of the past leave it as built."""
    net = sn.load("cobalt")
    assert with_free_contents(net).rows("products") == net.rows("products")
    sums = held(sn.coverage(net, to="KOR", year=2026, scenario=scenario, **COVERAGE))
    made = {product for (product, _), (_, today) in sums.items() if today > 0.0}
    assert "cathode-nmc-high" in made
    for (product, _), (metal, today) in sums.items():
        row = contents(net)[product, "Co"]
        if net.product_by_id[product].design:
            assert metal * row.share == pytest.approx(today * getattr(row, end), rel=1e-6)


def test_conditions_are_what_the_question_answers_when_it_is_asked_that_way(
    net: sn.SupplyNetwork,
) -> None:
    words = {"to": "JPN", "avoid": "CHN", "year": 2030, "tier": "announced"}
    found = sn.coverage(net, **words)  # type: ignore[arg-type]
    asked = {
        "redesigned": sn.coverage(net, scenario="redesigned", **words, **COVERAGE),  # type: ignore[arg-type]
        "high_contents": sn.coverage(net, scenario="high-contents", **words, **COVERAGE),  # type: ignore[arg-type]
        "nothing_shut": sn.coverage(net, **{**words, "avoid": None}, **COVERAGE),  # type: ignore[arg-type]
        "control": sn.coverage(net, lens="control", **words, **COVERAGE),  # type: ignore[arg-type]
    }
    assert found.conditions.keys() == asked.keys()
    for name, other in asked.items():
        told, headline = found.conditions[name], other.headline
        for key in ("value", "low", "high", "unit", "tier", "year", "of", "name"):
            expected = getattr(headline, key)
            assert getattr(told, key) == (
                pytest.approx(expected, rel=1e-6) if isinstance(expected, float) else expected
            ), (name, key)
