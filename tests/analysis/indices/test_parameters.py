"""Which parameter answers: the most specific one, and never one of another place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.indices.risk import Parameters, governance, scaled
from supplynet.errors import UnknownNameError
from tests.analysis.indices.tables import parameter, parameters


def test_the_most_specific_row_answers() -> None:
    known = parameters(
        parameter("eol_rir", 0.1),
        parameter("eol_rir", 0.2, place="PAIR"),
        parameter("eol_rir", 0.3, place="AUS"),
        parameter("eol_rir", 0.4, place="AUS", group="heavy"),
        parameter("eol_rir", 0.5, place="AUS", group="Dy"),
        parameter("eol_rir", 0.6, place="AUS", group="Dy", stage="mine"),
    )

    def value(**words: str) -> float | None:
        row = known.find("eol_rir", **words)  # type: ignore[arg-type]
        return row and row.value

    assert value() == 0.1
    assert value(place="PER") == 0.1
    assert value(place="CHL") == 0.2
    assert value(place="AUS") == 0.3
    assert value(place="AUS", element="Tb") == 0.4
    assert value(place="AUS", element="Dy") == 0.5
    assert value(place="AUS", element="Dy", stage="mine") == 0.6
    assert value(place="AUS", element="Dy", stage="refiner") == 0.5
    assert known.find("si_sr") is None


def test_the_nearest_year_answers() -> None:
    known = parameters(parameter("si_sr", 0.1, year=2010), parameter("si_sr", 0.2, year=2020))
    found = known.find("si_sr", year=2018)
    assert found is not None
    assert found.value == 0.2


def test_places_are_countries_or_blocs() -> None:
    known = parameters()
    assert known.require_place("eu") == "EU"
    assert known.require_place("PAIR") == "PAIR"
    assert known.require_place("AUS") == "AUS"
    assert known.members("PAIR") == {"AUS", "CHL"}
    assert known.members("AUS") == {"AUS"}
    assert "DEU" in Parameters().members("EU")
    with pytest.raises(UnknownNameError, match="neither a country") as caught:
        known.require_place("PAIRR")
    assert "PAIR" in caught.value.hint


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_risk_lies_between_0_and_1_and_falls_with_governance(value: float) -> None:
    assert 0 <= scaled(value) <= 1
    assert scaled(value + 1) <= scaled(value)


def test_governance_leaves_out_whom_it_does_not_know() -> None:
    known = parameters(
        parameter("wgi_mean6", 2.5, place="AUS", year=2023), parameter("wgi_mean6", 0, place="CHL")
    )
    risks, inputs = governance(known, ["AUS", "CHL", "PER"], "wgi_mean6", 2022)
    assert {code: risk.tolist() for code, risk in risks.items()} == {
        "AUS": [0.0] * 3,
        "CHL": [0.5] * 3,
    }
    assert [one.name for one in inputs] == ["governance of AUS", "governance of CHL"]
