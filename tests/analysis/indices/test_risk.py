"""The EU's supply risk, by hand and by its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.indices.risk import supply_risk
from supplynet.analysis.indices.supply import Imports, imports_of, supply_of
from supplynet.errors import OptionError
from tests.analysis.indices.tables import parameter, parameters, production, trade

GOVERNANCE = [
    parameter("wgi_mean6", 1.5, place="AUS"),
    parameter("wgi_mean6", -0.5, place="CHL"),
    parameter("wgi_mean6", 1.0, place="FIN"),
]
WORLD = supply_of(production(AUS=60, CHL=30, FIN=10))


def bought(*rows: tuple[str, str, float]) -> Imports:
    """What the EU bought."""
    members = parameters().members("EU")
    return imports_of(trade(*rows), members, year=2022, hs=["260400"], name="EU")


def test_world_supply_alone_by_hand() -> None:
    known = parameters(
        *GOVERNANCE, parameter("eol_rir", 0.2, place="EU"), parameter("si_sr", 0.9, place="EU")
    )
    found = supply_risk(WORLD, known)
    gs = 0.6**2 * 2 + 0.3**2 * 6 + 0.1**2 * 3
    assert found.input("GS").value == pytest.approx(gs)
    assert found.value == pytest.approx(gs * 0.8 * 0.9)
    assert found.low == found.value == found.high
    assert any("world supply stands for it" in flag for flag in found.flags)
    assert "trade parameter" in found.estimated


def test_with_imports_by_hand() -> None:
    known = parameters(
        *GOVERNANCE,
        parameter("trade_factor", 1.1, place="CHL"),
        parameter("trade_factor", 0.8, place="EU"),
        parameter("trade_factor", 1.0, place="AUS"),
    )
    frame = bought(("DEU", "AUS", 20), ("FRA", "CHL", 10), ("CHL", "DEU", 5))
    found = supply_risk(WORLD, known, bought=frame)
    gs = 0.6**2 * 2 + 0.3**2 * 6 * 1.1 + 0.1**2 * 3 * 0.8
    shares = (20 / 40) ** 2 * 2 + (10 / 40) ** 2 * 6 * 1.1 + (10 / 40) ** 2 * 3 * 0.8
    reliance = (30 - 5) / (10 + 30 - 5)
    assert found.input("S").value == pytest.approx(shares)
    assert found.input("IR").value == pytest.approx(reliance)
    assert found.value == pytest.approx(gs * reliance / 2 + shares * (1 - reliance / 2))
    assert {"EoL_RIR", "SI_SR"} <= set(found.estimated)
    assert "trade parameter" not in found.estimated


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_recycling_lowers_it_and_substitution_scales_it(first, second, substitution) -> None:
    low, high = sorted((first, second))

    def risk(recycled: float) -> float:
        known = parameters(
            *GOVERNANCE, parameter("eol_rir", recycled), parameter("si_sr", substitution)
        )
        return supply_risk(WORLD, known).value or 0.0

    assert 0 <= risk(high) <= risk(low) <= 10


@pytest.mark.parametrize("indicator", ["eol_rir", "si_sr", "import_reliance"])
def test_percent_in_place_of_shares_is_refused(indicator: str) -> None:
    known = parameters(*GOVERNANCE, parameter(indicator, 20))
    with pytest.raises(OptionError, match="between 0 and 1"):
        supply_risk(WORLD, known)


def test_a_reliance_that_is_told_counts_before_trade() -> None:
    known = parameters(*GOVERNANCE, parameter("import_reliance", 1.0, place="EU"))
    frame = bought(("DEU", "AUS", 20))
    found = supply_risk(WORLD, known, bought=frame)
    assert found.input("IR").value == 1.0
    sold = bought(("DEU", "AUS", 20), ("CHL", "DEU", 90))
    out = supply_risk(WORLD, parameters(*GOVERNANCE), bought=sold)
    assert out.input("IR").value == 0.0


def test_suppliers_without_governance_give_a_range() -> None:
    table = supply_of(production(AUS=60, PER=30, Other=10))
    found = supply_risk(table, parameters(*GOVERNANCE))
    assert found.low == pytest.approx(0.36 * 2)
    assert found.value == pytest.approx(0.36 * 2 + 0.09 * 5)
    assert found.high == pytest.approx(0.36 * 2 + 0.09 * 10 + 0.01 * 10)
    assert any("No governance figure for PER" in flag for flag in found.flags)
    assert any("high end only" in flag for flag in found.flags)
