"""Results into documents, and documents into text: see :mod:`supplynet.report.document`.

``supplynet.report(...)`` is :func:`supplynet.report.build.report`. Importing this package puts it
under that name too, so the package itself can be called.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplynet.report.build import Report


class _CallableModule(ModuleType):
    """The package, which can be called like the function of its name."""

    def __call__(self, *results: Any, title: str | None = None) -> Report:
        """Put results into one document; see :func:`supplynet.report.build.report`."""
        from supplynet.report.build import report

        return report(*results, title=title)


sys.modules[__name__].__class__ = _CallableModule
