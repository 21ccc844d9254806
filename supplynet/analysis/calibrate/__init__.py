"""Flows of a year that come nearest to what was observed and published.

``ask`` is the way in. ``lines`` turns targets and ``observations`` figures of the tables into
expressions of a balance's variables, ``program`` makes the network ready and solves, and
``result`` reads the answer back and proves it.
"""

from supplynet.analysis.calibrate.ask import calibrate

__all__ = ["calibrate"]
