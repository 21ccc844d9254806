"""Small tables and parameters for the tests of indices."""

from __future__ import annotations

from typing import Any

import pandas as pd

from supplynet.analysis.indices.risk import Parameters
from supplynet.analysis.indices.stages import Stages
from supplynet.analysis.indices.supply import Supply
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Parameter


def production(**tonnes: float | None) -> pd.DataFrame:
    """Production of 2022 by country; ``Other`` and ``Total`` are rows of that kind."""
    names = {"Other": "Other countries", "Total": "World total"}
    return pd.DataFrame(
        [
            {"country": names.get(name, name), "year": 2022, "tonnes": value}
            for name, value in tonnes.items()
        ]
    )


def trade(
    *rows: tuple[str, str, float | None], hs: str = "260400", year: int = 2022
) -> pd.DataFrame:
    """Rows of importer, exporter and tonnes."""
    return pd.DataFrame(
        [
            {"importer": importer, "exporter": exporter, "hs6": hs, "year": year, "tonnes": tonnes}
            for importer, exporter, tonnes in rows
        ]
    )


def parameter(indicator: str, value: float, **more: Any) -> Parameter:
    """A parameter row."""
    return Parameter.model_validate(
        {"indicator": indicator, "value": value, "confidence": "sourced", **more}
    )


def parameters(*rows: Parameter) -> Parameters:
    """Parameters with one element group."""
    return Parameters(rows, {"PAIR": ("AUS", "CHL")}, {"heavy": ("Dy", "Tb")})


def stage_supply(
    net: SupplyNetwork,
    stage: str,
    *,
    element: str = "basket",
    year: int,
    lens: str = "location",
    basis: str = "capacity",
) -> Supply | None:
    """Who supplies an element at a stage."""
    return Stages(net, element, year, basis).supply((stage,), lens=lens)
