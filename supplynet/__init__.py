"""supplynet: how a nation can get critical minerals when a dominant supplier stops, with proof.

The public names are loaded on first use: ``import supplynet`` alone pulls in no numpy,
pandas or matplotlib.

Examples
--------
>>> import supplynet as sn
>>> net = sn.load("tutorial")
>>> flow = sn.max_flow(net, to="MLT", element="Nd")
>>> round(flow.value)
150
"""

from __future__ import annotations

import importlib
from typing import Any

from supplynet.notebook import painters

#: the version of what is not installed, and of what is built without tags
_STANDING = "0.1.0"

# public name -> module that defines it
_PUBLIC = {
    # networks and scenarios
    "SupplyNetwork": "supplynet.network.network",
    "Scenario": "supplynet.network.scenario.scenario",
    "load": "supplynet.io.load",
    "save": "supplynet.io.formats",
    "list_graphs": "supplynet.io.load",
    "check": "supplynet.network.checks.check",
    "find": "supplynet.network.directory",
    "simple_metadata": "supplynet.network.interchange",
    "generate": "supplynet.analysis.generated",
    # what a nation could get if it had the network to itself
    "bypass_balance": "supplynet.analysis.potential.bypass",
    "potential": "supplynet.analysis.potential",
    "outlook": "supplynet.analysis.potential.outlook",
    # who gets how much when all draw at once
    "balance": "supplynet.analysis.balance",
    "dead_ends": "supplynet.analysis.dead_ends",
    "explain": "supplynet.analysis.balance.explain",
    "interdict_balance": "supplynet.analysis.balance.worst",
    "fortify_balance": "supplynet.analysis.balance.defend",
    "exposure": "supplynet.analysis.exposure",
    "exposure_of": "supplynet.analysis.exposure",
    "footprint": "supplynet.analysis.footprint",
    "footprint_of": "supplynet.analysis.footprint",
    "calibrate": "supplynet.analysis.calibrate",
    "compare_scenarios": "supplynet.analysis.scenarios",
    # how sure an answer is
    "sample": "supplynet.analysis.uncertainty.ask",
    # what to do
    "plan": "supplynet.analysis.decisions.ask",
    "PlanResult": "supplynet.analysis.decisions.result",
    # tables and answers beside each other
    "sweep": "supplynet.analysis.sweep",
    "compare": "supplynet.analysis.compare",
    "indices": "supplynet.analysis.indices",
    "table_indices": "supplynet.trade.table_indices",
    "diff_tables": "supplynet.analysis.editions",
    "diff_graphs": "supplynet.analysis.editions",
    # customs records
    "read_trade": "supplynet.trade.read",
    "concordance": "supplynet.trade.concordance",
    "dependence": "supplynet.trade.exposure",
    "dependence_of": "supplynet.trade.observed",
    "merge": "supplynet.trade.merge",
    "to_network": "supplynet.trade.network",
    "draft_network": "supplynet.trade.draft",
    # reports
    "run": "supplynet.analysis.time.ask",
    "RunResult": "supplynet.analysis.time.result",
    "survive": "supplynet.analysis.time.survive",
    "company": "supplynet.analysis.company.ask",
    "CompanyResult": "supplynet.analysis.company.result",
    "Part": "supplynet.analysis.company.parts",
    "replay": "supplynet.analysis.time.replay",
    "ReplayResult": "supplynet.analysis.time.replay",
    "risks": "supplynet.analysis.time.risks",
    "RisksResult": "supplynet.analysis.time.risks",
    "SurviveResult": "supplynet.analysis.time.survive_result",
    "stockpile": "supplynet.analysis.time.stockpile",
    "StockpileResult": "supplynet.analysis.time.stockpile_result",
    "Study": "supplynet.analysis.uncertainty.study",
    "progress": "supplynet.analysis.time.progress",
    "ProgressResult": "supplynet.analysis.time.progress_result",
    "report": "supplynet.reports.build",
    "study": "supplynet.reports.study",
    # what they return
    "BalanceBypassResult": "supplynet.analysis.potential.bypass",
    "BalanceInterdictionResult": "supplynet.analysis.balance.worst",
    "BalanceResult": "supplynet.analysis.balance.result",
    "CalibrationResult": "supplynet.analysis.calibrate.result",
    "Certificate": "supplynet.solve.check",
    "CheckReport": "supplynet.network.problems",
    "CompareResult": "supplynet.analysis.compare",
    "DependenceResult": "supplynet.trade.dependence",
    "DeadEndsResult": "supplynet.analysis.dead_ends",
    "Explanation": "supplynet.analysis.balance.explain",
    "ExposureResult": "supplynet.analysis.exposure.result",
    "FootprintResult": "supplynet.analysis.footprint.result",
    "Headline": "supplynet.contract.headline",
    "IndexResult": "supplynet.analysis.indices.result",
    "MergeResult": "supplynet.trade.merge",
    "OutlookResult": "supplynet.analysis.potential.outlook",
    "PotentialResult": "supplynet.analysis.potential.result",
    "Provenance": "supplynet.analysis.provenance",
    "Question": "supplynet.analysis.question",
    "Report": "supplynet.reports.build",
    "Result": "supplynet.contract.result",
    "ScenariosResult": "supplynet.analysis.scenarios_result",
    "TradeTable": "supplynet.trade.table",
    "VintageResult": "supplynet.analysis.editions_result",
    # what every error is
    "SupplynetError": "supplynet.errors",
    # questions with their answers; by name, as lower rooms ask the package for its version
    **importlib.import_module("supplynet.questions").PUBLIC,
}
_SUBPACKAGES = ("draw", "errors")


def _picture(result: object) -> str:
    """Draw what a result shows of itself in a notebook; drawing is loaded when it is needed."""
    html: str = importlib.import_module("supplynet.draw.notebook").picture(result)
    return html


painters.append(_picture)

__all__ = ["__version__", *_PUBLIC, *_SUBPACKAGES]


def _version() -> str:
    """Return the version that was installed: that of the tag, else the one that stands."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(__name__)
    except PackageNotFoundError:  # run from a folder, without installation
        return _STANDING


def __getattr__(name: str) -> Any:
    if name == "__version__":  # asked for at need: its library is slow to load
        return _version()
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    if name in _SUBPACKAGES:
        return importlib.import_module(f"supplynet.{name}")
    raise AttributeError(f"module 'supplynet' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
