"""supplynet: how a nation can get critical minerals when a dominant supplier stops, with proof.

The public names are loaded on first use: ``import supplynet`` alone pulls in no numpy,
pandas or matplotlib.

Examples
--------
>>> import supplynet as sn
>>> net = sn.load("tutorial")
>>> flow = sn.flow(net, to="MLT", element="Nd")
>>> round(flow.value)
150
"""

from __future__ import annotations

import functools
import importlib
import types
from typing import Any

from supplynet.notebook import painters

#: the version of what is not installed, and of what is built without tags
_STANDING = "0.1.0"

# the table of questions; by name, as lower rooms ask the package for its version
_table = importlib.import_module("supplynet.questions")

# public name that is no question -> module that defines it
_PUBLIC = {
    # networks, scenarios and tables
    "SupplyNetwork": "supplynet.network.network",
    "Scenario": "supplynet.network.scenario.scenario",
    "load": "supplynet.io.load",
    "save": "supplynet.io.load",
    "read_trade": "supplynet.trade.read",
    "Part": "supplynet.analysis.company.lookup",
    # what questions return
    "BalanceBypassResult": "supplynet.analysis.potential.ask",
    "BalanceInterdictionResult": "supplynet.analysis.balance.worst",
    "Certificate": "supplynet.solve.check",
    "CheckReport": "supplynet.network.problems",
    "Headline": "supplynet.contract.headline",
    "Provenance": "supplynet.analysis.provenance",
    "Question": "supplynet.analysis.question",
    "Result": "supplynet.contract.answer",
    "TradeTable": "supplynet.trade.table",
    "VintageResult": "supplynet.analysis.editions",
    # what every error is
    "SupplynetError": "supplynet.errors",
    **_table.TYPES,
}
# a question by its words -> its function
_QUESTIONS = {
    texts.replace(" ", "."): f"supplynet.{entry.function}"
    for texts, entry in _table.WORDS.items()
    if entry.function
}
_FAMILIES = tuple(dict.fromkeys(texts.partition(".")[0] for texts in _QUESTIONS))
_SUBPACKAGES = ("draw", "errors")


def _picture(result: object) -> str:
    """Draw what a result shows of itself in a notebook; drawing is loaded when it is needed."""
    html: str = importlib.import_module("supplynet.draw.mpl").picture(result)
    return html


painters.append(_picture)

__all__ = ["__version__", *_FAMILIES, *_PUBLIC, *_SUBPACKAGES]


def _version() -> str:
    """Return the version that was installed: that of the tag, else the one that stands."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(__name__)
    except PackageNotFoundError:  # run from a folder, without installation
        return _STANDING


@functools.cache
def _family(name: str) -> Any:
    """Return a question with those below it as its attributes; of a group, these alone."""
    main = _function(name) if name in _QUESTIONS else types.ModuleType(f"supplynet.{name}")
    for texts in _QUESTIONS:
        family, _, member = texts.partition(".")
        if member and family == name:
            setattr(main, member, _function(texts))
    return main


def _function(words: str) -> Any:
    """Return the function of a question."""
    module, _, function = _QUESTIONS[words].rpartition(".")
    return getattr(importlib.import_module(module), function)


def __getattr__(name: str) -> Any:
    if name == "__version__":  # asked for at need: its library is slow to load
        return _version()
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    if name in _FAMILIES:
        return _family(name)
    if name in _SUBPACKAGES:
        return importlib.import_module(f"supplynet.{name}")
    now = _table.renamed(name).replace(" ", ".")
    hint = f": it is now supplynet.{now}" if now in _QUESTIONS else ""
    raise AttributeError(f"module 'supplynet' has no attribute '{name}'{hint}")


def __dir__() -> list[str]:
    return sorted(__all__)
