"""GeoPolRisk: its laws; its published digits stand in tests/reference."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.indices.risk import Parameters, geopolrisk
from supplynet.analysis.indices.rows import Index
from supplynet.analysis.indices.supply import imports_of, supply_of
from tests.analysis.indices.tables import parameter, parameters, production, trade

WORLD = {"AUS": 60.0, "CHL": 30.0, "PER": 10.0}


def score(
    bought: dict[str, float], risks: dict[str, float], world: dict[str, float] | None = None
) -> Index:
    frame = trade(*(("USA", origin, tonnes) for origin, tonnes in bought.items()))
    frame["governance_risk"] = [risks.get(origin) for origin in bought]
    return asked(frame, Parameters(), **(world or WORLD))


def asked(frame: pd.DataFrame, known: Parameters, **world: float) -> Index:
    """The score of the USA by a table of imports."""
    words = {"year": 2022, "hs": ["260400"], "name": "USA"}
    bought = imports_of(frame, frozenset({"USA"}), **words)  # type: ignore[arg-type]
    return geopolrisk(supply_of(production(**world)), bought, known, importer="USA", subject="Ore")


def test_the_formula_by_hand() -> None:
    found = score({"AUS": 30, "CHL": 10}, {"AUS": 0.2, "CHL": 0.6}, {**WORLD, "USA": 60.0})
    assert found.input("HHI").value == pytest.approx((3600 * 2 + 900 + 100) / 160**2)
    assert found.input("import risk").value == pytest.approx((30 * 0.2 + 10 * 0.6) / (40 + 60))
    assert found.value == pytest.approx(found.input("HHI").value * found.input("import risk").value)
    assert found.low == found.value == found.high


RISKS = st.fixed_dictionaries({"AUS": st.floats(0.01, 1), "CHL": st.floats(0.01, 1)})
BOUGHT = st.fixed_dictionaries({"AUS": st.floats(0.1, 1e6), "CHL": st.floats(0.1, 1e6)})


@given(BOUGHT, RISKS, st.floats(0, 0.5))
def test_it_lies_between_0_and_1_and_rises_with_the_risk_of_a_supplier(bought, risks, more) -> None:
    first = score(bought, risks)
    worse = score(bought, {**risks, "AUS": min(risks["AUS"] + more, 1.0)})
    assert 0 <= (first.value or 0) <= (worse.value or 0) * (1 + 1e-12) <= 1 + 1e-9


@given(BOUGHT, RISKS, st.floats(1, 1e6), st.floats(1, 10))
def test_the_import_risk_falls_with_domestic_production(bought, risks, own, factor) -> None:
    less = score(bought, risks, {**WORLD, "USA": own})
    more = score(bought, risks, {**WORLD, "USA": own * factor})
    assert more.input("import risk").value <= less.input("import risk").value * (1 + 1e-12)


@given(BOUGHT, RISKS)
def test_the_riskier_supplier_in_place_of_the_safer_one_raises_it(bought, risks) -> None:
    riskier, safer = sorted(risks, key=lambda code: risks[code], reverse=True)
    part = bought[safer] / 2
    moved = {riskier: bought[riskier] + part, safer: bought[safer] - part}
    assert (score(moved, risks).value or 0) >= (score(bought, risks).value or 0) * (1 - 1e-9)


def test_governance_that_is_not_known_gives_a_range() -> None:
    found = score({"AUS": 30, "CHL": 10}, {"AUS": 0.2})
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    hhi = found.input("HHI").value
    assert found.low == pytest.approx(hhi * 6 / 40)
    assert found.value == pytest.approx(hhi * 0.2)
    assert found.high == pytest.approx(hhi * 16 / 40)
    assert any("No governance figure for CHL" in flag for flag in found.flags)
    blind = score({"AUS": 30}, {})
    assert (blind.low, blind.high) == (0.0, pytest.approx(hhi))
    assert blind.value == pytest.approx(hhi / 2)
    assert any("taken as 0.5, as none is known" in flag for flag in blind.flags)


def test_parameters_tell_the_risk_where_the_table_does_not() -> None:
    known = parameters(
        parameter("wgi_political_stability", 0.5, place="AUS"),
        parameter("wgi_political_stability", -2.5, place="CHL"),
    )
    frame = trade(("USA", "AUS", 30), ("USA", "CHL", 10))
    frame["governance_risk"] = [None, 0.1]
    found = asked(frame, known, **WORLD, Other=5)
    assert found.input("import risk").value == pytest.approx((30 * 0.4 + 10 * 0.1) / 40)
    assert [one.name for one in found.inputs if one.name.startswith("governance")] == [
        "governance of AUS"
    ]
    assert any("lists nothing of United States" in flag for flag in found.flags)
    assert any("other countries" in flag for flag in found.flags)
    assert (found.place, found.subject) == ("USA", "Ore")
