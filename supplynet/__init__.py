"""supplynet: how a nation can get critical minerals when a dominant supplier stops, with proof.

The public names are loaded on first use: ``import supplynet`` alone pulls in no numpy,
pandas or matplotlib.

Examples
--------
>>> import supplynet as sn
>>> net = sn.load("tutorial")
>>> flow = sn.max_flow(net, to="MLT", element="Nd")
>>> round(flow.value)
160
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# public name -> module that defines it
_PUBLIC = {
    "SupplyNetwork": "supplynet.network.network",
    "Scenario": "supplynet.network.scenario.scenario",
    "load": "supplynet.io.load",
    "save": "supplynet.io.save",
    "list_graphs": "supplynet.io.load",
    "check": "supplynet.network.checks.check",
    "max_flow": "supplynet.analysis.flow.flow",
    "min_cut": "supplynet.analysis.flow.flow",
    "min_cuts": "supplynet.analysis.flow.cuts",
    "unavoidable": "supplynet.analysis.flow.unavoidable",
    "routes": "supplynet.analysis.flow.routes",
    "bypass": "supplynet.analysis.flow.bypass",
    "bypass_balance": "supplynet.analysis.potential.bypass",
    "potential": "supplynet.analysis.potential",
    "outlook": "supplynet.analysis.potential.outlook",
    "PotentialResult": "supplynet.analysis.potential.result",
    "balance": "supplynet.analysis.balance",
    "dead_ends": "supplynet.analysis.dead_ends",
    "explain": "supplynet.analysis.balance.explain",
    "disrupt": "supplynet.analysis.balance.disrupt",
    "exposure": "supplynet.analysis.exposure",
    "exposure_of": "supplynet.analysis.exposure",
    "ExposureResult": "supplynet.analysis.exposure.result",
    "footprint": "supplynet.analysis.footprint",
    "footprint_of": "supplynet.analysis.footprint",
    "FootprintResult": "supplynet.analysis.footprint.result",
    "chokepoints": "supplynet.analysis.flow.chokepoints",
    "interdict": "supplynet.analysis.flow.interdict",
    "interdict_balance": "supplynet.analysis.balance.worst",
    "fortify": "supplynet.analysis.flow.fortify",
    "fortify_balance": "supplynet.analysis.balance.defend",
    "generate": "supplynet.analysis.generated",
    "compare": "supplynet.analysis.compare",
    "calibrate": "supplynet.analysis.calibrate",
    "compare_scenarios": "supplynet.analysis.scenarios",
    "indices": "supplynet.analysis.indices",
    "table_indices": "supplynet.analysis.indices",
    "diff_tables": "supplynet.analysis.editions",
    "diff_graphs": "supplynet.analysis.editions",
    "report": "supplynet.report.build",
    "SupplynetError": "supplynet.errors",
}
_SUBPACKAGES = ("draw", "errors")

__all__ = ["__version__", *_PUBLIC, *_SUBPACKAGES]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    if name in _SUBPACKAGES:
        return importlib.import_module(f"supplynet.{name}")
    raise AttributeError(f"module 'supplynet' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
